"""Every address × seeing and acting × every role × own, other and sealed, as the table says."""

import json
import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.accounts.models import User
from gongchou.audit import reads as audit
from gongchou.config import demo_bureau, demo_ceremony, demo_year
from gongchou.config.demo_agenda import person as demo_person
from gongchou.config.demo_bureau import CODE
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, console, outsider, powers_of, system
from gongchou.core.terms import BureauLevel, Role
from gongchou.drawing import reads as draws
from gongchou.inspection import reads as visits
from gongchou.intake import actions as intake
from gongchou.offsite import reads as offsite
from gongchou.planning import reads as plans
from gongchou.registry import people_reads as registered
from gongchou.registry import reads as register
from gongchou.reporting import actions as oversight
from gongchou.reporting import reads as reports
from gongchou.web.clock import day_of, move_demo_clock
from gongchou.webhooks import actions as webhooks
from tests.permissions.table import ANYBODY, FIELD, NEVER, SIGNED_IN, TOKEN, Who, addresses, doors

pytestmark = pytest.mark.once
DOORS = doors()
OTHER = "990174"
PASSWORD = "长口令-not-secret-1"
# What a role's own person of the demonstration is called; the other bureau's are made here.
OWN = {
    Role.OFFICE: "chen",
    Role.LEADER: "zhao",
    Role.SECRECY: "bao",
    Role.WITNESS: "zhou",
    Role.REVIEWER: "shen",
    Role.PUBLISHER: "gong",
    Role.ADMIN: "gu",
    Role.SECURITY: "an",
    Role.AUDITOR: "ji",
}
CASES = [None, *Role]
# Of no bureau: what anybody may read, and what wants a token.
PUBLIC = ("/demo/", "/open/", "/healthz", "/api/", "/field/")


def named(role: Role | None) -> str:
    return role.value if role else "visitor"


def test_the_table_lists_every_address_and_no_other():
    listed, there = [door.address for door in DOORS], addresses()
    assert sorted(listed) == sorted(there)
    assert len(set(listed)) == len(listed)


def test_the_matrix_has_ten_thousand_cells():
    """Own: every role and the visitor; other: every role; sealed: the doors of a draw."""
    sealed = sum(door.address.startswith("/draw/<ref>/") for door in DOORS)
    others = sum(not door.address.startswith(PUBLIC) for door in DOORS)
    cells = 2 * (len(CASES) * len(DOORS) + len(Role) * others + len(CASES) * sealed)
    assert cells >= 10_000


# --- a bureau with a finished quarter and a sealed draw, and another bureau beside it


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    at = demo_bureau.opening(date(2026, 4, 20))
    with django_db_blocker.unblock(), transaction.atomic():
        demo_year.build(at, finished=1)
        plan = plans.plan_of(CODE, "2026Q2")
        sealed = demo_ceremony.hold(plans.tasks(CODE, "2026Q2")[0].ref, at)
        yield Stage(at, plan.ref, sealed)
        transaction.set_rollback(True)


@pytest.fixture
def stage(built):
    """The bureaus on their day; each test ends in real time, and begins at theirs."""
    move_demo_clock(built.at)
    return built


class Stage:
    """Persons by role, of the bureau and of another, and one of each thing there is."""

    def __init__(self, at, plan, sealed):
        root = console(OTHER, "root")
        accounts.create_bureau(
            OTHER, "邻区分局（虚构）", level=BureauLevel.DISTRICT, by=root, at=at
        )
        self.at, self.people = at, {}
        superior = people.bureau(CODE).superior
        known = {
            Role.INSPECTOR: sent(at),
            Role.PARTNER: guest(at),
            Role.SUPERIOR: make(superior, Role.SUPERIOR, at),
        }
        for role in Role:
            own = known.get(role) or demo_person(OWN[role], at)
            self.people[role] = (own, make(OTHER, role, at))
        self.sealed = sealed
        self.parts = parts(at, plan)
        self.names = [row.name.encode() for row in register.snapshot(CODE, day_of(at)).subjects]
        # Those whose name nobody next door has, made of the name of a role.
        self.staff = [
            row.name.encode() for row in people.people(CODE, day_of(at)) if "（" not in row.name
        ]


