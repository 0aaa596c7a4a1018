"""The item list: drafted by import or on its pages, approved above the office, made public."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core import asking
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import ImportKind, ItemListState, RowOutcome
from gongchou.jobs import queue
from gongchou.jobs.registry import table
from gongchou.registry import models
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.rows import read_cells
from gongchou.registry.writers.changes import open_change
from gongchou.registry.writers.items import ItemDraft


def _list(ref: str, by: Actor) -> models.ItemList:
    found = models.ItemList.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if found is None:
        raise Refused(f"本机构没有编号为 {ref} 的抽查事项清单，请从清单页面进入。")
    return found


def _move(row: models.ItemList, to: ItemListState, **fields: object) -> None:
    was = ItemListState(row.state)
    state = move(was, to).value
    rows = models.ItemList.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=state, **fields) != 1:
        raise Stale("这份清单刚被他人办理，请刷新页面查看最新情况。")


TELL = "propose_item_lists"


@transaction.atomic
def approve_item_list(ref: str, *, on: date, by: Actor, at: datetime) -> None:
    """The list is in force from `on`; nobody approves what the same person drafted."""
    check(by, Power.APPROVE_ITEMS)
    row = _list(ref, by)
    if row.drafted_by_ref == by.ref:
        raise NotAllowed("草拟清单的人不能批准同一份清单，请由另一位负责人批准。")
    _check_conditions(row)
    _move(
        row,
        ItemListState.APPROVED,
        approved_by_ref=by.ref,
        approved_by_name=by.name,
        approved_on=on,
    )
    audit.append(EventKind.ITEM_LIST_APPROVED, about=ref, by=by, at=at)
    if TELL in table():
        queue.enqueue(TELL)


def _check_conditions(row: models.ItemList) -> None:
    """A question rests on one of the same list, and never on itself."""
    items = models.InspectionItem.objects.filter(group__item_list=row)
    held = items.values_list("name", "asked_when")
    says = asking.problems((name, asking.condition_of(text)) for name, text in held)
    if says:
        raise Refused(f"清单中的填写前提有误，没有批准：{''.join(says)}请修改草案。")


@transaction.atomic
def mark_item_list_published(ref: str, *, on: date, by: Actor, at: datetime) -> None:
    """The approved list was made public; the list published before is superseded."""
    check(by, Power.PUBLISH)
    row = _list(ref, by)
    _move(row, ItemListState.PUBLISHED, published_on=on)
    audit.append(EventKind.ITEM_LIST_PUBLISHED, about=ref, by=by, at=at)
    # One that was approved and never published has nobody to tell any more either.
    stale = (ItemListState.PUBLISHED.value, ItemListState.APPROVED.value)
    older = models.ItemList.objects.filter(
        bureau=row.bureau, version__lt=row.version, state__in=stale
    )
    for old in older:
        _move(old, ItemListState.SUPERSEDED)
        audit.append(EventKind.ITEM_LIST_SUPERSEDED, about=old.ref, by=by, at=at)


@transaction.atomic
def write_item(
    entries: Mapping[str, str],
    *,
    on: date,
    by: Actor,
    at: datetime,
    instead_of: tuple[str, str] | None = None,
) -> str:
    """One item typed field by field into the draft, which is begun where there is none.

    `instead_of` names group and item that it takes the place of; returns the ref of the draft.
    """
    check(by, Power.EDIT_ITEMS)
    values = read_cells(entries, LAYOUTS[ImportKind.ITEMS])
    change = open_change(ImportKind.ITEMS, "页面起草", on=on, by=by, at=at)
    draft, is_renamed = ItemDraft(change), False
    written = draft.write([values])[0]
    if written.says:
        raise Invalid(f"{written.says}。")
    # The old one goes last: its group must not become empty on the way.
    if instead_of and instead_of != (values["group_name"], values["name"]):
        is_renamed = _drop(draft, *instead_of)
    if written.outcome is RowOutcome.UNCHANGED and not is_renamed:
        raise Refused("填写的内容与清单一致，没有需要保存的，请核对后再提交。")
    name = f"{values['group_name']}：{values['name']}"
    return _drafted(by, at, {"item": name, "change": change.ref})


@transaction.atomic
def drop_item(group: str, name: str, *, on: date, by: Actor, at: datetime) -> str:
    """An item left out of the draft; the versions before keep it. Returns the draft's ref."""
    check(by, Power.EDIT_ITEMS)
    change = open_change(ImportKind.ITEMS, "页面起草", on=on, by=by, at=at)
    _drop(ItemDraft(change), group, name)
    return _drafted(by, at, {"dropped": f"{group}：{name}", "change": change.ref})


def _drop(draft: ItemDraft, group: str, name: str) -> bool:
    if not draft.drop(group, name):
        raise Stale(f"清单草案中没有“{group}”的“{name}”，请刷新页面查看。")
    return True


def _drafted(by: Actor, at: datetime, data: dict[str, str]) -> str:
    draft = models.ItemList.objects.get(bureau__code=by.bureau, state=ItemListState.DRAFT.value)
    audit.append(EventKind.ITEM_LIST_DRAFTED, about=draft.ref, by=by, at=at, data=data)
    return draft.ref


@transaction.atomic
def void_item_list(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """A draft that shall not become anything; it stays readable with the reason."""
    check(by, Power.EDIT_ITEMS)
    if not reason.strip():
        raise Invalid("请写明作废的理由。")
    why = reason.strip()[:200]
    _move(_list(ref, by), ItemListState.VOID, void_reason=why, voided_by_name=by.name)
    audit.append(EventKind.ITEM_LIST_VOIDED, about=ref, by=by, at=at, data={"reason": why})
