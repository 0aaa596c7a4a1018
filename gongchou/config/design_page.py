"""Every component of the frame on one page, to be looked at and tested; in a demonstration only."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts.access import signed_in
from gongchou.core.states import MOVES, NOUNS
from gongchou.core.workdays import Deadline
from gongchou.web.clock import day_of
from gongchou.web.tones import Tone

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TONES = ((Tone.DONE, "已完成"), (Tone.RUNNING, "进行中"), (Tone.ATTENTION, "待办理"),
         (Tone.LATE, "已逾期"), (Tone.QUIET, "已作废"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleClause:
    """A clause that no law has."""

    source: str = "演示方案"
    number: str = "二（三）"
    says: str = "重点监管对象每季度抽查比例不低于四分之一"


@signed_in
def design(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    context = {
        "today": today,
        "days": [
            Deadline(on=today + timedelta(n), provisional=n > 40) for n in (-20, -1, 0, 1, 9, 60)
        ],
        "tones": TONES,
        "states": [(NOUNS[kind], list(kind)) for kind in MOVES],
        "digest": DIGEST,
        "clause": SampleClause(),
        "inputs": (("基数", "53 家"), ("比例", "25%"), ("算式", "53 × 25% ＝ 13.25，进一为 14 家")),
        "page": SimpleNamespace(number=2, pages=5),
    }
    return render(request, "config/design.html", context)
