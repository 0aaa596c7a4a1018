"""The officers' pages of publication, without JavaScript."""

from gongchou.core.terms import PublicationState
from gongchou.publication import actions, office, reads
from tests.conftest import AT
from tests.publication.conftest import row


def text(answer) -> str:
    return answer.content.decode()


def test_a_table_walks_from_proposal_to_the_public(table, signed_in, leader, gong):
    page = text(signed_in(leader).get(f"/publish/{table}/"))
    assert "批准公示</button>" in page
    assert "办理公示</button>" not in page
    digest = reads.document(table).digest
    browser = signed_in(leader)
    assert "已批准" in text(
        browser.post(f"/publish/{table}/approve/", {"digest": digest}, follow=True)
    )
    browser = signed_in(gong)
    assert "办理公示</button>" in text(browser.get(f"/publish/{table}/"))
    browser.post(f"/publish/{table}/publish/")
    assert reads.document(table).state is PublicationState.PUBLISHED
    assert "已公示" in text(browser.get("/publish/all/"))
    browser.post(f"/publish/{table}/withdraw/", {"reason": "数字有误"})
    assert "，理由：数字有误" in text(browser.get(f"/publish/{table}/"))


def test_the_office_proposes_a_plan_from_the_list_of_what_waits(plan, chen, signed_in, bureau):
    browser = signed_in(chen)
    sent = {"kind": "quarter_plan", "source": plan}
    page = text(browser.post("/publish/propose/", sent, follow=True))
    assert "整项不公开：测算人（1 处）、批准人（1 处）" in page
    assert "整项不公开" in page
    [row] = reads.listed(bureau)
    assert row.source == plan
    page = text(browser.post("/publish/propose/", sent, HTTP_REFERER="/publish/", follow=True))
    assert "正在办理" in page


def test_the_leader_returns_and_the_office_proposes_again(plan, chen, leader, signed_in):
    ref = actions.propose_plan(plan, by=chen, at=AT)
    signed_in(leader).post(f"/publish/{ref}/return/", {"reason": "请核对"})
    browser = signed_in(chen)
    assert "退回理由：请核对" in text(browser.get(f"/publish/{ref}/"))
    browser.post(f"/publish/{ref}/again/")
    assert reads.document(ref).state is PublicationState.PENDING


def test_the_office_marks_a_trade_secret_and_takes_the_mark_back(make_notice, chen, signed_in):
    ref, browser = make_notice(row(1)), signed_in(chen)
    assert "请先选择" in text(browser.post(f"/publish/{ref}/withhold/", follow=True))
    browser.post(f"/publish/{ref}/withhold/", {"path": "rows.0.handling"})
    page = text(browser.get(f"/publish/{ref}/"))
    assert "［涉及商业秘密，不予公开］" in page
    assert "已标记 1 处" in page
    sent = {"path": "rows.0.handling", "reason": "企业核实后撤回"}
    page = text(browser.post(f"/publish/{ref}/disclose/", sent, follow=True))
    assert "已取消商业秘密标记" in page
    assert "［涉及商业秘密，不予公开］" not in page


def test_a_correction_without_change_comes_back_with_a_sentence(plan, chen, make_public, signed_in):
    ref = make_public(actions.propose_plan(plan, by=chen, at=AT))
    answer = signed_in(chen).post(f"/publish/{ref}/correct/", {"reason": "有误"})
    assert "完全一致" in text(answer)


def test_visitors_sign_in_and_strangers_are_refused(table, client, signed_in, stranger):
    assert client.get("/publish/").status_code == 302
    browser = signed_in(stranger)
    for path in ("", "all/", f"{table}/"):
        assert browser.get(f"/publish/{path}").status_code == 403
    acts = ("again", "withhold", "disclose", "approve", "return", "publish", "withdraw", "correct")
    for act in acts:
        assert browser.post(f"/publish/{table}/{act}/").status_code == 403
        assert browser.get(f"/publish/{table}/{act}/").status_code == 405


def test_an_unknown_kind_or_document_is_answered_with_a_sentence(signed_in, chen, bureau):
    browser = signed_in(chen)
    assert "没有选定" in text(browser.post("/publish/propose/", {"kind": "secret"}))
    assert "没有编号为" in text(browser.get("/publish/G-1/"))


def test_the_comparison_says_codesin_words():
    assert office.in_words("rows.0.result_code", "no_problem") == "未发现问题"
    assert office.in_words("rows.0.note", "no_problem") == "no_problem"
    assert office.in_words("rows.0.result_code", "unheard_of") == "unheard_of"
    assert office.in_words("rows.0.ended_on", "2026-01-05") == "2026年1月5日"
