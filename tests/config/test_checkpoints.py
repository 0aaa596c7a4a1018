"""Heads of the chains leave the building: to another disk, and to the portal."""

import json
import logging
from datetime import timedelta

import pytest

from gongchou.audit import actions
from gongchou.audit import reads as audit
from gongchou.config import checkpoints, nightly
from gongchou.config.cli import main
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import console
from gongchou.publication import work
from tests.conftest import AT, BUREAU

ROOT = console(BUREAU, "root")


def happened(count: int = 1) -> None:
    for number in range(count):
        actions.append(EventKind.FACT_RECORDED, about=f"S{number}", by=ROOT, at=AT)


@pytest.fixture
def disk(bureau, settings, tmp_path):
    settings.CHECKPOINTS = tmp_path
    happened()
    return tmp_path


def test_the_head_of_each_day_is_kept_once(disk):
    [first] = checkpoints.keep(disk, AT)
    happened()
    assert checkpoints.keep(disk, AT) == []
    [second] = checkpoints.keep(disk, AT + timedelta(days=1))
    assert checkpoints.kept(disk, BUREAU) == [first, second]
    assert checkpoints.read(second).size > checkpoints.read(first).size
    assert checkpoints.read(second) == audit.head(BUREAU)


def test_a_chain_that_goes_on_agrees_with_all_that_was_kept(disk, caplog):
    nightly.keep_checkpoints()
    happened(3)
    with caplog.at_level(logging.ERROR):
        nightly.verify_trails()
    assert checkpoints.kept(disk, BUREAU)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_chain_made_anew_is_told_each_night(disk, caplog):
    nightly.keep_checkpoints()
    [file] = checkpoints.kept(disk, BUREAU)
    # As the disk would hold it, had the chain in the database been written anew since.
    file.write_text(json.dumps({**json.loads(file.read_text()), "digest": "0" * 64}))
    with caplog.at_level(logging.ERROR):
        nightly.verify_trails()
    [said] = [row.getMessage() for row in caplog.records if row.levelno >= logging.ERROR]
    assert file.name in said
    assert said.endswith("被改写过。请立即核查。")


def test_the_command_takes_the_folder_of_the_disk(disk, capsys):
    checkpoints.keep(disk, AT)
    happened()
    assert main(["audit", "verify", "--checkpoint", str(disk)]) == 0
    [file] = checkpoints.kept(disk, BUREAU)
    file.write_text(json.dumps({**json.loads(file.read_text()), "digest": "0" * 64}))
    assert main(["audit", "verify", "--checkpoint", str(disk)]) == 1


def test_a_disk_without_a_checkpoint_of_the_bureau_is_no_proof(disk, capsys):
    assert main(["audit", "verify", "--checkpoint", str(disk)]) == 1
    assert "校验点" in capsys.readouterr().err


def test_without_another_disk_nothing_is_written(bureau, settings, tmp_path):
    settings.CHECKPOINTS = None
    happened()
    nightly.keep_checkpoints()
    assert list(tmp_path.iterdir()) == []


def test_the_portal_shows_the_head_to_everybody(disk, client):
    head = audit.head(BUREAU)
    work.publish_checkpoints()
    body = client.get("/open/draws/log/").content.decode()
    assert f'data-label="条数" class="number">{head.size}<' in body
    assert f"{head.digest[:4]} {head.digest[4:8]}" in body
