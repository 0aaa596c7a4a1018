"""A hundred officers, twenty acts each, everything sent three times over bad lines."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from gongchou.core.record import RecordBody
from gongchou.core.terms import ImportKind, Role
from gongchou.inspection import actions, models, reads
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import ITEMS, SITES, STAFF, CaseVisitDraft
from tests.inspection.phone import Phone, record_json, take_phone
from tests.registry.test_import import csv, take, uscc

OFFICERS, ACTS, TIMES, AT_ONCE, TRIES = 100, 20, 3, 4, 20
SEED = 20260105


def bodies(visit: str) -> list[dict]:
    """Nineteen versions of a record, each different."""
    empty = RecordBody(started_at=reads.visit(visit).started_at)
    return [record_json(empty) | {"opinion": f"第 {n} 次记下"} for n in range(ACTS - 1)]


@pytest.fixture
def crowd(person) -> list[tuple[Phone, str]]:
    """A hundred officers, each with a visit of its own and a colleague who stays at home."""
    chen, lin = person("chen", "陈组长", Role.OFFICE), person("lin", "林局长", Role.LEADER)
    sites = [
        f"虚构化工{n},{uscc(n)},{uscc(n)}001P,重点管理,东片,废气" for n in range(1, OFFICERS + 1)
    ]
    staff = [f"检查员{n},zd,officer{n},虚{n:04},是,2030-12-31,在岗" for n in range(OFFICERS + 1)]
    item = "PERMIT,排污许可,zd,持证排污,一般检查事项,虚构条例第十四条,证照齐全有效,"
    take(ImportKind.SUBJECTS, csv(*sites, header=SITES), chen)
    take(ImportKind.INSPECTORS, csv(*staff, header=STAFF), chen)
    take(ImportKind.ITEMS, csv(item, header=ITEMS), chen)
    for row in registers.item_lists(BUREAU):
        registry.approve_item_list(row.ref, on=TODAY, by=lin, at=AT)
    names = {row.name: row.ref for row in registers.inspectors(BUREAU, TODAY)}
    subjects = [row.ref for row in registers.subjects(BUREAU, TODAY).rows]
    found = []
    for n in range(1, OFFICERS + 1):
        person(f"officer{n}", f"检查员{n}", Role.INSPECTOR)
        draft = CaseVisitDraft(
            subject=subjects[n % len(subjects)],
            ground="虚构的举报",
            inspectors=(names[f"检查员{n}"], names["检查员0"]),
            planned_on=TODAY,
        )
        found.append((f"officer{n}", actions.open_case_visit(draft, by=chen, at=AT)))
    return [(take_phone(login), visit) for login, visit in found]


def queued(phone: Phone, visit: str) -> list[dict[str, str]]:
    arrive = phone.sealed_act("arrive", visit, {"arrived_at": clock.now().isoformat()})
    return [arrive, *(phone.sealed_act("save", visit, {"record": b}) for b in bodies(visit))]


def post_cut(phone: Phone, acts: list[dict[str, str]], chance: random.Random) -> None:
    """A body that broke off on the way is refused whole, and nothing of it is done."""
    whole = json.dumps({"sent_at": clock.now().isoformat(), "operations": acts})
    cut = whole[: chance.randrange(1, len(whole) - 1)]
    assert phone.post("/field/api/operations", cut).status_code == 422


def lines_of(visit: str) -> list[int]:
    rows = models.FieldOperation.objects.filter(visit__ref=visit).order_by("pk")
    return list(rows.values_list("number", flat=True))


def bad_line(phone: Phone, acts: list[dict[str, str]], seed: int) -> None:
    """Two rounds whose answers are lost, in batches that overlap and break off; then until done."""
    chance = random.Random(seed)
    batches = []
    for _ in range(TIMES - 1):
        cut = chance.randrange(1, ACTS)
        batches += [acts[:cut], acts[cut:]]
    chance.shuffle(batches)
    if seed % 10 == 0:
        post_cut(phone, acts, chance)
    for batch in batches:
        assert {a["outcome"] for a in phone.send(*batch)} <= {"applied", "later"}
    # Who meets another at the same moment is told to come again, as a phone does by itself.
    for _ in range(TRIES):
        if {a["outcome"] for a in phone.send(*acts)} == {"applied"}:
            return
    pytest.fail("an act did not arrive however often it was sent")


def at_once(lines: list[tuple[Phone, list[dict[str, str]]]]) -> None:
    """Several phones are answered at the same time, each by a connection of its own."""

    def work(number: int) -> None:
        try:
            phone, acts = lines[number]
            bad_line(phone, acts, SEED + number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, range(len(lines))))


def test_two_thousand_acts_sent_thrice_are_two_thousand_records(transactional_db, crowd):
    """Batches overlap, break off, come shuffled; no answer of the first two rounds arrives."""
    lines = [(phone, visit, queued(phone, visit)) for phone, visit in crowd]
    at_once([(phone, acts) for phone, _, acts in lines])
    for _, visit, _ in lines:
        assert lines_of(visit) == list(range(1, ACTS + 1))
        assert reads.record(visit).body.opinion == f"第 {ACTS - 2} 次记下"
    assert models.FieldOperation.objects.count() == OFFICERS * ACTS
    assert models.RecordRevision.objects.count() == OFFICERS * ACTS
