"""What is pulled from the rooms upstream, before anything of it is made public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import ItemListState, PlanState, PublicationKind
from gongchou.core.workdays import Quarter
from gongchou.planning import annual_reads
from gongchou.planning import reads as plans
from gongchou.registry import reads as registers


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visit of a result notice: what is needed beside the words of its row."""

    visit: str
    number: int
    ended_on: date
    deadline_on: date
    is_provisional: bool
    # Whether anything of it waits to be told: a correction may only put words right.
    is_due: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document as pulled, with the people who must not be named in it."""

    kind: PublicationKind
    source: str
    title: str
    quarter: str
    original: Mapping[str, Any]
    names: tuple[str, ...] = ()
    lines: tuple[Line, ...] = field(default_factory=tuple)


def head(bureau: str, title: str, quarter: str) -> dict[str, Any]:
    """What every document begins with."""
    name = accounts.bureau(bureau).name
    return {"title": title, "bureau": bureau, "bureau_name": name, "quarter": quarter}


def item_list(bureau: str, ref: str) -> Draft:
    """An approved version of the item list, with what changed since the one before."""
    lists = registers.item_lists(bureau)
    found = next((row for row in lists if row.ref == ref), None)
    if found is None:
        raise Refused(f"本机构没有编号为 {ref} 的抽查事项清单，请从“抽查事项清单”页面进入。")
    if found.state is ItemListState.DRAFT or found.approved_on is None:
        raise Refused("这一版清单还没有批准，不能公示。请先由负责人批准。")
    older = next((row for row in lists if row.version < found.version and row.approved_on), None)
    title = f"随机抽查事项清单（第 {found.version} 版）"
    original = head(bureau, title, "") | {
        "version": found.version,
        "approved_on": found.approved_on.isoformat(),
        "items": [_item(item) for item in found.items],
        "changes": _changes(found, older) if older else [],
        "drafted_by": found.drafted_by,
        "approved_by": found.approved_by,
    }
    return Draft(
        kind=PublicationKind.ITEM_LIST, source=ref, title=title, quarter="", original=original
    )


def _item(item: registers.ItemRow) -> dict[str, str]:
    return {
        "code": item.code,
        "group": item.group_name,
        "name": item.name,
        "tier": item.tier.label,
        "legal_basis": item.legal_basis,
        "method": item.method,
        "point": item.point,
        "note": item.note,
    }


def _changes(new: registers.ItemListRow, old: registers.ItemListRow) -> list[dict[str, str]]:
    """Items that came, went, or read differently; the number of an item may move freely."""

    def words(found: registers.ItemListRow) -> dict[tuple[str, str], dict[str, str]]:
        return {(item.item_group, item.name): _item(item) | {"code": ""} for item in found.items}

    now, before = words(new), words(old)
    found = [("新增", key) for key in now if key not in before]
    found += [("取消", key) for key in before if key not in now]
    found += [("修改", key) for key in now if key in before and now[key] != before[key]]
    return [
        {"what": what, "name": f"{(now.get(key) or before[key])['group']}：{key[1]}"}
        for what, key in found
    ]


ANNUAL = ("number", "name", "mode", "items", "scope", "when", "count", "ratio")


def annual_plan(bureau: str, ref: str) -> Draft:
    """An approved yearly plan in the eight columns that are published."""
    found = annual_reads.annual_plan_of(bureau, ref)
    if found.state is not PlanState.APPROVED:
        raise Refused(f"这份年度计划现在是“{found.state.label}”状态，批准后才能公示。")
    title = f"{found.year}年度双随机抽查计划"
    profile = annual_reads.profile_of_annual(found)
    original = head(bureau, title, "") | {
        "year": str(found.year),
        "policy": f"{profile.title}（{profile.document_number}）",
        "counted_on": found.on.isoformat(),
        "digest": found.digest,
        "rows": [dict(zip(ANNUAL, cells, strict=True)) for cells in found.numbered],
        "made_by": found.made_by,
        "approved_by": found.approved_by,
    }
    return Draft(
        kind=PublicationKind.ANNUAL_PLAN, source=ref, title=title, quarter="", original=original
    )


def plan(bureau: str, ref: str) -> Draft:
    """An approved quarter plan: what each stratum owes, and the sum behind it."""
    found = plans.plan(ref)
    if found.bureau != bureau:
        raise Refused(f"本机构没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    if found.state is not PlanState.APPROVED:
        raise Refused(f"这份计划现在是“{found.state.label}”状态，批准后才能公示。")
    title = f"{Quarter.parse(found.quarter).label}双随机抽查计划"
    profile = plans.policy_of(ref)
    original = head(bureau, title, found.quarter) | {
        "policy": f"{profile.title}（{profile.document_number}）",
        "counted_on": found.on.isoformat(),
        "digest": found.digest,
        "classification_digest": found.classification_digest,
        "strata": [
            {
                "code": row.stratum.value,
                "name": row.label,
                "base_count": row.base_count,
                "ratio": row.wording,
                "required_count": row.required_count,
                "method": "非现场" if row.is_offsite else "现场",
                "clause": f"{row.clause.source} {row.clause.number}：{row.clause.says}",
                "why": row.why,
            }
            for row in found.strata
        ],
        "tasks": [
            {"name": task.name, "mode": task.task_mode.label, "joint": task.joint_kind.label}
            for task in found.tasks
        ],
        "made_by": found.made_by,
        "approved_by": found.approved_by,
    }
    return Draft(
        kind=PublicationKind.QUARTER_PLAN,
        source=ref,
        title=title,
        quarter=found.quarter,
        original=original,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A finished table: heads, and rows of a name and one text a column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    note: str = ""


def statistics(bureau: str, title: str, quarter: str, source: str, table: Table) -> Draft:
    """A table that the reporting room has finished."""
    if any(len(cells) != len(table.columns) for _, cells in table.rows):
        raise Invalid("统计表各行的数值应与列数一致，请核对后再提出。")
    original = head(bureau, title, quarter) | {
        "note": table.note,
        "columns": list(table.columns),
        "rows": [{"name": name, "cells": list(cells)} for name, cells in table.rows],
    }
    return Draft(
        kind=PublicationKind.STATISTICS,
        source=source,
        title=title,
        quarter=quarter,
        original=original,
    )


def rows_of(draft: Draft) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = draft.original.get("rows", ())
    return rows
