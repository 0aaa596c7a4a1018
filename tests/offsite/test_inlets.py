"""Files from outside become sightings, and sightings become clues only by a person's word."""

import hashlib
from datetime import timedelta

import pytest

from gongchou.accounts.models import Bureau
from gongchou.core.clue_terms import ClueOrigin, InletKind, RemoteCheckState, RemoteConclusion
from gongchou.core.coordinates import written
from gongchou.core.coverage import SourceReading
from gongchou.core.plumes import moved
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import ImportKind, SourceKind
from gongchou.offsite import actions, clue_reads, inlet_reads, models, reads
from gongchou.registry import numbering
from gongchou.registry.datums import gcj02
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.conftest import QUARTER
from tests.registry.test_import import csv, take, uscc

HEADER = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,经度,纬度,坐标系"
HERE = (1182000000, 396300000)
NORTH, FAR = moved(HERE, 0, 300), moved(HERE, 0, 1500)
CLEAN, HIGH = [100] * 40, [900] * 4


def line(number: int, at: tuple[int, int]) -> str:
    code = uscc(number)
    where = f"{written(at[0])},{written(at[1])},WGS84"
    return f"虚构化工{number},{code},{code}001P,重点管理,东片,{where}"


@pytest.fixture
def sites(chen, bureau) -> None:
    take(ImportKind.SUBJECTS, csv(line(1, NORTH), line(2, FAR), header=HEADER), chen)


def patrol(*passes: int, system: str = "WGS84") -> bytes:
    """A car that passes the place in a north wind, once for each start in seconds."""
    rows = ["时间,经度,纬度,坐标系,车速,风向,风速,TVOC(µg/m³)"]
    for start in passes:
        for n, value in enumerate([*CLEAN, *HIGH, *CLEAN]):
            at = AT - timedelta(hours=3) + timedelta(seconds=start + 5 * n)
            place = moved(HERE, 90, 10 * (n - 41))
            x, y = place[0] / 1e7, place[1] / 1e7
            if system == "GCJ-02":
                x, y = gcj02(x, y)
            rows.append(f"{at.isoformat()},{x:.7f},{y:.7f},{system},5,0,3,{value}")
    return "\n".join(rows).encode()


def received(kind: InletKind, content: bytes, chen) -> actions.Received:
    return actions.receive_file(kind, "文件.csv", content, by=chen, at=AT)


def test_a_peak_passed_twice_points_upwind_and_becomes_a_clue_when_confirmed(sites, chen):
    found = received(InletKind.PATROL, patrol(0, 1200), chen)
    assert (found.accepted, found.sightings, found.problems) == (168, 2, ())
    row = models.Sighting.objects.order_by("pk")[0]
    assert [c["name"] for c in row.body["candidates"]] == ["虚构化工1", "虚构化工2"]
    assert row.subject is not None
    ref = actions.confirm_sighting(row.ref, "核对了气象和生产情况", by=chen, at=AT)
    page = clue_reads.page(ref, BUREAU, TODAY)
    assert (page.row.subject_name, page.row.origin) == ("虚构化工1", ClueOrigin.MOBILE_LAB)
    assert "风从 0° 来" in page.evidence[0].wind["text"]
    with pytest.raises(Refused):
        actions.confirm_sighting(row.ref, "再确认", by=chen, at=AT)


def test_a_peak_passed_once_cannot_become_a_clue(sites, chen):
    received(InletKind.PATROL, patrol(0), chen)
    ref = models.Sighting.objects.get().ref
    with pytest.raises(Refused, match="第二遍经过或者停车复测"):
        actions.confirm_sighting(ref, "像是有", by=chen, at=AT)
    actions.dismiss_sighting(ref, "只测到一遍，补测未见", by=chen, at=AT)


def test_two_sites_alike_give_a_clue_on_the_park_with_both_listed(chen, bureau):
    near = line(1, NORTH), line(2, moved(HERE, 5, 320))
    take(ImportKind.SUBJECTS, csv(*near, header=HEADER), chen)
    received(InletKind.PATROL, patrol(0, 1200), chen)
    row = models.Sighting.objects.order_by("pk")[0]
    assert row.subject is None
    assert len(row.body["candidates"]) == 2
    ref = actions.confirm_sighting(row.ref, "两家都在上风向", by=chen, at=AT)
    assert clue_reads.clue(ref, BUREAU).where == "责任单位待定，候选单位见依据"


