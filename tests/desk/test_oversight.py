"""What oversight leaves on a desk, and that it goes away when it is settled."""

from datetime import date, timedelta

from gongchou.core.oversight_terms import AlarmOutcome
from gongchou.core.powers import outsider
from gongchou.core.terms import Role
from gongchou.desk import waiting
from gongchou.intake import actions as intake
from gongchou.intake.models import DisciplineReport
from gongchou.reporting import actions, recheck_reads
from gongchou.reporting.models import Alarm
from tests.conftest import AT, BUREAU, TODAY
from tests.reporting.quarters import AFTER, QUARTER, make_visit
from tests.reporting.test_rechecks import CLOSING, OTHER, OWN, announced
from tests.reporting.test_rechecks import bao as bao
from tests.reporting.test_rechecks import house as house
from tests.reporting.test_rechecks import ji as ji

APRIL = AFTER.date()


def acts(actor, today: date = TODAY) -> list[str]:
    return [todo.act for todo in waiting.todos(actor, today)]


def test_an_alarm_waits_until_it_is_closed(house, ji, chen):
    make_visit(9, site=1, ended_on=date(2026, 2, 20))
    actions.raise_alarms(by=ji, at=AFTER)
    assert "核查预警" in acts(ji)
    assert "核查预警" not in acts(chen)
    for row in Alarm.objects.all():
        actions.close_alarm(row.pk, AlarmOutcome.EXPLAINED, "看过原件", by=ji, at=AFTER)
    assert "核查预警" not in acts(ji)


def test_a_report_waits_with_its_term_and_is_late_after_it(ji, bureau):
    draft = intake.ReportDraft(about="某某", says="虚构的情况")
    intake.send_report(draft, chance=bytes(15), by=outsider(BUREAU), at=AT)
    [todo] = waiting.todos(ji, TODAY)
    assert (todo.act, todo.is_late) == ("办理违纪反映", False)
    [late] = waiting.todos(ji, todo.due + timedelta(1))
    assert late.is_late
    ref = DisciplineReport.objects.get().ref
    intake.decline_report(ref, "不属本机关职责", "请向有权机关反映", by=ji, at=AT)
    assert waiting.todos(ji, TODAY) == []


def test_a_problem_goes_from_owner_to_setter_and_away(person, chen):
    leader = person("lin", "林局长", Role.LEADER)
    due = TODAY + timedelta(5)
    ref = actions.set_task("预警", "补拍照片", chen.ref, due_on=due, by=leader, at=AT)
    assert "完成整改" in acts(chen)
    actions.report_mended(ref, "已补拍", by=chen, at=AT)
    assert "完成整改" not in acts(chen)
    assert "核实整改" in acts(leader)
    actions.check_task(ref, "齐了", is_mended=True, by=leader, at=AT)
    assert "核实整改" not in acts(leader)


def test_a_re_inspection_moves_from_desk_to_desk(house, ji, bao):
    ref = announced(ji, bao)
    assert "录入复查收口值" in acts(ji, APRIL)
    assert "揭示并抽取复查" not in acts(bao, APRIL)
    actions.close_recheck(ref, OWN, CLOSING, by=ji, at=AFTER)
    assert "揭示并抽取复查" in acts(bao, APRIL)
    actions.draw_recheck(ref, OTHER, CLOSING, by=bao, at=AFTER)
    assert "启封复查" in acts(ji, APRIL)
    for number in recheck_reads.draw_of(BUREAU, QUARTER).waiting:
        actions.open_recheck(ref, number, by=ji, at=AFTER)
    assert not {"启封复查", "录入复查收口值"} & set(acts(ji, APRIL))
