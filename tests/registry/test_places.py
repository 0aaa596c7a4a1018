"""Coordinates on subjects: read, brought to WGS84, drawn, and held against the outline."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.audit import reads as audit
from gongchou.core.coordinates import SCALE
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import CoordinateSystem, ImportKind, Role
from gongchou.registry import actions, datums, export, maps, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, take, uscc

HEAD = "单位名称,统一社会信用代码,固定污染源编码,管理类别,中心经度,中心纬度,坐标系"
RING = [[121.5, 34.5], [121.6, 34.5], [121.6, 34.6], [121.5, 34.6], [121.5, 34.5]]
OUTLINE = json.dumps({"type": "Polygon", "coordinates": [RING]}).encode()


def row(number, longitude="", latitude="", system=""):
    code = uscc(number)
    return f"虚构化工{number},{code},{code}001P,登记管理,{longitude},{latitude},{system}"


def bring(by, *rows, header=HEAD):
    return take(ImportKind.SUBJECTS, csv(*rows, header=header), by)


def page_of(bureau, place=0, on=TODAY):
    ref = reads.subjects(bureau, on).rows[place].ref
    return reads.subject(ref, bureau, on)


# Published pairs: a place on WGS84, and where the services on GCJ-02 show it.
@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_shifted_coordinates_come_back_to_the_published_places(wgs, gcj):
    at = round(gcj[0] * SCALE), round(gcj[1] * SCALE)
    found = datums.to_wgs84(at, CoordinateSystem.GCJ02)
    assert all(abs(one - other * SCALE) <= 2 for one, other in zip(found, wgs, strict=True))


def test_a_file_with_degrees_minutes_and_no_system_is_wgs84(chen, bureau):
    found = bring(chen, row(1, "121°33′0″", "34°33′0″"))
    assert found["problems"] == []
    page = page_of(bureau)
    assert (page.longitude, page.latitude) == ("121.55", "34.55")


def test_a_point_from_a_map_service_is_moved_by_hundreds_of_metres(chen, bureau):
    bring(chen, row(1, "116.38404722", "39.91334546", "GCJ-02"), row(2, "116.39", "39.92", "百度"))
    first, second = page_of(bureau), page_of(bureau, 1)
    assert first.longitude[:8] == "116.3778"
    assert second.longitude[:6] == "116.37"


def test_the_export_of_places_imports_back_unchanged(chen, bureau):
    bring(chen, row(1, "116.384047", "39.913345", "高德"), row(2), row(3, "121.55", "34.55"))
    content, _ = export.workbook(ImportKind.SUBJECTS, bureau, TODAY)
    found = take(ImportKind.SUBJECTS, content, chen, filename="导出.xlsx")
    assert (found["rows"], found["unchanged"]) == (3, 3)


@pytest.mark.parametrize(
    ("longitude", "latitude", "system", "says"),
    [
        ("121.5", "", "", "一起填"),
        ("34.5", "121.5", "", "写反了"),
        ("0", "0", "", "不在国内"),
        ("40500000", "3800000", "", "不是经纬度"),
        ("121.5", "34.5", "北京54", "转换为 WGS84"),
    ],
)
def test_what_is_no_place_is_turned_away_with_the_mend(chen, longitude, latitude, system, says):
    found = bring(chen, row(1, longitude, latitude, system))
    assert found["rejected"] == 1
    assert says in found["problems"][0]["says"]


def test_one_column_alone_is_turned_away_and_files_without_any_leave_places_alone(chen, bureau):
    bring(chen, row(1, "121.55", "34.55"))
    head = "单位名称,统一社会信用代码,固定污染源编码,管理类别"
    code = uscc(1)
    plain = f"虚构化工1,{code},{code}001P,简化管理"
    assert bring(chen, plain + ",121.5", header=head + ",经度")["rejected"] == 1
    later = date(2026, 2, 2)
    actions.import_file(
        ImportKind.SUBJECTS, csv(plain, header=head), "后.csv", on=later, by=chen, at=AT
    )
    assert page_of(bureau, on=later).longitude == "121.55"


def test_a_change_on_the_page_moves_the_site_from_that_day_on(chen, bureau, signed_in):
    bring(chen, row(1, "121.55", "34.55"))
    ref = page_of(bureau).subject.ref
    texts = export.texts(ref, bureau) | {"longitude": "121.58", "coordinate_system": ""}
    actions.change_subject(ref, texts, reason="实地核实", on=date(2026, 2, 2), by=chen, at=AT)
    days = (TODAY, date(2026, 2, 2))
    assert [reads.subject(ref, bureau, on).longitude for on in days] == ["121.55", "121.58"]


def test_an_outline_is_kept_dated_and_leaves_its_event(chen, bureau):
    assert reads.area(bureau, TODAY) is None
    assert actions.set_area(OUTLINE, "虚构轮廓", on=TODAY, by=chen, at=AT) == 5
    assert audit.events(bureau)[0].event.kind == "area_set"
    with pytest.raises(Refused, match="完全相同"):
        actions.set_area(OUTLINE, "虚构轮廓", on=TODAY, by=chen, at=AT)
    wider = OUTLINE.replace(b"121.6", b"121.7")
    actions.set_area(wider, "新的虚构轮廓", on=date(2026, 2, 2), by=chen, at=AT)
    days = (date(2025, 1, 1), TODAY, date(2026, 2, 2))
    ends = [reads.area(bureau, on).bounds[1][0] // 10**6 for on in days]
    assert ends == [1216, 1216, 1217]
    assert [found.until for found in reads.outlines(bureau)] == [None, date(2026, 2, 2)]


def test_an_outline_needs_the_power_a_source_and_a_sound_file(chen, stranger):
    with pytest.raises(NotAllowed, match="维护名录"):
        actions.set_area(OUTLINE, "虚构轮廓", on=TODAY, by=stranger, at=AT)
    with pytest.raises(Invalid, match="写明区域轮廓的来源"):
        actions.set_area(OUTLINE, " ", on=TODAY, by=chen, at=AT)
    with pytest.raises(Invalid, match="没有面"):
        actions.set_area(b"{}", "虚构轮廓", on=TODAY, by=chen, at=AT)


def test_the_board_names_who_lies_outside_and_says_when_it_cannot_know(chen, bureau):
    bring(chen, row(1, "121.55", "34.55"), row(2, "121.65", "34.55"), row(3))

    def outside():
        return next(board for board in reads.board(bureau, TODAY) if board.key == "outside")

    assert "还没有区域轮廓" in outside().note
    actions.set_area(OUTLINE, "虚构轮廓", on=TODAY, by=chen, at=AT)
    assert [finding.name for finding in outside().rows] == ["虚构化工2"]
    assert outside().note == ""


def test_the_site_page_draws_the_point_and_says_that_it_is_outside(chen, bureau, signed_in):
    bring(chen, row(1, "121.55", "34.55"), row(2, "121.65", "34.55"), row(3))
    actions.set_area(OUTLINE, "虚构轮廓", on=TODAY, by=chen, at=AT)
    browser = signed_in(chen)
    texts = [
        browser.get(f"/register/subjects/{found.ref}/").content.decode()
        for found in reads.subjects(bureau, TODAY).rows
    ]
    assert '<svg class="area-map' in texts[0]
    assert "area-shape" in texts[0]
    assert "在管辖区域以外" not in texts[0]
    assert "在管辖区域以外" in texts[1]
    assert "area-map" not in texts[2]
    assert "style=" not in texts[0].split("<main")[1]


def test_the_map_shows_the_sites_of_one_class_and_counts_those_without_place(
    chen, bureau, signed_in
):
    bring(chen, row(1, "121.55", "34.55"), row(2, "121.56", "34.56"), row(3))
    actions.set_area(OUTLINE, "虚构轮廓", on=TODAY, by=chen, at=AT)
    browser = signed_in(chen)
    every = browser.get("/register/map/").content.decode()
    assert "有坐标的 2 家" in every
    assert every.count('class="spot spot-general"') == 2
    keys = browser.get("/register/map/?subject_class=key").content.decode()
    assert 'class="spot spot-general"' not in keys
    assert "没有符合条件" in keys


def test_a_site_far_off_does_not_shrink_the_map(bureau, chen):
    bring(chen, row(1, "121.55", "34.55"), row(2, "101.5", "34.55"))
    actions.set_area(OUTLINE, "虚构轮廓", on=TODAY, by=chen, at=AT)
    spots = reads.spots(bureau, TODAY, {}).rows
    drawn = maps.picture(reads.area(bureau, TODAY), spots)
    assert (len(drawn.marks), drawn.left_out) == (1, 1)
    assert maps.picture(None, ()) is None


def test_the_outline_is_uploaded_on_its_page_and_a_bad_one_refused_there(signed_in, chen, person):
    browser = signed_in(chen)

    def post(content):
        file = SimpleUploadedFile("轮廓.geojson", content)
        sent = {"file": file, "source": "虚构轮廓"}
        return browser.post("/register/map/area/", sent, follow=True).content.decode()

    assert "没有闭合" in post(OUTLINE.replace(b", [121.5, 34.5]]]", b"]]"))
    assert "共 5 个点" in post(OUTLINE)
    reader = signed_in(person("li", "李执法", Role.INSPECTOR))
    assert '<form class="card' not in reader.get("/register/map/area/").content.decode()
