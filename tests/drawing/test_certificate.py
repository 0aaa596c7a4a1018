"""The certificate of a draw says what the record says, and never vouches for itself."""

import pytest

from gongchou.drawing.certificate import (
    TEMPLATE,
    certificate,
    chance_text,
    made_at,
    stratum_label,
)
from gongchou.web.typesetting import compile_paper
from tests.core.draw_samples import EXAMPLES, PROFILES, VECTORS, make_record
from tests.papers import boxes_outside, pages_of, words_of

LONG = "临溪市生态环境局高新技术产业开发区玥堃喆镕综合行政执法分局北片区工作处（虚构）"


def paper(record, **more):
    return compile_paper(TEMPLATE, certificate(record, **more), at=made_at(record))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_published_record_has_a_certificate_with_its_digests(profile):
    pdf = paper(EXAMPLES[profile], organ=LONG)
    text = words_of(pdf)
    assert len(pages_of(pdf)) <= 2
    assert VECTORS[profile]["announce"] in text
    assert EXAMPLES[profile]["sealed"] in text
    assert boxes_outside(pdf) == []


def test_a_false_record_gets_no_clean_certificate():
    record = make_record()
    record["last"]["K"] = "f" * 64
    text = words_of(paper(record))
    assert "核对发现不符" in text
    assert "末位抽签号" in text
    assert "请您核对" not in text


def test_the_paper_leaves_the_anchor_to_its_reader():
    rows = certificate(make_record())["steps"]
    assert [row["verdict"] for row in rows[:-1]] == ["相符"] * (len(rows) - 1)
    assert rows[-1]["verdict"] == "请您核对"


def test_only_a_rehearsal_is_marked():
    assert certificate(make_record())["band"] == ""
    record = make_record()
    record["announcement"]["draw"] = "TEST-1"
    assert "演练" in words_of(paper(record))


@pytest.mark.parametrize(
    ("drawn", "of", "says"),
    [
        (5, 20, "5 ／ 20，25%"),
        (7, 211, "7 ／ 211，约 3.32%"),
        (4, 4, "必查"),
        (0, 0, "这一层没有对象"),
    ],
)
def test_a_chance_is_said_exactly_or_called_near(drawn, of, says):
    assert chance_text(drawn, of) == says


def test_strata_have_words_and_unknown_ones_their_own_name():
    assert stratum_label("key.fresh") == "重点，年内未查"
    assert stratum_label("K2") == "K2"
