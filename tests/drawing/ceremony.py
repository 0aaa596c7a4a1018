"""A whole draw in few words, for this room's tests and for those downstream.

`prepared()` makes an approved plan with rosters, people, custodians and their key; `sealed_draw()`
plays the ceremony to the sealed list; `released_visits()` opens it. All by the product's own acts,
under the names of the house: 丁测算, 陈组长, 林局长, 周监督, 吴监督, 鲍保密, 米保密, 封保密.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.core.powers import Actor, console
from gongchou.core.terms import BureauLevel, DrawState, ImportKind, Role
from gongchou.core.workdays import Quarter
from gongchou.drawing import actions, reads
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.web.clock import SHANGHAI, day_of
from tests.conftest import AT, BUREAU
from tests.registry.test_import import uscc

UNITS = (("zd", "执法大队"), ("dq", "大气科"), ("st", "水土科"))
STAFF = (
    ("ding", "丁测算", Role.OFFICE),
    ("chen", "陈组长", Role.OFFICE),
    ("lin", "林局长", Role.LEADER),
    ("zhou", "周监督", Role.WITNESS),
    ("wu", "吴监督", Role.WITNESS),
    ("bao", "鲍保密", Role.SECRECY),
    ("mi", "米保密", Role.SECRECY),
    ("feng", "封保密", Role.SECRECY),
)
CUSTODIANS = ("bao", "mi", "feng")
SITE = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,污染物类型"
PERSON = "姓名,科室,登录名,执法证号,执法资格,有效期至,专长,片区,在岗状态"
ITEM = "类别编码,类别名称,责任科室代码,事项名称,事项类别,检查依据,适用污染物类型"
ITEMS = (
    "PERMIT,排污许可,zd,持证排污,一般检查事项,虚构条例,",
    "AIR,大气治理,dq,废气收集,重点检查事项,虚构条例,废气",
    "WATER,水污染防治,st,废水处理,重点检查事项,虚构条例,废水",
)
THROWS = "1234561234561234561234561"
RULE = "d6:25 现场投掷"


def passphrase(login: str) -> str:
    return f"演示保管口令-{login}"


def text_of(login: str) -> str:
    """The words that a contributor promises and later says."""
    return f"{login} 当日写下的一段别人想不到的文字"


@dataclass(frozen=True, slots=True)
class Stage:
    """Who is there, and what is drawn from."""

    task: str
    plan: str
    quarter: str
    cast: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, login: str) -> Actor:
        try:
            return self.cast[login]
        except KeyError:
            raise AttributeError(login) from None


def actor(login: str, name: str, *roles: Role, at: datetime = AT) -> Actor:
    """A person of the bureau with these roles; made where there is none yet."""
    root, today = console(BUREAU, "root"), day_of(at)
    known = {person.login: person for person in people.people(BUREAU, today)}
    if login not in known:
        accounts.create_user(login, name, password="长口令-not-secret-1", by=root, at=at)
    held = known[login].roles if login in known else frozenset()
    for role in roles:
        if role not in held:
            accounts.grant_role(f"U-{login}", role, since=today, by=root, at=at)
    return people.actor_of(f"U-{login}", today)


def _take(kind: ImportKind, header: str, lines: Sequence[str], by: Actor, at: datetime) -> None:
    content = "\n".join([header, *lines]).encode()
    registry.import_file(
        kind, content, f"{kind.label}.csv", is_strict=True, on=day_of(at), by=by, at=at
    )


def _sites(count: int) -> list[str]:
    """Key permit management for every third, gas and water in turn, one area."""
    lines = []
    for n in range(1, count + 1):
        category = "重点管理" if n % 3 == 0 else "简化管理"
        stuff = "废气" if n % 2 else "废水"
        code = uscc(n)
        lines.append(f"虚构化工{n:03},{code},{code}001P,{category},东片,{stuff}")
    return lines


def _officers(count: int) -> list[str]:
    """Two of three in the brigade, the others in the two sections; the first is 李执法."""
    lines = []
    for n in range(1, count + 1):
        unit = "zd" if n % 3 else ("dq", "st")[n // 3 % 2]
        name, login = ("李执法", "li") if n == 1 else (f"虚构检查员{n:02}", "")
        lines.append(f"{name},{unit},{login},虚构{n:04},是,2030-12-31,废气、废水,东片,在岗")
    return lines


def prepared(
    *, sites: int = 24, officers: int = 9, at: datetime = AT, has_key: bool = True
) -> Stage:
    """Registers, an approved plan, the people of the ceremony, and the custodians' key."""
    root = console(BUREAU, "root")
    if BUREAU not in {row.code for row in people.bureaus()}:
        accounts.create_bureau(
            BUREAU, "临溪市生态环境局高新区分局（虚构）", level=BureauLevel.DISTRICT, by=root, at=at
        )
    known = {unit.code for unit in people.units(BUREAU)}
    for code, name in UNITS:
        if code not in known:
            accounts.create_unit(BUREAU, code, name, by=root, at=at)
    cast = {login: actor(login, name, role, at=at) for login, name, role in STAFF}
    chen, lin = cast["chen"], cast["lin"]
    _take(ImportKind.SUBJECTS, SITE, _sites(sites), chen, at)
    _take(ImportKind.INSPECTORS, PERSON, _officers(officers), chen, at)
    _take(ImportKind.ITEMS, ITEM, ITEMS, chen, at)
    for row in registers.item_lists(BUREAU):
        registry.approve_item_list(row.ref, on=day_of(at), by=lin, at=at)
    quarter = str(Quarter.of(day_of(at)))
    plan = planning.compute_plan(quarter, by=cast["ding"], at=at)
    planning.approve_plan(plan, by=lin, at=at)
    if has_key:
        enrolled(cast, at=at)
    [task] = plans.tasks(BUREAU, quarter)
    return Stage(task=task.ref, plan=plan, quarter=quarter, cast=cast)


