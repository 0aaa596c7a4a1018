"""The draw of one quarter of the demonstration, from the freeze to the sealed list."""

from datetime import datetime, timedelta

from gongchou.config.demo_agenda import person, pick
from gongchou.config.demo_bureau import CODE, WATCHER, passphrase
from gongchou.drawing import actions as drawing
from gongchou.drawing import log_reads
from gongchou.publication import actions as publication

CUSTODIANS = ("bao", "mi", "feng")
CONTRIBUTORS = ("zhou", "bao")
WITNESSES = ("zhou", "wu")
RULE = "d6:25 演示：现场投掷骰子二十五次"
THROWS = 25


def keep_keys(when: datetime) -> None:
    """Three custodians enrol, any two of whom open."""
    for login in CUSTODIANS:
        drawing.enrol_custodian(passphrase(login), by=person(login, when), at=when)
    drawing.establish_key(by=person("bao", when), at=when)


def hold(task: str, when: datetime) -> str:
    """The whole ceremony of a task; returns the ref of the sealed draw."""
    office, steps = person("chen", when), iter(range(100))

    def now() -> datetime:
        return when + timedelta(minutes=5 * next(steps))

    draw = drawing.freeze_draw(task, by=office, at=now())
    for login in CONTRIBUTORS:
        drawing.commit_contribution(draw, _words(login, task), by=person(login, when), at=now())
    announced = now()
    drawing.announce_draw(draw, RULE, by=office, at=announced)
    publication.publish_announcement(draw, by=office, at=announced)
    throws = "".join(str(pick(f"{task} {n}", 6) + 1) for n in range(THROWS))
    drawing.enter_closing(draw, throws, by=office, at=now())
    drawing.confirm_closing(draw, throws, by=person("wu", when), at=now())
    for login in CONTRIBUTORS:
        drawing.reveal(draw, _words(login, task), by=person(login, when), at=now())
    for login in WITNESSES:
        drawing.confirm_draw(draw, by=person(login, when), at=now())
    publication.publish_sealed_root(draw, by=office, at=now())
    sign(now())
    return draw


def sign(when: datetime) -> None:
    """The log is signed and its head published; the superior has cosigned the head before."""
    office = person("chen", when)
    for head in [row for row in log_reads.heads(CODE)[-1:] if not row.cosigned_by]:
        watcher = person(WATCHER[0], when)
        drawing.cosign_head(head.size, bureau=CODE, by=watcher, at=when)
        publication.publish_log_head(head.size, is_witnessed=True, by=office, at=when)
    size = drawing.sign_log(by=office, at=when)
    publication.publish_log_head(size, by=office, at=when)


def _words(login: str, task: str) -> str:
    return f"演示：{login} 为 {task} 当场写下的一段别人想不到的话"


def open_up(opening: str, when: datetime) -> None:
    """Two custodians agree, each under the own passphrase; who they are changes by the day."""
    first = pick(opening, len(CUSTODIANS))
    for login in (CUSTODIANS[first], CUSTODIANS[(first + 1) % len(CUSTODIANS)]):
        drawing.agree(opening, passphrase(login), by=person(login, when), at=when)
