"""The true rate on the portal: an interval for each class, clue-led visits apart, drawn as bars."""

import json

import pytest

from gongchou.portal import charts
from gongchou.publication import actions
from tests.conftest import AT
from tests.portal.conftest import estimates, stratum
from tests.portal.test_pages import text


@pytest.fixture
def rates(chen, make_public) -> str:
    return make_public(actions.propose_or_correct(estimates(), by=chen, at=AT))


def test_a_citizen_reads_the_interval_in_words_beside_bar_and_table(client, rates):
    page = text(client.get("/open/statistics/"))
    assert "20 家中，有问题的在 2 到 9 家之间（10% 到 45%）" in page
    assert '<rect class="target-done" x="100" y="3" width="350"' in page
    assert "2 至 9 家" in page
    assert "线索检查（不参加推算）" in page
    assert "个案检查：查清 3 次，2 次发现问题" in page


def test_open_data_keeps_the_two_streams_apart(client, rates):
    rows = json.loads(client.get("/open/data/rates.json").content)["rows"]
    assert [(row["stream"], row["low"], row["checked"]) for row in rows] == [
        ("随机抽查", 2, 10),
        ("随机抽查", 0, 0),
        ("线索检查", "", 3),
    ]


def test_a_later_count_takes_the_place_of_the_first_with_a_reason(rates, chen, make_public, client):
    new = make_public(
        actions.propose_or_correct(estimates(checked=13, high=6), "又查清 3 家", by=chen, at=AT)
    )
    assert "10% 到 30%" in text(client.get("/open/statistics/"))
    assert "10% 到 45%" in text(client.get(f"/open/documents/{rates}/"))
    assert new in text(client.get(f"/open/documents/{rates}/"))


def test_bars_lie_where_the_numbers_say():
    [bar] = charts.of_rates([stratum()]).bars
    assert (bar.start, bar.width, bar.dot) == (100, 350, 196)
    assert charts.of_rates([stratum(size=0, checked=0)]) is None
    narrow = charts.of_rates([stratum(low=20, high=20, problems=10)]).bars[0]
    assert narrow.width > 0
    assert narrow.dot + charts.DOT <= charts.WIDE
    plan = charts.by_stratum([{"name": "重点", "base_count": 3, "required_count": 2}])
    assert plan.bars[0].width == 666
