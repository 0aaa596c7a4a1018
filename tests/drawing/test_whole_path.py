"""The whole ceremony in the database, from the freeze to a record that a stranger can verify."""

import subprocess
import sys
from pathlib import Path

import pytest

from gongchou.audit import reads as audit
from gongchou.core import merkle
from gongchou.core.canon import HASHES, canon
from gongchou.core.draw_record import is_valid, verify
from gongchou.core.terms import DrawState
from gongchou.drawing import reads
from tests.conftest import BUREAU
from tests.drawing import ceremony

VERIFIER = Path(__file__).parents[2] / "verifier" / "verify_draw.py"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("profile", ["sha256", "sm3"])
def test_a_stranger_verifies_the_published_record(profile, tmp_path):
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage, profile=profile)
    before = reads.draw(draw)
    record = ceremony.published_draw(stage, draw)
    file = tmp_path / "record.json"
    file.write_bytes(canon(record))
    anchors = ["--announcement", before.announcement_digest, "--sealed", before.sealed_root]
    command = [sys.executable, "-I", str(VERIFIER), str(file), *anchors, "--real"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert is_valid(verify(record, announcement=before.announcement_digest, real=True))
    assert reads.draw(draw).state is DrawState.PUBLISHED


def test_what_was_visited_is_what_the_record_says_and_as_many_as_the_plan_owes():
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    record = ceremony.published_draw(stage, draw)
    released = {visit.pid for visit in reads.released(draw)}
    assert released == {pid for pid, _ in record["visits"]}
    row = reads.draw(draw)
    assert row.visit_count == sum(s.drawn_count for s in row.strata) == len(released)


def test_every_step_stands_in_the_draw_log_in_order_under_one_root():
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    ceremony.published_draw(stage, draw)
    entries = reads.log(BUREAU)
    kinds = [entry.kind for entry in entries]
    assert kinds == [
        "freeze", "announce", "close", "draw", "seal", "open", "publish",
    ]  # fmt: skip
    assert [entry.number for entry in entries] == list(range(1, len(kinds) + 1))
    bodies = [canon(entry.body) for entry in entries]
    assert merkle.root(HASHES["sha256"], bodies).hex() == reads.log_root(BUREAU)
    assert reads.announcement(draw)["prev"] == entries[0].root


def test_every_act_leaves_its_event():
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    ceremony.published_draw(stage, draw)
    kinds = {link.event.kind for link in audit.events(BUREAU, about=draw)}
    assert kinds == {
        "draw_frozen", "contribution_committed", "draw_announced", "closing_entered",
        "closing_confirmed", "contribution_revealed", "draw_made", "draw_witnessed", "draw_sealed",
        "release_requested", "opening_authorised", "release_approved", "visit_released",
        "draw_published",
    }  # fmt: skip
    assert audit.first_break_of(BUREAU) is None
