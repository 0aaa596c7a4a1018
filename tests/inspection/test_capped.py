"""One more daily visit beyond the yearly limit goes out for a listed reason only."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from gongchou.accounts.models import Bureau
from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import InspectionKind
from gongchou.core.workdays import Quarter
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, reads
from gongchou.inspection.capped import cap_stand, capped_visits
from gongchou.inspection.models import CapExemption
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.registry.models import PastVisit, Subject, SubjectVersion
from gongchou.web.clock import day_of
from tests.conftest import BUREAU
from tests.drawing import ceremony


@pytest.fixture
def stage(bureau):
    return ceremony.prepared()


@pytest.fixture
def draw(stage) -> str:
    registry.adopt_policy(
        shipped="overlay_2025",
        since=Quarter.parse(stage.quarter).first,
        document="虚构〔2026〕2号",
        by=stage.lin,
        at=ceremony.AT,
    )
    found = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, found)
    return found


def visited(ref: str, times: int, on: date, kind=InspectionKind.DAILY) -> None:
    for n in range(times):
        PastVisit.objects.create(
            subject=Subject.objects.get(ref=ref), known_since=on, visit_ref=f"以前-{ref}-{n}",
            ended_on=date(on.year, 1, 2), inspection_kind=kind.value, inspectors=[],
        )  # fmt: skip


@pytest.fixture
def full(draw):
    """The first site of the list has had its two daily visits of the year."""
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    visited(first.subject, 2, day_of(at))
    return first


def test_the_limit_blocks_until_a_listed_reason_is_given_and_recorded(stage, draw, full):
    at = ceremony.last_day(draw)
    with pytest.raises(Refused, match=r"本年已有日常检查 2 次，年度上限为 2 次.*请在检查列表"):
        actions.dispatch_visit(draw, full.number, by=stage.chen, at=at)
    with pytest.raises(Invalid, match="不是方案列出的"):
        actions.dispatch_visit(draw, full.number, exemption="顺路", by=stage.chen, at=at)
    ref = actions.dispatch_visit(draw, full.number, exemption="突发情况", by=stage.chen, at=at)
    data = audit.events(BUREAU, about=ref)[0].event.data
    assert (data["cap_exemption"], data["cap_made"], data["cap_limit"]) == ("突发情况", 2, 2)
    kept = reads.visit(ref).beyond_cap
    assert (kept.reason, kept.made, kept.limit) == ("突发情况", 2, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        CapExemption.objects.update(reason="顺路")


def test_the_reason_is_shown_with_the_visit_and_in_the_list(signed_in, stage, draw, full):
    at = ceremony.last_day(draw)
    ref = actions.dispatch_visit(draw, full.number, exemption="突发情况", by=stage.chen, at=at)
    browser = signed_in(stage.chen)
    page = browser.get(f"/visits/{ref}/").content.decode()
    assert "派发前本年已有日常检查 2 次，年度上限为 2 次；按“突发情况”派发" in page
    home = browser.get(f"/visits/?quarter={stage.quarter}").content.decode()
    assert "超过年度上限：突发情况" in home


def test_what_another_body_did_is_told_and_does_not_fill_our_cap(stage, draw):
    """The cap is each body's own; the enterprise's other visits are known to whoever dispatches."""
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    ours = Subject.objects.get(ref=first.subject)
    code = SubjectVersion.objects.filter(subject=ours).first()
    other = Subject.objects.create(
        ref="S-other",
        bureau=Bureau.objects.create(
            code="990174", name="邻区分局（虚构）", bureau_level="district"
        ),
    )
    code.pk, code.subject, code.bureau = None, other, other.bureau
    code.save()
    visited(other.ref, 2, day_of(at))
    subject = registers.subject(first.subject, BUREAU, day_of(at)).subject
    stand = cap_stand(BUREAU, subject, day_of(at))
    assert (stand.made, stand.elsewhere, stand.is_reached) == (0, 2, False)
    assert "其他机关本年另有 2 次，不计入" in stand.says
    assert actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)


def test_the_rest_of_the_list_goes_out_and_the_full_ones_stay(stage, draw, full):
    refs = actions.dispatch_released(draw, by=stage.chen, at=ceremony.last_day(draw))
    assert len(refs) == draws.draw(draw).visit_count - 1
    assert [row.number for row in reads.waiting(draw)] == [full.number]
    with pytest.raises(Refused, match="年度上限为 2 次"):
        actions.dispatch_released(draw, by=stage.chen, at=ceremony.last_day(draw))


def test_visits_for_a_reason_do_not_fill_the_year(stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    visited(first.subject, 2, day_of(at), kind=InspectionKind.CASE)
    assert actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)


def test_a_visit_under_way_counts_before_it_is_on_record(stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    subject = registers.subject(first.subject, BUREAU, day_of(at)).subject
    assert cap_stand(BUREAU, subject, day_of(at)).made == 0
    actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    assert cap_stand(BUREAU, subject, day_of(at)).made == 1


def test_the_last_place_is_a_warning_and_the_page_offers_the_reasons(signed_in, stage, draw, full):
    second, at = draws.released(draw)[1], ceremony.last_day(draw)
    visited(second.subject, 1, day_of(at))
    found = {row.released.number: row.stand for row in capped_visits(BUREAU, draw, day_of(at))}
    assert {n: s.is_reached for n, s in found.items()} == {full.number: True, second.number: False}
    page = (
        signed_in(stage.chen)
        .get(reverse("inspection:home"), {"quarter": stage.quarter})
        .content.decode()
    )
    assert "派发这一次即达到上限" in page
    assert "<option>突发情况</option>" in page
    assert f"派发 {draws.draw(draw).visit_count - 1} 次检查" in page


def test_without_a_cap_nobody_is_counted(stage):
    draw = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, draw)
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    visited(first.subject, 9, day_of(at))
    assert capped_visits(BUREAU, draw, day_of(at)) == ()
    assert actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
