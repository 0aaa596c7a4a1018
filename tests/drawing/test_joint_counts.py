"""Departments of a joint draw that take counts of their own, and give chance of their own."""

import pytest

from gongchou.core.canon import canon
from gongchou.core.draw_record import is_valid
from gongchou.core.joint_record import read_joint_record, verify_joint
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import ExcuseReason, JointKind, Stratum
from gongchou.drawing import actions, joint_pages, models, papers, proofs, reads, sealing, slips
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as inspections
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.registry import reads as registers
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony, joint_stage
from tests.drawing.joint_stage import MARKET, NAMES, SAFETY
from verifier import verify_joint as program

KEY, OTHERS = Stratum.KEY, Stratum.GENERAL_UNLISTED
OWN = {KEY: 4, OTHERS: 2}
COUNTS = {MARKET: {KEY: 2, OTHERS: 1}, SAFETY: {KEY: 1}}


@pytest.fixture
def joint(stage):
    return joint_stage.joint_stage(stage, counts=OWN, own_counts=COUNTS)


def sent(visit: reads.ReleasedVisit) -> list[str]:
    """The departments that go to a visit."""
    whose = {person.ref: person.unit for person in registers.inspectors(BUREAU, TODAY)}
    return sorted({whose[ref] for part in visit.parts for ref in part} & {MARKET, SAFETY})


def excuse(joint, draw: str, number: int) -> None:
    when = ceremony.last_day(draw)
    asked = actions.request_substitution(
        draw, number, reason=ExcuseReason.CLOSED, says="已关闭", by=joint.chen, at=when
    )
    ceremony.opened(joint, asked, at=when)


def published(joint, draw: str) -> dict[str, object]:
    when = ceremony.last_day(draw)
    ceremony.opened(joint, actions.request_publication(draw, by=joint.chen, at=when), at=when)
    return reads.published_record(draw)


def test_the_plan_keeps_what_each_department_draws_and_counts_the_joint_sites(joint):
    found = plans.task(joint.task)
    assert [dict(row.counts) for row in found.partners] == [OWN, COUNTS[MARKET], COUNTS[SAFETY]]
    assert found.joint_subject_count == 3


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({MARKET: {KEY: 5}}, r"市场监管局.*“重点”写了 5 家，本机构这一层只抽 4 家"),
        ({MARKET: {Stratum.SPECIAL: 1}}, "本机构这一层只抽 0 家"),
        ({MARKET: {KEY: 0}}, "各层合计至少抽 1 家"),
        ({BUREAU: {KEY: 1}}, "只给配合部门另填家数"),
    ],
)
def test_a_partner_goes_along_and_never_alone(stage, counts, says):
    joint_stage.departments()
    draft = joint_stage.draft(counts=OWN, own_counts=counts)
    with pytest.raises(Refused, match=says):
        planning.create_task(stage.plan, draft, by=stage.chen, at=AT)


def test_where_another_department_leads_its_counts_are_its_own_matter(stage):
    joint_stage.departments()
    draft = joint_stage.draft(MARKET, own_counts={MARKET: {KEY: 9}})
    ref = planning.create_task(stage.plan, draft, by=stage.chen, at=AT)
    assert dict(plans.task(ref).lead.counts) == {KEY: 9}


def test_each_department_has_its_own_odds_and_the_samples_lie_in_each_other(joint):
    draw = ceremony.sealed_draw(joint)
    found = reads.draw(draw)
    assert [{s.name: s.drawn_count for s in own.strata} for own in found.departments] == [
        {"general_unlisted": 2, "key": 4},
        {"general_unlisted": 1, "key": 2},
        {"key": 1},
    ]
    visits = ceremony.released_visits(joint, draw)
    assert (len(visits), found.joint_count) == (6, 3)
    assert sorted(map(sent, visits)) == [[], [], [], [MARKET], [MARKET], [MARKET, SAFETY]]
    assert all(visit.is_joint == bool(sent(visit)) for visit in visits)


def test_record_and_papers_tell_every_department_apart(joint, tmp_path, capsys):
    draw = ceremony.sealed_draw(joint)
    record = ceremony.published_draw(joint, draw)
    found = reads.draw(draw)
    path = tmp_path / "record.json"
    path.write_bytes(canon(record))
    given = [str(path), "--real", "--announcement", found.announcement_digest]
    assert program.main([*given, "--sealed", found.sealed_root]) == 0
    capsys.readouterr()
    scheme = papers.scheme(papers.draw_file(draw, BUREAU))["strata"]
    assert [row["drawn"] for row in scheme if NAMES[MARKET] in row["name"]] == ["1", "2", "3"]
    assert set(proofs.ids_of_tickets(draw).values()) == {pid for pid, _ in record["visits"]}


def test_the_slip_says_what_each_department_drew(joint):
    draw = ceremony.sealed_draw(joint)
    visits = ceremony.released_visits(joint, draw)
    [alone, *_] = [v for v in visits if sent(v) == [] and v.stratum is KEY]
    why = proofs.why_me(draw, alone.number, bureau=BUREAU, on=TODAY)
    said = slips.values(alone, why, is_fixed=True, bureau=BUREAU)["departments"]
    assert f"{NAMES[MARKET]}从 8 家中抽取 2 家，每家的机会均为 2／8，没有抽中本单位。" in said
    [whole] = [v for v in visits if sent(v) == [MARKET, SAFETY]]
    why = proofs.why_me(draw, whole.number, bureau=BUREAU, on=TODAY)
    assert [row.goes for row in why.departments] == [True, True, True]
    assert slips.slip(draw, whole.number, bureau=BUREAU, at=AT)[1].startswith(b"%PDF")


