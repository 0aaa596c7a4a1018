"""The desk, the inlets, remote enforcement and the figures, as people use them in a browser."""

from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.core.clue_terms import ClueState, RemoteCheckState
from gongchou.offsite import actions, clue_reads, models
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.test_clues import site as site
from tests.offsite.test_clues import taken
from tests.offsite.test_inlets import patrol
from tests.offsite.test_inlets import sites as sites


def test_the_desk_shows_the_score_line_by_line_and_takes_a_decision(site, chen, signed_in):
    ref, browser = taken(site), signed_in(chen)
    assert "虚构化工1" in browser.get("/offsite/clues/").text
    page = browser.get(f"/offsite/clues/{ref}/").text
    assert "基础分 40 × 持续 1 × 质量 1" in page
    assert "没有停产报备：不成立" in page
    assert "核对治理设施启停记录和现场状态" in page
    typed = {"act": "decide", "to": "watched", "why": "先看三天"}
    assert "已研判为“观察”" in browser.post(f"/offsite/clues/{ref}/act/", typed, follow=True).text
    assert clue_reads.clue(ref, BUREAU).state is ClueState.WATCHED


def test_a_refused_decision_says_what_is_missing(site, chen, signed_in):
    ref = taken(site)
    typed = {"act": "decide", "to": "excluded", "why": "误报"}
    answer = signed_in(chen).post(f"/offsite/clues/{ref}/act/", typed, follow=True)
    assert "理由代码" in answer.text
    assert clue_reads.clue(ref, BUREAU).state is ClueState.PENDING


def test_a_reviewer_reads_the_desk_and_is_offered_no_decision(site, shen, signed_in):
    page = signed_in(shen).get(f"/offsite/clues/{taken(site)}/").text
    assert "提交研判" not in page
    assert "得分是怎么来的" in page


def test_a_patrol_file_is_uploaded_looked_at_and_confirmed(sites, chen, signed_in):
    browser = signed_in(chen)
    file = SimpleUploadedFile("走航.csv", patrol(0, 1200))
    page = browser.post("/offsite/inlets/", {"kind": "patrol", "file": file}).text
    assert "得到 2 处发现" in page
    ref = models.InletFile.objects.get().ref
    assert "虚构化工1" in browser.get(f"/offsite/inlets/{ref}/").text
    typed = {"act": "confirm", "why": "看了现场"}
    answer = browser.post(f"/offsite/inlets/sightings/{ref}-001/", typed, follow=True)
    assert "已确认，列为线索" in answer.text
    assert "上风向" in answer.text


def test_a_file_with_slips_names_each_row(sites, chen, signed_in):
    file = SimpleUploadedFile("走航.csv", patrol(0) + b"\n2026-01-05,1,2,,5,0,3,1")
    page = signed_in(chen).post("/offsite/inlets/", {"kind": "patrol", "file": file}).text
    assert "坐标系”为“”，不能空着" in page


def test_remote_enforcement_goes_from_request_to_minutes(
    units, chen, leader, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    browser = signed_in(chen)
    address = f"/offsite/remote/new/{units['虚构化工1']}/"
    browser.post(address, {"purpose": "看治理设施", "planned_on": str(TODAY)})
    ref = models.RemoteCheck.objects.get().ref
    signed_in(leader).post(f"/offsite/remote/{ref}/decide/", {"answer": "yes"})
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT.replace(hour=8))
    browser = signed_in(chen)
    typed = {
        "started_at": "2026-01-05T14:00",
        "ended_at": "2026-01-05T14:30",
        "officers": "李执法、王执法",
        "site_people": "钱厂长",
        "minutes": "出示控制柜。",
        "conclusion": "normal",
        "recording": SimpleUploadedFile("连线.mp4", b"video"),
    }
    page = browser.post(f"/offsite/remote/{ref}/hold/", typed, follow=True).text
    assert "已登记远程执法记录" in page
    assert models.RemoteCheck.objects.get().state == RemoteCheckState.HELD
    assert "看治理设施" in browser.get("/offsite/remote/").text


def test_the_figures_count_what_came_of_clues(site, chen, shen, leader, signed_in):
    ref = taken(site)
    actions.decide_clue(ref, ClueState.TO_OFFSITE, "调看视频", by=chen, at=AT)
    actions.begin_offsite(ref, "调看当日录像", by=chen, at=AT)
    actions.conclude_clue(ref, ClueState.CONFIRMED, "录像属实", by=shen, at=AT)
    page = signed_in(leader).get("/offsite/clues/figures/").text
    assert "100%" in page
    assert "同意移出" in page
    answer = signed_in(chen).post("/offsite/clues/weights/learn/", follow=True)
    assert "还没有一条规则满 10 个核实结果" in answer.text
