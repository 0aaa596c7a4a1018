"""Numbered balls: the roll, the numbers, the list they make, and the record of it."""

import pytest

from gongchou.core import merkle, seal
from gongchou.core.ballot import (
    Ballots,
    ballot_leaves,
    balls_due,
    check_ballots,
    outcome_of_ballots,
    roll,
    witness_mark,
)
from gongchou.core.ballot_record import is_ballot, read_ballot_record, verify_ballot
from gongchou.core.canon import canon, hash_of
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_record import is_valid
from gongchou.core.draw_values import Rate
from gongchou.core.pairing import NoTeam
from gongchou.core.refusals import Invalid
from tests.core.ballot_samples import (
    SALT,
    make_ballot,
    make_ballot_record,
    make_ballots,
    make_witnesses,
)
from tests.core.draw_samples import forgeries, make_person, make_rosters, make_row


def failed(record, **given) -> list[str]:
    return [step.name for step in verify_ballot(record, **given) if not step.ok]


def test_the_roll_numbers_each_stratum_from_one_in_the_order_of_the_ids():
    rosters = make_rosters(n=20)
    found = roll(rosters)
    assert len(found) == 20
    for stratum in ("G", "K"):
        held = [row for row in found if row.stratum == stratum]
        assert [row.number for row in held] == list(range(1, len(held) + 1))
        assert [row.pid for row in held] == sorted(row.pid for row in held)


