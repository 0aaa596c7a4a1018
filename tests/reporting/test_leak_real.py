"""The leak test on a real draw: drawn, opened and published, with what monitors sent meanwhile."""

from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from gongchou.accounts.models import Bureau
from gongchou.core.hj212.answers import frame
from gongchou.core.terms import InspectionKind, JointKind, MonitoringType, Role, VisitState
from gongchou.drawing import reads as draws
from gongchou.inspection.models import Visit
from gongchou.offsite import actions as offsite
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.reporting import actions, leak_reads
from gongchou.web.clock import SHANGHAI, day_of
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.offsite.hj212.arrivals import arrivals

HONEST, LEAKED = "a21026", "a21002"
BEFORE = 28


def packet(mn: str, day: date, values: dict[str, float]) -> bytes:
    parts = ";".join(f"{code}-Avg={value:.3f},{code}-Flag=N" for code, value in values.items())
    head = f"QN={day:%Y%m%d}130200001;ST=31;CN=2061;PW=123456;MN={mn};Flag=5"
    return frame(f"{head};CP=&&DataTime={day:%Y%m%d}120000;{parts}&&")


@pytest.fixture
def drawn(db) -> list[draws.ReleasedVisit]:
    stage = ceremony.prepared(sites=60, officers=12)
    draw = ceremony.sealed_draw(stage)
    ceremony.published_draw(stage, draw)
    return list(draws.released(draw))


def test_sites_that_cleaned_up_between_draw_and_visit_are_told_from_honest_ones(
    drawn, store, tmp_path
):
    chance, chen = Random(1), ceremony.actor("chen", "陈组长", Role.OFFICE)
    visits = {visit.subject: visit for visit in drawn}
    last = max(visit.planned_on for visit in drawn)
    today = day_of(AT)
    sites = [s.ref for s in registers.snapshot(BUREAU, today).subjects]
    for number, site in enumerate(sites):
        mn = f"LEAK{number:06}"
        draft = offsite.MonitorDraft(
            subject=site, mn=mn, outlet="废气排口一（虚构）", kind=MonitoringType.AUTO_AIR
        )
        offsite.register_monitor(draft, by=chen, at=AT)
        level, frames = chance.uniform(10, 40), []
        for step in range((last - today).days + BEFORE + 1):
            day = today + timedelta(days=step - BEFORE)
            knows = site in visits and today < day < visits[site].planned_on
            values = {code: level * chance.gauss(1, 0.1) for code in (HONEST, LEAKED)}
            values[LEAKED] *= 0.6 if knows else 1
            frames.append(packet(mn, day, values))
        store.keep(arrivals(*frames, since=datetime.combine(last, time(), SHANGHAI)))
    for number, visit in enumerate(drawn):
        Visit.objects.create(
            ref=f"V-{number}",
            bureau=Bureau.objects.get(code=BUREAU),
            draw=visit.draw,
            number=visit.number,
            quarter=visit.quarter,
            task=visit.task,
            subject=Subject.objects.get(ref=visit.subject),
            subject_name=visit.subject_name,
            stratum=visit.stratum.value,
            inspection_kind=InspectionKind.DAILY.value,
            is_random=True,
            is_tiered=True,
            joint_kind=JointKind.NONE.value,
            units=["zd", "dq"],
            planned_on=visit.planned_on,
            state=VisitState.DISPATCHED.value,
            dispatched_by="U-chen",
            dispatched_by_name="陈组长",
            dispatched_at=AT,
        )
    measures = leak_reads.measures(drawn[0].draw, BUREAU, tmp_path)
    assert set(measures) == {HONEST, LEAKED}
    ji = ceremony.actor("ji", "纪审计", Role.AUDITOR)
    actions.run_leak_test(drawn[0].draw, measures, "seed", by=ji, at=AT)
    [row] = leak_reads.tests(BUREAU)
    alarms = {line["measure"]: bool(int(line["alarm"])) for line in row.lines}
    assert alarms == {HONEST: False, LEAKED: True}
