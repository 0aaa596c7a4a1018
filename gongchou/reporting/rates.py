"""What a random draw says about the subjects that were not checked, class by class."""

from dataclasses import dataclass

from gongchou.core.estimate import Estimate, Sampled, estimate
from gongchou.core.shares import NOTHING_TO_VISIT
from gongchou.core.statistics import ON_SITE
from gongchou.core.terms import DrawState, Stratum
from gongchou.drawing import reads as drawing
from gongchou.drawing.reads import DrawRow
from gongchou.inspection import reads as inspection
from gongchou.inspection.rows import VisitRow

DRAWN = (DrawState.DRAWN, DrawState.SEALED, DrawState.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One class: how many were drawn, and what the checked ones say about all."""

    stratum: Stratum
    drawn: int
    estimate: Estimate
    note: str


def rates(bureau: str, quarter: str) -> tuple[RateRow, ...]:
    """Of each class drawn once in the quarter; of two draws the chances are not one."""
    draws = [draw for draw in drawing.draws(bureau, quarter) if draw.state in DRAWN]
    found = inspection.reviewed_on(bureau, quarter)
    return tuple(_row(stratum, draws, found) for stratum in ON_SITE)


def led_by_clues(bureau: str, quarter: str) -> tuple[VisitRow, ...]:
    """Reviewed visits of a quarter that no draw chose and that met something to visit."""
    found = inspection.reviewed_on(bureau, quarter)
    return tuple(
        row for row in found if not row.is_random and row.visit_result not in NOTHING_TO_VISIT
    )


def _row(stratum: Stratum, draws: list[DrawRow], visits: tuple[VisitRow, ...]) -> RateRow:
    held = [draw for draw in draws if any(_is_of(s.name, stratum) for s in draw.strata)]
    if len(held) != 1:
        note = (
            "这一层还没有抽取。" if not held else "这一层本季度抽取过几次，机会不同，不合并推算。"
        )
        return RateRow(stratum=stratum, drawn=0, estimate=estimate(()), note=note)
    samples = _samples(held[0], stratum, visits)
    drawn = sum(s.drawn_count for s in held[0].strata if _is_of(s.name, stratum))
    found = estimate(samples)
    partly = f"抽中 {drawn} 家，查清 {found.checked} 家；全部查完以前只供参考。"
    note = partly if found.checked < drawn else "抽中的已经全部查清。"
    return RateRow(stratum=stratum, drawn=drawn, estimate=found, note=note)


def _is_of(name: str, stratum: Stratum) -> bool:
    """Strata of a draw are named `key.fresh`, `key.visited` and the like."""
    return name.split(".")[0] == stratum.value


def _samples(draw: DrawRow, stratum: Stratum, visits: tuple[VisitRow, ...]) -> tuple[Sampled, ...]:
    """Each stratum as drawn; a subject found closed or stopped could not be checked."""
    names = {visit.number: visit.draw_stratum for visit in drawing.released(draw.ref)}
    seen = [
        (names[visit.number], visit.problem_count > 0)
        for visit in visits
        if visit.draw == draw.ref
        and visit.number in names
        and visit.visit_result not in NOTHING_TO_VISIT
    ]
    return tuple(
        Sampled(
            name=s.name,
            size=s.base_count,
            checked=sum(name == s.name for name, _ in seen),
            problems=sum(name == s.name and has_problem for name, has_problem in seen),
        )
        for s in draw.strata
        if _is_of(s.name, stratum)
    )
