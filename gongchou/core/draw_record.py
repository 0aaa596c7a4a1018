"""The public record of a draw: writing it, and checking it step by step (§2.8, §2.10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gongchou.core import draw, merkle
from gongchou.core.canon import canon, hash_of, parse
from gongchou.core.draw import Announcement, DrawOutcome, Rosters, Substitution
from gongchou.core.draw_form import DrawRecord, Reveal, need, read_record
from gongchou.core.refusals import Invalid, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One check of a record: its name, whether it holds, and what was found."""

    name: str
    ok: bool
    says: str


def build_record(
    announcement: Announcement,
    rosters: Rosters,
    *,
    reveals: Sequence[Reveal],
    closing: str,
    substitutions: Sequence[Substitution] = (),
) -> dict[str, object]:
    """The whole public record of a draw, computed from what decides it."""
    hash_ = hash_of(announcement.hash)
    seed = draw.seed_of(announcement, closing, [reveal.share for reveal in reveals])
    outcome = draw.conduct(announcement, rosters, seed)
    sealed = outcome.sealed
    for substitution in substitutions:
        outcome = draw.substitute(outcome, announcement, rosters, seed, substitution.out)
    leaves = [canon(row.plain()) for row in rosters.avoid]
    return {
        "announcement": announcement.plain(),
        "roster": [row.plain() for row in rosters.subjects],
        "inspectors": [row.plain() for row in rosters.inspectors],
        "reveals": [
            {"role": r.role, "nonce": r.nonce.hex(), "share": r.share.hex()} for r in reveals
        ],
        "closing": closing,
        "seed": seed.hex(),
        "avoid": [
            {
                "row": row.plain(),
                "index": i,
                "path": [sibling.hex() for sibling in merkle.path(hash_, leaves, i)],
            }
            for i, row in enumerate(rosters.avoid)
        ],
        "substitutions": [substitution.plain() for substitution in substitutions],
        "visits": [visit.plain() for visit in outcome.visits],
        "sealed": sealed,
        "last": dict(outcome.last),
    }


def _check_roots(record: DrawRecord) -> None:
    hash_, a = hash_of(record.announcement.hash), record.announcement
    for name, announced, rows in (
        ("底册", a.roster, record.rosters.subjects),
        ("人员表", a.inspectors, record.rosters.inspectors),
        ("回避表", a.avoid, record.rosters.avoid),
    ):
        need(draw.head(hash_, rows) == announced, f"{name}与公告的根不符。")


def _check_shares(record: DrawRecord) -> None:
    hash_, a = hash_of(record.announcement.hash), record.announcement
    roles = [reveal.role for reveal in record.reveals]
    need(roles == [role for role, _ in a.commits], "揭示的各方与公告的承诺不一致。")
    for reveal, (role, announced) in zip(record.reveals, a.commits, strict=True):
        found = draw.seed_commitment(
            hash_, draw=a.draw, role=role, nonce=reveal.nonce, share=reveal.share
        )
        need(found == announced, f"“{role}”揭示的份额与其承诺不符。")


def _check_seed(record: DrawRecord) -> None:
    shares = [reveal.share for reveal in record.reveals]
    found = draw.seed_of(record.announcement, record.closing, shares)
    need(found == record.seed, "种子与公告、收口值和各方份额不符。")


def _check_avoidances(record: DrawRecord) -> None:
    hash_, size = hash_of(record.announcement.hash), len(record.rosters.avoid)
    for i, (row, path) in enumerate(zip(record.rosters.avoid, record.avoid_paths, strict=True)):
        root = merkle.root_by_path(hash_, canon(row.plain()), index=i, size=size, siblings=path)
        is_in = root is not None and root.hex() == record.announcement.avoid[1]
        need(is_in, f"第 {i} 条回避的路径不符。")


