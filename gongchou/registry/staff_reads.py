"""The staff list held against the register, and what is about to run out."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongchou.accounts import reads as accounts
from gongchou.core import roster
from gongchou.core.roster import drawable_problem
from gongchou.core.terms import DutyStatus, Role
from gongchou.core.workdays import written_day
from gongchou.registry import models
from gongchou.registry.fact_reads import valid_on
from gongchou.registry.people_reads import inspectors

AHEAD = timedelta(30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One inspector with what keeps the person out of a draw, and what will soon."""

    person: roster.Inspector
    unit_name: str
    problem: str
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffGap:
    """Somebody who stands on one list and not on the other."""

    name: str
    login: str
    says: str


def roll(bureau: str, on: date) -> tuple[PersonRow, ...]:
    """Everybody of the inspectors' register on a day."""
    units = {row.code: row.name for row in accounts.units(bureau)}
    units |= {row.code: row.name for row in accounts.bureaus()}
    return tuple(
        PersonRow(
            person=person,
            unit_name=units.get(person.unit, person.unit),
            problem=drawable_problem(person, on) or "",
            warning=_soon(person, on),
        )
        for person in inspectors(bureau, on)
    )


def _soon(person: roster.Inspector, on: date) -> str:
    """What changes within thirty days."""
    card, begins, ends = person.card_valid_until, person.away_since, person.away_until
    if person.is_certified and card and on <= card <= on + AHEAD:
        return f"执法证将于{written_day(card)}到期，请及时换证并更新名录。"
    if person.duty_status in (DutyStatus.ON_DUTY, DutyStatus.LEFT):
        return ""
    if begins and on < begins <= on + AHEAD:
        return f"将自{written_day(begins)}起{person.duty_status.label}。"
    if ends and on <= ends <= on + AHEAD:
        return f"{person.duty_status.label}至{written_day(ends)}，请核实是否按期回岗。"
    return ""


def staff_gaps(bureau: str, on: date) -> tuple[StaffGap, ...]:
    """Accounts with the role and no entry, and entries without a true account; each with why."""
    rows = models.InspectorVersion.objects.filter(valid_on(on), bureau__code=bureau)
    entries = list(rows.order_by("inspector__ref").values_list("name", "login", "duty_status"))
    people = {person.login: person for person in accounts.people(bureau, on)}
    known = {login for _, login, _ in entries if login}
    missing = [
        StaffGap(
            name=person.name,
            login=person.login,
            says="有检查人员角色，名录中没有这个登录名：不会被抽到，也不能申报回避。"
            "请在名录中补登或者填写登录名；不再执法的，请收回角色。",
        )
        for person in people.values()
        if person.is_active and Role.INSPECTOR in person.roles and person.login not in known
    ]
    reverse = [
        StaffGap(name=name, login=login, says=says)
        for name, login, status in entries
        if status != DutyStatus.LEFT.value and (says := _account_problem(login, people))
    ]
    return tuple(sorted((*missing, *reverse), key=lambda gap: gap.says))


def _account_problem(login: str, people: dict[str, accounts.PersonRow]) -> str:
    if not login:
        return "名录中没有填写登录名：抽到以后本人看不到任务。请填写登录名。"
    if login not in people:
        return f"名录中的登录名“{login}”没有对应的用户。请核对，或者请系统管理员新建用户。"
    if not people[login].is_active:
        return f"用户“{login}”已停用，名录中仍在岗。请更新在岗状态，或者请系统管理员启用。"
    if Role.INSPECTOR not in people[login].roles and Role.PARTNER not in people[login].roles:
        return f"用户“{login}”没有检查人员角色。请安全管理员授予角色，或者更新名录。"
    return ""
