"""Sites upwind of a place: near before far, in the wind before beside it, all around in a calm."""

import pytest

from gongchou.core.coordinates import SCALE
from gongchou.core.plumes import (
    Source,
    Wind,
    bearing,
    between,
    candidates,
    is_clear,
    likeness,
    metres,
    moved,
    true_wind,
    turn,
)

HERE = (round(118.2 * SCALE), round(39.63 * SCALE))
NORTH = Wind(0, 3, "虚构站")


def site(name: str, direction: float, far: float, alike: float = 1.0) -> Source:
    return Source(name, name, moved(HERE, direction, far), alike)


def names(wind: Wind | None, *sites: Source) -> list[str]:
    return [one.name for one in candidates(HERE, wind, sites)]


@pytest.mark.parametrize("direction", [0, 45, 90, 180, 271])
def test_a_place_moved_lies_where_it_was_moved_to(direction):
    there = moved(HERE, direction, 800)
    assert metres(HERE, there) == pytest.approx(800, abs=0.1)
    assert turn(bearing(HERE, there), direction) < 0.1


@pytest.mark.parametrize(("direction", "found"), [(22.4, 1), (22.6, 0), (337.6, 1), (180, 0)])
def test_the_sector_reaches_half_a_compass_point_to_each_side(direction, found):
    assert len(names(NORTH, site("a", direction, 500))) == found


@pytest.mark.parametrize(("far", "found"), [(1999, 1), (2001, 0)])
def test_the_sector_ends_at_two_kilometres(far, found):
    assert len(names(NORTH, site("a", 0, far))) == found


def test_in_a_calm_or_with_no_wind_known_every_side_counts_within_three_hundred_metres():
    sites = site("背风", 180, 299), site("远", 0, 301)
    assert names(Wind(0, 0.9), *sites) == ["背风"]
    assert names(None, *sites) == ["背风"]


def test_near_comes_before_far_in_the_wind_before_beside_it_and_its_own_trade_first():
    assert names(NORTH, site("远", 0, 900), site("近", 0, 200)) == ["近", "远"]
    assert names(NORTH, site("偏", 20, 300), site("正", 0, 300)) == ["正", "偏"]
    assert names(NORTH, site("不像", 0, 300, 0.2), site("像", 0, 320)) == ["像", "不像"]


def test_twice_the_second_is_clear_and_less_is_not():
    assert not is_clear(())
    assert is_clear(candidates(HERE, NORTH, [site("一", 0, 300)]))
    both = candidates(HERE, NORTH, [site("一", 0, 300), site("二", 0, 500)])
    assert not is_clear(both)  # e^(200/500) = 1.49
    far = candidates(HERE, NORTH, [site("一", 0, 300), site("二", 0, 700)])
    assert is_clear(far)  # e^(400/500) = 2.23


def test_a_fingerprint_is_compared_by_its_angle_not_its_strength():
    assert likeness({"甲苯": 2.0}, {"甲苯": 9.0}) == pytest.approx(1)
    assert likeness({"甲苯": 2.0}, {"苯乙烯": 1.0}) == 0
    assert likeness({}, {"甲苯": 1.0}) == 1


def test_the_vehicles_own_motion_is_taken_out_of_the_wind_it_feels():
    # Driving north at 10 m/s in still air one feels 10 m/s from the north.
    assert true_wind((0, 10), 0, 10)[1] == pytest.approx(0, abs=1e-9)
    # Standing still one feels the wind itself.
    assert true_wind((90, 4), 0, 0) == (pytest.approx(90), pytest.approx(4))
    # Driving east at 5 in a north wind of 5, one feels it from the north-east.
    found = true_wind((45, 5 * 2**0.5), 90, 5)
    assert found == (pytest.approx(0, abs=1e-6), pytest.approx(5))


def test_wind_between_two_readings_is_between_them_over_north_too():
    found = between(Wind(350, 4, "站"), Wind(10, 4, "站"), 0.5)
    assert turn(found.direction, 0) < 0.01
    assert found.speed < 4
