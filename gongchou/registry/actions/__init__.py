"""Every change of the registers."""

from gongchou.registry.actions.imports import commit_import, import_file, stage_import
from gongchou.registry.actions.items import approve_item_list, mark_item_list_published
from gongchou.registry.actions.recusals import (
    confirm_recusal,
    declare_recusal,
    end_recusal,
    refuse_recusal,
)
from gongchou.registry.actions.snapshots import freeze_snapshot, record_visit_history
from gongchou.registry.actions.subjects import change_subject

__all__ = [
    "approve_item_list",
    "change_subject",
    "commit_import",
    "confirm_recusal",
    "declare_recusal",
    "end_recusal",
    "freeze_snapshot",
    "import_file",
    "mark_item_list_published",
    "record_visit_history",
    "refuse_recusal",
    "stage_import",
]
