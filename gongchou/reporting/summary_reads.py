"""Summaries version by version, checked against the numbers as they are now."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.refusals import Refused
from gongchou.core.summary import Finding, Piece, QuarterSummary, findings, pieces
from gongchou.core.terms import VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.inspection.rows import VisitRow
from gongchou.reporting import models
from gongchou.reporting.summary_numbers import Counted, address, counted, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One version without its text."""

    ref: str
    quarter: str
    number: int
    digest: str
    says: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPage(SummaryRow):
    """One version with its text, and what is wrong in it today."""

    body: QuarterSummary
    is_current: bool
    findings: tuple[Finding, ...]
    counted: Counted

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What keeps it from being sent."""
        return tuple(one for one in self.findings if one.is_blocking)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPiece:
    """A stretch of text; a number has an address and perhaps a complaint."""

    piece: Piece
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphRow:
    """A paragraph as the page shows it."""

    key: str
    level: int
    text: str
    asks: str
    lines: tuple[tuple[LinkedPiece, ...], ...]
    says: tuple[str, ...]


def _row(row: models.SummaryVersion) -> SummaryRow:
    return SummaryRow(
        ref=row.ref,
        quarter=row.quarter,
        number=row.number,
        digest=row.digest,
        says=row.says,
        made_by=row.made_by_name,
        made_at=row.made_at,
    )


def versions(bureau: str, quarter: str) -> tuple[SummaryRow, ...]:
    """Every version of a quarter's summary, the newest first."""
    rows = models.SummaryVersion.objects.filter(bureau__code=bureau, quarter=quarter)
    return tuple(_row(row) for row in rows.order_by("-number"))


def has_summary(bureau: str, quarter: str) -> bool:
    return models.SummaryVersion.objects.filter(bureau__code=bureau, quarter=quarter).exists()


def summary(ref: str, bureau: str, on: date) -> SummaryPage:
    """One version, checked on a day."""
    row = models.SummaryVersion.objects.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的工作总结，请从统计报送页面进入。")
    body, base = QuarterSummary.thawed(bytes(row.body)), _row(row)
    found = counted(bureau, Quarter.parse(row.quarter), on)
    return SummaryPage(
        **{name: getattr(base, name) for name in SummaryRow.__slots__},
        body=body,
        is_current=versions(bureau, row.quarter)[0].ref == ref,
        findings=findings(body, sources(found, body.cases)),
        counted=found,
    )


def current(bureau: str, quarter: str, on: date) -> SummaryPage | None:
    """The newest version of a quarter."""
    found = versions(bureau, quarter)
    return summary(found[0].ref, bureau, on) if found else None


def paragraphs(found: SummaryPage) -> tuple[ParagraphRow, ...]:
    """The text cut at its numbers, line by line, each number with its address."""
    return tuple(
        ParagraphRow(
            key=one.key,
            level=one.level,
            text=one.text,
            asks=one.asks,
            lines=_lines(found, pieces(one, found.findings)),
            says=tuple(f.says for f in found.findings if f.paragraph == one.key),
        )
        for one in found.body.paragraphs
    )


def _lines(found: SummaryPage, cut: tuple[Piece, ...]) -> tuple[tuple[LinkedPiece, ...], ...]:
    lines: list[list[LinkedPiece]] = [[]]
    for piece in cut:
        parts = piece.text.split("\n")
        for place, text in enumerate(parts):
            if place:
                lines.append([])
            url = address(piece.source, found.counted) if piece.source else ""
            shown = Piece(
                text=text, is_number=piece.is_number, source=piece.source, says=piece.says
            )
            lines[-1].append(LinkedPiece(piece=shown, url=url))
    return tuple(tuple(line) for line in lines)


def candidates(bureau: str, quarter: str, taken: frozenset[str]) -> tuple[VisitRow, ...]:
    """Reviewed visits with a problem that are no typical case yet, the gravest first."""
    rows = inspection.visits(bureau, quarter, state=VisitState.REVIEWED)
    found = [row for row in rows if row.problem_count and row.ref not in taken]
    return tuple(sorted(found, key=_gravity))


def _gravity(row: VisitRow) -> tuple[bool, bool, int, int, str]:
    return (
        not row.is_transferred,
        not row.has_case,
        -row.penalty_amount_fen,
        -row.problem_count,
        row.ref,
    )
