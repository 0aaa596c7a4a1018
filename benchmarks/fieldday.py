"""F17: a day in the field, eight hours on the clock of phone and house, without a network.

Ten visits with fifteen photos each; the browser is killed (SIGKILL) twenty times, in the middle of
a photo, after one, after a submission; the disk of the phone is full for a while; the app is
updated in mid-work; a second window is opened. In the evening the phone sends, and the server is
killed again and again meanwhile. What the officer was told is kept is what must arrive: nothing
lost, nothing twice, in its order.
"""

import ctypes
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.fieldhouse import CODE, PASSWORD, SIGNING, house, login_of
from benchmarks.flood import ask, free_port
from benchmarks.place import AT
from benchmarks.result import Figure

PIN = "284917"
NAME = "外勤一天：断网、杀浏览器、存储满、中途更新、杀服务器"
HOURS, KILLS_A_VISIT = 8, 2
DISK_MEGABYTES = 400
LINGERS = 120
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disk-cache-size=1000000",
]  # fmt: skip
# The phone's clock, moved as the house's is.
CLOCK = """(() => { const Real = Date; globalThis.Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(Real.now() + SHIFT); }
  static now() { return Real.now() + SHIFT; } } })()"""


@dataclass(slots=True)
class Day:
    """The phone of one officer through the day, and what it was told to have kept."""

    driver: Any
    url: str
    profile: Path
    chance: random.Random
    hour: float = 0
    is_away: bool = False
    ahead: int = 0
    kills: int = 0
    full: int = 0
    told: dict[str, list[str]] = field(default_factory=dict)
    context: Any = None
    window: Any = None

    def open(self, path: str = "") -> None:
        """The browser starts; where a lease stands the digits open it."""
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        self.context = self.driver.chromium.launch_persistent_context(
            str(self.profile), executable_path=chromium, args=CHROMIUM, locale="zh-CN",
            timezone_id="Asia/Shanghai", viewport={"width": 390, "height": 844},
            permissions=["geolocation"], geolocation={"latitude": 39.6, "longitude": 118.2},
        )  # fmt: skip
        self.context.set_default_timeout(180_000)
        self.context.add_init_script(CLOCK.replace("SHIFT", str(self._shift())))
        self.context.set_offline(self.is_away)
        self.window = self.context.pages[0]
        self.window.goto(f"{self.url}/field/{path}")

    def _shift(self) -> int:
        """Milliseconds that the phone's clock is off ours; it never goes back, slow as we are."""
        wanted = int((AT + timedelta(hours=self.hour)).timestamp() * 1000 - time.time() * 1000)
        self.ahead = max(self.ahead or wanted, wanted)
        return self.ahead

    def away(self, is_away: bool) -> None:
        """The network goes or comes: a server that stops may still answer who is connected."""
        self.is_away = is_away
        self.context.set_offline(is_away)

    def unlock(self) -> None:
        self.window.get_by_label("手机口令").fill(PIN)
        self.press("打开")
        self.window.get_by_label("手机口令").wait_for(state="detached")
        self.settled()

    def shown(self) -> str:
        """What is on the screen, for whoever has to find out why the day stands still."""
        with suppress(Exception):
            return " ".join(str(self.window.locator("body").inner_text()).split())[:300]
        return "页面没有打开"

    def kill(self) -> None:
        """SIGKILL to every process of this browser; then it is started and opened again."""
        path = self.window.url.split("/field/")[1]
        for pid in _pids_of(self.profile):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(Exception):
            self.context.close()
        self.kills += 1
        self.open(path)
        self.unlock()

    def press(self, name: str) -> None:
        self.window.get_by_role("button", name=name).first.click()

    def settled(self) -> None:
        self.window.locator("main:not([aria-busy=true])").wait_for()

    @property
    def item(self) -> Any:
        return self.window.locator(".item").first

    @property
    def files(self) -> int:
        return int(self.item.locator(".file").count())

    def shoot(self, ref: str, number: int) -> None:
        """Hand a photo to the app without waiting for its word."""
        name = f"{ref}-{number:02}.png"
        photo = {"name": name, "mimeType": "image/png", "buffer": picture(name)}
        self.item.locator("input[type=file]").first.set_input_files(photo)


def _pids_of(profile: Path) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if str(profile).encode() in (entry / "cmdline").read_bytes():
                    yield int(entry.name)


