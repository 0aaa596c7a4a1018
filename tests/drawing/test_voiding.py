"""After the closing value a draw ends by two consents and the superior's word, or not at all."""

import pytest
from django.db import IntegrityError, transaction

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.audit import reads as audit
from gongchou.core.canon import parse
from gongchou.core.draw import conduct
from gongchou.core.draw_values import Reveal
from gongchou.core.pairing import NoTeam
from gongchou.core.powers import Actor, console
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import BureauLevel, DrawState, Role, VoidGround, VoidState
from gongchou.drawing import actions, gathering, models, reads, sealing, void_reads
from gongchou.drawing.frozen import thawed
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.drawing.ceremony import text_of

CITY = "990100"
PASSWORD = "长口令-not-secret-1"


@pytest.fixture
def superior(request) -> Actor:
    """A person of the bureau above, which watches this one."""
    request.getfixturevalue("ample" if "ample" in request.fixturenames else "stage")
    root = console(CITY, "root")
    accounts.create_bureau(CITY, "临溪市生态环境局（虚构）", level=BureauLevel.CITY, by=root, at=AT)
    accounts.set_superior(BUREAU, CITY, by=console(BUREAU, "root"), at=AT)
    accounts.create_user("shang", "尚监察", password=PASSWORD, by=root, at=AT)
    accounts.grant_role("U-shang", Role.SUPERIOR, since=TODAY, by=root, at=AT)
    return people.actor_of("U-shang", TODAY)


@pytest.fixture
def ample(db) -> ceremony.Stage:
    """Enough people for every draw."""
    return ceremony.prepared()


@pytest.fixture
def stage(db) -> ceremony.Stage:
    """Nobody for the joint seats."""
    return ceremony.prepared(officers=2)


@pytest.fixture
def dead_end(stage, monkeypatch) -> str:
    """A draw whose numbers leave no lawful team.

    The freeze would have refused such lists, so its test is switched off for a moment.
    """
    monkeypatch.setattr(gathering, "feasible", lambda frozen, met, **_: frozen)
    draw = ceremony.closed_draw(stage)
    monkeypatch.undo()
    for login in ("zhou", "bao"):
        actions.reveal(draw, text_of(login), by=stage.cast[login], at=AT)
    return draw


def requested(stage, draw: str, ground: VoidGround = VoidGround.NO_TEAM) -> str:
    return actions.request_void(draw, ground, "算出的结果组不成检查组", by=stage.chen, at=AT)


def approved(stage, draw: str, ground: VoidGround = VoidGround.NO_TEAM) -> str:
    ref = requested(stage, draw, ground)
    assert actions.agree_void(ref, by=stage.zhou, at=AT) is False
    assert actions.agree_void(ref, by=stage.lin, at=AT) is True
    return ref


def decided(ref: str, superior: Actor, *, is_void: bool = True) -> None:
    actions.decide_void(ref, BUREAU, "情况属实", is_void=is_void, by=superior, at=AT)


def log_kinds() -> list[str]:
    return [row.kind for row in reads.log(BUREAU)]


def test_a_result_without_teams_is_logged_and_no_list_exists(dead_end):
    found = reads.draw(dead_end)
    assert (found.state, found.sealed_root, found.visit_count) == (DrawState.CLOSED, "", 0)
    assert found.no_team.endswith("无法组成检查组。")
    assert reads.schedule(dead_end) == ()
    assert log_kinds()[-1] == "no_team"


def test_the_void_of_such_a_draw_needs_two_people_and_the_superior(stage, dead_end, superior):
    ref = approved(stage, dead_end)
    decided(ref, superior)
    found = reads.draw(dead_end)
    assert (found.state, found.void_ground) == (DrawState.VOID, VoidGround.NO_TEAM)
    assert (found.void_reason, found.voided_by) == ("算出的结果组不成检查组", "尚监察")
    [row] = void_reads.of_draw(dead_end)
    assert (row.state, row.agreed) == (VoidState.DONE, ("周监督", "林局长"))
    assert log_kinds()[-3:] == ["no_team", "void_request", "void"]


def test_the_log_entry_proves_to_anybody_that_the_numbers_left_no_team(stage, dead_end, superior):
    decided(approved(stage, dead_end), superior)
    data = reads.log(BUREAU)[-1].body["data"]
    row = models.Draw.objects.get(ref=dead_end)
    shares = [
        Reveal(role=r["role"], nonce=bytes.fromhex(r["nonce"]), share=bytes.fromhex(r["share"]))
        for r in data["reveals"]
    ]
    lists = thawed(bytes(row.frozen_body)).rosters
    with pytest.raises(NoTeam):
        conduct(sealing.announced(bytes(row.announcement)), lists, shares, data["closing"])
    assert all(bytes(c.held) == b"" for c in row.contributions.all())


