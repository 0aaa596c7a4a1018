"""One flipped bit anywhere in the file of a record is found, and named, by both programs.

Reasons and dates of substitutions are bound by their form and by the log alone (DR1 §9), and a
witness's mark in a ballot by the witness; flips inside these are left out, all others are made.
"""

import json
import os
import random

import pytest

from gongchou.core.ballot_record import read_ballot_record, verify_ballot
from gongchou.core.canon import canon
from gongchou.core.draw_reading import read_record
from gongchou.core.draw_record import verify
from gongchou.core.joint_record import read_joint_record, verify_joint
from tests.core.ballot_samples import make_ballot_record
from tests.core.draw_samples import make_record
from tests.core.joint_samples import make_joint_record
from verifier import verify_ballot as ballot_program
from verifier import verify_draw as draw_program
from verifier import verify_joint as joint_program

SAMPLE = 600
EVERY_BIT = os.environ.get("GONGCHOU_EVERY_BIT") == "1"
SMALL = {
    "seed": lambda: make_record(n=4),
    "balls": lambda: make_ballot_record(n=5),
    "joint": lambda: make_joint_record(sites=4, people=3),
}
KINDS = {
    "seed": (lambda: make_record(n=12), draw_program, verify, read_record),
    "balls": (lambda: make_ballot_record(n=12), ballot_program, verify_ballot, read_ballot_record),
    "joint": (lambda: make_joint_record(sites=9), joint_program, verify_joint, read_joint_record),
}


def loose_places(body: bytes, record) -> set[int]:
    """Where the bytes lie that nothing in the record binds."""
    found: set[int] = set()
    loose = [text for _, reason, on in record["substitutions"] for text in (reason, on)]
    loose += [mark for pair in record.get("witnesses", ()) for mark in pair]
    for text in loose:
        written = text.encode()
        start = body.find(b'"' + written + b'"')
        while start >= 0:
            found |= set(range(start + 1, start + 1 + len(written)))
            start = body.find(b'"' + written + b'"', start + 1)
    return found


def every_byte(record):
    """Copies of the file with one bit of one byte other than it was: of every byte one, or all."""
    body = canon(record)
    for at in sorted(set(range(len(body))) - loose_places(body, record)):
        for bit in range(8) if EVERY_BIT else [at % 8]:
            changed = bytearray(body)
            changed[at] ^= 1 << bit
            yield at, bit, bytes(changed)


def anchors_of(record, reader) -> dict[str, str]:
    announced = reader(record).announcement.digest().hex()
    return {"announcement": announced, "sealed": record["sealed"]}


def flips(record, seed: int):
    """Copies of the file with one bit other than it was: every tenth byte or so, every bit."""
    body, chance = canon(record), random.Random(seed)
    places = sorted(set(range(len(body))) - loose_places(body, record))
    for at in chance.sample(places, SAMPLE):
        changed = bytearray(body)
        changed[at] ^= 1 << chance.randrange(8)
        yield at, bytes(changed)


def complaint(program, path, capsys, anchors) -> str:
    assert program.main([str(path), *anchors]) == 1
    says = capsys.readouterr().out.splitlines()
    [named] = [line for line in says if "不符" in line and line.startswith("第")]
    return named


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_is_found_and_named_by_core_and_verifier(kind, tmp_path, capsys):
    make, program, check, reader = KINDS[kind]
    record = make()
    given = anchors_of(record, reader)
    anchors = ["--announcement", given["announcement"], "--sealed", given["sealed"]]
    path, named = tmp_path / "record.json", set()
    for at, changed in flips(record, seed=11):
        path.write_bytes(changed)
        steps = check(changed, **given)
        assert not steps[-1].ok, at
        assert steps[-1].says, at
        named.add(complaint(program, path, capsys, anchors).split(" ")[1])
    assert len(named) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_no_byte_of_a_small_record_can_be_changed(kind, tmp_path, capsys):
    """One bit of each byte, by the program of every fifth; with GONGCHOU_EVERY_BIT=1 all of all."""
    _, program, check, reader = KINDS[kind]
    record = SMALL[kind]()
    given, path = anchors_of(record, reader), tmp_path / "record.json"
    anchors = ["--announcement", given["announcement"], "--sealed", given["sealed"]]
    assert check(canon(record), **given)[-1].ok
    made = 0
    for at, bit, changed in every_byte(record):
        steps = check(changed, **given)
        assert (steps[-1].ok, steps[-1].says != "") == (False, True), (at, bit)
        made += 1
        if EVERY_BIT or at % 5 == 0:
            path.write_bytes(changed)
            assert complaint(program, path, capsys, anchors), (at, bit)
    assert made > 3000


def test_the_true_files_pass(tmp_path):
    path = tmp_path / "record.json"
    for make, program, _, _ in KINDS.values():
        path.write_text(json.dumps(make()), "utf-8")
        assert program.main([str(path)]) == 0
