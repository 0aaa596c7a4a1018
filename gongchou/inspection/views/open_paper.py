"""Whoever holds a paper of a visit asks whether the record is still the same, without an account.

The digest on the paper is the proof of holding it: nothing is found without it, and nothing is told
but whether the record and the files agree. Nobody is signed in here, so the form needs no token.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongchou.core.refusals import Invalid
from gongchou.inspection import paper_check

LONGEST = 400


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Asked in the body, so that no log keeps a digest."""
    text, found, wrong = request.POST.get("digest", "")[:LONGEST], None, ""
    if request.method == "POST":
        try:
            found = paper_check.check_paper(text)
        except Invalid as refusal:
            wrong = str(refusal)
    is_elder = request.GET.get("elder") == "1"
    context = {"text": text, "found": found, "wrong": wrong, "is_elder": is_elder}
    answer = render(request, "inspection/open_paper.html", context, status=400 if wrong else 200)
    answer["X-Robots-Tag"] = "noindex"
    return answer
