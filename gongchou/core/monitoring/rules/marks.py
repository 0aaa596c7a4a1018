"""A11 missing data, A12 changed history, A13 and A14 marks, A15 settings and doors, A17 clocks."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from gongchou.core.monitoring.events import GuardAnswer
from gongchou.core.monitoring.hits import Hit
from gongchou.core.monitoring.moments import DAY, HOUR, written
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.rules.asked import (
    FURNACE_MARKS,
    O2,
    TEMPERATURE,
    Span,
    answer,
    flow_of,
    median,
    pollutants,
    running_share,
    values_in,
)
from gongchou.core.monitoring.rules.limits import is_would_be
from gongchou.core.monitoring.series import (
    DOOR,
    MARKED,
    STOPPED,
    Hours,
    OutletSeries,
    ParameterChange,
    Site,
)
from gongchou.core.monitoring.words import FilingKind, OutletKind

ALL_FACTORS = ""
UPKEEP = frozenset({FilingKind.OPERATION, FilingKind.MAINTENANCE, FilingKind.CALIBRATION})
WORK = frozenset({FilingKind.OPERATION, FilingKind.MAINTENANCE})
MONTH_HOURS = 30 * 24
CLOSED = frozenset({"", "0", "0.0", "0.00"})


def a11(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """缺失: less of a day valid than asked, or a gap; hours marked as stopped do not count."""
    least, gap = rule.number("day_share"), rule.count("gap_hours")
    few = rule.count("lacking_hours")
    for series in site.outlets:
        first = min((min(own) for own in series.hours.values() if own), default=span.until)
        for day in span.days():
            # Before its first whole day a device owes nothing.
            found = _day_of(site, series, day) if day * 24 >= first else None
            if found is None:
                continue
            expected, lacking, longest, out = found
            valid = expected - len(lacking)
            share = Fraction(valid, expected)
            is_full = share >= Fraction(rule.exact("day_share")) or len(lacking) < few
            if is_full and longest <= gap:
                continue
            without = expected - out
            guard = answer(
                "区域通信中断",
                out > 0 and (without == 0 or valid / max(1, without) >= least),
                f"其中 {out} 个小时所在区域普遍中断",
                "同一时段其他单位数据正常",
            )
            inputs = {
                "应有小时": str(expected),
                "有效小时": str(valid),
                "最长缺失": f"{longest} 小时",
                "有效率": f"{float(share):.1%}，应不低于 {least:.0%}",
            }
            yield Hit(
                series.outlet.ref,
                ALL_FACTORS,
                day * DAY,
                day * DAY + DAY,
                2,
                inputs,
                (guard, _repair_guard(site, series, day, lacking, expected * (1 - least))),
                float(1 - share),
                share,
            )


def _repair_guard(
    site: Site, series: OutletSeries, day: int, lacking: Sequence[int], allowed: float
) -> GuardAnswer:
    """Hours within filed repair, fault or planned upkeep may lack."""
    kinds = UPKEEP | {FilingKind.FAULT}
    ref = series.outlet.ref
    filed = sum(site.filed(ref, h * HOUR + HOUR // 2, kinds) is not None for h in lacking)
    holds = filed > 0 and len(lacking) - filed <= allowed
    return answer(
        "报备检修故障", holds, f"其中 {filed} 个小时已报备检修、故障或校准", "没有相应的报备"
    )


def _day_of(site: Site, series: OutletSeries, day: int) -> tuple[int, list[int], int, int] | None:
    """Hours expected, those that lack, the longest gap, hours with the area's network down."""
    rows = [series.hours[factor] for factor in pollutants(series)]
    if not rows:
        return None
    expected = run = longest = out = 0
    lacking: list[int] = []
    for hour in range(day * 24, day * 24 + 24):
        points = [hours.get(hour) for hours in rows]
        if any(p is not None and p.flag == STOPPED for p in points):
            run = 0
            continue
        expected += 1
        if all(p is not None and p.value is not None and p.flag in ("N", "C") for p in points):
            run = 0
            continue
        lacking.append(hour)
        is_there = any(p is not None and p.value is not None for p in points)
        run = 0 if is_there else run + 1
        longest = max(longest, run)
        out += hour in site.region_out
    return (expected, lacking, longest, out) if expected else None


