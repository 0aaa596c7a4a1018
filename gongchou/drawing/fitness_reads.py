"""Whether the drawn people may still go: cards, duty, suspensions and recusals since the draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongchou.core.roster import Inspector, drawable_problem
from gongchou.core.terms import AbsenceReason, DutyStatus
from gongchou.drawing import models
from gongchou.drawing.frozen import thawed
from gongchou.drawing.reads import ReleasedVisit
from gongchou.intake import conduct_reads
from gongchou.registry import reads as registers

ABSENT = {
    DutyStatus.LEAVE: AbsenceReason.LEAVE,
    DutyStatus.SECONDED: AbsenceReason.MOVED,
    DutyStatus.LEFT: AbsenceReason.MOVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitRow:
    """A member of a team who may not go to a visit, and why."""

    person: str
    name: str
    reason: AbsenceReason
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """The people of a bureau as they stand on a day; one look for all visits of that day."""

    people: Mapping[str, Inspector]
    suspended: Mapping[str, str]
    recused: frozenset[tuple[str, str]]
    on: date

    def unfit(self, team: Sequence[str], subject: str) -> tuple[UnfitRow, ...]:
        """The members who may not go to this site, in the order of the team."""
        found = ((ref, *self._problem(ref, subject)) for ref in team)
        return tuple(
            UnfitRow(person=ref, name=self._name(ref), reason=reason, says=says)
            for ref, reason, says in found
            if says
        )

    def _name(self, ref: str) -> str:
        person = self.people.get(ref)
        return person.name if person else ref

    def _problem(self, ref: str, subject: str) -> tuple[AbsenceReason, str]:
        """What keeps somebody from going; an empty sentence where nothing does."""
        person = self.people.get(ref)
        if person is None:
            return AbsenceReason.MOVED, "已不在检查人员名录中。"
        if (ref, subject) in self.recused:
            return AbsenceReason.RECUSED, "抽取以后申报了对这家单位的回避。"
        if says := drawable_problem(person, self.on):
            return ABSENT.get(person.duty_status, AbsenceReason.UNQUALIFIED), says
        return AbsenceReason.MOVED, self.suspended.get(ref, "")


def fitness(bureau: str, sites: Sequence[tuple[str, str]], on: date) -> Fitness:
    """What keeps people of this bureau from going out on a day; `sites` are refs with codes."""
    return Fitness(
        people={person.ref: person for person in registers.inspectors(bureau, on)},
        suspended=conduct_reads.suspended(bureau, on, on),
        recused=frozenset(
            (fact.inspector, fact.subject) for fact in registers.recusals(bureau, on, sites)
        ),
        on=on,
    )


def unfit(visit: ReleasedVisit, bureau: str, on: date) -> tuple[UnfitRow, ...]:
    """Who of a released visit's team may not go on its day, or today where that is behind."""
    frozen = thawed(bytes(models.Draw.objects.get(ref=visit.draw).frozen_body))
    site = (visit.subject, frozen.subjects[visit.pid].record["uscc"])
    found = fitness(bureau, [site], max(on, visit.planned_on))
    return found.unfit(visit.inspectors, visit.subject)


def to_reseat(rows: Sequence[UnfitRow]) -> str:
    """What is short, and what to do about it, in one sentence for whoever sends the team out."""
    said = "；".join(f"{row.name}：{row.says.rstrip('。')}" for row in rows)
    return (
        f"检查组中有人不能参加这次检查（{said}）。请在“已启封名单”打开这一家，申请补派人员，"
        "由两位名单保管人开启后按抽取时的规则确定由谁补上。"
    )
