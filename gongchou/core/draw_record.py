"""The public record of a draw: writing it, and checking it step by step (DR1 §2.8, §2.10)."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from gongchou.core import draw, merkle
from gongchou.core.canon import canon, hash_of, parse
from gongchou.core.draw_form import need
from gongchou.core.draw_reading import DrawRecord, avoid_entries, read_record
from gongchou.core.draw_values import (
    Announcement,
    DrawnVisit,
    DrawOutcome,
    Reveal,
    Rosters,
    Substitution,
)
from gongchou.core.refusals import Refused
from gongchou.core.substitution import substitute


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One check of a record: its name, whether it holds, and what was found."""

    name: str
    ok: bool
    says: str


# Takes a step by its name: does it, and hands on what it found.
Take: TypeAlias = Callable[[str, Callable[[], Any]], Any]


def build_record(
    announcement: Announcement,
    rosters: Rosters,
    *,
    reveals: Sequence[Reveal],
    closing: str,
    substitutions: Sequence[Substitution] = (),
    selector: draw.Selector | None = None,
) -> dict[str, object]:
    """The whole public record of a draw, computed from what decides it.

    Invalid where an input is not what was announced or breaks its form; NoTeam where no lawful
    teams exist.
    """
    first = draw.conduct(announcement, rosters, reveals, closing, selector=selector)
    outcome = first
    for substitution in substitutions:
        outcome = substitute(outcome, announcement, rosters, substitution.out)
    record: dict[str, object] = {
        "announcement": announcement.plain(),
        "roster": [row.plain() for row in rosters.subjects],
        "inspectors": [row.plain() for row in rosters.inspectors],
        "reveals": [reveal.plain() for reveal in reveals],
        "closing": closing,
        "seed": first.seed.hex(),
        "avoid": avoid_entries(announcement.hash, rosters),
        "substitutions": [substitution.plain() for substitution in substitutions],
        "visits": [visit.plain() for visit in outcome.visits],
        "sealed": first.sealed,
        "last": dict(outcome.last),
    }
    read_record(record)
    return record


# -- the checks, each raising Invalid with the sentence that the reader of the report sees


class Listed(Protocol):
    """What records of any protocol have in common."""

    @property
    def rosters(self) -> Rosters: ...
    @property
    def avoid_paths(self) -> tuple[tuple[bytes, ...], ...]: ...
    @property
    def visits(self) -> tuple[DrawnVisit, ...]: ...
    @property
    def sealed(self) -> str: ...


def check_kind(draw_id: str, is_real: bool) -> str:
    """Whether a rehearsal is offered as a draw."""
    is_test = draw_id.startswith("TEST")
    need(not (is_test and is_real), "演练，不是真实抽取。")
    return "演练，不是真实抽取。" if is_test else "编号不是演练编号。"


def _check_shares(record: DrawRecord) -> None:
    found = draw.revealed_seed(record.announcement, record.reveals, record.closing)
    need(len(found) == len(record.seed), "种子长度不符。")


def _check_seed(record: DrawRecord) -> None:
    shares = [reveal.share for reveal in record.reveals]
    found = draw.seed_of(record.announcement, record.closing, shares)
    need(found == record.seed, "种子与公告、收口值和各方份额不符。")


def check_avoidances(record: Listed, rules: Announcement) -> None:
    """Every avoidance leads to the announced root."""
    hash_, size = hash_of(rules.hash), len(record.rosters.avoid)
    for i, (row, path) in enumerate(zip(record.rosters.avoid, record.avoid_paths, strict=True)):
        root = merkle.root_by_path(hash_, canon(row.plain()), index=i, size=size, siblings=path)
        is_in = root is not None and root.hex() == rules.avoid[1]
        need(is_in, f"第 {i} 条回避的路径不符。")


def _recompute(record: DrawRecord) -> tuple[DrawOutcome, DrawOutcome]:
    """The outcome as first sealed, and after all substitutions."""
    first = draw.outcome_of_seed(record.announcement, record.rosters, record.seed)
    outcome = first
    for substitution in record.substitutions:
        outcome = substitute(outcome, record.announcement, record.rosters, substitution.out)
    return first, outcome


def check_sealed(record: Listed, first: DrawOutcome) -> None:
    """The root of the list as first drawn."""
    need(first.sealed == record.sealed, "密封名单的根与重算结果不符。")