def test_the_next_draw_uses_the_same_frozen_lists_and_both_stay(stage, dead_end, superior):
    decided(approved(stage, dead_end), superior)
    again = ceremony.frozen_draw(stage)
    old, new = (models.Draw.objects.get(ref=ref) for ref in (dead_end, again))
    assert bytes(old.frozen_body) == bytes(new.frozen_body)
    assert old.frozen_digest == new.frozen_digest
    for login in ("zhou", "bao"):
        actions.commit_contribution(again, text_of(login), by=stage.cast[login], at=AT)
    actions.announce_draw(again, ceremony.RULE, by=stage.chen, at=AT)
    assert [row.seq for row in reads.draws(BUREAU, stage.quarter)] == [1, 2]
    announced = [reads.announcement(ref) for ref in (dead_end, again)]
    assert announced[0]["roster"] == announced[1]["roster"]
    assert announced[0]["inspectors"] == announced[1]["inspectors"]
    assert announced[0]["commits"] != announced[1]["commits"]


def test_a_void_before_the_next_closing_does_not_free_the_lists(stage, dead_end, superior):
    decided(approved(stage, dead_end), superior)
    second = ceremony.frozen_draw(stage)
    actions.void_draw(second, "会议改期", by=stage.lin, at=AT)
    third = ceremony.frozen_draw(stage)
    digests = {models.Draw.objects.get(ref=ref).frozen_digest for ref in (dead_end, second, third)}
    assert len(digests) == 1


# -- who and when


def test_without_the_recorded_result_there_is_no_such_ground(ample):
    draw = ceremony.closed_draw(ample)
    with pytest.raises(Refused, match="还没有算出"):
        requested(ample, draw)


def test_no_share_is_lost_where_all_have_come(stage, dead_end):
    with pytest.raises(Refused, match="都已揭示，没有丢失的份额"):
        requested(stage, dead_end, VoidGround.SHARE_LOST)


def test_a_draw_that_was_made_is_never_void(ample, superior):
    draw = ceremony.drawn_draw(ample)
    for ground in (VoidGround.NO_TEAM, VoidGround.SHARE_LOST):
        with pytest.raises(Stale, match="现在是“已抽取”"):
            requested(ample, draw, ground)
    with pytest.raises(Refused, match="还够人数"):
        requested(ample, draw, VoidGround.KEYS_LOST)


def test_a_lost_share_is_a_ground_only_while_it_is_missing(ample, superior):
    draw = ceremony.closed_draw(ample)
    actions.reveal(draw, text_of("zhou"), by=ample.zhou, at=AT)
    ref = approved(ample, draw, VoidGround.SHARE_LOST)
    decided(ref, superior)
    assert reads.draw(draw).void_ground is VoidGround.SHARE_LOST
    data = reads.log(BUREAU)[-1].body["data"]
    assert "reveals" not in data
    assert data["superior"] == "临溪市生态环境局（虚构）"


def test_a_share_that_turns_up_makes_the_draw_and_ends_the_void(ample, superior):
    draw = ceremony.closed_draw(ample)
    ref = approved(ample, draw, VoidGround.SHARE_LOST)
    for login in ("zhou", "bao"):
        actions.reveal(draw, text_of(login), by=ample.cast[login], at=AT)
    with pytest.raises(Stale, match="现在是“已抽取”"):
        decided(ref, superior)
    assert reads.draw(draw).state is DrawState.DRAWN


def test_each_step_belongs_to_somebody_else(stage, dead_end, superior, stranger):
    for actor in (stage.zhou, stage.lin, stranger):
        with pytest.raises(NotAllowed):
            requested_by(actor, dead_end)
    ref = requested(stage, dead_end)
    for actor in (stage.chen, stranger):
        with pytest.raises(NotAllowed):
            actions.agree_void(ref, by=actor, at=AT)
    with pytest.raises(Stale, match="待两人同意"):
        decided(ref, superior)
    for actor in (stage.lin, stage.zhou, stranger):
        with pytest.raises(NotAllowed):
            decided(ref, actor)


def requested_by(actor: Actor, draw: str) -> None:
    actions.request_void(draw, VoidGround.NO_TEAM, "理由", by=actor, at=AT)


def test_nobody_agrees_twice_and_one_of_the_two_leads(stage, dead_end):
    ref = requested(stage, dead_end)
    actions.agree_void(ref, by=stage.zhou, at=AT)
    with pytest.raises((Stale, NotAllowed)):
        actions.agree_void(ref, by=stage.zhou, at=AT)
    with pytest.raises(NotAllowed, match="须有一位批准领导"):
        actions.agree_void(ref, by=stage.bao, at=AT)
    assert actions.agree_void(ref, by=stage.lin, at=AT) is True
    with pytest.raises(Stale, match="待上级决定"):
        actions.agree_void(ref, by=stage.mi, at=AT)


def test_a_person_of_another_bureau_decides_nothing(stage, dead_end, superior):
    ref = approved(stage, dead_end)
    own = ceremony.actor("nei", "内部上级", Role.SUPERIOR)
    with pytest.raises(NotAllowed, match="不是这个机构的上级机关"):
        decided(ref, own)


