"""Sending in, and the steps of handling. From outside only the portal comes here."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.door_codes import code_digest, rating_token, spelled
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import (
    IntakeKind,
    IntakeOutcome,
    IntakeState,
    LetterProgress,
    RatingQuestion,
)
from gongchou.intake import models, reads
from gongchou.intake.files import MOST_FILES, CleanFile
from gongchou.intake.permissions import outcomes_for, power_for
from gongchou.jobs.queue import enqueue

LONGEST = 4000
REF_BYTES, RECEIPT_BYTES = 5, 10
CHANCE_BYTES = REF_BYTES + RECEIPT_BYTES
# Which job takes a complaint up as a clue; the room that keeps clues stands downstream.
TAKE_UP = "open_clue"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraft:
    """What a sender typed; `about` and `subject` of a firm's letter come from its code."""

    kind: IntakeKind
    subject: str
    says: str
    about: str = ""
    place: str = ""
    sender: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the sender takes home; the code is shown once and kept as a digest only."""

    ref: str
    code: str


def _line(text: str, most: int, name: str) -> str:
    line = " ".join(text.replace("\0", "").split())
    if len(line) > most:
        raise Invalid(f"“{name}”不得超过 {most} 字，请缩短后再提交。")
    return line


def _checked(draft: LetterDraft) -> dict[str, str]:
    says = "\n".join(
        " ".join(line.split()) for line in draft.says.replace("\0", "").splitlines()
    ).strip()
    if not says or len(says) > LONGEST:
        raise Invalid(f"请写明情况，不超过 {LONGEST} 字。")
    subject = _line(draft.subject, 200, "单位名称")
    if not subject:
        raise Invalid("请写明反映的是哪一家单位；不知道名称的，写明它在哪里、做什么。")
    return {
        "subject": subject,
        "says": says,
        "place": _line(draft.place, 200, "地点"),
        "sender": _line(draft.sender, 40, "称呼"),
        "contact": _line(draft.contact, 80, "联系方式"),
    }


@transaction.atomic
def send_letter(
    draft: LetterDraft, files: Sequence[CleanFile] = (), *, chance: bytes, by: Actor, at: datetime
) -> Receipt:
    """Keep what was sent in; `chance` (15 bytes) makes a number and a code that nobody guesses."""
    check(by, Power.SEND_LETTER)
    if len(chance) != CHANCE_BYTES:
        raise ValueError("a receipt needs 15 bytes of chance")
    if len(files) > MOST_FILES:
        raise Invalid(f"一次最多提交 {MOST_FILES} 个文件，请去掉一些后再提交。")
    held = _checked(draft)
    ref = f"L{by.bureau}-{spelled(chance[:REF_BYTES])}"
    code = spelled(chance[REF_BYTES:])
    digests: list[canon.Canonical] = [hashlib.sha256(file.content).hexdigest() for file in files]
    content: dict[str, canon.Canonical] = {
        **held,
        "kind": draft.kind.value,
        "about": draft.about,
        "files": digests,
    }
    row = models.Letter.objects.create(
        **held,
        ref=ref,
        bureau=by.bureau,
        kind=draft.kind.value,
        about=draft.about,
        code_digest=code_digest(code),
        digest=canon.digest(content),
        received_at=at,
    )
    _keep(row, files)
    data: dict[str, canon.Canonical] = {"kind": row.kind, "digest": row.digest}
    audit.append(EventKind.LETTER_RECEIVED, about=ref, by=by, at=at, data=data)
    return Receipt(ref=ref, code=code)


def _keep(row: models.Letter, files: Sequence[CleanFile]) -> None:
    for number, file in enumerate(files, 1):
        sha256 = hashlib.sha256(file.content).hexdigest()
        path = f"letters/{row.ref}/{number}-{sha256[:16]}.{file.ending}"
        models.LetterFile.objects.create(
            letter=row,
            number=number,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=sha256,
            path=default_storage.save(path, ContentFile(file.content)),
        )


@transaction.atomic
def rate(
    quarter: str,
    answers: Mapping[RatingQuestion, bool],
    *,
    code: str,
    by: Actor,
    at: datetime,
) -> None:
    """Count the answers of a code once; which code answered what is written nowhere."""
    check(by, Power.SEND_LETTER)
    if set(answers) != set(RatingQuestion):
        raise Invalid("请对每一项都选“是”或“否”，再提交评价。")
    try:
        with transaction.atomic():
            models.SpentRating.objects.create(token=rating_token(code))
    except IntegrityError as error:
        raise Refused("这个查验码已经评价过一次，不能重复评价。") from error
    for question, is_yes in answers.items():
        wanted = {
            "bureau": by.bureau,
            "quarter": quarter,
            "question": question.value,
            "is_yes": is_yes,
        }
        rows = models.RatingCount.objects.filter(**wanted)
        if not rows.update(count=F("count") + 1):
            models.RatingCount.objects.create(**wanted, count=1)
    audit.append(EventKind.RATING_RECEIVED, about=quarter, by=by, at=at)


@transaction.atomic
def take_letter(ref: str, *, by: Actor, at: datetime) -> None:
    """One person takes the letter on; the sender sees that it is being handled."""
    row = reads.letter(ref, by.bureau)
    check(by, power_for(row.kind))
    _step(row, IntakeState.TAKEN, by=by, at=at)
    audit.append(EventKind.LETTER_TAKEN, about=ref, by=by, at=at)


@transaction.atomic
def answer_letter(ref: str, outcome: IntakeOutcome, says: str, *, by: Actor, at: datetime) -> None:
    """Settle the letter; the sender reads these words with the receipt."""
    row = reads.letter(ref, by.bureau)
    check(by, power_for(row.kind))
    if outcome not in outcomes_for(row.kind):
        raise Invalid(f"“{row.kind.label}”不能这样办结，请从列表中选择办理结果。")
    words = _line(says, 1000, "答复")
    if not words:
        raise Invalid("请写明答复，送信人凭回执看到的就是这段话。")
    _step(row, IntakeState.ANSWERED, outcome=outcome.value, says=words, by=by, at=at)
    data: dict[str, canon.Canonical] = {"outcome": outcome.value}
    audit.append(EventKind.LETTER_ANSWERED, about=ref, by=by, at=at, data=data)
    if outcome is IntakeOutcome.CLUE:
        enqueue(TAKE_UP, ref)


@transaction.atomic
def tell_progress(
    ref: str, what: LetterProgress, says: str = "", *, about: str = "", by: Actor, at: datetime
) -> None:
    """What became of a letter after its answer; told a second time it changes nothing."""
    check(by, Power.TELL_SENDER)
    row = reads.letter(ref, by.bureau)
    if any(news.what is what for news in row.news):
        return
    letter = models.Letter.objects.get(ref=row.ref)
    words = _line(says, 500, "说明")
    models.LetterNews.objects.create(
        letter=letter, what=what.value, says=words, about=about, by_ref=by.ref, at=at
    )
    audit.append(EventKind.LETTER_PROGRESSED, about=ref, by=by, at=at, data={"what": what.value})


@transaction.atomic
def view_letter(ref: str, *, by: Actor, at: datetime) -> reads.LetterView:
    """Whoever reads a letter, with what tells of its sender, leaves a trace."""
    row = reads.letter(ref, by.bureau)
    check(by, power_for(row.kind))
    audit.append(EventKind.LETTER_VIEWED, about=ref, by=by, at=at)
    return row


def _step(
    row: reads.LetterView, to: IntakeState, *, by: Actor, at: datetime, **fields: str
) -> None:
    letter = models.Letter.objects.get(ref=row.ref)
    move(row.state, to)
    try:
        with transaction.atomic():
            models.LetterStep.objects.create(
                letter=letter, state=to.value, by_ref=by.ref, by_name=by.name, at=at, **fields
            )
    except IntegrityError as error:
        raise Stale("这件信件刚被他人办理，请刷新页面查看最新情况。") from error
