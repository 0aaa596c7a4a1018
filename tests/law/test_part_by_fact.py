"""A ratio of its own for those whom one fact put into their stratum."""

from datetime import date

import pytest

from gongchou.core.classify import classify
from gongchou.core.quota import draw_strata
from gongchou.core.refusals import Invalid
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from tests.factories import complained, make_snapshot, make_subject, penalised

QUARTER = Quarter(2026, 1)
TEXT = """id = "own"
title = "虚构方案"
document_number = "虚构〔2026〕1号"
since = 2026-01-01
lays_over = "tangshan_gaoxin_2024"
[[quota]]
stratum = "special"
part = "penalised"
part_name = "受过处罚的"
only = { fact = ["penalty_decided"] }
ratio = "20/100"
since = 2026-01-01
clause = "一"
says = "转述"
"""


def written(tmp_path, text: str = TEXT):
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    return load_profile(str(path))


def test_who_came_by_another_fact_is_drawn_by_the_other_ratio(tmp_path):
    punished, told = penalised(date(2025, 12, 1)), complained(date(2025, 11, 1))
    subjects = (
        make_subject("P", penalties=(punished,)),
        make_subject("C", complaints=(told,)),
        make_subject("B", penalties=(punished,), complaints=(told,)),
    )
    profile, snapshot = written(tmp_path), make_snapshot(*subjects)
    found = classify(snapshot, profile, QUARTER)
    strata = draw_strata(found, {s.ref: s for s in subjects}, profile, QUARTER)
    assert {s.name: s.members for s in strata} == {
        "special.penalised": ("P", "B"),
        "special": ("C",),
    }


def test_a_fact_that_nobody_knows_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(Invalid, match=r"第 10 行.*“luck”未知，应取自permit_category"):
        written(tmp_path, TEXT.replace("penalty_decided", "luck"))
