"""Who may name a system, of what it may be told, and what the pages show."""

import json
import re

import pytest
from django.db.models import QuerySet

from gongchou.audit import actions as audit
from gongchou.audit import reads as trail
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import WebhookState
from gongchou.core.powers import system
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import Role
from gongchou.core.webhooks import TOLD, message_bytes, spelled
from gongchou.webhooks import actions, reads, work
from gongchou.webhooks.description import MESSAGE
from gongchou.webhooks.sending import Answer, secret_of
from tests.conftest import AT, BUREAU

DRAFT = actions.WebhookDraft(
    name="市平台", url="https://platform.example/e?k=1", kinds=(EventKind.PLAN_APPROVED,)
)


def with_(**words):
    return actions.WebhookDraft(**{"name": "市平台", "url": DRAFT.url, "kinds": TOLD} | words)


def test_the_trail_says_host_and_kinds_and_not_the_path(gu):
    ref = actions.create_webhook(DRAFT, by=gu, at=AT)
    found = trail.newest(BUREAU, EventKind.WEBHOOK_CREATED, about=ref).event.data
    assert found == {"name": "市平台", "host": "platform.example", "kinds": ["plan_approved"]}


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.ADMIN)])
def test_nobody_but_the_administrator_names_a_system(person, role):
    by = person("x", "某人", *([role] if role else []))
    with pytest.raises(NotAllowed, match="维护事件通知"):
        actions.create_webhook(DRAFT, by=by, at=AT)


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (with_(name=" "), "写明用途"),
        (with_(url="ftp://platform.example/"), "https:// 开头"),
        (with_(url="https://a:b@platform.example/"), "不能有用户名"),
        (with_(url="https://平台.example/"), "xn--"),
        (with_(url="https://platform.example/" + "x" * 300), "300 个字符"),
        (with_(kinds=()), "至少一种"),
        (with_(kinds=(EventKind.VISIT_DISPATCHED,)), "从列表中选择"),
    ],
)
def test_a_draft_that_cannot_be_says_how_to_mend_it(gu, draft, says):
    with pytest.raises(Invalid, match=says):
        actions.create_webhook(draft, by=gu, at=AT)


def test_a_bureau_has_no_more_than_twenty(gu):
    refs = [actions.create_webhook(DRAFT, by=gu, at=AT) for _ in range(20)]
    with pytest.raises(Refused, match="最多 20 个"):
        actions.create_webhook(DRAFT, by=gu, at=AT)
    actions.end_webhook(refs[0], by=gu, at=AT)
    assert actions.create_webhook(DRAFT, by=gu, at=AT) not in refs


def test_each_has_a_key_of_its_own_that_goes_with_the_installation(gu, settings):
    one, other = (actions.create_webhook(DRAFT, by=gu, at=AT) for _ in range(2))
    before = secret_of(one)
    assert before != secret_of(other)
    settings.SECRET_KEY = "another-installation-" * 3
    assert secret_of(one) != before


def test_what_has_ended_does_not_begin_again(gu, hook):
    actions.end_webhook(hook, by=gu, at=AT)
    with pytest.raises(WrongState, match="已撤销"):
        actions.resume_webhook(hook, is_skipping=False, by=gu, at=AT)
    with pytest.raises(WrongState):
        actions.stop_webhook(hook, "不用了", by=gu, at=AT)


def test_only_the_work_by_the_clock_notes_what_was_sent(gu, hook):
    answer = Answer(status=200, says="对方答复 200。")
    for note in (actions.note_taken, actions.note_failure):
        with pytest.raises(NotAllowed, match="发出事件通知"):
            note(hook, 99, answer, by=gu, at=AT)
    with pytest.raises(NotAllowed):
        actions.note_trial(hook, answer, by=system(BUREAU), at=AT)


def test_another_bureau_finds_nothing(gu, hook):
    with pytest.raises(Refused, match="没有编号为"):
        reads.webhook(hook, "990174")
    assert reads.webhooks("990174") == ()


def test_every_message_is_as_the_description_says(hook, root, receiver, client):
    """The contract: what arrives has the fields, and only those, that openapi.json names."""
    described = client.get("/api/v1/openapi.json").json()["webhooks"]["event"]["post"]
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    assert schema == json.loads(json.dumps(MESSAGE))
    audit.append(EventKind.DRAW_SEALED, about="D-1", by=root, at=AT)
    work.tell_systems()
    [(_, headers, body)] = receiver.got
    sent = json.loads(body)
    assert set(sent) == set(schema["properties"]) == set(schema["required"])
    types = {"string": str, "integer": int}
    for name, part in schema["properties"].items():
        assert type(sent[name]) is types[part["type"]]
        assert sent[name] in part.get("enum", [sent[name]])
    assert {part["name"] for part in described["parameters"]} <= set(headers)


