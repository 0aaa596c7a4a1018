"""The bureau's own words of a clause, entered from its own document; replaced, never edited."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.planning import models, policy_reads
from gongchou.registry import policy
from gongchou.registry.models import AdoptedPolicy
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of

LONGEST, LONGEST_SOURCE = 2000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseDraft:
    """What is entered: the clause's number, its words, and the document they stand in."""

    clause: str
    text: str
    source: str


@transaction.atomic
def add_clause_text(draft: ClauseDraft, *, by: Actor, at: datetime) -> str:
    """The words of a clause of the adopted policy in force; a later text takes its place."""
    check(by, Power.ADOPT_POLICY)
    text, source = draft.text.strip(), draft.source.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(f"请填写条款原文，不超过 {LONGEST} 字。")
    if not source or len(source) > LONGEST_SOURCE:
        raise Invalid(f"请写明原文出自哪份文件，不超过 {LONGEST_SOURCE} 字。")
    adopted = policy.adopted_on(by.bureau, day_of(at))
    if adopted is None:
        raise Refused("本机构还没有登记实施方案，无从登记条款原文。请先登记本机构的方案。")
    page = policy_reads.policy_page(by.bureau, day_of(at))
    if draft.clause not in page.clause_numbers:
        raise Invalid(f"现行方案没有“{draft.clause}”这一条，请从方案页面选择。")
    row = _store(adopted, draft.clause, text, source, by=by, at=at)
    data = {"clause": row.clause, "replaces": row.replaces, "source": source}
    data["digest"] = canon.HASHES["sha256"](text.encode()).hex()
    audit.append(EventKind.CLAUSE_TEXT_ADDED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _store(
    adopted: AdoptedPolicy,
    clause: str,
    text: str,
    source: str,
    *,
    by: Actor,
    at: datetime,
) -> models.ClauseText:
    owner = Bureau.objects.get(code=by.bureau)
    held = models.ClauseText.objects.filter(bureau=owner, adopted=adopted, clause=clause)
    newest = held.order_by("-pk").first()
    try:
        with transaction.atomic():
            return models.ClauseText.objects.create(
                ref=f"X{by.bureau}-{take(owner, 'PX'):04}",
                bureau=owner,
                adopted=adopted,
                clause=clause,
                text=text,
                source=source,
                replaces=newest.ref if newest else "",
                on=day_of(at),
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("这一条的原文刚由他人登记，请刷新页面查看后再办理。") from error