def picture(name: str) -> bytes:
    """A photo like no other: noise from its name; every fifth is sent in several pieces."""
    from PIL import Image

    chance = random.Random(name)
    size = (800, 600) if int(name[-6:-4]) % 5 == 0 else (160, 120)
    out = io.BytesIO()
    image = Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))
    image.save(out, "PNG", compress_level=0)
    return out.getvalue()


# -- the day


def take_along(day: Day) -> None:
    day.open()
    day.window.goto(f"{day.url}/login/")
    day.window.get_by_label("登录名").fill(login_of("li"))
    day.window.get_by_label("密码").fill(PASSWORD)
    day.press("登录")
    day.window.wait_for_url(lambda address: "/login/" not in address)
    day.window.goto(f"{day.url}/field/")
    for label in ("手机口令", "再输一次"):
        day.window.get_by_label(label).fill(PIN)
    day.press("领取检查")
    day.window.get_by_role("heading", name="我的检查").wait_for()
    day.window.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    day.window.locator(".cards a").first.wait_for()


def go_to(day: Day, ref: str) -> None:
    day.window.goto(f"{day.url}/field/#visit/{ref}")
    for name in ("我已学习以上内容", "登记到场", "已出示执法证", "已告知"):
        day.window.get_by_role("button", name=name).wait_for()
        day.press(name)
    day.window.get_by_role("heading", name="检查表").wait_for()
    day.settled()


def photograph(day: Day, ref: str, photos: int) -> None:
    """Every photo until the app says it is kept; two kills at hours nobody chose."""
    at = sorted(day.chance.sample(range(photos), KILLS_A_VISIT))
    middle = at[0]
    number = 0
    while number < photos:
        before = day.files
        day.shoot(ref, number)
        if number == middle:
            middle = -1
            time.sleep(day.chance.random() / 5)
            day.kill()
            # Not told as kept: it may be there or not, but never half.
            if day.files == before:
                continue
        day.item.locator(".file").nth(before).wait_for()
        day.settled()
        day.told[ref].append(f"{ref}-{number:02}.png")
        number += 1
        if number - 1 == at[1] and day.kills % 4 != 3:
            day.kill()


def sign(day: Day, height: int) -> None:
    place = day.window.locator(".signer").first
    day.settled()
    place.locator("canvas").scroll_into_view_if_needed()
    box = place.locator("canvas").bounding_box()
    day.window.mouse.move(box["x"] + 20, box["y"] + 30)
    day.window.mouse.down()
    for step in range(1, 12):
        day.window.mouse.move(box["x"] + 20 + 18 * step, box["y"] + 30 + height * (step % 3))
    day.window.mouse.up()


def finish(day: Day) -> None:
    for item in day.window.locator(".item").all():
        item.get_by_label("未发现问题").check()
    day.press("下一步：说明和意见")
    day.press("下一步：核对记录")
    day.window.get_by_label("记录已交被检查单位核对").check()
    day.window.get_by_label("原因").fill("测量")
    day.press("检查结束，去签字")
    sign(day, 8)
    day.press("李执法签好了")
    day.window.get_by_text("李执法（证号 虚1）：已签字").wait_for()
    day.window.get_by_label("王执法的签字口令").fill(SIGNING)
    sign(day, 14)
    day.press("王执法签好了")
    day.window.get_by_text("王执法（证号 虚2）：已签字").wait_for()
    day.window.get_by_label("已签字", exact=True).check()
    day.window.get_by_label("签字人姓名").fill("钱厂长")
    day.window.get_by_label("法定代表人").check()
    sign(day, 21)
    day.press("被检查单位签好了")
    day.window.get_by_text("被检查单位已签字").wait_for()
    day.press("核对签字，去打印")
    day.window.get_by_role("heading", name="打印记录").wait_for()
    day.press("提交记录")
    day.window.get_by_role("heading", name="已提交，等待上传").wait_for()


def fill_the_disk(day: Day, ref: str, disk: Path) -> None:
    """No byte left: the app says what to do, keeps what it has, goes on when there is room."""
    ballast = disk / "ballast"
    before = day.files
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    day.shoot(ref, 95)
    day.window.get_by_text("手机存储空间不足").first.wait_for()
    assert day.files == before, "a photo that was refused is shown as kept"
    ballast.unlink()
    day.full += 1
    day.shoot(ref, 96)
    day.item.locator(".file").nth(before).wait_for()
    day.settled()
    day.told[ref].append(f"{ref}-96.png")