def a12(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """历史值被改: one hour, two values, no mark of resending and no filing."""
    for series in site.outlets:
        for factor, hours in series.hours.items():
            for hour in span.hours():
                point = hours.get(hour)
                if point is None or not point.earlier:
                    continue
                filed = site.filed(
                    series.outlet.ref, hour * HOUR, frozenset({FilingKind.SUPPLEMENT})
                )
                partial = point.first_minutes < HOUR - rule.count("slack_minutes")
                guards = (
                    answer("补录登记", filed is not None, "已登记补录", "没有登记补录"),
                    answer(
                        "首次为不完整小时",
                        partial,
                        f"首次上传时该小时只过了 {point.first_minutes} 分钟",
                        "首次上传时该小时已经结束",
                    ),
                )
                before = "、".join(f"{value:f}" for value in point.earlier)
                now = f"{point.value:f}" if point.value is not None else "空"
                inputs = {"原值": before, "现值": now}
                begun = hour * HOUR
                yield Hit(series.outlet.ref, factor, begun, begun + HOUR, 4, inputs, guards)


def a13(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """标记滥用: too many marked hours in a month, or marks that fall on what would be too much,
    or marks that were filed long after."""
    for series in site.outlets:
        yield from _filed_late(site, series, span, rule)
        for factor in pollutants(series):
            for day in span.days():
                yield from _marked_hours(site, series, factor, day, rule)


def _filed_late(site: Site, series: OutletSeries, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """Marks that excuse hours of this outlet and were made more than a day after they began.

    Judged in the hour in which they were made: hours long gone are not looked at again.
    """
    ref, most = series.outlet.ref, rule.count("late_hours")
    for filing in site.filings:
        late = filing.filed - filing.since
        is_ours = filing.of in ("", ref) and filing.kind in FURNACE_MARKS | UPKEEP
        if not is_ours or late <= most * HOUR or not _is_within(filing.filed // HOUR, span):
            continue
        inputs = {
            "依据": f"“{filing.kind.label}”在开始 {late // HOUR} 小时后才标记",
            "标记时间": written(filing.filed),
            "标记的时段": f"{written(filing.since)} 至 {written(filing.until)}",
        }
        made = filing.filed
        yield Hit(ref, ALL_FACTORS, made, made + HOUR, 4, inputs, weight=float(late))


def _is_within(hour: int, span: Span) -> bool:
    return span.since <= hour < span.until


def _marked_hours(
    site: Site, series: OutletSeries, factor: str, day: int, rule: MonitorRule
) -> Iterator[Hit]:
    hours = series.hours[factor]
    end = day * 24 + 24
    marked = [h for h in range(end - 24, end) if (p := hours.get(h)) and p.flag in MARKED]
    if not marked:
        return
    week = range(end - rule.count("days") * 24, end)
    recent = [h for h in week if (p := hours.get(h)) and p.flag in MARKED]
    # Planned work says nothing; where all is planned, the guard answers for it.
    recent = [h for h in recent if not _is_planned(site, series, h)] or recent
    suspect = [h for h in recent if _hides(series, factor, h, rule.number("near_share"))]
    guards = (_calibration_guard(site, series, [h for h in marked if h in recent] or marked),)
    share = len(suspect) / len(recent)
    enough = len(suspect) >= rule.count("least_hours")
    if enough and share >= rule.number("on_exceedance"):
        says = f"近 {rule.count('days')} 天 {len(recent)} 个标记小时中有 {len(suspect)} 个"
        inputs = {
            "依据": f"{says}紧邻接近或超过限值的时段",
            "标记小时": str(len(recent)),
            "其中相邻未标记值接近或超过限值": str(len(suspect)),
        }
        since, until = min(suspect) * HOUR, (max(suspect) + 1) * HOUR
        yield Hit(series.outlet.ref, factor, since, until, 4, inputs, guards, share)
        return
    month = range(end - MONTH_HOURS, end)
    known = [p for h in month if (p := hours.get(h)) and p.flag != STOPPED]
    odd = sum(p.flag in MARKED for p in known)
    if len(known) >= MONTH_HOURS // 2 and odd > rule.number("month_share") * len(known):
        says = f"近 30 天非正常标记 {odd} 小时，占 {odd / len(known):.0%}"
        inputs = {"依据": says, "近 30 天非正常标记": f"{odd} 小时"}
        since, until = min(marked) * HOUR, (max(marked) + 1) * HOUR
        yield Hit(series.outlet.ref, factor, since, until, 4, inputs, guards, odd / len(known))


def _hides(series: OutletSeries, factor: str, hour: int, share: float) -> bool:
    """Whether the nearest unmarked hours on either side lie close to the limit or above."""
    hours = series.hours[factor]
    for step in (-1, 1):
        for far in range(1, 9):
            point = hours.get(hour + step * far)
            if point is not None and point.flag in MARKED:
                continue
            if point is not None and is_would_be(series, factor, hour + step * far, share):
                return True
            break
    return False


def _is_planned(site: Site, series: OutletSeries, hour: int) -> bool:
    return site.filed(series.outlet.ref, hour * HOUR + HOUR // 2, UPKEEP) is not None


def _calibration_guard(site: Site, series: OutletSeries, hours: list[int]) -> GuardAnswer:
    planned = [_is_planned(site, series, hour) for hour in hours]
    holds = sum(planned) * 2 >= len(planned)
    return answer("校准维护计划", holds, "标记时段在报备的校准或维护计划内", "标记时段没有报备计划")


def a14(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """标停未停: marked as stopped, while heat, oxygen, flow or electricity say otherwise."""
    for series in site.outlets:
        factors = list(pollutants(series))
        flow = flow_of(series)
        usual, today = 0.0, -1
        for hour in span.hours():
            points = [p for factor in factors if (p := series.hours[factor].get(hour))]
            if not points or not any(p.flag == STOPPED for p in points):
                continue
            if hour // 24 != today:
                today = hour // 24
                values = values_in(series, flow, (today - 14) * 24, today * 24)
                usual = median(values) if len(values) >= 24 else 0.0
            signs = _signs(site, series, hour, usual, rule)
            if not signs:
                continue
            only_heat = set(signs) <= {"烟温"}
            guards = (
                answer("热备用", only_heat, "只有烟温偏高，像是热备用", "不只是烟温偏高"),
                _edge_guard(series, factors[0], hour, rule),
            )
            begun = hour * HOUR
            yield Hit(
                series.outlet.ref,
                ALL_FACTORS,
                begun,
                begun + HOUR,
                4,
                {"依据": "、".join(signs)} | signs,
                guards,
                float(len(signs)),
            )


def _edge_guard(series: OutletSeries, factor: str, hour: int, rule: MonitorRule) -> GuardAnswer:
    """Within the hour in which the mark begins or ends some running is natural."""
    hours = series.hours[factor]
    beside = (hours.get(hour - 1), hours.get(hour + 1))
    holds = any(point is not None and point.flag != STOPPED for point in beside)
    return answer("停运起止边缘", holds, "标记起止的那一小时", "不在标记起止处")


def _signs(
    site: Site, series: OutletSeries, hour: int, usual: float, rule: MonitorRule
) -> dict[str, str]:
    found = {}
    is_water = series.outlet.kind is OutletKind.WATER
    flow = series.hours.get(flow_of(series), {}).get(hour)
    flows = float(flow.value) if flow and flow.value is not None else 0.0
    if flows > rule.number("flow_share") * usual > 0:
        found["流量"] = f"{flows:g}，平时 {usual:.3g}"
    if not is_water:
        heat = series.hours.get(TEMPERATURE, {}).get(hour)
        if heat and heat.value is not None and heat.value > rule.exact("celsius"):
            found["烟温"] = f"{heat.value:f}"
        o2 = series.hours.get(O2, {}).get(hour)
        if o2 and o2.value is not None and 0 < o2.value < rule.exact("o2"):
            found["氧含量"] = f"{o2.value:f}"
    ran = running_share(site, series, hour)
    if ran is not None and ran >= rule.number("running_share"):
        found["用电"] = f"生产设施运行 {ran:.0%} 的时间"
    return found


def a15(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """参数篡改: without filed work, a setting changed, or a value jumped once a door was opened."""
    for series in site.outlets:
        for change in series.changes:
            if not _is_within(change.minute // HOUR, span):
                continue
            guards = (_work_guard(site, series, change.minute, rule.count("near_hours")),)
            if DOOR in change.name:
                yield from _after_door(series, change, guards, rule)
                continue
            inputs = {
                "改动": f"仪器参数 {change.name} 由 {change.was} 改为 {change.became}",
                "时刻": written(change.minute),
            }
            begun = change.minute
            yield Hit(series.outlet.ref, ALL_FACTORS, begun, begun + HOUR, 4, inputs, guards)


def _work_guard(site: Site, series: OutletSeries, minute: int, near: int) -> GuardAnswer:
    moments = range(minute - near * HOUR, minute + near * HOUR + 1, 30)
    filed = any(site.filed(series.outlet.ref, moment, WORK) for moment in moments)
    return answer("运维记录", filed, "前后有登记的运维或检修", "前后没有登记的运维")


def _after_door(
    series: OutletSeries,
    change: ParameterChange,
    guards: tuple[GuardAnswer, ...],
    rule: MonitorRule,
) -> Iterator[Hit]:
    """An hour of minute values before the door was opened against the hour from 30 minutes on."""
    if change.became in CLOSED:
        return
    opened, settled = change.minute, change.minute + rule.count("door_minutes")
    for factor in pollutants(series):
        before = _means_in(series.hours[factor], opened - HOUR, opened)
        after = _means_in(series.hours[factor], settled, settled + HOUR)
        if len(before) < 2 or len(after) < 2:
            continue
        was, now = median(before), median(after)
        if was <= 0 or abs(now - was) <= rule.number("step_share") * was:
            continue
        inputs = {
            "改动": f"站房门打开后数值由 {was:.3f} 变为 {now:.3f}",
            "时刻": written(opened),
        }
        until = settled + HOUR
        yield Hit(series.outlet.ref, factor, opened, until, 4, inputs, guards, abs(now - was) / was)


def _means_in(hours: Hours, since: int, until: int) -> list[float]:
    """Minute values of [since, until), of hours of which no minute is missing."""
    found: list[float] = []
    for hour in range(since // HOUR, (until - 1) // HOUR + 1):
        point = hours.get(hour)
        if point is None or not point.is_valid or point.minutes < HOUR or not point.means:
            continue
        step = HOUR // len(point.means)
        places = enumerate(point.means)
        found += [mean for n, mean in places if since <= hour * HOUR + n * step < until]
    return found


def a17(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """时钟: the device's clock is off for a whole hour."""
    most = rule.count("seconds")
    for series in site.outlets:
        for hour in span.hours():
            off = series.clock.get(hour)
            if off is None or abs(off) <= most:
                continue
            inputs = {"偏差": f"{off} 秒"}
            begun = hour * HOUR
            yield Hit(series.outlet.ref, ALL_FACTORS, begun, begun + HOUR, 1, inputs, (), abs(off))
