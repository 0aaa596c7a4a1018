"""The public record of a draw by ballot: reading, writing, checking step by step (BL1 §7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongchou.core import ballot, draw_record
from gongchou.core.ballot import BallotAnnouncement, Ballots
from gongchou.core.canon import canon, check, hash_of, parse
from gongchou.core.draw import check_rosters
from gongchou.core.draw_form import (
    ANNOUNCED,
    HEX64,
    fields_of,
    head_of,
    list_of,
    matching,
    need,
    number_of,
    read_rules,
    text_of,
    words_of,
)
from gongchou.core.draw_reading import avoid_entries, read_rosters, read_substitutions, read_visits
from gongchou.core.draw_record import Step
from gongchou.core.draw_values import DrawnVisit, DrawOutcome, Rosters, Substitution
from gongchou.core.refusals import Refused
from gongchou.core.substitution import substitute

FIELDS = {
    "announcement", "roster", "inspectors", "avoid", "numbers", "people", "witnesses", "salt",
    "substitutions", "visits", "sealed",
}  # fmt: skip
OWN = {"roll", "reserve", "manner"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotRecord:
    """A public record in typed form; whether it is true is the verifier's question."""

    announcement: BallotAnnouncement
    rosters: Rosters
    avoid_paths: tuple[tuple[bytes, ...], ...]
    ballots: Ballots
    witnesses: tuple[tuple[str, str], ...]
    salt: bytes
    substitutions: tuple[Substitution, ...]
    visits: tuple[DrawnVisit, ...]
    sealed: str


def is_ballot(value: Any) -> bool:
    """Whether a parsed record says of itself that it is one of a ballot."""
    announced = value.get("announcement") if isinstance(value, dict) else None
    return isinstance(announced, dict) and announced.get("v") == ballot.VERSION


def says_ballot(content: bytes) -> bool:
    """The same of a file; False where it cannot be read at all."""
    try:
        return is_ballot(parse(content))
    except (Refused, ValueError):
        return False


def read_ballot_announcement(value: Any) -> BallotAnnouncement:
    """The announcement of a ballot; Invalid with a sentence where it breaks a rule of §2."""
    names = (ANNOUNCED - {"commits", "closing_rule"}) | OWN
    plain = fields_of(value, names, "摇号公告")
    need(plain["v"] == ballot.VERSION, "协议版本应为 BL1。")
    return BallotAnnouncement(
        rules=read_rules(plain),
        roll=head_of(plain["roll"], "号码表根"),
        reserve=number_of(plain["reserve"], "备选个数"),
        manner=words_of(plain["manner"], "摇号方式"),
    )


def _numbers(value: Any, where: str) -> tuple[int, ...]:
    return tuple(number_of(item, where, 1) for item in list_of(value, where))


def read_ballots(numbers: Any, people: Any) -> Ballots:
    need(isinstance(numbers, dict), "各层号码应为对象。")
    held = {s: _numbers(found, f"层“{s}”的号码") for s, found in numbers.items()}
    return Ballots(numbers=held, people=_numbers(people, "人员号码"))