def enrolled(cast: dict[str, Actor], *, at: datetime = AT) -> None:
    """Three custodians, any two of whom open."""
    for login in CUSTODIANS:
        actions.enrol_custodian(passphrase(login), by=cast[login], at=at)
    actions.establish_key(by=cast["bao"], at=at)


def frozen_draw(stage: Stage, *, at: datetime = AT, profile: str = "sha256") -> str:
    return actions.freeze_draw(stage.task, profile=profile, by=stage.chen, at=at)


def promised_draw(stage: Stage, *, at: datetime = AT, profile: str = "sha256") -> str:
    draw = frozen_draw(stage, at=at, profile=profile)
    for login in ("zhou", "bao"):
        actions.commit_contribution(draw, text_of(login), by=stage.cast[login], at=at)
    return draw


def announced_draw(stage: Stage, *, at: datetime = AT, profile: str = "sha256") -> str:
    draw = promised_draw(stage, at=at, profile=profile)
    actions.announce_draw(draw, RULE, by=stage.chen, at=at)
    return draw


def closed_draw(stage: Stage, *, at: datetime = AT, profile: str = "sha256") -> str:
    draw = announced_draw(stage, at=at, profile=profile)
    actions.enter_closing(draw, THROWS, by=stage.chen, at=at)
    actions.confirm_closing(draw, THROWS, by=stage.zhou, at=at)
    return draw


def drawn_draw(stage: Stage, *, at: datetime = AT, profile: str = "sha256") -> str:
    draw = closed_draw(stage, at=at, profile=profile)
    for login in ("zhou", "bao"):
        actions.reveal(draw, text_of(login), by=stage.cast[login], at=at)
    return draw


def sealed_draw(stage: Stage, *, at: datetime = AT, profile: str = "sha256") -> str:
    """The whole ceremony; returns the ref of the sealed draw."""
    draw = drawn_draw(stage, at=at, profile=profile)
    for login in ("zhou", "wu"):
        actions.confirm_draw(draw, by=stage.cast[login], at=at)
    assert reads.draw(draw).state is DrawState.SEALED
    return draw


def opened(stage: Stage, opening: str, *, at: datetime) -> None:
    """Two custodians agree to an opening, each with the own passphrase."""
    for login in CUSTODIANS[:2]:
        actions.agree(opening, passphrase(login), by=stage.cast[login], at=at)


def last_day(draw: str) -> datetime:
    """Ten o'clock of the last day on which a visit is planned."""
    day = max(row.planned_on for row in reads.schedule(draw))
    return datetime.combine(day, time(10), tzinfo=SHANGHAI)


def released_visits(
    stage: Stage, draw: str, numbers: Sequence[int] = (), *, at: datetime | None = None
) -> tuple[reads.ReleasedVisit, ...]:
    """Open these visits (all of them where none is named), on the last planned day."""
    when = at or last_day(draw)
    wanted = numbers or [row.number for row in reads.schedule(draw) if row.state == "sealed"]
    opening = actions.request_release(draw, numbers=wanted, by=stage.chen, at=when)
    opened(stage, opening, at=when)
    return reads.released(draw)


def published_draw(stage: Stage, draw: str) -> dict[str, object]:
    """Everything opened and the record made public."""
    released_visits(stage, draw)
    when = last_day(draw)
    opened(stage, actions.request_publication(draw, by=stage.chen, at=when), at=when)
    record = reads.published_record(draw)
    assert record is not None
    return record
