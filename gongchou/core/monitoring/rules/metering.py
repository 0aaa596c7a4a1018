"""E04 orders, E05 night, E06 totals, E07 meters, E08 low load, E09 electricity against monitors."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gongchou.core.monitoring.hits import Hit
from gongchou.core.monitoring.moments import DAY, HOUR, QUARTER_HOUR, weekday
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.rules.asked import (
    REPAIR,
    STANDING,
    Span,
    answer,
    flow_of,
    median,
    pollutants,
    running_share,
    values_in,
)
from gongchou.core.monitoring.rules.power import DAY_SLOTS, ENERGY, state
from gongchou.core.monitoring.series import (
    NORMAL,
    STOPPED,
    EmergencyOrder,
    LineSeries,
    OutletSeries,
    Site,
)
from gongchou.core.monitoring.words import LineKind, OrderKind

PRODUCING = (LineKind.PRODUCING, LineKind.COMBINED)
NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
FULL_DAY = DAY_SLOTS * 3 // 4


def producers(site: Site) -> list[LineSeries]:
    return [series for series in site.lines if series.line.kind in PRODUCING]


def energy(series: LineSeries, since: int, until: int) -> tuple[float, int]:
    """kWh in [since, until) quarter hours and how many of them are known."""
    known = [slot.kw for s in range(since, until) if (slot := series.slots.get(s))]
    return sum(known) / 4, len(known)


def e04(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """停限产未落实."""
    for order in site.orders:
        for series in producers(site):
            if order.lines and series.line.ref not in order.lines:
                continue
            if order.kind is OrderKind.STOP:
                yield from _not_stopped(order, series, span, rule)
            else:
                yield from _not_limited(site, order, series, span, rule)


def _not_stopped(
    order: EmergencyOrder, series: LineSeries, span: Span, rule: MonitorRule
) -> Iterator[Hit]:
    grace = order.received + rule.count("grace_hours") * HOUR
    first = max(order.since // QUARTER_HOUR, span.since * 4)
    for slot in range(first, min(-(-order.until // QUARTER_HOUR), span.until * 4)):
        if state(series, slot) != "run":
            continue
        minute = slot * QUARTER_HOUR
        exempt = series.line.is_security_load or series.line.ref in order.exempt
        guards = (
            answer("宽限时间", minute < grace, "收到通知后的宽限时间内", "已过宽限时间"),
            answer("保安负荷或豁免", exempt, "已列为保安负荷或豁免", "不是保安负荷，没有豁免"),
        )
        inputs = {"应急令": f"{order.ref}：停产", "功率": f"{series.slots[slot].kw:.2f} kW"}
        yield Hit(series.line.ref, ENERGY, minute, minute + QUARTER_HOUR, 4, inputs, guards, 0.0)


def _not_limited(
    site: Site, order: EmergencyOrder, series: LineSeries, span: Span, rule: MonitorRule
) -> Iterator[Hit]:
    for day in span.days():
        begun = max(order.since, order.received + rule.count("grace_hours") * HOUR, day * DAY)
        until = min(order.until, day * DAY + DAY)
        first, last = -(-begun // QUARTER_HOUR), until // QUARTER_HOUR
        if last - first < rule.count("least_slots"):
            continue
        used, known = energy(series, first, last)
        usual, weeks = _same_weekdays(site, series, first, last)
        if known * 4 < (last - first) * 3 or usual <= 0:
            continue
        allowed = (1 - float(order.share)) * usual * rule.number("tolerance")
        stands = usual < 0.05 * series.line.rated_kw * (last - first) / 4
        if used <= allowed:
            continue
        exempt = series.line.is_security_load or series.line.ref in order.exempt
        guards = (
            answer("同期不生产", stands, "平时这个时段不生产", "平时这个时段生产"),
            answer("基线数据", weeks < 2, f"正常周只有 {weeks} 周", f"基线取 {weeks} 个正常周"),
            answer("保安负荷或豁免", exempt, "已列为保安负荷或豁免", "不是保安负荷，没有豁免"),
        )
        inputs = {
            "应急令": f"{order.ref}：限产 {float(order.share):.0%}",
            "用电": f"{used:.0f} kWh",
            "允许": f"{allowed:.0f} kWh",
            "基线": f"{usual:.0f} kWh",
        }
        yield Hit(
            series.line.ref,
            ENERGY,
            begun,
            until,
            4,
            inputs,
            guards,
            used / usual,
            Fraction(known, last - first),
            # A day's work is a sum already: where the order's other day is one of rest, there is
            # no second one to ask for. An hour or two at the edge of a shift proves nothing alone.
            suffices=usual >= rule.number("load_hours") * series.line.rated_kw,
        )


def _same_weekdays(site: Site, series: LineSeries, first: int, last: int) -> tuple[float, int]:
    """The median of the same hours in four earlier weeks without order, at least 75 % there."""
    found = []
    for week in range(1, 9):
        shift = week * 7 * DAY_SLOTS
        minutes = ((first - shift) * QUARTER_HOUR, (last - shift) * QUARTER_HOUR)
        if any(o.since < minutes[1] and minutes[0] < o.until for o in site.orders):
            continue
        used, known = energy(series, first - shift, last - shift)
        if known * 4 >= (last - first) * 3:
            found.append(used)
        if len(found) == 4:
            break
    return (median(found) if found else 0.0), len(found)


def e05(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """夜间异常用电: more by night than by day, and more than this line itself ever used."""
    ratio, most = rule.number("ratio"), rule.number("percentile")
    days = span.days()
    for series in producers(site):
        shares = {d: _night_share(series, d) for d in range(days.start - 28, days.stop)}
        for day in days:
            now = shares[day]
            if now is None or now <= ratio:
                continue
            before = sorted(s for d in range(day - 28, day) if (s := shares[d]) is not None)
            if len(before) < rule.count("least_days"):
                continue
            beyond = sum(share > ratio for share in before)
            usual = beyond * 4 >= len(before)
            # A few nights of work make no habit: they do not excuse the next.
            habit = before if usual else before[: len(before) - beyond]
            own = habit[min(len(habit) - 1, int(most * len(habit)))]
            if now <= own * rule.number("own_margin"):
                continue
            filed = bool(site.shifts & NIGHT)
            guards = (
                answer(
                    "应急令期间",
                    _is_ordered(site, day),
                    "当日有应急令，白天停限产",
                    "当日没有应急令",
                ),
                answer("报备班次", filed, "报备的班次包括夜间", "报备的班次不包括夜间"),
                answer(
                    "峰谷电价",
                    site.is_tariff_driven and usual,
                    "按峰谷电价经常夜间生产",
                    "不是经常夜间生产",
                ),
            )
            inputs = {
                "夜间与白天用电之比": f"{now:.2f}",
                "自身历史高值": f"{own:.2f}",
                "夜间": "22 时至次日 6 时",
            }
            begun = day * DAY - 2 * HOUR
            yield Hit(series.line.ref, ENERGY, begun, begun + 8 * HOUR, 2, inputs, guards, now)


def _is_ordered(site: Site, day: int) -> bool:
    return any(o.since < (day + 1) * DAY and day * DAY < o.until for o in site.orders)


def _night_share(series: LineSeries, day: int) -> float | None:
    """Mean power from 22 h of the day before to 6 h, against that of the day from 6 to 22 h."""
    start = day * DAY_SLOTS
    night, known = energy(series, start - 8, start + 24)
    light, seen = energy(series, start + 24, start + 88)
    if known < 24 or seen < 48:
        return None
    floor = 0.05 * series.line.rated_kw
    return (night / known) / max(light / seen, floor / 4)


def e06(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """总表≠分表: what no sub-meter explains, for a whole day."""
    totals = [series for series in site.lines if series.line.kind is LineKind.TOTAL]
    subs = [series for series in site.lines if series.line.kind is not LineKind.TOTAL]
    if len(totals) != 1 or not subs:
        return
    for day in span.days():
        first, last = day * DAY_SLOTS, day * DAY_SLOTS + DAY_SLOTS
        common = [
            s
            for s in range(first, last)
            if s in totals[0].slots and all(s in series.slots for series in subs)
        ]
        if len(common) < FULL_DAY:
            continue
        whole = sum(totals[0].slots[s].kw for s in common) / 4
        parts = sum(series.slots[s].kw for series in subs for s in common) / 4
        gap = (whole - parts) / whole - site.unmetered if whole > 0 else 0.0
        if abs(gap) <= rule.number("share") or whole < rule.number("least_kwh"):
            continue
        guards = (
            answer("自备电源", site.has_own_generation, "登记有光伏或自备电源", "没有登记自备电源"),
        )
        inputs = {
            "总表": f"{whole:.0f} kWh",
            "分表合计": f"{parts:.0f} kWh",
            "登记的未装表负荷": f"{site.unmetered:.0%}",
            "无法说明": f"{gap:.0%}",
        }
        share = Fraction(len(common), DAY_SLOTS)
        ref, begun = totals[0].line.ref, day * DAY
        yield Hit(ref, ENERGY, begun, begun + DAY, 3, inputs, guards, abs(gap), share)


def e07(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """计量离线/恒值/倒走."""
    for series in site.lines:
        first = min(series.slots, default=span.until * 4)
        for day in span.days():
            # Before its first whole day a meter owes nothing.
            if day * DAY_SLOTS < first:
                continue
            for says, inputs, weight in _meter_faults(series, day, rule):
                out = sum(h in site.region_out for h in range(day * 24, day * 24 + 24))
                filed = site.filed(series.line.ref, day * DAY + DAY // 2, REPAIR)
                is_offline = says == "离线"
                guards = (
                    answer(
                        "区域中断",
                        is_offline and out >= weight * 24 - 1,
                        f"所在区域中断 {out} 小时",
                        "同一时段其他单位数据正常",
                    ),
                    answer("报备检修故障停产", filed is not None, "已报备", "没有报备"),
                )
                begun = day * DAY
                yield Hit(
                    series.line.ref,
                    ENERGY,
                    begun,
                    begun + DAY,
                    2,
                    {"情形": says} | inputs,
                    guards,
                    weight,
                )


def _meter_faults(
    series: LineSeries, day: int, rule: MonitorRule
) -> Iterator[tuple[str, dict[str, str], float]]:
    first = day * DAY_SLOTS
    slots = [(s, slot) for s in range(first, first + DAY_SLOTS) if (slot := series.slots.get(s))]
    share = len(slots) / DAY_SLOTS
    if share < rule.number("day_share"):
        yield "离线", {"完整率": f"{share:.0%}"}, 1 - share
    fell = run = longest = dead = 0
    states = series.line.states
    running = states.run_kw if states else 0.05 * series.line.rated_kw
    before = series.slots.get(first - 1)
    for _, slot in slots:
        if before is not None and slot.kwh < before.kwh - 0.001:
            fell += 1
        same = before is not None and slot.kw == before.kw and slot.kw >= running
        run = run + 1 if same else 0
        longest = max(longest, run)
        dead += slot.kw == 0 and slot.amps > rule.number("amps")
        before = slot
    if fell:
        yield "电量倒走", {"次数": str(fell)}, 0.5
    if dead >= rule.count("dead_slots"):
        yield "有电流无功率", {"时段数": str(dead)}, 0.5
    if longest >= rule.count("same_slots"):
        yield "恒值", {"连续相同时段": str(longest)}, 0.5


def e08(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """长期低负荷/疑似停产: a week of next to nothing that nobody has filed."""
    days = span.days()
    for series in producers(site):
        daily = {
            d: energy(series, d * DAY_SLOTS, (d + 1) * DAY_SLOTS)
            for d in range(days.start - 35, days.stop)
        }
        for day in days:
            week, known = _week_of(daily, day)
            if known < 7 * FULL_DAY:
                continue
            before = [_week_of(daily, day - 7 * k) for k in range(1, 5)]
            weeks = [kwh for kwh, seen in before if seen >= 7 * FULL_DAY]
            if len(weeks) < 2:
                continue
            usual = max(weeks)
            if week >= rule.number("share") * usual:
                continue
            # Seven days that nobody filed: a week that begins within a filed stop is none.
            noons = [d * DAY + DAY // 2 for d in range(day - 6, day + 1)]
            filed = any(site.filed(series.line.ref, noon, STANDING) for noon in noons)
            guards = (answer("报备停产", filed, "已报备停产", "没有报备停产"),)
            inputs = {"近 7 天": f"{week:.0f} kWh", "基线": f"{usual:.0f} kWh"}
            until = (day + 1) * DAY
            begun = until - 7 * DAY
            ref = series.line.ref
            yield Hit(ref, ENERGY, begun, until, 1, inputs, guards, weekday(day) / 10)


def _week_of(daily: Mapping[int, tuple[float, int]], day: int) -> tuple[float, int]:
    """kWh of the seven days up to a day, and how many quarter hours of them are known."""
    rows = [daily[d] for d in range(day - 6, day + 1)]
    return sum(kwh for kwh, _ in rows), sum(known for _, known in rows)


def e09(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """用电–排放矛盾: runs by electricity, stands by its monitor, or the other way round."""
    for series in site.outlets:
        if not series.outlet.lines:
            continue
        usual, today = 0.0, -1
        for hour in span.hours():
            if hour // 24 != today:
                today = hour // 24
                values = values_in(series, flow_of(series), (today - 14) * 24, today * 24)
                usual = (
                    median([v for v in values if v > 0])
                    if len(values) >= 24 and any(values)
                    else 0.0
                )
            ran = running_share(site, series, hour)
            if ran is None or usual <= 0:
                continue
            found = _contradiction(series, hour, ran, usual, rule)
            if found is None:
                continue
            near = [running_share(site, series, h) for h in (hour - 1, hour + 1)]
            edge = any(share is None or (share >= 0.5) != (ran >= 0.5) for share in near)
            guards = (
                answer("起止边缘", edge, "在启停的那一小时", "不在启停处"),
                answer("其他排放口", series.outlet.is_shared, "登记有共用或旁路排放口", "没有登记"),
            )
            begun = hour * HOUR
            yield Hit(
                series.outlet.ref,
                ENERGY,
                begun,
                begun + HOUR,
                4,
                {"矛盾": found, "生产设施运行": f"{ran:.0%}"},
                guards,
            )


def _contradiction(
    series: OutletSeries, hour: int, ran: float, usual: float, rule: MonitorRule
) -> str | None:
    flow = series.hours.get(flow_of(series), {}).get(hour)
    points = [p for factor in pollutants(series) if (p := series.hours[factor].get(hour))]
    flows = float(flow.value) if flow and flow.value is not None and flow.flag == NORMAL else None
    if ran >= rule.number("running_share"):
        if any(point.flag == STOPPED for point in points):
            return "用电显示在生产，监测数据标记为停运"
        if flows is not None and flows < rule.number("still_share") * usual:
            return "用电显示在生产，监测流量接近于零"
    if ran == 0 and flows is not None and flows > rule.number("flow_share") * usual:
        return "用电显示没有生产，监测流量却与生产时相当"
    return None
