"""The register of monitors: entered, changed, ended; each with its refusals and its event."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from gongchou.accounts.models import Bureau
from gongchou.audit import reads as audit
from gongchou.core.hj212.words import Dialect, FrameFault
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import MonitoringType, Role
from gongchou.offsite import actions, models, monitor_reads, received
from gongchou.offsite.actions import MonitorDraft
from gongchou.offsite.counted import read_points
from gongchou.offsite.curves import curves
from gongchou.offsite.hj212.devices import DeviceBook
from gongchou.offsite.hj212.store import reading_rows
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.core.hj212.frames import MN, wired
from tests.offsite.hj212.arrivals import arrivals, hour

KEY = "30" * 16


@pytest.fixture
def site(roster) -> str:
    return registers.subjects(BUREAU, TODAY).rows[0].ref


@pytest.fixture
def draft(site) -> MonitorDraft:
    return MonitorDraft(
        subject=site,
        mn=MN,
        outlet="废气排口一（虚构）",
        kind=MonitoringType.AUTO_AIR,
        addresses=("192.0.2.0/24",),
        dialects=frozenset({Dialect.LENGTH}),
        keys=(KEY,),
    )


def test_a_monitor_is_entered_and_its_data_taken_from_its_address_only(draft, chen):
    ref = actions.register_monitor(draft, by=chen, at=AT)
    row = monitor_reads.monitor(ref, BUREAU)
    assert (row.mn, row.outlet, row.minutes, row.key_count) == (MN, draft.outlet, 10, 1)
    book = DeviceBook(monitor_reads.live_devices())
    assert book.fault_of(MN, "192.0.2.7") is None
    assert book.fault_of(MN, "198.51.100.1") is FrameFault.WRONG_ADDRESS
    assert book.fault_of("X0001", "192.0.2.7") is FrameFault.UNKNOWN_DEVICE
    assert book.profile_of(MN).keys == (bytes.fromhex(KEY),)
    assert book.profile_of(MN).dialects == {Dialect.LENGTH}


def test_no_key_is_stored_or_logged_in_clear(draft, chen):
    ref = actions.register_monitor(draft, by=chen, at=AT)
    event = [row.event for row in audit.events(BUREAU) if row.event.about == ref][-1]
    assert event.kind == "monitor_registered"
    assert event.data["keys"] == 1
    assert KEY not in str(event.data) + str(models.AutoMonitor.objects.values().get())


def test_one_logger_is_entered_once(draft, chen):
    actions.register_monitor(draft, by=chen, at=AT)
    with pytest.raises(Refused, match="已经登记在用"):
        actions.register_monitor(draft, by=chen, at=AT)


def test_a_change_ends_the_old_words_and_keeps_them(draft, chen):
    old = actions.register_monitor(draft, by=chen, at=AT)
    later = AT + timedelta(days=3)
    changed = replace(draft, minutes=1, keys=())
    new = actions.replace_monitor(old, changed, "改为一分钟上传", by=chen, at=later)
    assert monitor_reads.monitor(old, BUREAU).until == TODAY + timedelta(days=3)
    assert monitor_reads.monitor(new, BUREAU).minutes == 1
    assert [row.ref for row in monitor_reads.monitors(BUREAU)] == [new, old]


def test_after_its_end_nothing_more_is_taken_and_a_second_end_is_refused(draft, chen):
    ref = actions.register_monitor(draft, by=chen, at=AT)
    actions.end_monitor(ref, "设备拆除", by=chen, at=AT)
    assert monitor_reads.live_devices() == {}
    with pytest.raises(Stale):
        actions.end_monitor(ref, "设备拆除", by=chen, at=AT)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"mn": "A1"}, "设备编号"),
        ({"mn": "虚构设备编号"}, "设备编号"),
        ({"outlet": " "}, "排放口"),
        ({"kind": MonitoringType.VIDEO}, "监控类型"),
        ({"minutes": 7}, "间隔"),
        ({"addresses": ("192.0.2.300",)}, "来源地址“192.0.2.300”"),
        ({"keys": ("12",)}, "32 位"),
        ({"keys": (KEY,) * 3}, "两个密钥"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(draft, chen, wrong, says):
    with pytest.raises(Invalid, match=says):
        actions.register_monitor(replace(draft, **wrong), by=chen, at=AT)
    assert monitor_reads.monitors(BUREAU) == []


def test_strangers_and_leaders_enter_no_monitor(draft, stranger, leader):
    for person in (stranger, leader):
        with pytest.raises(NotAllowed):
            actions.register_monitor(draft, by=person, at=AT)


def test_the_page_enters_by_name_and_tells_what_is_missing_at_the_field(signed_in, chen, draft):
    browser = signed_in(chen)
    given = {"site": "没有这家", "outlet": "排口", "mn": "A1", "kind": "auto_air", "minutes": "10"}
    page = browser.post("/offsite/monitors/new/", given)
    assert "名录里没有这个单位" in strip_tags(page.content.decode())
    name = registers.subject(draft.subject, BUREAU, TODAY).subject.name
    page = browser.post("/offsite/monitors/new/", given | {"site": name, "mn": MN}, follow=True)
    assert "已登记监测设备" in strip_tags(page.content.decode())


def test_the_page_of_a_monitor_draws_what_came_and_shows_what_was_put_aside(
    signed_in, chen, draft, settings, tmp_path, store
):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"var": tmp_path})
    ref = actions.register_monitor(draft, by=chen, at=AT)
    assert received.last_heard(tmp_path, [MN]) == {}
    store.keep(arrivals(hour(1), hour(2), hour(4), hour(5)[:-6] + b"1234\r\n"))
    at = AT.replace(year=2026, month=4, day=1)
    (oxygen, sulphur) = received.hourly_curves(tmp_path, MN, at - timedelta(1), at + timedelta(1))
    assert (oxygen.name, sulphur.name) == ("氧含量", "二氧化硫")
    assert len(sulphur.lines) == 2
    page = signed_in(chen).get(f"/offsite/monitors/{ref}/").content.decode()
    assert "校验码不可能出现" in page
    listed = strip_tags(signed_in(chen).get("/offsite/monitors/").content.decode())
    assert "2026-04-01 04:00" in listed or "4月1日" in listed


def test_a_checks_sources_are_counted_from_what_came(
    chen, draft, settings, tmp_path, leader, store
):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"var": tmp_path})
    actions.register_monitor(draft, by=chen, at=AT)
    day = f"{TODAY:%Y%m%d}"
    for number in (0, 1, 1, 5):
        frame = hour(number)[6:-6].replace(b"20260401", day.encode())
        store.keep(arrivals(wired(frame)))
    at = AT + timedelta(days=1)
    points = read_points(draft.subject, BUREAU, since=TODAY, until=TODAY, at=at)
    assert points == {"auto_monitoring_expected": 24, "auto_monitoring_read": 3}
    again = read_points(draft.subject, BUREAU, since=TODAY - timedelta(9), until=TODAY, at=at)
    assert again == points
    assert read_points("X-1", BUREAU, since=TODAY, until=TODAY, at=at) == {}


def test_frames_of_strange_devices_are_shown_to_the_receivers_keeper_alone(
    signed_in, chen, person, draft, settings, tmp_path, store
):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"var": tmp_path})
    actions.register_monitor(draft, by=chen, at=AT)
    strange = hour(3)[6:-6].replace(MN.encode(), b"STRANGE0000001")
    store.keep(arrivals(hour(5)[:-6] + b"1234\r\n"))
    store.keep(arrivals(wired(strange)[:-6] + b"1234\r\n"))
    page = signed_in(chen).get("/offsite/monitors/aside/").text
    assert MN in page
    assert "STRANGE" not in page
    assert signed_in(chen).get("/offsite/monitors/unowned/").status_code == 403
    keeper = person("gu", "顾管理", Role.ADMIN)
    page = signed_in(keeper).get("/offsite/monitors/unowned/").text
    assert "STRANGE" in page
    assert MN not in page


def test_where_a_superior_runs_the_receiver_a_district_is_shown_nothing(
    signed_in, person, settings, tmp_path, store
):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"var": tmp_path})
    store.keep(arrivals(hour(5)[:-6] + b"1234\r\n"))
    keeper = person("gu", "顾管理", Role.ADMIN)
    city = Bureau.objects.create(code="990100", name="虚构市局", bureau_level="city")
    Bureau.objects.filter(code=BUREAU).update(superior=city)
    page = signed_in(keeper).get("/offsite/monitors/unowned/").text
    assert "由上级机关的系统管理员查看" in page
    assert MN not in page


def test_a_code_nobody_knows_that_came_but_once_draws_nothing():
    strange = wired(hour(1)[6:-6].replace(b"a19001", b"a99998"))
    found = curves(reading_rows(arrivals(strange, hour(2))), timedelta(hours=1))
    assert [curve.name for curve in found] == ["氧含量", "二氧化硫"]
    again = wired(hour(3)[6:-6].replace(b"a19001", b"a99998"))
    found = curves(reading_rows(arrivals(strange, hour(2), again)), timedelta(hours=1))
    assert [curve.name for curve in found] == ["氧含量", "二氧化硫", "a99998"]
