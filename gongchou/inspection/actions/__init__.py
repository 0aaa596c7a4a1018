"""Every change of a visit."""

from gongchou.inspection.actions.automatic import dispatch_due, set_automatic_dispatch
from gongchou.inspection.actions.cameras import note_recording
from gongchou.inspection.actions.clues import conclude_visited_clue, visit_clue
from gongchou.inspection.actions.consulting import consult_record, consult_visits
from gongchou.inspection.actions.dispatching import (
    dispatch_released,
    dispatch_visit,
    open_case_visit,
)
from gongchou.inspection.actions.evidence import add_evidence
from gongchou.inspection.actions.filing import (
    export_external_table,
    export_visit_file,
    receive_transfer,
    record_external_numbers,
)
from gongchou.inspection.actions.following import (
    file_case,
    order_correction,
    revoke_decision,
    transfer_case,
)
from gongchou.inspection.actions.leasing import (
    note_wrong_pin,
    revoke_lease,
    set_signing_pin,
    take_lease,
)
from gongchou.inspection.actions.local_results import (
    add_local_result,
    end_local_result,
    mark_local_result,
)
from gongchou.inspection.actions.looking import record_follow_up
from gongchou.inspection.actions.recording import save_record, submit_record, supplement_record
from gongchou.inspection.actions.reminding import note_receipt, remind
from gongchou.inspection.actions.reopening import reopen_record
from gongchou.inspection.actions.reviewing import receive_paper, return_record, review_record
from gongchou.inspection.actions.signing import sign_by_pin, sign_record
from gongchou.inspection.actions.syncing import apply_operation, set_aside
from gongchou.inspection.actions.targeted import decide_targeted, propose_targeted
from gongchou.inspection.actions.visiting import (
    accept_visit,
    authorise_visit,
    confirm_briefing,
    note_safety,
    record_notice,
    start_visit,
    void_visit,
)

__all__ = [
    "accept_visit",
    "add_evidence",
    "add_local_result",
    "apply_operation",
    "authorise_visit",
    "conclude_visited_clue",
    "confirm_briefing",
    "consult_record",
    "consult_visits",
    "decide_targeted",
    "dispatch_due",
    "dispatch_released",
    "dispatch_visit",
    "end_local_result",
    "export_external_table",
    "export_visit_file",
    "file_case",
    "mark_local_result",
    "note_receipt",
    "note_recording",
    "note_safety",
    "note_wrong_pin",
    "open_case_visit",
    "order_correction",
    "propose_targeted",
    "receive_paper",
    "receive_transfer",
    "record_external_numbers",
    "record_follow_up",
    "record_notice",
    "remind",
    "reopen_record",
    "return_record",
    "review_record",
    "revoke_decision",
    "revoke_lease",
    "save_record",
    "set_aside",
    "set_automatic_dispatch",
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
from gongchou.inspection.actions.policy_told import record_told as record_told
