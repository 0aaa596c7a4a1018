"""The registers for programs: who comes in, what is told, what is refused, what is kept."""

import re
from datetime import date, timedelta

import pytest

from gongchou.accounts import actions as accounts
from gongchou.accounts import tokens
from gongchou.accounts.models import ApiToken
from gongchou.audit import reads as audit
from gongchou.core.powers import Power, console
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import BureauLevel, ImportKind, Role
from gongchou.registry import actions
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.registry.test_import import HEADER, csv, line, take, uscc

REGISTER = frozenset({Power.SEE_REGISTER})
BOTH = REGISTER | {Power.SEE_INSPECTORS}
UNTIL = TODAY + timedelta(90)


@pytest.fixture(autouse=True)
def still(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def token(chen):
    def make(powers=BOTH, by=chen, **options):
        return accounts.create_token("虚构平台取数", powers, until=UNTIL, by=by, at=AT, **options)

    return make


@pytest.fixture
def ask(client):
    """Ask as a program does; the status and the document."""

    def get(path, secret="", **query):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        answer = client.get(f"/api/v1{path}", query, headers=headers)
        return answer.status_code, answer.json()

    return get


def test_a_program_reads_the_register_page_after_page(chen, token, ask):
    take(ImportKind.SUBJECTS, csv(*(line(n) for n in range(1, 8))), chen)
    secret, names, after = token(), [], ""
    while True:
        status, page = ask("/subjects", secret, limit=3, after=after)
        assert status == 200
        names += [row["name"] for row in page["rows"]]
        after = page["next"]
        if not after:
            break
    assert names == [f"虚构化工{n}" for n in range(1, 8)]


def test_filters_narrow_and_the_day_is_any_day(chen, token, ask):
    take(ImportKind.SUBJECTS, csv(line(1), line(2, category="重点管理")), chen)
    later = date(2026, 2, 2)
    rows = csv(line(1, category="简化管理"))
    actions.import_file(ImportKind.SUBJECTS, rows, "后.csv", on=later, by=chen, at=AT)
    secret = token()

    def found(**query):
        return [row["permit_category"] for row in ask("/subjects", secret, **query)[1]["rows"]]

    assert found() == ["registered", "key"]
    assert found(on="2026-02-02") == ["simplified", "key"]
    assert found(permit_category="key") == ["key"]
    assert found(uscc=uscc(1), on="2026-02-02") == ["simplified"]
    assert found(name="化工2") == ["key"]
    assert found(is_excluded="true") == []
    assert found(on="2025-12-31") == []


def test_one_site_comes_with_its_tags_over_time_and_without_personal_data(chen, token, ask):
    header = HEADER + ",联系方式,法定代表人"
    take(ImportKind.SUBJECTS, csv(line(1) + ",13800000000,虚构负责人", header=header), chen)
    rows = csv(line(1, category="重点管理"))
    later = date(2026, 2, 2)
    actions.import_file(ImportKind.SUBJECTS, rows, "后.csv", on=later, by=chen, at=AT)
    secret = token()
    ref = ask("/subjects", secret)[1]["rows"][0]["ref"]
    status, page = ask(f"/subjects/{ref}", secret, on="2026-02-02")
    assert (status, page["subject"]["permit_category"]) == (200, "key")
    assert page["judged"]["reasons"]
    spans = [
        (tag["value"], tag["since"], tag["until"])
        for tag in page["tags"]
        if tag["field"] == "permit_category"
    ]
    assert spans == [
        ("登记管理", "2026-01-05", "2026-02-02"),
        ("重点管理", "2026-02-02", None),
    ]
    assert "13800000000" not in str(page)
    assert "虚构负责人" not in str(page)


def test_inspectors_items_and_statistics_are_told(chen, person, token, ask):
    zhao = person("zhao", "赵局长", Role.LEADER)
    people = csv("李执法,zd,虚构1,是,2030-12-31", header="姓名,科室,执法证号,执法资格,有效期至")
    take(ImportKind.INSPECTORS, people, chen)
    take(ImportKind.SUBJECTS, csv(line(1), line(2, category="重点管理")), chen)
    take(ImportKind.ITEMS, csv("大气治理,dq,废气收集", header="类别名称,责任科室,事项名称"), chen)
    secret = token()
    assert ask("/items", secret)[0] == 404
    actions.approve_item_list(f"L{BUREAU}-001", on=TODAY, by=zhao, at=AT)
    assert ask("/items", secret)[1]["items"][0]["name"] == "废气收集"
    assert ask("/inspectors", secret)[1]["rows"][0]["problem"] == ""
    found = ask("/statistics", secret)[1]
    assert (found["subjects"], found["inspectors"], found["drawable"]) == (2, 1, 1)
    assert {row["value"]: row["count"] for row in found["figures"]}["key"] == 1
    assert sum(row["count"] for row in found["classes"]) == 2


def test_assistants_and_the_doubts_of_the_register_are_told(chen, token, ask):
    head = "委托单位,姓名,委托书编号,委托起,委托止,协助范围,已公示"
    rows = ("虚构监测站,甲,虚构委〔1〕号,2026-1-1,2026-12-31,采样,是",)
    take(ImportKind.ASSISTANTS, csv(*rows, header=head), chen)
    take(ImportKind.SUBJECTS, csv(line(1, category="重点管理")), chen)
    secret = token()
    one = ask("/assistants", secret)[1]["rows"][0]
    assert (one["name"], one["body"], one["problem"]) == ("甲", "虚构监测站", "")
    after = ask("/assistants", secret, on="2027-01-01")[1]["rows"][0]
    assert after["problem"] == "委托已于2026年12月31日到期。"
    kinds = {kind["title"]: kind for kind in ask("/board", secret)[1]["kinds"]}
    assert kinds["重点管理而未列入重点排污单位名录"]["total"] == 1
    assert kinds["排污许可证已到期"]["rows"] == []


@pytest.mark.parametrize("secret", ["", "gongchou_wrong", "中文"])
def test_who_shows_no_true_token_is_refused_in_chinese(bureau, ask, secret):
    status, said = ask("/subjects", secret.encode().decode("latin-1"))
    assert (status, said["kind"]) == (401, "unauthenticated")
    assert "接口令牌" in said["says"]


def test_a_token_without_the_power_sees_no_inspectors(token, ask):
    status, said = ask("/inspectors", token(REGISTER))
    assert (status, said["kind"]) == (403, "not_allowed")
    assert "没有“查看检查人员”的权限" in said["says"]
    assert audit.events(BUREAU)[0].event.kind == "access_refused"


@pytest.mark.parametrize(
    ("path", "query", "status", "says"),
    [
        ("/subjects", {"on": "昨天"}, 422, "参数 on 的值不对"),
        ("/subjects", {"limit": "9999"}, 422, "参数 limit 的值不对"),
        ("/subjects", {"permit_category": "大"}, 422, "参数 permit_category 的值不对"),
        ("/subjects", {"after": "S9-1"}, 422, "原样填入 after"),
        ("/subjects/S9-1", {}, 404, "没有编号为 S9-1"),
        ("/nothing", {}, 404, "接口中没有"),
    ],
)
def test_a_wrong_question_is_told_in_one_sentence(token, ask, path, query, status, says):
    answered, said = ask(path, token(), **query)
    assert answered == status
    assert says in said["says"]
    assert not re.search("[a-z]{4,} [a-z]{3,}", said["says"])


def test_every_reading_is_in_the_trail_with_its_token_and_its_question(chen, token, ask, bureau):
    take(ImportKind.SUBJECTS, csv(line(1), line(2)), chen)
    secret = token()
    ask("/subjects", secret, grid="东片")
    event = audit.events(bureau)[0].event
    assert (event.kind, event.about, event.data["rows"]) == ("register_read", "subjects", 2)
    assert event.data["asked"]["grid"] == "东片"
    assert "虚构平台取数，陈组长" in event.by_name


def test_the_secret_is_kept_nowhere(token, bureau):
    secret = token()
    row = ApiToken.objects.get()
    assert secret not in str(vars(row))
    assert row.digest == tokens.digest_of(secret)
    assert secret not in str([event.event for event in audit.events(bureau)])


def test_an_own_token_falls_with_the_person_and_a_revoked_or_old_one_opens_nothing(
    chen, token, ask, monkeypatch
):
    first, second, third = token(), token(), token()
    refs = [row.ref for row in tokens.tokens(BUREAU, TODAY)]
    accounts.revoke_token(refs[2], by=chen, at=AT)
    with pytest.raises(Stale, match="已经作废"):
        accounts.revoke_token(refs[2], by=chen, at=AT)
    assert [ask("/subjects", secret)[0] for secret in (first, second)] == [401, 200]
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(91))
    assert ask("/subjects", second)[0] == 401
    monkeypatch.setattr(clock, "now", lambda: AT)
    root = console(BUREAU, "root")
    accounts.revoke_role("U-chen", Role.OFFICE, on=TODAY, by=root, at=AT)
    assert ask("/subjects", second)[0] == 403
    accounts.disable_user("U-chen", by=root, at=AT)
    assert ask("/subjects", third)[0] == 401


