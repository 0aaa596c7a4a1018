"""Each tag of a site over time: which value from when to when, by which change."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.export import cell_text
from gongchou.registry.importing.columns import LAYOUTS

# Personal data, and what only belongs to another column: no tags.
UNTAGGED = ("legal_representative", "contact", "address", "coordinate_system")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSpan:
    """A tag with one value; `until` is the first day with another, None where it still holds."""

    field: str
    title: str
    value: str
    since: date
    until: date | None
    source: str
    reason: str
    by_name: str
    change: str


def tag_spans(ref: str, bureau: str) -> tuple[TagSpan, ...]:
    """All tags that ever had a value, in the order of the columns, each from the oldest on."""
    rows = models.SubjectVersion.objects.filter(subject__ref=ref, bureau__code=bureau)
    versions = [
        row for row in rows.select_related("change").order_by("pk") if row.since != row.until
    ]
    if not versions:
        raise Refused(f"本机构名录中没有编号为 {ref} 的检查对象，请从名录列表进入。")
    return tuple(
        span
        for column in LAYOUTS[ImportKind.SUBJECTS].columns
        if column.field not in UNTAGGED
        for span in _of_field(column.field, column.headers[0], versions)
    )


def _of_field(field: str, title: str, versions: list[models.SubjectVersion]) -> list[TagSpan]:
    """Versions with the same value that follow each other are one span; none if never filled."""
    if not any(getattr(row, field) for row in versions):
        return []
    runs: list[list[models.SubjectVersion]] = []
    for row in versions:
        if runs and _goes_on(runs[-1][-1], row, field):
            runs[-1].append(row)
        else:
            runs.append([row])
    return [_span(field, title, run) for run in runs]


def _goes_on(before: models.SubjectVersion, row: models.SubjectVersion, field: str) -> bool:
    return before.until == row.since and getattr(before, field) == getattr(row, field)


def _span(field: str, title: str, run: list[models.SubjectVersion]) -> TagSpan:
    first, last = run[0], run[-1]
    value: Any = getattr(first, field)
    return TagSpan(
        field=field,
        title=title,
        value=cell_text(field, value),
        since=first.since,
        until=last.until,
        source=first.change.source,
        reason=first.change.reason,
        by_name=first.change.by_name,
        change=first.change.ref,
    )


def tag_history(ref: str, bureau: str) -> dict[str, tuple[TagSpan, ...]]:
    """`moved`: every span of the tags that changed; `still`: the one span of those that did not."""
    spans = tag_spans(ref, bureau)
    counts = Counter(span.field for span in spans)
    return {
        "moved": tuple(span for span in spans if counts[span.field] > 1),
        "still": tuple(span for span in spans if counts[span.field] == 1),
    }
