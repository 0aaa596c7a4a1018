"""The summary of a quarter: drafted from the numbers, edited version by version."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts import reads as accounts
from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import HASHES, Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.summary import Number, Paragraph, QuarterSummary, cleaned_text, rebound, renewed
from gongchou.core.summary_cases import case_of, with_case, without_case
from gongchou.core.summary_draft import CASES_MISSING, WORDS_KEPT, Ground, draft
from gongchou.core.terms import PlanState
from gongchou.core.workdays import Quarter
from gongchou.planning import reads as planning
from gongchou.registry.policy import profile_of
from gongchou.reporting import models, reads, summary_reads
from gongchou.reporting.actions.tables import build_facts
from gongchou.reporting.casebook import told
from gongchou.reporting.summary_numbers import counted, sources
from gongchou.training import reads as training
from gongchou.web.clock import day_of

TOPICS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryEdit:
    """What a person changed: texts by the keys of their paragraphs, and the head."""

    texts: Mapping[str, str]
    addressee: str
    document_number: str


@transaction.atomic
def draft_summary(quarter: Quarter, *, by: Actor, at: datetime) -> str:
    """Write the summary from the numbers; drafted again, what people wrote is kept."""
    check(by, Power.MAKE_STATISTICS)
    plan = planning.plan_of(by.bureau, str(quarter))
    if plan is None or plan.state is not PlanState.APPROVED:
        raise Refused(f"{quarter.label}没有已批准的抽查计划，不能起草工作总结。请先批准计划。")
    on = day_of(at)
    if reads.current(by.bureau, str(quarter)) is None:
        for one in reads.year_until(quarter):
            build_facts(one, by=by, at=at)
    old, found = summary_reads.current(by.bureau, str(quarter), on), counted(by.bureau, quarter, on)
    ground = Ground(
        quarter=quarter,
        policy_title=profile_of(by.bureau, quarter.last).title,
        standings=found.standings,
        grown=found.grown,
        until=None if found.table else on,
        trainings=found.trainings,
        topics=tuple(dict.fromkeys(row.title for row in reversed(found.held)))[:TOPICS],
        practices=tuple(
            f"{row.title}：{row.says.replace(chr(10), '')}效果：{row.effect.replace(chr(10), '')}"
            for row in training.taken_up(by.bureau, quarter)
        ),
    )
    fresh = QuarterSummary(
        bureau=by.bureau,
        bureau_name=accounts.bureau(by.bureau).name,
        quarter=str(quarter),
        on=on,
        addressee=old.body.addressee if old else _superior(by.bureau),
        document_number=old.body.document_number if old else "",
        table=found.table.ref if found.table else "",
        table_digest=found.table.digest if found.table else "",
        paragraphs=draft(ground, found.numbers),
    )
    body = _kept(fresh, old.body, found.numbers) if old else fresh
    return _save(body, old, "按现有数字起草" if old is None else "按现有数字重新起草", by, at)


def _superior(bureau: str) -> str:
    """Whom the summary is addressed to: the bureau above, where it is known."""
    above = accounts.bureau(bureau).superior
    names = {row.code: row.name for row in accounts.bureaus()}
    return names.get(above, above)


def _kept(
    fresh: QuarterSummary, old: QuarterSummary, numbers: Mapping[str, Number]
) -> QuarterSummary:
    """Cases, and what only people could write, stay as they were; words stay with new numbers."""
    by_hand = {one.key: renewed(one, numbers) for one in old.paragraphs if one.key in WORDS_KEPT}
    by_hand |= {
        one.key: one
        for one in old.paragraphs
        if one.text and (one.asks or one.key.endswith(".own") or one.key == CASES_MISSING)
    }
    told_of = tuple(one for one in old.paragraphs if case_of(one))
    held = list[Paragraph]()
    for one in fresh.paragraphs:
        if one.key == CASES_MISSING:
            held += told_of
            if told_of:
                held.append(replace(one, asks=""))
                continue
        held.append(by_hand.get(one.key, one))
    return replace(fresh, paragraphs=tuple(held), cases=old.cases)


def _save(
    body: QuarterSummary, old: summary_reads.SummaryRow | None, says: str, by: Actor, at: datetime
) -> str:
    """Two people at once: the number is taken once, the second is told."""
    content, number = body.frozen(), old.number + 1 if old else 1
    try:
        with transaction.atomic():
            row = models.SummaryVersion.objects.create(
                ref=f"Z{by.bureau}-{body.quarter}-{number}",
                bureau=Bureau.objects.get(code=by.bureau),
                quarter=body.quarter,
                number=number,
                body=content,
                digest=HASHES["sha256"](content).hex(),
                says=says,
                made_by_ref=by.ref,
                made_by_name=by.name,
                made_at=at,
            )
    except IntegrityError as error:
        raise Stale("这份工作总结刚由他人保存，请刷新页面，在最新一版上修改。") from error
    data: dict[str, Canonical] = {"digest": row.digest, "number": number, "says": says}
    audit.append(EventKind.SUMMARY_SAVED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _newest(ref: str, by: Actor, at: datetime) -> summary_reads.SummaryPage:
    check(by, Power.MAKE_STATISTICS)
    found = summary_reads.summary(ref, by.bureau, day_of(at))
    if not found.is_current:
        raise Stale("这一版已被后来的修改替代，请打开最新一版再改。")
    return found


@transaction.atomic
def edit_summary(ref: str, edit: SummaryEdit, *, by: Actor, at: datetime) -> str:
    """Save what a person changed as the next version; numbers keep their sources."""
    found = _newest(ref, by, at)
    changed = replace(
        found.body,
        addressee=_line(edit.addressee, "主送机关"),
        document_number=_line(edit.document_number, "发文字号"),
        paragraphs=tuple(_edited(one, edit.texts) for one in found.body.paragraphs),
    )
    if changed == found.body:
        raise Refused("内容没有变化，没有另存新版本。")
    pairs = zip(changed.paragraphs, found.body.paragraphs, strict=True)
    moved = sum(one != other for one, other in pairs)
    return _save(changed, found, f"修改 {moved} 段" if moved else "修改文头", by, at)


def _line(text: str, what: str) -> str:
    found = " ".join(cleaned_text(text).split())
    if len(found) > 80:
        raise Invalid(f"{what}不得超过 80 字，请改短。")
    return found


def _edited(one: Paragraph, texts: Mapping[str, str]) -> Paragraph:
    """Headings of the outline stay; a text that was not sent along is unchanged."""
    text = texts.get(one.key)
    if text is None or one.level or cleaned_text(text) == one.text:
        return one
    return rebound(one, text)


@transaction.atomic
def pick_case(ref: str, visit: str, *, by: Actor, at: datetime) -> str:
    """Put a reviewed visit into the third part, with the list of its proofs."""
    found = _newest(ref, by, at)
    case, text = told(by.bureau, visit)
    numbers = sources(found.counted, (*found.body.cases, case))
    body = with_case(found.body, case, text, numbers)
    return _save(body, found, f"选用典型案例 {visit}", by, at)


@transaction.atomic
def drop_case(ref: str, visit: str, *, by: Actor, at: datetime) -> str:
    """Take a case out again; the versions that had it stay."""
    found = _newest(ref, by, at)
    return _save(without_case(found.body, visit), found, f"移出典型案例 {visit}", by, at)


@transaction.atomic
def export_summary(ref: str, form: str, *, by: Actor, at: datetime) -> None:
    """Who took a summary out as a file, and when."""
    check(by, Power.SEE_STATISTICS)
    found = summary_reads.summary(ref, by.bureau, day_of(at))
    data: dict[str, Canonical] = {"digest": found.digest, "form": form}
    audit.append(EventKind.REPORT_EXPORTED, about=ref, by=by, at=at, data=data)
