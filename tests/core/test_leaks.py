"""The leak test: honest worlds stay quiet as often as it says, a planted leak is found."""

from datetime import date, timedelta
from fractions import Fraction
from math import cos, log, pi, sqrt

import pytest

from gongchou.core.leaks import Dice, Layer, change, holm, layers_of, leak_test, p_value

DRAWN = date(2026, 1, 10)


def normal(dice: Dice) -> float:
    one, other = (dice.next() + 1) / 2**64, dice.next() / 2**64
    return sqrt(-2 * log(one)) * cos(2 * pi * other)


def world(seed: str, *, sites: int, drawn: int, leak: float = 0.0, noise: float = 0.12) -> Layer:
    """Sites whose data change by chance, the first so many of a dealt order drawn."""
    dice = Dice(seed)
    days = [DRAWN + timedelta(days=5 + n % 10) for n in range(drawn)]
    changes: dict[str, dict[date, float]] = {}
    for n in range(sites):
        own = noise * normal(dice)
        changes[f"S{n:03}"] = {day: own + noise / 4 * normal(dice) for day in sorted(set(days))}
    chosen = [f"S{n:03}" for n in dice.dealt(sites, drawn)]
    places = tuple(zip(chosen, days, strict=True))
    for site, _ in places:
        changes[site] = {day: value + leak for day, value in changes[site].items()}
    return Layer(name="key", changes=changes, drawn=places)


def test_a_thousand_honest_worlds_alarm_no_more_often_than_the_level():
    alarms = 0
    for n in range(1000):
        layer = world(f"honest-{n}", sites=16, drawn=5)
        p, _ = p_value([layer], f"test-{n}", 39)
        alarms += p <= Fraction(1, 20)
    # Expected 50; four standard deviations of a binomial are 27.
    assert 23 <= alarms <= 77


def test_ten_percent_less_in_thirty_drawn_sites_is_found_four_times_in_five():
    found = 0
    for n in range(25):
        layer = world(f"leaky-{n}", sites=80, drawn=30, leak=log(0.9))
        p, shift = p_value([layer], f"test-{n}", 99)
        found += p <= Fraction(1, 20)
    assert shift < 0
    assert found >= 20


def test_the_same_seed_gives_the_same_value_and_another_about_the_same():
    layer = world("w", sites=30, drawn=8, leak=-0.05)
    assert p_value([layer], "a", 199) == p_value([layer], "a", 199)
    assert abs(p_value([layer], "a", 999)[0] - p_value([layer], "b", 999)[0]) < Fraction(1, 20)


def test_a_planted_leak_is_told_among_several_measures():
    measures = {
        "a21026": [world("m1", sites=120, drawn=30, leak=log(0.8))],
        "w01018": [world("m2", sites=120, drawn=30)],
    }
    first, second = leak_test(measures, "seed", 199)
    assert (first.is_alarm, second.is_alarm) == (True, False)
    assert first.adjusted == 2 * first.p
    assert (first.drawn, first.others) == (30, 90)


def test_several_questions_at_once_ask_for_more():
    values = [Fraction(1, 100), Fraction(4, 100), Fraction(3, 100)]
    assert holm(values) == [Fraction(3, 100), Fraction(6, 100), Fraction(6, 100)]


def test_too_few_sites_tell_nothing():
    assert leak_test({"x": [world("w", sites=9, drawn=4)]}, "seed", 9) == ()


def test_no_number_of_the_dice_is_favoured():
    dice, counts = Dice("fair"), [0] * 7
    for _ in range(7000):
        counts[dice.below(7)] += 1
    assert all(850 < count < 1150 for count in counts)
    assert sorted(dice.dealt(9, 9)) == list(range(9))


@pytest.mark.parametrize(
    ("before", "between", "found"),
    [([2.0], [1.0], log(0.5)), ([], [1.0], None), ([1.0], [], None), ([0.0], [1.0], None)],
)
def test_a_change_needs_data_on_both_sides(before, between, found):
    assert change(before, between) == found


def test_days_of_draw_and_visit_are_in_neither_mean_and_a_site_without_data_is_left_out():
    values = {DRAWN + timedelta(days=n): 1.0 for n in range(-7, 0)}
    values |= {DRAWN: 99.0, DRAWN + timedelta(days=1): 2.0, DRAWN + timedelta(days=2): 99.0}
    visit = DRAWN + timedelta(days=2)
    series = {"a": values, "b": dict(values), "silent": {}}
    layer = layers_of("key", series, [("a", visit), ("silent", visit)], DRAWN, 7)
    assert layer.drawn == (("a", visit),)
    assert layer.changes["b"][visit] == pytest.approx(log(2))
    assert layers_of("key", {}, [("a", visit)], DRAWN, 7) is None