def test_nobody_gives_a_program_more_than_the_own_powers(chen, stranger, person, token):
    with pytest.raises(NotAllowed, match="陌生人没有“查看名录”"):
        token(by=stranger)
    with pytest.raises(NotAllowed, match="授予角色"):
        token(is_own=False)
    with pytest.raises(Refused, match="请选择令牌的权限"):
        token(frozenset({Power.EDIT_REGISTER}))
    with pytest.raises(Refused, match="最长用一年"):
        accounts.create_token("取数", REGISTER, until=date(2027, 3, 1), by=chen, at=AT)
    with pytest.raises(Refused, match="写明令牌的用途"):
        accounts.create_token(" ", REGISTER, until=UNTIL, by=chen, at=AT)
    an = person("an", "安管理", Role.SECURITY)
    assert token(by=an, is_own=False)
    with pytest.raises(NotAllowed):
        accounts.revoke_token(tokens.tokens(BUREAU, TODAY)[0].ref, by=chen, at=AT)


def test_another_bureau_is_out_of_reach(chen, ask, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    root = console("990174", "root")
    level = BureauLevel.DISTRICT
    accounts.create_bureau("990174", "另一分局（虚构）", level=level, by=root, at=AT)
    secrets = [
        accounts.create_token("取数", BOTH, until=UNTIL, is_own=False, by=by, at=AT)
        for by in (root, console(bureau, "root"))
    ]
    rows = [ask("/subjects", secret)[1]["rows"] for secret in secrets]
    assert [len(found) for found in rows] == [0, 1]
    assert ask(f"/subjects/{rows[1][0]['ref']}", secrets[0])[0] == 404


def test_the_description_names_every_address_and_needs_no_token(client, db):
    found = client.get("/api/v1/openapi.json").json()
    assert set(found["paths"]) == {
        f"/api/v1/{name}"
        for name in (
            "subjects",
            "subjects/{ref}",
            "inspectors",
            "assistants",
            "board",
            "items",
            "statistics",
            "inlets/{kind}",
        )
    }
    assert found["openapi"].startswith("3.1")


def test_a_token_is_made_and_revoked_on_its_page_and_shown_once(signed_in, chen):
    browser = signed_in(chen)
    sent = {"name": "每日取数", "powers": ["see_register"], "until": UNTIL.isoformat()}
    page = browser.post("/people/tokens/", sent)
    secret = re.search(r"gongchou_[\w-]{43}", page.content.decode())
    assert secret
    assert "no-store" in page.headers["Cache-Control"]
    again = browser.get("/people/tokens/").content.decode()
    assert "每日取数" in again
    assert secret[0] not in again
    ref = tokens.tokens(BUREAU, TODAY)[0].ref
    gone = browser.post(f"/people/tokens/{ref}/revoke/", follow=True).content.decode()
    assert "陈组长作废" in gone
