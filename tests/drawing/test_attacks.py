"""The eight attacks on the draw log, and the threats a draw must withstand, each by its name.

The attacks are made by somebody who owns the database and, where it says so, the signing key. What
can be found inside is found by the log file alone; the rest by a head that left the house.
"""

import json
import random
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongchou.core import merkle
from gongchou.core.canon import canon
from gongchou.core.draw import outcome_of_seed, seed_of
from gongchou.core.powers import system
from gongchou.core.refusals import Refused
from gongchou.core.terms import DrawState
from gongchou.drawing import actions, log_file, log_reads, models, reads, signing, strongbox
from gongchou.drawing.actions._log import HASH
from tests.conftest import AT, BUREAU
from tests.core.draw_samples import CLOSING, make_announcement, make_reveals, make_rosters
from tests.drawing import ceremony, presses

Log = dict[str, Any]


@pytest.fixture
def true_log(db) -> Log:
    """Two signed heads over the log of a whole ceremony."""
    stage = ceremony.prepared(sites=12)
    draw = ceremony.announced_draw(stage)
    actions.sign_log(by=system(BUREAU), at=AT)
    actions.enter_closing(draw, ceremony.THROWS, by=stage.chen, at=AT)
    actions.confirm_closing(draw, ceremony.THROWS, by=stage.zhou, at=AT)
    actions.sign_log(by=system(BUREAU), at=AT)
    found: Log = json.loads(log_reads.as_file(BUREAU))
    return found


def failed(log: Log, **given: Any) -> list[str]:
    key = log_reads.public_key(BUREAU)
    return [one.name for one in log_file.checked(canon(log), key=key, **given) if not one.ok]


def kept(log: Log) -> tuple[int, str]:
    """The newest head as the superior keeps it."""
    return log["heads"][-1]["size"], log["heads"][-1]["root"]


def signed_again(log: Log) -> None:
    """New roots and signatures over whatever the entries say now, by the true key."""
    row = models.LogKey.objects.get()
    private = strongbox.show(strongbox.server_key(), bytes(row.locked), about=f"log-key {BUREAU}")
    for head in log["heads"]:
        bodies = [canon(entry) for entry in log["entries"][: head["size"]]]
        head["root"] = merkle.root(HASH, bodies).hex()
        said = signing.Head(bureau=BUREAU, size=head["size"], root=head["root"], at=head["at"])
        head["signature"] = signing.sign(private, said).hex()


def test_the_true_log_holds(true_log):
    assert failed(true_log, kept=kept(true_log)) == []


def test_attack_1_edit(true_log):
    true_log["entries"][1]["data"]["seq"] = 7
    assert failed(true_log) == ["签名"]


def test_attack_2_delete(true_log):
    del true_log["entries"][1]
    assert failed(true_log) == ["各条"]
    for place, entry in enumerate(true_log["entries"], start=1):
        entry["number"] = place
    assert failed(true_log) == ["签名"]


def test_attack_3_swap(true_log):
    one, other = true_log["entries"][:2]
    one["number"], other["number"] = 2, 1
    true_log["entries"][:2] = [other, one]
    assert failed(true_log) == ["签名"]


def test_attack_4_insert(true_log):
    true_log["entries"].insert(1, {**true_log["entries"][0]})
    for place, entry in enumerate(true_log["entries"], start=1):
        entry["number"] = place
    assert failed(true_log) == ["签名"]


def test_attack_5_cut_the_tail(true_log):
    outside = kept(true_log)
    true_log["entries"].pop()
    true_log["heads"].pop()
    assert failed(true_log) == []
    assert failed(true_log, kept=outside) == ["留存"]


def test_attack_6_sign_again_with_the_key(true_log):
    outside = kept(true_log)
    true_log["entries"][0]["by"] = "他人"
    signed_again(true_log)
    assert failed(true_log) == []
    assert failed(true_log, kept=outside) == ["留存"]


def test_attack_7_restore_an_old_database(true_log):
    """The old database goes on living: other entries follow, under the true key."""
    outside = kept(true_log)
    old = true_log["entries"][-1]
    true_log["entries"][-1] = {**old, "kind": "void", "data": {"reason": "重来"}}
    signed_again(true_log)
    assert failed(true_log) == []
    assert failed(true_log, kept=outside) == ["留存"]


