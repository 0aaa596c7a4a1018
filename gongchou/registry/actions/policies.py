"""Adopting a policy and recording a Ruling: the leader's acts, dated, never edited."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.event_kinds import EventKind
from gongchou.core.lines import line
from gongchou.core.policy_keys import setting_text
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.rules import PolicyProfile, Ruling
from gongchou.core.rulings import with_rulings
from gongchou.core.workdays import Quarter
from gongchou.law.load import profile_ids
from gongchou.registry import models, policy
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of

YEARLY = ("joint.cross_dept.sessions", "joint.cross_dept.subjects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a leader enters to answer a question: value as text, reading, and who decided it."""

    key: str
    value: str
    reading: str
    decided_by: str
    document: str
    on: date
    until: date | None = None


@transaction.atomic
def adopt_policy(
    *, since: date, document: str, shipped: str = "", text: str = "", by: Actor, at: datetime
) -> str:
    """A policy is in force from a day on: a shipped one by its id, or a file's text."""
    check(by, Power.ADOPT_POLICY)
    _check_document(document)
    _check_since(since, by, day_of(at))
    if shipped and shipped not in profile_ids():
        raise Invalid(f"没有随产品提供的方案“{shipped}”，请从列表中选择。")
    body = policy.body_of_shipped(shipped) if shipped else policy.body_of_text("方案.toml", text)
    profile = policy.profile_of_body(body)
    digest = canon.HASHES["sha256"](body).hex()
    row = _create(
        by,
        at,
        policy=profile.id,
        title=profile.title,
        document_number=profile.document_number,
        is_uploaded=not shipped,
        digest=digest,
        body=body,
        since=since,
        adoption_document=document.strip(),
    )
    data = {"policy": profile.id, "digest": digest, "since": since.isoformat()}
    data["document"] = row.adoption_document
    audit.append(EventKind.POLICY_ADOPTED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _check_document(document: str) -> None:
    if not document.strip() or len(document.strip()) > 100:
        raise Refused("请写明批准这一事项的文件文号，不超过 100 字。")


def _check_since(since: date, by: Actor, today: date) -> None:
    """What was planned stays as it was: nothing takes force inside a quarter that is over.

    A register is frozen for a plan alone, so a frozen one means that plans were made.
    """
    first = Quarter.of(today).first
    frozen = models.FrozenSnapshot.objects.filter(bureau__code=by.bureau)
    if since < first and frozen.exists():
        raise Refused(
            f"已按现行方案冻结名录、测算过计划，新方案的施行日期不能早于本季度第一天（{first}）。请改后提交。"
        )
    later = models.AdoptedPolicy.objects.filter(bureau__code=by.bureau, since__gte=since)
    newest = later.order_by("-since").first()
    if newest:
        raise Refused(
            f"“{newest.title}”自 {newest.since} 起施行，新方案须晚于这一天施行。请改后提交。"
        )


def _create(by: Actor, at: datetime, **fields: object) -> models.AdoptedPolicy:
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "PA", models.AdoptedPolicy)
    try:
        with transaction.atomic():
            return models.AdoptedPolicy.objects.create(
                ref=f"A{by.bureau}-{number:04}",
                bureau=owner,
                adopted_by_ref=by.ref,
                adopted_by_name=by.name,
                adopted_at=at,
                **fields,
            )
    except IntegrityError as error:
        raise Stale("刚有另一份方案登记，请刷新页面查看后再办理。") from error


@transaction.atomic
def record_ruling(answer: Answer, *, by: Actor, at: datetime) -> str:
    """A question of the policy has the bureau's own answer from a day on."""
    check(by, Power.RECORD_RULING)
    _check_document(answer.document)
    _check_words(answer)
    _check_day(answer, day_of(at))
    ref = _next_ref(by)  # first: whoever waited for the number reads what the other recorded
    profile = policy.profile_of(by.bureau, date.max)
    ruling = _ruling(answer, profile, ref)
    with_rulings(profile, [ruling])
    row = _record(ruling, answer, by, at)
    data = {"key": row.key, "value": row.value, "replaces": row.replaces}
    data |= {"document": row.document, "on": row.on.isoformat()}
    audit.append(EventKind.RULING_RECORDED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _check_words(answer: Answer) -> None:
    for name, text, most in (
        ("口径", answer.reading, 500),
        ("决定单位", answer.decided_by, 80),
    ):
        line(text, most, name)
    if answer.until is not None and answer.until <= answer.on:
        raise Refused("截止日期须晚于执行日期，请改正后提交。")


def _check_day(answer: Answer, today: date) -> None:
    """Backdating stops at the quarter, for yearly numbers at the year."""
    is_yearly = answer.key in YEARLY
    first = date(today.year, 1, 1) if is_yearly else Quarter.of(today).first
    if answer.on < first:
        what = "本年第一天" if is_yearly else "本季度第一天"
        raise Refused(f"执行日期不能早于{what}（{first}），过去的计划不受新口径影响。请改后提交。")


def _next_ref(by: Actor) -> str:
    owner = Bureau.objects.get(code=by.bureau)
    return f"R{by.bureau}-{take(owner, 'PR', models.RecordedRuling):04}"


def _ruling(answer: Answer, profile: PolicyProfile, ref: str) -> Ruling:
    """Question, clause and what it replaces come from the Ruling that stood until now."""
    standing = profile.ruling(answer.key)
    if standing is None and not policy.is_settable(answer.key):
        raise Invalid(f"没有“{answer.key}”这个问题，请从方案页面选择。")
    return Ruling(
        ref=ref,
        key=answer.key,
        question=standing.question if standing else policy.label_of(answer.key),
        reading=answer.reading.strip(),
        decided_by=answer.decided_by.strip(),
        document=answer.document.strip(),
        on=answer.on,
        until=answer.until,
        replaces=standing.ref if standing else "",
        clause=standing.clause if standing else "",
        value=policy.value_of(answer.key, answer.value.strip()),
    )


def _record(ruling: Ruling, answer: Answer, by: Actor, at: datetime) -> models.RecordedRuling:
    try:
        with transaction.atomic():
            return models.RecordedRuling.objects.create(
                ref=ruling.ref,
                bureau=Bureau.objects.get(code=by.bureau),
                key=ruling.key,
                value=setting_text(ruling.value),
                question=ruling.question,
                reading=ruling.reading,
                clause=ruling.clause,
                decided_by=ruling.decided_by,
                document=ruling.document,
                on=ruling.on,
                until=ruling.until,
                replaces=ruling.replaces,
                recorded_by_ref=by.ref,
                recorded_by_name=by.name,
                recorded_at=at,
            )
    except IntegrityError as error:
        raise Stale("这个问题的口径刚由他人登记，请刷新页面查看后再办理。") from error