def sent(at) -> Actor:
    """An inspector who is on the team of the visit that all roles are asked about."""
    team = team_asked_about()
    for row in people.people(CODE, day_of(at), Role.INSPECTOR):
        known = registered.inspector_of_person(row.ref, CODE, day_of(at))
        if known is not None and known.ref in team:
            return people.actor_of(row.ref, day_of(at))
    raise AssertionError("nobody of the team signs in")


def guest(at) -> Actor:
    """Of a department in the joint draw of the first quarter, and not on that team."""
    team = team_asked_about()
    for number in range(1, 5):
        actor = demo_person(f"sc{number}", at)
        known = registered.inspector_of_person(actor.ref, CODE, day_of(at))
        if known is not None and known.ref not in team:
            return actor
    raise AssertionError("the whole department is on the team")


def team_asked_about() -> set[str]:
    order = apps.get_model("inspection", "CorrectionOrder").objects.order_by("pk")[0]
    return {member.inspector for member in order.visit.team.all()}


def make(bureau: str, role: Role, at) -> Actor:
    root = console(bureau, "root")
    login = f"{role.value}-{bureau}"
    ref = accounts.create_user(login, f"{role.label}（虚构）", password=PASSWORD, by=root, at=at)
    accounts.grant_role(ref, role, since=day_of(at), by=root, at=at)
    User.objects.filter(ref=ref).update(must_change_password=False)
    return people.actor_of(ref, day_of(at))


def first(model, **where):
    row = model.objects.filter(**where).order_by("pk").first()
    return row.ref if row else "X-1"


def parts(at, plan: str) -> list[tuple[str, dict[str, str]]]:
    """What stands in the gaps of an address, by its beginning, the most exact first."""
    of = apps.get_model
    draw = draws.draws(CODE, "2026Q1")[0].ref
    joint = next(row.ref for row in draws.draws(CODE, "2026Q1") if row.is_joint)
    right = str(right_of(at))
    table = reports.versions(CODE, "2026Q1")[0].ref
    order = of("inspection", "CorrectionOrder").objects.order_by("pk")[0]
    visit, here = visits.visit(order.visit.ref), {"bureau__code": CODE}
    return [
        ("/demo/", {"name": "chen"}),
        ("/trail/", {"seq": str(audit.head(CODE).size)}),
        ("/webhooks/", {"ref": told_by_hook(at)}),
        ("/people/records/", {"number": right}),
        ("/people/", {"ref": "U-wang"}),
        ("/discipline/reports/", {"ref": reported(at)}),
        ("/oversight/assessments/", {"ref": "X-1", "number": "1"}),
        ("/oversight/tasks/", {"ref": "X-1"}),
        ("/oversight/rechecks/", {"ref": "X-1", "number": "1"}),
        ("/oversight/alarms/", {"number": str(alarm_of(at))}),
        ("/register/subjects/", {"ref": first(of("registry", "Subject"), **here), "merged": "1"}),
        ("/register/inspectors/", {"ref": first(of("registry", "Inspector"), **here)}),
        ("/register/designations/", {"ref": "X-1", "act": "approve"}),
        ("/register/recusals/", {"ref": "X-1", "act": "confirm"}),
        ("/register/export/", {"kind": "subjects"}),
        ("/register/changes/", {"ref": first(of("registry", "RegisterChange"), **here)}),
        ("/register/import/template/", {"kind": "subjects"}),
        ("/register/import/", {"ref": first(of("registry", "ImportBatch"), **here)}),
        ("/register/items/", {"ref": first(of("registry", "ItemList"), **here), "code": "1"}),
        (
            "/training/quizzes/",
            {"ref": first(of("training", "Quiz"), event__bureau__code=CODE)},
        ),
        ("/training/practices/", {"ref": first(of("training", "GoodPractice"), **here)}),
        ("/training/", {"ref": first(of("training", "TrainingEvent"), **here), "number": "1"}),
        ("/plan/policy/", {"key": "quota.special", "ref": "X-1"}),
        ("/plan/proposals/", {"ref": first(of("planning", "ClassificationProposal"), **here)}),
        ("/plan/tasks/", {"ref": plans.tasks(CODE, "2026Q1")[0].ref}),
        ("/plan/", {"ref": plan, "year": "2026", "subject": visit.subject, "form": "pdf"}),
        ("/draw/witness/", {"bureau": CODE, "void": "X-1"}),
        ("/draw/openings/", {"ref": first(of("drawing", "Opening"), draw__ref=draw)}),
        ("/draw/joint/", {"ref": joint}),
        ("/draw/", {"ref": draw, "number": "1", "name": "scheme"}),
        ("/offsite/complaints/", {"ref": "X-1"}),
        ("/offsite/clues/", {"ref": "X-1", "number": "1"}),
        ("/offsite/inlets/", {"ref": "X-1"}),
        ("/offsite/remote/", {"ref": "X-1", "subject": visit.subject}),
        ("/offsite/monitors/", {"ref": "X-1"}),
        ("/offsite/rules/", {"rule": "A01", "ref": "X-1"}),
        ("/offsite/findings/", {"ref": "X-1"}),
        ("/offsite/watch/", {"subject": visit.subject, "kind": "meter", "ref": "X-1"}),
        ("/visits/letters/", {"ref": "X-1"}),
        ("/visits/consult/", {"number": right, "ref": visit.ref}),
        ("/offsite/check/", {"ref": offsite.checks(CODE, "2026Q1")[0].ref}),
        ("/offsite/", {"quarter": "2026Q2", "subject": visit.subject}),
        ("/visits/clues/", {"ref": "X-1"}),
        ("/visits/targeted/", {"ref": "X-1"}),
        ("/visits/evidence/", {"ref": "X-1"}),
        ("/visits/looks/", {"ref": "X-1"}),
        ("/visits/numbers/", {"form": "csv"}),
        ("/visits/phones/", {"ref": "X-1"}),
        ("/visits/orders/", {"ref": order.ref}),
        ("/visits/draws/", {"draw": draw}),
        (
            "/visits/",
            {"ref": visit.ref, "subject": visit.subject, "number": "1", "kind": "survey"},
        ),
        ("/publish/firms/", {"subject": visit.subject}),
        ("/publish/", {"ref": first(of("publication", "Publication"), bureau=CODE), "form": "pdf"}),
        ("/statistics/cell/", {"key": "done.key"}),
        ("/statistics/", {"ref": table, "key": "done.key", "form": "pdf"}),
        ("/board/clause/", {"key": "ratio.key"}),
        ("/open/data/", {"name": "results"}),
        ("/open/", {"ref": first(of("publication", "Publication"), bureau=CODE), "number": "1"}),
    ]


