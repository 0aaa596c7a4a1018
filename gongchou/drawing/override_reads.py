"""Where people stepped in beside the rule of a draw: counted for the public, without a name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gongchou.accounts import organisation_reads as organisation
from gongchou.accounts.organisation_reads import OverlapRow
from gongchou.core import canon
from gongchou.core.terms import AbsenceReason, DrawState, ExcuseReason, OpeningPurpose
from gongchou.drawing import models
from gongchou.drawing.frozen import thawed
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One kind of stepping in, and how often; `detail` says by which reasons."""

    code: str
    name: str
    count: int
    detail: str = ""


NAMES: Mapping[str, str] = {
    "aborted": "同一任务此前在收口以前作废的抽取",
    "void": "同一任务此前在收口以后作废的抽取",
    "unproved": "没有证明能组成检查组，经领导认可仍抽取",
    "repeats": "近期查过同一对象或本年多次未查出问题、因人手不足仍可能再派的人员和对象组合",
    "overlap": "由兼任互相制约角色的人员办理（小机构）",
    "escrow": "打开托管份额代替本人揭示",
    "substitute": "补抽（抽中的对象不能检查，按次序递补）",
    "reseat": "补派人员（抽中的人员不能到场，按规则补派）",
    "move": "改检查日",
    "late": "检查日以后才启封",
}
REASONS = {"substitute": ExcuseReason, "reseat": AbsenceReason}
UNITS = {"substitute": "家", "reseat": "人次"}


def overrides(ref: str, until: datetime | None = None) -> tuple[Override, ...]:
    """Every kind with its count, zero too, up to an instant; the list of kinds is always whole."""
    row = models.Draw.objects.select_related("bureau").get(ref=ref)
    counted = _logged(row, until) + _before(row) + _released_late(row, until)
    frozen = thawed(bytes(row.frozen_body))
    counted["repeats"] = frozen.repeats_left_out
    counted["overlap"] = len(overlaps_in(ref, until))
    details = _reasons(row, until)
    return tuple(
        Override(
            code=code,
            name=name,
            count=counted[code],
            detail=details.get(code, ""),
        )
        for code, name in NAMES.items()
    )


def _entries(row: models.Draw, until: datetime | None) -> list[models.DrawLogEntry]:
    rows = models.DrawLogEntry.objects.filter(draw=row).order_by("number")
    return list(rows.filter(at__lte=until) if until else rows)


def _logged(row: models.Draw, until: datetime | None) -> Counter[str]:
    found = Counter[str]()
    for entry in _entries(row, until):
        code = "unproved" if entry.kind == "accept_teams" else entry.kind
        if code in NAMES and code != "void":
            found[code] += 1
        elif code == "open":
            purpose = canon.parse(bytes(entry.body))["data"]["purpose"]
            found["escrow"] += purpose == OpeningPurpose.ESCROW.value
    return found


def _before(row: models.Draw) -> Counter[str]:
    """Draws of the same task that were given up before this one was frozen."""
    older = models.Draw.objects.filter(task=row.task_id, state=DrawState.VOID.value, pk__lt=row.pk)
    closed = older.exclude(closed_at=None).count()
    return Counter(void=closed, aborted=older.count() - closed)


def _released_late(row: models.Draw, until: datetime | None) -> Counter[str]:
    rows = row.released_visits.filter(released_at__lte=until) if until else row.released_visits
    held = rows.values_list("released_at", "planned_on")
    return Counter(late=sum(day_of(at) > planned for at, planned in held))


def _reasons(row: models.Draw, until: datetime | None) -> Mapping[str, str]:
    """For each kind that has them, how many for which reason; an entry without a code has none."""
    counted = {"substitute": Counter[str](), "reseat": Counter[str]()}
    for entry in _entries(row, until):
        if entry.kind in counted:
            word = canon.parse(bytes(entry.body))["data"].get("reason", "")
            counted[entry.kind][word] += 1
    return {
        kind: "，".join(
            f"{REASONS[kind](word).label} {n} {UNITS[kind]}"
            for word, n in sorted(found.items())
            if word
        )
        for kind, found in counted.items()
    }


def overlaps_in(ref: str, until: datetime | None = None) -> tuple[OverlapRow, ...]:
    """Who had a hand in a draw while holding roles that watch each other (small bureau)."""
    row = models.Draw.objects.select_related("bureau").get(ref=ref)
    hands, found = _hands(row, until), dict[str, OverlapRow]()
    for on in sorted({day for days in hands.values() for day in days}):
        for one in organisation.overlapping(row.bureau.code, on):
            if on in hands.get(one.ref, ()):
                found[one.ref] = one
    return tuple(found[ref] for ref in sorted(found))


def _hands(row: models.Draw, until: datetime | None) -> Mapping[str, set[date]]:
    """The days on which each person acted in a draw."""
    acts = [
        (getattr(row, f"{what}_by_ref"), getattr(row, f"{what}_at"))
        for what in ("frozen", "accepted", "announced", "typed", "closed", "voided")
    ]
    acts += row.contributions.values_list("person_ref", "committed_at")
    acts += row.confirmations.values_list("person_ref", "at")
    opened = models.Authorisation.objects.filter(opening__draw=row)
    acts += opened.values_list("person_ref", "at")
    found: dict[str, set[date]] = {}
    for ref, at in acts:
        if at is not None and (until is None or at <= until):
            found.setdefault(ref, set()).add(day_of(at))
    return found
