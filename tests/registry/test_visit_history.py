"""Finished visits feed rotation and the yearly count; once each, by who may visit."""

import pytest

from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind, InspectionKind, Role
from gongchou.registry import actions, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take


def record(ref, by):
    daily = InspectionKind.DAILY
    actions.record_visit_history(
        ref, "V1", ended_on=TODAY, kind=daily, inspectors=("I1",), by=by, at=AT
    )


def test_a_visit_is_remembered_once_and_only_by_an_inspector(chen, person, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    ref, li = reads.subjects(bureau, TODAY).rows[0].ref, person("li", "李执法", Role.INSPECTOR)
    with pytest.raises(NotAllowed):
        record(ref, chen)
    with pytest.raises(Refused, match="没有编号"):
        record("S-nobody", li)
    record(ref, li)
    assert reads.snapshot(bureau, TODAY).subjects[0].visited_on == (TODAY,)
    with pytest.raises(Stale):
        record(ref, li)
