"""The database as lines, on whichever engine the tests run."""

import pytest
from django.core.management import call_command

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads
from gongchou.audit import reads as trail
from gongchou.config.backup import holdings, portable
from gongchou.core.powers import console
from gongchou.core.refusals import Refused
from gongchou.core.terms import Role
from tests.conftest import AT, BUREAU, TODAY
from tests.machinery import empty_log


@pytest.fixture
def dumped(transactional_db, person, tmp_path):
    person("chen", "陈组长", Role.OFFICE)
    file = tmp_path / "database.jsonl"
    return file, portable.dump(file)


def emptied() -> None:
    empty_log()
    call_command("flush", interactive=False, verbosity=0)


def test_all_rows_come_back_and_new_ones_can_follow(dumped):
    file, held = dumped
    emptied()
    assert reads.bureaus() == []
    portable.load(file)
    assert portable.dump(file) == held
    assert trail.first_break_of(BUREAU) is None
    root = console(BUREAU, "root")
    accounts.create_unit(BUREAU, "zd", "执法大队", by=root, at=AT)
    assert [person.name for person in reads.people(BUREAU, TODAY)] == ["陈组长"]


def test_the_lines_hold_what_was_counted_and_their_chain_holds(dumped):
    file, held = dumped
    holdings.compare(held, portable.holdings(file, held.migrations))
    holdings.check_chains(portable.links(file), held.heads)


def test_a_missing_line_and_a_cut_tail_are_found(dumped):
    file, held = dumped
    lines = file.read_text("utf-8").splitlines(keepends=True)
    events = [line for line in lines if '"audit.event"' in line]
    file.write_text("".join(line for line in lines if line != events[-1]), "utf-8")
    with pytest.raises(Refused, match=r"audit\.event 应有"):
        holdings.compare(held, portable.holdings(file, held.migrations))
    with pytest.raises(Refused, match="校验点有"):
        holdings.check_chains(portable.links(file), held.heads)


def test_a_database_in_use_takes_no_lines(dumped):
    with pytest.raises(Refused, match="数据库里已有数据"):
        portable.check_empty()


def test_lines_of_other_tables_are_not_loaded(dumped):
    _, held = dumped
    portable.check_may_load(held.migrations)
    with pytest.raises(Refused, match="数据表版本不同"):
        portable.check_may_load((*held.migrations, "registry.9999_later"))


def test_no_table_keeps_pairs_that_the_lines_would_lose():
    many = [m._meta.label for m in portable._models() if m._meta.many_to_many]
    assert many == []
