"""The demonstration's clues, made by the product's own acts in a small register."""

from datetime import timedelta

from gongchou.config import demo_clues
from gongchou.core.clue_terms import ClueState, RemoteCheckState, TargetedListState
from gongchou.core.plumes import moved
from gongchou.core.terms import ImportKind, MonitoringType, Role
from gongchou.inspection import targeting
from gongchou.offsite import actions, clue_reads, inlet_reads
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import STAFF
from tests.offsite.test_inlets import HEADER, HERE, line
from tests.registry.test_import import csv, take

PEOPLE = {"zhao": Role.LEADER, "shen": Role.REVIEWER, "li": Role.INSPECTOR}


def test_there_is_a_clue_in_every_state_a_patrol_a_link_and_a_list(chen, person):
    for login, role in PEOPLE.items():
        person(login, login, role)
    sites = [line(n, moved(HERE, 12 * n, 900)) for n in range(1, 30)]
    take(ImportKind.SUBJECTS, csv(*sites, header=HEADER), chen)
    staff = [f"检查{n},zd,,虚10{n},是,2030-12-31,在岗" for n in range(10, 18)]
    take(ImportKind.INSPECTORS, csv(*staff, header=STAFF), chen)
    for n, row in enumerate(registers.subjects(BUREAU, TODAY).rows[:2]):
        draft = actions.MonitorDraft(
            subject=row.ref,
            mn=f"DEMO{n}",
            outlet="废气排口一",
            kind=MonitoringType.AUTO_AIR,
            minutes=10,
        )
        actions.register_monitor(draft, by=chen, at=AT)
    demo_clues.set_up(AT + timedelta(days=20))
    states = {row.state for row in clue_reads.clues(BUREAU)}
    assert states >= {
        ClueState.PENDING,
        ClueState.WATCHED,
        ClueState.EXPLAINING,
        ClueState.EXCLUDED,
        ClueState.CONFIRMED,
        ClueState.ARCHIVED,
    }
    assert [row.state for row in inlet_reads.remote_checks(BUREAU)] == [RemoteCheckState.HELD]
    [row] = targeting.lists(BUREAU)
    assert row.state is TargetedListState.APPROVED
    patrol, wind = sorted(inlet_reads.files(BUREAU), key=lambda file: -file.sightings)
    assert (patrol.sightings, wind.sightings) == (2, 0)
