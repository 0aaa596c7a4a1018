"""The year's plan as frozen rows, and plans as files."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core import canon, plain
from gongchou.core.refusals import Refused
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import PlanState
from gongchou.planning import models, reads, tables
from gongchou.planning.tables import AnnualRow
from gongchou.registry import policy

QUARTER = (
    "序号", "任务名称", "抽查方式", "抽查对象", "抽查基数", "抽查比例", "应抽家数", "检查方式",
    "条款",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualPage:
    """A yearly plan with its rows."""

    ref: str
    bureau: str
    year: int
    state: PlanState
    policy: str
    on: date
    digest: str
    rows: tuple[AnnualRow, ...]
    made_by: str
    made_by_ref: str
    made_at: datetime
    approved_by: str
    approved_at: datetime | None

    @property
    def numbered(self) -> tuple[tuple[str, ...], ...]:
        return tuple(row.cells(number) for number, row in enumerate(self.rows, start=1))


def _page(row: models.AnnualPlan) -> AnnualPage:
    return AnnualPage(
        ref=row.ref,
        bureau=row.bureau.code,
        year=row.year,
        state=PlanState(row.state),
        policy=row.policy,
        on=row.on,
        digest=row.digest,
        rows=tuple(plain.from_plain(AnnualRow, line) for line in canon.parse(bytes(row.body))),
        made_by=row.made_by_name,
        made_by_ref=row.made_by_ref,
        made_at=row.made_at,
        approved_by=row.approved_by_name,
        approved_at=row.approved_at,
    )


def annual_plan(bureau: str, year: int) -> AnnualPage | None:
    """The one yearly plan that is not void."""
    rows = models.AnnualPlan.objects.filter(bureau__code=bureau, year=year)
    row = rows.select_related("bureau").exclude(state=PlanState.VOID.value).first()
    return _page(row) if row else None


def annual_plan_of(bureau: str, ref: str) -> AnnualPage:
    """A yearly plan by its ref, void ones too."""
    rows = models.AnnualPlan.objects.filter(bureau__code=bureau, ref=ref)
    row = rows.select_related("bureau").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的年度计划，请从计划页面进入。")
    return _page(row)


def profile_of_annual(found: AnnualPage) -> PolicyProfile:
    """The policy that was in force when the year's plan was made."""
    return policy.profile_of(found.bureau, found.on)


def annual_file(bureau: str, year: int, kind: str) -> bytes:
    """The eight columns as csv or xlsx."""
    found = annual_plan(bureau, year)
    if found is None:
        raise Refused(f"{year} 年还没有年度计划，请先编制。")
    return _file(f"{year}年度抽查计划", tables.ANNUAL, found.numbered, kind)


def quarter_file(ref: str, kind: str) -> bytes:
    """A quarter's plan as csv or xlsx: strata first, then the further tasks."""
    found = reads.plan(ref)
    rows = [
        (
            f"{row.label}抽查",
            "不定向",
            row.stratum.label,
            str(row.base_count),
            row.wording,
            str(row.required_count),
            "非现场" if row.is_offsite else "现场",
            f"{row.clause.source} {row.clause.number}",
        )
        for row in found.strata
    ]
    rows += [
        (
            task.name,
            task.task_mode.label,
            task.condition.says(),
            "",
            "",
            str(task.subject_count),
            task.joint_kind.label,
            task.condition_text,
        )
        for task in found.tasks
        if not task.is_ordinary
    ]
    numbered = [(str(number), *row) for number, row in enumerate(rows, start=1)]
    return _file(f"{found.quarter}抽查计划", QUARTER, numbered, kind)


def _file(title: str, header: tuple[str, ...], rows: object, kind: str) -> bytes:
    lines = [tuple(row) for row in rows]  # type: ignore[attr-defined]
    if kind == "csv":
        return tables.csv_bytes(header, lines)
    return tables.xlsx_bytes(title, header, lines)
