"""What a limit on teams costs: counted by hand on small lists, and by drawing."""

import random
from dataclasses import replace
from fractions import Fraction

from gongchou.core.costs import costs
from gongchou.core.draw import outcome_of_seed
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import AvoidRow, Rate, TeamRule
from tests.core.draw_samples import make_announcement, make_person, make_reveals, make_row

RATES = {"G": Rate(num=1, den=1, floor=1)}


def lists(people, *, objects=4, avoid=(), **rule):
    rows = [make_row("sha256", i, items=()) for i in range(objects)]
    made = [make_person("sha256", i, **fields) for i, fields in enumerate(people)]
    held = [AvoidRow(iid=made[i].iid, pid=rows[j].pid, reason=r, salt="ab" * 16)
            for i, j, r in avoid]  # fmt: skip
    rosters = freeze_lists(rows, made, held)
    announcement = make_announcement(rosters, make_reveals(), rates=RATES)
    team = TeamRule(**{"org": "zd", "need": 2, "experts": 0, **rule})
    return replace(announcement, team=team), rosters


def found(people, **given):
    return {cost.name: cost for cost in costs(*lists(people, **given))}


def test_without_limits_nothing_is_lost():
    assert all(cost.objects == 0 for cost in found([{}] * 5).values())
    assert found([{}] * 5)["片区"].says == "没有改变任何人的机会"


def test_an_avoidance_gives_the_chance_of_one_to_the_others():
    cost = found([{}] * 5, avoid=[(0, 0, "kin"), (1, 1, "repeat")])
    assert (cost["申报回避"].objects, cost["申报回避"].pairs) == (1, 1)
    assert (cost["申报回避"].before, cost["申报回避"].after) == (Fraction(2, 5), Fraction(1, 2))
    assert (cost["近期查过不再派"].objects, cost["次数上限"].objects) == (1, 0)


def test_areas_and_caps_bar_people_from_many():
    cost = found([{}] * 4 + [{"areas": ("lx",)}, {"cap": 0}])
    assert (cost["片区"].objects, cost["片区"].pairs) == (4, 4)
    assert (cost["片区"].before, cost["片区"].after) == (Fraction(2, 5), Fraction(1, 2))
    assert (cost["次数上限"].before, cost["次数上限"].after) == (Fraction(2, 5), Fraction(1, 2))


def test_people_of_other_organisations_count_in_nothing():
    assert found([{}] * 4 + [{"org": "kz", "areas": ("lx",)}])["片区"].objects == 0


def test_a_seat_for_experts_lifts_the_few_who_are():
    people = [{"specialties": ("air",)}] + [{"specialties": ()}] * 4
    cost = found(people, experts=1)["专长席位"]
    assert (cost.objects, cost.before, cost.after) == (4, Fraction(2, 5), Fraction(1))
    assert found(people, experts=0)["专长席位"].objects == 0


def test_the_chances_told_are_those_of_the_draw():
    """One visit, 4,000 draws, five standard errors: 2/4 with the avoidance and 2/5 without."""
    chance = random.Random(4)
    for avoid, wanted in (([(0, 0, "kin")], Fraction(1, 2)), ([], Fraction(2, 5))):
        announcement, rosters = lists([{}] * 5, objects=1, avoid=avoid)
        free = next(i for i, p in enumerate(rosters.inspectors)
                    if (p.iid, rosters.subjects[0].pid) not in rosters.avoided())  # fmt: skip
        hits = 0
        for _ in range(4000):
            [visit] = outcome_of_seed(announcement, rosters, chance.randbytes(32)).visits
            hits += free in visit.parts[0]
        assert abs(hits / 4000 - wanted) < 5 * float(wanted * (1 - wanted) / 4000) ** 0.5
