"""A whole quarter by pages only: from roster files to what the public reads and recomputes."""

import re
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django_q.models import OrmQ

from gongchou.accounts import actions as accounts
from gongchou.core.powers import console
from gongchou.core.terms import BureauLevel, Role
from gongchou.jobs import queue
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing.ceremony import ITEM, ITEMS, PERSON, SITE, THROWS, UNITS, passphrase, text_of
from tests.journeys.people import FIRST, People, at_work, press, room, shows, turn
from tests.registry.test_import import uscc

OFFICERS = {"李执法": "li", "王执法": "wang", "孙执法": "sun", "郑大气": "zheng", "钱水土": "qian"}
CAST = {
    "ding": ("丁测算", Role.OFFICE),
    "chen": ("陈组长", Role.OFFICE),
    "lin": ("林局长", Role.LEADER),
    "zhou": ("周监督", Role.WITNESS),
    "wu": ("吴监督", Role.WITNESS),
    "bao": ("鲍保密", Role.SECRECY),
    "mi": ("米保密", Role.SECRECY),
    "shen": ("沈审核", Role.REVIEWER),
    "gong": ("公示员", Role.PUBLISHER),
    **{login: (name, Role.INSPECTOR) for name, login in OFFICERS.items()},
}
VERIFIER = Path(__file__).parents[2] / "verifier" / "verify_draw.py"


@pytest.fixture
def people(live_server, browser):
    """What the command line makes in life: the bureau, its units, users and their roles."""
    clock.move_demo_clock(AT)
    root = console(BUREAU, "root")
    accounts.create_bureau(
        BUREAU, "临溪市生态环境局高新区分局（虚构）", level=BureauLevel.DISTRICT, by=root, at=AT
    )
    for code, name in UNITS:
        accounts.create_unit(BUREAU, code, name, by=root, at=AT)
    for login, (name, role) in CAST.items():
        ref = accounts.create_user(login, name, password=FIRST, by=root, at=AT)
        accounts.grant_role(ref, role, since=TODAY, by=root, at=AT)
    with at_work(browser, live_server.url) as made:
        yield made


def roster(header: str, lines: list[str]) -> bytes:
    return "\n".join([header, *lines]).encode()


def sites() -> bytes:
    """A dozen: four under key permit management, two kinds of stuff in turn."""
    return roster(
        SITE,
        [
            f"虚构化工{n:03},{uscc(n)},{uscc(n)}001P,{'简化' if n % 3 else '重点'}管理,东片,"
            f"{'废气' if n % 2 else '废水'}"
            for n in range(1, 13)
        ],
    )


def officers() -> bytes:
    units = ("zd", "zd", "zd", "dq", "st")
    return roster(
        PERSON,
        [
            f"{name},{unit},{login},虚构{n:04},是,2030-12-31,废气、废水,东片,在岗"
            for n, ((name, login), unit) in enumerate(zip(OFFICERS.items(), units, strict=True))
        ],
    )


def take(people: People, kind: str, content: bytes) -> None:
    """A file is chosen, looked at and confirmed."""
    chen = room(people("chen"), "名录")
    chen.get_by_role("link", name="导入名录").click()
    chen.get_by_label("导入什么").select_option(kind)
    file = {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content}
    chen.get_by_label("文件").set_input_files([file])
    press(chen, "上传并预览")
    shows(chen, "全部行都可以导入")
    press(chen, "确认导入")
    shows(chen, "已导入")


def build_registers(people: People) -> None:
    take(people, "检查对象", sites())
    take(people, "检查人员", officers())
    take(people, "抽查事项清单", roster(ITEM, list(ITEMS)))
    lin = room(people("lin"), "名录")
    lin.get_by_role("link", name="抽查事项").click()
    press(lin, "批准第 1 版")
    shows(lin, "已批准")


