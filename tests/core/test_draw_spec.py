"""The specification's own example and vectors are true."""

import re
from hashlib import sha256
from pathlib import Path

from gongchou.core.draw import Rate, drawn_count

from .draw_samples import DATA, EXAMPLES, VECTORS

SPEC = Path(__file__).parents[2] / "docs" / "spec"


def test_the_published_vectors_are_the_tested_ones():
    published = (SPEC / "draw.vectors.json").read_bytes()
    assert published == (DATA / "draw.vectors.json").read_bytes()


def test_the_line_a_citizen_types_gives_the_ticket_of_a_drawn_object():
    typed = re.search(r"printf '%s' ([0-9a-f]{54}) \| sha256sum", (SPEC / "draw.md").read_text())
    assert typed is not None
    key, pid = typed[1][:32], typed[1][32:]
    assert key == VECTORS["sha256"]["key_select"]
    assert pid == VECTORS["sha256"]["drawn"]["S"][1][0]
    assert sha256(typed[1].encode()).hexdigest() <= EXAMPLES["sha256"]["last"]["S"]


def test_five_of_the_seven_in_the_example_are_drawn():
    rows = [row for row in EXAMPLES["sha256"]["roster"] if row[2] == "S"]
    assert len(rows) == 7
    assert drawn_count(Rate(num=65, den=100, floor=1), 7) == 5