def begun(server: type, port: int) -> Any:
    """A server at the port of the one before: its last connections linger there for a minute."""
    until = time.monotonic() + LINGERS
    while True:
        try:
            return server(f"localhost:{port}")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def update(day: Day, server: type, port: int, folder: Path) -> None:
    """A new version of the app arrives while a record is half filled."""
    from gongchou.inspection import shell

    newer, own = folder / "newer", shell.FOLDER
    shutil.copytree(own, newer)
    worker = (newer / "sw.js").read_text("utf-8")
    (newer / "sw.js").write_text(worker.replace('"field-', '"field-new-'), "utf-8")
    shell.FOLDER = newer
    running = begun(server, port)
    day.away(False)
    try:
        day.window.evaluate("navigator.serviceWorker.getRegistration().then(r => r.update())")
        day.window.get_by_text("现场检查有新版本").first.wait_for()
        before = day.files
        day.press("现在更新")
        day.unlock()
        day.window.get_by_role("heading", name="检查表").wait_for()
        assert day.files == before, "the update lost photos"
    finally:
        day.away(True)
        running.stop()
        shell.FOLDER = own


def second_window(day: Day) -> None:
    other = day.context.new_page()
    other.goto(day.window.url)
    other.get_by_label("手机口令").fill(PIN)
    other.get_by_role("button", name="打开").click()
    other.get_by_role("heading", name="这次检查已在另一个窗口打开").wait_for()
    other.close()


# -- the evening


