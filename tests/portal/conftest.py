"""A portal with a list, a plan, a table and two result notices, one of them leaky at the source."""

import pytest

from gongchou.publication import actions
from tests.conftest import AT
from tests.publication.conftest import (  # noqa: F401
    gong,
    item_list,
    leader,
    make_notice,
    make_public,
    plan,
    row,
    table,
)

LEAKS = ("13800000000", "139901199001010018", "冀B12345", "张三丰", "0315-2000000")


@pytest.fixture
def portal(item_list, plan, table, chen, make_public, make_notice):  # noqa: F811
    make_public(actions.propose_item_list(item_list, by=chen, at=AT))
    make_public(actions.propose_plan(plan, by=chen, at=AT))
    make_public(table)
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
