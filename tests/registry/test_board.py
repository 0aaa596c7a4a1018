"""What the register wants looked after, and how it is made up, on a day."""

from datetime import date, timedelta

import pytest

from gongchou.core.terms import ImportKind
from gongchou.registry import actions, reads, statistics_reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take, uscc

HEAD = "单位名称,统一社会信用代码,固定污染源编码,管理类别,重点单位类型,许可证有效期,不参与双随机"


def site(number, name="", category="登记管理", lists="", permit="", is_out="否"):
    code = uscc(number)
    return f"{name or f'虚构化工{number}'},{code},{code}001P,{category},{lists},{permit},{is_out}"


@pytest.fixture
def found(chen, bureau):
    """The doubts of a register given by its rows."""

    def read(*rows, on=TODAY):
        take(ImportKind.SUBJECTS, csv(*rows, header=HEAD), chen)
        return {b.key: [row.name for row in b.rows] for b in reads.board(bureau, on)}

    return read


def test_a_clean_register_has_no_doubts(found):
    assert not any(found(site(1), site(2, name="虚构印染")).values())


def test_key_permits_and_the_key_list_are_held_against_each_other(found):
    doubts = found(
        site(1, name="甲", category="重点管理"),
        site(2, name="乙", lists="水环境重点排污单位"),
        site(3, name="丙", category="重点管理", lists="水环境重点排污单位"),
        site(4, name="丁", lists="土壤污染重点监管单位"),
    )
    assert (doubts["key_not_listed"], doubts["listed_not_key"]) == (["甲"], ["乙"])


def test_an_expired_permit_is_named_by_the_end_of_its_period(found):
    doubts = found(
        site(1, name="甲", permit="2021-01-01至2025-12-31"), site(2, name="乙", permit="2026-01-05")
    )
    assert doubts["expired"] == ["甲"]


def test_names_that_look_alike_are_shown_with_the_other(found):
    doubts = found(site(1, name="虚构化工有限公司"), site(2, name="虚构化工（有限）公司"))
    assert len(doubts["look_alike"]) == 2


def test_two_sites_of_one_enterprise_are_no_doubt(found):
    second = f"虚构化工1,{uscc(1)},{uscc(1)}002P,登记管理,,,否"
    assert found(site(1), second)["look_alike"] == []


def test_no_codes_and_no_reason_are_named(found):
    doubts = found("虚构小作坊,,,登记管理,,,否", site(2, name="乙", is_out="是"))
    assert (doubts["codes"], doubts["no_reason"]) == (["虚构小作坊"], ["乙"])


def test_never_visited_in_two_years_counts_from_entry(found, chen, bureau):
    assert found(site(1, name="甲"), site(2, name="乙"))["never_visited"] == []
    later = TODAY + timedelta(800)
    head = "单位名称,检查日期,检查人员"
    row = csv("乙,2027-06-01,王退休", header=head)
    actions.import_file(ImportKind.VISITS, row, "v.csv", on=date(2027, 6, 2), by=chen, at=AT)
    boards = {b.key: [row.name for row in b.rows] for b in reads.board(bureau, later)}
    assert boards["never_visited"] == ["甲"]


def test_the_figures_lead_to_the_filtered_list(found, chen, bureau, signed_in):
    found(site(1), site(2, category="重点管理"), site(3, is_out="是"))
    figures = {(f.field, f.value): f.count for f in reads.figures(bureau, TODAY)}
    assert figures["permit_category", "registered"] == 2
    assert figures["is_excluded", "yes"] == 1
    page = signed_in(chen).get("/register/?is_excluded=yes").content.decode()
    assert "共 1 家" in page


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("key_unit_types=water", 1),
        ("permit_category=key", 1),
        ("performance_grade=A", 0),
        ("operating_status=operating&is_excluded=no", 2),
    ],
)
def test_every_tag_narrows_the_list(found, chen, signed_in, query, total):
    found(site(1), site(2, category="重点管理", lists="水环境重点排污单位、大气环境重点排污单位"))
    page = signed_in(chen).get(f"/register/?{query}").content.decode()
    assert f"共 {total} 家" in page


