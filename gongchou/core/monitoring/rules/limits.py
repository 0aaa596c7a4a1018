"""A01 exceedance, A02 an hour that can no longer be kept, A03 temperature of an incinerator."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from gongchou.core.monitoring.events import GuardAnswer
from gongchou.core.monitoring.hits import Hit
from gongchou.core.monitoring.moments import DAY, HOUR
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.rules.asked import (
    O2,
    Span,
    answer,
    flag_guard,
    mark_guard,
    running_share,
)
from gongchou.core.monitoring.series import (
    NORMAL,
    VALID_HOURS,
    VALID_MINUTES,
    FactorFacts,
    HourPoint,
    OutletSeries,
    Site,
    converted,
)
from gongchou.core.monitoring.words import FilingKind

EXEMPT = frozenset({FilingKind.EXEMPT})


def judged_value(series: OutletSeries, point: HourPoint, hour: int) -> Fraction | None:
    """What a limit is compared with: converted by the oxygen of the same hour where asked for."""
    if point.value is None:
        return None
    o2_ref = series.outlet.o2_ref
    if o2_ref is None:
        return Fraction(point.value)
    o2 = series.hours.get(O2, {}).get(hour)
    if o2 is None or o2.value is None:
        return None
    return converted(point.value, o2.value, o2_ref)


def a01(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """超标: a valid hour above the limit of the permit; equal complies."""
    for series in site.outlets:
        for factor, facts in series.outlet.factors.items():
            if facts.limit is not None:
                yield from _hours_over(site, series, factor, facts.limit, span, rule)
            if facts.day_limit is not None:
                yield from _days_over(series, factor, facts.day_limit, span)


def _hours_over(
    site: Site, series: OutletSeries, factor: str, limit: Decimal, span: Span, rule: MonitorRule
) -> Iterator[Hit]:
    hours = series.hours.get(factor, {})
    second, third = rule.exact("ratio_2"), rule.exact("ratio_3")
    today, count = -1, 0
    for hour in range(span.since // 24 * 24, span.until):
        point = hours.get(hour)
        if point is None or point.value is None or _is_far_below(series, point, hour, limit):
            continue
        value = judged_value(series, point, hour)
        if value is None or value <= limit:
            continue
        guards = _guards(site, series, hour, point)
        if not any(guard.holds for guard in guards):
            count = count + 1 if hour // 24 == today else 1
            today = hour // 24
        if hour < span.since:
            continue
        ratio = value / Fraction(limit)
        severity = (
            4 if ratio > third else 3 if ratio > second or count >= rule.count("hours_3") else 2
        )
        inputs = {
            "小时均值": f"{point.value:f}",
            "判断值": f"{float(value):.3f}",
            "限值": f"{limit:f}",
            "倍数": f"{float(ratio):.2f}",
            "有效分钟": str(point.minutes),
        }
        yield Hit(
            series.outlet.ref,
            factor,
            hour * HOUR,
            hour * HOUR + HOUR,
            severity,
            inputs,
            guards,
            float(ratio),
            Fraction(min(60, point.minutes), 60),
        )


def _is_far_below(series: OutletSeries, point: HourPoint, hour: int, limit: Decimal) -> bool:
    """A quick look that spares most hours the exact reckoning; near the limit it says no."""
    if series.outlet.o2_ref is None:
        return float(point.value or 0) < 0.99 * float(limit)
    o2 = series.hours.get(O2, {}).get(hour)
    if o2 is None or o2.value is None or o2.value >= 21:
        return True
    value = float(point.value or 0) * (21 - float(series.outlet.o2_ref)) / (21 - float(o2.value))
    return value < 0.99 * float(limit)


def _guards(
    site: Site, series: OutletSeries, hour: int, point: HourPoint
) -> tuple[GuardAnswer, ...]:
    exempt = site.filed(series.outlet.ref, hour * HOUR + HOUR // 2, EXEMPT)
    return (
        flag_guard(point),
        answer(
            "有效分钟",
            point.minutes < VALID_MINUTES,
            f"有效数据 {point.minutes} 分钟，不足 {VALID_MINUTES} 分钟",
            f"有效数据 {point.minutes} 分钟",
        ),
        mark_guard(site, series, hour),
        answer("许可豁免", exempt is not None, "在许可证载明的豁免时段内", "不在豁免时段内"),
    )


def _days_over(series: OutletSeries, factor: str, limit: Decimal, span: Span) -> Iterator[Hit]:
    hours = series.hours.get(factor, {})
    for day in span.days():
        values = []
        for hour in range(day * 24, day * 24 + 24):
            point = hours.get(hour)
            value = judged_value(series, point, hour) if point and point.is_valid else None
            if value is not None:
                values.append(value)
        if len(values) < VALID_HOURS:
            continue
        mean = sum(values, Fraction(0)) / len(values)
        if mean > limit:
            inputs = {"判断值": f"{float(mean):.3f}", "限值": f"{limit:f}（日均）"}
            inputs["倍数"] = f"{float(mean / Fraction(limit)):.2f}"
            share = Fraction(len(values), 24)
            begun = day * DAY
            yield Hit(series.outlet.ref, factor, begun, begun + DAY, 4, inputs, (), 0.0, share)


def a02(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """小时预测超标: the sum of the first half hour is more than the limit allows for the whole."""
    share = rule.number("share_of_hour")
    for series in site.outlets:
        for factor, facts in series.outlet.factors.items():
            if facts.limit is None:
                continue
            yield from _lost_hours(site, series, factor, facts, span, share)


def _lost_hours(
    site: Site, series: OutletSeries, factor: str, facts: FactorFacts, span: Span, share: float
) -> Iterator[Hit]:
    hours, o2 = series.hours.get(factor, {}), series.hours.get(O2, {})
    assert facts.limit is not None
    for hour in span.hours():
        point = hours.get(hour)
        if point is None or point.half is None:
            continue
        value = point.half
        if series.outlet.o2_ref is not None:
            oxygen = o2.get(hour)
            if oxygen is None or oxygen.half is None or oxygen.half >= 21:
                continue
            value *= (21 - float(series.outlet.o2_ref)) / (21 - oxygen.half)
        if value * share > float(facts.limit):
            inputs = {"前半小时均值": f"{value:.3f}", "限值": f"{facts.limit:f}"}
            guards = (mark_guard(site, series, hour),)
            begun = hour * HOUR
            yield Hit(series.outlet.ref, factor, begun, begun + HOUR, 1, inputs, guards, value)


def a03(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """焚烧炉温: more five-minute means below the warning temperature in a day than allowed."""
    warn, most = rule.number("celsius"), rule.count("times_a_day")
    for series in site.outlets:
        hours = series.hours.get("a01901", {})
        for day in span.days() if hours else ():
            free = held = 0
            lowest = warn
            for hour in range(day * 24, day * 24 + 24):
                point = hours.get(hour)
                below = [t for t in point.means if t < warn] if point else []
                if not below:
                    continue
                if _is_out(site, series, hour):
                    held += len(below)
                else:
                    free += len(below)
                    lowest = min(lowest, *below)
            if free + held > most:
                guard = answer(
                    "工况标记",
                    free <= most,
                    f"其中 {held} 次在标记的启停炉、烘炉或故障时段",
                    f"不在标记时段的有 {free} 次",
                )
                severity = 4 if free > 4 * most else rule.severity
                inputs = {"低温次数": str(free), "最低炉温": f"{lowest:.0f}℃"}
                yield Hit(
                    series.outlet.ref,
                    "a01901",
                    day * DAY,
                    day * DAY + DAY,
                    severity,
                    inputs,
                    (guard,),
                    float(free),
                )


def _is_out(site: Site, series: OutletSeries, hour: int) -> bool:
    share = running_share(site, series, hour)
    return mark_guard(site, series, hour).holds or share == 0


def is_would_be(series: OutletSeries, factor: str, hour: int, share: float) -> bool:
    """Whether a valid hour lies at or above a share of its limit."""
    facts = series.outlet.factors.get(factor)
    point = series.hours.get(factor, {}).get(hour)
    if facts is None or facts.limit is None or point is None or point.flag != NORMAL:
        return False
    value = judged_value(series, point, hour)
    return value is not None and float(value) >= share * float(facts.limit)
