"""The fictional bureau of the demonstration, made by the product's own actions.

Nothing here is real: firms are called 演示, codes carry an area that does not exist, people bear
the names of their tasks.
"""

import csv
import io
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.core.codes import organization_code_check, uscc_check
from gongchou.core.powers import Actor, console
from gongchou.core.terms import BureauLevel, ImportKind, PublicationKind, Role
from gongchou.core.workdays import Quarter, add_workdays
from gongchou.law.load import load_calendar
from gongchou.planning import actions as planning
from gongchou.publication import actions as publication
from gongchou.publication import office
from gongchou.publication import reads as documents
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.web import clock

CODE, NAME = "990173", "临溪市生态环境局高新区分局（演示）"
UNITS = (("zd", "执法大队"), ("dq", "大气科"), ("st", "水土科"))
PARTNERS = (("990180", "临溪市市场监督管理局（演示）"), ("990181", "临溪市应急管理局（演示）"))
STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("chen", "陈组长", "", (Role.OFFICE,)),
    ("zhao", "赵局长", "", (Role.LEADER,)),
    ("zhou", "周监督", "", (Role.WITNESS,)),
    ("wu", "吴监督", "", (Role.WITNESS,)),
    ("bao", "鲍保密", "", (Role.SECRECY,)),
    ("mi", "米保密", "", (Role.SECRECY,)),
    ("feng", "封保密", "", (Role.SECRECY,)),
    ("li", "李执法", "zd", (Role.INSPECTOR,)),
    ("wang", "王执法", "zd", (Role.INSPECTOR,)),
    ("shen", "沈审核", "", (Role.REVIEWER,)),
    ("gong", "公示员", "", (Role.PUBLISHER,)),
    ("gu", "顾管理", "", (Role.ADMIN,)),
    ("an", "安管理", "", (Role.SECURITY,)),
    ("ji", "纪审计", "", (Role.AUDITOR,)),
)
TRADES = ("印染", "铸造", "化工", "电镀", "食品", "包装", "机械", "建材", "涂装", "制药")
AREAS = ("东片", "西片", "北片")
POLLUTANTS = ("废气", "废水", "废气、危废", "废水、噪声", "废气、废水", "一般固废")
Lines = Iterable[Sequence[object]]


def is_there() -> bool:
    return any(row.code == CODE for row in people.bureaus())


def passphrase(login: str) -> str:
    """What a keeper of the sealed list types; printed on the page of roles, so worth nothing."""
    return f"演示保管口令-{login}"


def opening(today: date) -> datetime:
    """Where the demonstration stands: nine o'clock of the fifth working day of the quarter."""
    before = Quarter.of(today).first - timedelta(days=1)
    day = add_workdays(before, 5, load_calendar())
    return datetime.combine(day, time(9), tzinfo=clock.SHANGHAI)


def build(at: datetime) -> None:
    """People and registers of the fictional bureau, as of the day of `at`."""
    root = console(CODE, "demo")
    accounts.create_bureau(CODE, NAME, level=BureauLevel.DISTRICT, by=root, at=at)
    for code, name in UNITS:
        accounts.create_unit(CODE, code, name, by=root, at=at)
    for code, name in PARTNERS:
        level = BureauLevel.DISTRICT
        accounts.create_bureau(code, name, level=level, is_partner=True, by=root, at=at)
    _people(root, at)
    clerk = people.actor_of("U-chen", clock.day_of(at))
    for kind, header, lines in _files(clock.day_of(at)):
        registry.import_file(
            kind,
            _csv(header, lines),
            f"演示{kind.label}.csv",
            is_strict=True,
            on=clock.day_of(at),
            by=clerk,
            at=at,
        )
    leader = people.actor_of("U-zhao", clock.day_of(at))
    _plan(clerk, leader, at)
    _publish(clerk, leader, at)


def _plan(clerk: Actor, leader: Actor, at: datetime) -> None:
    """The item list and this quarter's plan, made by one and approved by another."""
    today = clock.day_of(at)
    for row in registers.item_lists(CODE):
        registry.approve_item_list(row.ref, on=today, by=leader, at=at)
    plan = planning.compute_plan(str(Quarter.of(today)), by=clerk, at=at)
    planning.approve_plan(plan, by=leader, at=at)


def _publish(clerk: Actor, leader: Actor, at: datetime) -> None:
    """List and plan are public: proposed by one, approved by another, published by a third."""
    today = clock.day_of(at)
    publisher = people.actor_of("U-gong", today)
    for one in office.candidates(CODE, today):
        propose = (
            publication.propose_item_list
            if one.kind is PublicationKind.ITEM_LIST
            else publication.propose_plan
        )
        ref = propose(one.source, by=clerk, at=at)
        publication.approve(ref, digest=documents.document(ref).digest, by=leader, at=at)
        publication.publish(ref, by=publisher, at=at)


def _people(root: Actor, at: datetime) -> None:
    """Passwords are thrown away: in the demonstration one signs in by a click."""
    for login, name, unit, roles in STAFF:
        password = secrets.token_urlsafe(24)
        ref = accounts.create_user(login, name, password=password, unit=unit, by=root, at=at)
        for role in roles:
            accounts.grant_role(ref, role, since=clock.day_of(at), by=root, at=at)
        person = people.actor_of(ref, clock.day_of(at))
        accounts.change_password(secrets.token_urlsafe(24), by=person, at=at)


def _csv(header: str, lines: Lines) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerows(lines)
    return text.getvalue().encode()


