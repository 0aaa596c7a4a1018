"""What was held is recorded once, completed by names and files, and withdrawn with a reason."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import TrainingKind
from gongchou.training import actions, models, reads
from tests.conftest import AT, BUREAU, TODAY

pytestmark = pytest.mark.database
PDF = b"%PDF-1.4\nfictional\n%%EOF\n"


def kinds() -> list[str]:
    return [link.event.kind for link in audit.chain(BUREAU)]


def test_a_training_keeps_who_was_there_with_their_names(chen, li, draft):
    ref = actions.record_event(draft, [chen.ref, li.ref], by=chen, at=AT)
    row = reads.event(ref, BUREAU)
    assert [one.name for one in row.attendances] == ["陈组长", "李执法"]
    assert (row.kind, row.held_by) == (TrainingKind.STAFF, "临溪市生态环境局高新区分局（虚构）")
    assert kinds()[-1] == EventKind.TRAINING_RECORDED


def test_an_inspector_records_a_service_too_and_a_stranger_nothing(li, stranger, draft):
    told = replace(draft, kind=TrainingKind.SERVICE, visit="V1")
    actions.record_event(told, by=li, at=AT)
    assert [one.visit for one in reads.events_of_visit(BUREAU, "V1")] == ["V1"]
    with pytest.raises(NotAllowed):
        actions.record_event(draft, by=stranger, at=AT)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"held_on": date(2026, 1, 6)}, "还没有到"),
        ({"audience_count": 0}, "人数应在"),
        ({"title": " "}, "请填写“主题”"),
        ({"visit": "V1"}, "类别应为“帮扶指导”"),
        ({"says": "长" * 2001}, "不得超过 2000 字"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(chen, draft, wrong, says):
    with pytest.raises(Invalid, match=says):
        actions.record_event(replace(draft, **wrong), by=chen, at=AT)
    assert not models.TrainingEvent.objects.exists()


def test_more_people_than_the_audience_and_people_of_elsewhere_are_refused(chen, li, draft):
    alone = replace(draft, audience_count=1)
    with pytest.raises(Invalid, match="比登记的人数 1 还多"):
        actions.record_event(alone, [chen.ref, li.ref], by=chen, at=AT)
    with pytest.raises(Invalid, match="本机构没有编号为 U-nobody 的人员"):
        actions.record_event(draft, ["U-nobody"], by=chen, at=AT)


def test_attendance_can_be_completed_once(chen, li, draft):
    ref = actions.record_event(draft, [chen.ref], by=chen, at=AT)
    assert actions.add_attendance(ref, [chen.ref, li.ref], by=chen, at=AT) == 1
    with pytest.raises(Refused, match="没有新增的参加人员"):
        actions.add_attendance(ref, [li.ref], by=chen, at=AT)
    assert [one.ref for one in reads.attended(BUREAU, li.ref)] == [ref]


def test_a_material_is_kept_once_by_its_true_format(chen, draft):
    ref = actions.record_event(draft, by=chen, at=AT)
    assert actions.add_material(ref, "课件.pdf", PDF, by=chen, at=AT) == 1
    with pytest.raises(Refused, match="已经在这次登记里"):
        actions.add_material(ref, "again.pdf", PDF, by=chen, at=AT)
    with pytest.raises(Invalid, match="不是 PDF、JPEG"):
        actions.add_material(ref, "run.pdf", b"MZ-fictional", by=chen, at=AT)
    assert reads.material(ref, 1, BUREAU).media_type == "application/pdf"


def test_a_withdrawn_event_counts_no_more_and_stays_readable(chen, li, draft):
    ref = actions.record_event(draft, [li.ref], by=chen, at=AT)
    with pytest.raises(Refused, match="只有本人或负责科室人员"):
        actions.withdraw_event(ref, "误登", by=li, at=AT)
    actions.withdraw_event(ref, "误登", by=chen, at=AT)
    row = reads.event(ref, BUREAU)
    assert (row.counts, row.withdrawn) == (False, "误登")
    assert reads.attended(BUREAU, li.ref) == ()
    with pytest.raises(Refused, match="已经撤销"):
        actions.withdraw_event(ref, "再撤", by=chen, at=AT)


def test_the_database_itself_refuses_to_change_what_was_held(chen, draft):
    ref = actions.record_event(draft, by=chen, at=AT)
    row = models.TrainingEvent.objects.filter(ref=ref)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.update(title="另一次")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.delete()


def test_events_are_those_of_the_days_asked_for(chen, draft):
    actions.record_event(draft, by=chen, at=AT)
    actions.record_event(replace(draft, held_on=date(2025, 12, 31)), by=chen, at=AT)
    assert [row.held_on for row in reads.events(BUREAU, TODAY, TODAY)] == [TODAY]
