"""The chain checked from the command line, against a checkpoint kept outside."""

import json
from datetime import timedelta

import pytest

from gongchou.audit import actions
from gongchou.config.cli import main
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import console
from tests.conftest import AT, BUREAU


@pytest.fixture
def checkpoint(bureau, tmp_path):
    path = tmp_path / "checkpoint.json"
    assert main(["audit", "checkpoint", str(path)]) == 0
    return path


def test_a_clean_chain_agrees_with_its_checkpoint_also_after_more_entries(checkpoint):
    actions.append(EventKind.FACT_RECORDED, about="S1", by=console(BUREAU, "root"), at=AT)
    assert main(["audit", "verify", "--checkpoint", str(checkpoint)]) == 0


def test_a_chain_made_anew_is_found_by_the_checkpoint_alone(checkpoint, capsys):
    kept = json.loads(checkpoint.read_text())
    checkpoint.write_text(json.dumps({**kept, "digest": "0" * 64}))
    assert main(["audit", "verify"]) == 0
    capsys.readouterr()
    assert main(["audit", "verify", "--checkpoint", str(checkpoint), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["seq"] == kept["size"]


def test_a_broken_checkpoint_file_is_refused_with_a_sentence(checkpoint, capsys):
    checkpoint.write_text("{}")
    assert main(["audit", "verify", "--checkpoint", str(checkpoint)]) == 1
    assert "可能已损坏" in capsys.readouterr().err


def test_a_clock_that_went_back_is_a_warning_and_the_answer_stays_yes(bureau, capsys):
    root = console(BUREAU, "root")
    for at in (AT + timedelta(hours=1), AT):
        actions.append(EventKind.FACT_RECORDED, about="S1", by=root, at=at)
    assert main(["audit", "verify"]) == 0
    assert "时间倒退" in capsys.readouterr().out
    assert main(["audit", "verify", "--minutes", "60", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["warnings"]) == (True, [])
