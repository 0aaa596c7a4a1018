"""What the room refuses, each with the sentence that says what, where and how to mend."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import (
    Delivery,
    EvidenceKind,
    RecusalReason,
    Role,
)
from gongchou.inspection import (
    actions,
    external,
    following_reads,
    look_reads,
    models,
    operations,
    paperwork,
    reads,
    targeting,
    uploads,
)
from gongchou.inspection.drafts import (
    ApprovalDraft,
    CameraDraft,
    FileDraft,
    PhotoDraft,
    RevocationDraft,
    SafetyDraft,
)
from gongchou.intake import actions as intake
from gongchou.intake import conduct_reads
from gongchou.registry import actions as registry
from gongchou.registry.importing.sheets import Source
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, case_draft, clean_body, opened, refs, started, submitted
from tests.inspection.test_evidence import picture
from tests.inspection.test_following import CASE, ORDER, TOMORROW, look
from tests.inspection.test_targeted import proposed, seen
from tests.registry.test_import import uscc

DECIDED = replace(CASE, decision_number="虚罚〔1〕号", decided_on=TOMORROW, amount_fen=100)
REVOKED = RevocationDraft(
    decision_number="虚罚〔1〕号", revoked_on=TOMORROW, authority="上级机关（虚构）", says="撤销"
)
LONG = "长" * 1001


@pytest.fixture
def faulty(house) -> str:
    return submitted(house, is_clean=False)


@pytest.fixture
def unlisted(person) -> Actor:
    """Who signs in as an inspector and stands in no register."""
    return person("sun", "孙新来", Role.INSPECTOR)


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (replace(DECIDED, amount_fen=-1), "不能是负数"),
        (replace(DECIDED, decided_on=None), "应一并填写"),
        (replace(DECIDED, decision_number="", decided_on=None), "请一并填写决定书文号"),
        (replace(DECIDED, decided_on=TODAY - timedelta(days=9)), "应在立案之后"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(house, faulty, draft, says):
    with pytest.raises(Invalid, match=says):
        actions.file_case(faulty, draft, by=house.chen, at=LATER)


@pytest.mark.parametrize(
    ("draft", "error", "says"),
    [
        (replace(REVOKED, decision_number="虚罚〔2〕号"), Refused, "没有文号为“虚罚〔2〕号”"),
        (replace(REVOKED, revoked_on=TODAY), Invalid, "应在决定之后"),
        (replace(REVOKED, revoked_on=TOMORROW + timedelta(days=1)), Invalid, "不晚于今天"),
        (replace(REVOKED, says=" "), Invalid, "撤销理由"),
    ],
)
def test_a_revocation_names_a_decision_and_a_day_after_it(house, faulty, draft, error, says):
    actions.file_case(faulty, DECIDED, by=house.chen, at=LATER)
    with pytest.raises(error, match=says):
        actions.revoke_decision(faulty, draft, by=house.chen, at=LATER)


def test_a_decision_is_revoked_once(house, faulty):
    actions.file_case(faulty, DECIDED, by=house.chen, at=LATER)
    actions.revoke_decision(faulty, REVOKED, by=house.chen, at=LATER)
    with pytest.raises(Refused, match="已经登记过撤销"):
        actions.revoke_decision(faulty, REVOKED, by=house.chen, at=LATER)


def test_a_look_lies_after_its_order_and_has_so_many_photos_at_most(house, faulty):
    order = actions.order_correction(faulty, ORDER, by=house.li, at=LATER)
    for day in (TODAY - timedelta(days=1), TOMORROW + timedelta(days=1)):
        with pytest.raises(Invalid, match="复查日期应在责令改正作出之后"):
            look(order, house.wang, is_corrected=False, on=day)
    with pytest.raises(Refused, match="没有编号为 O-9 的责令改正"):
        look("O-9", house.wang, is_corrected=False)
    photos = [PhotoDraft(name="照", content=io.BytesIO(picture())) for _ in range(21)]
    with pytest.raises(Invalid, match="最多 20 张照片"):
        actions.record_follow_up(
            order, "看过", on=TOMORROW, is_corrected=False, photos=tuple(photos), by=house.li,
            at=LATER,
        )  # fmt: skip
    assert reads.order(order).follow_ups == ()


@pytest.mark.parametrize("number", [" ", "号" * 81])
def test_a_notice_has_a_number_that_fits(house, number):
    ref = opened(house)
    with pytest.raises(Invalid, match="检查通知书的文号，不超过 80 字"):
        actions.record_notice(ref, number, delivery=Delivery.DIRECT, by=house.li, at=AT)


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (ApprovalDraft(reason="长" * 301), "不超过 300 字"),
        (ApprovalDraft(assistants=-1), "协助检查人员数应为"),
    ],
)
def test_a_consent_fits_its_form(house, draft, says):
    with pytest.raises(Invalid, match=says):
        actions.authorise_visit(opened(house), draft, by=house.lin, at=AT)


@pytest.mark.parametrize("draft", [SafetyDraft(rules=LONG), SafetyDraft(gear="长" * 501)])
def test_rules_of_a_site_fit_their_form(house, draft):
    with pytest.raises(Invalid, match="字，请精简后再登记"):
        actions.note_safety(opened(house), draft, by=house.li, at=AT)


@pytest.mark.parametrize("client_id", ["", "with space", "x" * 200])
def test_an_act_of_a_device_has_a_name_in_letters_and_digits(house, client_id):
    ref = started(house)
    with pytest.raises(Invalid, match="设备操作编号不合规范"):
        actions.note_recording(
            ref, CameraDraft(number="虚录1"), client_id=client_id, by=house.li, at=LATER
        )
    draft = FileDraft(name="照", content=io.BytesIO(picture()), kind=EvidenceKind.PHOTO)
    with pytest.raises(Invalid, match="设备操作编号不合规范"):
        actions.add_evidence(ref, draft, client_id=client_id, by=house.li, at=LATER)


def test_who_must_keep_away_goes_there_for_no_reason_either(house):
    ref = registry.declare_recusal(
        uscc(1), reason=RecusalReason.KIN, since=TODAY, on=TODAY, by=house.li, at=AT
    )
    registry.confirm_recusal(ref, on=TODAY, by=house.lin, at=AT)
    with pytest.raises(Refused, match="李执法（近亲属）应当回避这家单位"):
        opened(house)


def test_who_is_kept_out_of_the_draw_is_not_picked_by_hand_either(house, person, signed_in):
    [li] = refs("李执法")
    ji = person("ji", "纪审计", Role.AUDITOR)
    intake.suspend((li, "李执法"), "核查期间", since=TODAY, until=None, by=ji, at=AT)
    with pytest.raises(Refused, match=r"李执法不能参加这次检查：.*暂停参加抽取：核查期间。请另选"):
        opened(house)
    assert targeting.room(BUREAU, TODAY, TOMORROW, 0).officers == 2
    page = signed_in(house.chen).get(f"/visits/case/{case_draft().subject}/").content.decode()
    assert "王执法（证号" in page
    assert "李执法（证号" not in page
    [held] = conduct_reads.suspensions(BUREAU)
    intake.lift_suspension(held.number, by=ji, at=AT)
    assert opened(house)


def test_a_clue_with_a_site_sends_nobody_to_another(house):
    clue = seen(house, "phone-1", case_draft().subject)
    with pytest.raises(Refused, match="这条线索的责任单位是“虚构化工1”"):
        actions.visit_clue(clue, case_draft(subject="S-other"), by=house.chen, at=AT)


def test_who_stands_in_no_register_has_no_phone_no_digits_and_no_sheet(house, unlisted, signed_in):
    says = "您的登录名没有登记在检查人员名录中"
    with pytest.raises(Refused, match=says):
        actions.take_lease("手机", token="t" * 40, by=unlisted, at=AT)
    with pytest.raises(Refused, match=says):
        actions.set_signing_pin("284917", by=unlisted, at=AT)
    answer = signed_in(unlisted).get("/visits/day.pdf")
    assert (answer.status_code, says in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "112211", "28491a", "２８４９１７"])
def test_digits_to_sign_by_are_enough_and_not_all_alike(house, pin):
    with pytest.raises(Invalid, match="签字口令为 6 至 12 位数字"):
        actions.set_signing_pin(pin, by=house.li, at=AT)


def test_a_phone_is_taken_back_once_and_only_if_there_is_one(house):
    with pytest.raises(Refused, match="没有这部手机的领取记录"):
        actions.revoke_lease("L-9", by=house.chen, at=AT)
    lease = actions.take_lease("手机", token="t" * 40, by=house.li, at=AT)
    actions.revoke_lease(lease, by=house.li, at=AT)
    with pytest.raises(Stale, match="已经收回"):
        actions.revoke_lease(lease, by=house.chen, at=AT)


def test_nobody_of_another_team_signs_by_digits(house):
    ref, [zhao] = started(house), refs("赵执法")
    with pytest.raises(Refused, match="签字的人不是检查组成员"):
        actions.sign_by_pin(
            ref, clean_body(ref), inspector=zhao, pin="284917", by=house.li, at=LATER
        )


def test_a_local_result_waits_for_the_result(house):
    with pytest.raises(Refused, match="检查还没有结果"):
        actions.mark_local_result(started(house), "X1", by=house.chen, at=LATER)


def test_a_targeted_list_is_decided_by_another_and_with_a_reason(house):
    seen(house, "phone-1", case_draft().subject)
    ref = proposed(house)
    both = replace(house.chen, roles=frozenset({Role.OFFICE, Role.LEADER}))
    with pytest.raises(Refused, match="提出人不能批准自己的清单"):
        actions.decide_targeted(ref, True, "", by=both, at=AT)
    with pytest.raises(Invalid, match="请写明理由"):
        actions.decide_targeted(ref, False, " ", by=house.lin, at=AT)
    for act in (
        lambda: actions.decide_targeted("T-9", True, "", by=house.lin, at=AT),
        lambda: targeting.targeted_list("T-9", BUREAU),
    ):
        with pytest.raises(Refused, match="没有编号为 T-9 的线索核查清单"):
            act()


def test_two_who_propose_a_list_at_once_get_one_and_a_sentence(house):
    seen(house, "phone-1", case_draft().subject)
    first = proposed(house)
    taken = f"{first[:-3]}002"
    models.TargetedList.objects.filter(ref=first).update(ref=taken)
    with pytest.raises(Stale, match="刚有人同时提出了一份清单"):
        proposed(house)
    assert [row.ref for row in models.TargetedList.objects.all()] == [taken]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda ref: reads.visit("V-9"), "没有编号为 V-9 的检查"),
        (lambda ref: reads.record("V-9"), "没有编号为 V-9 的检查"),
        (lambda ref: reads.revision_body(ref, 7), "没有第 7 版记录"),
        (lambda ref: reads.evidence("E-9"), "没有编号为 E-9 的证据"),
        (lambda ref: following_reads.order("O-9"), "没有编号为 O-9 的责令改正"),
        (lambda ref: look_reads.look_photo("P-9"), "没有编号为 P-9 的复查照片"),
        (lambda ref: paperwork.sheet_paper(ref, "poem", at=AT), "没有这种文书"),
        (lambda ref: paperwork.result_paper(ref, at=AT), "记录还没有提交"),
        (lambda ref: external.table(BUREAU, "2026Q1", "pdf", external.map_of()), "csv 或 xlsx"),
        (lambda ref: uploads.held("L1", "../x"), "文件的编号不合规范"),
        (lambda ref: uploads.keep("L1", "photo-001", 256, b"x"), "文件太大"),
        (lambda ref: uploads.keep("L1", "photo-001", 0, b"x" * (2**20 + 1)), "文件太大"),
    ],
)
def test_what_is_not_there_is_said(house, ask, says):
    ref = started(house)
    with pytest.raises(Refused, match=says):
        ask(ref)


def test_a_table_of_numbers_has_an_end(house):
    heads = external.map_of()
    lines = "".join(f"V{n},{n}\n" for n in range(external.MOST_ROWS + 1))
    source = Source(name="编号.csv", content=f"{heads.key},{heads.number}\n{lines}".encode())
    with pytest.raises(Invalid, match="一次最多导入"):
        external.lines_of(source, heads)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/visits/{ref}/why.pdf", "这次检查不是随机抽取的"),
        ("/visits/{ref}/record/7/", "没有第 7 版记录"),
        ("/visits/numbers/table/pdf/", "csv 或 xlsx"),
    ],
)
def test_pages_say_what_cannot_be_shown(house, signed_in, path, says):
    ref, window = started(house), signed_in(house.chen)
    answer = window.post(path) if "table" in path else window.get(path.format(ref=ref))
    assert (answer.status_code, says in answer.content.decode()) == (409, True)


def test_a_mapping_in_another_code_is_refused(house, signed_in):
    file = SimpleUploadedFile("对照.toml", "对照文件".encode("gb18030"))
    answer = signed_in(house.chen).post("/visits/numbers/table/csv/", {"mapping": file})
    assert (answer.status_code, "不是 UTF-8 编码" in answer.content.decode()) == (409, True)


def test_a_mapping_that_is_no_toml_names_its_line_in_words_of_the_house(house):
    with pytest.raises(Invalid, match="“对照文件”第 2 行不是正确的 TOML") as refusal:
        external.map_of("# 对照\n系统 =")
    assert "Invalid" not in str(refusal.value)


def test_a_record_is_written_on_site_or_when_it_came_back(house, signed_in):
    ref = opened(house)
    answer = signed_in(house.li).get(f"/visits/{ref}/record/")
    assert (answer.status_code, "不能填写记录" in answer.content.decode()) == (409, True)


def test_only_a_picture_has_a_copy_to_look_at(house, signed_in):
    ref = started(house)
    draft = FileDraft(name="台账.pdf", content=io.BytesIO(b"%PDF-1.7 text"), kind=EvidenceKind.COPY)
    held = actions.add_evidence(ref, draft, client_id="phone-file-1", by=house.li, at=LATER)
    answer = signed_in(house.li).get(f"/visits/evidence/{held}/copy/")
    assert (answer.status_code, "不是图片" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("text", ["", "noon", "2026-01-06T09:00:00", None, 7])
def test_an_instant_of_a_phone_has_its_zone(text):
    with pytest.raises(Invalid):
        operations.instant(text)


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"text": "{}"}', b'{"text": 7}'])
def test_an_act_that_cannot_be_read_is_refused(payload):
    with pytest.raises(Invalid):
        operations.operation_of("L1", "phone-001", payload, timedelta())
