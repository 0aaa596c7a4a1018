"""What the policy in force asks of a visit before it may begin."""

from dataclasses import dataclass
from datetime import date

from gongchou.inspection.rows import VisitRow
from gongchou.registry.policy import profile_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Consent of a leader, a notice to the enterprise, a scan at the gate."""

    approval: bool
    notice: bool
    scan_in: bool


def asked_of(bureau: str, on: date) -> Asked:
    """What a bureau's policy has switched on for a day."""
    profile = profile_of(bureau, on)
    return Asked(
        approval=profile.setting("approval.required", on) is True,
        notice=profile.setting("notice.required", on) is True,
        scan_in=profile.setting("scan_in.required", on) is True,
    )


def missing_before_arrival(found: VisitRow, entry_code: str, on: date) -> tuple[str, ...]:
    """Every sentence of what still has to be done before the team may go in."""
    asked = asked_of(found.bureau, on)
    needed = (
        (
            asked.approval and found.authorised_at is None,
            "按现行方案，检查须先经负责人批准，这次检查还没有批准。",
        ),
        (
            asked.notice and found.notice_at is None and not found.unannounced_ground,
            "按现行方案，检查须送达检查通知书，请先登记通知书文号；"
            "依法可以不事先通知的，由负责人在批准时写明依据。",
        ),
        (
            asked.scan_in and not entry_code.strip(),
            "按现行方案，进入企业须扫码登记，请填写登记号。",
        ),
    )
    return tuple(says for is_missing, says in needed if is_missing)
