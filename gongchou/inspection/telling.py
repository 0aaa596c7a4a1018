"""Messages to officers for a gateway of the bureau's own (SMS, work chat): files in a folder.

Each message is one JSON file that appears whole. It names no enterprise: what may be known of a
visit is read after signing in.
"""

import json
import secrets
from pathlib import Path

from django.conf import settings

from gongchou.accounts import reads as accounts
from gongchou.core import plain
from gongchou.core.terms import Role
from gongchou.drawing import reads as draws
from gongchou.inspection import course, reads
from gongchou.inspection.rows import VisitRow
from gongchou.jobs.queue import enqueue
from gongchou.registry import reads as registers
from gongchou.web import clock

TELL, TELL_OFFICE = "tell_officers", "tell_office"
DISPATCHED = "您有一次检查已派发，请登录系统接收。"
HELD = "有检查没有自动派发，请登录系统查看原因。"


def ask_to_tell(ref: str, rule: str = "") -> None:
    """Soon, with the transaction of the act; nothing is asked where no gateway listens."""
    if settings.MESSAGES is not None:
        enqueue(TELL, ref, rule)


def tell_officers(ref: str, rule: str) -> None:
    """Write a message to each officer of the team; sent twice, the same files are there."""
    found = reads.visit(ref)
    folder = settings.MESSAGES
    if folder is None:
        return
    logins = registers.logins_of_inspectors(found.bureau, clock.day_of(clock.now()))
    for one in found.inspectors:
        if person := logins.get(one.ref, ""):
            _write(Path(folder) / _name(found, one.ref, rule), {
                "to": person,
                "name": one.name,
                "visit": found.ref,
                "says": _says(found, rule),
                "at": plain.to_plain(clock.now()),
            })  # fmt: skip


def ask_to_tell_office(draw: str, about: str) -> None:
    """The same for who dispatches, where something could not go out by itself."""
    if settings.MESSAGES is not None:
        enqueue(TELL_OFFICE, draw, about)


def tell_office(draw: str, about: str) -> None:
    folder, at = settings.MESSAGES, clock.now()
    if folder is None:
        return
    for one in accounts.people(draws.draw(draw).bureau, clock.day_of(at), Role.OFFICE):
        if one.is_active:
            _write(Path(folder) / f"{draw}.{one.ref}.{about}.json", {
                "to": one.login,
                "name": one.name,
                "visit": draw,
                "says": HELD,
                "at": plain.to_plain(at),
            })  # fmt: skip


def _says(found: VisitRow, rule: str) -> str:
    if not rule:
        return DISPATCHED
    card = next((card for card in course.cards(found) if card.rule == rule), None)
    return f"{card.level.label}：{card.says}，请登录系统办理。" if card else DISPATCHED


def _name(found: VisitRow, inspector: str, rule: str) -> str:
    return f"{found.ref}.{inspector}.{rule or 'dispatch'}.json"


def _write(target: Path, message: dict[str, str]) -> None:
    """A gateway that lists the folder sees the whole message or none."""
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    fresh.write_text(json.dumps(message, ensure_ascii=False), "utf-8")
    fresh.replace(target)
