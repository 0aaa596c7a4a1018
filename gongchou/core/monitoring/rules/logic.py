"""A09 water and A10 gas: values that contradict each other. A16: two sites too much alike."""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from gongchou.core.monitoring.events import GuardAnswer
from gongchou.core.monitoring.hits import Hit
from gongchou.core.monitoring.moments import HOUR
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.rules.asked import (
    GAS_FLOW,
    HUMIDITY,
    O2,
    TEMPERATURE,
    VELOCITY,
    WATER_FLOW,
    Span,
    answer,
    flag_guard,
    mark_guard,
    median,
    pollutants,
    running_share,
    stop_guard,
    values_in,
)
from gongchou.core.monitoring.rules.limits import judged_value
from gongchou.core.monitoring.rules.still import correlation
from gongchou.core.monitoring.series import (
    NORMAL,
    HourPoint,
    Hours,
    OutletSeries,
    Site,
)
from gongchou.core.monitoring.words import OutletKind

COD, AMMONIA, NITROGEN, TOC, PH = "w01018", "w21003", "w21001", "w01020", "w01001"
MONTH_HOURS = 28 * 24


def a09(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """逻辑矛盾（水）."""
    for series in site.outlets:
        if series.outlet.kind is not OutletKind.WATER:
            continue
        for factor in (COD, AMMONIA):
            yield from _thin(site, series, factor, span, rule)
        for hour in span.hours():
            for factor, says, inputs in _water_contradictions(series, hour, rule):
                point = series.hours[factor][hour]
                guards = (flag_guard(point), stop_guard(site, series, hour, point))
                shown = {"矛盾": says} | inputs
                begun = hour * HOUR
                yield Hit(series.outlet.ref, factor, begun, begun + HOUR, 3, shown, guards)


def _thin(
    site: Site, series: OutletSeries, factor: str, span: Span, rule: MonitorRule
) -> Iterator[Hit]:
    """Far below all that this outlet has shown in a month, while as much flows as ever."""
    hours, flows = series.hours.get(factor, {}), series.hours.get(WATER_FLOW, {})
    bottom, today = None, -1
    for hour in span.hours():
        if hour // 24 != today:
            today = hour // 24
            usual = sorted(values_in(series, factor, today * 24 - MONTH_HOURS, today * 24))
            enough = len(usual) >= rule.count("least_hours")
            bottom = usual[len(usual) // 100] * rule.number("thin_share") if enough else None
        point, flow = hours.get(hour), flows.get(hour)
        if bottom is None or point is None or point.value is None or point.value <= 0:
            continue
        if float(point.value) >= bottom or flow is None or not flow.value:
            continue
        ran = running_share(site, series, hour)
        idle = ran is not None and ran < 0.5
        guards = (
            flag_guard(point),
            answer("生产设施停运", idle, "用电显示没有生产", "没有停产的迹象"),
            stop_guard(site, series, hour, point),
        )
        inputs = {
            "矛盾": "有流量、在生产，浓度却低于历史最低值",
            "小时均值": f"{point.value:f}",
            "历史第 1 百分位的下沿": f"{bottom:.3f}",
            "流量": f"{flow.value:f}",
        }
        begun = hour * HOUR
        yield Hit(series.outlet.ref, factor, begun, begun + HOUR, 3, inputs, guards)


def _value(series: OutletSeries, factor: str, hour: int) -> HourPoint | None:
    point = series.hours.get(factor, {}).get(hour)
    return point if point and point.value is not None and point.flag == NORMAL else None


def _water_contradictions(
    series: OutletSeries, hour: int, rule: MonitorRule
) -> Iterator[tuple[str, str, dict[str, str]]]:
    share = rule.number("margin")
    cod, toc = _value(series, COD, hour), _value(series, TOC, hour)
    total, ammonia = _value(series, NITROGEN, hour), _value(series, AMMONIA, hour)
    acid, flow = _value(series, PH, hour), _value(series, WATER_FLOW, hour)
    if total and ammonia and total.value is not None and ammonia.value is not None:
        is_same_sample = total.sample == ammonia.sample
        if is_same_sample and float(total.value) * (1 + share) < float(ammonia.value):
            values = {"总氮": f"{total.value:f}", "氨氮": f"{ammonia.value:f}"}
            yield AMMONIA, "总氮低于氨氮", values
    if cod and toc and cod.sample == toc.sample and (cod.value or 0) < (toc.value or 0):
        yield COD, "化学需氧量低于总有机碳", {"TOC": f"{toc.value:f}"}
    if acid and acid.value is not None and not 0 <= acid.value <= 14:
        yield PH, "pH 不在 0～14 之间", {"pH": f"{acid.value:f}"}
    if flow and flow.value is not None and flow.total is not None and flow.minutes >= 60:
        expected = float(flow.value) * 3.6
        if abs(float(flow.total) - expected) > share * max(expected, 1.0):
            sums = {"累计量": f"{flow.total:f}", "均值折算": f"{expected:.2f}"}
            yield WATER_FLOW, "累计流量与均值不符", sums


def a10(site: Site, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """逻辑矛盾（气）: what contradicts a plant that runs."""
    for series in site.outlets:
        if series.outlet.kind is OutletKind.WATER or O2 not in series.hours:
            continue
        usual, today = 0.0, -1
        for hour in span.hours():
            if hour // 24 != today:
                today = hour // 24
                flows = values_in(series, GAS_FLOW, (today - 7) * 24, today * 24)
                usual = median(flows) if len(flows) >= 24 else 0.0
            load = _load(site, series, hour, usual)
            if load is None or load <= rule.number("load_share"):
                continue
            for factor, says, inputs in _gas_contradictions(series, hour, rule):
                point = series.hours[factor][hour]
                guards = _gas_guards(site, series, factor, hour, point)
                shown = {"矛盾": says, "负荷": f"{load:.0%}"} | inputs
                begun = hour * HOUR
                yield Hit(series.outlet.ref, factor, begun, begun + HOUR, 3, shown, guards)
        yield from _moves_alone(site, series, span, rule)


def _gas_guards(
    site: Site, series: OutletSeries, factor: str, hour: int, point: HourPoint
) -> tuple[GuardAnswer, ...]:
    guards = (
        flag_guard(point),
        stop_guard(site, series, hour, point),
        mark_guard(site, series, hour),
    )
    return (*guards, _reference_guard(series)) if factor == O2 else guards


def _reference_guard(series: OutletSeries) -> GuardAnswer:
    """What is no combustion has no reference oxygen, and air in it says nothing."""
    return answer(
        "没有基准氧", series.outlet.o2_ref is None, "该排放口没有登记基准氧含量", "已登记基准氧含量"
    )


def _moves_alone(site: Site, series: OutletSeries, span: Span, rule: MonitorRule) -> Iterator[Hit]:
    """Oxygen goes to and fro for half a day, and no emission goes the other way.

    Whole stretches of `anti_hours` from midnight, by the minute values of hours under load.
    """
    length, oxygen = rule.count("anti_hours"), series.hours[O2]
    for begun in range(-(-span.since // length) * length, span.until - length + 1, length):
        flows = values_in(series, GAS_FLOW, (begun // 24 - 7) * 24, begun // 24 * 24)
        usual = median(flows) if len(flows) >= 24 else 0.0
        hours = [
            hour
            for hour in range(begun, begun + length)
            if (load := _load(site, series, hour, usual)) and load > rule.number("load_share")
        ]
        for factor in pollutants(series):
            own = series.hours[factor]
            both = [hour for hour in hours if _is_valid(oxygen, hour) and _is_valid(own, hour)]
            pairs = _minute_pairs(oxygen, own, both)
            if len(pairs) < 4 * length:
                continue
            swing, r = _swing(pairs), correlation(pairs)
            if swing < rule.number("o2_swing") or r <= -rule.number("anticorrelation"):
                continue
            inputs = {
                "矛盾": "氧含量起伏而污染物浓度不随之变化",
                "氧含量标准差": f"{swing:.2f}",
                "相关系数": f"{r:.3f}",
                "分钟值个数": str(len(pairs)),
            }
            for hour in both:
                guards = (
                    stop_guard(site, series, hour, oxygen[hour]),
                    mark_guard(site, series, hour),
                    _reference_guard(series),
                )
                since = hour * HOUR
                yield Hit(series.outlet.ref, factor, since, since + HOUR, 3, inputs, guards, r)


def _swing(pairs: Sequence[tuple[float, float]]) -> float:
    """How far oxygen strays in the calmer half: one step up or down is no going to and fro."""
    half = len(pairs) // 2
    return min(_spread([o2 for o2, _ in part]) for part in (pairs[:half], pairs[half:]))


def _spread(values: Sequence[float]) -> float:
    """The standard deviation."""
    mean = sum(values) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _minute_pairs(one: Hours, two: Hours, hours: Sequence[int]) -> list[tuple[float, float]]:
    """Minute values of two factors, of those hours that both have alike."""
    found: list[tuple[float, float]] = []
    for hour in hours:
        a, b = one[hour].means, two[hour].means
        if len(a) == len(b):
            found += zip(a, b, strict=True)
    return found


def _is_valid(hours: Hours, hour: int) -> bool:
    point = hours.get(hour)
    return point is not None and point.is_valid


def _load(site: Site, series: OutletSeries, hour: int, usual: float) -> float | None:
    """By electricity where meters are there, else by flow against the median of a week."""
    ran = running_share(site, series, hour)
    if ran is not None:
        return ran
    flow = series.hours.get(GAS_FLOW, {}).get(hour)
    if flow is None or flow.value is None or usual <= 0:
        return None
    return float(flow.value) / usual


def _gas_contradictions(
    series: OutletSeries, hour: int, rule: MonitorRule
) -> Iterator[tuple[str, str, dict[str, str]]]:
    o2 = series.hours[O2].get(hour)
    if o2 and o2.value is not None and o2.value >= rule.exact("o2"):
        yield O2, "生产负荷正常而氧含量接近空气", {"氧含量": f"{o2.value:f}"}
    heat = series.hours.get(TEMPERATURE, {}).get(hour)
    if heat and heat.value is not None and heat.value < rule.exact("celsius"):
        yield TEMPERATURE, "生产时烟温低于露点或环境温度", {"烟温": f"{heat.value:f}"}
    speed = series.hours.get(VELOCITY, {}).get(hour)
    if speed and speed.value is not None and speed.value < rule.exact("velocity"):
        yield VELOCITY, "生产时烟气几乎不流动", {"流速": f"{speed.value:f}"}
    damp = series.hours.get(HUMIDITY, {}).get(hour)
    if damp and damp.value and damp.steady >= rule.count("damp_minutes"):
        yield HUMIDITY, "湿度长时间不变", {"湿度": f"{damp.value:f}"}
    yield from _converted_otherwise(series, hour, rule)


def _converted_otherwise(
    series: OutletSeries, hour: int, rule: MonitorRule
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A converted value as sent that is not the one its own oxygen gives."""
    for factor in pollutants(series) if series.outlet.o2_ref is not None else ():
        point = series.hours[factor].get(hour)
        if point is None or point.converted is None or point.flag != NORMAL:
            continue
        own = judged_value(series, point, hour)
        if own is None or own == 0:
            continue
        if abs(float(point.converted) - float(own)) > rule.number("zs_margin") * float(own):
            values = {"上传折算值": f"{point.converted:f}", "重算折算值": f"{float(own):.3f}"}
            yield factor, "上传的折算值与重算不符", values


def a16(sites: Sequence[Site], span: Span, rule: MonitorRule) -> Iterator[tuple[str, Hit]]:
    """跨站趋同: minute values of two sites that go alike for hours; hits on both.

    `sites` may be cut down to outlets and filings: nothing else is looked at.
    """
    length = rule.count("hours")
    for begun in range(-(-span.since // length) * length, span.until, length):
        rows: dict[str, list[Shaped]] = {}
        for site in sites:
            for series in site.outlets:
                for factor in pollutants(series):
                    means = _whole_hours(series.hours[factor], begun, length)
                    if len(means) * 3 >= length * 2:
                        shapes = {hour: _shape(values) for hour, values in means.items()}
                        rows.setdefault(factor, []).append((site, series, means, shapes))
        for factor, shaped in rows.items():
            yield from _pairs(factor, shaped, begun, rule)


Shaped = tuple[Site, OutletSeries, dict[int, tuple[float, ...]], dict[int, list[float]]]


def _pairs(
    factor: str, rows: Sequence[Shaped], begun: int, rule: MonitorRule
) -> Iterator[tuple[str, Hit]]:
    length, least = rule.count("hours"), rule.exact("correlation")
    for place, one in enumerate(rows):
        for two in rows[place + 1 :]:
            if one[0].subject == two[0].subject or not _begin_alike(one[3], two[3]):
                continue
            r, count = _together(one[2], two[2])
            if count * 3 < length * 2 * 6 or r < float(least):
                continue
            guards = (_stack_guard(one[1], two[1]),)
            for own, far in ((one, two), (two, one)):
                inputs = {
                    "对照单位": far[0].subject,
                    "对照排放口": far[1].outlet.ref,
                    "相关系数": f"{r:.5f}",
                    "分钟值个数": str(count),
                }
                since, until = begun * HOUR, (begun + length) * HOUR
                ref = own[1].outlet.ref
                yield own[0].subject, Hit(ref, factor, since, until, 4, inputs, guards, r)


def _begin_alike(one: Mapping[int, list[float]], two: Mapping[int, list[float]]) -> bool:
    """Whether the first hour that both have goes alike: most pairs end here."""
    for hour, shape in one.items():
        its = two.get(hour)
        if its and len(its) == len(shape) and shape:
            return sum(map(float.__mul__, shape, its)) > 0.99
    return False


def _together(
    one: Mapping[int, tuple[float, ...]], two: Mapping[int, tuple[float, ...]]
) -> tuple[float, int]:
    """The correlation over the hours that both have whole, and of how many values."""
    pairs = [
        pair
        for hour, values in one.items()
        if hour in two and len(two[hour]) == len(values)
        for pair in zip(values, two[hour], strict=True)
    ]
    if len({x for x, _ in pairs}) * 3 < len(pairs):
        return 0.0, 0
    return correlation(pairs), len(pairs)


def _stack_guard(one: OutletSeries, two: OutletSeries) -> GuardAnswer:
    shared = one.outlet.is_shared and two.outlet.is_shared
    return answer("共用排气筒", shared, "两家登记为共用排气筒", "没有登记共用排气筒")


def _whole_hours(hours: Hours, begun: int, length: int) -> dict[int, tuple[float, ...]]:
    """Minute values of the hours of which no minute is missing."""
    found = {}
    for hour in range(begun, begun + length):
        point = hours.get(hour)
        if point is not None and point.is_valid and point.minutes >= HOUR and point.means:
            found[hour] = point.means
    return found


def _shape(values: Sequence[float]) -> list[float]:
    """Mean 0 and length 1; empty where the values hardly move."""
    mean = sum(values) / len(values)
    moved = [value - mean for value in values]
    length = sqrt(sum(value * value for value in moved))
    return [value / length for value in moved] if length > 0.001 * abs(mean) else []
