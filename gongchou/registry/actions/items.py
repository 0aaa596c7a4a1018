"""The item list: drafted by import, approved above the office, made public."""

from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import ItemListState
from gongchou.registry import models


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


@transaction.atomic
def approve_item_list(ref: str, *, on: date, by: Actor, at: datetime) -> None:
    """The list is in force from `on`; nobody approves what the same person drafted."""
    check(by, Power.APPROVE_ITEMS)
    row = _list(ref, by)
    if row.drafted_by_ref == by.ref:
        raise NotAllowed("草拟清单的人不能批准同一份清单，请由另一位负责人批准。")
    _move(
        row,
        ItemListState.APPROVED,
        approved_by_ref=by.ref,
        approved_by_name=by.name,
        approved_on=on,
    )
    audit.append(EventKind.ITEM_LIST_APPROVED, about=ref, by=by, at=at)


@transaction.atomic
def mark_item_list_published(ref: str, *, on: date, by: Actor, at: datetime) -> None:
    """The approved list was made public; the list published before is superseded."""
    check(by, Power.PUBLISH)
    row = _list(ref, by)
    _move(row, ItemListState.PUBLISHED, published_on=on)
    audit.append(EventKind.ITEM_LIST_PUBLISHED, about=ref, by=by, at=at)
    older = models.ItemList.objects.filter(
        bureau=row.bureau, version__lt=row.version, state=ItemListState.PUBLISHED.value
    )
    for old in older:
        _move(old, ItemListState.SUPERSEDED)
        audit.append(EventKind.ITEM_LIST_SUPERSEDED, about=old.ref, by=by, at=at)
