"""What publication refuses: two at once, the wrong state, another bureau's, files that are none."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import PublicationState
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.models import Visit
from gongchou.publication import (
    actions,
    gathering,
    gathering_draws,
    gathering_results,
    models,
    office,
    reads,
    shapes_read,
)
from gongchou.publication.actions import _keeping as keeping
from gongchou.web.door_keys import door_code
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, opened, started
from tests.publication.conftest import QUARTER, TABLE, row
from tests.publication.test_results import reviewed, through

OTHER = "990174"


def stored(ref: str) -> models.Publication:
    return models.Publication.objects.get(ref=ref)


def test_of_two_who_decide_at_once_the_second_is_told(table):
    first, second = stored(table), stored(table)
    keeping.moved(first, PublicationState.RETURNED, return_reason="请核对")
    with pytest.raises(Stale, match="刚被他人办理"):
        keeping.moved(second, PublicationState.RETURNED, return_reason="请核对")


def test_of_two_who_mark_at_once_the_second_is_told(make_notice):
    notice = make_notice(row(1))
    first, second = stored(notice), stored(notice)
    keeping.renew(first, digest="0" * 64)
    with pytest.raises(Stale, match="刚被他人办理"):
        keeping.renew(second, digest="1" * 64)


def test_a_number_that_is_taken_again_and_again_ends_with_a_sentence(table, chen):
    number = models.Publication.objects.filter(bureau=BUREAU).count() + 1
    taken = stored(table)
    taken.pk, taken.bureau, taken.ref = None, OTHER, f"G{BUREAU}-{number:05}"
    taken.save()
    with pytest.raises(Stale, match="刚被他人提出公示"):
        actions.propose_table("另表", TABLE, quarter=QUARTER, source="S9", by=chen, at=AT)


def test_a_visit_that_another_notice_holds_is_in_no_second_one(make_notice):
    make_notice(row(1))
    with pytest.raises(Stale, match="检查 V1 的结果已在另一份公示件里"):
        make_notice(row(1), row(2))


def test_a_correction_is_too_late_once_its_notice_was_withdrawn(house, gong):
    visit = reviewed(house, is_clean=False)
    notice = through(actions.propose_results([visit], by=house.chen, at=LATER), house, gong)
    [order] = visits.aftermath(visit).orders
    inspection.record_follow_up(
        order.ref, "已修好", on=TODAY, is_corrected=True, by=house.wang, at=LATER
    )
    new = actions.correct(notice, "改正情况更新", by=house.chen, at=LATER)
    actions.withdraw(notice, "批次有误", by=gong, at=LATER)
    with pytest.raises(Stale, match="已被撤下或另行更正"):
        through(new, house, gong)


def test_nothing_is_taken_down_that_is_not_public(make_notice, gong):
    with pytest.raises(Refused, match="不在公示中"):
        actions.withdraw_result(make_notice(row(1)), 1, "有误", by=gong, at=AT)


def test_only_what_was_returned_is_proposed_again(plan, chen):
    with pytest.raises(Refused, match="只有已退回"):
        actions.propose_again(actions.propose_plan(plan, by=chen, at=AT), by=chen, at=AT)


def test_a_table_that_says_the_same_is_no_correction_and_is_not_pulled_anew(
    table, chen, make_public
):
    make_public(table)
    draft = gathering.statistics(BUREAU, "统计表", QUARTER, stored(table).source, TABLE)
    with pytest.raises(Refused, match="完全一致"):
        actions.propose_or_correct(draft, "重算", by=chen, at=AT)
    with pytest.raises(Refused, match="统计表不能这样更正"):
        actions.correct(table, "重算", by=chen, at=AT)


def test_results_are_of_one_quarter_and_of_the_own_bureau(house):
    refs = [reviewed(house), reviewed(house)]
    Visit.objects.filter(ref=refs[1]).update(quarter="2026Q2")
    with pytest.raises(Refused, match="同一季度"):
        actions.propose_results(refs, by=house.chen, at=LATER)
    with pytest.raises(Refused, match="本机构没有"):
        gathering_results.results(OTHER, refs[:1])


def test_a_visit_has_no_slip_before_it_was_sent_out_and_none_of_another_bureau(house):
    ref = opened(house)
    with pytest.raises(Refused, match="还没有派发"):
        actions.renew_slip(ref, by=replace(house.chen, bureau=OTHER), at=LATER)
    Visit.objects.filter(ref=ref).update(state="released")
    with pytest.raises(Refused, match="还没有派发"):
        actions.renew_slip(ref, by=house.chen, at=LATER)


def test_of_two_who_write_a_slip_at_once_the_second_is_told(house):
    ref = opened(house)
    models.DoorSlip.objects.create(
        bureau=BUREAU, visit=ref, version=2, code_digest=door_code(ref), body=b"{}", digest="",
        made_at=LATER,
    )  # fmt: skip
    with pytest.raises(Stale, match="刚被更新"):
        actions.renew_slip(ref, by=house.chen, at=LATER)


def test_an_entry_is_of_the_own_bureau_and_not_before_the_visit(house, gong):
    enter = partial(actions.record_permit_entries, [reviewed(house)], at=LATER)
    with pytest.raises(Refused, match="本机构没有"):
        enter(on=TODAY, by=replace(gong, bureau=OTHER))
    with pytest.raises(Invalid, match="早于“虚构化工1”的检查结束之日"):
        enter(on=TODAY - timedelta(1), by=gong)
    assert not models.PermitEntry.objects.exists()


def test_a_bureau_without_a_trail_has_no_checkpoint(db):
    with pytest.raises(Refused, match="没有任何留痕"):
        gathering_draws.checkpoint(OTHER)


def test_another_bureau_sees_no_document_of_this_one(table, gong, signed_in):
    with pytest.raises(Refused, match="本机构没有"):
        office.preview(table, OTHER)
    models.Publication.objects.filter(ref=table).update(bureau=OTHER)
    answer = signed_in(gong).get(f"/publish/{table}/")
    assert "本机构没有编号" in answer.content.decode()
    assert reads.document(table).bureau == OTHER


@pytest.mark.parametrize("day", ["", "十月", "2026-13-01", "20260106x"])
def test_a_day_that_is_none_is_refused_with_how_to_write_it(house, gong, signed_in, day):
    sent = {"visit": [started(house)], "on": day}
    page = signed_in(gong).post("/publish/permit/?quarter=2026Q1", sent, follow=True)
    assert "填报日期写法不对" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "打不开"),
        ("列".encode("gbk"), "打不开"),
        (b"columns = [", "不是正确的 TOML"),
    ],
)
def test_a_map_of_columns_that_cannot_be_read_is_refused_by_name(tmp_path, content, says):
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Invalid, match=f"own.toml.*{says}"):
        shapes_read.shape("permit", path)


def test_an_empty_file_has_no_rows_to_read_back():
    with pytest.raises(Invalid, match="没有表头"):
        shapes_read.from_csv(shapes_read.shape("permit"), b"")
