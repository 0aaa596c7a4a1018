"""A phone beside the password: bound once, each code once, asked again before what is sealed."""

from datetime import UTC, datetime, timedelta

import pytest

from gongchou.accounts import actions, models, reads, second_factor
from gongchou.audit import reads as audit
from gongchou.core.powers import POWERS, SECOND_FACTOR, STEP_UP, Actor, needs_second_factor
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import Role
from gongchou.web import clock
from tests.conftest import AT, BUREAU

PASSWORD = "长口令-not-secret-1"
KEY = bytes.fromhex("3132333435363738393031323334353637383930")


def test_the_codes_are_those_of_the_published_example():
    """RFC 6238, appendix B, the last six digits of its SHA-1 rows."""
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at = datetime.fromtimestamp(seconds, UTC)
        assert second_factor.code_at(KEY, at) == code
        assert second_factor.step_of(KEY, code, at) == seconds // 30
        assert second_factor.step_of(KEY, code, at + timedelta(seconds=90)) is None


def test_a_key_opens_for_its_person_only():
    box = second_factor.sealed(KEY, "U-chen")
    assert KEY not in box
    assert second_factor.opened(box, "U-chen") == KEY
    with pytest.raises(Refused, match="重新绑定"):
        second_factor.opened(box, "U-li")


def test_who_draws_seals_publishes_or_administers_needs_one_and_an_inspector_does_not():
    asked = {
        role
        for role in POWERS
        if needs_second_factor(Actor(ref="-", name="-", bureau=BUREAU, roles=frozenset({role})))
    }
    assert asked == {
        Role.OFFICE,
        Role.LEADER,
        Role.SECRECY,
        Role.WITNESS,
        Role.PUBLISHER,
        Role.ADMIN,
        Role.SECURITY,
        Role.AUDITOR,
        Role.PARTNER,
        Role.SUPERIOR,
    }


def test_what_asks_again_at_the_act_was_asked_at_the_login():
    assert STEP_UP <= SECOND_FACTOR


@pytest.fixture
def bound(person):
    """A custodian with a phone, and the key in it."""
    by = person("bao", "鲍保密", Role.SECRECY)
    actions.begin_factor(by=by, at=AT)
    key = reads.waiting_key(by.ref)
    assert key is not None
    codes = actions.confirm_factor(second_factor.code_at(key, AT), by=by, at=AT)
    return by, key, codes


def test_a_code_serves_once_and_an_older_one_never_again(bound):
    by, key, _ = bound
    later = AT + timedelta(minutes=1)
    with pytest.raises(Refused, match="已经用过"):
        actions.prove_factor(second_factor.code_at(key, AT), by=by, at=AT)
    actions.prove_factor(second_factor.code_at(key, later), by=by, at=later)
    earlier = later - timedelta(seconds=30)
    with pytest.raises(Refused, match="已经用过"):
        actions.prove_factor(second_factor.code_at(key, earlier), by=by, at=later)
    with pytest.raises(Refused, match=r"动态口令不对.*锁定 15 分钟"):
        actions.prove_factor("000000", by=by, at=later)


def test_who_has_bound_no_phone_is_sent_to_bind_one_and_nobody_binds_two(bound, person):
    by, key, _ = bound
    with pytest.raises(Refused, match="您已绑定动态口令"):
        actions.begin_factor(by=by, at=AT)
    with pytest.raises(Stale, match="没有等待绑定"):
        actions.confirm_factor(second_factor.code_at(key, AT), by=by, at=AT)
    with pytest.raises(Refused, match="请先绑定"):
        actions.prove_factor("000000", by=person("mi", "米保密", Role.SECRECY), at=AT)


def test_a_wrong_code_at_the_binding_locks_nothing_and_says_nothing_of_it(person):
    by = person("bao", "鲍保密", Role.SECRECY)
    actions.begin_factor(by=by, at=AT)
    with pytest.raises(Refused) as refusal:
        actions.confirm_factor("000000", by=by, at=AT)
    assert str(refusal.value).endswith("等下一个口令再试。")


def test_a_recovery_code_serves_once_however_it_is_written(bound):
    by, _, codes = bound
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    actions.prove_factor(codes[0].upper(), by=by, at=AT)
    with pytest.raises(Refused):
        actions.prove_factor(codes[0], by=by, at=AT)
    assert reads.spare_codes(by.ref) == second_factor.RECOVERY_CODES - 1
    assert not models.RecoveryCode.objects.filter(digest__in=codes).exists()