def test_what_was_refused_can_be_asked_again_and_the_draw_stands(stage, dead_end, superior):
    actions.refuse_void(requested(stage, dead_end), "再核对一次", by=stage.lin, at=AT)
    decided(approved(stage, dead_end), superior, is_void=False)
    assert reads.draw(dead_end).state is DrawState.CLOSED
    assert [row.state for row in void_reads.of_draw(dead_end)] == [VoidState.REFUSED] * 2
    decided(approved(stage, dead_end), superior)
    assert reads.draw(dead_end).state is DrawState.VOID


def test_a_second_request_waits_for_the_first(stage, dead_end):
    requested(stage, dead_end)
    with pytest.raises(Stale, match="已有一份收口后作废的申请"):
        requested(stage, dead_end)


def test_the_decision_stands_in_both_chains(stage, dead_end, superior):
    decided(approved(stage, dead_end), superior)
    for bureau in (BUREAU, CITY):
        [entry] = [
            e.event for e in audit.events(bureau, about=dead_end) if e.event.kind == "draw_voided"
        ]
        assert (entry.by_name, entry.data["ground"]) == ("尚监察", "no_team")


def test_the_database_knows_no_void_behind_the_closing_without_its_ground(stage, dead_end):
    rows = models.Draw.objects.filter(ref=dead_end)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="void", void_reason="不合适", voided_at=AT, voided_by_ref="U-lin")


def test_the_projector_says_who_made_it_void_and_why(signed_in, stage, dead_end, superior):
    decided(approved(stage, dead_end), superior)
    page = signed_in(stage.chen).get(f"/draw/{dead_end}/?view=projector").content.decode()
    assert "作废：算出的结果组不成检查组。" in page
    assert f"编号 {dead_end} 保留" in page
    assert "每家被抽中的机会" not in page


def test_the_second_click_of_the_superior_is_late(stage, dead_end, superior):
    ref = approved(stage, dead_end)
    decided(ref, superior)
    with pytest.raises(Stale):
        decided(ref, superior)
    assert parse(bytes(models.DrawLogEntry.objects.order_by("-number")[0].body))["kind"] == "void"


# -- pages


def test_the_whole_void_by_plain_forms(signed_in, stage, dead_end, superior):
    page = signed_in(stage.chen).get(f"/draw/{dead_end}/").content.decode()
    assert "组不成检查组" in page
    form = {"ground": "no_team", "says": "算出的结果组不成检查组"}
    signed_in(stage.chen).post(f"/draw/{dead_end}/void/ask/", form)
    [row] = void_reads.of_draw(dead_end)
    for login in ("zhou", "lin"):
        signed_in(stage.cast[login]).post(f"/draw/{dead_end}/void/{row.ref}/agree/")
    shang = signed_in(superior)
    assert "待决定" in shang.get("/draw/witness/").content.decode()
    assert "决定收口后作废" in shang.get("/").content.decode()
    form = {"opinion": "情况属实", "void": "1"}
    page = shang.post(f"/draw/witness/{BUREAU}/voids/{row.ref}/", form, follow=True)
    assert "已决定作废" in page.content.decode()
    page = signed_in(stage.chen).get(f"/draw/{dead_end}/").content.decode()
    assert "用同一份冻结的底册" in page


def test_the_superior_watches_the_log_of_the_bureau_below_only(
    signed_in, stage, dead_end, superior
):
    actions.sign_log(by=stage.chen, at=AT)
    shang = signed_in(superior)
    assert "等您见证" in shang.get("/").content.decode()
    assert "待见证的树根" in shang.get("/draw/witness/").content.decode()
    size = len(reads.log(BUREAU))
    form = {"size": str(size), "bureau": BUREAU}
    page = shang.post("/draw/witness/cosign/", form, follow=True).content.decode()
    assert "此前内容没有改动" in page
    assert shang.get("/draw/log/file.json").status_code == 200
    assert shang.get("/draw/log/file.json?bureau=990999").status_code == 403
    own = ceremony.actor("nei", "内部上级", Role.SUPERIOR)
    with pytest.raises(NotAllowed, match="不是这个机构的上级机关"):
        actions.cosign_head(size, by=own, at=AT)


def test_who_has_no_business_with_a_void_is_turned_away(signed_in, stage, dead_end, superior):
    ref = requested(stage, dead_end)
    form = {"ground": "no_team", "says": "理由", "reason": "理由"}
    assert signed_in(stage.zhou).post(f"/draw/{dead_end}/void/ask/", form).status_code == 403
    assert signed_in(stage.chen).post(f"/draw/{dead_end}/void/{ref}/agree/").status_code == 403
    assert signed_in(stage.lin).post(f"/draw/witness/{BUREAU}/voids/{ref}/").status_code == 403
