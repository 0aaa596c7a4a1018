"""What is pulled from a draw: its announcement, the root of its sealed list, its whole record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gongchou.audit import reads as audit
from gongchou.core.chain import written
from gongchou.core.disclosure import masked
from gongchou.core.quota_words import near_percent
from gongchou.core.refusals import Refused
from gongchou.core.terms import DrawState, PublicationKind, VoidState
from gongchou.core.workdays import Quarter, written_day
from gongchou.drawing import log_reads, override_reads, separation, void_reads
from gongchou.drawing import reads as draws
from gongchou.planning import reads as plans
from gongchou.publication.gathering import Draft, head
from gongchou.web.clock import SHANGHAI

SEALED = "#sealed"
VOID = "#void"
NOTHING_YET: Mapping[str, Any] = {
    "drawn_at": "",
    "sealed_root": "",
    "visit_count": 0,
    "overlaps": [],
    "voided_at": "",
    "void_ground": "",
    "void_reason": "",
    "void_decision": "",
    "void_proof": {},
}
STAGES = (DrawState.SEALED, DrawState.PUBLISHED)


def _draw(bureau: str, ref: str) -> draws.DrawRow:
    found = draws.draw(ref)
    if found.bureau != bureau:
        raise Refused(f"本机构没有编号为 {ref} 的抽取，请从抽取页面进入。")
    return found


def _said(at: datetime | None) -> str:
    here = at.astimezone(SHANGHAI) if at else None
    return f"{written_day(here)} {here:%H:%M:%S}" if here else ""


def _strata(found: draws.DrawRow) -> list[dict[str, str | int]]:
    return [
        {
            "code": row.name,
            "name": name,
            "base_count": row.base_count,
            "drawn_count": row.drawn_count,
            "chance": f"{row.drawn_count}/{row.base_count}（{near_percent(row.chance)}）",
        }
        for name, row in found.named_strata
    ]


def _title(found: draws.DrawRow, what: str) -> str:
    name = plans.task(found.task).name
    return f"{Quarter.parse(found.quarter).label}{name}：{what}（第 {found.seq} 次）"


def _overrides(found: draws.DrawRow, until: datetime | None) -> list[dict[str, str | int]]:
    """Every kind of stepping in with its count, zero too, so that none can be left out."""
    return [
        {"code": one.code, "name": one.name, "count": one.count, "detail": one.detail}
        for one in override_reads.overrides(found.ref, until)
    ]


def _announced(
    found: draws.DrawRow, what: str, fields: Mapping[str, Any], until: datetime | None
) -> Draft:
    """`fields` are those of a later step; counted is what happened up to the instant `until`."""
    title = _title(found, what)
    original = head(found.bureau, title, found.quarter) | {
        "draw": found.ref,
        "task": plans.task(found.task).name,
        "announced_at": _said(found.announced_at),
        "closing_rule": found.closing_rule,
        "digest": found.announcement_digest,
        "strata": _strata(found),
        "overrides": _overrides(found, until),
        "announcement": draws.announcement(found.ref),
    }
    return Draft(
        kind=PublicationKind.ANNOUNCEMENT,
        source=found.ref,
        title=title,
        quarter=found.quarter,
        original={**original, **NOTHING_YET, **fields},
    )


def announcement(bureau: str, ref: str) -> Draft:
    """The announcement as it was made, whatever became of the draw since."""
    found = _draw(bureau, ref)
    if found.announced_at is None:
        raise Refused("本次抽取还没有发布公告，不能公开。")
    return _announced(found, "抽取公告", {}, found.announced_at)


def sealed(bureau: str, ref: str) -> Draft:
    """That the draw was made, and the root under which its list lies sealed."""
    found = _draw(bureau, ref)
    if found.state not in STAGES:
        raise Refused("本次抽取的名单还没有密封，请在密封之后再公开。")
    fields = {
        "drawn_at": _said(found.drawn_at),
        "sealed_root": found.sealed_root,
        "visit_count": found.visit_count,
        "overlaps": [
            "兼任" + "".join(f"“{duty.label}”" for duty in row.duties)
            for row in separation.overlaps_of(ref)
        ],
    }
    draft = _announced(found, "抽取完成公告", fields, found.sealed_at)
    return Draft(
        kind=draft.kind,
        source=ref + SEALED,
        title=draft.title,
        quarter=draft.quarter,
        original=draft.original,
    )


def void(bureau: str, ref: str) -> Draft:
    """That an announced draw is void, why, and what proves it; its announcement stays public."""
    found = _draw(bureau, ref)
    if found.state is not DrawState.VOID or found.announced_at is None:
        raise Refused("只有公告之后作废的抽取才有作废公告。")
    asked = next((row for row in void_reads.of_draw(ref) if row.state is VoidState.DONE), None)
    names = [found.voided_by, *((asked.asked_by, *asked.agreed) if asked else ())]
    decision = f"{asked.ended_for}：{asked.decision}" if asked else ""
    draft = _announced(
        found,
        "作废公告",
        {
            "voided_at": _said(found.voided_at),
            "void_ground": found.void_ground.label if found.void_ground else "收口以前作废",
            "void_reason": masked(found.void_reason, names),
            "void_decision": masked(decision, names),
            "void_proof": void_reads.proof(ref),
        },
        found.voided_at,
    )
    return replace(draft, source=ref + VOID)


def log_head(bureau: str, size: int, *, is_witnessed: bool) -> Draft:
    """A signed head of the draw log, or the same with the superior's cosignature."""
    row = next((head for head in log_reads.heads(bureau) if head.size == size), None)
    if row is None or (is_witnessed and row.cosigned_at is None):
        raise Refused(f"抽取日志 {size} 条处没有签署过或者没有见证过的树根，不能公开。")
    title = f"抽取日志前 {size} 条的树根" + ("（上级机关已见证）" if is_witnessed else "")
    original = head(bureau, title, "") | {
        "size": size,
        "root": row.root,
        "signed_at": written(row.at),
        "key": log_reads.public_key(bureau),
        "signature": row.signature,
        "witness": row.cosigned_for if is_witnessed else "",
        "witnessed_at": _said(row.cosigned_at) if is_witnessed else "",
    }
    source = f"L{bureau}#{size}" + ("#witnessed" if is_witnessed else "")
    return Draft(
        kind=PublicationKind.LOG_HEAD, source=source, title=title, quarter="", original=original
    )


