"""Every act about the numbers of a quarter: count the facts, freeze a table, propose it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts import reads as accounts
from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import statistics
from gongchou.core.canon import HASHES, Canonical
from gongchou.core.counting import facts_of
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import PlanState, PublicationKind, StatisticsVersion
from gongchou.core.workdays import Quarter
from gongchou.planning import reads as planning
from gongchou.publication import actions as publication
from gongchou.publication import reads as public
from gongchou.reporting import gathering, models, reads
from gongchou.reporting.body import TableBody, frozen
from gongchou.reporting.public import public_table
from gongchou.web.clock import day_of


@transaction.atomic
def build_facts(quarter: Quarter, *, by: Actor, at: datetime) -> str:
    """Count the quarter anew from what is decided; returns the digest of the facts."""
    check(by, Power.MAKE_STATISTICS)
    facts = facts_of(gathering.records(by.bureau, quarter))
    digest = statistics.digest(facts)
    owner = Bureau.objects.get(code=by.bureau)
    was = models.FactSet.objects.filter(bureau=owner, quarter=str(quarter)).first()
    if was is not None and was.digest == digest:
        models.FactSet.objects.filter(pk=was.pk).update(built_at=at)
        return digest
    _store(owner, quarter, facts, digest=digest, at=at)
    data: dict[str, Canonical] = {"digest": digest, "count": len(facts)}
    about = f"{by.bureau}-{quarter}"
    audit.append(EventKind.FACTS_BUILT, about=about, by=by, at=at, data=data)
    return digest


def _store(
    owner: Bureau,
    quarter: Quarter,
    facts: tuple[statistics.Fact, ...],
    *,
    digest: str,
    at: datetime,
) -> None:
    """Facts are counted, not decided: the new count takes the place of the old one."""
    values = {"digest": digest, "count": len(facts), "built_at": at}
    held, _ = models.FactSet.objects.update_or_create(
        bureau=owner, quarter=str(quarter), defaults=values
    )
    models.Fact.objects.filter(fact_set=held).delete()
    models.Fact.objects.bulk_create(
        models.Fact(
            fact_set=held,
            key=fact.key,
            day=fact.day,
            measure=fact.measure.value,
            stratum=fact.stratum.value if fact.stratum else "",
            kind=fact.kind,
            unit=fact.unit,
            count=fact.count,
            records=[[record.kind.value, record.ref] for record in fact.records],
        )
        for fact in facts
    )


@transaction.atomic
def make_statistics(quarter: Quarter, *, reason: str = "", by: Actor, at: datetime) -> str:
    """Freeze the table of a quarter that has ended; a later one corrects, and says why."""
    check(by, Power.MAKE_STATISTICS)
    today = day_of(at)
    if today <= quarter.last:
        raise Refused(
            f"{quarter.label}到 {quarter.last} 才结束，结束以后才能生成统计表。"
            "现在的数字请看统计报送页面。"
        )
    for one in reads.year_until(quarter):
        build_facts(one, by=by, at=at)
    old = reads.current(by.bureau, str(quarter))
    why = " ".join(reason.split())
    body = _body(quarter, old, by, at)
    if old is not None:
        _check_correction(body, why)
    row = _freeze(body, old, why, by=by, at=at)
    data = {"digest": row.digest, "made_from": row.made_from, "version": row.version}
    data |= {"quarter": str(quarter), "replaces": old.ref if old else "", "reason": row.reason}
    audit.append(EventKind.STATISTICS_MADE, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _body(quarter: Quarter, old: reads.VersionPage | None, by: Actor, at: datetime) -> TableBody:
    plan = planning.plan_of(by.bureau, str(quarter))
    if plan is None or plan.state is not PlanState.APPROVED:
        raise Refused(f"{quarter.label}没有已批准的抽查计划，不能生成统计表。请先批准计划。")
    held = reads.held(by.bureau, quarter)
    rows = reads.table(by.bureau, quarter)
    return TableBody(
        bureau=by.bureau,
        bureau_name=accounts.bureau(by.bureau).name,
        quarter=str(quarter),
        on=day_of(at),
        plan=plan.ref,
        plan_digest=plan.digest,
        policy=plan.policy,
        made_from=held.digest,
        rows=rows,
        facts=held.year_facts,
        differences=statistics.differences(old.body.rows, rows) if old else (),
    )


def _check_correction(body: TableBody, why: str) -> None:
    if not body.differences:
        raise Refused("重新统计的数字与现行版本完全相同，不需要更正。")
    if not why or len(why) > 200:
        raise Invalid("更正统计表须写明理由，不超过 200 字。请补充后再提交。")


def _freeze(
    body: TableBody, old: reads.VersionPage | None, why: str, *, by: Actor, at: datetime
) -> models.StatisticsTable:
    """Two clerks at once: the number is taken once, the second is told."""
    content, number = frozen(body), old.number + 1 if old else 1
    kind = StatisticsVersion.CORRECTED if old else StatisticsVersion.PRELIMINARY
    try:
        with transaction.atomic():
            return models.StatisticsTable.objects.create(
                ref=f"B{by.bureau}-{body.quarter}-{number}",
                bureau=Bureau.objects.get(code=by.bureau),
                quarter=body.quarter,
                number=number,
                version=kind.value,
                body=content,
                digest=HASHES["sha256"](content).hex(),
                made_from=body.made_from,
                reason=why if old else "",
                replaces=models.StatisticsTable.objects.get(ref=old.ref) if old else None,
                made_by_ref=by.ref,
                made_by_name=by.name,
                made_at=at,
            )
    except IntegrityError as error:
        raise Stale("这一季度的统计表刚由他人生成，请刷新页面查看最新版本。") from error


@transaction.atomic
def propose_statistics(ref: str, *, by: Actor, at: datetime) -> str:
    """Hand the current table to publication, where another person approves it."""
    check(by, Power.PROPOSE_PUBLICATION)
    found = reads.version(ref, by.bureau)
    if not found.is_current:
        raise Refused("这一版统计表已被更正，请提出现行版本。")
    made = _publish(found, by, at)
    audit.append(EventKind.REPORT_EXPORTED, about=ref, by=by, at=at, data={"publication": made})
    return made


def _publish(found: reads.VersionPage, by: Actor, at: datetime) -> str:
    """A correction takes the place of the table that is public already."""
    content, quarter = public_table(found), found.quarter
    shown = public.current(by.bureau, PublicationKind.STATISTICS, quarter=quarter)
    if shown is not None and found.reason:
        return publication.correct_table(shown.ref, content, found.reason, by=by, at=at)
    title = f"{Quarter.parse(quarter).label}“双随机、一公开”监管统计表"
    return publication.propose_table(
        title, content, quarter=quarter, source=found.ref, by=by, at=at
    )


@transaction.atomic
def export_statistics(ref: str, *, by: Actor, at: datetime) -> None:
    """Who took a table out as a file, and when."""
    check(by, Power.SEE_STATISTICS)
    found = reads.version(ref, by.bureau)
    data = {"digest": found.digest, "form": "xlsx"}
    audit.append(EventKind.REPORT_EXPORTED, about=ref, by=by, at=at, data=data)
