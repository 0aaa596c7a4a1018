"""The fictional bureau of the demonstration, made by the product's own actions.

Nothing here is real: firms are called 演示, codes carry an area that does not exist, people bear
the names of their tasks.
"""

import csv
import io
import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.config.demo_agenda import at, person, pick, starting_day
from gongchou.config.demo_area import OUTLINE, SOURCE, place
from gongchou.core.codes import organization_code_check, uscc_check
from gongchou.core.oversight_terms import GroupKind
from gongchou.core.powers import Actor, console
from gongchou.core.terms import BureauLevel, ImportKind, Role
from gongchou.core.workdays import Quarter
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

CODE, NAME = "990173", "临溪市生态环境局高新区分局（演示）"
UNITS = (("zd", "执法大队"), ("dq", "大气科"), ("st", "水土科"))
CITY, CITY_NAME = "990100", "临溪市生态环境局（演示）"
WATCHER = ("shang", "尚监察")
PARTNERS = (("990180", "临溪市市场监督管理局（演示）"), ("990181", "临溪市应急管理局（演示）"))
STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("chen", "陈组长", "", (Role.OFFICE,)),
    ("ding", "丁测算", "", (Role.OFFICE,)),
    ("zhao", "赵局长", "", (Role.LEADER,)),
    ("zhou", "周监督", "", (Role.WITNESS,)),
    ("wu", "吴监督", "", (Role.WITNESS,)),
    ("bao", "鲍保密", "", (Role.SECRECY,)),
    ("mi", "米保密", "", (Role.SECRECY,)),
    ("feng", "封保密", "", (Role.SECRECY,)),
    ("shen", "沈审核", "", (Role.REVIEWER,)),
    ("gong", "公示员", "", (Role.PUBLISHER,)),
    ("gu", "顾管理", "", (Role.ADMIN,)),
    ("an", "安管理", "", (Role.SECURITY,)),
    ("ji", "纪审计", "", (Role.AUDITOR,)),
)
SEATS = (
    (GroupKind.LEADING, "赵局长", "组长"),
    (GroupKind.LEADING, "沈审核", "成员"),
    (GroupKind.OFFICE, "陈组长", "办公室主任"),
    (GroupKind.OFFICE, "丁测算", "联络员"),
    (GroupKind.SECRECY, "鲍保密", "组长"),
    (GroupKind.SECRECY, "米保密", "成员"),
    (GroupKind.SECRECY, "封保密", "成员"),
)
# Fourteen people: eight of the brigade, three of each section; the last two have no card.
INSPECTORS = range(1, 15)
CERTIFIED, EXPIRED, ON_LEAVE = range(1, 13), 8, 12
# Four people of each partner department follow in the register, under its code.
PARTNER_PEOPLE = {
    "990180": ("市监", "sc", range(15, 19)),
    "990181": ("应急", "yj", range(19, 23)),
}
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
    return at(starting_day(Quarter.of(today)), 9)


def login_of(inspector: str) -> str:
    """The login of an inspector, by the number at the end of the ref."""
    number = int(inspector.rpartition("-")[2])
    for _, short, numbers in PARTNER_PEOPLE.values():
        if number in numbers:
            return f"{short}{number - numbers[0] + 1}"
    return {1: "li", 2: "wang"}.get(number, f"jc{number:02}")


def found(begun: datetime, now: date) -> None:
    """People and registers of the fictional bureau at its beginning; `now` is where it will be."""
    root = console(CODE, "demo")
    accounts.create_bureau(CODE, NAME, level=BureauLevel.DISTRICT, by=root, at=begun)
    for code, name in UNITS:
        accounts.create_unit(CODE, code, name, by=root, at=begun)
    for code, name in PARTNERS:
        level = BureauLevel.DISTRICT
        accounts.create_bureau(code, name, level=level, is_partner=True, by=root, at=begun)
    _people(root, begun)
    _superior(root, begun)
    _seats(begun)
    registry.set_area(OUTLINE, SOURCE, on=day_of(begun), by=person("chen", begun), at=begun)
    for kind, header, lines in _files(day_of(begun), now):
        take(kind, header, lines, begun)
    for row in registers.item_lists(CODE):
        leader = person("zhao", begun)
        registry.approve_item_list(row.ref, on=day_of(begun), by=leader, at=begun)