def test_shifted_coordinates_are_brought_to_the_registers_own(sites, chen):
    received(InletKind.PATROL, patrol(0, 1200, system="GCJ-02"), chen)
    row = models.Sighting.objects.order_by("pk")[0]
    assert abs(row.longitude - HERE[0]) < 2000
    assert abs(row.latitude - HERE[1]) < 2000


def test_a_file_comes_once_and_its_bad_rows_are_told(sites, chen, shen):
    content = patrol(0) + b"\n2026-01-05 09:00:00,118.2,39.6,,5,0,3,1"
    assert "坐标系" in received(InletKind.PATROL, content, chen).problems[0].says
    with pytest.raises(Refused, match="已经上传过"):
        received(InletKind.PATROL, content, chen)
    with pytest.raises(NotAllowed):
        received(InletKind.PATROL, content, shen)


def test_without_its_own_wind_the_nearest_station_between_two_readings_counts(sites, chen):
    wind = ["站名,经度,纬度,坐标系,时间,风向,风速"]
    for hours, direction in ((4, 350), (2, 10)):
        wind.append(
            f"虚构站,118.21,39.63,WGS84,{(AT - timedelta(hours=hours)).isoformat()},{direction},3"
        )
    received(InletKind.WIND, "\n".join(wind).encode(), chen)
    bare = patrol(0, 1200).decode().replace(",0,3,", ",,,")
    received(InletKind.PATROL, bare.encode(), chen)
    row = models.Sighting.objects.order_by("pk")[0]
    assert row.body["wind"]["text"].startswith("虚构站")
    assert row.body["candidates"][0]["name"] == "虚构化工1"


def test_a_camera_speaks_for_its_site_and_only_when_it_is_sure(sites, chen):
    table = f"摄像头编号,统一社会信用代码\nCAM-1,{uscc(1)}\n"
    received(InletKind.CAMERAS, table.encode(), chen)
    clip = "cd" * 32
    rows = [
        "摄像头编号,时间,类别,置信度,帧数,片段摘要",
        f"CAM-1,2026-01-05 08:00,黑烟,0.80,3,{clip}",
        f"CAM-1,2026-01-05 08:00,黑烟,0.79,9,{clip}",
        f"CAM-1,2026-01-05 08:00,黑烟,0.95,2,{clip}",
        f"CAM-9,2026-01-05 08:00,黑烟,0.95,9,{clip}",
    ]
    assert received(InletKind.VIDEO, "\n".join(rows).encode(), chen).sightings == 1
    assert models.Sighting.objects.get().subject is not None
    by_kind = {row.kind: row.filtered for row in inlet_reads.files(BUREAU)}
    assert by_kind == {InletKind.CAMERAS: 0, InletKind.VIDEO: 3}


def test_no_two_files_of_a_bureau_get_the_same_number(sites, chen):
    first = received(InletKind.PATROL, patrol(0), chen).ref
    taken_meanwhile = numbering.take(Bureau.objects.get(code=BUREAU), "OW")
    later = received(InletKind.PATROL, patrol(0, 1200), chen).ref
    assert [int(ref[-4:]) for ref in (first, later)] == [taken_meanwhile - 1, taken_meanwhile + 1]


def test_a_camera_of_an_unknown_firm_stops_the_file(sites, chen):
    table = f"摄像头编号,统一社会信用代码\nCAM-1,{uscc(7)}\n"
    with pytest.raises(Invalid, match="不能确定是哪一个"):
        received(InletKind.CAMERAS, table.encode(), chen)
    assert not models.InletFile.objects.exists()


