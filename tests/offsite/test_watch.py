"""Judging in the room: what is entered, thresholds as versions, findings kept once."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from gongchou.accounts.models import Bureau
from gongchou.audit import reads as audit
from gongchou.core.clue_terms import ClueState, ExclusionReason
from gongchou.core.hj212.answers import frame
from gongchou.core.monitoring.moments import minute_at
from gongchou.core.monitoring.words import EntryKind, VersionState
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import MonitoringType, Role
from gongchou.offsite import actions, clue_reads, models, rule_books, watch_reads
from gongchou.offsite.actions import MonitorDraft
from gongchou.registry import numbering
from gongchou.registry import reads as registers
from gongchou.web.clock import SHANGHAI
from tests.conftest import AT, BUREAU, TODAY
from tests.core.hj212.frames import MN
from tests.offsite.hj212.arrivals import arrivals

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 1, 2, tzinfo=SHANGHAI)
UNTIL = START + timedelta(days=2)
OUTLET = {
    "kind": "air",
    "factors": {"a21026": {"limit": "35", "day_limit": "", "floor": "0.5"}},
    "o2_ref": "",
    "lines": [],
    "is_shared": 0,
    "is_batch": 0,
}


@pytest.fixture
def site(roster, chen) -> str:
    ref = registers.subjects(BUREAU, TODAY).rows[0].ref
    draft = MonitorDraft(
        subject=ref, mn=MN, outlet="废气排口一（虚构）", kind=MonitoringType.AUTO_AIR
    )
    actions.register_monitor(draft, by=chen, at=AT)
    actions.enter([ref], EntryKind.OUTLET, MN, OUTLET, "许可证附表（虚构）", by=chen, at=AT)
    return ref


@pytest.fixture
def second(person):
    return person("er", "尔同志", Role.OFFICE)


def packet(hour: int, value: float) -> bytes:
    moment = START + hour * HOUR
    sent = moment + timedelta(minutes=62)
    head = f"QN={sent:%Y%m%d%H%M%S}001;ST=31;CN=2061;PW=123456;MN={MN};Flag=5"
    body = f"DataTime={moment:%Y%m%d%H%M%S};a21026-Avg={value:.2f},a21026-Flag=N"
    return frame(f"{head};CP=&&{body}&&")


def send(store, hours, *, over: int = -1, value: float = 40.0) -> None:
    high = value
    for hour in hours:
        value = high if hour == over else 10 + hour % 7
        at = START + hour * HOUR + timedelta(minutes=62)
        store.keep(arrivals(packet(hour, value), since=at))


@pytest.fixture
def folder(store, tmp_path):
    return tmp_path


def judge(folder, by, at=AT):
    return actions.judge_window(folder, START, UNTIL, by=by, at=at)


def rules_of(rows) -> list[str]:
    return sorted(row.rule for row in rows)


def test_an_hour_over_the_entered_limit_becomes_a_finding_and_a_clue(site, store, folder, chen):
    send(store, range(48), over=30)
    found = judge(folder, chen)
    (row,) = watch_reads.findings(BUREAU)
    assert (found.new, row.rule, row.outlet, row.severity) == (1, "A01", MN, 2)
    assert ("限值", "35") in row.inputs
    assert [name for name, _, _ in row.guards] == ["数据标记", "有效分钟", "工况标记", "许可豁免"]
    assert clue_reads.clue(row.clue, BUREAU).rule == "A01"
    assert audit.events(BUREAU)[0].event.kind == "rules_judged"


def test_judging_twice_keeps_nothing_twice(site, store, folder, chen):
    send(store, range(48), over=30)
    judge(folder, chen)
    assert judge(folder, chen).new == 0
    assert models.RuleFinding.objects.count() == 1
    assert models.FindingWithdrawal.objects.count() == 0


def test_late_hours_withdraw_what_was_said_without_them(site, store, folder, chen):
    send(store, [h for h in range(48) if not 10 <= h < 20])
    judge(folder, chen)
    assert rules_of(watch_reads.findings(BUREAU)) == ["A11"]
    send(store, range(10, 20))
    judge(folder, chen, AT + HOUR)
    assert watch_reads.findings(BUREAU) == []
    (old,) = models.RuleFinding.objects.all()
    assert watch_reads.finding(old.ref, BUREAU).is_withdrawn


def test_a_filing_is_a_guard_and_what_it_held_back_is_kept(site, store, folder, chen):
    send(store, range(48), over=30)
    ref = starting(site, chen)
    judge(folder, chen)
    assert watch_reads.findings(BUREAU) == []
    held = watch_reads.guarded_rows(BUREAU, site)
    assert ("A01", "工况标记") in {(row.rule, row.guard) for row in held}
    actions.withdraw_entry(ref, "报备有误", by=chen, at=AT + HOUR)
    judge(folder, chen, AT + HOUR)
    assert rules_of(watch_reads.findings(BUREAU)) == ["A01"]


def starting(site, chen, at=AT) -> str:
    minute = watch_minute(30)
    body = {"filing": "starting", "since": minute, "until": minute + 60, "filed": minute}
    (ref,) = actions.enter([site], EntryKind.FILING, "", body, "报备单（虚构）", by=chen, at=at)
    return ref


def test_a_light_clue_goes_with_its_event_and_comes_back_with_it(site, store, folder, chen):
    send(store, range(48), over=30)
    judge(folder, chen)
    (row,) = watch_reads.findings(BUREAU)
    ref = starting(site, chen)
    judge(folder, chen, AT + HOUR)
    page = clue_reads.page(row.clue, BUREAU, TODAY)
    assert page.row.state is ClueState.EXCLUDED
    assert page.moves[-1].reason == "补传数据后不再成立"
    assert "不再成立" in page.evidence[0].says
    actions.withdraw_entry(ref, "报备有误", by=chen, at=AT + HOUR)
    judge(folder, chen, AT + 2 * HOUR)
    page = clue_reads.page(row.clue, BUREAU, TODAY)
    assert page.row.state is ClueState.PENDING
    assert "重新成立" in page.moves[-1].why


def test_a_grave_clue_whose_event_is_gone_waits_for_a_person_and_scores_nothing(
    site, store, folder, chen
):
    send(store, range(48), over=30, value=90.0)
    judge(folder, chen)
    (row,) = watch_reads.findings(BUREAU)
    before = clue_reads.page(row.clue, BUREAU, TODAY).score
    starting(site, chen)
    judge(folder, chen, AT + HOUR)
    page = clue_reads.page(row.clue, BUREAU, TODAY)
    assert page.row.state is ClueState.PENDING
    assert "研判人核对" in page.evidence[0].says
    assert before.value > 0 == page.score.value


def test_a_light_clue_with_words_of_a_person_is_not_put_away_with_its_event(
    site, store, folder, chen
):
    send(store, range(48), over=30)
    judge(folder, chen)
    (row,) = watch_reads.findings(BUREAU)
    actions.add_evidence(row.clue, "巡查看到烟气发黑（虚构）", by=chen, at=AT + HOUR)
    starting(site, chen)
    judge(folder, chen, AT + HOUR)
    page = clue_reads.page(row.clue, BUREAU, TODAY)
    assert page.row.state is ClueState.PENDING
    assert "人员补充的证据" in page.evidence[0].says


def test_that_an_event_is_gone_reopens_no_clue_a_person_has_put_away(site, store, folder, chen):
    send(store, range(48), over=30)
    judge(folder, chen)
    (row,) = watch_reads.findings(BUREAU)
    code = ExclusionReason.EXPLAINED.value
    actions.decide_clue(row.clue, ClueState.EXCLUDED, "启炉", code, by=chen, at=AT)
    starting(site, chen)
    judge(folder, chen, AT + HOUR)
    assert not clue_reads.page(row.clue, BUREAU, TODAY).has_new
    with pytest.raises(Refused, match="没有新的证据"):
        actions.reopen_clue(row.clue, "再看看", by=chen, at=AT + 2 * HOUR)


def test_a_site_near_a_sensitive_place_scores_higher_by_its_own_line(site, store, folder, chen):
    send(store, range(48), over=30)
    judge(folder, chen)
    (row,) = watch_reads.findings(BUREAU)
    before = clue_reads.page(row.clue, BUREAU, TODAY).score
    body = {"shifts": [], "unmetered_percent": 0, "is_near_sensitive": 1}
    actions.enter([site], EntryKind.SITE, "", body, "水源地以北 400 米（虚构）", by=chen, at=AT)
    after = clue_reads.page(row.clue, BUREAU, TODAY).score
    (term,) = [t for t in after.terms if t not in before.terms]
    assert (term.how, after.value - before.value) == ("临近敏感区或者饮用水源", term.value)
    assert term.value == 10


def test_a_period_lists_the_rules_that_ran_what_they_found_and_what_was_explained(
    site, store, folder, chen
):
    first, last = START.date(), UNTIL.date()
    assert watch_reads.judged_period(BUREAU, site, first, last).versions == ()
    send(store, range(48), over=30)
    starting(site, chen)
    judge(folder, chen)
    found = watch_reads.judged_period(BUREAU, site, first, last)
    assert "A01/1" in found.versions
    assert found.events == ()
    assert ("A01", "工况标记") in {(row.rule, row.guard) for row in found.guarded}
    assert {row.rule_title for row in found.guarded if row.rule == "A01"} == {"A01 超标"}
    assert not {row.place for row in found.guarded} & {row.outlet for row in found.guarded}
    before = watch_reads.judged_period(BUREAU, site, first - 9 * DAY, first - 8 * DAY)
    assert (before.events, before.guarded) == ((), ())


def test_a_site_without_device_or_entry_was_judged_by_no_rule(site, store, folder, chen):
    first, last = START.date(), UNTIL.date()
    other = registers.subjects(BUREAU, TODAY).rows[1].ref
    send(store, range(48))
    judge(folder, chen)
    assert watch_reads.judged_period(BUREAU, site, first, last).versions
    assert watch_reads.judged_period(BUREAU, other, first, last).versions == ()
    starting(other, chen, AT + HOUR)
    assert watch_reads.judged_period(BUREAU, other, first, last).versions == ()


def watch_minute(hour: int) -> int:
    return minute_at(START + hour * HOUR)


def test_a_tighter_threshold_holds_at_once_and_a_looser_one_takes_two(site, chen, second):
    actions.set_thresholds("A11", {"day_share": "0.95"}, TODAY, "从严", by=chen, at=AT)
    assert rule_books.book(BUREAU, TODAY)["A11"].number("day_share") == 0.95
    ref = actions.set_thresholds("A11", {"gap_hours": "9"}, TODAY, "试用后放宽", by=chen, at=AT)
    assert rule_books.book(BUREAU, TODAY)["A11"].count("gap_hours") == 6
    with pytest.raises(NotAllowed, match="第二人"):
        actions.answer_thresholds(ref, True, "同意", by=chen, at=AT)
    actions.answer_thresholds(ref, True, "同意", by=second, at=AT)
    now = rule_books.book(BUREAU, TODAY)["A11"]
    assert (now.count("gap_hours"), now.number("day_share")) == (9, 0.95)
    with pytest.raises(Stale, match="刚有人答复过"):
        actions.answer_thresholds(ref, False, "不同意", by=second, at=AT)
    states = [row.state for row in watch_reads.version_rows(BUREAU, "A11")]
    assert states == [VersionState.IN_FORCE, VersionState.IN_FORCE]


def test_a_bureau_may_return_to_the_shipped_numbers(site, chen, second):
    actions.set_thresholds("A11", {"day_share": "0.95"}, TODAY, "从严", by=chen, at=AT)
    ref = actions.set_thresholds("A11", {"day_share": "0.9"}, TODAY, "恢复", by=chen, at=AT)
    assert models.RuleVersion.objects.get(ref=ref).loosens == ["day_share"]
    assert rule_books.book(BUREAU, TODAY)["A11"].number("day_share") == 0.95
    actions.answer_thresholds(ref, True, "同意", by=second, at=AT)
    assert rule_books.book(BUREAU, TODAY)["A11"].number("day_share") == 0.9


def test_a_refused_version_never_holds(site, chen, second):
    ref = actions.set_thresholds("A11", {"gap_hours": "9"}, TODAY, "放宽", by=chen, at=AT)
    actions.answer_thresholds(ref, False, "理由不足", by=second, at=AT)
    assert rule_books.book(BUREAU, TODAY)["A11"].count("gap_hours") == 6


@pytest.mark.parametrize(
    ("values", "since", "problem"),
    [
        ({"gap_hours": "x"}, TODAY, "应是数字"),
        ({"gap_hours": "6"}, TODAY, "没有可以保存的变更"),
        ({"gap_hours": "-1"}, TODAY, "填了 -1，应不小于 0"),
        ({"nonsense": "6"}, TODAY, "没有名为"),
        ({"gap_hours": "5"}, TODAY - timedelta(days=1), "不能早于今天"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(site, chen, values, since, problem):
    with pytest.raises(Invalid, match=problem):
        actions.set_thresholds("A11", values, since, "校准", by=chen, at=AT)


def test_a_window_is_replayed_under_a_named_version_and_nothing_is_kept(
    site, store, folder, chen, second
):
    send(store, range(48), over=30)
    judge(folder, chen)
    actions.set_thresholds("A11", {"gap_hours": "1"}, TODAY, "从严", by=chen, at=AT)
    found = actions.replay_window(folder, START, UNTIL, [("A01", "1")], by=chen, at=AT)
    assert rules_of(found.events) == ["A01"]
    assert models.RuleFinding.objects.count() == 1
    with pytest.raises(Invalid, match="哪个版本"):
        actions.replay_window(folder, START, UNTIL, [("A01", "no")], by=chen, at=AT)


def test_strangers_judge_and_enter_nothing(site, folder, stranger):
    with pytest.raises(NotAllowed):
        judge(folder, stranger)
    with pytest.raises(NotAllowed):
        actions.enter([site], EntryKind.OUTLET, MN, OUTLET, "无", by=stranger, at=AT)
    with pytest.raises(NotAllowed):
        actions.set_thresholds("A11", {"gap_hours": "5"}, TODAY, "无", by=stranger, at=AT)


def test_a_second_withdrawal_and_an_unknown_entry_are_refused(site, chen):
    ref = watch_reads.entry_rows(BUREAU, site)[0].ref
    actions.withdraw_entry(ref, "换证", by=chen, at=AT)
    with pytest.raises(Stale):
        actions.withdraw_entry(ref, "换证", by=chen, at=AT)
    with pytest.raises(Refused, match="没有编号"):
        actions.withdraw_entry("SE-none", "换证", by=chen, at=AT)


def test_pages_show_rules_findings_and_entries(site, store, folder, chen, signed_in, settings):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"var": folder})
    send(store, range(48), over=30)
    judge(folder, chen)
    client = signed_in(chen)
    (row,) = watch_reads.findings(BUREAU)
    for name, args, says in (
        ("rules", [], "没有文件规定"),
        ("rule", ["A01"], "二级：超过限值的倍数"),
        ("findings", [], "小时判断值 40.000"),
        ("findings", [], "A01 超标"),
        ("finding", [row.ref], "排除条件"),
        ("watch", [site], "许可证附表（虚构）"),
    ):
        answer = client.get(reverse(f"offsite:{name}", args=args))
        assert says in answer.content.decode(), name


@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_form_opens_and_says_what_is_missing(site, chen, signed_in, kind):
    client = signed_in(chen)
    address = reverse("offsite:entry_new", args=[site, kind.value])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"key": "某表"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["reason"]
    assert not models.SupervisionEntry.objects.filter(kind=kind.value, reason="").exists()


def test_limits_are_entered_by_form(site, chen, signed_in):
    client = signed_in(chen)
    address = reverse("offsite:entry_new", args=[site, "outlet"])
    given = {"key": MN, "kind": "air", "limits": "a21002 50 - 1", "reason": "换证（虚构）"}
    assert client.post(address, given).status_code == 302
    body = watch_reads.entries(BUREAU, site)[-1].body
    assert body["factors"] == {"a21002": {"limit": "50", "day_limit": "", "floor": "1"}}
    wrong = client.post(address, given | {"limits": "a21002"})
    assert "应写因子编码" in wrong.content.decode()


def test_what_was_numbered_in_the_same_moment_by_another_leaves_its_number_out(
    site, store, folder, chen
):
    owner = Bureau.objects.get(code=BUREAU)
    taken = {letter: numbering.take(owner, letter) for letter in ("OE", "OM", "OJ", "OF")}
    send(store, range(48), over=30)
    judge(folder, chen)
    draft = MonitorDraft(
        subject=site, mn="A0000000000009", outlet="二号（虚构）", kind=MonitoringType.AUTO_AIR
    )
    made = {
        "OE": actions.enter(
            [site], EntryKind.OUTLET, draft.mn, OUTLET, "许可证附表（虚构）", by=chen, at=AT
        )[0],
        "OM": actions.register_monitor(draft, by=chen, at=AT),
        "OJ": models.JudgingRun.objects.get().ref,
        "OF": models.RuleFinding.objects.get().ref,
    }
    numbers = {letter: int(ref.rpartition("-")[2]) for letter, ref in made.items()}
    assert numbers == {letter: number + 1 for letter, number in taken.items()}


def test_what_is_written_is_never_changed(site, chen):
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE offsite_supervisionentry SET reason='x'")


def test_the_page_of_a_site_reads_back_what_was_entered_and_names_the_outlet(site, chen, signed_in):
    page = signed_in(chen).get(reverse("offsite:watch", args=[site])).text
    assert "二氧化硫小时 35、检出限 0.5" in page
    assert '<td data-label="对象">废气排口一（虚构）</td>' in page
