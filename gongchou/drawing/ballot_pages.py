"""What the pages and papers of a draw by numbered balls show: the roll, and how many balls."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gongchou.core.ballot import balls_due, roll
from gongchou.core.refusals import Refused
from gongchou.drawing import made, models
from gongchou.drawing.frozen import thawed
from gongchou.drawing.reads import stratum_label

NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Urn:
    """The balls of one stratum: `size` in, of them `drawn` and then `reserve` out."""

    name: str
    label: str
    size: int
    drawn: int
    reserve: int
    pids: tuple[str, ...]

    @property
    def count(self) -> int:
        return self.drawn + self.reserve


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """The numbered roll of a draw; people are no secret, subjects stand under their ids."""

    urns: tuple[Urn, ...]
    people: tuple[tuple[int, str], ...]
    root: str
    reserve: int


def _row(ref: str) -> models.Draw:
    row = models.Draw.objects.filter(ref=ref).first()
    if row is None or not made.is_ballot(row) or not row.announcement:
        raise Refused("号码表随摇号公告产生，请先发布摇号公告。")
    return row


def roll_of(ref: str) -> Roll:
    """The roll as announced; Refused before the announcement."""
    row = _row(ref)
    whole, frozen = made.announced_ballot(bytes(row.announcement)), thawed(bytes(row.frozen_body))
    due, held = balls_due(whole, frozen.rosters), roll(frozen.rosters)
    urns = tuple(
        Urn(
            name=stratum,
            label=stratum_label(stratum),
            size=n,
            drawn=k,
            reserve=r,
            pids=tuple(ball.pid for ball in held if ball.stratum == stratum),
        )
        for stratum, (n, k, r) in due.items()
    )
    names = [frozen.people[person.iid].record["name"] for person in frozen.rosters.inspectors]
    return Roll(
        urns=urns,
        people=tuple(enumerate(names, start=1)),
        root=whole.roll[1],
        reserve=whole.reserve,
    )


def typed_numbers(text: str, where: str) -> tuple[int, ...]:
    """Numbers as people type them: parted by anything that is no digit."""
    found = re.findall(r"[0-9]+", text)
    if not all(NUMBER.fullmatch(one) for one in found):
        raise Refused(f"{where}里有太长的号码，请用空格或顿号隔开后重新录入。")
    return tuple(int(one) for one in found)


def typed(ref: str, data: Mapping[str, str]) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    """The form's numbers of each stratum (`urn-1` …) and of the people."""
    urns = roll_of(ref).urns
    numbers = {
        urn.name: typed_numbers(data.get(f"urn-{place}", ""), urn.label)
        for place, urn in enumerate(urns, start=1)
    }
    return numbers, typed_numbers(data.get("people", ""), "人员")