def test_a_department_whose_site_is_excused_joins_one_that_is_open_already(joint):
    """The bureau goes on to a new site, the market office to the next one the bureau has drawn."""
    draw = ceremony.sealed_draw(joint)
    visits = ceremony.released_visits(joint, draw)
    gone = next(v for v in visits if sent(v) == [MARKET] and v.stratum is KEY)
    excuse(joint, draw, gone.number)
    after = {v.number: v for v in reads.released(draw)}
    changed = [v for v in visits if v.number != gone.number and sent(after[v.number]) != sent(v)]
    assert [(sent(v), sent(after[v.number])) for v in changed] == [([], [MARKET])]
    assert sent(after[len(visits)]) == []
    assert proofs.is_fixed_at_the_draw(draw, changed[0].number, bureau=BUREAU)
    record = published(joint, draw)
    assert is_valid(verify_joint(record))
    joint_visits = sum(visit.is_joint for visit in read_joint_record(record).visits)
    assert joint_visits == sum(after[n].is_joint for n in after if n != gone.number)


def test_it_joins_a_site_that_is_still_sealed_without_anybody_seeing_it(joint, monkeypatch):
    listed: list[sealing.OpenVisit] = []
    was = sealing.listed_joint
    monkeypatch.setattr(
        sealing, "listed_joint", lambda *given: listed.extend(was(*given)) or listed
    )
    draw = ceremony.sealed_draw(joint)
    gone = next(n for n, visit in enumerate(listed) if visit.depts == (0, 1))
    ceremony.released_visits(joint, draw, [gone])
    excuse(joint, draw, gone)
    assert not models.JoinedPart.objects.exists()
    visits = ceremony.released_visits(joint, draw)
    assert sum(MARKET in sent(v) for v in visits if v.excused_as is None) == 3
    assert all(
        proofs.is_fixed_at_the_draw(draw, v.number, bureau=BUREAU)
        for v in visits
        if not v.is_substitute
    )
    assert is_valid(verify_joint(published(joint, draw)))


def test_a_partner_gives_chance_in_its_own_login_and_is_named_in_the_announcement(joint):
    guest = ceremony.actor("sc1", "市监检查员1")
    draw = ceremony.promised_draw(joint)
    assert [row.may_commit for row in joint_pages.duties(guest, TODAY)] == [True]
    assert (
        actions.commit_contribution(draw, ceremony.text_of("sc1"), by=guest, at=AT)
        == (NAMES[MARKET])
    )
    actions.announce_draw(draw, ceremony.RULE, by=joint.chen, at=AT)
    assert NAMES[MARKET] in dict(reads.announcement(draw)["commits"])
    actions.enter_closing(draw, ceremony.THROWS, by=joint.chen, at=AT)
    actions.confirm_closing(draw, ceremony.THROWS, by=joint.zhou, at=AT)
    for login in ("zhou", "bao"):
        assert not actions.reveal(draw, ceremony.text_of(login), by=joint.cast[login], at=AT)
    [duty] = joint_pages.duties(guest, TODAY)
    assert duty.may_reveal
    assert actions.reveal(draw, ceremony.text_of("sc1"), by=guest, at=AT)


def test_a_partner_has_no_word_in_a_draw_it_takes_no_part_in(stage):
    joint_stage.departments()
    joint_stage.partner_people(stage)
    guest, draw = ceremony.actor("sc1", "市监检查员1"), ceremony.frozen_draw(stage)
    with pytest.raises(NotAllowed, match="不参加这次抽取"):
        actions.commit_contribution(draw, ceremony.text_of("sc1"), by=guest, at=AT)
    assert joint_pages.duties(guest, TODAY) == ()


def test_the_page_of_a_partner_takes_the_promise_and_shows_no_site(signed_in, joint):
    clock.move_demo_clock(AT)
    draw = ceremony.frozen_draw(joint)
    browser = signed_in(ceremony.actor("sc1", "市监检查员1"))
    page = browser.get("/draw/joint/").content.decode()
    assert "提交随机贡献" in page
    assert "虚构化工" not in page
    done = browser.post(f"/draw/joint/{draw}/commit/", {"text": ceremony.text_of("sc1")})
    assert done["Location"] == "/draw/joint/"
    assert "收口之后请来揭示" in browser.get("/draw/joint/").content.decode()


def test_officers_of_a_department_that_joins_late_take_their_seats(joint):
    draw = ceremony.sealed_draw(joint)
    visits = ceremony.released_visits(joint, draw)
    gone = next(v for v in visits if sent(v) == [MARKET] and v.stratum is KEY)
    when = ceremony.last_day(draw)
    for row in visits:
        if row is not gone:
            inspection.dispatch_visit(draw, row.number, by=joint.chen, at=when)
    excuse(joint, draw, gone.number)
    [(visit, people)] = inspections.joined_late(draw)
    assert visit.joint_kind is JointKind.NONE
    inspection.dispatch_released(draw, by=joint.chen, at=when)
    after = inspections.visit(visit.ref)
    assert set(people) <= after.team
    assert after.joint_kind is JointKind.JOINT_CROSS_DEPT
    assert {item.code.split("-")[0] for item in inspections.record_items(after)} >= {MARKET}
    assert inspections.joined_late(draw) == ()
