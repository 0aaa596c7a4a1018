"""Visits in the browser, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongchou.accounts.models import User
from gongchou.audit import reads as audit
from gongchou.core.terms import ItemResult, VisitState
from gongchou.inspection import actions, reads
from gongchou.inspection.drafts import CaseVisitDraft, OrderDraft
from gongchou.inspection.models import Visit
from gongchou.registry import reads as registers
from gongchou.web import clock
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import clean_body, faulty_body, refs, signed_by_all
from tests.inspection.phone import BACKEND
from tests.inspection.test_evidence import picture


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def opened(house, now) -> str:
    draft = CaseVisitDraft(
        subject=registers.subjects(BUREAU, TODAY).rows[0].ref,
        ground="举报〔1〕号",
        inspectors=refs("李执法", "王执法"),
        planned_on=clock.day_of(now),
    )
    return actions.open_case_visit(draft, by=house.chen, at=now - timedelta(hours=9))


@pytest.fixture
def started(house, opened, now) -> str:
    actions.accept_visit(opened, by=house.li, at=now - timedelta(hours=8))
    arrived = now - timedelta(hours=7)
    actions.start_visit(opened, client_id="phone-start-1", by=house.li, at=arrived)
    return opened


def body_now(make, ref: str):
    """A whole body whose hours are those of this visit."""
    arrived = reads.visit(ref).started_at
    return make(
        ref,
        **{
            name: arrived + timedelta(minutes=minutes)
            for name, minutes in (
                ("started_at", 0),
                ("identity_shown_at", 1),
                ("notice_given_at", 2),
                ("ended_at", 90),
            )
        },
    )


@pytest.fixture
def submitted(house, started, now) -> str:
    body = body_now(faulty_body, started)
    signed_by_all(started, body)
    actions.submit_record(started, body, client_id="phone-submit-1", by=house.li, at=now)
    return started


def text(answer) -> str:
    return answer.content.decode()


def test_an_inspector_finds_the_own_visits_and_accepts(signed_in, house, opened):
    browser = signed_in(house.li)
    page = text(browser.get("/visits/"))
    assert "我的检查" in page
    assert "虚构化工1" in page
    page = text(browser.get(f"/visits/{opened}/"))
    assert "接收检查</button>" in page
    page = text(browser.post(f"/visits/{opened}/accept/", follow=True))
    assert "登记到场</button>" in page
    assert "还有检查人员没有确认检查前学习" in page


def test_another_inspector_sees_nothing_and_the_attempt_is_kept(signed_in, house, started):
    browser = signed_in(house.zhao)
    assert "没有派给您的检查" in text(browser.get("/visits/"))
    for path in ("", "record/", "submit/", "evidence/add/", "briefing/"):
        answer = browser.get(f"/visits/{started}/{path}")
        assert answer.status_code == 403
        assert "不是这次检查的检查组成员" in text(answer)
    kinds = [link.event.kind for link in audit.events(BUREAU, limit=5)]
    assert kinds == ["access_refused"] * 5


def test_visitors_sign_in_and_strangers_are_refused(client, signed_in, stranger, started):
    pages = ("/visits/", f"/visits/{started}/", "/visits/paper/", "/visits/case/")
    assert [client.get(page).status_code for page in pages] == [302] * 4
    browser = signed_in(stranger)
    assert [browser.get(page).status_code for page in pages] == [403] * 4
    assert browser.post(f"/visits/{started}/void/", {"reason": "无"}).status_code == 403


def test_the_briefing_is_read_and_confirmed(signed_in, house, opened):
    browser = signed_in(house.wang)
    page = text(browser.get(f"/visits/{opened}/briefing/"))
    assert "重点管理" in page
    assert "虚构大气法第二条" in page
    assert "王执法：还没有确认" in page
    browser.post(f"/visits/{opened}/briefing/confirm/")
    page = text(browser.get(f"/visits/{opened}/briefing/"))
    assert "我已学习以上内容" not in page


def test_a_new_form_has_no_choice_made_for_anybody(signed_in, house, started):
    page = text(signed_in(house.li).get(f"/visits/{started}/record/"))
    assert page.count('type="radio"') > 9
    pressed = re.findall(r"<input[^>]* checked[^>]*>", page)
    assert all('value=""' in field for field in pressed), pressed


def filled(started: str) -> dict[str, str]:
    """What a team types for a clean visit."""
    visit, at = reads.visit(started), reads.visit(started).started_at.astimezone(clock.SHANGHAI)
    names = ("started_at", "identity_shown_at", "notice_given_at", "ended_at")
    hours = {
        name: f"{at + timedelta(minutes=20 * n):%Y-%m-%dT%H:%M:%S}" for n, name in enumerate(names)
    }
    answers = {f"result_{item.code}": "no_problem" for item in reads.checklist(visit)}
    signer = {
        "signer_status": "signed",
        "signer_name": "钱厂长",
        "signer_role": "legal_representative",
        "is_read_back": "on",
    }
    return {"client_id": "page-operation-1", "base": "", **hours, **answers, **signer}


def test_a_clean_record_is_typed_checked_and_submitted(signed_in, house, started):
    browser = signed_in(house.li)
    page = text(
        browser.post(f"/visits/{started}/record/", {**filled(started), "check": "1"}, follow=True)
    )
    assert "提交记录</button>" not in page
    assert "现有 1 名。签齐后再提交" in page
    base = reads.record(started).digest
    User.objects.update(must_change_password=False)
    other = Client()
    other.force_login(User.objects.get(login="wang"), backend=BACKEND)
    other.post(f"/visits/{started}/sign/", {"base": base})
    page = text(browser.get(f"/visits/{started}/submit/"))
    assert "签字并提交记录</button>" in page
    assert "记录锁定，任何人不能再改" in page
    sent = {"client_id": "page-operation-2", "base": base, "reason": "演练"}
    for _ in range(2):
        answer = browser.post(f"/visits/{started}/submit/", sent, follow=True)
    assert "已提交" in text(answer)
    assert reads.visit(started).state is VisitState.SUBMITTED
    assert [r.kind.value for r in reads.record(started).revisions] == [
        "draft",
        "draft",
        "submitted",
    ]


def test_what_is_missing_is_listed_and_nothing_typed_is_lost(signed_in, house, started):
    browser = signed_in(house.li)
    data = {**filled(started), "ended_at": "", "opinion": "第一行\n第二行", "check": "1"}
    page = text(browser.post(f"/visits/{started}/record/", data, follow=True))
    assert "还不能签字和提交，差 1 项" in page
    assert "还没有检查结束时间" in page
    assert "第一行　第二行" in text(browser.get(f"/visits/{started}/record/"))


def test_the_button_beside_an_hour_writes_the_hour(signed_in, house, started):
    browser = signed_in(house.li)
    browser.post(
        f"/visits/{started}/record/",
        {"client_id": "page-operation-1", "stamp": "identity_shown_at"},
    )
    assert reads.record(started).body.identity_shown_at is not None


def test_a_wrong_hour_is_told_at_the_field(signed_in, house, started):
    data = {**filled(started), "ended_at": "昨天", "save": "1"}
    page = text(signed_in(house.li).post(f"/visits/{started}/record/", data))
    assert "检查结束时间“昨天”看不出是什么时间" in page
    assert len(reads.record(started).revisions) == 1


def test_a_colleague_who_saved_in_between_is_named_and_the_entries_stay(
    signed_in, house, started, now
):
    base = reads.record(started).digest
    body = body_now(clean_body, started)
    actions.save_record(started, body, client_id="phone-wang-1", by=house.wang, at=now)
    data = {**filled(started), "base": base, "opinion": "李执法写的", "save": "1"}
    browser = signed_in(house.li)
    page = text(browser.post(f"/visits/{started}/record/", data))
    assert "王执法刚保存了第 2 版记录" in page
    assert "李执法写的" in page
    assert reads.record(started).digest in page


def test_a_problem_keeps_its_words_its_basis_and_its_proof(signed_in, house, started):
    browser = signed_in(house.li)
    photo = SimpleUploadedFile("现场.jpg", picture(), "image/jpeg")
    data = {"client_id": "page-photo-1", "kind": "photo", "file": photo, "says": "集气罩"}
    answer = browser.post(f"/visits/{started}/evidence/add/", data, follow=True)
    assert "已保存原件" in text(answer)
    proof = reads.record(started).evidence[0].ref
    found = {
        "result_AIR-01": "problem",
        "says_AIR-01_0": "集气罩破损",
        "proof_AIR-01_0": proof,
        "handling": "ordered_correct",
    }
    browser.post(f"/visits/{started}/record/", {**filled(started), **found, "save": "1"})
    body = reads.record(started).body
    assert body.answers[0].result is ItemResult.PROBLEM
    assert body.findings[0].legal_basis == "虚构大气法第二条"
    assert body.findings[0].evidence == (proof,)
    assert b"".join(browser.get(f"/visits/evidence/{proof}/").streaming_content) == picture()


def test_what_is_no_picture_is_refused_at_the_field(signed_in, house, started):
    fake = SimpleUploadedFile("假.jpg", b"<script>", "image/jpeg")
    data = {"client_id": "page-photo-1", "kind": "photo", "file": fake}
    page = text(signed_in(house.li).post(f"/visits/{started}/evidence/add/", data))
    assert "照片应为 JPEG、PNG 或 WebP 图片" in page


def test_the_reviewer_sees_both_sides_and_decides(signed_in, house, submitted):
    browser = signed_in(house.shen)
    assert "审核记录</a>" in text(browser.get(f"/visits/{submitted}/"))
    page = text(browser.get(f"/visits/{submitted}/review/"))
    assert "废气收集罩破损" in page
    assert "到场前没有确认检查前学习" in page
    base = {"base": reads.record(submitted).digest}
    page = text(browser.post(f"/visits/{submitted}/review/approve/", base, follow=True))
    assert "已审核" in page
    assert browser.get(f"/visits/{submitted}/review/").status_code == 409


def test_a_returned_record_comes_back_with_its_reason(signed_in, house, submitted):
    reason = {"reason": "缺危废台账"}
    signed_in(house.shen).post(f"/visits/{submitted}/review/return/", reason)
    browser = signed_in(house.li)
    assert "退回理由：缺危废台账" in text(browser.get(f"/visits/{submitted}/record/"))
    page = text(browser.get(f"/visits/{submitted}/submit/"))
    assert "补正理由" in page
    sent = {
        "client_id": "page-more-1",
        "base": reads.record(submitted).digest,
        "reason": "已补充",
    }
    browser.post(f"/visits/{submitted}/submit/", sent)
    assert reads.record(submitted).newest.reason == "已补充"
    assert "提交稿" in text(browser.get(f"/visits/{submitted}/record/2/"))


def test_what_followed_is_entered_on_one_page(signed_in, house, submitted, now):
    browser, today = signed_in(house.li), clock.day_of(now)
    path, day = f"/visits/{submitted}/after/", str(today)
    order = {"order-says": "修复集气罩", "order-issued_on": day, "order-due_on": day}
    browser.post(f"{path}order/", order)
    case = {
        "case-number": "虚立1号",
        "case-filed_on": day,
        "case-decision_number": "虚罚1号",
        "case-decided_on": day,
        "case-amount_yuan": "2000.50",
    }
    browser.post(f"{path}case/", case)
    move = {"transfer-to_whom": "虚构公安", "transfer-moved_on": day, "transfer-says": "线索"}
    page = text(browser.post(f"{path}transfer/", move, follow=True))
    for words in ("修复集气罩", "罚款 2000.50 元", "虚构公安", "登记复查</button>"):
        assert words in page
    look = {"look-on": day, "look-is_corrected": "1", "look-says": "已修好"}
    ref = reads.aftermath(submitted).orders[0].ref
    page = text(browser.post(f"/visits/orders/{ref}/look/", look, follow=True))
    assert "已修好" in page
    assert "没有未办结的责令改正" in text(signed_in(house.chen).get("/visits/orders/"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "已登记立案。作出决定后，请用同一立案号再登记一次决定。"),
        ({"case-decision_number": "虚罚1号", "case-decided_on": "{day}"}, "已登记处罚决定。"),
        ({"case-amount_yuan": "-5"}, "罚款不能是负数"),
    ],
)
def test_the_page_says_what_was_entered_of_a_case(signed_in, house, submitted, now, given, says):
    day = str(clock.day_of(now))
    case = {"case-number": "虚立1号", "case-filed_on": day}
    case |= {name: value.format(day=day) for name, value in given.items()}
    path = f"/visits/{submitted}/after/case/"
    assert says in text(signed_in(house.li).post(path, case, follow=True))


def test_an_open_order_stands_in_the_ledger(signed_in, house, submitted, now):
    today = clock.day_of(now)
    draft = OrderDraft(says="修复集气罩", issued_on=today, due_on=today)
    actions.order_correction(submitted, draft, by=house.li, at=now)
    page = text(signed_in(house.lin).get("/visits/orders/"))
    assert "还没有办结的共 1 件" in page
    assert "就是今天" in page


def test_a_half_filled_form_comes_back_with_a_sentence(signed_in, house, submitted):
    path = f"/visits/{submitted}/after/order/"
    answer = signed_in(house.li).post(path, {"order-says": "改"})
    assert answer.status_code == 200
    assert "请填写“作出日期”。" in text(answer)
    assert "改</textarea>" in answer.content.decode()


def test_the_office_opens_a_case_visit_by_search(signed_in, house, now):
    browser = signed_in(house.chen)
    page = text(browser.get("/visits/case/", {"q": "虚构化工"}))
    assert "安排检查" in page
    site = registers.subjects(BUREAU, TODAY).rows[0].ref
    path = f"/visits/case/{site}/"
    form = {"ground": "举报〔2〕号", "planned_on": str(clock.day_of(now))}
    page = text(browser.post(path, {**form, "inspectors": refs("李执法")}))
    assert "须有 2 名以上持证检查人员" in page
    page = text(browser.post(path, {**form, "inspectors": refs("李执法", "赵执法")}, follow=True))
    assert "已安排个案检查" in page
    assert "钱协助" not in text(browser.get(path))


def test_paper_is_entered_in_the_ledger(signed_in, house, submitted):
    browser = signed_in(house.chen)
    page = text(browser.get("/visits/paper/"))
    assert "登记收到</button>" in page
    page = text(browser.post(f"/visits/{submitted}/paper/receive/", follow=True))
    assert "已登记收到" in page
    assert "登记收到</button>" not in page
    assert "登记收到</button>" not in text(signed_in(house.lin).get("/visits/paper/"))


def test_the_office_voids_and_says_why(signed_in, house, opened):
    page = text(
        signed_in(house.chen).post(f"/visits/{opened}/void/", {"reason": "误报"}, follow=True)
    )
    assert "作废：误报" in page
    assert "接收检查" not in text(signed_in(house.li).get(f"/visits/{opened}/"))


def test_the_list_is_narrowed_by_state(signed_in, house, submitted):
    browser = signed_in(house.chen)
    assert "虚构化工1" in text(browser.get("/visits/", {"state": "submitted"}))
    assert "没有“已审核”的检查" in text(browser.get("/visits/", {"state": "reviewed"}))


def test_the_leader_consents_on_the_page(signed_in, house, opened):
    page = text(signed_in(house.lin).post(f"/visits/{opened}/authorise/", follow=True))
    assert "林局长" in page


def test_a_long_list_of_visits_is_turned_over_and_keeps_what_was_chosen(signed_in, house, opened):
    quarter, row = reads.visit(opened).quarter, Visit.objects.get(ref=opened)
    for number in range(60):
        row.pk, row.ref = None, f"{opened}-{number}"
        row.save(force_insert=True)
    browser, chosen = signed_in(house.chen), f"?quarter={quarter}&state=dispatched"
    first = browser.get(f"/visits/{chosen}").content.decode()
    assert first.count('data-label="单位名称"') == 50
    assert f"{chosen}&page=2".replace("&", "&amp;") in first
    second = browser.get(f"/visits/{chosen}&page=2").content.decode()
    assert second.count('data-label="单位名称"') == 11
    assert "全部 61" in second
