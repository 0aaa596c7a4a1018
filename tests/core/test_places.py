"""Degrees as they are written, and whether a point lies in an outline: exact, without a float."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.area import Area, Within, contains, of_plain, read_area
from gongchou.core.coordinates import SCALE, degrees, point, unwritten, written
from gongchou.core.refusals import Invalid

WEST, EAST = 118 * SCALE, 119 * SCALE
SOUTH, NORTH = 39 * SCALE, 40 * SCALE
SQUARE = ((WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH))
longitudes = st.integers(WEST - SCALE, EAST + SCALE)
latitudes = st.integers(SOUTH - SCALE, NORTH + SCALE)


def geojson(*rings, kind="Polygon", **more):
    coordinates = [[[float(x), float(y)] for x, y in ring] for ring in rings]
    return json.dumps({"type": kind, "coordinates": coordinates, **more}).encode()


RING = [(118, 39), (119, 39), (119, 40), (118, 40), (118, 39)]


@pytest.mark.parametrize(
    "text", ["118.20064", "118.2006400", "118°12′2.304″", "118度12分2.304秒", "东经118°12'2.304\"",
             "118°12′2.304″E", "E118.20064", "118.20064°", " 118.20064 "],
)  # fmt: skip
def test_degrees_are_read_however_they_are_written(text):
    assert written(degrees(text)) == "118.20064"


@pytest.mark.parametrize(
    "text", ["118,2", "一百一十八", "118°72′", "-118.2", "1182006", "°", "1e2"]
)
def test_what_is_no_degree_is_told(text):
    with pytest.raises(ValueError, match="为“"):
        degrees(text)


@given(st.integers(0, 180 * SCALE))
def test_a_degree_written_and_read_back_is_the_same(value):
    assert degrees(written(value)) == unwritten(written(value)) == value


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 5999))
def test_minutes_and_seconds_are_rounded_once(whole, minutes, hundredths):
    text = f"{whole}°{minutes}′{hundredths // 100}.{hundredths % 100:02}″"
    exact = whole + Fraction(minutes, 60) + Fraction(hundredths, 360_000)
    assert abs(degrees(text) - exact * SCALE) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("longitude", "latitude", "says"),
    [("118.2", "", "一起填"), ("39.6", "118.2", "写反了"), ("0", "0", "不在国内"),
     ("200.1", "39", "不在国内"), ("中", "39", "不是经纬度")],
)  # fmt: skip
def test_a_place_that_is_none_is_refused_with_the_mend(longitude, latitude, says):
    with pytest.raises(Invalid, match=says):
        point(longitude, latitude)


def test_no_coordinates_are_no_place():
    assert point("", "") is None


@given(longitudes, latitudes)
def test_a_square_holds_what_is_between_its_sides_borders_included(x, y):
    area = Area(polygons=((SQUARE,),))
    assert contains(area, (x, y)) is (WEST <= x <= EAST and SOUTH <= y <= NORTH)


@given(
    st.lists(st.tuples(longitudes, latitudes), min_size=3, max_size=9, unique=True),
    st.tuples(longitudes, latitudes),
    st.integers(0, 8),
)
def test_neither_direction_nor_beginning_of_a_ring_matters(corners, at, turn):
    turned = corners[turn % len(corners) :] + corners[: turn % len(corners)]
    answers = {
        contains(Area(polygons=(((*ring, ring[0]),),)), at)
        for ring in map(tuple, (corners, corners[::-1], turned))
    }
    assert len(answers) == 1


@given(
    st.lists(st.tuples(longitudes, latitudes), min_size=3, max_size=9, unique=True),
    st.tuples(longitudes, latitudes),
    st.integers(-SCALE, SCALE),
    st.integers(2, 5),
)
def test_moving_or_enlarging_everything_changes_no_answer(corners, at, by, times):
    def moved(spot):
        return (spot[0] * times + by, spot[1] * times - by)

    ring = (*corners, corners[0])
    found = contains(Area(polygons=((ring,),)), at)
    assert contains(Area(polygons=((tuple(map(moved, ring)),),)), moved(at)) is found


@given(st.lists(st.tuples(longitudes, latitudes), min_size=3, max_size=9), st.data())
def test_an_area_prepared_for_many_points_answers_as_the_plain_rule_does(corners, data):
    ring = (*corners, corners[0])
    area, ask = Area(polygons=((ring,),)), Within(Area(polygons=((ring,),)))
    at = data.draw(st.tuples(longitudes, st.sampled_from([y for _, y in ring]) | latitudes))
    assert [ask(point) for point in (at, *corners)] == [contains(area, p) for p in (at, *corners)]


@given(st.lists(st.tuples(longitudes, latitudes), min_size=3, max_size=9, unique=True))
def test_corners_lie_in_their_own_area(corners):
    area = Area(polygons=(((*corners, corners[0]),),))
    assert all(contains(area, corner) for corner in corners)


@given(longitudes, latitudes, st.integers(1, SCALE // 3))
def test_a_hole_takes_out_its_inside_and_leaves_its_border(x, y, inset):
    low, high = (WEST + inset, SOUTH + inset), (EAST - inset, NORTH - inset)
    hole = tuple((min(max(a, low[0]), high[0]), min(max(b, low[1]), high[1])) for a, b in SQUARE)
    whole, holed = Area(polygons=((SQUARE,),)), Area(polygons=((SQUARE, hole),))
    is_in_hole = WEST + inset < x < EAST - inset and SOUTH + inset < y < NORTH - inset
    assert contains(holed, (x, y)) is (contains(whole, (x, y)) and not is_in_hole)


def test_an_outline_is_found_in_features_and_collections_and_comes_back():
    feature = {"type": "Feature", "geometry": json.loads(geojson(RING)), "properties": {}}
    for document in (
        feature,
        {"type": "FeatureCollection", "features": [feature]},
        {"type": "MultiPolygon", "coordinates": [json.loads(geojson(RING))["coordinates"]]},
        {"type": "GeometryCollection", "geometries": [feature["geometry"]]},
    ):
        area = read_area(json.dumps(document).encode())
        assert area.bounds == ((WEST, SOUTH), (EAST, NORTH))
        assert of_plain(json.loads(json.dumps(area.plain()))) == area


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG", "不是 UTF-8 编码的 GeoJSON"),
        (b"[1, 2]", "结构不是 GeoJSON"),
        (b'{"type": "Point", "coordinates": [118, 39]}', "没有面"),
        (geojson(RING[:-1]), "没有闭合"),
        (geojson([(118, 39), (119, 39), (118, 39), (118, 39)]), "没有面积"),
        (geojson([(y, x) for x, y in RING]), "写反了"),
        (geojson([(x * 4000, y * 100000) for x, y in RING]), "投影坐标"),
        (geojson(RING, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}), "坐标系写的是"),
        (b'{"type":"Polygon","coordinates":[[["a",1]]]}', "不是普通小数"),
        (b'{"type":"Polygon","coordinates":[[[1e2,1]]]}', "不是普通小数"),
        (b'{"type":"Polygon","coordinates":[[[NaN,1]]]}', "不是普通小数"),
        (b'{"type":"Polygon","coordinates":[[[' + b"9" * 6000 + b",1]]]}", "不是普通小数"),
        (b'{"type":"Polygon","coordinates":5}', "结构不是 GeoJSON"),
        (b'{"type":"Polygon","coordinates":[]}', "没有边界"),
        (b" " * (4 * 2**20 + 1), "超过 4 MB"),
        (
            geojson([(118 + n / 10**5, 39) for n in range(20_001)] + [(119, 40), (118, 39)]),
            "先简化",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_outline_is_refused_with_the_mend(content, says):
    with pytest.raises(Invalid, match=says):
        read_area(content)


def test_the_old_crs_member_may_name_wgs84_or_cgcs2000():
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4490"):
        assert read_area(geojson(RING, crs={"properties": {"name": name}})).polygons
