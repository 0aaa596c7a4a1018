"""An enterprise checks its place in a draw of several departments as in any other."""

from dataclasses import asdict

import pytest

from gongchou.drawing import proofs
from gongchou.drawing import reads as draws
from gongchou.portal.standing import Standing, leads_to
from gongchou.registry import reads as registers
from tests.conftest import BUREAU, TODAY
from tests.drawing import ceremony, joint_stage


@pytest.fixture
def stage(db) -> ceremony.Stage:
    return joint_stage.joint_stage(ceremony.prepared())


def test_its_line_leads_to_the_roster_that_several_departments_announced(stage):
    draw = ceremony.announced_draw(stage)
    announcement = draws.announcement(draw)
    subject = registers.subjects(BUREAU, TODAY).rows[0].ref
    proof = asdict(proofs.membership(draw, subject, bureau=BUREAU))
    assert len(announcement["departments"]) == 3
    assert leads_to(proof, announcement)
    assert not leads_to(proof | {"size": proof["size"] + 1}, announcement)


def test_the_line_of_a_proof_is_shown_in_the_bytes_that_are_hashed():
    row = ["p1", "key", "东片", ["st", "zd"]]
    shown = Standing(
        draw="D", task="", quarter="", drawn="", in_roster=True, is_proved=True, announcement="",
        proof={"row": row},
    )  # fmt: skip
    assert shown.line == '["p1","key","东片",["st","zd"]]'
