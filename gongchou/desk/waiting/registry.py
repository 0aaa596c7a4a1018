"""Registers: an empty one to fill, changes and lists to approve, recusals to decide."""

from collections.abc import Iterator

from gongchou.core.powers import Power
from gongchou.core.terms import ItemListState, RecusalState
from gongchou.desk.waiting.rows import Desk, Todo, address
from gongchou.registry import policy
from gongchou.registry import reads as registers


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.IMPORT_REGISTER):
        yield from _empty(desk)
    if desk.may(Power.EDIT_REGISTER):
        yield from _running_out(desk)
    if desk.may(Power.APPROVE_REGISTER):
        yield from _changes(desk)
    if desk.may(Power.APPROVE_ITEMS):
        yield from _lists(desk)
    if desk.may(Power.CONFIRM_RECUSAL):
        yield from _recusals(desk)


def _empty(desk: Desk) -> Iterator[Todo]:
    held = registers.counts(desk.bureau, desk.today)
    missing = [
        word
        for name, word in (("subjects", "检查对象"), ("inspectors", "检查人员"))
        if not held[name]
    ]
    if missing:
        says = f"{'、'.join(missing)}名录还是空的，没有名录不能测算计划。"
        yield Todo(act="导入名录", says=says, url=address("registry:upload"))


def _running_out(desk: Desk) -> Iterator[Todo]:
    """Cards and letters that end within thirty days."""
    people = [row for row in registers.roll(desk.bureau, desk.today) if row.warning]
    if people:
        names = "、".join(row.person.name for row in people)
        says = f"{names}的执法证或在岗情况三十天内有变化，请核实并更新名录。"
        yield Todo(act="核实检查人员", says=says, url=address("registry:inspectors"))
    letters = [row for row in registers.letters(desk.bureau, desk.today) if row.warning]
    if letters:
        bodies = "、".join(dict.fromkeys(row.body for row in letters))
        says = f"{bodies}的委托书三十天内到期，还要协助的请办理续签。"
        yield Todo(act="核实委托书", says=says, url=address("registry:assistants"))


def _changes(desk: Desk) -> Iterator[Todo]:
    """What took sites out or classed them anew before a draw; nothing is frozen until seen."""
    first = policy.cooldown_begins(desk.bureau, desk.today)
    waiting = registers.waiting_changes(desk.bureau, first, desk.today)
    if waiting:
        sites = sum(row.sensitive for row in waiting)
        says = f"{len(waiting)} 项变更改了原有场所 {sites} 处的去留或分类，复核以前不能冻结名录。"
        yield Todo(act="复核名录变更", says=says, url=address("registry:changes"))


def _lists(desk: Desk) -> Iterator[Todo]:
    drafts = [r for r in registers.item_lists(desk.bureau) if r.state is ItemListState.DRAFT]
    if drafts:
        says = "负责科室草拟了新一版抽查事项清单，批准后才能使用。"
        yield Todo(act="批准事项清单", says=says, url=address("registry:items"))


def _recusals(desk: Desk) -> Iterator[Todo]:
    declared = registers.recusal_rows(desk.bureau, state=RecusalState.DECLARED)
    if declared:
        names = "、".join(dict.fromkeys(row.inspector_name for row in declared))
        says = f"{names}申报了回避，确认后才在抽取中生效。"
        yield Todo(act="确认回避", says=says, url=address("registry:recusals"))
