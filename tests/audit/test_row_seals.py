"""Rows of guarded tables, bound into the chain: whoever changes one is named, key holder or not."""

from contextlib import contextmanager

import pytest
from django.db import connection

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.accounts.actions import set_oversight
from gongchou.accounts.models import Bureau, OversightSetting
from gongchou.audit import actions, append_only, models, reads, seal_reads, sealing
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import OversightKey
from gongchou.core.powers import console
from gongchou.core.terms import BureauLevel, Role
from tests.conftest import AT, BUREAU, TODAY
from tests.machinery import APPEND_ONLY, lift_guard

ROOT = console(BUREAU, "root")
SECOND = "990175"
TABLE, ELSEWHERE = "accounts_oversightsetting", "intake_letter"


def seal():
    actions.seal_rows(TABLE, by=ROOT, at=AT)
    actions.record_seals(by=ROOT, at=AT)
    return reads.head(BUREAU)


@pytest.fixture
def settings_made(person):
    """Four settings, sealed."""
    leader = person("lin", "林局长", Role.LEADER)

    def make(*values: int) -> None:
        since = TODAY.replace(day=TODAY.day + 1)
        for value in values:
            set_oversight(OversightKey.SHORT_MINUTES, value, "试", since=since, by=leader, at=AT)

    make(11, 12, 13, 14)
    seal()
    return make


@contextmanager
def guard_lifted():
    """Without the guard for the deed only: that it was gone would be told to everybody."""
    verbs = append_only.VERBS if connection.vendor == "sqlite" else ("append_only",)
    for verb in verbs:
        name = f"{TABLE}_no_{verb}" if connection.vendor == "sqlite" else f"{TABLE}_{verb}"
        run(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))
    yield
    made = append_only.statements(TABLE, connection.vendor)
    for statement in made if connection.vendor == "sqlite" else made[1:]:
        run(statement)


def keys() -> list[int]:
    return list(OversightSetting.objects.order_by("pk").values_list("pk", flat=True))


def run(sql: str, *given: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)


def test_rows_as_they_were_sealed_agree_and_new_ones_wait_for_the_next_hour(settings_made):
    assert seal_reads.first_difference(BUREAU) is None
    settings_made(15)
    assert seal_reads.first_difference(BUREAU) is None
    seal()
    assert models.TableSeal.objects.filter(table=TABLE).count() == 2
    assert seal_reads.first_difference(BUREAU) is None


def test_sealing_without_anything_new_writes_nothing(settings_made):
    before = reads.head(BUREAU)
    assert seal() == before


def test_a_changed_row_is_named(settings_made):
    lift_guard(TABLE)
    run(f"UPDATE {TABLE} SET value = 99 WHERE id = %s", keys()[1])
    found = list(seal_reads.differences(BUREAU))
    assert (TABLE, keys()[1], "封存以后被改动") in [(d.table, d.key, d.says) for d in found]


def test_a_row_that_came_in_between_and_one_that_went_are_named(settings_made):
    there = keys()
    lift_guard(TABLE)
    run(f"UPDATE {TABLE} SET id = id + 1000 WHERE id = %s", there[2])
    [gone] = [d for d in seal_reads.differences(BUREAU) if d.key]
    assert (gone.key, gone.says) == (there[2], "封存过的行不见了")


def test_the_removed_guard_itself_is_told(settings_made):
    lift_guard(TABLE)
    [found] = seal_reads.differences(BUREAU)
    assert (found.key, "护栏被拆除" in found.says) == (0, True)


def test_who_also_rewrites_the_seal_is_found_by_the_chain(settings_made):
    lift_guard(TABLE)
    lift_guard("audit_rowseal")
    first = keys()[0]
    run(f"UPDATE {TABLE} SET value = 99 WHERE id = %s", first)
    [now] = [d for d in sealing.digests(TABLE, sealing.columns_of(TABLE)) if d.key == first]
    run(
        "UPDATE audit_rowseal SET digest = %s WHERE key = %s AND " + '"table" = %s',
        now.digest, first, TABLE,
    )  # fmt: skip
    assert "第 1 批封存记录被改动" in [d.says for d in seal_reads.differences(BUREAU)]


def test_the_event_names_table_batch_count_and_root(settings_made):
    [link] = reads.of_kinds(BUREAU, (EventKind.TABLES_SEALED,))
    [row] = link.event.data["tables"]
    assert (row["table"], row["batch"], row["rows"]) == (TABLE, 1, 4)
    assert row["root"] == models.TableSeal.objects.get().root


