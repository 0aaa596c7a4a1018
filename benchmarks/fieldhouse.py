"""The bureau of a day in the field: two officers, their sites, and a case visit to each site."""

from typing import Any

from benchmarks.place import AT, TODAY

CODE, SIGNING, PASSWORD = "990174", "731946", "长口令-not-secret-1"


def house(visits: int) -> tuple[dict[str, Any], list[str]]:
    """A bureau with so many sites, and a case visit to each for the same two officers."""
    from gongchou.inspection import actions
    from gongchou.inspection.drafts import CaseVisitDraft
    from gongchou.registry import reads as registers

    who = _people()
    _registers(visits, who)
    actions.set_signing_pin(SIGNING, by=who["wang"], at=AT)
    team = tuple(person.ref for person in registers.inspectors(CODE, TODAY))
    refs = [
        actions.open_case_visit(
            CaseVisitDraft(subject=site.ref, ground="测量", inspectors=team, planned_on=TODAY),
            by=who["chen"], at=AT,
        )
        for site in registers.subjects(CODE, TODAY).rows
    ]  # fmt: skip
    return who, sorted(refs)


def login_of(name: str) -> str:
    """Logins of its own: other figures have left people of theirs in the same house."""
    return f"field-{name}"


def _people() -> dict[str, Any]:
    """The bureau and its people, by the name that their logins end in."""
    from gongchou.accounts import actions as accounts
    from gongchou.accounts import reads as people
    from gongchou.accounts.models import User
    from gongchou.core.powers import console
    from gongchou.core.terms import BureauLevel, Role

    root, who = console(CODE, "figures"), {}
    accounts.create_bureau(CODE, "测量用", level=BureauLevel.DISTRICT, by=root, at=AT)
    roles = (
        ("chen", Role.OFFICE),
        ("lin", Role.LEADER),
        ("li", Role.INSPECTOR),
        ("wang", Role.INSPECTOR),
    )
    for name, role in roles:
        ref = accounts.create_user(login_of(name), name, password=PASSWORD, by=root, at=AT)
        accounts.grant_role(ref, role, since=TODAY, by=root, at=AT)
        who[name] = people.actor_of(ref, TODAY)
    User.objects.update(must_change_password=False)
    return who


def _registers(count: int, who: dict[str, Any]) -> None:
    """So many sites, two officers and an approved list of two items."""
    from gongchou.core.terms import ImportKind
    from gongchou.registry import actions as registry
    from gongchou.registry import reads as registers
    from tests.inspection.people import ITEMS, SITES, STAFF
    from tests.registry.test_import import csv, take, uscc

    sites = [
        f"虚构{n:02}厂,{uscc(n)},{uscc(n)}001P,重点管理,东片,废气" for n in range(1, count + 1)
    ]
    staff = [
        f"{name},zd,{login_of(login)},虚{n},是,2030-12-31,在岗"
        for n, (name, login) in enumerate((("李执法", "li"), ("王执法", "wang")), 1)
    ]
    items = [
        "PERMIT,排污许可,zd,持证排污,一般检查事项,虚构条例第十四条,证照齐全,",
        "AIR,大气治理,zd,治理设施,重点检查事项,虚构法第二条,同步运行,废气",
    ]
    take(ImportKind.SUBJECTS, csv(*sites, header=SITES), who["chen"])
    take(ImportKind.INSPECTORS, csv(*staff, header=STAFF), who["chen"])
    take(ImportKind.ITEMS, csv(*items, header=ITEMS), who["chen"])
    for row in registers.item_lists(CODE):
        registry.approve_item_list(row.ref, on=TODAY, by=who["lin"], at=AT)