@contextmanager
def _serving(port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gongchou.config.cli", "serve", "--port", str(port)]
    silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen(command, start_new_session=True, **silent)
    try:
        for _ in range(900):
            with suppress(OSError):
                if ask(port, "/healthz")[0] == 200:
                    break
            time.sleep(0.1)
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def send(day: Day, port: int, kills: int) -> int:
    """Let the phone send while the server is killed; returns how often it was."""
    left, killed = f"{day.url}/field/#queue", 0
    day.window.goto(left)
    while True:
        with _serving(port):
            day.press("现在上传")
            if killed == kills:
                day.window.get_by_role("heading", name="全部已上传").wait_for(timeout=300_000)
                return killed
            time.sleep(0.5 + 2 * day.chance.random())
            if day.window.get_by_role("heading", name="全部已上传").count():
                return killed
        killed += 1


# -- what arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    disordered: tuple[str, ...]
    broken: tuple[str, ...]


def compare(told: dict[str, list[str]], arrived: dict[str, list[str]]) -> tuple[list[str], ...]:
    """Lost, twice, out of order: by the names of the photos of each visit."""
    lost, twice, disordered = [], [], []
    for ref, names in told.items():
        found = arrived.get(ref, [])
        lost += [name for name in names if name not in found]
        twice += [name for name, count in Counter(found).items() if count > 1]
        if [name for name in found if name in names] != names:
            disordered.append(ref)
    return lost, twice, disordered


def outcome(told: dict[str, list[str]]) -> Outcome:
    arrived, broken = {}, list(_house_problems())
    for ref in told:
        arrived[ref], problems = _arrived(ref)
        broken += problems
    lost, twice, disordered = compare(told, arrived)
    return Outcome(
        lost=tuple(lost), twice=tuple(twice), disordered=tuple(disordered), broken=tuple(broken)
    )


def _arrived(ref: str) -> tuple[list[str], list[str]]:
    """Names of the photos of a visit as they were received, and what is wrong with it."""
    from django.core.files.storage import default_storage

    from gongchou.core.terms import VisitState
    from gongchou.inspection import leases, reads

    broken = []
    state = reads.visit(ref).state
    if state is not VisitState.SUBMITTED:
        broken.append(f"{ref} {state.label}")
    files = [file for file in reads.record(ref).evidence if not file.is_signature]
    for file in files:
        with default_storage.open(file.path) as kept:
            if kept.read() != picture(file.name):
                broken.append(f"{file.name} 的原件不是拍下的")
    numbers = [json.loads(row.written)["number"] for row in leases.operations(ref)]
    if numbers != sorted(set(numbers)):
        broken.append(f"{ref} 的操作次序不对")
    return [file.name for file in files], broken


def _house_problems() -> Iterator[str]:
    from django.db import connection

    from gongchou.audit import reads as audit

    if audit.first_break_of(CODE) is not None:
        yield "留痕链断开"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchone()[0] != "ok":
                yield "数据库不完整"


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own for the phone, where this machine lets us have one."""
    folder.mkdir()
    libc = ctypes.CDLL("libc.so.6", use_errno=True)
    size = f"size={DISK_MEGABYTES}m".encode()
    is_mounted = libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, size) == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            libc.umount2(str(folder).encode(), 2)


class StoodStill(Exception):
    """The day did not come to its end; says what the phone showed."""


def _work(day: Day, refs: list[str], photos: int, port: int, folder: Path, has_disk: bool) -> None:
    """Morning with a network, then one visit after the other without."""
    from pytest_django.live_server_helper import LiveServer

    morning = begun(LiveServer, port)
    take_along(day)
    day.away(True)
    morning.stop()
    visits = len(refs)
    for place, ref in enumerate(refs):
        day.hour, day.told[ref] = HOURS * (place + 0.5) / visits, []
        go_to(day, ref)
        photograph(day, ref, photos)
        if has_disk and place == 1:
            fill_the_disk(day, ref, folder / "disk")
        if place == visits // 2:
            update(day, LiveServer, port, folder)
        if place == visits - 1:
            second_window(day)
        finish(day)
        while day.kills < KILLS_A_VISIT * (place + 1):
            day.kill()


def run(*, visits: int, photos: int, kills: int, seed: int) -> tuple[Day, Outcome, int, bool]:
    from playwright.sync_api import Error, sync_playwright

    from gongchou.web.clock import move_demo_clock

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    move_demo_clock(AT)
    _, refs = house(visits)
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="gongchou-day-"))
    with _small_disk(folder / "disk") as has_disk, sync_playwright() as driver:
        day = Day(
            driver, f"http://localhost:{port}", folder / "disk" / "profile", random.Random(seed)
        )
        try:
            _work(day, refs, photos, port, folder, has_disk)
            day.hour = HOURS
            move_demo_clock(AT + timedelta(hours=HOURS))
            day.is_away = False
            day.kill()
            day.kills -= 1
            killed = send(day, port, kills)
        except (AssertionError, Error) as error:
            where = f"第 {len(day.told)} 次检查，浏览器已杀 {day.kills} 次"
            said = str(error).splitlines()[0]
            raise StoodStill(f"{where}：{said}。手机显示：{day.shown()}") from error
        with suppress(Exception):
            day.context.close()
    shutil.rmtree(folder, ignore_errors=True)
    return day, outcome(day.told), killed, has_disk


def figure(*, visits: int, photos: int, kills: int, seed: int) -> list[Figure]:
    try:
        return _figures(visits=visits, photos=photos, kills=kills, seed=seed)
    except StoodStill as error:
        # A day that stands still is a figure that is not met, with what the phone showed.
        return [
            Figure(
                id="F17", name=NAME, value="没有走完", target="全部为 0", met=False, seed=seed,
                detail=f"{error}。",
            )
        ]  # fmt: skip


def _figures(*, visits: int, photos: int, kills: int, seed: int) -> list[Figure]:
    day, found, killed, has_disk = run(visits=visits, photos=photos, kills=kills, seed=seed)
    kept = sum(map(len, day.told.values()))
    bad = (*found.lost, *found.twice, *found.disordered, *found.broken)
    told = {ref: list(names) for ref, names in day.told.items()}
    first = next(iter(told))
    control = compare(told, {**told, first: told[first][1:] + told[first][-1:]})
    return [
        Figure(
            id="F17", name=NAME,
            value=f"丢 {len(found.lost)}，重 {len(found.twice)}，乱序 {len(found.disordered)}，"
            f"坏 {len(found.broken)}",
            target="全部为 0", met=not bad, seed=seed,
            detail=f"{HOURS} 小时（手机和服务器的时钟一起推进），{visits} 次检查，"
            f"{kept} 张说过“已保存”的照片，SIGKILL 浏览器 {day.kills} 次，"
            f"上传中 SIGKILL 服务器 {killed} 次，中途更新 1 次，两个窗口 1 次，"
            f"{'真实磁盘写满 1 次' if has_disk else '磁盘写满未测：没有权限建立小文件系统'}。"
            f"{'、'.join(bad[:5])}",
        ),
        Figure(
            id="F17-control", name="反证：少一张、重一张，比对能发现",
            value="、".join(str(len(part)) for part in control), target="三项都不为 0",
            met=all(control), seed=seed, detail="从收到的清单里去掉第一张、末一张写两遍，再比对。",
        ),
    ]  # fmt: skip
