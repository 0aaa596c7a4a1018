"""What a phone takes along of one visit: enough to read, fill in, print and sign offline."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import segno

from gongchou.core import plain
from gongchou.core.gate_codes import GateCode
from gongchou.core.powers import Actor
from gongchou.core.record import HANDLINGS, UNVISITABLE
from gongchou.core.terms import EvidenceKind, SignerRole, SignStatus, Term, VisitState
from gongchou.inspection import course, leases, reads, story
from gongchou.inspection.asked import asked_of, missing_before_arrival
from gongchou.inspection.daymap import day_maps
from gongchou.inspection.dayway import near_places
from gongchou.inspection.doubts import shortest_stay
from gongchou.inspection.permissions import inspector_of
from gongchou.inspection.rows import EvidenceRow, VisitRow
from gongchou.registry.reads import ItemRow
from gongchou.web import gate_keys
from gongchou.web.clock import day_of

# What still can be worked on; the rest stays on the server.
TAKEN = (VisitState.DISPATCHED, VisitState.ACCEPTED, VisitState.STARTED, VisitState.RETURNED)
VISIT = (
    "ref", "subject_name", "uscc", "site_code", "grid", "planned_on", "ground", "group_names",
    "item_list_version", "notice_number", "dispatched_at", "started_at", "accepted_at",
    "return_reason", "task",
)  # fmt: skip
ITEM = (
    "code", "group_name", "name", "legal_basis", "point", "note", "evidence_required", "law_text",
)  # fmt: skip


def words(*kind: Term) -> list[list[str]]:
    return [[word.value, word.label] for word in kind]


WORDS: Mapping[str, Any] = {
    "handling": words(*HANDLINGS),
    "unvisitable": words(*UNVISITABLE),
    "signer_role": words(SignerRole.LEGAL_REPRESENTATIVE, SignerRole.SITE_MANAGER),
    "sign_status": words(*SignStatus),
    "evidence_kind": words(*EvidenceKind),
}


def parcels(by: Actor, today: date, *, until: datetime, root: str) -> list[dict[str, Any]]:
    """The open visits of whoever holds the phone, and of nobody else.

    `until` is when the phone's right ends, and with it the codes it shows at gates; `root` is the
    address of this installation.
    """
    me = inspector_of(by, today)
    known = reads.my_visits(by.bureau, me) if me else ()
    mine = tuple(found for found in known if found.state in TAKEN)
    near = near_places(mine, today)
    return [
        _parcel(found, me, today) | {"gate": gate_of(found, until, root), "near": near[found.ref]}
        for found in mine
    ]


def ways(by: Actor, today: date) -> list[dict[str, Any]]:
    """The same visits on the map of each day, drawn here so that the phone only shows it."""
    me = inspector_of(by, today)
    known = reads.my_visits(by.bureau, me) if me else ()
    mine = tuple(found for found in known if found.state in TAKEN)
    return [plain.to_plain(one) for one in day_maps(mine, by.bureau, today)]


def gate_of(found: VisitRow, until: datetime, root: str) -> dict[str, Any]:
    """The signed code for a gate, ready to show: rows of dark and light squares."""
    code = GateCode(
        bureau=found.bureau,
        visit=found.ref,
        subject_name=found.subject_name,
        officers=tuple((person.name, person.card) for person in found.inspectors),
        until=until,
    )
    text = f"{root}/open/door/?gate={gate_keys.signed(code)}"
    return {"rows": list(_squares(text)), "until": plain.to_plain(until)}


@lru_cache(maxsize=1000)
def _squares(text: str) -> tuple[str, ...]:
    """Dark and light; a phone asks for the same ones as long as its lease runs."""
    return tuple("".join("1" if dark else "0" for dark in row) for row in segno.make(text).matrix)


def _parcel(found: VisitRow, me: str, today: date) -> dict[str, Any]:
    record = reads.record(found.ref)
    copied = {name: plain.to_plain(getattr(found, name)) for name in VISIT}
    return copied | {
        "state": found.state.value,
        "state_label": found.state.label,
        "kind_label": found.inspection_kind.label,
        "team": [plain.to_plain(person) for person in found.inspectors],
        "me": me,
        "wants_entry_code": asked_of(found.bureau, today).scan_in,
        "hindrances": list(missing_before_arrival(found, "-", today)),
        "items": _items(reads.checklist(found)),
        "shortest_minutes": int(shortest_stay(found).total_seconds()) // 60,
        "record": plain.to_plain(record.body),
        "base": record.digest,
        "evidence": [_file(row) for row in record.evidence],
        "cameras": [row.number for row in course.cameras(found.ref)],
        "unannounced": found.unannounced_ground,
        "briefing": _briefing(found, today),
    }


def _items(rows: tuple[ItemRow, ...]) -> list[dict[str, Any]]:
    return [{**_item(row), "asked_on": _asked_on(row, rows)} for row in rows]


def _item(row: ItemRow) -> dict[str, str]:
    return {name: getattr(row, name) for name in ITEM}


def _asked_on(row: ItemRow, rows: tuple[ItemRow, ...]) -> list[Any] | None:
    """The other question's code, the answers on which this one is asked, and how to say it."""
    condition = reads.asked_on(row, rows)
    if condition is None:
        return None
    return [condition.item, sorted(word.value for word in condition.results), row.asked_says]


