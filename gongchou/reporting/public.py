"""A frozen table in the form in which it is published."""

from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.publication import reads as publication
from gongchou.publication.gathering import Table
from gongchou.publication.reads import PublicDocument
from gongchou.reporting.reads import VersionPage

GOING = (PublicationState.PENDING, PublicationState.APPROVED, PublicationState.PUBLISHED)


def public_table(found: VersionPage) -> Table:
    """Every number of the table, the quarter's beside the year's."""
    return Table(
        columns=("本季度", "年度累计"),
        rows=tuple(
            (_name(row.quarter.group, row.quarter.label, row.quarter.unit),
             (row.quarter.shown, row.year.shown))
            for row in found.body.rows
        ),
        note=(
            f"{found.version.label}，第 {found.number} 版，{found.body.on} 生成；"
            "占比和比率为截位小数，没有对象的不适用。"
        ),
    )  # fmt: skip


def told(found: VersionPage, bureau: str) -> PublicDocument | None:
    """The document in which a table is public or on its way there; its note names the version."""
    kind, note = PublicationKind.STATISTICS, public_table(found).note
    rows = publication.documents(bureau, kind=kind, quarter=found.quarter)
    return next((r for r in rows if r.state in GOING and r.document["note"] == note), None)


def _name(group: str, label: str, unit: str) -> str:
    return f"{group}　{label}（{unit}）" if unit else f"{group}　{label}"
