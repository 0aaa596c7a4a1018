"""The item list: its versions, what they changed, the checklists, and a draft written by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import reads as accounts
from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.registry import actions, export, reads
from gongchou.registry.forms import ItemForm, tell
from gongchou.web.clock import day_of


def _groups(found: reads.ItemListRow | None, bureau: str) -> list[dict[str, object]]:
    """The checklists of a version, each with the name of its section and what it applies to."""
    names = {unit.code: unit.name for unit in accounts.units(bureau)}
    if found is None:
        return []
    return [
        {
            "code": group.code,
            "name": group.name,
            "unit": names.get(group.unit, group.unit),
            "scope": "、".join(
                word.label
                for words in (
                    group.permit_categories,
                    group.pollutant_types,
                    group.monitoring_types,
                )
                for word in words
            ),
            "rows": found.of_group(group.code),
        }
        for group in found.groups
    ]


@requires(Power.SEE_REGISTER)
def items(request: HttpRequest) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    lists, found = reads.item_lists(by.bureau), reads.item_list_in_force(by.bureau, today)
    context = {
        "groups": _groups(found, by.bureau),
        "lists": lists,
        "draft": next((row for row in lists if row.state.value == "draft"), None),
        "list": found,
        "may_edit": may(by, Power.EDIT_ITEMS),
        "may_approve": may(by, Power.APPROVE_ITEMS),
        "may_export": may(by, Power.IMPORT_REGISTER),
    }
    return render(request, "registry/items.html", context)


@requires(Power.SEE_REGISTER)
def item_list(request: HttpRequest, ref: str) -> HttpResponse:
    by = request.actor
    found = reads.item_list(ref, by.bureau)
    older = _older(found, by.bureau)
    is_draft = found.state.value == "draft"
    context = {
        "list": found,
        "groups": _groups(found, by.bureau),
        "older": older,
        "changes": reads.compared_items(older, found) if older else (),
        "is_draft": is_draft,
        "may_edit": is_draft and may(by, Power.EDIT_ITEMS),
        "may_approve": is_draft and may(by, Power.APPROVE_ITEMS),
    }
    return render(request, "registry/item_list.html", context)


def _older(found: reads.ItemListRow, bureau: str) -> reads.ItemListRow | None:
    """The version that was in force before; drafts that became nothing are passed over."""
    return next(
        (
            row
            for row in reads.item_lists(bureau)
            if row.version < found.version and row.approved_on
        ),
        None,
    )


@require_POST
@requires(Power.APPROVE_ITEMS)
def approve_items(request: HttpRequest, ref: str) -> HttpResponse:
    actions.approve_item_list(ref, on=day_of(request.at), by=request.actor, at=request.at)
    messages.success(request, "已批准，这一版清单从今天起使用，公示任务随即生成。")
    return redirect("registry:items")


@require_POST
@requires(Power.EDIT_ITEMS)
def void_items(request: HttpRequest, ref: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.void_item_list(ref, reason, by=request.actor, at=request.at)
    messages.success(request, "草案已作废，内容和理由仍可查看。")
    return redirect("registry:items")


@requires(Power.EDIT_ITEMS)
def write_item(request: HttpRequest, ref: str = "", code: str = "") -> HttpResponse:
    """A new item, or one of the named version; either way it is written into the draft."""
    by, today = request.actor, day_of(request.at)
    texts = export.item_texts(code, reads.item_list(ref, by.bureau)) if code else {}
    form = ItemForm(request.POST or None, initial=texts, units=accounts.units(by.bureau))
    before = (texts["group_name"], texts["name"]) if code else None
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.write_item(
                form.texts(), instead_of=before, on=today, by=by, at=request.at
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "已写入清单草案，批准后才生效。")
            return redirect("registry:item_list", draft)
    return render(request, "registry/item_form.html", {"form": form, "name": texts.get("name", "")})


@require_POST
@requires(Power.EDIT_ITEMS)
def drop_item(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    texts = export.item_texts(code, reads.item_list(ref, by.bureau))
    group, name = texts["group_name"], texts["name"]
    draft = actions.drop_item(group, name, on=today, by=by, at=request.at)
    messages.success(request, f"已从草案中取消“{name}”，以前各版不变。")
    return redirect("registry:item_list", draft)
