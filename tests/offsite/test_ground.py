"""The map of clues: what lies near a place, on which days, and what wind was measured."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from gongchou.core.clue_terms import ClueOrigin, InletKind, PollutantFamily
from gongchou.core.coordinates import SCALE, written
from gongchou.core.plumes import moved, side_of
from gongchou.core.terms import ImportKind
from gongchou.offsite import actions, clue_reads
from gongchou.offsite.clue_pages import around
from gongchou.offsite.ground import Asked, ground
from gongchou.registry import models
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.test_clues import ROBOT, event
from tests.offsite.test_inlets import HEADER, HERE, NORTH, csv, line, received, take
from tests.offsite.test_inlets import sites as sites

ADDRESS = "/offsite/clues/map/"
DAYS = {"since": "2026-01-04", "until": "2026-01-05"}
CENTRE = f"{HERE[0] / SCALE:.7f}，{HERE[1] / SCALE:.7f}"


def seen(chen, key: str, metres: float, hours: int = 1) -> str:
    at = AT - timedelta(hours=hours)
    draft = actions.ClueDraft(
        client_id=key,
        origin=ClueOrigin.SEEN,
        severity=2,
        says=f"闻到异味 {key}",
        place=f"路边 {key}",
        family=PollutantFamily.ODOUR,
        point=moved(HERE, 90, metres),
        started_at=at,
        ended_at=at,
    )
    return actions.take_up_clue(draft, by=chen, at=AT)


@pytest.fixture
def page(sites, chen, signed_in, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    browser = signed_in(chen)
    return lambda **asked: browser.get(ADDRESS, {**DAYS, **asked}).text


def drawn(text: str) -> dict:
    return json.loads(re.search(r'id="ground-data"[^>]*>(.*?)</script>', text, re.S)[1])


def test_only_what_lies_within_the_circle_is_listed_and_drawn(page, chen):
    seen(chen, "近", 990)
    seen(chen, "远", 1010)
    text = page(near=CENTRE, radius="1")
    assert "路边 近" in text
    assert "路边 远" not in text
    assert [clue["name"].split("：")[0] for clue in drawn(text)["clues"]] == ["路边 近"]
    assert "路边 远" in page(near=CENTRE, radius="1.1")


def test_without_a_centre_everything_is_listed(page, chen):
    seen(chen, "近", 10)
    seen(chen, "远", 9000)
    assert len(drawn(page())["clues"]) == 2


def test_without_a_centre_the_sites_with_clues_come_first(sites, chen):
    last = models.Subject.objects.order_by("-pk")[0].ref
    actions.take_up_event(event(last), by=ROBOT, at=AT)
    asked = Asked(since=TODAY - timedelta(days=1), until=TODAY, centre=None, radius=1000.0)
    assert [(site.ref == last, site.clues) for site in ground(BUREAU, TODAY, asked).sites] == [
        (True, 1),
        (False, 0),
    ]


def test_a_clue_of_other_days_is_left_out(page, chen):
    seen(chen, "前天", 10, hours=48)
    assert drawn(page())["clues"] == []
    assert len(drawn(page(since="2026-01-03"))["clues"]) == 1


def test_a_site_may_be_the_centre(page):
    text = page(near="虚构化工1", radius="0.1")
    assert "以“虚构化工1”为中心" in text
    assert [site["name"] for site in drawn(text)["sites"]] == ["虚构化工1"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"near": "虚构化工"}, "家这样的单位，请写全名称"),
        ({"near": "没有的厂"}, "没有这样的单位"),
        ({"near": "39.6309，118.2006"}, "写反了"),
        ({"near": "118.2006"}, "经度，纬度"),
        ({"since": "2025-11-01"}, "一次最多看 31 天"),
        ({"until": "2026-01-03"}, "止日不能早于起日"),
        ({"radius": "51"}, "50"),
        ({"since": "9999-12-31", "until": "9999-12-31"}, "请填 2000 年到 2099 年之间的日期"),
        ({"since": "0001-01-01", "until": "0001-01-01"}, "请填 2000 年到 2099 年之间的日期"),
    ],
)
def test_a_question_that_cannot_be_answered_says_how_to_mend_it(page, asked, says):
    text = page(**asked)
    assert says in text
    assert "ground-data" not in text


def test_the_wind_of_these_days_is_drawn_and_listed(page, chen):
    where = f"虚构站,{HERE[0] / SCALE},{HERE[1] / SCALE},WGS84"
    rows = [f"{where},2026-01-0{day}T08:00:00+08:00,350,2.6" for day in (3, 5)]
    text = "\n".join(["站名,经度,纬度,坐标系,时间,风向,风速", *rows]).encode()
    received(InletKind.WIND, text, chen)
    text = page()
    assert [(w["from"], w["speed"], w["side"]) for w in drawn(text)["winds"]] == [(350, 2.6, "北")]
    assert "北风（350°）" in text


def test_words_of_others_end_no_script(page, chen):
    seen(chen, "</script><b>", 10)
    text = page()
    assert "</script><b>" not in text
    assert "</script><b>" in drawn(text)["clues"][0]["name"]


def test_the_link_of_a_clue_leads_to_its_ground(page, chen):
    ref = seen(chen, "近", 500)
    query = dict(
        pair.split("=") for pair in around(clue_reads.clue(ref, BUREAU), BUREAU, TODAY).split("&")
    )
    assert (query["since"], query["until"]) == ("2026-01-04", "2026-01-06")


def test_the_link_of_a_clue_about_a_site_leads_to_the_sites_own_place(page, chen):
    subject = models.Subject.objects.get(versions__name="虚构化工1").ref
    row = clue_reads.clue(seen(chen, "近", 500), BUREAU)
    row = replace(row, point=None, subject=subject, subject_name="虚构化工1")
    (near,) = parse_qs(around(row, BUREAU, TODAY))["near"]
    assert near == "，".join(written(part) for part in NORTH)


def test_who_may_not_see_checks_is_refused(sites, signed_in, stranger):
    assert signed_in(stranger).get(ADDRESS).status_code == 403


def placed(chen, *names) -> None:
    """Sites of these names, each ten metres further north than the one before."""
    rows = [
        line(n, moved(HERE, 0, 10 * n)).replace(f"虚构化工{n}", name)
        for n, name in enumerate(names, start=11)
    ]
    take(ImportKind.SUBJECTS, csv(*rows, header=HEADER), chen)


def test_two_sites_of_one_name_are_no_centre_and_both_are_listed(page, chen):
    placed(chen, "虚构同名厂", "虚构同名厂")
    assert "有 2 家这样的单位，请写全名称" in page(near="虚构同名厂")
    names = [site["name"] for site in drawn(page(near=CENTRE, radius="0.2"))["sites"]]
    assert names.count("虚构同名厂") == 2


def test_a_name_that_begins_with_a_digit_is_a_name(page, chen):
    placed(chen, "503厂")
    assert "以“503厂”为中心" in page(near="503厂")
    assert "没有这样的单位" in page(near="504厂")


def test_sites_and_clues_beyond_what_is_drawn_at_once_are_still_found(page, chen, monkeypatch):
    monkeypatch.setattr("gongchou.registry.placed_reads.MOST_SPOTS", 1)
    monkeypatch.setattr("gongchou.registry.area_reads.MOST_SPOTS", 1)
    text = page()
    assert "只列了其中一部分" in text
    (first,) = drawn(text)["sites"]
    (other,) = {"虚构化工1", "虚构化工2"} - {first["name"]}
    text = page(near=other, radius="0.1")
    assert [site["name"] for site in drawn(text)["sites"]] == [other]
    assert "只列了其中一部分" not in text
    ref = models.Subject.objects.get(versions__name=other).ref
    assert list(registers.places_of(BUREAU, TODAY, [ref])) == [ref]


@pytest.mark.parametrize(
    ("direction", "side"), [(0, "北"), (22.4, "北"), (22.6, "东北"), (350, "北"), (225, "西南")]
)
def test_a_wind_is_named_by_the_nearest_side(direction, side):
    assert side_of(direction) == side
