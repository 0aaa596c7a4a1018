"""Short forms of words, strokes for nothing, and days, as rosters write them."""

from datetime import date
from pathlib import Path

import pytest

from gongchou.core import terms
from gongchou.core.terms import ImportKind, KeyUnitType, PermitCategory
from gongchou.registry import reads
from gongchou.registry.importing import synonyms
from gongchou.registry.importing.cells import Word, Words, day
from gongchou.registry.importing.columns import LAYOUTS
from tests.conftest import TODAY
from tests.registry.test_import import csv, take, uscc

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "建库.md"
HEAD = "单位名称,统一社会信用代码,管理类别,重点单位类型,生产状态,许可证有效期"
TERMS = {column.words for layout in LAYOUTS.values() for column in layout.columns if column.words}


def test_short_forms_are_read_as_the_words_and_told_once(chen, bureau):
    rows = [f"虚构化工{n},{uscc(n)},重点,水、大气,在产,2027.3.5" for n in (1, 2)]
    found = take(ImportKind.SUBJECTS, csv(*rows, header=HEAD), chen)
    one = reads.subjects(bureau, TODAY).rows[0]
    assert one.permit_category is PermitCategory.KEY
    assert one.key_unit_types == (KeyUnitType.AIR, KeyUnitType.WATER)
    assert [(w["row"], w["value"]) for w in found["warnings"]] == [
        (2, "重点"),
        (2, "水、大气"),
        (2, "在产"),
    ]
    assert "“重点”按“重点管理”读入" in found["warnings"][0]["says"]


def test_strokes_for_nothing_are_nothing_and_told(chen, bureau):
    found = take(ImportKind.SUBJECTS, csv("虚构作坊,/,登记,无,—,长期", header=HEAD), chen)
    one = reads.subjects(bureau, TODAY).rows[0]
    assert (found["accepted"], one.uscc, one.key_unit_types) == (1, "", ())
    assert sum("按没有填写读入" in warning["says"] for warning in found["warnings"]) == 4


def test_a_stroke_where_something_is_needed_is_refused(chen):
    found = take(ImportKind.SUBJECTS, csv("虚构作坊,,/,,,", header=HEAD), chen)
    assert found["problems"][0]["says"] == "第 2 行“排污许可管理类别”不得为空，请补填。"


@pytest.mark.parametrize("text", ["停产", "固体废物", "重要"])
def test_what_may_mean_two_words_is_refused_with_the_words(text):
    with pytest.raises(ValueError, match="应填“"):
        Word(terms.OperatingStatus)(text)


@pytest.mark.parametrize("text", ["停产(临时)", " 停产 （临时）", "临时停产"])
def test_width_and_blanks_are_no_difference(text):
    assert Word(terms.OperatingStatus)(text) == "stopped_temporary"


@pytest.mark.parametrize("term", sorted(TERMS, key=lambda term: term.__name__))
def test_no_way_to_write_a_word_means_two_and_the_guide_names_each(term):
    guide = GUIDE.read_text("utf-8")
    ways = [other for member in term for other in synonyms.others(member)]
    assert len({synonyms.plain(way) for way in ways}) == len(ways)
    assert [way for way in ways if way not in guide] == []
    for member in term:
        assert {Word(term)(way) for way in synonyms.others(member)} <= {member.value}
        assert Words(term)(member.label) == [member.value]


@pytest.mark.parametrize(
    "text", ["2024-3-28", "2024/03/28 15:30", "2024年3月28日", "２０２４．３．２８", "20240328"]
)
def test_days_are_read_however_they_are_written(text):
    assert day(text) == date(2024, 3, 28)


@pytest.mark.parametrize("text", ["2024-02-30", "20240230", "24.3.28", "2024年3月", "长期"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="不是日期"):
        day(text)
