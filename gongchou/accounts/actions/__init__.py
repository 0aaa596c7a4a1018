"""Every change to bureaus, people, roles and sign-ins; the only writer of this room."""

from gongchou.accounts.actions.entry import (
    end_sign_in,
    keep_sign_in,
    record_failed_login,
    record_login,
    record_logout,
    record_refusal,
    record_trail_view,
)
from gongchou.accounts.actions.factors import (
    begin_factor,
    confirm_factor,
    prove_factor,
    record_factor_failure,
    reset_factor,
)
from gongchou.accounts.actions.organisation import (
    SeatDraft,
    end_seat,
    end_small_bureau,
    fill_seat,
    set_oversight,
    set_small_bureau,
)
from gongchou.accounts.actions.people import (
    change_password,
    create_bureau,
    create_unit,
    create_user,
    disable_user,
    grant_role,
    reset_password,
    revoke_role,
    set_superior,
)
from gongchou.accounts.actions.records import RightDraft, end_records, grant_records
from gongchou.accounts.actions.tokens import create_token, revoke_token

__all__ = [
    "RightDraft",
    "SeatDraft",
    "begin_factor",
    "change_password",
    "confirm_factor",
    "create_bureau",
    "create_token",
    "create_unit",
    "create_user",
    "disable_user",
    "end_records",
    "end_seat",
    "end_sign_in",
    "end_small_bureau",
    "fill_seat",
    "grant_records",
    "grant_role",
    "keep_sign_in",
    "prove_factor",
    "record_factor_failure",
    "record_failed_login",
    "record_login",
    "record_logout",
    "record_refusal",
    "record_trail_view",
    "reset_factor",
    "reset_password",
    "revoke_role",
    "revoke_token",
    "set_oversight",
    "set_small_bureau",
    "set_superior",
]
