"""Addresses that keep the elder mode, and words of a page for citizens."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse

from gongchou.core.refusals import Invalid
from gongchou.core.workdays import Quarter, days_written
from gongchou.portal import charts
from gongchou.web import gate_keys
from gongchou.web.templatetags.gongchou import weekday

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *args: Any, **query: Any) -> str:
    """The address of a portal page with its query; who reads in elder mode goes on in it."""
    kept = {key: value for key, value in query.items() if value}
    if context["portal"].is_elder:
        kept["elder"] = "1"
    url = reverse(f"portal:{name}", args=args)
    return f"{url}?{urlencode(kept)}" if kept else url


@register.simple_tag(takes_context=True)
def verify_page(context: Context) -> str:
    """The page that checks a draw: served beside the portal, a file of its own in an export."""
    return static("dist/verify.html") if context["portal"].is_export else reverse("verify")


@register.filter
def program(version: str) -> str:
    """The file of the verifier that needs nothing but Python, for a version of the protocol."""
    return {"BL1": "verify_ballot.py", "DR2": "verify_joint.py"}.get(version, "verify_draw.py")


@register.filter
def program_url(name: str) -> str:
    return static(f"dist/{name}")


@register.simple_tag(takes_context=True)
def gate_page(context: Context) -> str:
    """The page that checks a gate code without a network, with the key already in its place."""
    is_export = context["portal"].is_export
    page = static("dist/gate.html") if is_export else reverse("verify_gate")
    return f"{page}#key={gate_keys.public_key()}"


@register.simple_tag
def gate_key() -> str:
    return gate_keys.public_key()


@register.filter
def overrides_in(text: str) -> str:
    """The heading over the counts of a quarter."""
    return f"{quarter_label(text)}抽取中的人为介入"


@register.filter
def quarter_label(text: str) -> str:
    """2026年第一季度 for 2026Q1; other words stay."""
    try:
        return Quarter.parse(text).label
    except Invalid:
        return text


@register.filter
def day_of_text(text: str) -> str:
    """9月24日（周四） for a day that a published document holds as 2026-09-24; others stay."""
    try:
        return weekday(date.fromisoformat(text))
    except ValueError:
        return text


@register.filter
def days_in_words(text: str) -> str:
    """A published sentence in which each day, held as 2026-09-24, is read like all others."""
    return days_written(text)


@register.filter
def occurred(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The kinds of intervention that there were."""
    return [row for row in rows if row["count"]]


@register.filter
def not_occurred(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if not row["count"]]


@register.filter
def items_of(document: Mapping[str, Any]) -> Any:
    """The field `items`; a template would call the mapping's own method instead."""
    return document["items"]


@register.filter
def cells_of(row: Mapping[str, Any], columns: Sequence[str]) -> list[tuple[str, str]]:
    """Each cell of a table's row with the head of its column."""
    return list(zip(columns, row["cells"], strict=True))


@register.simple_tag
def chart_of_rates(rows: Sequence[Mapping[str, Any]]) -> charts.Chart | None:
    return charts.of_rates(rows)


@register.simple_tag
def chart_of_strata(rows: Sequence[Mapping[str, Any]]) -> charts.Chart | None:
    return charts.by_stratum(rows)