def test_the_register_of_any_day_is_shown(chen, bureau, signed_in):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    browser = signed_in(chen)
    assert "共 0 家" in browser.get("/register/?on=2026-01-04").content.decode()
    page = browser.get("/register/?on=2026-01-05").content.decode()
    assert "2026年1月5日（周一）的名录，共 1 家" in page


def test_the_statistics_of_any_day_count_words_classes_and_people(found, chen, bureau, signed_in):
    lists = "水环境重点排污单位、大气环境重点排污单位"
    found(site(1), site(2, category="重点管理", lists=lists), site(3, is_out="是"))
    told = reads.statistics(bureau, TODAY)
    counted = {(figure.field, figure.value): figure.count for figure in told.figures}
    assert (told.subjects, told.enterprises, told.excluded) == (3, 3, 1)
    assert (counted["key_unit_types", "water"], counted["key_unit_types", "air"]) == (1, 1)
    assert ("key_unit_types", "soil") not in counted
    assert {kind.value: (count, base) for kind, count, base in told.classes} == {
        "key": (1, 1),
        "special": (0, 0),
        "general": (2, 1),
    }
    assert reads.statistics(bureau, TODAY - timedelta(1)).subjects == 0
    page = signed_in(chen).get("/register/statistics/").content.decode()
    assert "3 家（按信用代码归并为 3 个企业）" in page


def test_of_many_doubts_all_are_counted_and_the_first_are_shown(chen, bureau):
    names = [f"虚构第{number:02}家" for number in range(60)]
    rows = [
        site(number, name=name, category="重点管理", permit="2025-12-31", is_out="是")
        for number, name in enumerate(names, 1)
    ]
    take(ImportKind.SUBJECTS, csv(*rows, header=HEAD), chen)
    found = {board.key: board for board in reads.board(bureau, TODAY)}
    told = {
        "key_not_listed": "许可为重点管理，未列入重点排污单位名录。",
        "expired": "许可证有效期至2025年12月31日，已到期。",
        "no_reason": "标为不参与双随机，没有写理由。",
    }
    for key, says in told.items():
        assert found[key].total == 60
        assert [(row.name, row.says) for row in found[key].rows] == [(n, says) for n in names[:50]]
    assert found["listed_not_key"].total == found["codes"].total == 0


def test_only_sites_whose_names_are_shared_are_read_again(chen, bureau):
    rows = [site(n, name=f"虚构{'甲' if n in (3, 8) else n}") for n in range(1, 10)]
    take(ImportKind.SUBJECTS, csv(*rows, header=HEAD), chen)
    (alike,) = [board for board in reads.board(bureau, TODAY) if board.key == "look_alike"]
    assert (alike.total, [row.name for row in alike.rows]) == (2, ["虚构甲", "虚构甲"])
    assert alike.rows[1].ref not in alike.rows[1].says
    assert alike.rows[0].ref in alike.rows[1].says


def test_rows_counted_in_several_goes_add_up(found, bureau, monkeypatch):
    monkeypatch.setattr(statistics_reads, "TOGETHER", 2)
    both = "水环境重点排污单位、大气环境重点排污单位"
    found(*(site(n, lists=both if n % 2 else "", is_out="否是"[n == 4]) for n in range(1, 8)))
    figures = {(f.field, f.value): (f.label, f.count) for f in reads.figures(bureau, TODAY)}
    assert figures["key_unit_types", "air"][1] == figures["key_unit_types", "water"][1] == 4
    assert figures["is_excluded", "no"] == ("参加", 6)
    assert figures["is_excluded", "yes"] == ("不参加", 1)
    assert figures["scale", ""] == ("未填", 7)
