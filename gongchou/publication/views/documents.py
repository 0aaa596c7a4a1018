from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.core.workdays import Quarter
from gongchou.publication import actions, due, office, reads
from gongchou.publication.compared import differences
from gongchou.publication.papers import ANNEXES, OPEN, document_paper
from gongchou.web.clock import day_of
from gongchou.web.official import respond_official
from gongchou.web.pages import page_of

# What is public at once, or proposed by the room that made it.
NOT_PULLED = (
    PublicationKind.STATISTICS,
    PublicationKind.RATES,
    PublicationKind.ANNOUNCEMENT,
    PublicationKind.LOG_HEAD,
    PublicationKind.CHECKPOINT,
)
GROUPS = 20
PROPOSALS = {
    PublicationKind.ITEM_LIST: actions.propose_item_list,
    PublicationKind.ANNUAL_PLAN: actions.propose_annual_plan,
    PublicationKind.QUARTER_PLAN: actions.propose_plan,
    PublicationKind.DRAW_RECORD: actions.propose_draw_record,
}


@requires(Power.SEE_PUBLICATION)
def home(request: HttpRequest) -> HttpResponse:
    bureau, today = request.actor.bureau, day_of(request.at)
    quarter = str(Quarter.of(today))
    waiting = due.result_due(bureau, today)
    context = {
        "today": today,
        "gauge": due.gauge(bureau, quarter, today),
        "late": sum(row.is_late for row in waiting),
        "page": page_of(waiting, request.GET.get("page", "")),
        "revoked": due.revoked_results(bureau, today),
        "may_withdraw": may(request.actor, Power.PUBLISH),
        "changed": due.changed_results(bureau, today),
        "candidates": office.candidates(bureau, today),
        "in_hand": office.in_hand(bureau),
        "latest": reads.open_to_all(bureau, limit=10),
        "may_firms": may(request.actor, Power.HANDLE_LETTER),
        "may_propose": may(request.actor, Power.PROPOSE_PUBLICATION),
    }
    return render(request, "publication/home.html", context)


@requires(Power.SEE_PUBLICATION)
def published(request: HttpRequest) -> HttpResponse:
    rows = reads.open_to_all(request.actor.bureau, limit=None)
    page = page_of(rows, request.GET.get("page", ""))
    return render(request, "publication/published.html", {"page": page, "rows": page.rows})


def _may(request: HttpRequest, found: reads.PublicDocument) -> dict[str, bool]:
    """Which buttons this person sees; the actions ask again."""
    proposes = may(request.actor, Power.PROPOSE_PUBLICATION)
    approves = may(request.actor, Power.APPROVE_PUBLICATION)
    publishes = may(request.actor, Power.PUBLISH)
    is_pending = found.state is PublicationState.PENDING
    is_open = found.state is PublicationState.PUBLISHED
    is_pulled = found.kind not in NOT_PULLED
    return {
        "may_print": found.kind in ANNEXES and found.state in OPEN,
        "may_approve": approves and is_pending and found.proposed_by_ref != request.actor.ref,
        "may_return": approves and is_pending,
        "may_withhold": proposes and is_pending,
        "may_again": proposes and is_pulled and found.state is PublicationState.RETURNED,
        "may_publish": publishes and found.state is PublicationState.APPROVED,
        "may_withdraw": publishes and is_open,
        "may_correct": proposes and is_pulled and found.is_current,
    }


def _own(request: HttpRequest, ref: str) -> reads.PublicDocument:
    found = reads.document(ref)
    if found.bureau != request.actor.bureau:
        raise Refused(f"本机构没有编号为 {ref} 的公示件，请从公示页面进入。")
    return found


@requires(Power.SEE_PUBLICATION)
def document(request: HttpRequest, ref: str) -> HttpResponse:
    found = _own(request, ref)
    preview = office.preview(ref, request.actor.bureau)
    context = {
        "doc": found,
        "preview": preview,
        "differences": differences(ref, request.actor.bureau),
        "page": page_of(preview.groups, request.GET.get("page", ""), size=GROUPS),
        "anchor": "#compared",
        "withdrawal_days": office.withdrawal_days(request.actor.bureau, day_of(request.at)),
        "hidden": reads.hidden_lines(day_of(request.at), ref=ref),
        "correction": due.correction_of(found.bureau, ref),
        **_may(request, found),
    }
    return render(request, "publication/document.html", context)


@require_POST
@requires(Power.PROPOSE_PUBLICATION)
def propose(request: HttpRequest) -> HttpResponse:
    kind, source = request.POST.get("kind", ""), request.POST.get("source", "")
    act = next((act for word, act in PROPOSALS.items() if word.value == kind), None)
    if act is None:
        raise Refused("没有选定要提出公示的内容，请从公示页面重新选择。")
    ref = act(source, by=request.actor, at=request.at)
    messages.success(request, "已提出，请核对公开内容；批准后由公示人员办理公示。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.PROPOSE_PUBLICATION)
def propose_results(request: HttpRequest) -> HttpResponse:
    refs = request.POST.getlist("visit")
    ref = actions.propose_results(refs, by=request.actor, at=request.at)
    messages.success(request, "已提出，请逐项核对公开内容；批准后由公示人员办理公示。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.PROPOSE_PUBLICATION)
def propose_again(request: HttpRequest, ref: str) -> HttpResponse:
    actions.propose_again(ref, by=request.actor, at=request.at)
    messages.success(request, "已重新提取并提出，请再次核对。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.PROPOSE_PUBLICATION)
def withhold(request: HttpRequest, ref: str) -> HttpResponse:
    actions.withhold(ref, request.POST.get("path", ""), by=request.actor, at=request.at)
    messages.success(request, "已标记为商业秘密，这一处不公开。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.PROPOSE_PUBLICATION)
def disclose_again(request: HttpRequest, ref: str) -> HttpResponse:
    path, reason = request.POST.get("path", ""), request.POST.get("reason", "")
    actions.disclose_again(ref, path, reason, by=request.actor, at=request.at)
    messages.success(request, "已取消商业秘密标记，这一处照原样公开。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.APPROVE_PUBLICATION)
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    digest = request.POST.get("digest", "")
    actions.approve(ref, digest=digest, by=request.actor, at=request.at)
    messages.success(request, "已批准，请公示人员办理公示。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.APPROVE_PUBLICATION)
def return_(request: HttpRequest, ref: str) -> HttpResponse:
    actions.return_(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已退回，理由已告知提出人。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.PUBLISH)
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    actions.publish(ref, by=request.actor, at=request.at)
    messages.success(request, "已公示，公众门户上现在可以看到。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.PUBLISH)
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    reason, number = request.POST.get("reason", ""), request.POST.get("number", "")
    if number.isdecimal():
        actions.withdraw_result(ref, int(number[:6]), reason, by=request.actor, at=request.at)
    else:
        actions.withdraw(ref, reason, by=request.actor, at=request.at)
    messages.success(request, "已撤下；撤下的理由留在公众门户上。")
    return redirect("publication:document", ref)


@require_POST
@requires(Power.PROPOSE_PUBLICATION)
def correct(request: HttpRequest, ref: str) -> HttpResponse:
    new = actions.correct(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已提出更正；新的一版公示之前，原件继续公示。")
    return redirect("publication:document", new)


@requires(Power.SEE_PUBLICATION)
def paper(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """An approved list as an official document, as PDF or Word."""
    name, file = document_paper(ref, form, bureau=request.actor.bureau)
    return respond_official(file, form, name)