def record(bureau: str, ref: str) -> Draft:
    """The whole public record, once every visit is done or excused."""
    found, whole = _draw(bureau, ref), draws.published_record(ref)
    if whole is None:
        raise Refused("抽取记录还没有公开的条件：检查全部完成、由保管人开启之后才能公开。")
    title = _title(found, "抽取全记录")
    original = head(bureau, title, found.quarter) | {
        "draw": ref,
        "task": plans.task(found.task).name,
        "drawn_at": _said(found.drawn_at),
        "announcement_digest": found.announcement_digest,
        "sealed_root": found.sealed_root,
        "visit_count": found.visit_count,
        "strata": _strata(found),
        "overrides": _overrides(found, None),
        "record": whole,
        "witnesses": "、".join(one.name for one in found.confirmations),
    }
    return Draft(
        kind=PublicationKind.DRAW_RECORD,
        source=ref,
        title=title,
        quarter=found.quarter,
        original=original,
    )


def checkpoint(bureau: str) -> Draft:
    """Size and digest of the chain of events as it stands: whoever keeps it can show a change."""
    found = audit.head(bureau)
    if found is None:
        raise Refused("本机构还没有任何留痕，没有可以公布的校验点。")
    title = f"留痕前 {found.size} 条的校验点"
    original = head(bureau, title, "") | {"size": found.size, "digest": found.digest}
    source = f"K{bureau}#{found.size}"
    return Draft(
        kind=PublicationKind.CHECKPOINT, source=source, title=title, quarter="", original=original
    )
