"""Short tests: made once for an event, answered a few times, marked at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.plain import to_plain
from gongchou.core.powers import Actor, Power, check
from gongchou.core.quiz import Marked, marked, read_questions
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.training import models, quiz_reads, reads
from gongchou.training.wording import line
from gongchou.web.clock import day_of

MOST_ATTEMPTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizDraft:
    """`text` has the questions as `core.quiz` reads them; `least` right answers pass."""

    title: str
    text: str
    least: int
    attempts: int
    until: date


@transaction.atomic
def make_quiz(event: str, draft: QuizDraft, *, by: Actor, at: datetime) -> str:
    """A test about an event that counts; returns its ref."""
    check(by, Power.RECORD_TRAINING)
    found, questions = reads.event(event, by.bureau), read_questions(draft.text)
    if not found.counts:
        raise Refused("这次培训登记已经撤销，不能再出测试。")
    if not 1 <= draft.least <= len(questions):
        raise Invalid(f"合格题数应在 1 到 {len(questions)} 之间，请改正。")
    if not 1 <= draft.attempts <= MOST_ATTEMPTS:
        raise Invalid(f"可答次数应在 1 到 {MOST_ATTEMPTS} 之间，请改正。")
    if draft.until < day_of(at):
        raise Invalid("截止日已经过去，请改正。")
    title = line(draft.title, "测试名称", 100)
    number = models.Quiz.objects.filter(event__bureau__code=by.bureau).count() + 1
    try:
        with transaction.atomic():
            row = models.Quiz.objects.create(
                ref=f"Q{by.bureau}-{number:04}",
                event=models.TrainingEvent.objects.get(ref=event),
                title=title,
                questions=[to_plain(one) for one in questions],
                least=draft.least,
                attempts=draft.attempts,
                until=draft.until,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("刚有人同时出了一份测试，请再点一次保存。") from error
    data: dict[str, Canonical] = {"event": event, "questions": len(questions), "least": row.least}
    audit.append(EventKind.QUIZ_MADE, about=row.ref, by=by, at=at, data=data)
    return row.ref


@transaction.atomic
def take_quiz(ref: str, answers: Sequence[int], *, by: Actor, at: datetime) -> Marked:
    """One attempt of the own; after a pass, or the last one, there is no further."""
    check(by, Power.SEE_TRAINING)
    quiz = quiz_reads.quiz(ref, by.bureau)
    if by.ref == quiz.by_ref:
        raise Refused("这份测试是您出的，您知道答案，不用作答。")
    if day_of(at) > quiz.until:
        raise Refused(f"这份测试 {quiz.until} 截止，已经不能作答。")
    mine = quiz.attempts_of(by.ref)
    if any(one.is_passed for one in mine):
        raise Stale("您已经合格，不用再答。")
    if len(mine) >= quiz.attempts:
        raise Refused(f"这份测试最多答 {quiz.attempts} 次，您已经答完。请联系出题人{quiz.by}。")
    found = marked(quiz.questions, answers)
    try:
        with transaction.atomic():
            models.QuizAttempt.objects.create(
                quiz=models.Quiz.objects.get(ref=ref),
                person=by.ref,
                person_name=by.name,
                number=len(mine) + 1,
                answers=list(answers),
                right=found.right,
                is_passed=found.passes(quiz.least),
                at=at,
            )
    except IntegrityError as error:
        raise Stale("这次作答刚刚已经提交，请刷新页面查看结果。") from error
    data: dict[str, Canonical] = {
        "number": len(mine) + 1,
        "right": found.right,
        "passed": int(found.passes(quiz.least)),
    }
    audit.append(EventKind.QUIZ_TAKEN, about=ref, by=by, at=at, data=data)
    return found