def uscc(number: int) -> str:
    """A code with true check digits under an area that does not exist."""
    organisation = f"{number:08}"
    body = "91990173" + organisation + organization_code_check(organisation)
    return body + uscc_check(body)


def site_name(number: int) -> str:
    return f"演示{TRADES[number % len(TRADES)]}第{number:03}厂"


KEY_SITES, SITES = range(1, 61), range(1, 301)
WHO = "单位名称,统一社会信用代码"
SITE_HEADER = (
    f"{WHO},固定污染源编码,管理类别,片区,污染物类型,重点单位类型,生产状态,不参与双随机,不参与理由,"
    "法定代表人,联系方式,地址"
)
INSPECTOR_HEADER = "姓名,科室,登录名,执法证号,执法资格,有效期至,专长,片区,在岗状态,离岗起,离岗止"
ITEM_HEADER = "类别编码,类别名称,责任科室代码,事项名称,事项类别,检查依据,适用污染物类型"
ITEMS = (
    ("PERMIT", "排污许可", "zd", "持证排污与许可事项", "一般检查事项", "排污许可管理条例", ""),
    ("LEDGER", "环境管理台账", "zd", "台账记录与保存", "一般检查事项", "排污许可管理条例", ""),
    ("AIR", "大气治理", "dq", "废气收集与治理设施运行", "重点检查事项", "大气污染防治法", "废气"),
    ("WATER", "水污染防治", "st", "废水处理与排口规范", "重点检查事项", "水污染防治法", "废水"),
    (
        "HAZ",
        "危废与固废",
        "st",
        "贮存、台账与转移联单",
        "重点检查事项",
        "固体废物污染环境防治法",
        "危废",
    ),
)
FACT_HEADERS = (
    (ImportKind.CREDITS, "信用等级,评价日期,依据"),
    (ImportKind.PENALTIES, "文号,处罚日期"),
    (ImportKind.COMPLAINTS, "举报编号,办结日期,查处结论,存在环境违法"),
    (ImportKind.SUPERVISED_CASES, "督办文号,督办级别,挂牌日期"),
    (ImportKind.POSITIVE_LIST, "列入理由,列入日期"),
)


def _files(today: date) -> list[tuple[ImportKind, str, Lines]]:
    """Subjects first: the dated facts are about them."""
    people = (_inspector(number, today) for number in range(1, 15))
    return [
        (ImportKind.SUBJECTS, SITE_HEADER, (_site(number) for number in SITES)),
        *((kind, f"{WHO},{header}", _facts(kind, today)) for kind, header in FACT_HEADERS),
        (ImportKind.INSPECTORS, INSPECTOR_HEADER, people),
        (ImportKind.ITEMS, ITEM_HEADER, ITEMS),
    ]


def _facts(kind: ImportKind, today: date) -> Lines:
    """Rows of one kind of dated fact: the subject, then what happened."""
    last_year, before = today.year - 1, Quarter.of(today).previous()
    rows: dict[ImportKind, list[tuple[int, list[object]]]] = {
        ImportKind.CREDITS: [
            (n, [f"{'BCADB'[n % 5]}级", f"{last_year}-06-30", "演示年度评价"]) for n in KEY_SITES
        ],
        ImportKind.PENALTIES: [
            (n, [f"演示罚〔{before.year}〕{n}号", before.first + timedelta(n % 80)])
            for n in (3, 17, 75, 120)
        ],
        ImportKind.COMPLAINTS: [
            (n, [f"演示信{n:04}", before.first + timedelta(n % 80), verdict, "是"])
            for n, verdict in ((88, "属实"), (141, "部分属实"), (150, "不属实"))
        ],
        ImportKind.SUPERVISED_CASES: [(21, ["演示督〔1〕号", "省厅", f"{last_year}-03-01"])],
        ImportKind.POSITIVE_LIST: [
            (n, ["污染小、吸纳就业多（演示）", f"{last_year}-01-10"]) for n in SITES if n % 8 == 0
        ],
    }
    return ([site_name(n), uscc(n), *row] for n, row in rows[kind])


def _site(number: int) -> list[object]:
    is_key = number in KEY_SITES
    closed, excluded = number % 97 == 0, number % 61 == 0
    return [
        site_name(number),
        uscc(number),
        f"{uscc(number)}001P",
        "重点管理" if is_key else ("简化管理" if number % 3 else "登记管理"),
        AREAS[number % len(AREAS)],
        POLLUTANTS[number % len(POLLUTANTS)],
        "水环境重点排污单位" if is_key and number % 2 else "",
        "停产（长期）" if closed else "正常",
        "是" if excluded else "否",
        "搬迁中，新址未定（演示）" if excluded else "",
        f"演示负责人{number:03}",
        "",
        f"演示路 {number} 号",
    ]


def _inspector(number: int, today: date) -> list[object]:
    """Fourteen people of three units: one card has run out, one is on leave, two have no card."""
    names = {1: ("李执法", "li"), 2: ("王执法", "wang")}
    name, login = names.get(number, (f"演示检查员{number:02}", ""))
    is_certified = number <= 12
    until = today - timedelta(30) if number == 12 else date(today.year + 2, 12, 31)
    away = number == 11
    return [
        name,
        UNITS[number % 3][0],
        login,
        f"演示{number:04}" if is_certified else "",
        "是" if is_certified else "否",
        until if is_certified else "",
        "废气、危废" if number % 2 else "废水、噪声",
        "、".join(AREAS),
        "请假" if away else "在岗",
        today if away else "",
        today + timedelta(40) if away else "",
    ]