def right_of(at) -> int:
    """The superior's right to read the records of the first quarter."""
    until = day_of(at) + timedelta(30)
    draft = accounts.RightDraft(
        quarter="2026Q1", since=day_of(at), until=until, document_number="临环函〔2026〕1号",
        reason="专项核查",
    )  # fmt: skip
    return accounts.grant_records(draft, by=demo_person("zhao", at), at=at)


def told_by_hook(at) -> str:
    """A system that is told of events."""
    draft = webhooks.WebhookDraft(
        name="市平台", url="https://platform.example/events", kinds=(EventKind.PLAN_APPROVED,)
    )
    return webhooks.create_webhook(draft, by=demo_person("gu", at), at=at)


def reported(at) -> str:
    """A report of a stranger about somebody's conduct."""
    draft = intake.ReportDraft(about="某某", says="虚构的情况")
    return intake.send_report(draft, chance=bytes(15), by=outsider(CODE), at=at).ref


def alarm_of(at) -> int:
    """An alarm about the first quarter, whatever it is about."""
    oversight.raise_alarms(by=system(CODE), at=at)
    row = apps.get_model("reporting", "Alarm").objects.order_by("pk").first()
    return row.pk if row else 1


def filled(address: str, known: list[tuple[str, dict[str, str]]]) -> str:
    """The address of a thing that is there; what is unknown gets a name that nothing has."""
    words = next((words for start, words in known if address.startswith(start)), {})
    return re.sub(r"<(\w+)>", lambda gap: words.get(gap[1], "1"), address)


# --- one answer


