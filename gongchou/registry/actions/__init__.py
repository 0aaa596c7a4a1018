"""Every change of the registers."""

from gongchou.registry.actions.areas import set_area
from gongchou.registry.actions.changes import (
    confirm_change,
    merge_subjects,
    undo_change,
    undo_merger,
)
from gongchou.registry.actions.designations import (
    approve_designation,
    end_designation,
    propose_designation,
    refuse_designation,
)
from gongchou.registry.actions.exports import export_register, record_reading
from gongchou.registry.actions.imports import import_file
from gongchou.registry.actions.items import (
    approve_item_list,
    drop_item,
    mark_item_list_published,
    void_item_list,
    write_item,
)
from gongchou.registry.actions.mappings import save_mapping
from gongchou.registry.actions.penalties import record_penalty
from gongchou.registry.actions.people import add_inspector, change_inspector
from gongchou.registry.actions.policies import Answer, adopt_policy, record_ruling
from gongchou.registry.actions.recusals import (
    confirm_recusal,
    declare_recusal,
    end_recusal,
    refuse_recusal,
)
from gongchou.registry.actions.snapshots import freeze_snapshot, record_visit_history
from gongchou.registry.actions.subjects import add_subject, change_subject
from gongchou.registry.actions.uploads import clear_uploads, commit_import, stage_import

__all__ = [
    "Answer",
    "add_inspector",
    "add_subject",
    "adopt_policy",
    "approve_designation",
    "approve_item_list",
    "change_inspector",
    "change_subject",
    "clear_uploads",
    "commit_import",
    "confirm_change",
    "confirm_recusal",
    "declare_recusal",
    "drop_item",
    "end_designation",
    "end_recusal",
    "export_register",
    "freeze_snapshot",
    "import_file",
    "mark_item_list_published",
    "merge_subjects",
    "propose_designation",
    "record_penalty",
    "record_reading",
    "record_ruling",
    "record_visit_history",
    "refuse_designation",
    "refuse_recusal",
    "save_mapping",
    "set_area",
    "stage_import",
    "undo_change",
    "undo_merger",
    "void_item_list",
    "write_item",
]
