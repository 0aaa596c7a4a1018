"""The pages of the draw, without JavaScript: each role finds its own step, nobody sees a name."""

from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.terms import DrawState, Role
from gongchou.drawing import actions, models, pages, reads
from gongchou.drawing.frozen import thawed
from gongchou.web import clock
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.drawing.ceremony import THROWS, passphrase, text_of


@pytest.fixture(autouse=True)
def _fifth_of_january() -> None:
    """Pages show the clock's day: let it be one with working days before the deadline."""
    clock.move_demo_clock(AT)


@pytest.fixture
def stage(db) -> ceremony.Stage:
    return ceremony.prepared(at=clock.now())


def text(browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def posted(browser, path: str, **data) -> str:
    return browser.post(path, data, follow=True).content.decode()


def test_the_whole_ceremony_is_done_by_plain_forms(signed_in, stage):
    chen = signed_in(stage.chen)
    assert "冻结抽取底册</button>" in text(chen, "/draw/")
    page = posted(chen, "/draw/freeze/", task=stage.task, profile="sm3")
    assert "现在：各方承诺" in page
    assert "SM3" in page
    draw = reads.draw_of_task(stage.task).ref
    for login, party in (("zhou", "现场监督"), ("bao", "保密领导小组")):
        page = posted(signed_in(stage.cast[login]), f"/draw/{draw}/commit/", text=text_of(login))
        assert f"已以“{party}”的名义承诺" in page
    page = posted(signed_in(stage.chen), f"/draw/{draw}/announce/", kind="d6:25", how="现场投掷")
    assert "现场投掷骰子 25 次（1 至 6）。现场投掷" in page
    assert "已录入" in posted(signed_in(stage.chen), f"/draw/{draw}/closing/", value=THROWS)
    page = posted(signed_in(stage.zhou), f"/draw/{draw}/closing/confirm/", value=THROWS)
    assert "两次录入一致" in page
    posted(signed_in(stage.zhou), f"/draw/{draw}/reveal/", text=text_of("zhou"))
    page = posted(signed_in(stage.bao), f"/draw/{draw}/reveal/", text=text_of("bao"))
    assert "最后一份承诺已揭示，抽取完成。" in page
    for login in ("zhou", "wu"):
        page = posted(signed_in(stage.cast[login]), f"/draw/{draw}/confirm/")
    assert "名单已密封" in page
    assert reads.draw(draw).state is DrawState.SEALED


def test_keys_are_made_on_the_custodians_page(signed_in, db):
    stage = ceremony.prepared(at=clock.now(), has_key=False)
    assert "保密小组还没有建立密钥" in text(signed_in(stage.chen), "/draw/")
    for login in ("bao", "mi", "feng"):
        browser, words = signed_in(stage.cast[login]), passphrase(login)
        posted(browser, "/draw/keys/enrol/", passphrase=words, again=words)
    page = posted(signed_in(stage.feng), "/draw/keys/establish/", threshold="2")
    assert "任意 2 人共同才能开启" in page
    assert reads.secrecy_key(BUREAU).count == 3


def test_two_different_passphrases_are_not_taken(signed_in, db):
    stage = ceremony.prepared(at=clock.now(), has_key=False)
    answer = signed_in(stage.bao).post(
        "/draw/keys/enrol/", {"passphrase": "一个够长的口令啊", "again": "另一个够长的口令"}
    )
    assert "两次输入的保管口令不一致" in answer.content.decode()
    assert reads.custodians(BUREAU) == ()


def test_the_page_of_a_sealed_draw_shows_counts_dates_and_the_root_but_no_name(signed_in, stage):
    draw = ceremony.sealed_draw(stage, at=clock.now())
    for login in ("chen", "zhou", "bao", "lin"):
        page = text(signed_in(stage.cast[login]), f"/draw/{draw}/")
        assert "待启封" in page
        assert "虚构化工" not in page
        assert "虚构检查员" not in page
    page = text(signed_in(stage.zhou), f"/draw/{draw}/?view=projector")
    assert "密封根" in page
    assert "主导航" not in page
    assert "虚构化工" not in page


def released(stage, draw: str) -> None:
    """All opened, as if their days had come."""
    models.SealedVisit.objects.update(planned_on=clock.day_of(clock.now()))
    ceremony.released_visits(stage, draw, at=clock.now())


def test_a_release_is_asked_for_agreed_twice_and_then_seen_with_a_trace(signed_in, stage):
    draw = ceremony.sealed_draw(stage, at=clock.now())
    today = clock.day_of(clock.now())
    models.SealedVisit.objects.update(planned_on=today)
    page = posted(signed_in(stage.chen), f"/draw/{draw}/release/", on=today.isoformat())
    assert "请两位名单保管人办理" in page
    [opening] = reads.openings(BUREAU, draw=draw)
    for login, says in (("bao", "请另一位保管人"), ("mi", "已开启并办结")):
        browser = signed_in(stage.cast[login])
        assert "同意所选的申请</button>" in text(browser, "/draw/keys/")
        fields = {"opening": opening.ref, "passphrase": passphrase(login)}
        page = posted(browser, "/draw/openings/agree/", **fields)
        assert says in page
    page = text(signed_in(stage.chen), f"/draw/{draw}/released/")
    assert page.count("虚构化工") == 3
    assert "陈组长" in page
    kinds = [link.event.kind for link in audit.events(BUREAU, about=draw)]
    assert kinds[0] == "list_viewed"


def test_why_a_site_was_drawn_stands_on_its_page_and_a_substitute_is_asked_for(signed_in, stage):
    draw = ceremony.sealed_draw(stage, at=clock.now())
    released(stage, draw)
    browser = signed_in(stage.chen)
    page = text(browser, f"/draw/{draw}/released/0/")
    assert "每家被抽中的机会完全相同" in page
    assert "与抽取当日公布的密封根相符" in page
    today = clock.day_of(clock.now()).isoformat()
    fields = {"reason": "closed", "says": "已关停", "on": today}
    assert "已申请补抽" in posted(browser, f"/draw/{draw}/released/0/substitute/", **fields)


@pytest.mark.parametrize("path", ["released/", "released/0/"])
def test_names_are_refused_to_who_may_not_see_visits_and_the_asking_is_kept(signed_in, stage, path):
    draw = ceremony.sealed_draw(stage, at=clock.now())
    for login in ("zhou", "bao"):
        assert signed_in(stage.cast[login]).get(f"/draw/{draw}/{path}").status_code == 403
    kinds = [link.event.kind for link in audit.events(BUREAU, about=draw)]
    assert kinds.count("list_view_refused") == 2


def test_a_sealed_and_an_unknown_visit_are_refused_alike(signed_in, stage):
    draw = ceremony.sealed_draw(stage, at=clock.now())
    browser = signed_in(stage.chen)
    answers = [browser.get(f"/draw/{draw}/released/{n}/") for n in (0, 7)]
    assert [answer.status_code for answer in answers] == [409, 409]


def test_the_record_can_be_taken_home_once_published(signed_in, stage):
    draw = ceremony.sealed_draw(stage, at=clock.now())
    browser = signed_in(stage.zhou)
    assert browser.get(f"/draw/{draw}/record.json").status_code == 409
    released(stage, draw)
    opening = actions.request_publication(draw, by=stage.chen, at=clock.now())
    ceremony.opened(stage, opening, at=clock.now())
    assert browser.get(f"/draw/{draw}/record.json").json() == reads.published_record(draw)
    assert "下载抽取全记录" in text(browser, f"/draw/{draw}/")


def test_the_log_shows_every_step_and_its_root(signed_in, stage):
    assert "日志还是空的" in text(signed_in(stage.zhou), "/draw/log/")
    ceremony.sealed_draw(stage, at=clock.now())
    page = text(signed_in(stage.zhou), "/draw/log/")
    assert page.count("<tr>") == 6  # the head and five steps
    assert "当前树根" in page


def test_the_leader_voids_with_a_reason_and_the_page_says_so(signed_in, stage):
    draw = ceremony.frozen_draw(stage, at=clock.now())
    page = posted(signed_in(stage.lin), f"/draw/{draw}/void/", reason="名录有误")
    assert "作废：名录有误" in page
    assert "尚未抽取" in text(signed_in(stage.chen), "/draw/")


def test_visitors_and_strangers_stay_outside(client, signed_in, stage):
    draw = ceremony.frozen_draw(stage, at=clock.now())
    assert client.get(f"/draw/{draw}/").status_code == 302
    outsider = ceremony.actor("li2", "李执法二", Role.INSPECTOR, at=clock.now())
    for path in ("/draw/", f"/draw/{draw}/", "/draw/keys/", "/draw/log/"):
        assert signed_in(outsider).get(path).status_code == 403


def test_a_quarter_without_plan_says_what_to_do_first(signed_in, stage):
    page = text(signed_in(stage.chen), "/draw/?quarter=2031Q1")
    assert "还没有抽查任务" in page


def test_the_projector_asks_again_by_itself_and_can_be_halted(signed_in, stage):
    draw = ceremony.drawn_draw(stage, at=clock.now())
    chen = signed_in(stage.chen)
    page = text(chen, f"/draw/{draw}/?view=projector")
    assert '<meta http-equiv="refresh" content="3">' in page
    halted = text(chen, f"/draw/{draw}/?view=projector&pause=1")
    assert "refresh" not in halted.split("</head>")[0]
    assert "继续自动刷新" in halted


def test_the_tickets_appear_one_after_the_other_in_their_own_order(stage):
    draw = ceremony.drawn_draw(stage)
    found = reads.draw(draw)
    whole = [ticket[:16] for _, held in reads.tickets(draw) for ticket in held]
    for seconds in range(len(whole) + 3):
        now = pages.projector(found, AT + timedelta(seconds=seconds), is_paused=False)
        seen = [ticket for _, held, _ in now["appearing"] for ticket, _ in held]
        assert seen == whole[:seconds]
    assert (now["shown"], now["total"], now["pace"]) == (len(whole), len(whole), 3)
    for login in ("zhou", "wu"):
        actions.confirm_draw(draw, by=stage.cast[login], at=AT)
    later = pages.projector(reads.draw(draw), AT + timedelta(hours=1), is_paused=False)
    assert later["pace"] == 60


def test_once_public_the_draw_is_replayed_with_the_ids(signed_in, stage):
    draw = ceremony.sealed_draw(stage, at=clock.now())
    browser, path = signed_in(stage.chen), f"/draw/{draw}/?view=projector"
    pids = set(thawed(bytes(models.Draw.objects.get(ref=draw).frozen_body)).subjects)
    assert not any(pid in text(browser, path) for pid in pids)
    record = ceremony.published_draw(stage, draw)
    clock.move_demo_clock(ceremony.last_day(draw))
    drawn = [pid for pid, _ in record["visits"]]
    page = text(browser, path)
    assert {pid for pid in pids if pid in page} == set(drawn)
    begun = int(clock.now().timestamp())
    assert not any(pid in text(browser, f"{path}&again={begun + 3600}") for pid in pids)
    assert all(pid in text(browser, f"{path}&again={begun - 60}") for pid in drawn)
    assert all(pid in text(browser, f"{path}&again=x") for pid in drawn)


def test_the_next_days_stand_open_and_a_quarter_of_later_ones_is_folded(signed_in, db):
    stage = ceremony.prepared(sites=60, at=clock.now())
    draw = ceremony.sealed_draw(stage, at=clock.now())
    rows = pages.days(reads.schedule(draw), clock.day_of(clock.now()))
    page = text(signed_in(stage.chen), f"/draw/{draw}/")
    near, _, later = page.partition(f"<summary>以后的 {len(rows) - 5} 个检查日")
    assert [f"{row.on.month}月{row.on.day}日（" in near for row in rows[:5]] == [True] * 5
    assert all(f"{row.on.month}月{row.on.day}日（" in later for row in rows[5:])
