"""Each way in which people, roles, terms, rights and tokens are refused, with its sentence."""

from datetime import timedelta

import pytest

from gongchou.accounts import actions, models, reads, record_reads
from gongchou.audit import reads as audit
from gongchou.core.oversight_terms import GroupKind
from gongchou.core.powers import Power, console
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import BureauLevel, Role
from tests.conftest import AT, BUREAU, TODAY

PASSWORD = "长口令-not-secret-1"
LATER = TODAY + timedelta(days=30)
SUPERIOR = "990100"


@pytest.fixture
def staff(person):
    """One of each who may change something here, and an inspector to whom it is done."""
    return {
        "root": console(BUREAU, "root"),
        "admin": person("gu", "顾管理", Role.ADMIN),
        "security": person("an", "安管理", Role.SECURITY),
        "leader": person("zhao", "赵局长", Role.LEADER),
        "li": person("li", "李执法", Role.INSPECTOR),
    }


def refused(kind, says, act, *args, **given):
    """The act is refused with the sentence, and no entry of the log says that it was done."""
    before = audit.head(BUREAU)
    with pytest.raises(kind, match=says):
        act(*args, at=AT, **given)
    assert audit.head(BUREAU) == before


def seat(**fields) -> actions.SeatDraft:
    ordinary = {"group": GroupKind.SECRECY, "name": "吴某", "position": "成员", "since": TODAY}
    return actions.SeatDraft(**(ordinary | fields))


def right(**fields) -> actions.RightDraft:
    ordinary = {
        "quarter": "2025Q4", "since": TODAY, "until": LATER,
        "document_number": "虚构函〔2026〕1号", "reason": "专项督查",
    }  # fmt: skip
    return actions.RightDraft(**(ordinary | fields))


@pytest.mark.parametrize(
    ("who", "act", "args", "given", "kind", "says"),
    [
        ("root", "create_bureau", (BUREAU, "再建"), {"level": BureauLevel.CITY}, Refused,
         "机构代码 990173 已经存在"),
        ("admin", "create_user", ("li", "另一人"), {"password": PASSWORD}, Refused,
         "登录名 li 已经有人使用"),
        ("admin", "create_user", ("new", "新人"), {"password": PASSWORD, "unit": "没有"}, Refused,
         "没有代码为 没有 的科室"),
        ("admin", "create_user", ("new", "新人"), {"password": "短"}, Refused, "密码不合要求"),
        ("admin", "reset_password", ("U-nobody", PASSWORD), {}, Stale, "不存在或已经停用"),
        ("admin", "disable_user", ("U-nobody",), {}, Stale, "不存在或已经停用"),
        ("security", "grant_role", ("U-nobody", Role.OFFICE), {"since": TODAY}, Refused,
         "不存在、已停用或不属于本机构"),
        ("security", "grant_role", ("U-li", Role.INSPECTOR), {"since": TODAY}, Stale,
         "李执法在这段时间已有“检查人员”角色"),
        ("security", "revoke_role", ("U-li", Role.OFFICE), {"on": TODAY}, Stale,
         "现在没有“负责科室人员”角色"),
        ("security", "reset_factor", ("U-li",), {}, Stale, "没有绑定动态口令"),
        ("security", "end_small_bureau", (), {}, Stale, "没有登记为小型机构"),
        ("admin", "fill_seat", (seat(until=TODAY),), {}, Refused, "任期止日应在起日"),
        ("admin", "end_seat", (404,), {"on": TODAY}, Stale, "任期已经结束或者还没有开始"),
        ("leader", "grant_records", (right(),), {}, Refused, "还没有指定上级机关"),
        ("leader", "end_records", (404,), {}, Stale, "已经到期或者终止"),
        ("root", "create_token", ("取数", frozenset({Power.SEE_REGISTER})), {"until": LATER},
         Refused, "个人令牌须由本人登录后新建"),
        ("leader", "create_token", (" ", frozenset({Power.SEE_REGISTER})), {"until": LATER},
         Refused, "请写明令牌的用途"),
        ("leader", "create_token", ("取" * 81, frozenset({Power.SEE_REGISTER})), {"until": LATER},
         Refused, "不超过 80 个字"),
        ("leader", "create_token", ("取数", frozenset()), {"until": LATER}, Refused,
         "请选择令牌的权限"),
        ("leader", "create_token", ("取数", frozenset({Power.APPROVE_PLAN})), {"until": LATER},
         Refused, "请选择令牌的权限"),
        ("leader", "create_token", ("取数", frozenset({Power.PUSH_ROWS})), {"until": LATER},
         NotAllowed, "没有“推送外部数据”的权限"),
        ("leader", "create_token", ("取数", frozenset({Power.SEE_REGISTER})),
         {"until": TODAY - timedelta(1)}, Refused, "到期日应在今天到"),
        ("leader", "create_token", ("取数", frozenset({Power.SEE_REGISTER})),
         {"until": TODAY + timedelta(367)}, Refused, "令牌最长用一年"),
        ("security", "revoke_token", ("K1",), {}, Stale, "不存在或者已经作废"),
        ("li", "revoke_token", ("K1",), {}, NotAllowed, "没有“授予角色”的权限"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_its_sentence(staff, who, act, args, given, kind, says):
    refused(kind, says, getattr(actions, act), *args, **given, by=staff[who])


def test_a_unit_has_one_code(staff):
    actions.create_unit(BUREAU, "dq", "大气科", by=staff["admin"], at=AT)
    refused(
        Refused, "科室代码 dq 已经存在",
        actions.create_unit, BUREAU, "dq", "另一科", by=staff["admin"],
    )  # fmt: skip


def test_a_member_sits_once_in_a_body(staff):
    actions.fill_seat(seat(), by=staff["admin"], at=AT)
    refused(Stale, "任期没有结束", actions.fill_seat, seat(since=LATER), by=staff["admin"])


def test_who_was_disabled_changes_no_password(staff):
    actions.disable_user("U-li", by=staff["admin"], at=AT)
    refused(Stale, "账号已停用或不存在", actions.change_password, PASSWORD, by=staff["li"])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"since": TODAY - timedelta(1)}, "不能倒填日期"),
        ({"until": TODAY}, "授权止日应在起日"),
        ({"until": TODAY + timedelta(367)}, "最长一年"),
        ({"quarter": "2026Q5"}, "季度"),
    ],
)
def test_a_right_of_the_superior_has_a_term_of_days_to_come(staff, fields, says):
    actions.create_bureau(SUPERIOR, "市局（虚构）", level=BureauLevel.CITY, by=staff["root"], at=AT)
    actions.set_superior(BUREAU, SUPERIOR, by=staff["root"], at=AT)
    refused(Refused, says, actions.grant_records, right(**fields), by=staff["leader"])
    number = actions.grant_records(right(), by=staff["leader"], at=AT)
    assert record_reads.right(number, SUPERIOR, TODAY).bureau == BUREAU
    for superior, on in ((SUPERIOR, LATER), ("990101", TODAY)):
        with pytest.raises(NotAllowed, match="没有这项调阅授权"):
            record_reads.right(number, superior, on)
    actions.end_records(number, by=staff["leader"], at=AT)
    refused(Stale, "已经到期或者终止", actions.end_records, number, by=staff["leader"])