def _recomputed(record: DrawRecord) -> tuple[DrawOutcome, DrawOutcome]:
    """The outcome as first sealed, and after all substitutions."""
    first = draw.conduct(record.announcement, record.rosters, record.seed)
    outcome = first
    for substitution in record.substitutions:
        outcome = draw.substitute(
            outcome, record.announcement, record.rosters, record.seed, substitution.out
        )
    return first, outcome


def _check_visits(record: DrawRecord, outcome: DrawOutcome) -> None:
    found, claimed = outcome.visits, record.visits
    need([v.pid for v in found] == [v.pid for v in claimed], "抽中对象或其次序与重算结果不符。")
    for ours, theirs in zip(found, claimed, strict=True):
        need(len(ours.parts) == len(theirs.parts), f"对象 {ours.pid} 的联合检查与重算结果不符。")
        need(ours.parts == theirs.parts, f"对象 {ours.pid} 的检查组与重算结果不符。")


def _check_last(record: DrawRecord, outcome: DrawOutcome) -> None:
    need(dict(outcome.last) == dict(record.last), "各层末位抽签号与重算结果不符。")


def _check_sealed(record: DrawRecord, first: DrawOutcome) -> None:
    need(first.sealed == record.sealed, "密封名单的根与重算结果不符。")


def _check_anchor(record: DrawRecord, announcement: str | None, sealed: str | None) -> str:
    ours = record.announcement.digest().hex()
    need(announcement in (None, ours), f"公告摘要应为 {announcement}，记录为 {ours}。")
    need(sealed in (None, record.sealed), f"密封根应为 {sealed}，记录为 {record.sealed}。")
    if announcement and sealed:
        return "与给定的公告摘要和密封根一致。"
    return f"未锚定：请与公示或纸面核对公告摘要 {ours}、密封根 {record.sealed}。"


def verify(
    value: Any, *, announcement: str | None = None, sealed: str | None = None, real: bool = False
) -> list[Step]:
    """All checks of a record, in order, up to the first that fails; never raises.

    `value` is the record as text, bytes or parsed value. `announcement` and `sealed` are digests
    read off the log, the portal or signed paper; `real` refuses rehearsals.
    """
    steps: list[Step] = []

    def step(name: str, act: Callable[[], Any]) -> Any:
        try:
            found = act()
        except Refused as refusal:
            steps.append(Step(name=name, ok=False, says=str(refusal)))
            raise
        steps.append(Step(name=name, ok=True, says=found if isinstance(found, str) else "相符。"))
        return found

    try:
        _verify(value, step, (announcement, sealed), real)
    except Refused:
        pass
    return steps


def _rehearsal(record: DrawRecord, real: bool) -> str:
    is_test = record.announcement.draw.startswith("TEST")
    need(not (is_test and real), "演练，不是真实抽取。")
    return "演练，不是真实抽取。" if is_test else "真实抽取的编号。"


def _verify(
    value: Any, step: Callable[..., Any], anchors: tuple[str | None, str | None], real: bool
) -> None:
    record = step(
        "1 格式与次序",
        lambda: read_record(parse(value) if isinstance(value, (str, bytes)) else value),
    )
    step("2 抽取编号", lambda: _rehearsal(record, real))
    step("3 名册根", lambda: _check_roots(record))
    step("4 份额与承诺", lambda: _check_shares(record))
    step("5 种子", lambda: _check_seed(record))
    step("6 回避", lambda: _check_avoidances(record))
    first, outcome = step("7 重算抽取与检查组", lambda: _recomputed(record))
    step("8 密封根", lambda: _check_sealed(record, first))
    step("9 抽中对象、联合与检查组", lambda: _check_visits(record, outcome))
    step("10 末位抽签号", lambda: _check_last(record, outcome))
    step("11 锚定", lambda: _check_anchor(record, *anchors))


def is_valid(steps: Sequence[Step]) -> bool:
    return bool(steps) and all(step.ok for step in steps)


__all__ = ["Invalid", "Step", "build_record", "is_valid", "verify"]
