"""The bureau's own result codes: added, ended, and chosen for a visit."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.disclosure import personal
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.inspection import local_result_reads, models, reads
from gongchou.inspection.drafts import LocalResultDraft
from gongchou.inspection.permissions import check_may_follow
from gongchou.inspection.writers import own_row, text_of
from gongchou.web.clock import day_of


@transaction.atomic
def add_local_result(draft: LocalResultDraft, *, by: Actor, at: datetime) -> None:
    """One more code of the bureau's own; its code and meaning never change."""
    check(by, Power.DISPATCH_VISIT)
    code, label = _code_of(draft.code), _label_of(draft.label)
    try:
        with transaction.atomic():
            models.LocalResult.objects.create(
                bureau=Bureau.objects.get(code=by.bureau),
                code=code,
                label=label,
                under=draft.under.value,
                since=draft.since,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Refused(f"已有代码“{code}”，代码不能改作他用，请另取一个。") from error
    data = {"code": code, "label": label, "since": str(draft.since), "under": draft.under.value}
    audit.append(EventKind.LOCAL_RESULT_ADDED, about=code, by=by, at=at, data=data)


@transaction.atomic
def end_local_result(code: str, until: date, *, by: Actor, at: datetime) -> None:
    """From a day on the code is chosen no more; one not in use yet never comes into use."""
    check(by, Power.DISPATCH_VISIT)
    row = models.LocalResult.objects.filter(bureau__code=by.bureau, code=code, end=None).first()
    if row is None:
        raise Refused(f"没有正在使用的本地结果代码“{code}”，请刷新页面核对。")
    _end(row, max(until, row.since), by=by, at=at)


def _end(row: models.LocalResult, until: date, *, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            models.LocalResultEnd.objects.create(
                result=row, until=until, by_ref=by.ref, by_name=by.name, at=at
            )
    except IntegrityError as error:
        raise Stale(f"代码“{row.code}”刚被他人停用，请刷新页面核对。") from error
    data = {"code": row.code, "until": str(until)}
    audit.append(EventKind.LOCAL_RESULT_ENDED, about=row.code, by=by, at=at, data=data)


def _code_of(text: str) -> str:
    code = text_of(text, "代码", 20)
    if not local_result_reads.is_code(code):
        raise Invalid(local_result_reads.CODE_SAYS)
    return code


def _label_of(text: str) -> str:
    """What becomes public as it stands, so nothing in it may have to be masked."""
    label = text_of(text, "名称", 40)
    if found := personal(label):
        raise Invalid(f"名称里像是有{found[0].what}，会随检查结果公示，请去掉后再增加。")
    return label


@transaction.atomic
def mark_local_result(ref: str, code: str, *, by: Actor, at: datetime) -> None:
    """What the standard result of a visit is called here, or nothing more where `code` is empty.

    The standard result stays.
    """
    row, found = own_row(ref, by), reads.visit(ref)
    check_may_follow(by, found, day_of(at))
    if found.visit_result is None:
        raise Refused("检查还没有结果，请在记录提交后选择本地结果。")
    choice = local_result_reads.choice_of(found)
    if code == (choice.held.code if choice.held else ""):
        raise Stale("这个选择已经登记，没有重复登记。请刷新页面核对。")
    if code and code not in {one.code for one in choice.offered}:
        label = found.visit_result.label
        raise Refused(f"“{code}”不是“{label}”之下在检查当天可用的本地结果，请重新选择。")
    models.LocalResultMark.objects.create(
        visit=row,
        result=models.LocalResult.objects.filter(bureau__code=found.bureau, code=code).first(),
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    audit.append(EventKind.LOCAL_RESULT_CHOSEN, about=ref, by=by, at=at, data={"code": code})