class Visitor:
    """A browser that puts everything back after each answer."""

    def __init__(self, actor: Actor | None) -> None:
        self.client = Client(raise_request_exception=False)
        if actor is not None:
            self.client.force_login(User.objects.get(ref=actor.ref))

    def ask(self, method: str, address: str):
        kept, clock = self.client.cookies.copy(), settings.DEMO_CLOCK.read_text()
        with transaction.atomic():
            answer = getattr(self.client, method)(address)
            if not answer.streaming:
                answer.content  # noqa: B018 - read inside the transaction
            transaction.set_rollback(True)
        self.client.cookies = kept
        settings.DEMO_CLOCK.write_text(clock)
        return answer


def is_login(answer) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login/?next=")


def problem(answer, who: Who, role: Role | None, door: str) -> str:
    """What is wrong with an answer to this role, or nothing."""
    status = answer.status_code
    if status >= 500:
        return f"breaks with {status}"
    if who == NEVER:
        return (
            ""
            if status in (401, 403, 405) or is_login(answer)
            else f"should be no use, is {status}"
        )
    if who in (TOKEN, FIELD):
        is_out = who == TOKEN or Power.DO_VISIT not in powers_of_role(role)
        return "" if (status == 401) is is_out else f"is for a program, and answers {status}"
    if role is None and who != ANYBODY:
        return "" if is_login(answer) else f"lets a visitor in with {status}"
    may_enter = who in (ANYBODY, SIGNED_IN) or not powers_of_role(role).isdisjoint(who)
    if role is Role.PARTNER and door.startswith("/visits/"):
        # The partner of the stage is not on the team: to them the visit is another's.
        return "" if status >= 400 or "<" not in door else f"opens another's visit with {status}"
    return page_problem(status, may_enter=may_enter, is_sent_away=status == 403 or is_login(answer))


def page_problem(status: int, *, may_enter: bool, is_sent_away: bool) -> str:
    if may_enter and is_sent_away:
        return f"keeps out who may come in, with {status}"
    if not may_enter and status != 403:
        return f"lets in who may not, with {status}"
    return ""


def powers_of_role(role: Role | None) -> frozenset:
    roles = frozenset({role}) if role else frozenset()
    return powers_of(Actor(ref="-", name="-", bureau=CODE, roles=roles))


@pytest.mark.parametrize("role", CASES, ids=named)
def test_the_own_bureau_lets_in_whom_the_table_says(stage, db, role):
    browser = Visitor(stage.people[role][0] if role else None)
    found = []
    for door in DOORS:
        address = filled(door.address, stage.parts)
        for method, who in (("get", door.get), ("post", door.post)):
            wrong = problem(browser.ask(method, address), who, role, door.address)
            if wrong:
                found.append(f"{method} {address}: {wrong}")
    assert not found, "\n".join(found)


# --- another bureau, and what is still sealed


# They name a kind or a cell, not a thing: everybody gets the own one.
LISTS = (
    "/statistics/cell/",
    "/register/export/",
    "/register/import/template/",
    "/visits/numbers/table/",
)
# A rule as the product ships it, and the form for the own version of it.
SHARED = ("/offsite/rules/<rule>/", "/offsite/rules/<rule>/change/")


def is_whole(address: str) -> bool:
    """An address that names nothing of a bureau: a list, a form, a board, the own cell."""
    return "<" not in address or address.startswith(LISTS) or address in SHARED


@pytest.mark.parametrize("role", list(Role), ids=named)
def test_another_bureau_sees_and_moves_nothing_of_ours(stage, db, role):
    """Whoever comes from next door, under the same role, is refused or sees the own nothing."""
    browser, found = Visitor(stage.people[role][1]), []
    for door in DOORS:
        if door.address.startswith(PUBLIC):
            continue
        address = filled(door.address, stage.parts)
        for method in ("get", "post"):
            answer = browser.ask(method, address)
            if answer.status_code >= 500:
                found.append(f"{method} {address}: breaks with {answer.status_code}")
            elif not is_whole(door.address) and answer.status_code < 400:
                found.append(f"{method} {address}: {answer.status_code}")
            elif answer.status_code == 200 and shows_ours(answer, stage):
                found.append(f"{method} {address}: shows what is ours")
    assert not found, "\n".join(found)


