"""Where people stepped in beside the rule: each kind is counted, and none can be left out."""

from datetime import datetime, time, timedelta

from gongchou.accounts import actions as accounts
from gongchou.core.powers import console
from gongchou.core.terms import AbsenceReason, ExcuseReason, Role
from gongchou.drawing import actions, models, override_reads, papers, reads, swap_reads
from gongchou.web.clock import SHANGHAI
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony


def counts(draw: str, until: datetime | None = None) -> dict[str, int]:
    return {row.code: row.count for row in override_reads.overrides(draw, until)}


def first_day(draw: str) -> datetime:
    day = min(row.planned_on for row in reads.schedule(draw))
    return datetime.combine(day, time(8), tzinfo=SHANGHAI)


def test_a_draw_by_the_rule_alone_counts_nothing_and_names_every_kind(stage):
    draw = ceremony.sealed_draw(stage)
    assert counts(draw) == dict.fromkeys(override_reads.NAMES, 0)


def test_substitute_reseat_move_and_late_release_are_counted(stage, signed_in):
    draw = ceremony.sealed_draw(stage)
    first, second = sorted({row.planned_on for row in reads.schedule(draw)})[:2]
    [moved, *_] = [row for row in reads.schedule(draw) if row.planned_on == second]
    actions.move_visit(draw, moved.number, first, "设备检修", by=stage.chen, at=AT)
    late = datetime.combine(first + timedelta(days=1), time(9), tzinfo=SHANGHAI)
    asked = actions.request_release(draw, until=first, by=stage.chen, at=late)
    ceremony.opened(stage, asked, at=late)
    visit, other = reads.released(draw)[:2]
    asked = actions.request_reseat(
        draw,
        other.number,
        other.parts[0][0],
        reason=AbsenceReason.ILL,
        says="突发疾病",
        by=stage.chen,
        at=late,
    )
    ceremony.opened(stage, asked, at=late)
    asked = actions.request_substitution(
        draw, visit.number, reason=ExcuseReason.CLOSED, says="大门封闭", by=stage.chen, at=late
    )
    ceremony.opened(stage, asked, at=late)
    found = counts(draw)
    assert {code: n for code, n in found.items() if n} == {
        "move": 1,
        "substitute": 1,
        "reseat": 1,
        "late": 2,
    }
    said = {row.code: row.detail for row in override_reads.overrides(draw)}
    assert (said["substitute"], said["reseat"]) == ("已关闭 1 家", "因病 1 人次")
    assert not any(counts(draw, until=AT - timedelta(days=1)).values())
    by_reason = swap_reads.swaps(BUREAU, stage.quarter)
    assert [(row.kind, row.reason, row.count) for row in by_reason] == [
        ("人员补派", "因病", 1),
        ("对象替换（补抽）", "已关闭", 1),
    ]
    [officer], [subject] = (row.swaps for row in by_reason)
    assert (officer.number, subject.number) == (other.number, visit.number)
    assert subject.into == reads.draw(draw).visit_count
    assert swap_reads.swaps(BUREAU, "2025Q4") == ()
    page = signed_in(stage.chen).get(f"/draw/?quarter={stage.quarter}").content.decode()
    assert f'/draw/{draw}/released/{visit.number}/"' in page
    page = signed_in(stage.zhou).get(f"/draw/?quarter={stage.quarter}").content.decode()
    assert "对象替换（补抽）" in page
    assert "/released/" not in page
    models.Reseat.objects.update(reason="")  # as one asked for before reasons had codes
    assert swap_reads.swaps(BUREAU, stage.quarter)[0].reason == "人员不能到场"


def test_a_reseat_is_asked_for_by_a_reason_of_the_list(stage, signed_in):
    draw = ceremony.sealed_draw(stage)
    visit = ceremony.released_visits(stage, draw)[0]
    chen, url = signed_in(stage.chen), f"/draw/{draw}/released/0/"
    said = {"person": visit.parts[0][0], "says": "突发疾病"}
    for word in ("", "tired"):
        page = chen.post(f"{url}reseat/", {**said, "absence": word}).content.decode()
        assert "请从列表中选择补派理由" in page
    chen.post(f"{url}reseat/", {**said, "absence": "duty"})
    page = signed_in(stage.bao).get("/draw/keys/").content.decode()
    assert "另有公务：突发疾病" in page
    assert reads.openings(BUREAU, draw=draw)[0].absence is AbsenceReason.DUTY


def test_an_aborted_draw_counts_at_the_next_one_of_the_task(stage):
    gone = ceremony.announced_draw(stage)
    actions.void_draw(gone, "公告写错", by=stage.lin, at=AT)
    again = ceremony.frozen_draw(stage, at=AT + timedelta(hours=1))
    assert counts(again)["aborted"] == 1
    assert counts(gone)["aborted"] == 0


def test_who_acts_in_two_roles_of_a_small_bureau_is_counted_once(stage):
    root = console(BUREAU, "root")
    accounts.set_small_bureau("虚构〔2026〕1号", "编制少", by=root, at=AT)
    accounts.grant_role(
        stage.chen.ref, Role.WITNESS, since=TODAY, overlap="只有三人", by=root, at=AT
    )
    draw = ceremony.frozen_draw(stage)
    assert counts(draw)["overlap"] == 1
    [row] = override_reads.overlaps_in(draw)
    assert (row.ref, row.reason) == (stage.chen.ref, "只有三人")
    said = papers.draw_file(draw, BUREAU).head()["small"]
    assert said == "陈组长兼任负责科室人员、现场监督人员（只有三人）"
