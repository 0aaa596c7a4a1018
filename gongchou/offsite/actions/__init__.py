"""Every act of this room: checks without entry, and the monitors that send data."""

from gongchou.offsite.actions.checks import Given as Given
from gongchou.offsite.actions.checks import conclude_check as conclude_check
from gongchou.offsite.actions.checks import record_check as record_check
from gongchou.offsite.actions.checks import replace_check as replace_check
from gongchou.offsite.actions.monitors import MonitorDraft as MonitorDraft
from gongchou.offsite.actions.monitors import end_monitor as end_monitor
from gongchou.offsite.actions.monitors import register_monitor as register_monitor
from gongchou.offsite.actions.monitors import replace_monitor as replace_monitor
