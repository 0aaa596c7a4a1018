"""The verifier of ballots agrees with the core on every record, true or forged."""

import contextlib
import json
import random
from dataclasses import replace

import pytest

from gongchou.core.ballot import BallotAnnouncement, outcome_of_ballots, roll_head, seats_of
from gongchou.core.ballot_record import build_ballot_record, read_ballot_record, verify_ballot
from gongchou.core.canon import hash_of
from gongchou.core.draw_record import is_valid
from gongchou.core.draw_values import Rate, Substitution
from gongchou.core.pairing import NoTeam
from gongchou.core.substitution import substitute
from tests.core.ballot_samples import (
    MANNER,
    SALT,
    make_ballot_record,
    make_ballots,
    make_witnesses,
)
from tests.core.draw_samples import forged, forgeries
from tests.verifier.test_same_draw import scarce_announcement, scarce_bureau
from verifier import verify_ballot as program


@pytest.fixture
def judged(tmp_path, capsys):
    def judge(record, *options: str) -> tuple[int, str]:
        path = tmp_path / "record.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        status = program.main([str(path), *options])
        return status, capsys.readouterr().out

    return judge


@pytest.mark.parametrize("profile", ["sha256", "sm3"])
def test_a_true_record_passes_with_its_anchors(judged, profile):
    record = make_ballot_record(profile)
    digest = read_ballot_record(record).announcement.digest().hex()
    status, says = judged(record, "--announcement", digest, "--sealed", record["sealed"], "--real")
    assert (status, "核验通过" in says, "未锚定" in says) == (0, True, False)
    assert judged(record, "--sealed", "ab" * 32)[0] == 1
    assert "未锚定" in judged(record)[1]


def test_a_record_of_the_other_protocol_and_no_record_get_a_sentence(judged, tmp_path):
    for wrong in ({}, [], {"announcement": {"v": "DR1", "rates": {}}}, 7):
        status, says = judged(wrong)
        assert (status, "第 1 步" in says) == (1, True)
    assert program.main([str(tmp_path / "missing.json")]) == 1


def drawn(chance: random.Random) -> tuple[BallotAnnouncement, object, object]:
    rosters = scarce_bureau(chance)
    rules = replace(scarce_announcement(chance, rosters), commits=(), closing_rule="")
    announcement = BallotAnnouncement(
        rules=rules,
        roll=roll_head(hash_of("sha256"), rosters),
        reserve=chance.randint(0, 3),
        manner=MANNER,
    )
    return announcement, rosters, make_ballots(announcement, rosters, chance.randrange(10**9))


def test_both_programs_find_the_same_list_on_three_hundred_shapes(judged):
    sound = hopeless = 0
    for number in range(300):
        chance = random.Random(number)
        announcement, rosters, ballots = drawn(chance)
        try:
            outcome = outcome_of_ballots(announcement, rosters, ballots, SALT)
        except NoTeam:
            hopeless += 1
            continue
        outs: list[Substitution] = []
        with contextlib.suppress(NoTeam):
            for k in range(chance.randint(0, 3) if outcome.visits else 0):
                pid = outcome.visits[k % len(outcome.visits)].pid
                outcome = substitute(
                    outcome, announcement.rules, rosters, pid, seats=seats_of(ballots)
                )
                outs.append(Substitution(out=pid, reason="已注销", on="2026-10-20"))
                if not outcome.visits:
                    break
        record = build_ballot_record(
            announcement,
            rosters,
            ballots,
            salt=SALT,
            witnesses=make_witnesses(),
            substitutions=outs,
        )
        assert is_valid(verify_ballot(record))
        status, says = judged(record)
        assert status == 0, (number, says)
        sound += 1
    assert sound > 100
    assert hopeless > 50


def test_a_stratum_from_which_nothing_is_drawn_holds_no_reserve(judged):
    rates = {"K": Rate(num=1, den=4, floor=1), "G": Rate(num=0, den=1, floor=0)}
    record = make_ballot_record(rates=rates)
    assert record["numbers"]["G"] == []
    assert judged(record)[0] == 0
    record["numbers"]["G"] = [1]
    assert judged(record)[0] == 1


def test_whatever_is_changed_both_notice_or_neither(judged):
    record, chance = make_ballot_record(n=20), random.Random(7)
    digest = read_ballot_record(record).announcement.digest().hex()
    anchors = ("--announcement", digest, "--sealed", record["sealed"])
    for _ in range(300):
        where, changed = forged(record, chance)
        given = {"announcement": digest, "sealed": record["sealed"]}
        ours = is_valid(verify_ballot(changed, **given))
        theirs, says = judged(changed, *anchors)
        assert (theirs == 0) == ours, (where, says)
        assert not ours or where.startswith("['witnesses'"), where


def test_every_single_value_is_bound(judged):
    record = make_ballot_record(n=8)
    digest = read_ballot_record(record).announcement.digest().hex()
    for where, changed in forgeries(record):
        status, _ = judged(changed, "--announcement", digest, "--sealed", record["sealed"])
        assert status == 1 or where.startswith("['witnesses'"), where