@pytest.fixture
def two_bureaus(settings_made):
    """A second bureau in the same database, whose settings are sealed in the same hour."""
    by = console(SECOND, "root")
    accounts.create_bureau(SECOND, "另一个机构", level=BureauLevel.DISTRICT, by=by, at=AT)
    ref = accounts.create_user("he", "何局长", password="长口令-not-secret-1", by=by, at=AT)
    accounts.grant_role(ref, Role.LEADER, since=TODAY, by=by, at=AT)
    leader = people.actor_of(ref, TODAY)
    settings_made(15)
    for value in (21, 22, 23):
        since = TODAY.replace(day=TODAY.day + 1)
        set_oversight(OversightKey.SHORT_MINUTES, value, "试", since=since, by=leader, at=AT)
    actions.seal_rows(TABLE, by=ROOT, at=AT)
    for one in (ROOT, by):
        actions.record_seals(by=one, at=AT)


ATTACKS = {
    "edit": f"UPDATE {TABLE} SET value = 99 WHERE id = %s",
    "delete": f"DELETE FROM {TABLE} WHERE id = %s",
}


@pytest.mark.parametrize("attack", ["edit", "delete"])
@pytest.mark.parametrize(("one", "other"), [(BUREAU, SECOND), (SECOND, BUREAU)])
def test_a_row_of_one_bureau_is_not_told_to_the_other(two_bureaus, attack, one, other):
    key = OversightSetting.objects.filter(bureau__code=one).order_by("-pk")[1].pk
    assert seal_reads.first_difference(one) is None
    with guard_lifted():
        run(ATTACKS[attack], key)
    assert [(d.table, d.key) for d in seal_reads.differences(one)] == [(TABLE, key)]
    assert list(seal_reads.differences(other)) == []


def test_a_row_moved_to_another_bureau_is_still_the_first_ones_matter(two_bureaus):
    first, second = Bureau.objects.get(code=BUREAU), Bureau.objects.get(code=SECOND)
    key = OversightSetting.objects.filter(bureau=first).first().pk
    with guard_lifted():
        run(f"UPDATE {TABLE} SET bureau_id = %s WHERE id = %s", second.pk, key)
    assert [d.key for d in seal_reads.differences(BUREAU)] == [key]
    assert list(seal_reads.differences(SECOND)) == []


def test_a_batch_said_to_be_anothers_is_found_where_it_belongs(two_bureaus):
    lift_guard("audit_tableseal")
    run("UPDATE audit_tableseal SET owner = %s WHERE owner = %s AND batch > 1", SECOND, BUREAU)
    assert "封存记录被改动" in "".join(d.says for d in seal_reads.differences(BUREAU))
    assert list(seal_reads.differences(SECOND)) == []


def test_a_row_put_in_for_a_body_without_a_chain_is_told_to_everybody(two_bureaus, settings_made):
    settings_made(31)
    with guard_lifted():
        run(f"UPDATE {TABLE} SET id = id + 10 WHERE id = %s", keys()[-1])
    actions.seal_rows(TABLE, by=ROOT, at=AT)
    for one in (ROOT, console(SECOND, "root")):
        actions.record_seals(by=one, at=AT)
    assert [*seal_reads.differences(BUREAU), *seal_reads.differences(SECOND)] == []
    nobody = Bureau.objects.create(code="990999", name="无链", bureau_level=BureauLevel.DISTRICT)
    row = OversightSetting.objects.order_by("pk").first()
    row.pk, row.bureau = keys()[-1] - 5, nobody
    row.save(force_insert=True)
    for bureau in (BUREAU, SECOND):
        assert [d.key for d in seal_reads.differences(bureau)] == [row.pk], bureau


def test_no_way_from_a_guarded_row_to_its_bureau_can_be_cut_off(db):
    for table in set(APPEND_ONLY) - set(sealing.OWN):
        model = sealing.model_of(table)
        for name in sealing.owner_path(model).split("__")[:-1]:
            field = model._meta.get_field(name)
            assert not field.null, (table, name)
            model = field.related_model


def test_where_the_record_of_a_batch_is_gone_its_rows_are_everybody_s_matter(two_bureaus):
    batch = models.TableSeal.objects.filter(table=TABLE).order_by("-batch").first()
    lift_guard("audit_tableseal")
    run(
        "UPDATE audit_tableseal SET \"table\" = 'intake_letter', batch = 99 WHERE id = %s", batch.pk
    )
    with guard_lifted():
        run(f"UPDATE {TABLE} SET value = 99 WHERE id = %s", keys()[-1])
    for bureau in (BUREAU, SECOND):
        assert keys()[-1] in [d.key for d in seal_reads.differences(bureau)], bureau


def test_every_guarded_table_but_those_of_the_log_is_found_by_its_guard(db):
    assert set(APPEND_ONLY) - set(sealing.OWN) <= set(sealing.guarded())