@pytest.mark.parametrize(
    ("read", "args", "says"),
    [
        (reads.person, ("U-nobody", TODAY), "没有编号为 U-nobody 的用户"),
        (reads.ref_of, ("nobody",), "没有登录名为 nobody 的用户"),
        (reads.bureau, ("123456",), "没有代码为 123456 的机构"),
    ],
)
def test_who_is_not_there_is_not_found(staff, read, args, says):
    with pytest.raises(Refused, match=says):
        read(*args)


@pytest.mark.parametrize(
    ("who", "address", "given", "says"),
    [
        ("admin", "/people/groups/fill/", {"since": "昨天"}, "请填写小组、姓名、职务和任期起日"),
        ("security", "/people/U-li/role/", {"role": "king"}, "请从列表中选择角色"),
        ("admin", "/people/U-li/password/", {}, "请填写新的初始密码"),
        ("leader", "/people/records/grant/", {"since": "明天"}, "请填写季度、起止日期、文号和理由"),
    ],
)
def test_a_form_that_cannot_be_read_says_what_to_fill_in(
    staff, signed_in, who, address, given, says
):
    answer = signed_in(staff[who]).post(address, given)
    assert (answer.status_code, says in answer.content.decode()) == (409, True)


def test_people_of_another_bureau_have_no_page_here(staff, signed_in):
    actions.create_bureau(SUPERIOR, "市局（虚构）", level=BureauLevel.CITY, by=staff["root"], at=AT)
    ref = actions.create_user(
        "far", "远方人", password=PASSWORD, by=console(SUPERIOR, "root"), at=AT
    )
    answer = signed_in(staff["admin"]).get(f"/people/{ref}/")
    assert (answer.status_code, "不属于本机构" in answer.content.decode()) == (409, True)
    for act, args in (("disable_user", ()), ("reset_password", (PASSWORD,))):
        refused(Stale, "不存在或已经停用", getattr(actions, act), ref, *args, by=staff["admin"])
    assert models.User.objects.get(ref=ref).is_active


def test_a_sign_in_is_ended_once(staff, client):
    client.post("/login/", {"login": "li", "password": PASSWORD})
    number = models.SignIn.objects.get().pk
    actions.end_sign_in(number, by=staff["li"], at=AT)
    refused(Stale, "这次登录已经结束", actions.end_sign_in, number, by=staff["li"])
