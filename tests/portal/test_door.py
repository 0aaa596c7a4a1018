"""The enterprise's door and the citizen's letter box, through the public pages alone."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from gongchou.core.powers import system
from gongchou.core.terms import IntakeKind, RatingQuestion, Role
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.intake import reads as letters
from gongchou.offsite.work import open_clue
from gongchou.portal.standing import leads_to
from gongchou.publication import actions, work
from gongchou.publication.slip_reads import slip_of
from gongchou.web.door_keys import door_code
from tests.conftest import BUREAU
from tests.inspection.people import LATER, House, make_house, opened, submitted
from tests.publication.test_results import reviewed, through

pytestmark = pytest.mark.database
REF, CODE = re.compile(r"L990173-\w{4}-\w{4}"), re.compile(r">(\w{4}-\w{4}-\w{4}-\w{4})<")


@pytest.fixture
def house(person) -> House:
    return make_house(person)


@pytest.fixture
def gong(person):
    return person("gong", "公示员", Role.PUBLISHER)


@pytest.fixture(autouse=True)
def _that_day(monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)


def text(answer) -> str:
    return answer.content.decode()


def renewed(ref: str) -> str:
    actions.renew_slip(ref, by=system(BUREAU), at=LATER)
    return door_code(ref)


def entered(client, code: str):
    return client.post("/open/door/", {"code": code})


def test_a_genuine_visit_shows_who_comes_with_which_cards_for_what(client, house):
    page = text(entered(client, renewed(opened(house)).lower().replace("-", " ")))
    for word in ("这是一次真的检查", "虚构化工1", "李执法，执法证号 虚1001", "虚1002", "大气治理"):
        assert word in page
    assert "结果还没有审核" in page
    assert "群众举报夜间" not in page


def test_a_wrong_code_and_an_undispatched_visit_say_the_same(client, house):
    opened(house)
    codes = ("AAAA-AAAA-AAAA-AAAA", door_code("V-none"), "x", "%00" * 13)
    answers = [entered(client, code) for code in codes]
    assert {answer.status_code for answer in answers} == {404}
    assert all("没有这个查验码" in text(answer) for answer in answers)


def test_no_page_behind_the_code_is_kept_or_sets_a_cookie(client, house):
    answer = entered(client, renewed(opened(house)))
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert not client.get("/open/door/").cookies


def test_a_void_visit_is_no_leave_to_enter(client, house):
    ref = opened(house)
    inspection.void_visit(ref, "派发有误", by=house.chen, at=LATER)
    page = text(entered(client, renewed(ref)))
    assert "这次检查已经作废" in page
    assert "这是一次真的检查" not in page
    assert "这次检查没有进行，没有结果" in page
    assert "还没有审核" not in page


def test_an_unreviewed_finding_is_not_shown_and_a_reviewed_result_is(client, house):
    ref = submitted(house)
    assert "结果还没有审核" in text(entered(client, renewed(ref)))
    inspection.review_record(ref, by=house.shen, at=LATER)
    assert "未发现问题" in text(entered(client, renewed(ref)))


def send(client, code: str, kind: str, **fields):
    given = {"code": code, "kind": kind, "says": "情况说明如下"} | fields
    return client.post("/open/door/send/", given)


def test_an_explanation_gets_a_receipt_and_waits_for_the_office(client, house):
    ref = submitted(house)
    page = text(send(client, renewed(ref), "explanation"))
    [row] = letters.about_visit(ref)
    assert REF.search(page)[0] == row.ref
    found = client.post("/open/letter/", {"receipt": row.ref, "code": CODE.findall(page)[-1]})
    assert "已收到" in text(found)


def test_a_visit_that_is_over_is_no_leave_to_come_again(client, house):
    page = text(entered(client, renewed(submitted(house))))
    assert "这是一次真的检查，已经结束" in page
    assert "已经结束" not in text(entered(client, renewed(opened(house))))


def test_an_explanation_after_its_last_day_is_refused(client, house, monkeypatch):
    code = renewed(reviewed(house))
    late = LATER + timedelta(60)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: late)
    answer = send(client, code, "explanation")
    assert answer.status_code == 400
    assert "期限已过" in text(answer)
    assert "已经截止" in text(answer)
    assert letters.letters(BUREAU, *IntakeKind) == ()


def test_an_appeal_opens_with_the_publication_and_closes_with_its_term(
    client, house, gong, monkeypatch
):
    ref = reviewed(house)
    assert "还没有公示" in text(send(client, renewed(ref), "appeal"))
    through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    code = renewed(ref)
    assert send(client, code, "appeal").status_code == 200
    last = slip_of(ref).last_day("appeal_until")
    monkeypatch.setattr("gongchou.web.clock.day_of", lambda at: last + timedelta(1))
    monkeypatch.setattr("gongchou.portal.views.door.day_of", lambda at: last + timedelta(1))
    assert "申诉期限已过" in text(send(client, code, "appeal"))


def test_evidence_of_mending_is_taken_where_something_was_ordered(client, house):
    clean_code = renewed(reviewed(house))
    assert "没有责令改正" in text(send(client, clean_code, "mending"))


def test_mending_is_asked_for_until_a_second_look_found_it_mended(client, house):
    ref = reviewed(house, is_clean=False)
    assert "请在改正期限之内尽早提交" in text(entered(client, renewed(ref)))
    [order] = visits.aftermath(ref).orders
    inspection.record_follow_up(
        order.ref, "已修好", on=LATER.date(), is_corrected=True, by=house.wang, at=LATER
    )
    assert "不用再提交" in text(entered(client, renewed(ref)))
    assert "没有等待改正" in text(send(client, renewed(ref), "mending"))


@pytest.mark.parametrize("kind", ["", "complaint", "gift"])
def test_a_letter_of_no_kind_is_refused(client, house, kind):
    answer = send(client, renewed(submitted(house)), kind)
    assert answer.status_code == 400
    assert "请选择提交的是哪一类材料" in text(answer)


def test_what_was_refused_is_shown_at_its_form_and_asks_for_the_files_again(client, house):
    ref, picture = submitted(house), io.BytesIO(b"x")
    picture.name = "x.png"
    page = text(send(client, renewed(ref), "explanation", says="", pictures=picture))
    assert 'action="/open/door/send/#send"' in page
    assert 'action="/open/door/rate/#rate"' in text(entered(client, renewed(reviewed(house))))
    assert "选好的文件没有保存" in page
    assert "选好的文件没有保存" not in text(send(client, renewed(ref), "explanation", says=""))


def test_from_the_receipt_and_the_rating_it_goes_back_to_the_visit(client, house):
    code = renewed(reviewed(house))
    given = {"code": code} | dict.fromkeys(RatingQuestion, "yes")
    for answer in (send(client, code, "explanation"), client.post("/open/door/rate/", given)):
        assert "回到这次检查" in text(answer)
        assert f'name="code" value="{code}"' in text(answer)
    assert "回到这次检查" not in text(client.post("/open/complaint/", COMPLAINT))


def test_mending_brings_pictures_which_the_office_saves_to_disk(client, house, signed_in):
    ref = reviewed(house, is_clean=False)
    out = io.BytesIO()
    Image.new("RGB", (30, 30)).save(out, "PNG")
    out.seek(0)
    out.name = "改好了.png"
    assert send(client, renewed(ref), "mending", pictures=out).status_code == 200
    [row] = letters.about_visit(ref)
    browser = signed_in(house.chen)
    assert "改好了.png" in text(browser.get(f"/visits/letters/{row.ref}/"))
    file = browser.get(f"/visits/letters/{row.ref}/files/1/")
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_none_leaves_nothing_behind(client, house):
    ref, bad = submitted(house), io.BytesIO(b"MZ" + b"0" * 50)
    bad.name = "x.jpg"
    assert "不是 JPEG" in text(send(client, renewed(ref), "explanation", pictures=bad))
    assert letters.about_visit(ref) == ()


def test_a_rating_is_asked_after_the_visit_and_once(client, house):
    ref = reviewed(house)
    given = {"code": renewed(ref)} | dict.fromkeys(RatingQuestion, "yes")
    assert client.post("/open/door/rate/", {"code": given["code"]}).status_code == 400
    assert "谢谢您的评价" in text(client.post("/open/door/rate/", given))
    assert "已经评价过" in text(client.post("/open/door/rate/", given))
    assert letters.ratings(BUREAU, "2026Q1", is_over=True).total == 1


def test_a_visit_that_nobody_has_reviewed_is_not_rated(client, house):
    given = {"code": renewed(submitted(house))} | dict.fromkeys(RatingQuestion, "yes")
    answer = client.post("/open/door/rate/", given)
    assert answer.status_code == 400
    assert letters.ratings(BUREAU, "2026Q1", is_over=True).total == 0


def test_a_code_that_opens_nothing_sends_and_rates_nothing(client, bureau):
    for path in ("send", "rate"):
        answer = client.post(f"/open/door/{path}/", {"code": "AAAA-AAAA-AAAA-AAAA"})
        assert answer.status_code == 404
        assert "没有这个查验码" in text(answer)


def test_a_slip_is_written_anew_only_where_it_says_something_else(house):
    ref = submitted(house)
    assert actions.renew_slip(ref, by=system(BUREAU), at=LATER)
    assert not actions.renew_slip(ref, by=system(BUREAU), at=LATER)
    inspection.review_record(ref, by=house.shen, at=LATER)
    assert actions.renew_slip(ref, by=system(BUREAU), at=LATER)
    assert slip_of(ref).version == 2


def test_a_result_published_late_reaches_the_slip_of_an_old_visit_at_night(
    house, gong, monkeypatch
):
    ref, later = reviewed(house), LATER + timedelta(days=270)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: later)
    work.renew_slips()
    assert slip_of(ref).last_day("appeal_until") is None
    through(actions.propose_results([ref], by=house.chen, at=later), house, gong)
    work.renew_slips()
    assert slip_of(ref).last_day("appeal_until") is None
    work.renew_old_slips()
    assert slip_of(ref).last_day("appeal_until") > LATER.date()


def test_slips_of_this_quarter_and_the_last_follow_within_minutes(house, monkeypatch):
    ref = submitted(house)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER + timedelta(days=90))
    work.renew_slips()
    inspection.review_record(ref, by=house.shen, at=LATER)
    work.renew_slips()
    assert slip_of(ref).document["result"]


COMPLAINT = {"bureau": BUREAU, "subject": "演示化工", "says": "夜里排放", "contact": "13800000000"}


def test_a_complaint_is_an_inlet_to_clues_with_a_receipt(client, house, signed_in):
    page = text(client.post("/open/complaint/", COMPLAINT))
    receipt = {"receipt": REF.search(page)[0], "code": CODE.findall(page)[-1]}
    browser = signed_in(house.chen)
    assert "办理群众举报" in text(browser.get("/"))
    path = f"/offsite/complaints/{receipt['receipt']}/"
    assert "13800000000" in text(browser.get(path))
    browser.post(f"{path}act/", {"act": "take"})
    browser.post(f"{path}act/", {"act": "answer", "outcome": "clue", "says": "已列为线索"})
    assert "后台正在登记线索" in text(browser.get(path))
    open_clue(receipt["receipt"])
    assert "已登记为检查线索" in text(browser.get(path))
    assert "演示化工" in text(browser.get("/offsite/clues/"))
    client.logout()
    shown = text(client.post("/open/letter/", receipt))
    assert "已列为线索" in shown
    assert "13800000000" not in shown
    assert "陈组长" not in shown


def test_an_empty_complaint_says_what_is_missing_and_keeps_what_was_typed(client, bureau):
    answer = client.post("/open/complaint/", COMPLAINT | {"says": ""})
    assert answer.status_code == 400
    assert "请填写这一项" in text(answer)
    assert "演示化工" in text(answer)


def test_a_proof_with_another_line_or_another_root_does_not_lead_there():
    from gongchou.core import merkle
    from gongchou.core.canon import canon, hash_of

    rows = [[f"p{n}", "KEY"] for n in range(5)]
    leaves, hash_ = [canon(row) for row in rows], hash_of("sha256")
    path = [one.hex() for one in merkle.path(hash_, leaves, 2)]
    proof = {"row": rows[2], "index": 2, "size": 5, "path": path}
    announced = {"hash": "sha256", "roster": [5, merkle.root(hash_, leaves).hex()]}
    assert leads_to(proof, announced)
    assert not leads_to(proof | {"row": rows[1]}, announced)
    assert not leads_to(proof, announced | {"roster": [5, "0" * 64]})
