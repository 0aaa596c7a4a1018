from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import actions, entry, organisation_reads, reads
from gongchou.accounts.access import requires, signed_in
from gongchou.accounts.forms import (
    LoginForm,
    NewPasswordForm,
    PasswordForm,
    PersonForm,
    RoleForm,
)
from gongchou.core.powers import APART, Power, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import Role
from gongchou.web.clock import day_of


def sign_in(request: HttpRequest) -> HttpResponse:
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["login"], form.cleaned_data["password"]
        user = authenticate(request, login=name, password=password)
        if user is not None:
            login(request, user)
            actor = reads.actor_of(user.ref, day_of(request.at))
            entry.note_sign_in(request, actor)
            return redirect(entry.next_page(request))
        claimed = reads.claimed(name)
        if claimed is not None:
            actions.record_failed_login(by=claimed, at=request.at)
        form.add_error(None, "登录名或密码不对。连续错 5 次将锁定 15 分钟。")
    return render(request, "accounts/login.html", {"form": form})


@require_POST
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    key = request.session.session_key or ""
    actions.record_logout(session_key=key, by=request.actor, at=request.at)
    logout(request)
    return redirect("accounts:login")


@signed_in
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(form.cleaned_data["password"], by=request.actor, at=request.at)
        except Refused as refusal:
            form.add_error("password", str(refusal))
        else:
            entry.keep_signed_in(request)
            messages.success(request, "密码已修改。")
            return redirect("/")
    return render(request, "accounts/password.html", {"form": form})


@signed_in
def people(request: HttpRequest) -> HttpResponse:
    rows = reads.people(request.actor.bureau, day_of(request.at))
    last = reads.last_sign_ins(request.actor.bureau)
    context = {
        "people": [(row, last.get(row.ref)) for row in rows],
        "may_add": may(request.actor, Power.MANAGE_USERS),
        "may_grant": may(request.actor, Power.GRANT_ROLES),
        "may_see_rights": may(request.actor, Power.GRANT_RECORDS)
        or may(request.actor, Power.READ_AUDIT),
        "small": organisation_reads.small_bureau(request.actor.bureau, day_of(request.at)),
        "overlapping": organisation_reads.overlapping(request.actor.bureau, day_of(request.at)),
        **_tree(request),
    }
    return render(request, "accounts/people.html", context)


def _tree(request: HttpRequest) -> dict[str, object]:
    """The bureau above this one, and those it could be."""
    own, all_ = reads.bureau(request.actor.bureau), reads.bureaus()
    return {
        "superior": next((row for row in all_ if row.code == own.superior), None),
        "may_be_superior": [
            row
            for row in all_
            if not row.is_partner and row.is_above(own) and row.code != own.superior
        ],
    }


@signed_in
def powers(request: HttpRequest) -> HttpResponse:
    """The table of roles and powers, as the program itself asks it."""
    context = {"roles": reads.role_sheets(), "apart": APART}
    return render(request, "accounts/powers.html", context)


@require_POST
@requires(Power.MANAGE_USERS)
def superior(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("superior", "")
    actions.set_superior(request.actor.bureau, code, by=request.actor, at=request.at)
    messages.success(request, f"{reads.bureau(code).name}已指定为本机构的上级机关。")
    return redirect("accounts:people")


@requires(Power.MANAGE_USERS)
def new_person(request: HttpRequest) -> HttpResponse:
    units = [(unit.code, unit.name) for unit in reads.units(request.actor.bureau)]
    form = PersonForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            ref = actions.create_user(**form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已新建用户，请安全管理员授予角色。")
            return redirect("accounts:person", ref)
    return render(request, "accounts/new_person.html", {"form": form})


@signed_in
def person(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.person(ref, day_of(request.at))
    if found.bureau != request.actor.bureau:
        raise Refused("该用户不属于本机构。")
    context = {
        "person": found,
        "grants": reads.grants(ref, day_of(request.at)),
        "form": RoleForm(),
        "may_grant": may(request.actor, Power.GRANT_ROLES),
        "may_disable": may(request.actor, Power.MANAGE_USERS) and found.is_active,
        "has_factor": reads.has_factor(ref),
        "new_password": NewPasswordForm(),
    }
    return render(request, "accounts/person.html", context)


@require_POST
@requires(Power.GRANT_ROLES)
def change_role(request: HttpRequest, ref: str) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Refused("请从列表中选择角色，日期写成 2026-01-05 的样子。")
    role, today = Role(form.cleaned_data["role"]), day_of(request.at)
    if request.POST.get("end"):
        actions.revoke_role(ref, role, on=today, by=request.actor, at=request.at)
    else:
        given = {"until": form.cleaned_data["until"], "overlap": form.cleaned_data["overlap"]}
        actions.grant_role(ref, role, since=today, **given, by=request.actor, at=request.at)
    messages.success(request, f"“{role.label}”已更新。")
    return redirect("accounts:person", ref)


@require_POST
@requires(Power.MANAGE_USERS)
def disable(request: HttpRequest, ref: str) -> HttpResponse:
    actions.disable_user(ref, by=request.actor, at=request.at)
    messages.success(request, "已停用该用户。")
    return redirect("accounts:person", ref)


@require_POST
@requires(Power.MANAGE_USERS)
def reset_password(request: HttpRequest, ref: str) -> HttpResponse:
    form = NewPasswordForm(request.POST)
    if not form.is_valid():
        raise Refused("请填写新的初始密码。")
    password = form.cleaned_data["password"]
    actions.reset_password(ref, password, by=request.actor, at=request.at)
    messages.success(request, "已重置密码，请当面告知本人；本人登录后须马上修改。")
    return redirect("accounts:person", ref)


@require_POST
@requires(Power.GRANT_ROLES)
def reset_factor(request: HttpRequest, ref: str) -> HttpResponse:
    actions.reset_factor(ref, by=request.actor, at=request.at)
    messages.success(request, "已解除动态口令，本人下次登录时重新绑定。")
    return redirect("accounts:person", ref)
