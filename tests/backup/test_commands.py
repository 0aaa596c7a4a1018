"""Backup, check and restore as an operator does it: other processes, other folders."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from tests.backup import writing

PHRASE = "演示备份口令-只供测试-1"


def gongchou(var: Path, *words: object, phrase: str = PHRASE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gongchou.config.cli", *map(str, words)],
        env=environment(var, phrase),
        check=False,
        capture_output=True,
        text=True,
    )


def environment(var: Path, phrase: str = PHRASE) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "GONGCHOU" not in name}
    own = {"GONGCHOU_VAR": str(var), "GONGCHOU_DEMO": "true", "GONGCHOU_BACKUP_KEY": phrase}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **own}


def rows(var: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(str(var / "gongchou.sqlite3"))) as database:
        return database.execute(statement).fetchall()


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """A small installation with a bureau, a few acts and two pieces of evidence."""
    var = tmp_path_factory.mktemp("house")
    assert gongchou(var, "migrate").returncode == 0
    assert gongchou(var, "bureau", "create", "990173", "演示分局").returncode == 0
    assert gongchou(var, "bureau", "unit", "zd", "执法大队").returncode == 0
    (var / "evidence" / "2026").mkdir(parents=True)
    (var / "evidence" / "2026" / "one.jpg").write_bytes(b"\xff\xd8" + b"p" * 3_000_000)
    (var / "evidence" / "two.txt").write_text("现场笔录（演示）", "utf-8")
    return var


@pytest.fixture(scope="module")
def kept(house) -> Path:
    file = house.parent / "house.backup"
    done = gongchou(house, "backup", "create", file, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["evidence"] == 2
    return file


def test_a_backup_is_read_back_and_tells_what_it_holds(house, kept):
    found = json.loads(gongchou(house, "backup", "verify", kept, "--json").stdout)
    assert found["ok"]
    assert found["tables"]["accounts_bureau"] == 1
    assert (
        found["chains"]["990173"]["size"] == rows(house, "SELECT size FROM audit_chainhead")[0][0]
    )


def test_nothing_of_the_content_can_be_read_in_the_file(kept):
    data = kept.read_bytes()
    assert "演示分局".encode() not in data
    assert b"SQLite format" not in data
    assert kept.stat().st_mode & 0o077 == 0


def test_restored_into_an_empty_place_everything_is_as_it_was(house, kept, tmp_path):
    assert gongchou(tmp_path, "backup", "restore", kept).returncode == 0
    events = "SELECT * FROM audit_event ORDER BY seq"
    assert rows(tmp_path, events) == rows(house, events)
    one = Path("evidence/2026/one.jpg")
    assert (tmp_path / one).read_bytes() == (house / one).read_bytes()
    assert "逐条相符" in gongchou(tmp_path, "audit", "verify").stdout


def test_a_place_with_data_is_left_alone_unless_told(kept, tmp_path):
    gongchou(tmp_path, "backup", "restore", kept)
    again = gongchou(tmp_path, "backup", "restore", kept)
    assert again.returncode == 1
    assert "这里已有数据，没有恢复" in again.stderr
    assert gongchou(tmp_path, "backup", "restore", kept, "--replace").returncode == 0
    assert len(list(tmp_path.glob("*.before-restore-*"))) == 2


def test_a_database_in_use_is_not_replaced(kept, tmp_path):
    gongchou(tmp_path, "backup", "restore", kept)
    with closing(sqlite3.connect(str(tmp_path / "gongchou.sqlite3"))) as user:
        user.execute("PRAGMA journal_mode=WAL")
        user.execute("SELECT count(*) FROM accounts_bureau").fetchone()
        refused = gongchou(tmp_path, "backup", "restore", kept, "--replace")
    assert refused.returncode == 1
    assert "请先停止 gongchou serve" in refused.stderr


def test_a_wrong_passphrase_and_a_cut_file_are_refused_in_words(house, kept, tmp_path):
    wrong = gongchou(house, "backup", "verify", kept, phrase="wrong-passphrase-1")
    assert (wrong.returncode, "口令不对" in wrong.stderr) == (1, True)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(kept.read_bytes()[:-1000])
    told = gongchou(house, "backup", "verify", cut)
    assert (told.returncode, "被截断" in told.stderr) == (1, True)
    assert gongchou(tmp_path, "backup", "restore", cut).returncode == 1
    assert not (tmp_path / "gongchou.sqlite3").exists() or not rows(
        tmp_path, "SELECT name FROM sqlite_master"
    )


def test_an_older_backup_is_never_overwritten_and_a_short_passphrase_not_taken(house, kept):
    before = kept.read_bytes()
    assert "备份不覆盖旧文件" in gongchou(house, "backup", "create", kept).stderr
    assert kept.read_bytes() == before
    short = gongchou(house, "backup", "create", f"{kept}2", phrase="short")
    assert "口令太短" in short.stderr
    assert not Path(f"{kept}2").exists()


def test_line_by_line_it_moves_to_another_database(house, tmp_path):
    file, there = tmp_path / "portable.backup", tmp_path / "there"
    there.mkdir()
    assert gongchou(house, "backup", "create", "--portable", file).returncode == 0
    done = gongchou(there, "backup", "restore", file)
    assert done.returncode == 0, done.stderr
    heads = "SELECT bureau, size, digest FROM audit_chainhead"
    assert rows(there, heads) == rows(house, heads)
    assert "逐条相符" in gongchou(there, "audit", "verify").stdout
    unit = gongchou(there, "bureau", "unit", "dq", "大气科")
    assert unit.returncode == 0, unit.stderr


def test_a_forged_entry_inside_the_database_is_found_in_the_backup(house, tmp_path, kept):
    gongchou(tmp_path, "backup", "restore", kept)
    with closing(sqlite3.connect(str(tmp_path / "gongchou.sqlite3"))) as database:
        database.execute("DROP TRIGGER audit_event_no_UPDATE")
        database.execute("UPDATE audit_event SET about = 'forged' WHERE seq = 2")
        database.commit()
    made = gongchou(tmp_path, "backup", "create", tmp_path / "forged.backup")
    assert made.returncode == 1
    assert "机构 990173 的留痕：第 2 条的内容与摘要不符" in made.stderr


def test_backups_taken_while_others_write_are_each_of_one_instant(kept, tmp_path):
    gongchou(tmp_path, "backup", "restore", kept)
    with writing.under_load(environment(tmp_path)):
        files = [tmp_path / f"{number}.backup" for number in range(3)]
        made = [gongchou(tmp_path, "backup", "create", file, "--json") for file in files]
    heads = [json.loads(done.stdout)["chains"]["990173"] for done in made]
    chain = dict(rows(tmp_path, "SELECT seq, digest FROM audit_event"))
    assert [chain[head["size"]] for head in heads] == [head["digest"] for head in heads]
    assert heads[0]["size"] < heads[2]["size"]


def test_doctor_tells_how_old_the_last_backup_is(house, kept):
    own = {**environment(house), "GONGCHOU_DEMO": "false", "GONGCHOU_SECRET_KEY": "k" * 50}
    done = subprocess.run(
        [sys.executable, "-m", "gongchou.config.cli", "doctor"],
        env=own, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert "［正常］备份：上次备份在 0 天 0 小时前，文件为" in done.stdout