def _witnesses(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = [list_of(pair, "见证人", 2) for pair in list_of(value, "见证人")]
    found = tuple((words_of(r, "见证人身份"), matching(HEX64, c, "见证凭据")) for r, c in pairs)
    need(len({mark for _, mark in found}) >= ballot.LEAST_WITNESSES, "见证人至少应有两名。")
    need(len({mark for _, mark in found}) == len(found), "见证凭据不得重复。")
    return found


def read_ballot_record(value: Any) -> BallotRecord:
    """A public record in typed form; Invalid with one sentence where it breaks a rule of form."""
    check(value)
    plain = fields_of(value, FIELDS, "摇号记录")
    announcement = read_ballot_announcement(plain["announcement"])
    rosters, paths = read_rosters(plain)
    unknown = {row.stratum for row in rosters.subjects} - set(announcement.rules.rates)
    need(not unknown, f"层“{'、'.join(sorted(unknown))}”没有抽取比例。")
    return BallotRecord(
        announcement=announcement,
        rosters=rosters,
        avoid_paths=paths,
        ballots=read_ballots(plain["numbers"], plain["people"]),
        witnesses=_witnesses(plain["witnesses"]),
        salt=bytes.fromhex(matching(HEX64, text_of(plain["salt"], "盐"), "盐")),
        substitutions=read_substitutions(plain["substitutions"]),
        visits=read_visits(plain["visits"]),
        sealed=matching(HEX64, plain["sealed"], "密封根"),
    )


def build_ballot_record(
    announcement: BallotAnnouncement,
    rosters: Rosters,
    ballots: Ballots,
    *,
    salt: bytes,
    witnesses: Sequence[tuple[str, str]],
    substitutions: Sequence[Substitution] = (),
) -> dict[str, object]:
    """The whole public record; Invalid or NoTeam where the inputs do not make a lawful draw."""
    first = ballot.outcome_of_ballots(announcement, rosters, ballots, salt)
    outcome = _after(first, announcement, rosters, ballots, substitutions)
    numbers, people = ballots.plain()
    record: dict[str, object] = {
        "announcement": announcement.plain(),
        "roster": [row.plain() for row in rosters.subjects],
        "inspectors": [row.plain() for row in rosters.inspectors],
        "avoid": avoid_entries(announcement.rules.hash, rosters),
        "numbers": numbers,
        "people": people,
        "witnesses": [list(pair) for pair in witnesses],
        "salt": salt.hex(),
        "substitutions": [one.plain() for one in substitutions],
        "visits": [visit.plain() for visit in outcome.visits],
        "sealed": first.sealed,
    }
    read_ballot_record(parse(canon(record)))
    return record


def _after(
    first: DrawOutcome,
    announcement: BallotAnnouncement,
    rosters: Rosters,
    ballots: Ballots,
    substitutions: Sequence[Substitution],
) -> DrawOutcome:
    outcome, seats = first, ballot.seats_of(ballots)
    for one in substitutions:
        outcome = substitute(outcome, announcement.rules, rosters, one.out, seats=seats)
    return outcome


# -- the checks


def _check_roll(record: BallotRecord) -> None:
    found = ballot.roll_head(hash_of(record.announcement.rules.hash), record.rosters)
    need(found == record.announcement.roll, "号码表与公告的根不符。")


def _recompute(record: BallotRecord) -> tuple[DrawOutcome, DrawOutcome]:
    first = ballot.outcome_of_ballots(
        record.announcement, record.rosters, record.ballots, record.salt
    )
    substitutions = record.substitutions
    return first, _after(first, record.announcement, record.rosters, record.ballots, substitutions)


def verify_ballot(
    value: Any, *, announcement: str | None = None, sealed: str | None = None, real: bool = False
) -> list[Step]:
    """All checks of a record, in order, up to the first that fails; never raises."""
    return draw_record.steps_of(lambda step: _verify(value, step, (announcement, sealed), real))


def _verify(
    value: Any, step: draw_record.Take, anchors: tuple[str | None, str | None], is_real: bool
) -> None:
    record = step("格式与次序", lambda: read_ballot_record(draw_record.parsed(value)))
    draw = record.announcement.rules.draw
    step("抽取编号", lambda: draw_record.check_kind(draw, is_real))
    step("名册根", lambda: check_rosters(record.announcement.rules, record.rosters))
    step("号码表", lambda: _check_roll(record))
    step("回避", lambda: draw_record.check_avoidances(record, record.announcement.rules))
    step(
        "号码",
        lambda: ballot.check_ballots(record.announcement, record.rosters, record.ballots),
    )
    first, outcome = step("重算", lambda: _recompute(record))
    step("抽中对象与次序", lambda: draw_record.check_drawn(record, outcome))
    step("联合检查", lambda: draw_record.check_joint(record, outcome))
    step("检查组", lambda: draw_record.check_teams(record, outcome))
    step("密封根", lambda: draw_record.check_sealed(record, first))
    ours = record.announcement.digest().hex()
    step("锚定", lambda: draw_record.check_anchor(ours, record.sealed, *anchors))
