"""The stranger again, over what is not a plain draw: departments, balls, reseats, voids.

A thousand draws of several departments and a thousand by balls, with substitutions; reseats in all
three; and the draw that follows a void one, from the same frozen lists.
"""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from gongchou.core import ballot, joint
from gongchou.core.ballot_record import build_ballot_record
from gongchou.core.canon import canon
from gongchou.core.draw import conduct
from gongchou.core.draw_values import Substitution
from gongchou.core.joint_record import after, build_joint_record
from gongchou.core.pairing import NoTeam
from gongchou.core.substitution import Reseat, reseat, substitute, team_now
from tests.core.ballot_samples import SALT, make_witnesses
from tests.core.draw_samples import CLOSING, make_announcement, make_reveals
from tests.verifier import stranger, stranger_ballot, stranger_joint
from tests.verifier.test_same_draw import hopeless_record, scarce_announcement, scarce_bureau
from tests.verifier.test_same_joint_draw import scarce
from tests.verifier.test_stranger import by_product, by_stranger
from tests.verifier.test_verify_ballot import drawn as scarce_ballot

SHAPES = 1000
DR2 = json.loads((Path(__file__).parents[2] / "docs/spec/draw2.vectors.json").read_text("utf-8"))


def plain(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def away(outs) -> list[Substitution]:
    return [Substitution(out=pid, reason="已注销", on="2026-10-20") for pid in outs]


def picked(chance: random.Random, pids) -> list[str]:
    return chance.sample(list(pids), min(len(list(pids)), chance.randint(0, 3)))


# -- several departments


def joint_given(announcement, lists, outs) -> tuple[dict, list]:
    """What decides a joint draw, as it stands in a record; and the avoidances of each list."""
    departments = [
        {
            "roster": [row.plain() for row in own.subjects],
            "inspectors": [row.plain() for row in own.inspectors],
        }
        for own in lists
    ]
    given = {
        "announcement": announcement.plain(),
        "departments": departments,
        "reveals": [reveal.plain() for reveal in make_reveals()],
        "closing": CLOSING,
        "substitutions": [[out, "已注销", "2026-10-20"] for out in outs],
    }
    return given, [[row.plain() for row in own.avoid] for own in lists]


def joint_by_stranger(given, avoid) -> bytes | None:
    try:
        return plain(stranger_joint.record(given, avoid))
    except stranger.Hopeless:
        return None


def joint_by_product(announcement, lists, outs) -> bytes | None:
    try:
        return canon(
            build_joint_record(
                announcement,
                lists,
                reveals=make_reveals(),
                closing=CLOSING,
                substitutions=away(outs),
            )
        )
    except NoTeam:
        return None


def test_the_stranger_writes_the_published_joint_records():
    for own in DR2.values():
        given = own["record"]
        avoid = [[entry["row"] for entry in d["avoid"]] for d in given["departments"]]
        assert joint_by_stranger(given, avoid) == plain(given)


def test_a_thousand_joint_draws_agree_bit_for_bit():
    drawn = hopeless = substituted = 0
    for number in range(SHAPES):
        chance = random.Random(20_000 + number)
        lists, announcement = scarce(chance)
        wanted = joint_by_product(announcement, lists, [])
        outs = picked(chance, [v[0] for v in json.loads(wanted)["visits"]]) if wanted else []
        wanted = joint_by_product(announcement, lists, outs) if outs else wanted
        assert joint_by_stranger(*joint_given(announcement, lists, outs)) == wanted, number
        drawn, hopeless = drawn + bool(wanted), hopeless + (wanted is None)
        substituted += bool(wanted and outs)
    assert (drawn + hopeless, min(drawn, hopeless) > 100, substituted > 100) == (SHAPES, True, True)


# -- numbered balls


def ballot_given(announcement, rosters, ballots, outs) -> tuple[dict, list]:
    numbers, people = ballots.plain()
    given = {
        "announcement": announcement.plain(),
        "roster": [row.plain() for row in rosters.subjects],
        "inspectors": [row.plain() for row in rosters.inspectors],
        "numbers": numbers,
        "people": people,
        "witnesses": [list(pair) for pair in make_witnesses()],
        "salt": SALT.hex(),
        "substitutions": [[out, "已注销", "2026-10-20"] for out in outs],
    }
    return given, [row.plain() for row in rosters.avoid]


def ballot_by_stranger(given, avoid) -> bytes | None:
    try:
        return plain(stranger_ballot.record(given, avoid))
    except stranger.Hopeless:
        return None


def ballot_by_product(announcement, rosters, ballots, outs) -> bytes | None:
    try:
        return canon(
            build_ballot_record(
                announcement,
                rosters,
                ballots,
                salt=SALT,
                witnesses=make_witnesses(),
                substitutions=away(outs),
            )
        )
    except NoTeam:
        return None


def test_a_thousand_draws_by_balls_agree_bit_for_bit():
    drawn = hopeless = substituted = 0
    for number in range(SHAPES):
        chance = random.Random(30_000 + number)
        lists = scarce_ballot(chance)
        wanted = ballot_by_product(*lists, [])
        outs = picked(chance, [v[0] for v in json.loads(wanted)["visits"]]) if wanted else []
        wanted = ballot_by_product(*lists, outs) if outs else wanted
        given = ballot_given(*lists, outs)
        roll = [plain(ball) for ball in stranger_ballot.roll(given[0])]
        root = stranger.Bytes("sha256").root(roll).hex()
        assert [len(roll), root] == given[0]["announcement"]["roll"]
        assert ballot_by_stranger(*given) == wanted, number
        drawn, hopeless = drawn + bool(wanted), hopeless + (wanted is None)
        substituted += bool(wanted and outs)
    assert (drawn + hopeless, min(drawn, hopeless) > 100, substituted > 100) == (SHAPES, True, True)


# -- reseats


def chain(chance, outcome, rules, rosters, seats, ask) -> int:
    """Up to four officers who cannot go, each replaced by product and stranger alike."""
    log: list[Reseat] = []
    for _ in range(4 if outcome.visits else 0):
        pid = chance.choice(outcome.visits).pid
        team = [i for part in team_now(outcome, pid, log).parts for i in part]
        out = chance.choice(team)
        told = [(r.pid, r.out, r.into) for r in log]
        try:
            found = reseat(outcome, rules, rosters, log, pid=pid, out=out, seats=seats)
        except NoTeam:
            with pytest.raises(stranger.Hopeless):
                ask(told, pid, out)
            continue
        assert ask(told, pid, out) == found.into
        log.append(found)
    return len(log)


def test_reseats_of_plain_draws_agree():
    """After a substitution or none: the log's earlier reseats count, the record's teams stay."""
    done = 0
    for number in range(300):
        chance = random.Random(40_000 + number)
        rosters = scarce_bureau(chance)
        announcement = scarce_announcement(chance, rosters)
        try:
            outcome = conduct(announcement, rosters, make_reveals(), CLOSING)
            outs = picked(chance, [v.pid for v in outcome.visits])[:1]
            for out in outs:
                outcome = substitute(outcome, announcement, rosters, out)
        except NoTeam:
            continue
        given = hopeless_record(announcement, rosters)
        given["substitutions"] = [[out, "已注销", "2026-10-20"] for out in outs]
        barred = [row.plain() for row in rosters.avoid]

        def ask(told, pid, out, given=given, barred=barred):
            drawn = stranger.Draw(given, barred)
            drawn.run()
            return stranger.reseat(drawn, told, pid, out)

        done += chain(chance, outcome, announcement, rosters, None, ask)
    assert done > 150


def test_reseats_of_draws_by_balls_agree():
    done = 0
    for number in range(300):
        chance = random.Random(50_000 + number)
        announcement, rosters, ballots = scarce_ballot(chance)
        try:
            outcome = ballot.outcome_of_ballots(announcement, rosters, ballots, SALT)
        except NoTeam:
            continue
        given = ballot_given(announcement, rosters, ballots, [])

        def ask(told, pid, out, given=given):
            drawn = stranger_ballot.Ballot(*given)
            drawn.run()
            return stranger.reseat(drawn, told, pid, out)

        seats = ballot.seats_of(ballots)
        done += chain(chance, outcome, announcement.rules, rosters, seats, ask)
    assert done > 150


def test_reseats_of_joint_draws_agree():
    """Each department among its own people."""
    done = 0
    for number in range(300):
        chance = random.Random(60_000 + number)
        lists, announcement = scarce(chance)
        try:
            outcome = joint.conduct(announcement, lists, make_reveals(), CLOSING)
            outs = picked(chance, [v.pid for v in outcome.visits])[:1]
            outcome = after(outcome, announcement, lists, outs)
        except NoTeam:
            continue
        given = joint_given(announcement, lists, outs)
        d = chance.randrange(len(lists))

        def ask(told, pid, out, given=given, d=d):
            drawn = stranger_joint.Joint(*given)
            drawn.run()
            return stranger.reseat(drawn.own[d], told, pid, out)

        seats = joint.seats_of(announcement, outcome.seed, d)
        done += chain(chance, outcome.lists[d], announcement.rules_of(d), lists[d], seats, ask)
    assert done > 150


# -- voids


def test_the_draws_around_a_void_one_agree():
    """No lawful team, or a share lost: the same frozen lists, the next number, other shares."""
    hopeless = again = 0
    for number in range(150):
        chance = random.Random(70_000 + number)
        rosters = scarce_bureau(chance)
        first = scarce_announcement(chance, rosters)
        wanted = by_product(first, rosters, [])
        assert by_stranger(json.loads(wanted or canon(hopeless_record(first, rosters)))) == wanted
        reveals = make_reveals(number + 2)
        commits = make_announcement(rosters, reveals, draw="990173-2026Q4-002").commits
        following = replace(first, draw="990173-2026Q4-002", seq=2, prev="ab" * 32, commits=commits)
        assert following.roster == first.roster
        second = by_product(following, rosters, [], reveals)
        given = json.loads(second or canon(hopeless_record(following, rosters, reveals)))
        assert by_stranger(given) == second, number
        hopeless, again = hopeless + (wanted is None), again + bool(second and second != wanted)
    assert min(hopeless, again) > 20
