"""Before the lists of a draw are fixed: teams proved for every selection, or what is short."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import AvoidRow, Rosters
from gongchou.core.feasibility import Feasibility, Shortage, check_feasibility
from gongchou.core.refusals import Infeasible
from gongchou.core.relief import first_relief
from gongchou.core.terms import PollutantType
from gongchou.drawing import strongbox
from gongchou.drawing.frozen import PROVED, UNPROVED, FrozenDraw

# How many shortages, and people of one, a sentence names.
SAID, NAMES = 3, 8
# How often pairs of sites that fall short are given up before all are.
ROUNDS = 30


def avoid_rows(pairs: Mapping[tuple[str, str], str]) -> list[AvoidRow]:
    return [
        AvoidRow(iid=iid, pid=pid, reason=reason, salt=strongbox.fresh_salt().hex())
        for (iid, pid), reason in pairs.items()
    ]


def feasible(
    frozen: FrozenDraw, met: Mapping[tuple[str, str], str], *, take_unproved: bool = False
) -> FrozenDraw:
    """With as many of the recent pairs kept apart as leave every draw possible.

    Where sites fall short of people, their own pairs may meet again, and those of no other site.
    Infeasible where teams cannot be proved for every selection; with `take_unproved` such lists are
    handed out where all trial draws found theirs, and say so.
    """
    options = []
    for tried, found in _easier(frozen, met):
        if found.certain:
            return _said(tried, found, PROVED)
        options.append(tried)
    if take_unproved:
        for tried in options:
            found = check_feasibility(tried.announcement("D"), tried.rosters)
            if found.is_open:
                return _said(tried, found, UNPROVED)
    raise Infeasible(why_not(frozen))


def _easier(
    frozen: FrozenDraw, met: Mapping[tuple[str, str], str]
) -> Iterator[tuple[FrozenDraw, Feasibility]]:
    """First with all pairs kept apart, then without those of the sites that fell short, to none."""
    kept = dict(met)
    for _ in range(ROUNDS):
        tried = _with(frozen, kept, len(met))
        found = _checked(tried)
        yield tried, found
        short = {pid for shortage in found.shortages for pid in shortage.sites}
        left = {pair: reason for pair, reason in kept.items() if pair[1] not in short}
        if len(left) == len(kept):
            break
        kept = left
    if kept:
        tried = _with(frozen, {}, len(met))
        yield tried, _checked(tried)


def _checked(frozen: FrozenDraw) -> Feasibility:
    return check_feasibility(frozen.announcement("D"), frozen.rosters, trials=0)


def _said(frozen: FrozenDraw, found: Feasibility, teams: str) -> FrozenDraw:
    """With what is known of its teams: proved or only tried, what is short, what may run short."""
    short = "".join(_worded(row.says) for row in found.shortages[:SAID])
    late = "".join(_worded(row.says) for row in found.late[:SAID])
    known = {"teams": teams, "short": short, "late": late}
    return replace(frozen, made_from={**frozen.made_from, **known})


def _with(frozen: FrozenDraw, kept: Mapping[tuple[str, str], str], of: int) -> FrozenDraw:
    held = frozen.rosters
    rosters: Rosters = freeze_lists(
        held.subjects, held.inspectors, [*held.avoid, *avoid_rows(kept)]
    )
    return replace(frozen, rosters=rosters, repeats=len(kept), repeats_left_out=of - len(kept))


def why_not(frozen: FrozenDraw) -> str:
    """Which objects and people fall short, whether it is likely, and what would help."""
    announcement = frozen.announcement("D")
    found = check_feasibility(announcement, frozen.rosters)
    shortages = "".join(_named(frozen, shortage) for shortage in found.shortages[:SAID])
    if found.failed:
        shortages += f"试抽 {found.tried} 次，有 {found.failed} 次组不成检查组。"
    everywhere = sorted({row.area for row in frozen.rosters.subjects})
    near = dict.fromkeys(everywhere, everywhere)
    relief = first_relief(announcement, frozen.rosters, near) or _plain_joint(frozen)
    return f"底册不能保证每次抽取都能组成检查组，没有冻结。{shortages}{relief}{_accepting(found)}"


def _worded(says: str) -> str:
    """The core knows specialties by their codes only."""
    for kind in PollutantType:
        says = says.replace(f"“{kind.value}”", f"“{kind.label}”")
    return says


def _named(frozen: FrozenDraw, shortage: Shortage) -> str:
    names = sorted(frozen.people[iid].record["name"] for iid in shortage.people)
    more = f"等 {len(names)} 人" if len(names) > NAMES else ""
    return _worded(shortage.says) + (f"（{'、'.join(names[:NAMES])}{more}）" if names else "")


def _accepting(found: Feasibility) -> str:
    if not found.is_open:
        return ""
    return (
        f"试抽 {found.tried} 次都能组成检查组，出现上述情况的可能很小；确实无法改善的，"
        "可以选择“不能保证也先冻结”，由批准领导知悉后认可，认可写入抽取日志并对外公开。"
    )


def _plain_joint(frozen: FrozenDraw) -> str:
    """Whether the joint seat without a matching specialty would do."""
    eased = replace(frozen.rules, joint=replace(frozen.rules.joint, experts=0))
    if _checked(replace(frozen, rules=eased)).certain:
        return "联合席位改为不要求专业对口后即可组成检查组，请改选后重新冻结。"
    return "请补充检查人员，或核对其片区、专长、证件和在岗状态。"
