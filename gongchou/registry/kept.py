"""What is costly to ask of a large register is asked once after each change of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db.models import Count, Max

from gongchou.registry import models

MOST = 512
Answer = TypeVar("Answer")
_answers: OrderedDict[Hashable, Any] = OrderedDict()


def once(bureau: str, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer, asked anew after any change of the bureau's registers.

    Whatever is written belongs to a change, and changes are never deleted: their number and the
    newest of them say whether anything was written since.
    """
    changes = models.RegisterChange.objects.filter(bureau__code=bureau)
    state = changes.aggregate(count=Count("pk"), newest=Max("pk"))
    key = (bureau, state["count"], state["newest"], question)
    if key not in _answers:
        _answers[key] = ask()
        while len(_answers) > MOST:
            _answers.popitem(last=False)
    found: Answer = _answers[key]
    return found


def forget() -> None:
    """For another database in the same process, as every test has."""
    _answers.clear()
