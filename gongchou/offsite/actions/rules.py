"""Acts about rules: a bureau's own thresholds are a new version, and looser ones take two."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.monitoring.rulebook import changed, loosened
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.offsite import models, rule_books
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of


@transaction.atomic
def set_thresholds(
    rule: str, values: Mapping[str, str], since: date, reason: str, *, by: Actor, at: datetime
) -> str:
    """A new version of a rule from a day on; returns its ref. Looser ones wait for a second."""
    check(by, Power.RECORD_OFFSITE)
    today, why = day_of(at), _reason(reason)
    if since < today:
        raise Invalid("起始日期不能早于今天：已经作出的判断仍按原来的版本。")
    now = rule_books.book(by.bureau, max(since, today)).get(rule)
    if now is None:
        raise Refused(f"没有编号为 {rule} 的监测规则，请从规则页面进入。")
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "OR", models.RuleVersion)
    new = changed(now, values, version=f"{by.bureau}-{number}", since=since)
    loose = [threshold.name for threshold in loosened(now, new)]
    row = models.RuleVersion.objects.create(
        ref=f"RV{rule}-{new.version}",
        bureau=owner,
        rule=rule,
        version=new.version,
        thresholds={name: f"{threshold.value:f}" for name, threshold in new.thresholds.items()},
        loosens=loose,
        since=since,
        reason=why,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    said: dict[str, Canonical] = {
        "rule": rule,
        "version": row.version,
        "since": since.isoformat(),
        "reason": why,
    }
    audit.append(
        EventKind.RULE_VERSION_SET,
        about=row.ref,
        by=by,
        at=at,
        data=said | {"thresholds": row.thresholds, "loosens": loose},
    )
    return row.ref


@transaction.atomic
def answer_thresholds(ref: str, agrees: bool, opinion: str, *, by: Actor, at: datetime) -> None:
    """A second person agrees to looser thresholds, or does not."""
    check(by, Power.RECORD_OFFSITE)
    why = _reason(opinion)
    row = models.RuleVersion.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的规则版本，请从规则页面进入。")
    if row.by_ref == by.ref:
        raise NotAllowed("放宽阈值须由提出人以外的第二人答复。")
    if not row.loosens:
        raise Refused("这个版本没有放宽阈值，已经生效，不需要第二人答复。")
    try:
        with transaction.atomic():
            models.RuleVersionConsent.objects.create(
                version_of=row,
                proposed_by_ref=row.by_ref,
                agrees=agrees,
                opinion=why,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError:
        raise Stale("这个版本刚有人答复过，请刷新页面查看。") from None
    said: dict[str, Canonical] = {"agrees": int(agrees), "opinion": why}
    audit.append(EventKind.RULE_VERSION_ANSWERED, about=ref, by=by, at=at, data=said)


def _reason(text: str) -> str:
    why = " ".join(text.split())
    if not why or len(why) > 300:
        raise Invalid("请写明理由，不超过 300 字。")
    return why
