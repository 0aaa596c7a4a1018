"""E01–E03 and the learned states of a line."""

from dataclasses import replace

import pytest

from gongchou.core.monitoring.learning import proposal, rated_states
from gongchou.core.monitoring.series import Site, Slot
from gongchou.core.monitoring.words import FilingKind, GroupNeed, LineKind
from tests.core.monitoring.sites import GROUP, HOUR0, filing, fired, held_by, judged, line, works

DAYS = 20
NOON = 18 * 96 + 48


def plant(off: range = range(0), *, factor: float = 0.0, **group: object) -> Site:
    """A line and its treatment, which draws only `factor` of its power in some quarter hours."""
    made = works(DAYS)
    fan = [
        (kw / 3) * (factor if slot in off else 1.0) if kw > 1 else 0.2
        for slot, kw in enumerate(made)
    ]
    return Site(
        subject="S1",
        lines=(
            line("P1", LineKind.PRODUCING, made),
            line("T1", LineKind.TREATING, fan, states=states()),
        ),
        groups=(replace(GROUP, **group),),  # type: ignore[arg-type]
    )


def states():
    return replace(rated_states(30.0), off_kw=1.0, run_kw=8.0)


def test_two_quarter_hours_without_treatment_and_not_one():
    assert fired("E01", plant(range(NOON, NOON + 2)), DAYS)
    assert not fired("E01", plant(range(NOON, NOON + 1)), DAYS)
    (event,) = judged("E01", plant(range(NOON, NOON + 2)), DAYS).events
    assert (event.outlet, event.inputs["累计分钟"]) == ("G1", "30")


@pytest.mark.parametrize("of", ["G1", "T1", ""])
@pytest.mark.parametrize("kind", [FilingKind.MAINTENANCE, FilingKind.FAULT, FilingKind.STOPPED])
def test_what_was_filed_explains_a_treatment_that_stands(kind, of):
    hour = NOON // 4
    site = replace(plant(range(NOON, NOON + 4)), filings=(filing(kind, hour, hour + 2, of),))
    assert held_by("E01", site, DAYS) == {"报备检修故障停产"}


def test_lead_and_lag_are_allowed_for():
    first = 18 * 96 + 32
    late = range(first, first + 3)
    assert fired("E01", plant(late), DAYS)
    assert held_by("E01", plant(late, lead=45), DAYS) == {"提前滞后时间"}


def test_a_shared_treatment_is_explained_and_one_of_two_is_enough_where_any_will_do():
    off = range(NOON, NOON + 4)
    assert held_by("E01", plant(off, is_treatment_shared=True), DAYS) == {"共用治污设施"}
    two = plant(off, treatments=("T1", "T2"))
    spare = replace(two.lines[1], line=replace(two.lines[1].line, ref="T2"))
    fan = {slot: Slot(20.0, 30.0, 0.0) for slot in spare.slots}
    spare = replace(spare, slots=fan)
    both = replace(two, lines=(*two.lines, spare))
    assert fired("E01", both, DAYS)
    any_one = replace(both.groups[0], need=GroupNeed.ANY)
    assert not fired("E01", replace(both, groups=(any_one,)), DAYS)


def test_a_meter_that_is_silent_proves_nothing():
    site = plant(range(NOON, NOON + 4), treatments=("T1", "T2"))
    fan = site.lines[1]
    gone = {slot: one for slot, one in fan.slots.items() if slot < HOUR0 * 4 + 100}
    silent = replace(fan, line=replace(fan.line, ref="T2"), slots=gone)
    assert held_by("E01", replace(site, lines=(*site.lines, silent)), DAYS) == {"计量通讯"}


def test_nothing_is_asked_while_production_stands():
    night = 18 * 96 + 8
    assert not fired("E01", plant(range(night, night + 8)), DAYS)


def test_a_fan_below_six_tenths_for_an_hour():
    assert fired("E02", plant(range(NOON, NOON + 4), factor=0.58), DAYS)
    assert not fired("E02", plant(range(NOON, NOON + 3), factor=0.58), DAYS)
    assert not fired("E02", plant(range(NOON, NOON + 8), factor=0.62), DAYS)


def test_a_slow_fan_is_explained_by_a_filing_or_by_edges():
    hour = NOON // 4
    filed = (filing(FilingKind.MAINTENANCE, hour, hour + 2, "T1"),)
    slow = replace(plant(range(NOON, NOON + 6), factor=0.5), filings=filed)
    assert held_by("E02", slow, DAYS) == {"报备检修故障停产"}
    first = 18 * 96 + 32
    assert held_by("E02", plant(range(first, first + 1), factor=0.5), DAYS) == {"启停边缘"}


def test_a_variable_drive_is_compared_with_its_own_curve():
    made = [kw * (0.5 if slot // 96 % 2 else 1.0) for slot, kw in enumerate(works(DAYS))]
    fan = [kw / 3 if kw > 1 else 0.2 for kw in made]

    def site(is_vfd: bool) -> Site:
        lines = (
            line("P1", LineKind.PRODUCING, made),
            line("T1", LineKind.TREATING, fan, states=states(), is_vfd=is_vfd),
        )
        return Site(subject="S1", lines=lines, groups=(GROUP,))

    assert fired("E02", site(False), DAYS)
    assert not fired("E02", site(True), DAYS)


def late_starts(days: int, quarters: int) -> range | set[int]:
    starts = [(10 + day) * 96 + 32 for day in range(days)]
    return {start + q for start in starts for q in range(quarters)}


def test_three_late_starts_in_a_week():
    assert fired("E03", plant(late_starts(3, 1)), DAYS)  # type: ignore[arg-type]
    assert not fired("E03", plant(late_starts(2, 1)), DAYS)  # type: ignore[arg-type]
    held = held_by("E03", plant(late_starts(3, 1), lead=15), DAYS)  # type: ignore[arg-type]
    assert held == {"允许的提前滞后"}


def test_a_line_with_two_states_is_learned_and_one_with_one_is_not():
    found = proposal(works(14), 100.0)
    assert found is not None
    assert found.low_kw < 1 < found.states.off_kw < found.states.run_kw < 60 < found.high_kw
    assert round(found.high_share, 1) == 0.4
    assert proposal([60.0 + n % 5 for n in range(14 * 96)], 100.0) is None
    assert proposal(works(5), 100.0) is None
