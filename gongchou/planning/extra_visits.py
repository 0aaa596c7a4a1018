"""More visits than the plan owes, proposed to the office by what was found: words and sums only.

The numbers come with the address, as another page of the product puts them there; nothing is added
before somebody has read what changes and sends the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gongchou.core.quota import PlanStratum
from gongchou.core.refusals import Invalid
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter

MOST_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a stratum owes by the plan, and what would be drawn with the task."""

    stratum: Stratum
    owed: int
    more: int

    @property
    def whole(self) -> int:
        return self.owed + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraVisits:
    """The proposal as it stands in the form: whose estimate, and how many more of each stratum."""

    learnt_from: Quarter
    counts: Mapping[Stratum, int]

    def initial(self) -> dict[str, object]:
        """The form's fields before anybody edits them."""
        words = f"{self.learnt_from.label}问题率推算的分配建议"
        fields: dict[str, object] = {f"count_{s.value}": n for s, n in self.counts.items()}
        return {"name": "按问题率推算加查", "reason": f"采用{words}", **fields}

    def changes(self, strata: tuple[PlanStratum, ...]) -> tuple[Change, ...]:
        return tuple(
            Change(
                stratum=stratum,
                owed=sum(row.required_count for row in strata if row.stratum is stratum),
                more=self.counts.get(stratum, 0),
            )
            for stratum in Stratum
            if any(row.stratum is stratum and not row.is_offsite for row in strata)
        )


def extra_visits(asked: Mapping[str, str]) -> ExtraVisits | None:
    """The proposal that an address carries; None where it carries none, Invalid where it is wrong.

    `learnt_from` is the quarter of the estimate, `count_<stratum>` how many more.
    """
    if "learnt_from" not in asked:
        return None
    given = {s: asked.get(f"count_{s.value}", "0") for s in Stratum}
    if not all(text.isdecimal() and len(text) <= MOST_DIGITS for text in given.values()):
        raise Invalid("分配建议里的家数应为整数，请从问题率推算页面重新进入。")
    counts = {stratum: int(text) for stratum, text in given.items() if int(text)}
    if not counts:
        raise Invalid("分配建议没有要多查的家数，不必另立任务。")
    return ExtraVisits(learnt_from=Quarter.parse(asked["learnt_from"]), counts=counts)
