"""Who may be picked by hand for a visit: the same people who may be drawn."""

from collections.abc import Iterable
from datetime import date

from gongchou.core.roster import Inspector, drawable_problem
from gongchou.intake import conduct_reads


def kept_away(bureau: str, people: Iterable[Inspector], on: date) -> dict[str, str]:
    """What keeps each of these people from a visit of the day, by ref; the others are left out."""
    suspended = {ref: f"{says}。" for ref, says in conduct_reads.suspended(bureau, on, on).items()}
    found = {one.ref: drawable_problem(one, on) or suspended.get(one.ref) for one in people}
    return {ref: says for ref, says in found.items() if says}