def test_a_drone_over_one_site_names_it(sites, chen):
    rows = [
        "航次,操作执照,时间,经度,纬度,坐标系,类别,影像摘要",
        f"F1,虚构执照,2026-01-05 08:00,{written(NORTH[0])},{written(NORTH[1])},WGS84,"
        f"裸露堆场,{'ab' * 32}",
    ]
    received(InletKind.DRONE, "\n".join(rows).encode(), chen)
    row = models.Sighting.objects.get()
    assert row.subject is not None
    actions.confirm_sighting(row.ref, "看了影像", by=chen, at=AT)


def test_who_complained_at_the_hotline_is_nowhere_in_the_house(sites, chen):
    rows = [
        "工单号,时间,渠道,内容,地点,联系人,联系电话,被反映单位",
        "12345-1,2026-01-05 08:00,12345,夜里刺鼻，13911112222,河西路,路人乙,13911112222,虚构化工1",
    ]
    received(InletKind.COMPLAINT, "\n".join(rows).encode(), chen)
    file, row = models.InletFile.objects.get(), models.Sighting.objects.get()
    kept = bytes(file.content).decode() + str(row.body) + row.says
    assert "路人乙" not in kept
    assert "13911112222" not in kept
    assert row.subject is not None
    ref = actions.confirm_sighting(row.ref, "属于管辖范围", by=chen, at=AT)
    assert clue_reads.clue(ref, BUREAU).origin is ClueOrigin.LETTER


# --- remote enforcement


def link(**fields) -> actions.HeldDraft:
    ordinary = {
        "started_at": AT + timedelta(hours=2),
        "ended_at": AT + timedelta(hours=3),
        "officers": "李执法、王执法",
        "site_people": "钱厂长",
        "minutes": "请企业出示治理设施控制柜，正常运行。",
        "recording_name": "连线.mp4",
        "recording_sha256": hashlib.sha256(b"video").hexdigest(),
        "conclusion": RemoteConclusion.NORMAL,
    }
    return actions.HeldDraft(**{**ordinary, **fields})


def test_an_off_site_check_counts_only_links_that_were_approved_and_minuted(units, chen, leader):
    site, at = units["虚构化工1"], AT + timedelta(hours=5)
    since, until = TODAY.replace(day=1), TODAY
    remote = SourceReading(kind=SourceKind.REMOTE, expected=1, read=1)
    said = actions.Given(since=since, until=until, sources=(remote,), evidence="连线查看。")

    def record() -> str:
        return actions.record_check(QUARTER, site, said, chance=b"dice", by=chen, at=at)

    with pytest.raises(Refused, match="登记过的远程执法有 0 次"):
        record()
    ref = actions.request_remote(site, "看治理设施", TODAY, by=chen, at=AT)
    actions.decide_remote(ref, True, "同意", by=leader, at=AT + timedelta(hours=1))
    with pytest.raises(Refused, match="须事先批准"):
        record()
    actions.record_remote(ref, link(), by=chen, at=AT + timedelta(hours=4))
    assert reads.check(record(), BUREAU).sources[0].kind is SourceKind.REMOTE


def test_a_link_is_approved_by_another_before_anybody_is_called(units, chen, leader):
    ref = actions.request_remote(units["虚构化工1"], "看治理设施", TODAY, by=chen, at=AT)
    at = AT + timedelta(hours=4)
    with pytest.raises(Refused, match="待批准"):
        actions.record_remote(ref, link(), by=chen, at=at)
    with pytest.raises(NotAllowed):
        actions.decide_remote(ref, True, "同意", by=chen, at=AT)
    actions.decide_remote(ref, True, "同意", by=leader, at=AT + timedelta(hours=1))
    with pytest.raises(Invalid, match="批准之前"):
        actions.record_remote(ref, link(started_at=AT), by=chen, at=at)
    with pytest.raises(Invalid, match="两名以上"):
        actions.record_remote(ref, link(officers="李执法"), by=chen, at=at)
    with pytest.raises(Invalid, match="录像"):
        actions.record_remote(ref, link(recording_sha256=""), by=chen, at=at)
    actions.record_remote(ref, link(), by=chen, at=at)
    row = models.RemoteCheck.objects.get()
    assert (row.state, len(row.digest)) == (RemoteCheckState.HELD, 64)
