"""A bureau with an approved item list and plan, and the three people who publish."""

from datetime import date

import pytest

from gongchou.core.terms import ImportKind, PublicationKind, Role
from gongchou.planning import actions as planning
from gongchou.publication import actions, reads
from gongchou.publication.actions.propose import propose_draft
from gongchou.publication.gathering import Draft, Line, Table, head
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from tests.conftest import AT, TODAY
from tests.inspection.conftest import house as house
from tests.registry.test_import import csv, line, take
from tests.registry.test_items import AIR, HEAD, WATER

QUARTER = "2026Q1"
TABLE = Table(columns=("应抽", "实抽"), rows=(("重点", ("3", "3")),), note="按季度统计。")


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def gong(person):
    return person("gong", "公示员", Role.PUBLISHER)


@pytest.fixture
def item_list(chen, leader, bureau) -> str:
    take(ImportKind.ITEMS, csv(AIR, WATER, header=HEAD), chen)
    ref = registers.item_lists(bureau)[0].ref
    registry.approve_item_list(ref, on=TODAY, by=leader, at=AT)
    return ref


@pytest.fixture
def plan(chen, leader, bureau) -> str:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, line(12)), chen)
    ref = planning.compute_plan(QUARTER, by=chen, at=AT)
    planning.approve_plan(ref, by=leader, at=AT)
    return ref


@pytest.fixture
def make_public(leader, gong):
    """Approve and publish what was proposed."""

    def through(ref: str) -> str:
        actions.approve(ref, digest=reads.document(ref).digest, by=leader, at=AT)
        actions.publish(ref, by=gong, at=AT)
        return ref

    return through


@pytest.fixture
def table(chen) -> str:
    return actions.propose_table(
        "统计表", TABLE, quarter=QUARTER, source="S990173-2026Q1-1", by=chen, at=AT
    )


def row(number: int, **fields) -> dict:
    """One line of a result notice as pulled from upstream."""
    ordinary = {
        "number": number, "task": "日常双随机抽查", "items": ["大气治理", "排污许可"],
        "subject": f"演示企业{number}", "uscc": "91990173000000017G",
        "authority": "临溪分局（虚构）", "ended_on": TODAY.isoformat(),
        "result_code": "no_problem", "result": "未发现问题", "handling": "没有需要处理的",
        "note": "", "area": "东片", "chosen": "随机抽取", "joint": "", "problem_count": 0,
        "problems": [],
        "rectified": "没有需要改正的", "cards": ["演示0001", "演示0002"], "draw": "",
    }  # fmt: skip
    return ordinary | fields


@pytest.fixture
def make_notice(chen, bureau):
    """A maker of proposed result notices; visits are named by the rows' numbers."""

    def make(*rows: dict, visits: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> str:
        refs = visits or tuple(f"V{r['number']}" for r in rows)
        title = "抽查结果公示表"
        draft = Draft(
            kind=PublicationKind.RESULT_NOTICE,
            source=",".join(refs),
            title=title,
            quarter=QUARTER,
            original=head(bureau, title, QUARTER) | {"rows": list(rows)},
            names=names,
            lines=tuple(
                Line(
                    visit=ref, number=r["number"], ended_on=TODAY,
                    deadline_on=date(2026, 2, 2), is_provisional=False,
                )
                for ref, r in zip(refs, rows, strict=True)
            ),
        )  # fmt: skip
        return propose_draft(draft, by=chen, at=AT)

    return make