def test_what_the_trail_knows_beside_stays_at_home(hook, root):
    """Names of persons and sites stand in an entry's details and by whom; none is told."""
    data = {"subject": "被抽中的单位", "team": ["李执法"]}
    audit.append(EventKind.DRAW_SEALED, about="D-1", by=root, at=AT, data=data)
    [message] = reads.untold(reads.webhook(hook, BUREAU), 9)
    said = message_bytes(message).decode()
    for name in ("被抽中的单位", "李执法", root.name):
        assert name not in said


def test_the_key_is_on_the_answer_to_the_creation_and_never_again(gu, signed_in):
    browser = signed_in(gu)
    sent = {"name": "市平台", "url": "https://platform.example/e", "kinds": ["plan_approved"]}
    page = browser.post("/webhooks/new/", sent)
    secret = re.search(r"whsec_[\w+/=]{44}", page.content.decode())[0]
    [row] = reads.webhooks(BUREAU)
    assert secret == spelled(secret_of(row.ref))
    assert "no-store" in page.headers["Cache-Control"]
    for address in ("/webhooks/", f"/webhooks/{row.ref}/", "/webhooks/new/"):
        assert secret not in browser.get(address).content.decode()


def test_a_bad_address_comes_back_with_all_that_was_typed(gu, signed_in):
    sent = {"name": "市平台", "url": "ftp://x.example/", "kinds": ["plan_approved"]}
    page = signed_in(gu).post("/webhooks/new/", sent).content.decode()
    assert "https:// 开头" in page
    assert 'value="市平台"' in page
    assert 'value="plan_approved"' in page
    assert "checked" in page


def test_a_trial_arrives_and_its_answer_is_on_the_page(gu, hook, receiver, signed_in):
    browser = signed_in(gu)
    page = browser.post(f"/webhooks/{hook}/try/", follow=True).content.decode()
    assert "试发成功：对方答复 200。" in page
    assert json.loads(receiver.got[0][2])["kind"] == "trial"
    receiver.answers = [500]
    page = browser.post(f"/webhooks/{hook}/try/", follow=True).content.decode()
    assert "试发没有送到：对方答复 500。" in page
    assert reads.webhook(hook, BUREAU).failures == 0


def test_stop_resume_and_end_from_the_page(gu, hook, signed_in):
    browser = signed_in(gu)
    page = browser.post(f"/webhooks/{hook}/stop/", {"why": "对方升级"}, follow=True)
    assert "已停用：对方升级" in page.content.decode()
    browser.post(f"/webhooks/{hook}/resume/")
    refused = browser.post(f"/webhooks/{hook}/stop/", {"why": "\0"})
    assert "请写明停用的原因" in refused.content.decode()
    assert reads.webhook(hook, BUREAU).state is WebhookState.ON
    browser.post(f"/webhooks/{hook}/end/")
    assert "已撤销" in browser.get("/webhooks/").content.decode()


def test_the_audit_desk_reads_and_moves_nothing(person, hook, signed_in):
    browser = signed_in(person("ji", "纪审计", Role.AUDITOR))
    page = browser.get(f"/webhooks/{hook}/").content.decode()
    assert "试发一次" not in page
    assert browser.post(f"/webhooks/{hook}/end/").status_code == 403


def test_of_two_at_once_the_second_is_told_that_it_came_late(hook, gu, at, monkeypatch):
    """Both read the same state; the one that writes last finds it gone."""
    seen, answer = reads.webhook(hook, BUREAU), Answer(status=500, says="答复 500")
    actions.note_failure(hook, 1, answer, by=system(BUREAU), at=at)
    actions.stop_webhook(hook, "对方检修", by=gu, at=at)
    monkeypatch.setattr(reads, "webhook", lambda *_: seen)
    with pytest.raises(Stale, match="刚由另一个任务登记"):
        actions.note_failure(hook, 1, answer, by=system(BUREAU), at=at)
    with pytest.raises(Stale, match="刚由他人办理"):
        actions.end_webhook(hook, by=gu, at=at)


def test_two_new_ones_with_one_number_are_asked_for_again(gu, monkeypatch):
    actions.create_webhook(DRAFT, by=gu, at=AT)
    monkeypatch.setattr(QuerySet, "count", lambda _: 0)
    with pytest.raises(Stale, match="请再点一次新建"):
        actions.create_webhook(DRAFT, by=gu, at=AT)
