"""What an entry about a site says, as the people who entered it read it back."""

from collections.abc import Callable, Mapping
from typing import Any

from gongchou.core.hj212.factors import name_of
from gongchou.core.monitoring.moments import instant
from gongchou.core.monitoring.words import (
    EntryKind,
    FilingKind,
    GroupNeed,
    LineKind,
    OrderKind,
    OutletKind,
)
from gongchou.core.typed_times import written_moment

Body = Mapping[str, Any]


def words(kind: EntryKind, body: Body) -> str:
    """The body of an entry in words; what was left open is not mentioned."""
    return "，".join(part for part in WORDS[kind](body) if part)


def _moment(minute: int) -> str:
    return written_moment(instant(minute))


def _span(body: Body) -> str:
    return f"{_moment(body['since'])} 至 {_moment(body['until'])}"


def _outlet(body: Body) -> tuple[str, ...]:
    limits = (_limit(name_of(code), said) for code, said in body["factors"].items())
    return (
        OutletKind(body["kind"]).label,
        *limits,
        f"基准氧含量 {body['o2_ref']}%" if body["o2_ref"] else "",
        f"生产线 {'、'.join(body['lines'])}" if body["lines"] else "",
        "与其他单位共用" if body["is_shared"] else "",
        "间歇生产" if body["is_batch"] else "",
    )


def _limit(name: str, said: Mapping[str, str]) -> str:
    given = (("小时", "limit"), ("日均", "day_limit"), ("检出限", "floor"))
    parts = [f"{word} {said[key]}" for word, key in given if said.get(key)]
    return f"{name}{'、'.join(parts)}"


def _meter(body: Body) -> tuple[str, ...]:
    return (
        LineKind(body["kind"]).label,
        f"额定 {body['rated_kw']} kW",
        "变频" if body["is_vfd"] else "",
        "保安负荷" if body["is_security_load"] else "",
    )


def _group(body: Body) -> tuple[str, ...]:
    return (
        f"产污 {'、'.join(body['producers'])}",
        f"治污 {'、'.join(body['treatments'])}（{GroupNeed(body['need']).label}）",
        f"可滞后 {body['lead']} 分钟开启" if body["lead"] else "",
        f"可提前 {body['lag']} 分钟停止" if body["lag"] else "",
        "治污设施与其他生产线共用" if body["is_treatment_shared"] else "",
    )


def _states(body: Body) -> tuple[str, ...]:
    return f"低于 {body['off_kw']} kW 为停机", f"达到 {body['run_kw']} kW 为运行"


def _filing(body: Body) -> tuple[str, ...]:
    return FilingKind(body["filing"]).label, _span(body), f"{_moment(body['filed'])}报备"


def _order(body: Body) -> tuple[str, ...]:
    kind = OrderKind(body["order"])
    share = f" {body['percent']}%" if kind is OrderKind.LIMIT else ""
    return (
        f"{body['document']}",
        f"{kind.label}{share}",
        _span(body),
        f"{_moment(body['received'])}送达",
        f"豁免 {'、'.join(body['exempt'])}" if body["exempt"] else "",
    )


def _site(body: Body) -> tuple[str, ...]:
    hours = "、".join(map(str, body["shifts"]))
    return (
        f"报备的生产钟点 {hours}" if hours else "没有报备生产钟点",
        f"没有装表的负荷 {body['unmetered_percent']}%" if body["unmetered_percent"] else "",
        "按峰谷电价安排生产" if body["is_tariff_driven"] else "",
        "有光伏或自备电源" if body.get("has_own_generation") else "",
        "临近敏感区" if body.get("is_near_sensitive") else "",
    )


WORDS: Mapping[EntryKind, Callable[[Body], tuple[str, ...]]] = {
    EntryKind.OUTLET: _outlet,
    EntryKind.METER: _meter,
    EntryKind.GROUP: _group,
    EntryKind.STATES: _states,
    EntryKind.FILING: _filing,
    EntryKind.ORDER: _order,
    EntryKind.SITE: _site,
}
