"""T4 and T9: the lists stuffed, a team arranged; each with its control. T5: `test_classify`."""

import random
from dataclasses import replace

import pytest

from gongchou.core.canon import canon, parse
from gongchou.core.draw import outcome_of_seed
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import AvoidRow
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind
from gongchou.drawing import actions, models, reads
from gongchou.drawing.frozen import thawed
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.core.draw_samples import make_announcement, make_reveals, make_rosters
from tests.drawing import ceremony
from tests.registry.test_import import csv, take, uscc

# -- T4: a friend left out, the list padded, a row renamed


def left_out(body) -> None:
    gone = body["roster"].pop()
    del body["subjects"][gone[0]]


def padded(body) -> None:
    first = body["roster"][0]
    body["roster"].append([f"{'f' * 21}0", *first[1:]])
    body["subjects"][f"{'f' * 21}0"] = body["subjects"][first[0]]


def doubled(body) -> None:
    body["roster"].insert(1, body["roster"][0])


def renamed(body) -> None:
    """Two enterprises change places behind their ids: what is drawn would lead to the other."""
    one, other = list(body["subjects"])[:2]
    body["subjects"][one], body["subjects"][other] = body["subjects"][other], body["subjects"][one]


def moved(body) -> None:
    row = next(row for row in body["roster"] if row[2].startswith("key"))
    row[2] = next(s for s in body["rules"]["rates"] if not s.startswith("key"))


def eased(body) -> None:
    stratum = next(iter(body["rules"]["rates"]))
    body["rules"]["rates"][stratum] = [0, 1, 0]


def stuffed(ref: str, harm) -> None:
    """By somebody who owns the database."""
    row = models.Draw.objects.get(ref=ref)
    body = parse(bytes(row.frozen_body))
    harm(body)
    models.Draw.objects.filter(pk=row.pk).update(frozen_body=canon(body))


def drawn_from(stage, ref: str) -> reads.DrawRow:
    actions.reveal(ref, ceremony.text_of("zhou"), by=stage.zhou, at=AT)
    actions.reveal(ref, ceremony.text_of("bao"), by=stage.bao, at=AT)
    return reads.draw(ref)


@pytest.mark.parametrize("harm", [left_out, padded, doubled, renamed, moved])
def test_t4_a_list_changed_behind_the_announcement_is_not_drawn_from(db, harm):
    stage = ceremony.prepared(sites=12)
    draw = ceremony.closed_draw(stage)
    stuffed(draw, harm)
    with pytest.raises(Refused):
        drawn_from(stage, draw)
    assert models.Draw.objects.get(ref=draw).sealed_root == ""


def test_t4_the_announced_rate_decides_not_what_was_written_over_it(db):
    stage = ceremony.prepared(sites=12)
    draw = ceremony.closed_draw(stage)
    announced = reads.announcement(draw)["rates"]
    stuffed(draw, eased)
    assert announced == reads.announcement(draw)["rates"]
    assert drawn_from(stage, draw).visit_count > 0


def test_t4_the_same_list_untouched_is_drawn_from(db):
    """The control: what is refused above is the change and nothing else."""
    stage = ceremony.prepared(sites=12)
    draw = ceremony.closed_draw(stage)
    stuffed(draw, lambda body: None)
    assert drawn_from(stage, draw).sealed_root != ""


def test_t4_who_goes_by_another_name_after_the_draw_is_not_visited_instead(db):
    stage = ceremony.prepared(sites=12)
    draw = ceremony.sealed_draw(stage)
    stuffed(draw, renamed)
    at = ceremony.last_day(draw)
    opening = actions.request_release(draw, numbers=[0], by=stage.chen, at=at)
    with pytest.raises(Refused, match="底册被改动过"):
        ceremony.opened(stage, opening, at=at)


def test_t4_a_register_changed_after_the_plan_changes_no_draw(db):
    """Padded on the day of the draw: the plan's own snapshot is what is drawn from."""
    stage = ceremony.prepared(sites=12)
    late = [f"虚构新增{n},{uscc(n)},{uscc(n)}001P,简化管理,东片,废气" for n in range(50, 60)]
    take(ImportKind.SUBJECTS, csv(*late, header=ceremony.SITE), stage.chen)
    draw = ceremony.frozen_draw(stage)
    body = thawed(bytes(models.Draw.objects.get(ref=draw).frozen_body))
    assert len(body.subjects) == 12
    assert len(registers.snapshot(BUREAU, TODAY).subjects) == 22


NAME = "虚构化工ABC厂"
ALIKE = [
    "虚构化工ＡＢＣ厂",
    "虚构化工 ABC 厂",
    "虚构化工\u200bABC厂",
    "虚构化工abc厂",
    "虚构化工АВС厂",
]


@pytest.mark.parametrize(
    "name", ALIKE, ids=["full-width", "blanks", "zero-width", "case", "Cyrillic"]
)
def test_t4_a_second_entry_under_a_name_that_only_looks_alike_is_pointed_out(chen, bureau, name):
    rows = [f"{NAME},{uscc(1)},{uscc(1)}001P,登记管理", f"{name},{uscc(2)},{uscc(2)}001P,登记管理"]
    take(
        ImportKind.SUBJECTS,
        csv(*rows, header="单位名称,统一社会信用代码,固定污染源编码,管理类别"),
        chen,
    )
    boards = {board.key: board.total for board in registers.board(bureau, TODAY)}
    assert boards["look_alike"] == 2


def test_t4_another_name_is_not_called_alike(chen, bureau):
    rows = [
        f"{NAME},{uscc(1)},{uscc(1)}001P,登记管理",
        f"虚构化工ABD厂,{uscc(2)},{uscc(2)}001P,登记管理",
    ]
    take(
        ImportKind.SUBJECTS,
        csv(*rows, header="单位名称,统一社会信用代码,固定污染源编码,管理类别"),
        chen,
    )
    assert {b.key: b.total for b in registers.board(bureau, TODAY)}["look_alike"] == 0


# -- T9: a team arranged


def seated(rosters, barred=()) -> set[tuple[str, str]]:
    """Every (inspector, enterprise) that 200 draws put together."""
    avoid = [AvoidRow(iid=i, pid=p, reason="亲属", salt="cd" * 16) for i, p in barred]
    held = freeze_lists(rosters.subjects, rosters.inspectors, avoid)
    announcement, chance = make_announcement(held, make_reveals()), random.Random(9)
    found = set()
    for _ in range(200):
        outcome = outcome_of_seed(announcement, held, chance.randbytes(32))
        for visit in outcome.visits:
            found |= {(held.inspectors[i].iid, visit.pid) for part in visit.parts for i in part}
    return found


def test_t9_who_is_barred_from_a_firm_is_never_sent_there_and_else_would_be():
    rosters = make_rosters(n=30)
    free = replace(rosters, avoid=())
    everybody = seated(free)
    barred = sorted(everybody)[::7][:20]
    assert len(barred) == 20
    assert not seated(free, barred) & set(barred)