def take(kind: ImportKind, header: str, lines: Lines, when: datetime) -> None:
    """The clerk imports a file, as the clerk of a bureau does."""
    registry.import_file(
        kind,
        _csv(header, lines),
        f"演示{kind.label}.csv",
        is_strict=True,
        on=day_of(when),
        by=person("chen", when),
        at=when,
    )


def _people(root: Actor, when: datetime) -> None:
    """Passwords are thrown away: in the demonstration one signs in by a click."""
    officers = ((login_of(f"-{n}"), _name(n), _unit(n), (Role.INSPECTOR,)) for n in INSPECTORS)
    guests = ((login, name, "", (Role.PARTNER,)) for login, name, _ in _guests())
    for login, name, unit, roles in (*STAFF, *officers, *guests):
        password = secrets.token_urlsafe(24)
        ref = accounts.create_user(login, name, password=password, unit=unit, by=root, at=when)
        for role in roles:
            accounts.grant_role(ref, role, since=day_of(when), by=root, at=when)
        accounts.change_password(secrets.token_urlsafe(24), by=person(login, when), at=when)


def _guests() -> list[tuple[str, str, str]]:
    """Login, name and department of everybody who comes along to joint checks."""
    return [
        (f"{short}{n}", f"演示{name}检查员{n}", code)
        for code, (name, short, numbers) in PARTNER_PEOPLE.items()
        for n in range(1, len(numbers) + 1)
    ]


def _superior(root: Actor, when: datetime) -> None:
    """The bureau above, whose one person watches the draw log."""
    city, (login, name) = console(CITY, "demo"), WATCHER
    accounts.create_bureau(CITY, CITY_NAME, level=BureauLevel.CITY, by=city, at=when)
    accounts.set_superior(CODE, CITY, by=root, at=when)
    password = secrets.token_urlsafe(24)
    ref = accounts.create_user(login, name, password=password, by=city, at=when)
    accounts.grant_role(ref, Role.SUPERIOR, since=day_of(when), by=city, at=when)
    accounts.change_password(secrets.token_urlsafe(24), by=person(login, when), at=when)


def _seats(when: datetime) -> None:
    """Who sits in the programme's bodies, and until when; one member has already left."""
    since, by = day_of(when), person("gu", when)
    until, former = since.replace(year=since.year + 3), since + timedelta(80)
    for group, name, position in SEATS:
        draft = accounts.SeatDraft(
            group=group, name=name, position=position, since=since, until=until
        )
        accounts.fill_seat(draft, by=by, at=when)
    leaving = accounts.SeatDraft(
        group=GroupKind.SECRECY, name="演示前任成员", position="演示成员", since=since, until=former
    )
    accounts.fill_seat(leaving, by=by, at=when)


def _csv(header: str, lines: Lines) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerows(lines)
    return text.getvalue().encode()


def uscc(number: int) -> str:
    """A code with true check digits under an area that does not exist; some are sole traders."""
    organisation = f"{number:08}"
    body = (
        ("92" if number % SOLE_TRADER_EVERY == 7 else "91")
        + "990173"
        + organisation
        + organization_code_check(organisation)
    )
    return body + uscc_check(body)


def site_name(number: int) -> str:
    return f"演示{TRADES[number % len(TRADES)]}第{number:03}厂"


