"""Files from outside come in, and a person says which of their sightings are clues."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.clue_terms import ClueOrigin, InletKind, PollutantFamily, SightingState
from gongchou.core.coordinates import both
from gongchou.core.event_kinds import EventKind
from gongchou.core.inlet_rows import Read
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Problem, Refused, Stale
from gongchou.core.states import move
from gongchou.offsite import models
from gongchou.offsite.actions.clues import ClueDraft, take_up_clue
from gongchou.offsite.inlet_files import read_file
from gongchou.offsite.inlet_writers import Parcel, take_in, values_of, without_people
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of

LARGEST = 20 * 1024 * 1024
ORIGINS = {
    InletKind.PATROL: ClueOrigin.MOBILE_LAB,
    InletKind.DRONE: ClueOrigin.DRONE,
    InletKind.VIDEO: ClueOrigin.VIDEO,
    InletKind.COMPLAINT: ClueOrigin.LETTER,
}
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a file."""

    ref: str
    accepted: int
    filtered: int
    sightings: int
    problems: tuple[Problem, ...]


@transaction.atomic
def receive_file(
    kind: InletKind, name: str, content: bytes, *, by: Actor, at: datetime
) -> Received:
    """A file is read, its good rows are kept, its bad rows are told; the same file comes once."""
    check(by, Power.RECORD_OFFSITE)
    if len(content) > LARGEST:
        raise Invalid("文件超过 20 MB，请分成几份上传。")
    digest = hashlib.sha256(content).hexdigest()
    owner = Bureau.objects.get(code=by.bureau)
    if models.InletFile.objects.filter(bureau=owner, kind=kind.value, sha256=digest).exists():
        raise Refused("这个文件已经上传过，不用再传。")
    found = read_file(name, content)
    values, problems = values_of(kind, found)
    parcel = Parcel(
        ref=f"W{by.bureau}-{day_of(at).year}-{take(owner, 'OW', models.InletFile):04}",
        kind=kind,
        name=name,
        content=_kept(found) if kind is InletKind.COMPLAINT else content,
        sha256=digest,
        values=values,
        problems=problems,
    )
    taken = take_in(parcel, by, at)
    data: dict[str, Canonical] = {
        "accepted": len(values),
        "rejected": len(problems),
        "sha256": digest,
    }
    audit.append(EventKind.INLET_RECEIVED, about=parcel.ref, by=by, at=at, data=data)
    return Received(
        ref=parcel.ref,
        accepted=len(values),
        filtered=taken.file.filtered,
        sightings=taken.sightings,
        problems=problems,
    )


def _kept(found: Read) -> bytes:
    kept = [without_people(cells) for _, cells in found.rows]
    return json.dumps(kept, ensure_ascii=False).encode()


@transaction.atomic
def confirm_sighting(ref: str, why: str, *, by: Actor, at: datetime) -> str:
    """A person has looked and says that it is one: a clue is made; returns its ref."""
    check(by, Power.TRIAGE_CLUE)
    row, words = _waiting(ref, by), _why(why)
    kind = InletKind(row.kind)
    if kind is InletKind.PATROL and not row.body.get("confirmed_by"):
        raise Refused(
            "走航峰值只测到一遍，没有第二遍经过或者停车复测，不能列为线索。请补测以后上传新的记录。"
        )
    # A hotline's ticket is no letter of the portal: nobody waits here for an answer.
    draft = ClueDraft(
        origin=ORIGINS[kind],
        client_id=f"sighting:{row.ref}",
        says=row.says,
        started_at=row.started_at,
        ended_at=row.ended_at,
        subject=row.subject.ref if row.subject else "",
        place="" if row.subject else "责任单位待定，候选单位见依据",
        family=_family(row),
        point=both(row.longitude, row.latitude),
        grade=Fraction(1) if row.subject else HALF,
        body=row.body,
        screening=f"经{by.name}确认：{words}",
    )
    clue = take_up_clue(draft, by=by, at=at)
    _settle(row, SightingState.CONFIRMED, words, by, at, clue=models.Clue.objects.get(ref=clue))
    return clue


@transaction.atomic
def dismiss_sighting(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """A person has looked and says that it is none."""
    check(by, Power.TRIAGE_CLUE)
    _settle(_waiting(ref, by), SightingState.DISMISSED, _why(why), by, at)


def _family(row: models.Sighting) -> PollutantFamily:
    return PollutantFamily(row.family)


def _why(text: str) -> str:
    words = said(text)
    if not words or len(words) > 500:
        raise Invalid("请写明查看了什么、为什么这样判断，不超过 500 字。")
    return words


def _waiting(ref: str, by: Actor) -> models.Sighting:
    rows_ = models.Sighting.objects.filter(ref=ref, bureau__code=by.bureau)
    row = rows_.select_related("subject").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的外部发现，请从外部数据页面进入。")
    return row


def _settle(
    row: models.Sighting, to: SightingState, why: str, by: Actor, at: datetime, **fields: object
) -> None:
    was = SightingState(row.state)
    move(was, to)
    held = models.Sighting.objects.filter(pk=row.pk, state=was.value)
    done = held.update(state=to.value, decided_by=by.name, decided_at=at, why=why, **fields)
    if done != 1:
        raise Stale("这条发现刚被他人办理，请刷新页面查看。")
    audit.append(EventKind.SIGHTING_DECIDED, about=row.ref, by=by, at=at, data={"to": to.value})
