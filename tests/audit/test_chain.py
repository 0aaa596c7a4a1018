"""The event log: every act leaves one entry, and no change of it goes unseen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gongchou.audit import actions, models, reads
from gongchou.core.chain import START, Checkpoint, digest_of, first_break, steps_back
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import console
from tests.conftest import AT, BUREAU

ROOT = console(BUREAU, "root")


@pytest.fixture
def links(db):
    for number in range(6):
        actions.append(
            EventKind.FACT_RECORDED, about=f"S{number}", by=ROOT, at=AT, data={"n": number}
        )
    return list(reads.chain(BUREAU))


def rechained(links):
    """The chain computed anew, as somebody with the program could."""
    found, previous = [], START
    for seq, link in enumerate(links, start=1):
        event = replace(link.event, seq=seq)
        digest = digest_of(event, previous)
        found.append(replace(link, event=event, previous=previous, digest=digest))
        previous = digest
    return found


def test_a_clean_chain_holds_and_its_head_is_the_checkpoint(links):
    head = reads.head(BUREAU)
    assert reads.first_break_of(BUREAU, head) is None
    assert (head.size, head.digest) == (6, links[-1].digest)


@pytest.mark.parametrize("field", ["kind", "about", "by", "by_name", "data"])
def test_an_edited_field_is_found_at_its_entry(links, field):
    other = {"n": 99} if field == "data" else "另一个"
    links[2] = replace(links[2], event=replace(links[2].event, **{field: other}))
    assert first_break(links).seq == 3


def test_a_deleted_a_swapped_and_an_inserted_entry_are_found(links):
    assert first_break([*links[:2], *links[3:]]).seq == 3
    assert first_break([*links[:2], links[3], links[2], *links[4:]]).seq == 3
    assert first_break([*links[:2], links[1], *links[2:]]).seq == 3


def test_only_a_checkpoint_from_outside_finds_a_cut_tail_and_a_chain_made_anew(links):
    outside = Checkpoint(bureau=BUREAU, size=6, digest=links[-1].digest)
    assert first_break(links[:4]) is None
    assert first_break(links[:4], outside).seq == 5
    forged = rechained([links[0], *links[2:], links[1]])
    assert first_break(forged) is None
    assert first_break(forged, outside).seq == 6


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_an_entry(links, act):
    rows = models.Event.objects.filter(seq=2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(about="别的") if act == "update" else rows.delete()
    assert reads.first_break_of(BUREAU) is None


def test_an_act_taken_back_leaves_no_entry(links):
    before = transaction.savepoint()
    actions.append(EventKind.FACT_RECORDED, about="S9", by=ROOT, at=AT)
    transaction.savepoint_rollback(before)
    assert reads.head(BUREAU).size == 6


def at_minute(link, minute: int):
    return replace(link, event=replace(link.event, at=AT + timedelta(minutes=minute)))


def test_an_entry_whose_time_lies_before_the_one_it_follows_is_reported_and_no_break(links):
    moved = [
        at_minute(link, minute) for link, minute in zip(links, (0, 9, 2, 10, 5, 4), strict=True)
    ]
    found = steps_back(moved, most=timedelta(minutes=5))
    assert [row.seq for row in found] == [3]
    assert "第 3 条时间倒退" in found[0].says
    assert first_break(rechained(moved)) is None


def test_a_step_back_of_just_the_minutes_given_is_allowed(links):
    moved = [at_minute(links[0], 5), at_minute(links[1], 0)]
    assert steps_back(moved, most=timedelta(minutes=5)) == ()
    assert len(steps_back(moved, most=timedelta(minutes=4))) == 1
