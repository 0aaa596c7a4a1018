"""What the documents say about policies is what the data and the code say."""

import re
import tomllib

import pytest

from gongchou.core.policy_keys import KEYS
from gongchou.law.cases import CHECKS
from gongchou.law.load import FOLDER, load_profile, profile_ids
from gongchou.law.reading import FIELDS, read_profile

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


def test_the_manual_lists_every_setting_with_its_label():
    listed = dict(
        re.findall(r"^\| `([\w.]+)` \| ([^|]+) \| [^|]+ \| (?:必需|可不写) \|", FORMAT, re.M)
    )
    assert listed == {key: known.label for key, known in KEYS.items()}


def test_the_manual_names_every_table_field_and_kind_of_case():
    words = set(re.findall(r"\w+", FORMAT))
    assert set(CHECKS) <= words
    assert {field for fields in FIELDS.values() for field in fields} <= words


def test_the_manuals_own_examples_read():
    blocks = re.findall(r"```toml\n(.*?)```", FORMAT, re.S)
    head, rest = blocks[0], [block for block in blocks[1:] if "_case" not in block]
    assert len(rest) >= 4
    for block in rest:
        whole = block if "document_number" in block else head + block
        read_profile({"示例.toml": tomllib.loads(whole)})