def shows_ours(answer, stage) -> bool:
    """A number, a site or a person of ours; the superior, who watches us, may know our name."""
    body = b"".join(answer) if answer.streaming else answer.content
    marks = (f"-{CODE}-".encode(), f"{CODE}-2026".encode(), *stage.names, *stage.staff)
    return any(mark in body for mark in marks)


SIGHTS = frozenset({Power.SEE_REGISTER, Power.SEE_INSPECTORS})


def secret_for(bureau: str, at) -> str:
    """A program of a bureau, that may read all a program can be let read."""
    until, root = day_of(at) + timedelta(30), console(bureau, "root")
    return accounts.create_token("取数", SIGHTS, until=until, is_own=False, by=root, at=at)


def readings(stage, secret: str) -> list[tuple[str, bytes]]:
    """What every address that can be read answers to a token, of our things where one is named."""
    ours = first(apps.get_model("registry", "Subject"), bureau__code=CODE)
    head, found = {"authorization": f"Bearer {secret}"}, []
    for path, acts in Client().get("/api/v1/openapi.json").json()["paths"].items():
        if "get" in acts:
            answer = Client().get(path.replace("{ref}", ours), headers=head)
            assert answer.status_code in (200, 404), f"{path}: {answer.status_code}"
            found.append((path, json.dumps(answer.json(), ensure_ascii=False).encode()))
    return found


def test_a_program_of_another_bureau_reads_nothing_of_ours_at_any_address(stage, db):
    found = readings(stage, secret_for(OTHER, stage.at))
    marks = (*stage.names, *stage.staff)
    assert len(found) >= 7
    assert [path for path, body in found if any(mark in body for mark in marks)] == []


def test_the_look_at_programs_sees_ours_where_it_may(stage, db):
    """The check itself: our own program reads names of sites and of inspectors."""
    bodies = b"".join(body for _, body in readings(stage, secret_for(CODE, stage.at)))
    assert any(name in bodies for name in stage.names)
    assert any(name in bodies for name in stage.staff)


@pytest.mark.parametrize("role", CASES, ids=named)
def test_nobody_sees_a_name_of_a_sealed_list(stage, db, role):
    """Of a sealed draw every door is asked, by every role; what is not released is not there."""
    browser, found = Visitor(stage.people[role][0] if role else None), []
    known = [("/draw/", {"ref": stage.sealed, "number": "1", "name": "confirmation"})]
    for door in DOORS:
        if not door.address.startswith("/draw/<ref>/"):
            continue
        address = filled(door.address, known)
        for method in ("get", "post"):
            answer = browser.ask(method, address)
            body = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code >= 500 or any(name in body for name in stage.names):
                found.append(f"{method} {address}: {answer.status_code}")
            if "<number>" in door.address and answer.status_code < 400 and not is_login(answer):
                found.append(f"{method} {address}: opens what is sealed")
    assert not found, "\n".join(found)


def test_the_look_for_names_finds_one_that_is_there(stage, db):
    """The check itself: on the register, where the names may stand, it sees them."""
    browser = Visitor(stage.people[Role.OFFICE][0])
    body = browser.ask("get", "/register/").content
    assert any(name in body for name in stage.names)
    assert problem(browser.ask("get", "/register/"), frozenset(), Role.OFFICE, "/register/")


def test_few_gaps_are_filled_with_what_is_not_there(stage, db):
    missing = [start for start, words in stage.parts if "X-1" in words.values()]
    letters = [
        "/offsite/complaints/",
        "/offsite/clues/",
        "/offsite/inlets/",
        "/offsite/remote/",
        "/offsite/monitors/",
        "/offsite/rules/",
        "/offsite/findings/",
        "/offsite/watch/",
        "/visits/letters/",
    ]
    empty = ["/register/designations/", "/register/recusals/", "/register/import/"]
    assert missing == [
        "/oversight/assessments/",
        "/oversight/tasks/",
        "/oversight/rechecks/",
        *empty,
        "/plan/policy/",
        "/draw/witness/",
        *letters,
        "/visits/clues/",
        "/visits/targeted/",
        "/visits/evidence/",
        "/visits/looks/",
        "/visits/phones/",
    ]
