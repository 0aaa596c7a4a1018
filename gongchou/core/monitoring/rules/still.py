"""A04 constant, A05 zero, A06 sudden, A07 kept below a limit, A08 periodic: values too tidy."""

from collections.abc import Iterator, Mapping
from math import sqrt
from operator import mul

from gongchou.core.monitoring.events import GuardAnswer
from gongchou.core.monitoring.hits import Hit
from gongchou.core.monitoring.moments import DAY, HOUR, WEEK_HOURS
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.rules.asked import (
    NO_FACTS,
    O2,
    Span,
    answer,
    flag_guard,
    floor_guard,
    flow_of,
    mark_guard,
    median,
    pollutants,
    running_share,
    stop_guard,
    values_in,
)
from gongchou.core.monitoring.series import (
    NORMAL,
    HourPoint,
    Hours,
    OutletSeries,
    Site,
)
from gongchou.core.monitoring.words import OutletKind

WEEK = 7 * DAY


def a04(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """恒值: gas by identical minute means, water by identical new samples."""
    for series in site.outlets:
        for factor in pollutants(series):
            if series.outlet.kind is OutletKind.WATER:
                yield from _same_samples(site, series, factor, span, rule)
            else:
                yield from _same_minutes(site, series, factor, span, rule)


def _same_minutes(
    site: Site, series: OutletSeries, factor: str, span: Span, rule: MonitorRule
) -> Iterator[Hit]:
    hours = series.hours[factor]
    least = rule.count("minutes")
    for hour in span.hours():
        point = hours.get(hour)
        if point is None or point.value is None or point.steady < least:
            continue
        inputs = {"恒定分钟": str(min(point.steady, DAY)), "数值": f"{point.value:f}"}
        guards = (
            stop_guard(site, series, hour, point),
            flag_guard(point),
            floor_guard(series, factor, point),
            _step_guard(series, factor, hour),
        )
        begun = hour * HOUR
        yield Hit(series.outlet.ref, factor, begun, begun + HOUR, 3, inputs, guards, point.steady)


def _step_guard(series: OutletSeries, factor: str, hour: int) -> GuardAnswer:
    """A factor whose normal noise is below the step shown stands still by itself."""
    before = values_in(series, factor, hour - 26, hour - 2)
    step = float(series.outlet.factors.get(factor, NO_FACTS).step)
    noise = _deviation(before) if len(before) >= 6 else None
    holds = noise is not None and 0 < noise < step
    return answer("仪器分辨率", holds, "平时波动小于仪器分辨率", "平时波动大于仪器分辨率")


def _deviation(values: list[float]) -> float:
    if not values:
        return 0.0
    mean = sum(values) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _same_samples(
    site: Site, series: OutletSeries, factor: str, span: Span, rule: MonitorRule
) -> Iterator[Hit]:
    """Counts new samples only: an analyser repeats its value until the next one."""
    hours = series.hours[factor]
    least, back = rule.count("samples"), rule.lookback_hours
    sample, value, count, begun = "", None, 0, 0
    for hour in range(span.since - back, span.until):
        point = hours.get(hour)
        if point is None or point.value is None or not point.sample:
            continue
        if point.sample == sample:
            continue
        same = point.value == value and count > 0
        begun = begun if same else hour
        count = count + 1 if same else 1
        sample, value = point.sample, point.value
        if count < least or hour < span.since:
            continue
        inputs = {"相同样品数": str(min(count, least * 4)), "数值": f"{point.value:f}"}
        guards = (
            stop_guard(site, series, hour, point),
            flag_guard(point),
            floor_guard(series, factor, point),
        )
        since = max(begun, hour - back) * HOUR
        yield Hit(series.outlet.ref, factor, since, (hour + 1) * HOUR, 3, inputs, guards, count)


def a05(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """零值/负值 while something flows or runs."""
    share = rule.number("flow_share")
    for series in site.outlets:
        flows = series.hours.get(flow_of(series), {})
        for factor in pollutants(series):
            hours = series.hours[factor]
            for hour in span.hours():
                point = hours.get(hour)
                if point is None or point.value is None or point.value > 0:
                    continue
                running, says = _runs(site, series, flows.get(hour), hour, share)
                if not running:
                    continue
                inputs = {"小时均值": f"{point.value:f}", "运行依据": says}
                guards = (
                    stop_guard(site, series, hour, point),
                    flag_guard(point),
                    mark_guard(site, series, hour),
                )
                begun = hour * HOUR
                yield Hit(series.outlet.ref, factor, begun, begun + HOUR, 3, inputs, guards)


def _runs(
    site: Site, series: OutletSeries, flow: HourPoint | None, hour: int, share: float
) -> tuple[bool, str]:
    ran = running_share(site, series, hour)
    if ran is not None and ran >= 0.5:
        return True, f"用电显示生产设施运行 {ran:.0%} 的时间"
    usual = values_in(series, flow_of(series), hour - 48, hour)
    if flow and flow.value is not None and len(usual) >= 12:
        least = share * median(usual)
        if float(flow.value) > least > 0:
            return True, f"流量 {flow.value:f}，高于平时的 {share:.0%}"
    return False, ""


def a06(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """突变: far from the median of a day, and back within two hours."""
    times, share = rule.number("mad_times"), rule.number("limit_share")
    for series in site.outlets:
        for factor, facts in series.outlet.factors.items():
            if facts.limit is None:
                continue
            least = share * float(facts.limit)
            yield from _sudden_hours(site, series, factor, span, times, least)


def _sudden_hours(
    site: Site, series: OutletSeries, factor: str, span: Span, times: float, least: float
) -> Iterator[Hit]:
    hours = series.hours.get(factor, {})
    usual: list[float] = []
    for hour in range(span.since - 24, span.until):
        point = hours.get(hour)
        if point is None or point.value is None or point.flag != NORMAL:
            continue
        x = float(point.value)
        if hour >= span.since and len(usual) >= 12:
            middle = median(usual)
            far = abs(x - middle)
            is_far = far > least and far > times * median([abs(v - middle) for v in usual])
            if is_far and _returns(hours, hour, middle, least):
                yield _sudden(site, series, factor, hour, x, middle)
        usual.append(x)
        del usual[:-24]


def _returns(hours: Hours, hour: int, middle: float, least: float) -> bool:
    after = (hours.get(hour + 1), hours.get(hour + 2))
    return any(p and p.value is not None and abs(float(p.value) - middle) <= least for p in after)


def _sudden(
    site: Site, series: OutletSeries, factor: str, hour: int, x: float, middle: float
) -> Hit:
    near = [series.hours[factor].get(h) for h in (hour - 1, hour, hour + 1)]
    calibrated = any(point and point.marked for point in near)
    guards = (
        answer("校准维护", calibrated, "前后一小时内有校准或维护", "前后没有校准或维护"),
        mark_guard(site, series, hour),
        _floor_or_edge(site, series, factor, hour, min(x, middle)),
    )
    inputs = {"小时均值": f"{x:.3f}", "前 24 小时中位数": f"{middle:.3f}"}
    begun = hour * HOUR
    weight = abs(x - middle)
    return Hit(series.outlet.ref, factor, begun, begun + HOUR, 2, inputs, guards, weight)


def _floor_or_edge(
    site: Site, series: OutletSeries, factor: str, hour: int, low: float
) -> GuardAnswer:
    """To or from the detection limit, or an hour in which the plant starts or stops."""
    if low <= float(series.outlet.factors.get(factor, NO_FACTS).floor):
        return answer("检出限", True, "由检出限升起或降到检出限", "")
    shares = [running_share(site, series, h) for h in (hour - 1, hour, hour + 1)]
    edge = any(share is not None and share < 1 for share in shares)
    return answer("启停边缘", edge, "前后一小时内生产设施启停", "生产设施稳定运行，也不在检出限")


def a07(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """贴限/设限: a week that keeps close below its limit, or is cut off there."""
    for series in site.outlets:
        for factor, facts in series.outlet.factors.items():
            if facts.limit is None:
                continue
            known = _judged_shares(series, factor, span, float(facts.limit))
            for day in span.days():
                end = day * 24 + 24
                week = {h: known[h] for h in range(end - WEEK_HOURS, end) if h in known}
                shares = list(week.values())
                if len(shares) < rule.count("least_hours"):
                    continue
                found = _pressed(shares, rule)
                if not found:
                    continue
                close = [hour for hour, share in week.items() if 0.9 <= share <= 1.0]
                inputs = {"依据": found, "有效小时": str(len(shares)), "限值": f"{facts.limit:f}"}
                guards = (_stable_guard(series, close, rule),)
                end = (day + 1) * DAY
                yield Hit(series.outlet.ref, factor, end - WEEK, end, 3, inputs, guards)


def _judged_shares(series: OutletSeries, factor: str, span: Span, limit: float) -> dict[int, float]:
    """Judged values of valid hours as shares of the limit; floats, for they are only counted."""
    hours, oxygen = series.hours.get(factor, {}), series.hours.get(O2, {})
    ref = float(series.outlet.o2_ref) if series.outlet.o2_ref is not None else None
    found = {}
    for hour in range(span.since - WEEK_HOURS - 24, span.until):
        point = hours.get(hour)
        if point is None or point.value is None or not point.is_valid:
            continue
        value = float(point.value) / limit
        if ref is not None:
            o2 = oxygen.get(hour)
            if o2 is None or o2.value is None or o2.value >= 21:
                continue
            value *= (21 - ref) / (21 - float(o2.value))
        found[hour] = value
    return found


def _pressed(shares: list[float], rule: MonitorRule) -> str:
    count = len(shares)
    near = sum(0.9 <= x <= 1.0 for x in shares) / count
    if near > rule.number("near_share"):
        return f"{near:.0%} 的小时在限值的 90%～100% 之间"
    top = sum(0.95 < x <= 1.0 for x in shares)
    below = sum(0.90 < x <= 0.95 for x in shares)
    above = sum(1.0 < x <= 1.05 for x in shares)
    over = sum(x > 1.05 for x in shares)
    if above or over or top < rule.number("pile_share") * count:
        return ""
    if top > rule.number("pile_ratio") * max(1, below):
        return f"{top} 个小时紧贴限值以下，限值以上一个也没有"
    return ""


def _stable_guard(series: OutletSeries, close: list[int], rule: MonitorRule) -> GuardAnswer:
    """A process that itself hardly moved in the hours close to the limit may keep a value there."""
    spreads = []
    for factor in (O2, flow_of(series)):
        own = series.hours.get(factor, {})
        points = [own[hour] for hour in close if hour in own]
        values = [float(p.value) for p in points if p.value is not None and p.is_valid]
        if len(values) >= 24 and sum(values) > 0:
            spreads.append(_deviation(values) * len(values) / sum(values))
    holds = bool(spreads) and max(spreads) < rule.number("stable_spread")
    return answer("工况平稳", holds, "同期工况本身几乎不变", "同期工况有正常波动")


def a08(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """周期性: a week that repeats itself although its conditions do not."""
    least = rule.number("correlation")
    for series in site.outlets:
        if not any(True for _ in pollutants(series)):
            continue
        conditions = [_floats(series, name, span) for name in (O2, flow_of(series))]
        for factor in pollutants(series):
            values = _floats(series, factor, span)
            for day in span.days():
                found = _repeated(values, day, least)
                if not found:
                    continue
                lag, r = found
                other = max(_lagged(one, day, lag) for one in conditions)
                guards = (
                    answer("工况同样重复", other >= least, "流量或氧含量同样重复", "工况并不重复"),
                    answer("间歇生产", series.outlet.is_batch, "登记为间歇生产", "不是间歇生产"),
                )
                inputs = {"间隔": f"{lag} 小时", "自相关": f"{r:.3f}"}
                end = (day + 1) * DAY
                begun = end - WEEK
                yield Hit(series.outlet.ref, factor, begun, end, 3, inputs, guards, r)


def _floats(series: OutletSeries, factor: str, span: Span) -> dict[int, float]:
    hours = series.hours.get(factor, {})
    return {
        hour: float(point.value)
        for hour in range(span.since - WEEK_HOURS - 24, span.until)
        if (point := hours.get(hour)) and point.value is not None
    }


def _repeated(values: Mapping[int, float], day: int, least: float) -> tuple[int, float] | None:
    for lag in (24, 12):
        r = _lagged(values, day, lag)
        if r >= least:
            return lag, r
    return None


def _lagged(values: Mapping[int, float], day: int, lag: int) -> float:
    """The correlation of a week with itself so many hours earlier; 0 where data is short."""
    end = day * 24 + 24
    pairs = [
        (values[hour], values[hour - lag])
        for hour in range(end - WEEK_HOURS + lag, end)
        if hour in values and hour - lag in values
    ]
    return correlation(pairs) if len(pairs) >= (WEEK_HOURS - lag) * 3 // 4 else 0.0


def correlation(pairs: list[tuple[float, float]]) -> float:
    """Pearson's; 0 where one of the two does not move."""
    n = len(pairs)
    if n < 3:
        return 0.0
    xs, ys = zip(*pairs, strict=True)
    x_mean, y_mean = sum(xs) / n, sum(ys) / n
    x_moved, y_moved = [x - x_mean for x in xs], [y - y_mean for y in ys]
    xy = sum(map(mul, x_moved, y_moved))
    xx = sum(map(mul, x_moved, x_moved))
    yy = sum(map(mul, y_moved, y_moved))
    return xy / sqrt(xx * yy) if xx > 0 and yy > 0 else 0.0
