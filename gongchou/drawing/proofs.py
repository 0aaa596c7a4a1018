"""What one enterprise or one inspection can prove, seeing nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from gongchou.core import joint, merkle, seal
from gongchou.core.canon import canon, hash_of
from gongchou.core.draw import odds, ticketer
from gongchou.core.refusals import Refused
from gongchou.core.rules import Clause
from gongchou.core.terms import Stratum
from gongchou.drawing import made, models
from gongchou.drawing.frozen import FrozenDraw, base_stratum, thawed
from gongchou.drawing.reads import published_record, released_visit, stratum_label
from gongchou.planning import reads as plans
from gongchou.registry import past_reads

TICKETERS = {"DR1": ticketer, "DR2": joint.ticketer}


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That a subject stood in the announced roster, in this stratum, bound to this record."""

    draw: str
    record: dict[str, str]
    salt: str
    row: list[Any]
    index: int
    size: int
    path: tuple[str, ...]
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentChance:
    """Of the same stratum one department drew so many; `goes` where it drew this site."""

    name: str
    base_count: int
    drawn_count: int
    goes: bool

    def says(self) -> str:
        if not self.drawn_count:
            return f"{self.name}不抽这一层。"
        went = "抽中本单位" if self.goes else "没有抽中本单位"
        return (
            f"{self.name}从 {self.base_count} 家中抽取 {self.drawn_count} 家，"
            f"每家的机会均为 {self.drawn_count}／{self.base_count}，{went}。"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyMe:
    """Why a visit takes place: class, clause, exact chance, visits in the last 12 months.

    `departments` is empty but for a draw of several, which share one ticket a site (DR2).
    """

    number: int
    stratum: Stratum
    label: str
    clause: Clause
    base_count: int
    drawn_count: int
    chance: Fraction
    visits_in_a_year: int
    is_substitute: bool
    announcement_digest: str
    sealed_root: str
    leaf: str
    path: tuple[str, ...]
    departments: tuple[DepartmentChance, ...] = ()


def _departments(
    frozen: FrozenDraw, stratum: str, team: Iterable[str]
) -> Iterable[DepartmentChance]:
    going = set(team)
    for d, name in enumerate(frozen.department_names()):
        size, count = next(((n, k) for s, n, k in frozen.strata(d) if s == stratum), (0, 0))
        yield DepartmentChance(
            name=name,
            base_count=size,
            drawn_count=count,
            goes=not going.isdisjoint(frozen.numbers(d)),
        )


def _row(ref: str, bureau: str) -> models.Draw:
    rows = models.Draw.objects.select_related("task__plan", "bureau")
    row = rows.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的抽取，请从抽取页面进入。")
    return row


def ids_of_tickets(ref: str) -> dict[str, str]:
    """The roster id that each drawn ticket stands for, from the public record; {} before it."""
    record = published_record(ref)
    if record is None or record["announcement"]["v"] not in TICKETERS:
        return {}
    hash_, seed = hash_of(record["announcement"]["hash"]), bytes.fromhex(record["seed"])
    ticket = TICKETERS[record["announcement"]["v"]](hash_, seed, "select")
    pids = [row[0] for row in (*record["visits"], *record["substitutions"])]
    return {ticket(pid).hex(): pid for pid in pids}


def membership(ref: str, subject: str, *, bureau: str) -> Membership:
    """The inclusion proof of a subject's own row; says nothing about being drawn."""
    frozen = thawed(bytes(_row(ref, bureau).frozen_body))
    pid = frozen.pid_of(subject)
    if not pid:
        raise Refused("这个检查对象不在本次抽取的底册里，请核对它的分类和生产状态。")
    rows, hash_ = frozen.rosters.subjects, hash_of(frozen.profile)
    index = next(i for i, row in enumerate(rows) if row.pid == pid)
    leaves = [canon(row.plain()) for row in rows]
    known = frozen.subjects[pid]
    return Membership(
        draw=ref,
        record=dict(known.record),
        salt=known.salt,
        row=rows[index].plain(),
        index=index,
        size=len(rows),
        path=tuple(sibling.hex() for sibling in merkle.path(hash_, leaves, index)),
        root=merkle.root(hash_, leaves).hex(),
    )


def is_fixed_at_the_draw(ref: str, number: int, *, bureau: str) -> bool:
    """Whether a released visit's leaf leads to the sealed root that was logged at the draw."""
    row = _row(ref, bureau)
    visit = row.released_visits.filter(number=number).first()
    if visit is None or visit.is_substitute:
        return False
    return seal.is_sealed(
        hash_of(row.profile),
        visit.leaf.encode(),
        j=number,
        # A ballot has one leaf more, which binds its reserve.
        size=row.visit_count + made.is_ballot(row),
        path=visit.path,
        root=row.sealed_root,
    )


def why_me(ref: str, number: int, *, bureau: str, on: date) -> WhyMe:
    """The slip "why was I drawn" of a released visit."""
    row = _row(ref, bureau)
    visit = row.released_visits.filter(number=number).first()
    if visit is None:
        raise Refused(f"第 {number + 1} 号检查没有启封，不能查看。")
    frozen, stratum = thawed(bytes(row.frozen_body)), base_stratum(visit.stratum)
    owed = next(s for s in plans.plan(row.task.plan.ref).strata if s.stratum is stratum)
    size, count = next((n, k) for s, n, k in frozen.strata() if s == visit.stratum)
    year_before = date(on.year - 1, on.month, min(on.day, 28))
    return WhyMe(
        number=number,
        stratum=stratum,
        label=stratum_label(visit.stratum),
        clause=owed.clause,
        base_count=size,
        drawn_count=count,
        chance=odds(frozen.rules.rates[visit.stratum], size),
        visits_in_a_year=past_reads.visits_between(bureau, visit.subject_ref, year_before, on),
        is_substitute=visit.is_substitute,
        announcement_digest=row.announcement_digest,
        sealed_root=row.sealed_root,
        leaf=visit.leaf,
        path=tuple(visit.path),
        departments=tuple(
            _departments(frozen, visit.stratum, released_visit(ref, number).inspectors)
            if frozen.is_joint
            else ()
        ),
    )
