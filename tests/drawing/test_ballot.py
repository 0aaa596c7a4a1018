"""Draws by numbered balls: the same lists, custodians and releases, and a record of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gongchou.config.cli import main
from gongchou.core.ballot import roll
from gongchou.core.ballot_record import is_ballot
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import AbsenceReason, DrawMode, DrawState, ExcuseReason, VoidGround
from gongchou.drawing import actions, gathering, models, proofs, reads
from gongchou.drawing.frozen import thawed
from gongchou.drawing.papers import PAPERS
from gongchou.registry import actions as registry
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import balloting, ceremony
from tests.drawing.balloting import balls

PROGRAM = Path(__file__).parents[2] / "verifier" / "verify_ballot.py"


def rows(draw: str):
    return thawed(bytes(models.Draw.objects.get(ref=draw).frozen_body)).rosters


def test_a_ballot_goes_from_the_roll_to_the_sealed_list(stage):
    draw = balloting.sealed_ballot(stage)
    found = reads.draw(draw)
    assert (found.state, found.mode) == (DrawState.SEALED, DrawMode.MANUAL_BALLOT)
    assert (found.visit_count, found.joint_count, len(found.sealed_root)) == (3, 2, 64)
    assert found.contributions == ()
    assert [row.kind for row in reads.log(BUREAU)] == [
        "freeze",
        "announce",
        "close",
        "draw",
        "seal",
    ]


def test_the_balls_that_came_out_are_the_visits_that_are_released(stage):
    draw = balloting.sealed_ballot(stage)
    out, lists = balls(draw), rows(draw)
    by_number = {(row.stratum, row.number): row.pid for row in roll(lists)}
    due = {s: k for s, _, k in thawed_strata(draw)}
    wanted = [by_number[s, n] for s in sorted(due) for n in out.numbers[s][: due[s]]]
    assert [visit.pid for visit in ceremony.released_visits(stage, draw)] == wanted


def thawed_strata(draw: str):
    return thawed(bytes(models.Draw.objects.get(ref=draw).frozen_body)).strata()


def test_the_published_record_stands_before_a_stranger(stage, tmp_path):
    draw = balloting.sealed_ballot(stage)
    record = ceremony.published_draw(stage, draw)
    assert is_ballot(record)
    assert "周监督" not in json.dumps(record, ensure_ascii=False)
    path, row = tmp_path / "record.json", reads.draw(draw)
    path.write_text(json.dumps(record), "utf-8")
    command = [
        sys.executable, "-I", str(PROGRAM), str(path), "--real",
        "--announcement", row.announcement_digest, "--sealed", row.sealed_root,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_each_released_visit_was_fixed_when_the_balls_came_out(stage):
    draw = balloting.sealed_ballot(stage)
    for visit in ceremony.released_visits(stage, draw):
        assert proofs.is_fixed_at_the_draw(draw, visit.number, bureau=BUREAU)


def test_an_excused_visit_goes_to_the_next_ball_of_the_reserve(stage):
    draw = balloting.sealed_ballot(stage)
    visits = ceremony.released_visits(stage, draw)
    when = ceremony.last_day(draw)
    gone = visits[0]
    asked = actions.request_substitution(
        draw, gone.number, reason=ExcuseReason.CLOSED, says="已关闭", by=stage.chen, at=when
    )
    ceremony.opened(stage, asked, at=when)
    out = balls(draw)
    by_number = {(row.stratum, row.number): row.pid for row in roll(rows(draw))}
    k = next(k for s, _, k in thawed_strata(draw) if s == gone.draw_stratum)
    into = reads.released(draw)[-1]
    assert into.pid == by_number[gone.draw_stratum, out.numbers[gone.draw_stratum][k]]
    assert into.is_substitute
    asked = actions.request_publication(draw, by=stage.chen, at=when)
    ceremony.opened(stage, asked, at=when)
    assert len(reads.published_record(draw)["substitutions"]) == 1


def test_a_reseat_takes_who_came_out_earlier(stage):
    draw = balloting.sealed_ballot(stage)
    visit = ceremony.released_visits(stage, draw)[0]
    when = ceremony.last_day(draw)
    person = visit.inspectors[0]
    asked = actions.request_reseat(
        draw, visit.number, person, reason=AbsenceReason.ILL, says="生病", by=stage.chen, at=when
    )
    ceremony.opened(stage, asked, at=when)
    assert person not in reads.released_visit(draw, visit.number).inspectors


# -- the numbers


def test_two_people_type_the_balls_and_must_agree(stage):
    draw = balloting.announced_ballot(stage)
    out, other = balls(draw), balls(draw, seed=2)
    with pytest.raises(Refused, match="还没有第一次录入"):
        actions.confirm_ballots(draw, out.numbers, out.people, by=stage.zhou, at=AT)
    actions.enter_ballots(draw, out.numbers, out.people, by=stage.chen, at=AT)
    with pytest.raises(NotAllowed, match="不能复核同一批号码"):
        actions.confirm_ballots(draw, out.numbers, out.people, by=stage.chen, at=AT)
    with pytest.raises(Refused, match="两次录入不一致"):
        actions.confirm_ballots(draw, other.numbers, out.people, by=stage.zhou, at=AT)
    with pytest.raises(Refused, match="两次录入不一致"):
        actions.confirm_ballots(draw, out.numbers, other.people, by=stage.zhou, at=AT)
    assert reads.draw(draw).state is DrawState.ANNOUNCED
    actions.enter_ballots(draw, other.numbers, other.people, by=stage.zhou, at=AT)
    assert actions.confirm_ballots(draw, other.numbers, other.people, by=stage.chen, at=AT)
    with pytest.raises(Stale):
        actions.confirm_ballots(draw, other.numbers, other.people, by=stage.chen, at=AT)


def test_too_few_balls_and_a_ball_twice_are_refused_with_the_mend(stage):
    draw = balloting.announced_ballot(stage)
    out = balls(draw)
    short = {s: held[:-1] for s, held in out.numbers.items()}
    with pytest.raises(Refused, match=r"应摇出 .* 个号.*请按号球逐个核对"):
        actions.enter_ballots(draw, short, out.people, by=stage.chen, at=AT)
    with pytest.raises(Refused, match="有重复"):
        actions.enter_ballots(
            draw, out.numbers, (out.people[0], *out.people[:-1]), by=stage.chen, at=AT
        )


def test_others_neither_announce_nor_type_and_not_before_the_announcement(stage, stranger):
    draw = balloting.frozen_ballot(stage)
    for actor in (stage.zhou, stage.lin, stranger):
        with pytest.raises(NotAllowed):
            actions.announce_ballot(draw, balloting.MANNER, 2, by=actor, at=AT)
    with pytest.raises(Stale, match="现在是“已冻结”"):
        actions.enter_ballots(draw, {}, (), by=stage.chen, at=AT)
    for manner, reserve in (("", 2), ("摇号", -1), ("摇号", 100)):
        with pytest.raises(Refused):
            actions.announce_ballot(draw, manner, reserve, by=stage.chen, at=AT)
    actions.announce_ballot(draw, balloting.MANNER, 2, by=stage.chen, at=AT)
    out = balls(draw)
    for actor in (stage.bao, stage.lin, stranger):
        with pytest.raises(NotAllowed):
            actions.enter_ballots(draw, out.numbers, out.people, by=actor, at=AT)


def test_a_ballot_has_no_promises_and_a_seed_no_balls(stage):
    draw = balloting.announced_ballot(stage)
    with pytest.raises(Refused, match="人工摇号，没有随机贡献"):
        actions.commit_contribution(draw, ceremony.text_of("zhou"), by=stage.zhou, at=AT)
    with pytest.raises(Refused, match="人工摇号"):
        actions.enter_closing(draw, ceremony.THROWS, by=stage.chen, at=AT)
    actions.void_draw(draw, "改用系统抽取", by=stage.lin, at=AT)
    other = ceremony.frozen_draw(stage)
    with pytest.raises(Refused, match="由系统抽取，不用摇号"):
        actions.announce_ballot(other, balloting.MANNER, 2, by=stage.chen, at=AT)


def test_a_ballot_is_not_voided_once_its_balls_were_typed(stage):
    draw = balloting.announced_ballot(stage)
    out = balls(draw)
    actions.enter_ballots(draw, out.numbers, out.people, by=stage.chen, at=AT)
    with pytest.raises(Refused, match="已经录入，不能再作废"):
        actions.void_draw(draw, "结果不合适", by=stage.lin, at=AT)


def test_nothing_of_the_balls_stays_in_clear(stage):
    draw = balloting.announced_ballot(stage)
    out = balls(draw)
    actions.enter_ballots(draw, out.numbers, out.people, by=stage.chen, at=AT)
    typed = bytes(models.Draw.objects.get(ref=draw).balls)
    words = b",".join(str(n).encode() for n in out.people)
    assert typed
    assert words not in typed
    actions.confirm_ballots(draw, out.numbers, out.people, by=stage.zhou, at=AT)
    row = models.Draw.objects.get(ref=draw)
    assert bytes(row.balls) == b""
    bodies = b"".join(bytes(e.body) for e in models.DrawLogEntry.objects.all())
    assert words not in bodies + bytes(row.locked_seed)


def test_balls_that_leave_no_team_are_voided_like_any_draw(db, monkeypatch):
    monkeypatch.setattr(gathering, "feasible", lambda frozen, met, **_: frozen)
    stage = ceremony.prepared(officers=2)
    draw = balloting.announced_ballot(stage)
    monkeypatch.undo()
    out = balls(draw)
    actions.enter_ballots(draw, out.numbers, out.people, by=stage.chen, at=AT)
    assert actions.confirm_ballots(draw, out.numbers, out.people, by=stage.zhou, at=AT) is False
    assert "无法组成检查组" in reads.draw(draw).no_team
    asked = actions.request_void(draw, VoidGround.NO_TEAM, "组不成", by=stage.chen, at=AT)
    for login in ("zhou", "lin"):
        actions.agree_void(asked, by=stage.cast[login], at=AT)
    watcher = ceremony.actor("shang", "上级", ceremony.Role.SUPERIOR)
    actions.decide_void(asked, BUREAU, "属实", is_void=True, by=watcher, at=AT)
    data = reads.log(BUREAU)[-1].body["data"]
    assert tuple(data["people"]) == out.people
    assert bytes(models.Draw.objects.get(ref=draw).balls) == b""


# -- pages and papers


@pytest.mark.parametrize("usual", ["system", "manual_ballot"])
def test_the_manner_of_the_policy_is_chosen_beforehand(signed_in, db, usual):
    clock.move_demo_clock(AT)
    stage = ceremony.prepared(at=clock.now())
    if usual != "system":
        registry.record_ruling(
            registry.Answer(
                key="draw.mode", value=usual, reading="人工摇号",
                decided_by="双随机工作领导小组（虚构）", document="虚构〔2026〕7号", on=TODAY,
            ),
            by=stage.lin, at=AT,
        )  # fmt: skip
    page = signed_in(stage.chen).get(f"/draw/?quarter={stage.quarter}").content.decode()
    assert re.findall(r'<option value="(\w+)" selected>(?:系统抽取|人工摇号)', page) == [usual]


def test_the_whole_ballot_is_done_by_plain_forms(signed_in, db):
    clock.move_demo_clock(AT)
    stage = ceremony.prepared(at=clock.now())
    chen = signed_in(stage.chen)
    form = {"task": stage.task, "mode": "manual_ballot"}
    page = chen.post("/draw/freeze/", form, follow=True).content.decode()
    assert "现在：公告" in page
    draw = reads.draw_of_task(stage.task).ref
    form = {"manner": balloting.MANNER, "reserve": "2"}
    page = chen.post(f"/draw/{draw}/ballot/announce/", form, follow=True).content.decode()
    assert "现在：摇号" in page
    roll_page = signed_in(stage.zhou).get(f"/draw/{draw}/roll/").content.decode()
    assert "虚构化工" not in roll_page
    out = balls(draw)
    form = {"people": "、".join(map(str, out.people))}
    for place, stratum in enumerate(sorted(out.numbers), start=1):
        form[f"urn-{place}"] = " ".join(map(str, out.numbers[stratum]))
    page = signed_in(stage.chen).post(f"/draw/{draw}/ballot/enter/", form, follow=True)
    assert "号码已录入" in page.content.decode()
    page = signed_in(stage.zhou).post(f"/draw/{draw}/ballot/confirm/", form, follow=True)
    assert "名单已产生并加密" in page.content.decode()
    for login in ("zhou", "wu"):
        page = signed_in(stage.cast[login]).post(f"/draw/{draw}/confirm/", follow=True)
    assert "名单已密封" in page.content.decode()


def test_every_paper_of_a_ballot_is_set(signed_in, stage):
    draw = balloting.sealed_ballot(stage)
    ceremony.published_draw(stage, draw)
    chen = signed_in(stage.chen)
    for name in PAPERS:
        answer = chen.get(f"/draw/{draw}/papers/{name}.pdf")
        assert answer.status_code == 200, name
        assert answer.content.startswith(b"%PDF")


def test_the_roll_comes_with_the_announcement_and_a_wrong_mode_is_refused(signed_in, stage):
    draw = balloting.frozen_ballot(stage)
    chen = signed_in(stage.chen)
    assert "先发布摇号公告" in chen.get(f"/draw/{draw}/roll/").content.decode()
    page = chen.post("/draw/freeze/", {"task": stage.task, "mode": "dice"}).content.decode()
    assert "选择抽取方式" in page


def test_the_command_line_knows_both_kinds_of_record(stage, tmp_path, capsys):
    record = ceremony.published_draw(stage, balloting.sealed_ballot(stage))
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), "utf-8")
    assert main(["draw", "verify", str(path)]) == 0
    assert "号码" in capsys.readouterr().out
    record["people"][:2] = record["people"][1::-1]
    path.write_text(json.dumps(record), "utf-8")
    assert main(["draw", "verify", str(path)]) == 1
