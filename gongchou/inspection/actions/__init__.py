"""Every change of a visit."""

from gongchou.inspection.actions.clues import close_clue, open_clue, visit_clue
from gongchou.inspection.actions.dispatching import (
    dispatch_released,
    dispatch_visit,
    open_case_visit,
)
from gongchou.inspection.actions.evidence import add_evidence
from gongchou.inspection.actions.following import (
    file_case,
    order_correction,
    record_follow_up,
    revoke_decision,
    transfer_case,
)
from gongchou.inspection.actions.leasing import (
    note_wrong_pin,
    revoke_lease,
    set_signing_pin,
    take_lease,
)
from gongchou.inspection.actions.recording import save_record, submit_record, supplement_record
from gongchou.inspection.actions.reviewing import receive_paper, return_record, review_record
from gongchou.inspection.actions.signing import sign_by_pin, sign_record
from gongchou.inspection.actions.syncing import apply_operation, set_aside
from gongchou.inspection.actions.visiting import (
    accept_visit,
    authorise_visit,
    confirm_briefing,
    record_notice,
    start_visit,
    void_visit,
)

__all__ = [
    "accept_visit",
    "add_evidence",
    "apply_operation",
    "authorise_visit",
    "close_clue",
    "confirm_briefing",
    "dispatch_released",
    "dispatch_visit",
    "file_case",
    "note_wrong_pin",
    "open_case_visit",
    "open_clue",
    "order_correction",
    "receive_paper",
    "record_follow_up",
    "record_notice",
    "return_record",
    "review_record",
    "revoke_decision",
    "revoke_lease",
    "save_record",
    "set_aside",
    "set_signing_pin",
    "sign_by_pin",
    "sign_record",
    "start_visit",
    "submit_record",
    "supplement_record",
    "take_lease",
    "transfer_case",
    "visit_clue",
    "void_visit",
]
