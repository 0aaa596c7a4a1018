"""What the officers see beside the public side: the original, and what waits to be proposed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongchou.core import canon
from gongchou.core.disclosure import SECRET, WHOLE, Mark, disclose
from gongchou.core.disclosure_fields import FIELDS, Field, Treatment
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    DrawState,
    ItemListState,
    PlanState,
    PublicationKind,
    PublicationState,
    Stratum,
    Term,
    VisitResult,
)
from gongchou.core.workdays import Quarter, days_written
from gongchou.drawing import reads as draws
from gongchou.planning import annual_reads
from gongchou.planning import reads as plans
from gongchou.publication import due, models, reads
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One field: what it is inside, what the public will read, and why they differ."""

    path: str
    label: str
    original: str
    public: str
    why: str
    may_withhold: bool
    is_secret: bool

    @property
    def is_changed(self) -> bool:
        return bool(self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewGroup:
    title: str
    rows: tuple[PreviewRow, ...]

    @property
    def changed_count(self) -> int:
        """Texts that were changed; what is withheld whole is counted at the top."""
        return sum(row.is_changed and row.why != WHOLE for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Unfolded where a text was changed."""
        return self.changed_count > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Original and public side by side, group by group."""

    groups: tuple[PreviewGroup, ...]
    changes: tuple[PreviewRow, ...]
    withheld: tuple[tuple[str, int], ...]

    @property
    def secrets(self) -> tuple[PreviewRow, ...]:
        """What is marked as a trade secret and may still be unmarked."""
        return tuple(row for row in self.changes if row.is_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A finished thing upstream that nobody has proposed yet."""

    kind: PublicationKind
    source: str
    title: str


def preview(ref: str, bureau: str) -> Preview:
    """Side by side, for the officers of the own bureau."""
    row = models.Publication.objects.filter(ref=ref, bureau=bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的公示件，请从公示页面进入。")
    kind, original = PublicationKind(row.kind), canon.parse(bytes(row.original))
    found = disclose(kind, original, names=row.names, secrets=row.secrets)
    marks = {mark.path: mark for mark in found.marks}
    is_pending = row.state == PublicationState.PENDING.value
    groups = tuple(_groups(FIELDS[kind], original, marks, is_pending))
    changed = [line for group in groups for line in group.rows if line.is_changed]
    whole = Counter(line.label for line in changed if line.why == WHOLE)
    return Preview(
        groups=groups,
        changes=tuple(line for line in changed if line.why != WHOLE),
        withheld=tuple(whole.items()),
    )


def _groups(
    fields: Mapping[str, Field],
    original: Mapping[str, Any],
    marks: Mapping[str, Mark],
    is_pending: bool,
) -> Iterator[PreviewGroup]:
    plain = {k: f for k, f in fields.items() if f.treatment is not Treatment.OBJECT}
    yield PreviewGroup(title="全文", rows=tuple(_rows(plain, original, "", marks, is_pending)))
    for key, field in fields.items():
        if field.treatment is Treatment.OBJECT:
            for number, value in enumerate(original.get(key, ())):
                rows = _rows(field.fields, value, f"{key}.{number}.", marks, is_pending)
                title = f"{field.label} {number + 1}{_named(value)}"
                yield PreviewGroup(title=title, rows=tuple(rows))


def _named(value: Mapping[str, Any]) -> str:
    name = value.get("subject") or value.get("name")
    return f"：{name}" if name else ""


def _rows(
    fields: Mapping[str, Field],
    original: Mapping[str, Any],
    above: str,
    marks: Mapping[str, Mark],
    is_pending: bool,
) -> Iterator[PreviewRow]:
    for key, field in fields.items():
        if key not in original:
            continue
        values = original[key] if field.many else [original[key]]
        for number, value in enumerate(values):
            path = f"{above}{key}.{number}" if field.many else f"{above}{key}"
            yield _row(path, field, value, marks.get(path), is_pending)


# Fixed codes that stand in open data, with the words in which an officer reads them.
CODED: Mapping[str, type[Term]] = {"result_code": VisitResult, "code": Stratum}


def in_words(path: str, text: str) -> str:
    """A fixed code by its label; every other text as it is, its days as sentences write them."""
    known = CODED.get(path.rpartition(".")[2])
    term = next((one for one in known or () if one.value == text), None)
    return term.label if term else days_written(text)


def _row(path: str, field: Field, value: Any, mark: Mark | None, is_pending: bool) -> PreviewRow:
    is_protocol = field.treatment is Treatment.PROTOCOL
    shown = f"规范数据，摘要 {canon.digest(value)}" if is_protocol else in_words(path, str(value))
    return PreviewRow(
        path=path,
        label=field.label,
        original=shown,
        public=days_written(mark.becomes) if mark else shown,
        why=mark.why if mark else "",
        may_withhold=is_pending and not mark and bool(shown) and field.may_be_secret,
        is_secret=is_pending and mark is not None and mark.becomes == SECRET,
    )


def candidates(bureau: str, on: date) -> tuple[Candidate, ...]:
    """Approved lists and plans that are neither public nor on the way."""
    taken = {
        (row.kind, row.source)
        for row in reads.listed(bureau)
        if row.state is not PublicationState.WITHDRAWN
    }
    found = [
        *_item_lists(bureau),
        *_annual_plans(bureau, on),
        *_plans(bureau, on),
        *_draw_records(bureau, on),
    ]
    return tuple(one for one in found if (one.kind, one.source) not in taken)


def item_lists_to_propose(bureau: str) -> tuple[str, ...]:
    """Refs of approved lists that nobody ever proposed, the newest first."""
    known = {row.source for row in reads.listed(bureau) if row.kind is PublicationKind.ITEM_LIST}
    rows = registers.item_lists(bureau)
    return tuple(
        row.ref for row in rows if row.state is ItemListState.APPROVED and row.ref not in known
    )


def _item_lists(bureau: str) -> Iterator[Candidate]:
    for row in registers.item_lists(bureau):
        if row.state is ItemListState.APPROVED:
            yield Candidate(
                kind=PublicationKind.ITEM_LIST,
                source=row.ref,
                title=f"随机抽查事项清单（第 {row.version} 版）",
            )


def _annual_plans(bureau: str, on: date) -> Iterator[Candidate]:
    for year in (on.year, on.year + 1):
        found = annual_reads.annual_plan(bureau, year)
        if found and found.state is PlanState.APPROVED:
            yield Candidate(
                kind=PublicationKind.ANNUAL_PLAN,
                source=found.ref,
                title=f"{year}年度双随机抽查计划",
            )


def _plans(bureau: str, on: date) -> Iterator[Candidate]:
    now = Quarter.of(on)
    for quarter in (now, now.next()):
        found = plans.plan_of(bureau, str(quarter))
        if found and found.state is PlanState.APPROVED:
            yield Candidate(
                kind=PublicationKind.QUARTER_PLAN,
                source=found.ref,
                title=f"{quarter.label}双随机抽查计划",
            )


def _draw_records(bureau: str, on: date) -> Iterator[Candidate]:
    """The records that the custodians have opened for the public."""
    now = Quarter.of(on)
    for quarter in (now.previous(), now):
        for row in draws.draws(bureau, str(quarter)):
            if row.state is DrawState.PUBLISHED:
                yield Candidate(
                    kind=PublicationKind.DRAW_RECORD,
                    source=row.ref,
                    title=f"{quarter.label}抽取全记录（第 {row.seq} 次）",
                )


def in_hand(bureau: str) -> tuple[reads.DocumentRow, ...]:
    """What waits for the approver, the proposer or the publisher."""
    return tuple(row for row in reads.listed(bureau) if row.state in due.IN_HAND)


def withdrawal_days(bureau: str, on: date) -> int:
    """Working days within which a revoked decision must go."""
    profile = profile_of(bureau, on)
    return profile.number("publish.withdrawal", max(on, profile.since))
