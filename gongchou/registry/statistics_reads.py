"""How the registers are made up on a day, in counts."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast, JSONArray

from gongchou.core.terms import SubjectClass
from gongchou.registry import models
from gongchou.registry.fact_reads import valid_on
from gongchou.registry.kept import once
from gongchou.registry.light_reads import AT_ONCE
from gongchou.registry.policy import class_on, profile_of
from gongchou.registry.staff_reads import roll
from gongchou.registry.subject_reads import subject_value, versions_on
from gongchou.registry.tags import MANY, WORDS

# Classes are reckoned site by site; beyond so many the plan's own snapshot is the place to look.
MOST_CLASSIFIED = 5000
# Of so many rows the texts are kept while they are counted.
TOGETHER = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the register's statistics; `value` as the filter of the list takes it."""

    tag: str
    field: str
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The registers of a day in numbers; no class figures where there are too many sites."""

    subjects: int
    enterprises: int
    excluded: int
    classes: tuple[tuple[SubjectClass, int, int], ...]
    figures: tuple[Figure, ...]
    inspectors: int
    certified: int
    drawable: int


TITLES = {
    "permit_category": "排污许可管理类别",
    "operating_status": "生产状态",
    "grid": "片区",
    "is_excluded": "参加抽查",
    "key_unit_types": "重点单位类型",
    "pollutant_types": "排放污染物类型",
    "monitoring_types": "监控类型",
    "construction_stage": "项目建设情况",
    "scale": "生产规模",
    "production_cycle": "生产周期特点",
    "risk_level": "环境风险等级",
    "industry_code": "行业代码",
}


def statistics(bureau: str, on: date) -> Statistics:
    """Reckoned once after each change of the registers."""
    return once(bureau, ("statistics", on), lambda: _statistics(bureau, on))


def _statistics(bureau: str, on: date) -> Statistics:
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    people = roll(bureau, on)
    return Statistics(
        subjects=rows.count(),
        enterprises=rows.exclude(uscc="").values("uscc").distinct().count(),
        excluded=rows.filter(is_excluded=True).count(),
        classes=_classes(bureau, on),
        figures=figures(bureau, on),
        inspectors=len(people),
        certified=sum(row.person.is_certified for row in people),
        drawable=sum(not row.problem for row in people),
    )


def _classes(bureau: str, on: date) -> tuple[tuple[SubjectClass, int, int], ...]:
    """Each class with its sites and those of them that count for the draw."""
    rows = versions_on(bureau, on)
    if rows.count() > MOST_CLASSIFIED:
        return ()
    profile = profile_of(bureau, on)
    judged = [class_on(subject_value(row, on), profile, on) for row in rows]
    found = [row for row in judged if row]
    return tuple(
        (
            kind,
            sum(row.subject_class is kind for row in found),
            sum(row.subject_class is kind and row.is_in_base for row in found),
        )
        for kind in (SubjectClass if found else ())
    )


def figures(bureau: str, on: date) -> tuple[Figure, ...]:
    """How many sites carry each word of each tag, on a day; several words count several times.

    The register is gone through once, whatever the number of tags.
    """
    counted = _counted(models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau))
    return tuple(
        Figure(tag=title, field=field, value=_value(value), label=_label(field, value), count=count)
        for (field, title), counter in zip(TITLES.items(), counted, strict=True)
        for value, count in (_several(counter, field) if field in MANY else sorted(counter.items()))
    )


def _counted(rows: QuerySet[models.SubjectVersion]) -> list[Counter[Any]]:
    """For each tag how often each of its values occurs.

    The database hands out the tags of a row as one text; equal texts, of which there are many,
    are taken apart once.
    """
    words = [Cast(name, TextField()) if name in MANY else F(name) for name in TITLES]
    texts = rows.order_by().annotate(tags=Cast(JSONArray(*words), TextField()))
    found = texts.values_list("tags", flat=True).iterator(chunk_size=AT_ONCE)
    counted: list[Counter[Any]] = [Counter() for _ in words]
    while lot := Counter(islice(found, TOGETHER)):
        for text, count in lot.items():
            for counter, value in zip(counted, json.loads(text), strict=True):
                counter[value] += count
    return counted


def _several(counter: Counter[str], field: str) -> Iterator[tuple[str, int]]:
    """Lists are equal in few ways: each way was counted once and its words are added up."""
    for word in MANY[field]:
        count = sum(n for text, n in counter.items() if f'"{word.value}"' in text)
        if count:
            yield word.value, count


def _value(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, int) else str(value)


def _label(field: str, value: object) -> str:
    if isinstance(value, int):  # SQLite says 0 and 1
        return "不参加" if value else "参加"
    terms = WORDS.get(field) or MANY.get(field)
    if terms and value:
        return terms(str(value)).label
    return str(value) or "未填"