def test_attack_8_set_the_clock_back(true_log):
    true_log["entries"][-1]["at"] = "2026-01-04T23:00:00+08:00"
    signed_again(true_log)
    assert failed(true_log) == ["时间"]


# -- T1: an insider steers the draw


def test_t1_all_shares_but_one_in_one_hand_do_not_move_the_odds():
    """The insider tries 200 own shares and keeps the best against a guess of the honest one.

    2,000 draws; five standard errors let a fair draw fail once in about two million runs. With the
    honest share known beforehand the same insider wins nearly always: the control must fail.
    """
    rosters, chance = make_rosters(n=20), random.Random(5)
    shares = [reveal.share for reveal in make_reveals()]
    announcement = make_announcement(rosters, make_reveals())
    target = next(row.pid for row in rosters.subjects if row.stratum == "K")

    def is_drawn(mine: bytes, honest: bytes) -> bool:
        seed = seed_of(announcement, CLOSING, [mine, honest, shares[2]])
        return target in {
            visit.pid for visit in outcome_of_seed(announcement, rosters, seed).visits
        }

    guess = chance.randbytes(32)
    tries = [chance.randbytes(32) for _ in range(200)]
    best = next(mine for mine in tries if is_drawn(mine, guess))
    n = sum(row.stratum == "K" for row in rosters.subjects)
    p = -(-n * 25 // 100) / n
    hits = sum(is_drawn(best, chance.randbytes(32)) for _ in range(2000))
    assert abs(hits / 2000 - p) < 5 * (p * (1 - p) / 2000) ** 0.5
    knowing = sum(
        any(is_drawn(mine, honest) for mine in tries[:20])
        for honest in (chance.randbytes(32) for _ in range(20))
    )
    assert knowing / 20 > p + 5 * (p * (1 - p) / 20) ** 0.5


# -- T2: preview and discard


STEPS = (ceremony.frozen_draw, ceremony.promised_draw, ceremony.announced_draw)


@pytest.mark.parametrize("step", STEPS)
def test_t2_an_abort_at_any_step_keeps_its_number_and_stays_visible(db, step):
    stage = ceremony.prepared(sites=12)
    first = step(stage)
    actions.void_draw(first, "会议改期", by=stage.lin, at=AT)
    second = ceremony.announced_draw(stage)
    rows = {row.ref: row for row in reads.draws(BUREAU, stage.quarter)}
    assert set(rows) == {first, second}
    assert rows[first].state is DrawState.VOID
    wanted = 2 if step is ceremony.announced_draw else 1
    assert rows[second].seq == wanted
    voids = [row.draw for row in reads.log(BUREAU) if row.kind == "void"]
    assert voids == [first]


@pytest.mark.parametrize("step", [ceremony.closed_draw, ceremony.drawn_draw, ceremony.sealed_draw])
def test_t2_after_the_closing_nobody_discards_alone(db, step):
    stage = ceremony.prepared(sites=12)
    draw = step(stage)
    with pytest.raises(Refused):
        actions.void_draw(draw, "不合适", by=stage.lin, at=AT)
    with pytest.raises(Refused):
        ceremony.frozen_draw(stage)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Draw.objects.filter(ref=draw).update(
            state="void", void_reason="不合适", voided_at=AT, voided_by_ref="U-lin"
        )


# -- T3: a leak of the sealed list


PAGES = ("", "papers/", "papers/process.pdf", "papers/unsealing.pdf", "released/", "record.json")


def test_t3_no_page_of_any_role_names_a_drawn_unit_before_its_release(db, signed_in):
    stage = ceremony.prepared(sites=12)
    draw = ceremony.sealed_draw(stage)
    for login in stage.cast:
        browser = signed_in(stage.cast[login])
        for page in PAGES:
            body = browser.get(f"/draw/{draw}/{page}").content
            assert "虚构化工".encode() not in body, (login, page)


def test_t3_a_sealed_and_a_missing_visit_are_refused_alike(db, signed_in):
    stage = ceremony.prepared(sites=12)
    draw = ceremony.sealed_draw(stage)
    browser = signed_in(stage.chen)
    sealed, missing = (browser.get(f"/draw/{draw}/released/{n}/") for n in (0, 5))
    assert sealed.status_code == missing.status_code
    assert abs(len(sealed.content) - len(missing.content)) <= 2


# -- two officers at once


def test_two_officers_pressing_at_once_five_hundred_times_make_five_hundred_draws(
    transactional_db,
):
    assert presses.pressed(500).is_one_each(500)