def check_drawn(record: Listed, outcome: DrawOutcome) -> str:
    """Who is visited, in which order."""
    ours, claimed = [v.pid for v in outcome.visits], [v.pid for v in record.visits]
    need(sorted(ours) == sorted(claimed), "抽中对象与按抽签号重算的结果不符。")
    need(ours == claimed, "检查次序与重算结果不符。")
    return f"抽中 {len(ours)} 家，与重算结果逐一相符。"


def check_joint(record: Listed, outcome: DrawOutcome) -> None:
    """Which visits have a joint part."""
    for ours, claimed in zip(outcome.visits, record.visits, strict=True):
        same = len(ours.parts) == len(claimed.parts)
        need(same, f"对象 {ours.pid} 是否联合检查与重算结果不符。")


def check_teams(record: Listed, outcome: DrawOutcome) -> None:
    """Who goes."""
    for ours, claimed in zip(outcome.visits, record.visits, strict=True):
        need(ours.parts == claimed.parts, f"对象 {ours.pid} 的检查组与重算结果不符。")


def _check_last(record: DrawRecord, outcome: DrawOutcome) -> None:
    for stratum, ticket in outcome.last.items():
        same = ticket == record.last[stratum]
        need(same, f"层“{stratum}”的末位抽签号与重算结果不符。")


def check_anchor(ours: str, root: str, announcement: str | None, sealed: str | None) -> str:
    """The digests of a record against those read off the log, the portal or signed paper."""
    wanted, given = _digest_of(announcement), _digest_of(sealed)
    need(wanted in (None, ours), f"公告摘要应为 {wanted}，记录为 {ours}。")
    need(given in (None, root), f"密封根应为 {given}，记录为 {root}。")
    if wanted and given:
        return "与给定的公告摘要和密封根一致。"
    return f"未锚定：请与公示或纸面核对公告摘要 {ours}、密封根 {root}。"


def _digest_of(written: str | None) -> str | None:
    """A digest as people copy it: blanks between groups and capitals do not matter."""
    return None if written is None else "".join(written.split()).lower()


def verify(
    value: Any, *, announcement: str | None = None, sealed: str | None = None, real: bool = False
) -> list[Step]:
    """All checks of a record, in order, up to the first that fails; never raises.

    `value` is the record as text, bytes or parsed value. `announcement` and `sealed` are digests
    (hex) read off the log, the portal or signed paper; `real` refuses rehearsals.
    """
    return steps_of(lambda step: _verify(value, step, (announcement, sealed), real))


def steps_of(walk: Callable[[Take], None]) -> list[Step]:
    """What became of each step that `walk` takes, numbered, up to the first that fails."""
    steps: list[Step] = []

    def step(name: str, act: Callable[[], Any]) -> Any:
        name = f"{len(steps) + 1} {name}"
        try:
            found = act()
        except Refused as refusal:
            steps.append(Step(name=name, ok=False, says=str(refusal)))
            raise
        steps.append(Step(name=name, ok=True, says=found if isinstance(found, str) else "相符。"))
        return found

    with contextlib.suppress(Refused):
        walk(step)
    return steps


def _verify(value: Any, step: Take, anchors: tuple[str | None, str | None], is_real: bool) -> None:
    record = step("格式与次序", lambda: read_record(parsed(value)))
    step("抽取编号", lambda: check_kind(record.announcement.draw, is_real))
    step("名册根", lambda: draw.check_rosters(record.announcement, record.rosters))
    step("份额与承诺", lambda: _check_shares(record))
    step("种子", lambda: _check_seed(record))
    step("回避", lambda: check_avoidances(record, record.announcement))
    first, outcome = step("重算", lambda: _recompute(record))
    step("抽中对象与次序", lambda: check_drawn(record, outcome))
    step("联合检查", lambda: check_joint(record, outcome))
    step("检查组", lambda: check_teams(record, outcome))
    step("密封根", lambda: check_sealed(record, first))
    step("末位抽签号", lambda: _check_last(record, outcome))
    ours = record.announcement.digest().hex()
    step("锚定", lambda: check_anchor(ours, record.sealed, *anchors))


def parsed(value: Any) -> Any:
    """A record given as text or bytes, read; any other value as it is."""
    return parse(value) if isinstance(value, (str, bytes)) else value


def is_valid(steps: Sequence[Step]) -> bool:
    """Whether every step of `verify` holds."""
    return bool(steps) and all(step.ok for step in steps)
