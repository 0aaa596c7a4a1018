"""What the documents say about policies is what the data and the code say."""

import re
import tomllib
from datetime import date

import pytest

from gongchou.core.facts import FACTS, WINDOWS
from gongchou.core.policy_keys import KEYS
from gongchou.core.policy_words import FACT_NAMES, rule_text
from gongchou.core.terms import Rotation, Stratum
from gongchou.law.cases import CHECKS, case_problem
from gongchou.law.contradictions import SHARES
from gongchou.law.load import FOLDER, load_calendar, load_cases, load_profile, profile_ids
from gongchou.law.reading import FIELDS, KINDS, read_profile

DOCS = FOLDER.parent.parent / "docs" / "law"
FORMAT = (DOCS / "format.md").read_text("utf-8")
QUESTIONS = (DOCS / "questions.md").read_text("utf-8")


@pytest.mark.parametrize("policy", profile_ids())
def test_every_default_reading_is_among_the_open_questions(policy):
    for ruling in load_profile(policy).rulings:
        number = ruling.ref.removeprefix("default-")
        row = next(line for line in QUESTIONS.splitlines() if line.startswith(f"| {number} |"))
        assert ruling.question in row
        assert ruling.reading in row
        assert f"`{ruling.key}`" in row


def test_no_reading_that_is_gone_is_among_the_open_questions():
    listed = set(re.findall(r"^\| ([\d-]+) \|", QUESTIONS, re.M))
    refs = {ruling.ref for policy in profile_ids() for ruling in load_profile(policy).rulings}
    assert listed == {ref.removeprefix("default-") for ref in refs}


def test_the_manual_lists_every_setting_with_its_label():
    listed = dict(
        re.findall(r"^\| `([\w.]+)` \| ([^|]+) \| [^|]+ \| (?:必需|可不写) \|", FORMAT, re.M)
    )
    assert listed == {key: known.label for key, known in KEYS.items()}


def test_the_manual_names_every_table_field_and_kind_of_case():
    words = set(re.findall(r"\w+", FORMAT))
    assert set(CHECKS) <= words
    assert {field for fields in FIELDS.values() for field in fields} <= words


@pytest.mark.parametrize("key", [key for key, known in KEYS.items() if known.words])
def test_the_manual_lists_every_word_that_a_setting_may_hold(key):
    values = re.findall(rf"^\| `{re.escape(key)}` \| [^|]+ \| ([^|]+) \|", FORMAT, re.M)
    assert re.findall("`([^`]+)`", values[0]) == list(KEYS[key].words)


@pytest.mark.parametrize("word", sorted({*FACTS, *WINDOWS, *SHARES, *Rotation, *Stratum}))
def test_the_manual_explains_every_word_of_the_tables(word):
    assert f"`{word}`" in FORMAT


def test_the_manuals_own_examples_read():
    blocks = re.findall(r"```toml\n(.*?)```", FORMAT, re.S)
    head, rest = blocks[0], [block for block in blocks[1:] if "_case" not in block]
    assert len(rest) >= 4
    for block in rest:
        whole = block if "document_number" in block else head + block
        read_profile({"示例.toml": tomllib.loads(whole)})


def test_the_examples_together_are_a_policy_that_answers_its_own_cases(tmp_path):
    blocks = re.findall(r"```toml\n(.*?)```", FORMAT, re.S)
    head = next(block for block in blocks if "lays_over" in block)
    parts = [block for block in blocks if "document_number" not in block]
    parts = [head, *(block for block in parts if "[[quota]]" not in block)]
    (tmp_path / "cases").mkdir()
    for number, block in enumerate(parts):
        folder = tmp_path / "cases" if "_case]]" in block else tmp_path
        (folder / f"{number}.toml").write_text(block, "utf-8")
    profile, cases = load_profile(str(tmp_path)), load_cases(str(tmp_path))
    assert set(KINDS) <= {kind for block in parts for kind in tomllib.loads(block)}
    assert len(cases) >= 2
    assert [case_problem(case, profile, load_calendar()) for case in cases] == [None] * len(cases)


def test_every_fact_has_a_name_for_the_pages():
    assert set(FACT_NAMES) == set(FACTS)
    rules = load_profile("tangshan_gaoxin_2024").rules_on(date(2026, 1, 5))
    said = {rule.fact: rule_text(rule) for rule in rules}
    assert said["credit_level"] == "C级、D级、E级"
    assert said["penalty_decided"] == "上一个自然季度"
    assert said["on_positive_list"] == ""
