"""The condition of a directed task: which subjects of the base it is drawn from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongchou.core.classify import Classification
from gongchou.core.roster import Subject
from gongchou.core.terms import Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCondition:
    """Areas, beginnings of industry codes and strata; what is left empty narrows nothing."""

    grids: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    strata: tuple[Stratum, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether all of the base is meant: the task is undirected."""
        return not (self.grids or self.industries or self.strata)

    def holds(self, subject: Subject, stratum: Stratum) -> bool:
        """Whether a subject of a stratum is among those meant."""
        return (
            (not self.grids or subject.grid in self.grids)
            and (not self.industries or subject.industry_code.startswith(self.industries))
            and (not self.strata or stratum in self.strata)
        )

    def says(self) -> str:
        """The condition as one line."""
        parts = []
        if self.grids:
            parts.append(f"片区：{'、'.join(self.grids)}")
        if self.industries:
            parts.append(f"行业代码以 {'、'.join(self.industries)} 开头")
        if self.strata:
            parts.append(f"层：{'、'.join(stratum.label for stratum in self.strata)}")
        return "；".join(parts) or "本机构全部可抽对象"


def task_members(
    classification: Classification, subjects: Mapping[str, Subject], condition: TaskCondition
) -> dict[Stratum, tuple[str, ...]]:
    """The subjects of the base that a task may draw, by stratum, each stratum that has some."""
    found = {
        stratum: tuple(_held(classification.members(stratum), stratum, subjects, condition))
        for stratum in Stratum
    }
    return {stratum: refs for stratum, refs in found.items() if refs}


def _held(
    refs: Iterable[str],
    stratum: Stratum,
    subjects: Mapping[str, Subject],
    condition: TaskCondition,
) -> Iterable[str]:
    return (ref for ref in refs if condition.holds(subjects[ref], stratum))