SOLE_TRADER_EVERY = 50
KEY_SITES, SITES = range(1, 61), range(1, 301)
WHO = "单位名称,统一社会信用代码"
SITE_HEADER = (
    f"{WHO},固定污染源编码,管理类别,片区,污染物类型,重点单位类型,生产状态,不参与双随机,不参与理由,"
    "法定代表人,联系方式,地址,经度,纬度,坐标系,监控类型"
)
INSPECTOR_HEADER = "姓名,科室,登录名,执法证号,执法资格,有效期至,专长,片区,在岗状态,离岗起,离岗止"
ASSISTANT_HEADER = "委托单位,姓名,专业,委托书编号,委托起,委托止,协助范围,单位资质,已公示"
# Whom commissioned bodies send along: they help, and take no officer's place.
ASSISTANTS = (
    ("演示环境监测站", "演示采样员甲", "废气采样", "演示委〔1〕号", "采样监测", "CMA（演示）"),
    ("演示环境监测站", "演示采样员乙", "水质采样", "演示委〔1〕号", "采样监测", "CMA（演示）"),
    ("演示环境科学研究院", "演示专家甲", "危险废物", "演示委〔2〕号", "技术咨询", "演示资质"),
)
ITEM_HEADER = (
    "类别编码,类别名称,责任科室代码,事项名称,事项类别,检查依据,适用污染物类型,检查要点,应取证据"
)
ITEMS = (
    ("PERMIT", "排污许可", "zd", "持证排污与许可事项", "一般检查事项", "排污许可管理条例", "",
     "许可证是否在有效期内；\n排放口、设施与许可证是否一致；\n执行报告是否按期提交",
     "许可证正副本照片、排放口照片"),
    ("LEDGER", "环境管理台账", "zd", "台账记录与保存", "一般检查事项", "排污许可管理条例", "",
     "生产、治理设施运行记录是否连续；\n台账是否按规定年限保存", "近三个月台账照片"),
    ("AIR", "大气治理", "dq", "废气收集与治理设施运行", "重点检查事项", "大气污染防治法", "废气",
     "治理设施是否与生产同步运行；\n耗材是否按时更换；\n有无旁路",
     "设施运行参数照片、耗材更换记录"),
    ("WATER", "水污染防治", "st", "废水处理与排口规范", "重点检查事项", "水污染防治法", "废水",
     "处理设施是否正常运行；\n排口是否规范；\n雨污是否分流", "排口照片、加药记录"),
    ("HAZ", "危废与固废", "st", "贮存、台账与转移联单", "重点检查事项",
     "固体废物污染环境防治法", "危废",
     "贮存间标识、防渗是否完好；\n台账与联单数量是否一致", "贮存间照片、转移联单复印件"),
)  # fmt: skip
LASTING = (ImportKind.CREDITS, ImportKind.SUPERVISED_CASES, ImportKind.POSITIVE_LIST)
FACT_HEADERS = {
    ImportKind.CREDITS: f"{WHO},信用等级,评价日期,依据",
    ImportKind.PENALTIES: f"{WHO},文号,处罚日期",
    ImportKind.COMPLAINTS: f"{WHO},举报编号,办结日期,查处结论,存在环境违法",
    ImportKind.SUPERVISED_CASES: f"{WHO},督办文号,督办级别,挂牌日期",
    ImportKind.POSITIVE_LIST: f"{WHO},列入理由,列入日期",
}


def _files(today: date, now: date) -> list[tuple[ImportKind, str, Lines]]:
    """Subjects first: the dated facts are about them."""
    people = [*(_inspector(number, now) for number in INSPECTORS), *_guest_lines(now)]
    return [
        (ImportKind.SUBJECTS, SITE_HEADER, (_site(number) for number in SITES)),
        *((kind, FACT_HEADERS[kind], _lasting(kind, today.year - 1)) for kind in LASTING),
        (ImportKind.INSPECTORS, INSPECTOR_HEADER, people),
        (ImportKind.ITEMS, ITEM_HEADER, ITEMS),
        (ImportKind.ASSISTANTS, ASSISTANT_HEADER, _assistants(today.year)),
    ]


