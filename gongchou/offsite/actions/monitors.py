"""Acts about the monitors whose data is received: entered, changed from a day on, ended."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from django.db import IntegrityError, transaction
from django.db.models import Q

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.hj212.packet import NUMBER
from gongchou.core.hj212.words import Dialect
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import MonitoringType
from gongchou.offsite import models
from gongchou.offsite.hj212 import boxes
from gongchou.offsite.hj212.cipher import KEY_BYTES
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of

SENDING = (
    MonitoringType.AUTO_AIR,
    MonitoringType.AUTO_WATER,
    MonitoringType.SUB_METERING,
    MonitoringType.PROCESS,
)
INTERVALS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
LIVE_KEYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorDraft:
    """One logger as entered.

    `addresses` are single ones or networks, none admit any; `keys` are 32 hex digits, newest first.
    """

    subject: str
    mn: str
    outlet: str
    kind: MonitoringType
    minutes: int = 10
    addresses: tuple[str, ...] = ()
    dialects: frozenset[Dialect] = frozenset()
    keys: tuple[str, ...] = ()


@transaction.atomic
def register_monitor(draft: MonitorDraft, *, by: Actor, at: datetime) -> str:
    """From now on this logger's data is taken; returns its ref."""
    check(by, Power.RECORD_OFFSITE)
    row = _create(draft, by=by, at=at)
    audit.append(EventKind.MONITOR_REGISTERED, about=row.ref, by=by, at=at, data=_said(draft))
    return row.ref


@transaction.atomic
def replace_monitor(ref: str, draft: MonitorDraft, reason: str, *, by: Actor, at: datetime) -> str:
    """The logger goes on under other words; the old ones stay with the day they held until."""
    check(by, Power.RECORD_OFFSITE)
    why = _reason(reason)
    _end(ref, why, by=by, at=at)
    row = _create(draft, by=by, at=at)
    said = _said(draft) | {"replaces": ref, "reason": why}
    audit.append(EventKind.MONITOR_REGISTERED, about=row.ref, by=by, at=at, data=said)
    return row.ref


@transaction.atomic
def end_monitor(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Nothing more is taken from this logger; what came stays."""
    check(by, Power.RECORD_OFFSITE)
    why = _reason(reason)
    _end(ref, why, by=by, at=at)
    audit.append(EventKind.MONITOR_ENDED, about=ref, by=by, at=at, data={"reason": why})


def _said(draft: MonitorDraft) -> dict[str, Canonical]:
    """What the log may say: never a key."""
    return {
        "subject": draft.subject,
        "mn": draft.mn,
        "outlet": draft.outlet,
        "kind": draft.kind.value,
        "minutes": draft.minutes,
        "addresses": list(draft.addresses),
        "dialects": sorted(draft.dialects),
        "keys": len(draft.keys),
    }


def _reason(text: str) -> str:
    why = " ".join(text.split())
    if not why or len(why) > 200:
        raise Invalid("请写明理由，不超过 200 字。")
    return why


def _create(draft: MonitorDraft, *, by: Actor, at: datetime) -> models.AutoMonitor:
    _check_words(draft)
    _check_access(draft)
    known = registers.subject(draft.subject, by.bureau, day_of(at)).subject
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "OM", models.AutoMonitor)
    try:
        with transaction.atomic():
            return models.AutoMonitor.objects.create(
                ref=f"M{by.bureau}-{number}",
                bureau=owner,
                subject=Subject.objects.get(ref=draft.subject, bureau__code=by.bureau),
                subject_name=known.name,
                mn=draft.mn,
                outlet=draft.outlet.strip(),
                kind=draft.kind.value,
                minutes=draft.minutes,
                addresses=list(draft.addresses),
                dialects=sorted(draft.dialects),
                key_boxes=[boxes.sealed(bytes.fromhex(key), draft.mn) for key in draft.keys],
                since=day_of(at),
                registered_by_ref=by.ref,
                registered_by_name=by.name,
                registered_at=at,
            )
    except IntegrityError:
        if models.AutoMonitor.objects.filter(Q(mn=draft.mn), until=None).exists():
            raise Refused(
                f"设备编号 {draft.mn} 已经登记在用，同一设备只能登记一次。"
                "请在原登记上变更，或先停用它。"
            ) from None
        raise Stale("刚有别人登记了设备，请再提交一次。") from None


def _check_words(draft: MonitorDraft) -> None:
    if not NUMBER.fullmatch(draft.mn):
        raise Invalid("设备编号（MN）应为 3 至 24 位字母和数字，请照设备上传的写。")
    if not draft.outlet.strip() or len(draft.outlet.strip()) > 80:
        raise Invalid("请写明排放口或线路名称，不超过 80 字。")
    if draft.kind not in SENDING:
        raise Invalid("监控类型应为会上传数据的一种：自动监控、分表计电或其他工况。")
    if draft.minutes not in INTERVALS:
        said = "、".join(map(str, INTERVALS))
        raise Invalid(f"分钟数据间隔应为 {said} 之一。")


def _check_access(draft: MonitorDraft) -> None:
    for text in draft.addresses:
        try:
            ip_network(text)
        except ValueError:
            raise Invalid(
                f"来源地址“{text}”不是地址或网段，例如 192.0.2.7 或 192.0.2.0/24。"
            ) from None
    if len(draft.keys) > LIVE_KEYS:
        raise Invalid("一台设备最多登记两个密钥：现用的和上一个。")
    for key in draft.keys:
        if not _is_key(key):
            raise Invalid("密钥应为 32 位十六进制数字。")


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == KEY_BYTES
    except ValueError:
        return False


def _end(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    rows = models.AutoMonitor.objects.filter(ref=ref, bureau__code=by.bureau)
    if not rows.exists():
        raise Refused(f"本机构没有编号为 {ref} 的监测设备，请从监测设备页面进入。")
    if rows.filter(until=None).update(until=day_of(at), end_reason=why, ended_by_name=by.name) != 1:
        raise Stale("这台监测设备刚被他人停用或变更，请刷新页面查看最新情况。")
