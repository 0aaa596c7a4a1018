"""A portal with a list, a plan, a table and two result notices, one of them leaky at the source."""

import pytest

from gongchou.core.terms import PublicationKind
from gongchou.publication import actions
from gongchou.publication.gathering import Draft, head
from tests.conftest import AT, BUREAU
from tests.publication.conftest import (  # noqa: F401
    gong,
    house,
    item_list,
    leader,
    make_notice,
    make_public,
    plan,
    row,
    table,
)

LEAKS = ("13800000000", "139901199001010018", "冀B12345", "张三丰", "0315-2000000")


def stratum(**fields) -> dict:
    ordinary = {
        "name": "重点", "size": 20, "drawn": 13, "checked": 10, "problems": 2, "estimate": "4",
        "low": 2, "high": 9, "says": "随机抽查 10 家", "note": "全部查完以前只供参考。",
    }  # fmt: skip
    return ordinary | fields


def estimates(**fields) -> Draft:
    rows = [stratum(**fields), stratum(name="特殊", size=0, checked=0, problems=0, low=0, high=0)]
    clues = [{"name": "个案检查", "checked": 3, "problems": 2}]
    words = {"counted_on": "2026-01-05", "method": "机会相同。", "rows": rows, "clues": clues}
    original = head(BUREAU, "真实违法率推算", "2026Q1") | words
    return Draft(
        kind=PublicationKind.RATES, source="rates:2026Q1", title="真实违法率推算",
        quarter="2026Q1", original=original,
    )  # fmt: skip


@pytest.fixture
def portal(item_list, plan, table, chen, make_public, make_notice):  # noqa: F811
    make_public(actions.propose_item_list(item_list, by=chen, at=AT))
    make_public(actions.propose_plan(plan, by=chen, at=AT))
    make_public(table)
    make_public(actions.propose_or_correct(estimates(), by=chen, at=AT))
    rows = [
        row(1, subject="演示印染第001厂", uscc="91990173000000017G", area="东片"),
        row(
            2,
            subject="演示铸造第002厂",
            uscc="91990173000000025B",
            area="西片",
            result_code="ordered_correct",
            result="责令改正（限期）",
            problem_count=2,
            handling="责令限期改正，电话13800000000，张三丰签收",
            note="车辆冀B12345，0315-2000000",
            contact="13800000000",
            legal_representative="张三丰",
        ),
        row(3, subject="张三丰小吃店", uscc="92990173MA0000001X", note="证件139901199001010018"),
    ]
    return make_public(make_notice(*rows, names=("张三丰",)))