def _assistants(year: int) -> Lines:
    """Letters that run to the end of the year."""
    term = (f"{year}-01-05", f"{year}-12-31")
    return ((*who, *term, scope, body, "是") for *who, scope, body in ASSISTANTS)


def _lasting(kind: ImportKind, year: int) -> Lines:
    """Facts of the year before, which hold until something else is known."""
    rows: dict[ImportKind, list[tuple[int, list[object]]]] = {
        ImportKind.CREDITS: [
            (n, [f"{'BCADB'[n % 5]}级", f"{year}-06-30", "演示年度评价"]) for n in KEY_SITES
        ],
        ImportKind.SUPERVISED_CASES: [(21, ["演示督〔1〕号", "省厅", f"{year}-03-01"])],
        ImportKind.POSITIVE_LIST: [
            (n, ["污染小、吸纳就业多（演示）", f"{year}-01-10"]) for n in SITES if n % 8 == 0
        ],
    }
    return ([site_name(n), uscc(n), *row] for n, row in rows[kind])


def take_quarter_facts(quarter: Quarter, when: datetime) -> None:
    """Penalties and complaints of the quarter before, which decide the classes of this one."""
    before = quarter.previous()
    fined = [1 + pick(f"fined {quarter} {n}", len(SITES)) for n in range(4)]
    told = [1 + pick(f"told {quarter} {n}", len(SITES)) for n in range(3)]
    penalties = [
        [site_name(n), uscc(n), f"演示罚〔{before.year}〕{before.number}-{n}号",
         before.first + timedelta(n % 80)]
        for n in dict.fromkeys(fined)
    ]  # fmt: skip
    complaints = [
        [site_name(n), uscc(n), f"演示信{before}-{n:04}", before.first + timedelta(n % 80),
         verdict, "是"]
        for n, verdict in zip(told, ("属实", "部分属实", "不属实"), strict=True)
    ]  # fmt: skip
    take(ImportKind.PENALTIES, FACT_HEADERS[ImportKind.PENALTIES], penalties, when)
    take(ImportKind.COMPLAINTS, FACT_HEADERS[ImportKind.COMPLAINTS], complaints, when)


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
        *place(number),
        _monitored(number),
    ]


def _monitored(number: int) -> str:
    """A few of the sites under key management, none of them on the positive list."""
    if number not in KEY_SITES or number % 10 not in (1, 2) or number % 8 == 0:
        return ""
    stuff = POLLUTANTS[number % len(POLLUTANTS)]
    kinds = (("废气", "自动监控（废气）"), ("废水", "自动监控（废水）"))
    return "、".join(kind for name, kind in kinds if name in stuff)


def _name(number: int) -> str:
    return {1: "李执法", 2: "王执法"}.get(number, f"演示检查员{number:02}")


def _unit(number: int) -> str:
    """The brigade holds most people; the two sections share the rest in turn."""
    return UNITS[0][0] if number <= 8 else UNITS[1 + number % 2][0]


def _guest_lines(now: date) -> list[list[object]]:
    until = date(now.year + 2, 12, 31)
    return [
        [name, code, login, f"演示配合{login}", "是", until, "", "、".join(AREAS), "在岗", "", ""]
        for login, name, code in _guests()
    ]


def _inspector(number: int, now: date) -> list[object]:
    """By `now` one card has run out and one person is on leave; two have no card at all."""
    is_certified, away = number in CERTIFIED, number == ON_LEAVE
    # The card was good until the visits of the quarter before were made.
    expired = Quarter.of(now).first - timedelta(1)
    until = expired if number == EXPIRED else date(now.year + 2, 12, 31)
    return [
        _name(number),
        _unit(number),
        login_of(f"-{number}"),
        f"演示{number:04}" if is_certified else "",
        "是" if is_certified else "否",
        until if is_certified else "",
        "废气、危废" if number % 4 in (1, 2) else "废水、噪声",
        "、".join(AREAS),
        "请假" if away else "在岗",
        now if away else "",
        now + timedelta(40) if away else "",
    ]