def test_as_many_balls_come_out_as_the_ratio_asks_and_the_reserve_allows():
    rosters = make_rosters(n=40)
    due = balls_due(make_ballot(rosters, reserve=3), rosters)
    for stratum, (n, k, r) in due.items():
        assert k == -(-n * (25 if stratum == "K" else 3) // 100)
        assert r == min(n - k, 3)


def test_a_stratum_that_is_drawn_whole_has_no_reserve_and_an_empty_one_no_balls():
    rates = {"G": Rate(num=1, den=1, floor=0), "K": Rate(num=25, den=100, floor=1),
             "Z": Rate(num=1, den=2, floor=9)}  # fmt: skip
    rosters = make_rosters(n=12)
    announcement = make_ballot(rosters, rates=rates)
    due = balls_due(announcement, rosters)
    assert due["G"][2] == 0
    assert due["Z"] == (0, 0, 0)
    check_ballots(announcement, rosters, make_ballots(announcement, rosters))


def test_where_nothing_is_drawn_there_is_nothing_to_hold_in_reserve():
    rates = {"G": Rate(num=0, den=1, floor=0), "K": Rate(num=25, den=100, floor=1)}
    rosters = make_rosters(n=12)
    announcement = make_ballot(rosters, rates=rates, reserve=3)
    n, k, r = balls_due(announcement, rosters)["G"]
    assert n > 3
    assert (k, r) == (0, 0)
    ballots = make_ballots(announcement, rosters)
    assert ballots.numbers["G"] == ()
    assert outcome_of_ballots(announcement, rosters, ballots, SALT).taken["G"] == 0


def test_the_first_number_out_is_the_first_visit_of_its_stratum():
    rosters = make_rosters()
    announcement = make_ballot(rosters)
    ballots = make_ballots(announcement, rosters)
    outcome = outcome_of_ballots(announcement, rosters, ballots, SALT)
    by_number = {(row.stratum, row.number): row.pid for row in roll(rosters)}
    due = balls_due(announcement, rosters)
    wanted = [by_number[s, n] for s in sorted(due) for n in ballots.numbers[s][: due[s][1]]]
    assert [visit.pid for visit in outcome.visits] == wanted
    assert outcome.reserve("K") == tuple(by_number["K", n] for n in ballots.numbers["K"][-2:])


def test_who_comes_out_first_goes_first():
    rosters = make_rosters()
    announcement = make_ballot(rosters)
    size = len(rosters.inspectors)
    numbers = make_ballots(announcement, rosters).numbers
    ahead = Ballots(numbers=numbers, people=tuple(range(1, size + 1)))
    behind = Ballots(numbers=numbers, people=tuple(range(size, 0, -1)))
    teams = [
        outcome_of_ballots(announcement, rosters, ballots, SALT).visits[0].parts[0]
        for ballots in (ahead, behind)
    ]
    assert teams[0] != teams[1]


def test_the_salt_hides_the_list_and_changes_nothing_of_it():
    rosters = make_rosters()
    announcement = make_ballot(rosters)
    ballots = make_ballots(announcement, rosters)
    one, other = (outcome_of_ballots(announcement, rosters, ballots, s * 32) for s in (b"a", b"b"))
    assert one.visits == other.visits
    assert one.sealed != other.sealed


def test_every_leaf_leads_to_the_root_and_the_last_binds_the_reserve():
    rosters = make_rosters()
    announcement = make_ballot(rosters)
    ballots = make_ballots(announcement, rosters)
    outcome = outcome_of_ballots(announcement, rosters, ballots, SALT)
    leaves, hash_ = ballot_leaves("sha256", SALT, outcome.visits, ballots), hash_of("sha256")
    for j, leaf in enumerate(leaves):
        path = [s.hex() for s in merkle.path(hash_, leaves, j)]
        assert seal.is_sealed(hash_, leaf, j=j, size=len(leaves), path=path, root=outcome.sealed)
    other = Ballots(
        numbers={s: (*held[:-2], *held[:-3:-1]) for s, held in ballots.numbers.items()},
        people=ballots.people,
    )
    assert outcome_of_ballots(announcement, rosters, other, SALT).visits == outcome.visits
    assert outcome_of_ballots(announcement, rosters, other, SALT).sealed != outcome.sealed


@pytest.mark.parametrize(
    ("stratum", "numbers", "why"),
    [
        ("K", (1,), "应摇出"),
        ("K", None, "有重复"),
        ("K", 0, "应在 1 至"),
        ("人员", (1, 2), "应摇出 9 个号"),
    ],
)
def test_numbers_that_cannot_have_come_out_are_refused(stratum, numbers, why):
    rosters = make_rosters()
    announcement = make_ballot(rosters)
    true = make_ballots(announcement, rosters)
    held = dict(true.numbers)
    people = true.people
    if stratum == "人员":
        people = numbers
    elif numbers is None:
        held["K"] = (held["K"][0], *held["K"][:-1])
    elif numbers == 0:
        held["K"] = (99, *held["K"][1:])
    else:
        held["K"] = numbers
    with pytest.raises(Invalid, match=why):
        check_ballots(announcement, rosters, Ballots(numbers=held, people=people))


def test_numbers_of_other_strata_than_the_announced_are_refused():
    rosters = make_rosters()
    announcement = make_ballot(rosters)
    true = make_ballots(announcement, rosters)
    with pytest.raises(Invalid, match="恰好列出"):
        check_ballots(
            announcement, rosters, Ballots(numbers={"K": true.numbers["K"]}, people=true.people)
        )


def test_without_people_for_a_seat_there_is_no_list():
    rosters = freeze_lists(
        [make_row("sha256", i) for i in range(5)],
        [make_person("sha256", i, org="zd", specialties=()) for i in range(3)],
        [],
    )
    announcement = make_ballot(rosters)
    with pytest.raises(NoTeam):
        outcome_of_ballots(announcement, rosters, make_ballots(announcement, rosters), SALT)


# -- the record


@pytest.mark.parametrize("profile", ["sha256", "sm3"])
def test_a_true_record_passes_and_its_anchors_hold(profile):
    record = make_ballot_record(profile)
    assert is_ballot(record)
    digest = read_ballot_record(record).announcement.digest().hex()
    assert is_valid(verify_ballot(record, announcement=digest, sealed=record["sealed"]))
    assert failed(record, announcement="ab" * 32) == ["12 锚定"]
    assert is_valid(verify_ballot(canon(record)))
    assert failed("{") == ["1 格式与次序"]


def test_a_rehearsal_is_no_draw():
    rosters = make_rosters()
    announcement = make_ballot(rosters, draw="TEST-1")
    record = make_ballot_record()
    record["announcement"] = announcement.plain()
    assert failed(record) == []
    assert failed(record, real=True) == ["2 抽取编号"]


def test_every_single_value_of_a_record_is_bound():
    record = make_ballot_record(n=12)
    marks = {pair[1] for pair in record["witnesses"]}
    for where, changed in forgeries(record):
        if where.startswith("['witnesses'"):
            assert {pair[1] for pair in changed["witnesses"]} != marks or where.endswith("0]")
            continue
        digest = read_ballot_record(record).announcement.digest().hex()
        given = {"announcement": digest, "sealed": record["sealed"]}
        assert failed(changed, **given), where


def test_a_witness_proves_the_own_presence_and_stays_unnamed():
    [mark, _] = make_witnesses()
    assert mark[1] == witness_mark(hash_of("sha256"), bytes(16), "U-0", "周监督")
    assert mark[1] != witness_mark(hash_of("sha256"), b"1" * 16, "U-0", "周监督")


@pytest.mark.parametrize(
    "witnesses", [[], [["现场监督", "ab" * 32]], [["现场监督", "ab" * 32]] * 2]
)
def test_fewer_than_two_witnesses_make_no_record(witnesses):
    record = make_ballot_record()
    record["witnesses"] = witnesses
    assert failed(record) == ["1 格式与次序"]
