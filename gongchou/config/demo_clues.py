"""Fictional clues in every state, one patrol run, a remote check and a targeted list."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from gongchou.config.demo_agenda import person
from gongchou.config.demo_bureau import CODE
from gongchou.core.clue_terms import (
    ClueOrigin,
    ClueState,
    ExclusionReason,
    InletKind,
    PollutantFamily,
    RemoteConclusion,
    UnconfirmedReason,
)
from gongchou.core.coordinates import Point, written
from gongchou.core.monitoring.events import GuardAnswer, RuleEvent
from gongchou.core.plumes import moved
from gongchou.core.powers import system
from gongchou.core.workdays import add_workdays
from gongchou.inspection import actions as inspection
from gongchou.inspection import targeting
from gongchou.law.load import load_calendar
from gongchou.offsite import actions as offsite
from gongchou.offsite import inlet_reads, monitor_reads
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

RESERVED = 4
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RUNNING = GuardAnswer("filed_stop", False, "没有停产、检修报备")
ONLINE = GuardAnswer("comm", False, "数采仪在线，没有通讯异常标记")
PEAK = (118, 125, 140, 660, 980, 1240, 870, 610, 150, 122)


def set_up(now: datetime) -> None:
    """Events as rules would have handed them on, then what people did about them."""
    monitored = [m.subject for m in monitor_reads.monitors(CODE) if not m.until]
    first, second, *rest = [*dict.fromkeys(monitored), *_others(now)]
    before = now - 2 * DAY
    _red(first, before, now)
    _watched(second, before, now)
    _explaining(rest[0], before, now)
    _excluded(rest[1], before, now)
    _verified(rest[2], rest[3], now - 9 * DAY)
    _seen(rest[4], now - DAY)
    _winds(now)
    _patrol(now - 5 * HOUR)
    _remote(rest[5], now - 3 * DAY)
    _targeted(now)


def _others(now: datetime) -> list[str]:
    return [spot.ref for spot in registers.spots(CODE, day_of(now), {}).rows[4:20]]


def _taken(rule: str, subject: str, start: datetime, hours: int, severity: int, says: str) -> str:
    outlet = next((m.outlet for m in monitor_reads.monitors(CODE) if m.subject == subject), "")
    event = RuleEvent(
        rule=rule,
        rule_version="演示",
        subject=subject,
        outlet=outlet if rule.startswith("A") else "",
        factor="a21026" if rule in ("A01", "A04") else "",
        started_at=start,
        ended_at=start + timedelta(hours=hours),
        severity=severity,
        completeness=Fraction(23, 24),
        thresholds={"持续": "按规则"},
        inputs={"持续小时": str(hours)},
        guards=(RUNNING, ONLINE),
        says=says,
    )
    at = start + timedelta(hours=hours, minutes=20)
    return offsite.take_up_event(event, by=system(CODE), at=at)


def _red(subject: str, before: datetime, now: datetime) -> None:
    _taken("A04", subject, before, 5, 3, "废气排口二氧化硫小时值五小时完全相同。")
    _taken("E01", subject, before + HOUR, 2, 4, "生产线运行，治理风机两小时没有用电。")


def _watched(subject: str, before: datetime, now: datetime) -> None:
    ref = _taken("A11", subject, before, 9, 2, "九个小时没有收到数据。")
    why = "网络检修，观察三天。"
    offsite.decide_clue(ref, ClueState.WATCHED, why, by=person("chen", now), at=now - DAY)


def _explaining(subject: str, before: datetime, now: datetime) -> None:
    ref = _taken("E05", subject, before - DAY, 3, 2, "夜间用电为日间的 1.8 倍。")
    why = "请企业说明夜间班次，并提供报备材料。"
    offsite.decide_clue(ref, ClueState.EXPLAINING, why, by=person("chen", now), at=now - DAY)


def _excluded(subject: str, before: datetime, now: datetime) -> None:
    ref = _taken("A06", subject, before, 1, 2, "小时值陡升后两小时内回落。")
    code = ExclusionReason.EXPLAINED.value
    why = "当时正在通标气校准，有维护记录。"
    at = now - DAY
    offsite.decide_clue(ref, ClueState.EXCLUDED, why, code, by=person("chen", now), at=at)


def _verified(one: str, other: str, start: datetime) -> None:
    """Two that were looked into off site: one found true, one not."""
    clerk, reviewer, at = person("chen", start), person("shen", start), start + DAY
    found = _taken("E02", one, start, 4, 3, "治理风机功率只有运行中位数的四成。")
    lost = _taken("E06", other, start, 24, 3, "总表与分表相差三成。")
    for ref in (found, lost):
        why = "调看视频和电表读数。"
        offsite.decide_clue(ref, ClueState.TO_OFFSITE, why, by=clerk, at=at)
        offsite.begin_offsite(ref, "调看当日视频，核对电表读数。", by=clerk, at=at + HOUR)
    says = "视频显示风机低速运行，企业承认。"
    offsite.conclude_clue(found, ClueState.CONFIRMED, says, by=reviewer, at=at + 2 * HOUR)
    says, code = "新增设备未接入分表，已接入。", UnconfirmedReason.MENDED.value
    offsite.conclude_clue(
        lost, ClueState.UNCONFIRMED, says, reason=code, by=reviewer, at=at + 2 * HOUR
    )
    offsite.archive_clue(lost, by=clerk, at=at + 3 * HOUR)


def _seen(subject: str, at: datetime) -> None:
    draft = offsite.ClueDraft(
        origin=ClueOrigin.SEEN,
        client_id="demo:seen",
        says="路过时看到院内露天喷涂，有气味。",
        place="虚构路 8 号",
        family=PollutantFamily.ODOUR,
        subject=subject,
        started_at=at,
        ended_at=at,
    )
    offsite.take_up_clue(draft, by=person("li", at), at=at)


def _patrol(at: datetime) -> None:
    """A car passes twice south of a site in a north wind; the peak is confirmed by a person."""
    clerk = person("chen", at)
    spots = registers.spots(CODE, day_of(at), {}).rows
    if not spots:
        return
    place = moved(spots[0].at, 180, 350)
    text = "\n".join(_run(place, at - 2 * HOUR)).encode()
    kind = InletKind.PATROL
    received = offsite.receive_file(kind, "走航（虚构）.csv", text, by=clerk, at=at)
    rows = inlet_reads.sightings(received.ref, CODE)
    if rows:
        why = "两遍经过都有峰，核对了气象和生产时间。"
        offsite.confirm_sighting(rows[0].ref, why, by=clerk, at=at)


def _winds(now: datetime) -> None:
    """Two stations, each hour of five days: a wind that turns with the day."""
    clerk = person("chen", now)
    spots = registers.spots(CODE, day_of(now), {}).rows
    if not spots:
        return
    lines = ["站名,经度,纬度,坐标系,时间,风向,风速"]
    for name, side, turned in (("虚构北站", 0, 0), ("虚构南站", 180, 25)):
        at = moved(spots[0].at, side, 1500)
        where = f"{name},{written(at[0])},{written(at[1])},WGS84"
        for hour in range(-120, 0):
            direction = (20 + turned + 9 * (hour % 24)) % 360
            speed = 0.6 + (hour % 12) / 4
            lines.append(f"{where},{(now + hour * HOUR).isoformat()},{direction},{speed}")
    text = "\n".join(lines).encode()
    offsite.receive_file(InletKind.WIND, "气象站（虚构）.csv", text, by=clerk, at=now)


def _run(place: Point, start: datetime) -> Iterator[str]:
    yield "时间,经度,纬度,坐标系,车速,风向,风速,TVOC(µg/m³)"
    for turn in range(2):
        for n, value in enumerate((*[120] * 60, *PEAK, *[120] * 60)):
            here = moved(place, 90, 6 * (n - 65))
            when = start + timedelta(minutes=25 * turn, seconds=4 * n)
            where = f"{written(here[0])},{written(here[1])},WGS84"
            yield f"{when.isoformat()},{where},6,5,2.6,{value + n % 7}"


def _remote(subject: str, at: datetime) -> None:
    clerk, leader = person("chen", at), person("zhao", at)
    purpose = "请企业出示危废暂存间台账和标识。"
    ref = offsite.request_remote(subject, purpose, day_of(at), by=clerk, at=at)
    offsite.decide_remote(ref, True, "同意", by=leader, at=at + HOUR)
    draft = offsite.HeldDraft(
        started_at=at + 2 * HOUR,
        ended_at=at + 2 * HOUR + timedelta(minutes=25),
        officers="李检查、王检查",
        site_people="虚构厂长",
        minutes="出示了本月台账和暂存间，标识齐全。",
        recording_name="连线（虚构）.mp4",
        recording_sha256=hashlib.sha256(b"demo").hexdigest(),
        conclusion=RemoteConclusion.NORMAL,
    )
    offsite.record_remote(ref, draft, by=clerk, at=at + 3 * HOUR)


def _targeted(now: datetime) -> None:
    today = day_of(now)
    until = add_workdays(today, 5, load_calendar())
    if not targeting.room(CODE, today, until, RESERVED).most:
        return
    why = "须现场查看治理设施和采样管路，无法书面核查。"
    ref = inspection.propose_targeted(today, until, RESERVED, why, by=person("chen", now), at=now)
    inspection.decide_targeted(ref, True, "同意", by=person("zhao", now), at=now)