def test_five_wrong_codes_close_the_door_even_to_the_right_one(bound):
    by, key, _ = bound
    later = AT + timedelta(minutes=2)
    told = [actions.record_factor_failure(by=by, at=later) for _ in range(5)]
    assert told == [""] * 4 + ["动态口令连续错 5 次，已锁定，请在 09:17 以后再试。"]
    with pytest.raises(Refused, match="请在 09:17 以后再试"):
        actions.prove_factor(second_factor.code_at(key, later), by=by, at=later)
    opened = later + timedelta(minutes=15)
    actions.prove_factor(second_factor.code_at(key, opened), by=by, at=opened)


def test_wrong_codes_behind_the_closed_door_do_not_keep_it_closed(bound):
    by, key, _ = bound
    later = AT + timedelta(minutes=2)
    for _ in range(5):
        actions.record_factor_failure(by=by, at=later)
    for _ in range(9):
        actions.record_factor_failure(by=by, at=later + timedelta(minutes=14))
    opened = later + timedelta(minutes=15)
    actions.record_factor_failure(by=by, at=opened)
    actions.prove_factor(second_factor.code_at(key, opened), by=by, at=opened)


def test_a_phone_is_taken_off_by_security_and_a_password_reset_by_the_administrator(bound, person):
    by, _, _ = bound
    admin, security = person("gu", "顾管理", Role.ADMIN), person("an", "安管理", Role.SECURITY)
    with pytest.raises(NotAllowed):
        actions.reset_factor(by.ref, by=admin, at=AT)
    with pytest.raises(NotAllowed):
        actions.reset_password(by.ref, PASSWORD, by=security, at=AT)
    actions.reset_factor(by.ref, by=security, at=AT)
    actions.reset_password(by.ref, PASSWORD, by=admin, at=AT)
    assert not reads.has_factor(by.ref)
    assert models.User.objects.get(ref=by.ref).must_change_password
    kinds = [link.event.kind for link in audit.events(BUREAU, about=by.ref)][:2]
    assert kinds == ["password_reset", "factor_reset"]


# --- in the browser


@pytest.fixture
def asked(settings):
    settings.SECOND_FACTOR = True


def sign_in(client, actor):
    models.User.objects.filter(ref=actor.ref).update(must_change_password=False)
    return client.post("/login/", {"login": actor.ref.removeprefix("U-"), "password": PASSWORD})


def test_who_needs_a_phone_binds_it_before_anything_else(asked, client, person):
    by = person("bao", "鲍保密", Role.SECRECY)
    sign_in(client, by)
    assert client.get("/draw/").headers["Location"] == "/factor/?next=%2Fdraw%2F"
    assert client.get("/factor/").headers["Location"] == "/factor/bind/"
    client.post("/factor/begin/")
    page = client.get("/factor/bind/").content.decode()
    key = reads.waiting_key(by.ref)
    assert second_factor.spelled(key) in page
    wrong = client.post("/factor/bind/", {"code": "000 000"}).content.decode()
    assert "动态口令不对" in wrong
    code = second_factor.code_at(key, clock.now())
    answer = client.post("/factor/bind/", {"code": f"{code[:3]} {code[3:]}"}).content.decode()
    assert "只在这里显示一次" in answer
    assert client.get("/draw/").status_code == 200
    assert second_factor.spelled(key) not in client.get("/factor/bind/").content.decode()


def test_a_new_session_asks_again_and_leads_back(asked, client, person):
    by = person("bao", "鲍保密", Role.SECRECY)
    now = clock.now()
    actions.begin_factor(by=by, at=now)
    key = reads.waiting_key(by.ref)
    before = now - timedelta(minutes=5)
    codes = actions.confirm_factor(second_factor.code_at(key, before), by=by, at=before)
    sign_in(client, by)
    assert client.get("/draw/keys/").status_code == 302
    answer = client.post("/factor/?next=/draw/keys/", {"code": "999999"})
    assert "动态口令不对" in answer.content.decode()
    answer = client.post("/factor/?next=//evil.example/", {"code": codes[0]})
    assert answer.headers["Location"] == "/"
    assert client.get("/draw/keys/").status_code == 200
    kinds = [link.event.kind for link in audit.events(BUREAU, about=by.ref)][:2]
    assert kinds == ["factor_proved", "factor_failed"]


def test_the_fifth_wrong_code_itself_says_that_the_door_is_closed(asked, client, person):
    by = person("bao", "鲍保密", Role.SECRECY)
    actions.begin_factor(by=by, at=AT)
    actions.confirm_factor(second_factor.code_at(reads.waiting_key(by.ref), AT), by=by, at=AT)
    sign_in(client, by)
    told = [client.post("/factor/", {"code": "999999"}).content.decode() for _ in range(5)]
    assert ["已锁定" in page for page in told] == [False] * 4 + [True]


