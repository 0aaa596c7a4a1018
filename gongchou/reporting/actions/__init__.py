"""Every act about the numbers of a quarter, its summary and what is sent to the superior."""

from gongchou.reporting.actions.alarms import close_alarm, note_look, raise_alarms
from gongchou.reporting.actions.assessments import (
    answer_appeal,
    appeal,
    check_task,
    make_assessment,
    report_mended,
    set_task,
)
from gongchou.reporting.actions.forms import import_district, save_template
from gongchou.reporting.actions.leaks import run_leak_test
from gongchou.reporting.actions.packages import (
    ScanDraft,
    SendingDraft,
    add_scan,
    make_package,
    record_receipt,
    record_sending,
)
from gongchou.reporting.actions.rates import propose_rates
from gongchou.reporting.actions.rechecks import (
    close_recheck,
    draw_recheck,
    join_recheck,
    open_recheck,
    promise_recheck,
    record_recheck,
)
from gongchou.reporting.actions.summaries import (
    SummaryEdit,
    draft_summary,
    drop_case,
    edit_summary,
    export_summary,
    pick_case,
)
from gongchou.reporting.actions.tables import (
    build_facts,
    export_statistics,
    make_statistics,
    propose_statistics,
)

__all__ = [
    "ScanDraft",
    "SendingDraft",
    "SummaryEdit",
    "add_scan",
    "answer_appeal",
    "appeal",
    "build_facts",
    "check_task",
    "close_alarm",
    "close_recheck",
    "draft_summary",
    "draw_recheck",
    "drop_case",
    "edit_summary",
    "export_statistics",
    "export_summary",
    "import_district",
    "join_recheck",
    "make_assessment",
    "make_package",
    "make_statistics",
    "note_look",
    "open_recheck",
    "pick_case",
    "promise_recheck",
    "propose_rates",
    "propose_statistics",
    "raise_alarms",
    "record_receipt",
    "record_recheck",
    "record_sending",
    "report_mended",
    "run_leak_test",
    "save_template",
    "set_task",
]