def plan(people: People) -> None:
    ding = room(people("ding"), "计划")
    press(ding, "先分类，核对差异")
    press(ding, "确认差异并测算计划")
    shows(ding, "各层应抽家数")
    press(room(people("lin"), "计划"), "批准计划")
    shows(people("lin"), "林局长于")


def prepare_custody(people: People) -> None:
    for login in ("bao", "mi"):
        keeper = room(people(login), "抽取")
        keeper.get_by_role("link", name="名单保管").click()
        keeper.get_by_label("我的保管口令").fill(passphrase(login))
        keeper.get_by_label("再输入一次").fill(passphrase(login))
        press(keeper, "登记为名单保管人")
    press(people("mi"), "建立保密密钥")
    shows(people("mi"), "任意 2 人共同才能开启")


def at_the_draw(people: People, login: str):
    window = room(people(login), "抽取")
    turn(window, window.locator(".draw-card h2 a"))
    window.locator(".ceremony").wait_for()
    return window


def announce(people: People) -> None:
    chen = room(people("chen"), "抽取")
    press(chen, "冻结抽取底册")
    for login in ("zhou", "bao"):
        window = at_the_draw(people, login)
        window.get_by_label("随机贡献的文字").fill(text_of(login))
        press(window, "提交随机贡献")
    chen = at_the_draw(people, "chen")
    chen.get_by_label("写明地点、时间、期号或轮次").fill("三楼会议室现场投掷二十五次")
    press(chen, "发布抽取公告")
    work_off_jobs()


def draw(people: People) -> None:
    for login, label in (("chen", "录入收口值"), ("zhou", "复核收口值")):
        window = at_the_draw(people, login)
        window.locator(".closing-input").first.fill(THROWS)
        press(window, label)
    for login in ("zhou", "bao"):
        window = at_the_draw(people, login)
        window.get_by_label("承诺的文字").fill(text_of(login))
        press(window, "揭示随机贡献")
    for login in ("zhou", "wu"):
        press(at_the_draw(people, login), "确认抽取过程和结果")
    shows(people("wu"), "名单已密封")


def release(people: People) -> None:
    """The clock stands on the first planned day; two keepers open what was asked for."""
    window = at_the_draw(people, "chen")
    first = window.locator("#days tbody tr").first.inner_text()
    to_day(day_in(first))
    press_first(at_the_draw(people, "chen"), "申请启封")
    open_up(people)


def open_up(people: People) -> None:
    for login, says in (("bao", "请另一位保管人"), ("mi", "已开启并办结")):
        keeper = room(people(login), "抽取")
        keeper.get_by_role("link", name="名单保管").click()
        keeper.get_by_label("我的保管口令").fill(passphrase(login))
        press(keeper, "同意所选的申请")
        shows(keeper, says)


def visit(people: People) -> None:
    """The office sends the team out; one of them does the whole record."""
    chen = room(people("chen"), "检查")
    press_first(chen, "派发")
    team = chen.locator("td[data-label='检查组']").first.inner_text()
    officer = OFFICERS[team.split("、")[0]]
    li = room(people(officer), "检查")
    li.locator("td[data-label='单位名称'] a").first.click()
    press(li, "接收检查")
    press(li, "登记到场")
    fill_record(li)
    press(li, "核对、签字")
    shows(li, "检查人员签字")
    for name in team.split("、")[1:]:
        sign(people(OFFICERS[name]))
    li.reload()
    if li.get_by_label("以上情况的原因").count():
        li.get_by_label("以上情况的原因").fill("到场后即按计划检查")
    press(li, "签字并提交记录")
    shows(li, "全过程")


def sign(colleague) -> None:
    """Who was there as well signs in the own login."""
    room(colleague, "检查").locator("td[data-label='单位名称'] a").first.click()
    colleague.get_by_role("link", name="核对、签字、提交").click()
    shows(colleague, "检查人员签字")
    press(colleague, "我已核对，签字")
    shows(colleague, "已签字。记录改动以后须重新签字。")