def test_whoever_gives_a_partner_s_chance_shows_the_phone_first(asked, client, person):
    sign_in(client, person("sc", "市监甲", Role.PARTNER))
    assert client.get("/draw/joint/").headers["Location"].startswith("/factor/")


def test_an_inspector_comes_in_by_password_alone(asked, client, person):
    sign_in(client, person("li", "李执法", Role.INSPECTOR))
    assert client.get("/visits/").status_code == 200


def test_what_is_sealed_asks_once_more_when_the_proof_is_old(asked, signed_in, person):
    by = person("bao", "鲍保密", Role.SECRECY)
    client = signed_in(by)
    session = client.session
    session["factor_at"] = int((clock.now() - timedelta(minutes=16)).timestamp())
    session.save()
    answer = client.post("/draw/keys/enrol/", {}, HTTP_REFERER="http://testserver/draw/keys/?a=1")
    assert answer.headers["Location"] == "/factor/?next=%2Fdraw%2Fkeys%2F%3Fa%3D1"
    session["factor_at"] = int(clock.now().timestamp())
    session.save()
    again = client.post("/draw/keys/enrol/", {}).headers.get("Location", "")
    assert not again.startswith("/factor/")


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.LEADER, "/draw/R1/void/W1/agree/"),
        (Role.SUPERIOR, f"/draw/witness/{BUREAU}/voids/W1/"),
        (Role.AUDITOR, "/oversight/rechecks/R1/1/open/"),
        (Role.AUDITOR, "/discipline/reports/D1/identity/"),
    ],
)
def test_what_opens_or_cannot_be_taken_back_asks_once_more(asked, signed_in, person, role, address):
    client = signed_in(person("he", "何某", role))
    session = client.session
    session["factor_at"] = int((clock.now() - timedelta(minutes=16)).timestamp())
    session.save()
    assert client.post(address).headers["Location"].startswith("/factor/")
    session["factor_at"] = int(clock.now().timestamp())
    session.save()
    assert client.post(address).status_code == 409


# --- sign-ins


def test_a_person_sees_the_own_sign_ins_and_ends_one(client, person):
    by = person("li", "李执法", Role.INSPECTOR)
    sign_in(client, by)
    other = type(client)(HTTP_USER_AGENT="另一台手机")
    sign_in(other, by)
    rows = reads.sign_ins(by.ref, client.session.session_key, clock.now())
    assert [(row.is_open, row.is_here) for row in rows] == [(True, False), (True, True)]
    assert "另一台手机" in client.get("/password/sign-ins/").content.decode()
    client.post(f"/password/sign-ins/{rows[0].number}/end/")
    assert other.get("/visits/").headers["Location"].startswith("/login/")
    assert client.get("/visits/").status_code == 200


def test_nobody_ends_the_sign_in_of_another(client, person):
    li, wang = person("li", "李执法", Role.INSPECTOR), person("wang", "王执法", Role.INSPECTOR)
    sign_in(client, li)
    number = models.SignIn.objects.get(user__ref=li.ref).pk
    with pytest.raises(Refused, match="已经结束"):
        actions.end_sign_in(number, by=wang, at=AT)


def test_a_change_of_password_keeps_this_browser_and_its_line_in_the_list(client, person):
    by = person("li", "李执法", Role.INSPECTOR)
    other = type(client)()
    sign_in(other, by)
    sign_in(client, by)
    new = {"password": "另一个-not-secret-2", "repeated": "另一个-not-secret-2"}
    client.post("/password/", new)
    rows = reads.sign_ins(by.ref, client.session.session_key, clock.now())
    assert [(row.is_here, row.is_open) for row in rows] == [(True, True), (False, False)]
    assert other.get("/visits/").headers["Location"].startswith("/login/")
    client.post("/logout/")
    assert not models.SignIn.objects.filter(user__ref=by.ref, ended_at=None).exists()


def test_disabling_somebody_ends_what_is_open(client, person):
    by, admin = person("li", "李执法", Role.INSPECTOR), person("gu", "顾管理", Role.ADMIN)
    sign_in(client, by)
    actions.disable_user(by.ref, by=admin, at=AT)
    assert models.SignIn.objects.get(user__ref=by.ref).ended_at == AT
    assert client.get("/visits/").headers["Location"].startswith("/login/")