def _file(row: EvidenceRow) -> dict[str, str]:
    held = leases.files_by_name(row.visit)
    names = [name for name, ref in held.items() if ref == row.ref]
    return {
        "ref": row.ref,
        "id": names[0] if names else row.ref,
        "kind": row.kind.label,
        "item": row.item,
        "says": row.says,
        "sha256": row.sha256,
    }


def _briefing(found: VisitRow, today: date) -> dict[str, Any]:
    """Lines under headings, each saying of which day it is."""
    told = story.briefing(found.ref, today)
    return {
        "as_of": today.isoformat(),
        "sections": [
            {"title": "安全规定和防护用品", "lines": _safety(found)},
            {"title": "单位情况", "lines": _site(told)},
            {"title": "信用、处罚、举报、督办", "lines": _history(told)},
            {"title": "以前的检查", "lines": _past(told)},
        ],
        "read_by": [row.inspector for row in told.readings if row.at],
    }


def _safety(found: VisitRow) -> list[str]:
    held = course.safety(found.subject, found.bureau)
    if held is None:
        return ["还没有登记。进厂前请向单位问明安全规定，按要求穿戴防护用品。"]
    told = f"{held.source}，" if held.source else ""
    return [
        *([f"安全规定：{held.rules}"] if held.rules else []),
        *([f"防护用品：{held.gear}"] if held.gear else []),
        f"{told}{held.by}于 {day_of(held.at)} 登记",
    ]


def _site(told: story.Briefing) -> list[str]:
    site = told.subject
    kinds = "、".join(word.label for word in site.pollutant_types) or "名录中没有登记"
    watched = "、".join(word.label for word in site.monitoring_types) or "名录中没有登记"
    unknown = "名录中没有登记"
    return [
        f"生产状态：{site.operating_status.label}",
        f"排污许可：{site.permit_category.label}{site.permit_number}{site.registration_number}"
        + (f"，有效期至 {told.permit_valid_until}" if told.permit_valid_until else ""),
        f"排放污染物：{kinds}",
        f"监控设施：{watched}",
        f"负责人：{told.legal_representative or unknown}",
        f"联系方式：{told.contact or unknown}",
        f"地址：{told.address or unknown}",
        f"名录内容自 {told.registered_since} 起",
    ]


def _history(told: story.Briefing) -> list[str]:
    site = told.subject
    lines = [f"{fact.rated_on} 信用评价{fact.level.label}" for fact in site.credits]
    for penalty in site.penalties:
        undone = f"，已于 {penalty.revoked_on} 撤销" if penalty.revoked_on else ""
        lines.append(f"{penalty.decision_date} 行政处罚 {penalty.document_number}{undone}")
    lines += [f"{c.closed_on} 信访举报 {c.ref} 办结，{c.verdict.label}" for c in site.complaints]
    lines += [f"{c.since} {c.supervised_by.label}挂牌督办 {c.ref}" for c in site.supervised_cases]
    return lines or ["名录中没有信用、处罚、举报、督办记录。"]


def _past(told: story.Briefing) -> list[str]:
    lines = [
        f"{old.ended_on} {old.visit_result.label if old.visit_result else ''}，"
        f"{old.problem_count} 个问题"
        for old in told.past
    ]
    lines += [f"{day} 日常检查（导入的历史）" for day in told.subject.visited_on]
    return lines or ["系统中没有以前的检查记录。"]