def fill_record(li) -> None:
    for label in ("亮证时间", "告知时间"):
        press(li, f"{label}：现在")
    li.evaluate("document.querySelectorAll('details.fold').forEach(d => d.open = true)")
    for item in li.locator(".check-item").all():
        item.get_by_label("未发现问题").check()
    press(li, "检查结束时间：现在")
    li.get_by_label("记录已交被检查单位核对").check()
    li.get_by_label("已签字").check()
    li.get_by_label("签字人姓名").fill("钱厂长")
    li.get_by_label("法定代表人").check()


def review(people: People) -> None:
    shen = room(people("shen"), "检查")
    shen.locator("td[data-label='单位名称'] a").first.click()
    shen.get_by_role("link", name="审核记录").click()
    press(shen, "审核通过")
    shows(shen, "已审核，检查结果可以提出公示")


def publish(people: People) -> str:
    """Proposed by the office, approved by the leader, put out by the publisher."""
    chen = room(people("chen"), "公示")
    name = chen.locator("label.pick .visually-hidden").first.text_content()
    chen.locator("label.pick input").first.check()
    press(chen, "把选中的检查提出公示")
    put_out(people)
    return name


def put_out(people: People) -> None:
    for login, label in (("lin", "批准公示"), ("gong", "办理公示")):
        window = room(people(login), "公示")
        in_hand = window.locator("section", has_text="办理中")
        in_hand.locator("td[data-label='公示件'] a").first.click()
        press(window, label)


def read_by_the_public(people: People, name: str) -> None:
    visitor = people.visitor()
    visitor.goto("/open/")
    visitor.get_by_role("link", name=name).click()
    shows(visitor, "未发现问题")
    shows(visitor, uscc(int(name.removeprefix("虚构化工"))))


def counted(people: People) -> None:
    chen = room(people("chen"), "统计报送")
    press(chen, "重新统计")
    turn(chen, room(chen, "工作台").get_by_role("link", name="达标看板"))
    numbers = chen.locator(".four-numbers").inner_text()
    assert re.search(r"公示[^0-9]*\s*1\s", numbers), numbers


def recomputed(people: People, folder: Path) -> None:
    """The rest is opened, then the whole record, and a stranger recomputes the draw."""
    chen = at_the_draw(people, "chen")
    to_day(day_in(chen.locator("#days tbody tr").last.inner_text()))
    while at_the_draw(people, "chen").get_by_role("button", name="申请启封").count():
        press_first(people("chen"), "申请启封")
        open_up(people)
    press(at_the_draw(people, "chen"), "申请公开抽取全记录")
    open_up(people)
    chen = at_the_draw(people, "chen")
    with chen.expect_download() as download:
        chen.get_by_role("link", name="下载抽取全记录").click()
    path = folder / "record.json"
    download.value.save_as(path)
    answer = subprocess.run(
        [sys.executable, str(VERIFIER), str(path)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def day_in(text: str) -> date:
    year, month, day = re.search(r"(\d+)年(\d+)月(\d+)日", text).groups()
    return date(int(year), int(month), int(day))


def to_day(day: date) -> None:
    clock.move_demo_clock(datetime.combine(day, time(10), tzinfo=clock.SHANGHAI))


def press_first(window, beginning: str) -> None:
    turn(window, window.get_by_role("button", name=re.compile(f"^{beginning}")).first)


def work_off_jobs() -> None:
    """What the worker of the installation does meanwhile."""
    for row in OrmQ.objects.order_by("pk"):
        queue.run(*row.task["args"])
        row.delete()


def test_a_quarter_from_rosters_to_what_anybody_can_recompute(people, tmp_path):
    build_registers(people)
    plan(people)
    prepare_custody(people)
    announce(people)
    draw(people)
    release(people)
    visit(people)
    review(people)
    name = publish(people)
    read_by_the_public(people, name)
    counted(people)
    recomputed(people, tmp_path)
