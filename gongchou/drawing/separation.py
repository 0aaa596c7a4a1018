"""Who did which duty of a draw, and that the four duties stay with four persons."""

from collections.abc import Iterable
from datetime import date

from gongchou.accounts import organisation_reads as organisation
from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.powers import Actor
from gongchou.core.refusals import NotAllowed
from gongchou.core.separation import Doubled, Hand, doubled, others
from gongchou.drawing import models
from gongchou.planning.models import CheckTask


def deciders(task: CheckTask) -> tuple[Hand, ...]:
    """Who computed and who approved the plan and the task: what is drawn is theirs."""
    plan = task.plan
    people = (
        (plan.made_by_ref, plan.made_by_name),
        (plan.approved_by_ref, plan.approved_by_name),
        (task.made_by_ref, task.made_by_name),
        (task.approved_by_ref, task.approved_by_name),
    )
    return _hands(DrawDuty.SETS, people)


def _hands(duty: DrawDuty, people: tuple[tuple[str, str], ...]) -> tuple[Hand, ...]:
    return tuple(Hand(duty=duty, ref=ref, name=name) for ref, name in people if ref)


def hands(row: models.Draw) -> tuple[Hand, ...]:
    """Everybody who did one of the duties so far; publishing is known downstream."""
    drew = (
        (row.frozen_by_ref, row.frozen_by_name),
        (row.announced_by_ref, row.announced_by_name),
    )
    seen = tuple((one.person_ref, one.person_name) for one in row.confirmations.order_by("pk"))
    return (
        *deciders(row.task),
        *_hands(DrawDuty.DRAWS, drew),
        *_hands(DrawDuty.CONFIRMS, seen),
    )


def hands_of(ref: str) -> tuple[Hand, ...]:
    """The same of a draw by its ref."""
    row = models.Draw.objects.select_related("task__plan").get(ref=ref)
    return hands(row)


def overlaps_of(ref: str) -> tuple[Doubled, ...]:
    """Persons with several duties of this draw; possible in a small bureau alone."""
    return doubled(hands_of(ref))


def by_duty(ref: str) -> list[tuple[DrawDuty, list[str]]]:
    """The names behind each duty that somebody has done, each once, in the order of the duties."""
    found: dict[DrawDuty, list[str]] = {}
    for hand in hands_of(ref):
        names = found.setdefault(hand.duty, [])
        if hand.name not in names:
            names.append(hand.name)
    return [(duty, found[duty]) for duty in DrawDuty if duty in found]


def is_barred(held: tuple[Hand, ...], duty: DrawDuty, by: Actor) -> bool:
    """Whether a page leaves the button of a duty away, since the person did another one."""
    return bool(others(held, by.ref, duty)) and not organisation.is_small(by.bureau)


def barred_tasks(refs: Iterable[str], by: Actor) -> frozenset[str]:
    """Tasks that this person planned or approved and so may not draw."""
    rows = CheckTask.objects.select_related("plan").filter(ref__in=refs)
    return frozenset(row.ref for row in rows if is_barred(deciders(row), DrawDuty.DRAWS, by))


def check_apart(held: tuple[Hand, ...], duty: DrawDuty, *, by: Actor, on: date) -> None:
    """Refused to who did another duty of this draw, unless the bureau is a small one that day."""
    already = others(held, by.ref, duty)
    if not already or organisation.small_bureau(by.bureau, on) is not None:
        return
    done = "、".join(f"“{one.label}”" for one in already)
    raise NotAllowed(
        f"{by.name}已承担这次抽取的{done}，不能再承担“{duty.label}”，请换人办理。"
        "人手确实不足的，请安全管理员先登记为小型机构，兼任情况随这次抽取公开。"
    )
