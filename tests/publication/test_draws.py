"""A draw in public: announced at once, the sealed root after it, the record at the end."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gongchou.core.powers import system
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import PublicationKind, PublicationState, Role
from gongchou.drawing import actions as drawing
from gongchou.drawing import log_reads
from gongchou.drawing import reads as draws
from gongchou.drawing.signing import Head, is_signed
from gongchou.jobs import queue
from gongchou.portal.export import export
from gongchou.publication import actions, office, reads, work
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony

VERIFIER = Path(__file__).parents[2] / "verifier" / "verify_draw.py"


@pytest.fixture
def stage(db):
    return ceremony.prepared(sites=12)


def public(source: str, kind: PublicationKind = PublicationKind.ANNOUNCEMENT):
    return reads.current(BUREAU, kind, source=source)


def test_the_job_carries_an_announcement_to_the_public_once(stage):
    draw = ceremony.announced_draw(stage)
    queue.run("publish_announcement", draw)
    queue.run("publish_announcement", draw)
    [found] = reads.open_to_all()
    assert (found.kind, found.state) == (PublicationKind.ANNOUNCEMENT, PublicationState.PUBLISHED)
    document = public(draw).document
    assert document["digest"] == draws.draw(draw).announcement_digest
    assert document["announcement"] == draws.announcement(draw)
    assert document["sealed_root"] == ""


def test_a_stranger_publishes_no_announcement_and_nothing_before_it_is_made(stage):
    draw = ceremony.promised_draw(stage)
    with pytest.raises(NotAllowed):
        actions.publish_announcement(draw, by=stage.zhou, at=AT)
    with pytest.raises(Refused, match="还没有发布公告"):
        actions.publish_announcement(draw, by=system(BUREAU), at=AT)
    with pytest.raises(Refused, match="本机构没有"):
        actions.publish_announcement(draw, by=system("990174"), at=AT)
    with pytest.raises(Refused, match="还没有密封"):
        actions.publish_sealed_root(draw, by=system(BUREAU), at=AT)


def test_what_was_missed_is_carried_later_with_the_root_of_the_sealed_list(stage, monkeypatch):
    draw = ceremony.sealed_draw(stage)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    for _ in range(2):
        work.publish_draws()
    assert len(reads.open_to_all()) == 2
    document = public(f"{draw}#sealed").document
    assert document["sealed_root"] == draws.draw(draw).sealed_root
    assert "虚构化工" not in str(document)


def test_an_announcement_missed_two_years_ago_is_carried_all_the_same(stage, monkeypatch):
    draw = ceremony.announced_draw(stage)
    late = AT.replace(year=AT.year + 2)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: late)
    work.publish_draws()
    assert public(draw) is not None


@pytest.fixture
def record(stage):
    draw = ceremony.sealed_draw(stage)
    ceremony.published_draw(stage, draw)
    when = ceremony.last_day(draw)
    [candidate] = [c for c in office.candidates(BUREAU, day_of(when)) if c.source == draw]
    ref = actions.propose_draw_record(candidate.source, by=stage.chen, at=when)
    digest = reads.document(ref).digest
    actions.approve(ref, digest=digest, by=stage.lin, at=when)
    gong = ceremony.actor("gong", "公示员", Role.PUBLISHER)
    actions.publish(ref, by=gong, at=when)
    actions.publish_announcement(draw, by=system(BUREAU), at=when)
    return ref


def test_a_record_is_closed_until_the_custodians_have_opened_it(stage):
    draw = ceremony.sealed_draw(stage)
    assert draw not in {c.source for c in office.candidates(BUREAU, TODAY)}
    with pytest.raises(Refused, match="还没有公开的条件"):
        actions.propose_draw_record(draw, by=stage.chen, at=AT)


def test_a_citizen_downloads_the_record_and_verifies_it(record, client, tmp_path):
    page = client.get(f"/open/documents/{record}/").content.decode()
    document = reads.document(record).document
    assert document["sealed_root"] in page
    body = client.get(f"/open/documents/{record}/record.json").content
    (tmp_path / "record.json").write_bytes(body)
    given = [
        "--real", "--announcement", document["announcement_digest"],
        "--sealed", document["sealed_root"], str(tmp_path / "record.json"),
    ]  # fmt: skip
    run = subprocess.run(
        [sys.executable, str(VERIFIER), *given], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(body)["announcement"]["draw"] == document["draw"]


def test_the_page_of_draws_leads_to_the_record(record, client):
    page = client.get("/open/draws/").content.decode()
    assert "可以验证" in page
    assert f"/open/documents/{record}/" in page


def test_a_void_draw_stays_public_with_its_reason_beside_its_announcement(stage, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    draw = ceremony.announced_draw(stage)
    drawing.void_draw(draw, "周监督发现公告中的层有误，电话 13812345678", by=stage.lin, at=AT)
    for _ in range(2):
        work.publish_draws()
    assert public(draw) is not None
    said = public(f"{draw}#void").document
    assert (said["void_ground"], said["void_proof"]) == ("收口以前作废", {})
    assert "13812345678" not in said["void_reason"]
    with pytest.raises(Refused, match="只有公告之后作废"):
        actions.publish_void(ceremony.frozen_draw(stage), by=system(BUREAU), at=AT)


def test_signed_heads_and_their_witness_are_public_once_each(stage, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    ceremony.announced_draw(stage)
    size = drawing.sign_log(by=stage.chen, at=AT)
    for _ in range(2):
        work.publish_draws()
    said = public(f"L{BUREAU}#{size}", PublicationKind.LOG_HEAD).document
    assert (said["root"], said["key"]) == (draws.log_root(BUREAU), log_reads.public_key(BUREAU))
    assert said["witness"] == ""
    with pytest.raises(Refused, match="没有见证过"):
        actions.publish_log_head(size, is_witnessed=True, by=system(BUREAU), at=AT)
    drawing.cosign_head(size, by=ceremony.actor("shang", "上级", Role.SUPERIOR), at=AT)
    work.publish_draws()
    said = public(f"L{BUREAU}#{size}#witnessed", PublicationKind.LOG_HEAD).document
    assert said["witness"] == "临溪市生态环境局高新区分局（虚构）"
    assert [row.kind for row in reads.open_to_all()] == [PublicationKind.ANNOUNCEMENT]


def test_the_published_head_is_signed_with_the_published_key(stage):
    """Checked as an outsider would, from the published document alone."""
    ceremony.announced_draw(stage)
    size = drawing.sign_log(by=stage.chen, at=AT)
    actions.publish_log_head(size, by=system(BUREAU), at=AT)
    said = public(f"L{BUREAU}#{size}", PublicationKind.LOG_HEAD).document
    head = Head(bureau=said["bureau"], size=said["size"], root=said["root"], at=said["signed_at"])
    key, signature = bytes.fromhex(said["key"]), bytes.fromhex(said["signature"])
    assert is_signed(key, head, signature)
    assert not is_signed(key, replace(head, size=size + 1), signature)


def test_a_withdrawn_record_is_gone_for_the_verifier_too(record, client, tmp_path):
    """What was downloaded before stays with whoever has it; from here nobody gets it any more."""
    address = f"/open/documents/{record}/record.json"
    assert client.get(address).status_code == 200
    export(tmp_path / "open", at=AT)
    assert (tmp_path / "open" / f"documents/{record}/record.json").exists()
    other = ceremony.actor("gong2", "公示员二", Role.PUBLISHER)
    actions.withdraw(record, "记录有误", by=other, at=AT)
    assert client.get(address).status_code == 404
    page = client.get(f"/open/documents/{record}/").content.decode()
    assert "记录有误" in page
    assert "record.json" not in page
    assert f"/open/documents/{record}/" not in client.get("/open/draws/").content.decode()
    export(tmp_path / "open", at=AT)
    assert not (tmp_path / "open" / f"documents/{record}/record.json").exists()
