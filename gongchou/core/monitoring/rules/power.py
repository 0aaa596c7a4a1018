"""E01 treatment off, E02 treatment slowed down, E03 early off and late on: by electricity alone."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gongchou.core.monitoring.events import GuardAnswer
from gongchou.core.monitoring.hits import Hit
from gongchou.core.monitoring.moments import QUARTER_HOUR
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.rules.asked import REPAIR, Span, answer, line_of, median
from gongchou.core.monitoring.series import FacilityGroup, LineSeries, Site
from gongchou.core.monitoring.words import GroupNeed

ENERGY = "kW"
DAY_SLOTS = 96
FORTNIGHT = 14 * DAY_SLOTS


def slots_of(span: Span) -> range:
    return range(span.since * 4, span.until * 4)


def state(series: LineSeries, slot: int) -> str:
    """ "off", "idle", "run", or "" where nothing is known."""
    known = series.slots.get(slot)
    states = series.line.states
    if known is None or states is None:
        return ""
    return "off" if known.kw < states.off_kw else "run" if known.kw >= states.run_kw else "idle"


def members(site: Site, refs: tuple[str, ...]) -> list[LineSeries]:
    return [series for ref in refs if (series := line_of(site, ref)) is not None]


def _ran(producers: list[LineSeries], slot: int) -> bool:
    return any(state(series, slot) == "run" for series in producers)


def _has_gap(treatments: list[LineSeries], slot: int) -> bool:
    return any(not state(series, slot) for series in treatments)


def _lacks(group: FacilityGroup, treatments: list[LineSeries], slot: int) -> bool:
    stand = [state(series, slot) == "off" for series in treatments]
    return bool(stand) and (all(stand) if group.need is GroupNeed.ANY else any(stand))


def e01(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """治污未同步运行: a producer runs, the treatment stands; lead and lag allowed for."""
    for group in site.groups:
        producers, treatments = members(site, group.producers), members(site, group.treatments)
        if not producers or not treatments:
            continue
        shift = max(1, -(-max(group.lead, group.lag) // QUARTER_HOUR))
        ran = {
            slot: _ran(producers, slot)
            for slot in range(span.since * 4 - shift, span.until * 4 + shift)
        }
        for slot in slots_of(span):
            if not ran[slot] or not _lacks(group, treatments, slot):
                continue
            inputs = _powers(producers, treatments, slot)
            guards = _guards(site, group, treatments, slot, ran, shift)
            begun = slot * QUARTER_HOUR
            yield Hit(group.ref, ENERGY, begun, begun + QUARTER_HOUR, 4, inputs, guards)


def _powers(producers: list[LineSeries], treatments: list[LineSeries], slot: int) -> dict[str, str]:
    found = {}
    for series in (*producers, *treatments):
        known = series.slots.get(slot)
        kw = f"{known.kw:.2f} kW" if known else "无数据"
        found[f"{series.line.kind.label} {series.line.ref}"] = kw
    return found


def _guards(
    site: Site,
    group: FacilityGroup,
    treatments: list[LineSeries],
    slot: int,
    ran: Mapping[int, bool],
    shift: int,
) -> tuple[GuardAnswer, ...]:
    minute = slot * QUARTER_HOUR
    refs = (group.ref, *(series.line.ref for series in treatments))
    filed = next((f for ref in refs if (f := site.filed(ref, minute, REPAIR))), None)
    edge = not all(ran.get(near, False) for near in (slot - shift, slot + shift))
    return (
        answer(
            "报备检修故障停产",
            filed is not None,
            f"已报备{filed.kind.label}" if filed else "",
            "没有报备检修、故障或停产",
        ),
        answer("提前滞后时间", edge, "在允许的提前或滞后时间内", "不在允许的提前或滞后时间内"),
        answer("计量通讯", _has_gap(treatments, slot), "治污电表缺数据", "治污电表数据完整"),
        answer(
            "共用治污设施",
            group.is_treatment_shared,
            "治污设施与其他生产线共用",
            "治污设施不共用",
        ),
    )


def e02(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """治污空转/降频: the treatment draws much less than it usually does at such production."""
    share, least = rule.number("share"), rule.count("least_slots")
    for group in site.groups:
        producers, treatments = members(site, group.producers), members(site, group.treatments)
        for series in treatments if producers else []:
            if series.line.states is not None:
                yield from _slow_slots(site, group, producers, series, span, share, least)


def _slow_slots(
    site: Site,
    group: FacilityGroup,
    producers: list[LineSeries],
    series: LineSeries,
    span: Span,
    share: float,
    least: int,
) -> Iterator[Hit]:
    usual: dict[int, float] | None = None
    learned = -1
    normal = _normal_powers(producers, series, span)
    for slot in slots_of(span):
        if slot // DAY_SLOTS != learned:
            learned = slot // DAY_SLOTS
            usual = _curve(series, normal, learned * DAY_SLOTS, least)
        known = series.slots.get(slot)
        if usual is None or known is None or state(series, slot) == "off":
            continue
        if known.kw < share * max(usual.values()) and _ran(producers, slot):
            load = _load(producers, slot) if series.line.is_vfd else -1
            expected = usual.get(load, usual[-1])
            if known.kw < share * expected:
                learned_load = load in usual
                yield _slowed(
                    site, group, producers, series, slot, known.kw, expected, learned_load
                )


def _slowed(
    site: Site,
    group: FacilityGroup,
    producers: list[LineSeries],
    series: LineSeries,
    slot: int,
    kw: float,
    expected: float,
    is_learned: bool,
) -> Hit:
    minute = slot * QUARTER_HOUR
    filed = site.filed(series.line.ref, minute, REPAIR)
    edge = not (_ran(producers, slot - 1) and _ran(producers, slot + 1))
    guards = (
        answer("报备检修故障停产", filed is not None, "已报备", "没有报备"),
        answer("启停边缘", edge, "生产设施正在启停", "生产设施稳定运行"),
        answer("变频曲线", not is_learned, "没有学过这样的生产负荷", "与同等生产负荷下的平时相比"),
    )
    inputs = {
        "治污设施": series.line.ref,
        "功率": f"{kw:.2f} kW",
        "同等生产负荷下的平时功率": f"{expected:.2f} kW",
        "占比": f"{kw / expected:.0%}",
    }
    weight = 1 - kw / expected
    return Hit(group.ref, ENERGY, minute, minute + QUARTER_HOUR, 3, inputs, guards, weight)


def _load(producers: list[LineSeries], slot: int) -> int:
    """Production in fifths of the rated power; a variable drive is compared with its own curve."""
    rated = sum(series.line.rated_kw for series in producers) or 1.0
    drawn = sum(known.kw for series in producers if (known := series.slots.get(slot)))
    return min(5, int(5 * drawn / rated))


def _normal_powers(
    producers: list[LineSeries], series: LineSeries, span: Span
) -> dict[int, tuple[int, float]]:
    """By quarter hour in which both run: production in fifths, and what the treatment draws."""
    first = span.since // 24 * DAY_SLOTS - FORTNIGHT
    found = {}
    for slot in range(first, span.until * 4):
        known = series.slots.get(slot)
        if known is None or state(series, slot) == "off" or not _ran(producers, slot):
            continue
        found[slot] = (_load(producers, slot) if series.line.is_vfd else -1, known.kw)
    return found


def _curve(
    series: LineSeries, normal: Mapping[int, tuple[int, float]], until: int, least: int
) -> dict[int, float] | None:
    """The median power of the treatment in a fortnight by production; -1 for all together."""
    pairs = [pair for slot in range(until - FORTNIGHT, until) if (pair := normal.get(slot))]
    if len(pairs) < least:
        return None
    found = {-1: median([kw for _, kw in pairs])}
    for load in range(6) if series.line.is_vfd else ():
        kws = [kw for at, kw in pairs if at == load]
        if len(kws) >= 20:
            found[load] = median(kws)
    return found


def e03(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """治污提前停/延后开: at the edges of production the treatment is off for too long."""
    slack = rule.count("minutes")
    for group in site.groups:
        producers, treatments = members(site, group.producers), members(site, group.treatments)
        if not producers or not treatments:
            continue
        for slot in slots_of(span):
            was, now = _ran(producers, slot - 1), _ran(producers, slot)
            if was == now or not _is_known(producers, slot):
                continue
            late = _missing_after(group, treatments, slot) if now else 0
            early = 0 if now else _missing_before(group, treatments, slot)
            allowed = group.lead if now else group.lag
            minutes = late or early
            if minutes <= slack or minutes > 8 * QUARTER_HOUR:
                continue
            filed = site.filed(group.ref, slot * QUARTER_HOUR, REPAIR)
            guards = (
                answer("报备检修故障停产", filed is not None, "已报备", "没有报备"),
                answer(
                    "允许的提前滞后", minutes <= allowed, f"允许 {allowed} 分钟", "超过允许的时间"
                ),
            )
            kind = "延后开" if now else "提前停"
            inputs = {"情形": kind, "分钟": str(minutes)}
            begun = slot * QUARTER_HOUR if now else slot * QUARTER_HOUR - minutes
            whole = Fraction(1)
            yield Hit(group.ref, ENERGY, begun, begun + minutes, 2, inputs, guards, minutes, whole)


def _is_known(producers: list[LineSeries], slot: int) -> bool:
    return all(state(series, s) for series in producers for s in (slot - 1, slot))


def _missing_after(group: FacilityGroup, treatments: list[LineSeries], slot: int) -> int:
    """Minutes from the start of production in which the treatment still stands."""
    count = 0
    while count < 12 and _lacks(group, treatments, slot + count):
        count += 1
    return count * QUARTER_HOUR


def _missing_before(group: FacilityGroup, treatments: list[LineSeries], slot: int) -> int:
    """Minutes before the end of production in which the treatment already stands."""
    count = 0
    while count < 12 and _lacks(group, treatments, slot - 1 - count):
        count += 1
    return count * QUARTER_HOUR
