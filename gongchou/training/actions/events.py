"""Something was held: recorded once, completed by names and files, withdrawn where mistaken."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts import reads as accounts
from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import Role, TrainingKind
from gongchou.training import models, reads
from gongchou.training.files import material_format
from gongchou.training.wording import line, lines
from gongchou.web.clock import day_of
from gongchou.web.keeping import keep

MOST_MATERIALS, MOST_PEOPLE = 20, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """What a person writes down; `visit` only where something was told during a visit."""

    kind: TrainingKind
    title: str
    held_on: date
    audience: str
    audience_count: int
    says: str
    place: str = ""
    held_by: str = ""
    laws: str = ""
    visit: str = ""


@transaction.atomic
def record_event(draft: EventDraft, people: Iterable[str] = (), *, by: Actor, at: datetime) -> str:
    """Record something that was held, with those of the bureau who took part; returns its ref."""
    check(by, Power.RECORD_TRAINING)
    texts = _texts(draft, by)
    _check(draft, day_of(at))
    number = models.TrainingEvent.objects.filter(bureau__code=by.bureau).count() + 1
    try:
        with transaction.atomic():
            row = models.TrainingEvent.objects.create(
                ref=f"E{by.bureau}-{number:04}",
                bureau=Bureau.objects.get(code=by.bureau),
                kind=draft.kind.value,
                held_on=draft.held_on,
                audience_count=draft.audience_count,
                visit=draft.visit,
                recorded_by_ref=by.ref,
                recorded_by_name=by.name,
                recorded_at=at,
                **texts,
            )
    except IntegrityError as error:
        raise Stale("刚有人同时登记了一次，请再点一次保存。") from error
    names = _attend(row, people, by=by, at=at)
    data: dict[str, Canonical] = {
        "kind": draft.kind.value,
        "held_on": draft.held_on.isoformat(),
        "title": row.title,
        "count": row.audience_count,
        "people": names,
        "visit": draft.visit,
    }
    audit.append(EventKind.TRAINING_RECORDED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _texts(draft: EventDraft, by: Actor) -> dict[str, str]:
    return {
        "title": line(draft.title, "主题", 100),
        "place": line(draft.place, "地点", 100, required=False),
        "held_by": line(draft.held_by or accounts.bureau(by.bureau).name, "主办", 80),
        "audience": line(draft.audience, "对象", 200),
        "says": lines(draft.says, "内容", 2000),
        "laws": line(draft.laws, "所讲法规政策", 500, required=False),
    }


def _check(draft: EventDraft, today: date) -> None:
    if draft.held_on > today:
        raise Invalid(f"{draft.held_on} 还没有到，举办以后再登记。")
    if not 1 <= draft.audience_count <= MOST_PEOPLE:
        raise Invalid(f"人数应在 1 到 {MOST_PEOPLE} 之间，请核对。")
    if draft.visit and draft.kind is not TrainingKind.SERVICE:
        raise Invalid(f"检查中宣讲政策的，类别应为“{TrainingKind.SERVICE.label}”，请改选。")


def _open(ref: str, by: Actor) -> tuple[models.TrainingEvent, reads.EventRow]:
    """An event that counts; only the office and who recorded it complete or withdraw it."""
    check(by, Power.RECORD_TRAINING)
    found = reads.event(ref, by.bureau)
    if not found.counts:
        raise Refused("这次登记已经撤销，不能再改。请另行登记。")
    if by.ref != found.recorder_ref and Role.OFFICE not in by.roles:
        raise Refused(f"这次由{found.recorded_by}登记，只有本人或负责科室人员可以补充、撤销。")
    return models.TrainingEvent.objects.get(ref=ref), found


@transaction.atomic
def add_attendance(ref: str, people: Iterable[str], *, by: Actor, at: datetime) -> int:
    """Add those who took part and were not written down yet; returns how many."""
    row, found = _open(ref, by)
    there = {one.person for one in found.attendances}
    names = _attend(row, [one for one in people if one not in there], by=by, at=at)
    if not names:
        raise Refused("没有新增的参加人员，请选择还没有登记的人。")
    audit.append(EventKind.TRAINING_ATTENDED, about=ref, by=by, at=at, data={"people": names})
    return len(names)


def _attend(
    row: models.TrainingEvent, people: Iterable[str], *, by: Actor, at: datetime
) -> list[Canonical]:
    """Write the people down; only those of the own bureau are known by name."""
    known = {one.ref: one for one in accounts.people(by.bureau, day_of(at))}
    units = {one.code: one.name for one in accounts.units(by.bureau)}
    chosen = list(dict.fromkeys(people))
    if strange := [one for one in chosen if one not in known]:
        raise Invalid(f"本机构没有编号为 {strange[0]} 的人员，没有保存。请重新选择参加人员。")
    already = row.attendances.count()
    if already + len(chosen) > row.audience_count:
        raise Invalid(
            f"参加人员有 {already + len(chosen)} 人，比登记的人数 {row.audience_count} 还多，"
            "没有保存。请核对人数。"
        )
    for ref in chosen:
        person = known[ref]
        models.Attendance.objects.create(
            event=row,
            person=ref,
            person_name=person.name,
            unit=units.get(person.unit, ""),
            by_ref=by.ref,
            by_name=by.name,
            at=at,
        )
    return list(chosen)


@transaction.atomic
def add_material(ref: str, name: str, content: bytes, *, by: Actor, at: datetime) -> int:
    """Keep a file beside the event; returns its number."""
    row, found = _open(ref, by)
    short = " ".join(name.replace("\0", "").split())[-200:] or "未命名"
    form = material_format(short, content)
    sha256 = hashlib.sha256(content).hexdigest()
    if any(one.sha256 == sha256 for one in found.materials):
        raise Refused(f"文件“{short}”已经在这次登记里，没有重复保存。")
    if len(found.materials) == MOST_MATERIALS:
        raise Refused(f"一次登记最多 {MOST_MATERIALS} 个文件，请合并后再加。")
    path = keep(f"training/{ref}/{sha256}.{form.ending}", content)
    try:
        with transaction.atomic():
            kept = models.TrainingMaterial.objects.create(
                event=row,
                number=len(found.materials) + 1,
                name=short,
                file=path,
                media_type=form.media_type,
                size=len(content),
                sha256=sha256,
                added_by_ref=by.ref,
                added_by_name=by.name,
                added_at=at,
            )
    except IntegrityError as error:
        raise Stale("有人同时加入了文件，请刷新页面再试。") from error
    data: dict[str, Canonical] = {"name": short, "sha256": sha256, "number": kept.number}
    audit.append(EventKind.TRAINING_MATERIAL_ADDED, about=ref, by=by, at=at, data=data)
    return kept.number


@transaction.atomic
def withdraw_event(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Say why an event does not count; what was recorded stays readable."""
    row, _ = _open(ref, by)
    why = line(reason, "撤销理由", 200)
    try:
        with transaction.atomic():
            models.EventWithdrawal.objects.create(
                event=row, reason=why, by_ref=by.ref, by_name=by.name, at=at
            )
    except IntegrityError as error:
        raise Stale("这次登记刚由他人撤销，请刷新页面。") from error
    audit.append(EventKind.TRAINING_WITHDRAWN, about=ref, by=by, at=at, data={"reason": why})
