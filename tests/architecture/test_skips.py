"""A test that may be skipped is one that nobody runs: only what another program must do is left."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
SKIPS = re.compile(r"\b(importorskip|skipif|xfail|mark\.skip|pytest\.skip)\b")
# LibreOffice and DuckDB: absent on a small machine, and in the full run an absence is a failure.
KNOWN = {"web/test_word_rendered.py", "drawing/test_engines.py"}


def test_only_tests_of_other_programs_can_be_skipped():
    asking = {
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("*.py")
        if path != Path(__file__) and SKIPS.search(path.read_text(encoding="utf-8"))
    }
    assert asking == KNOWN
