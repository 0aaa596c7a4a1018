"""What the job runner calls."""

from gongchou.accounts import reads as accounts
from gongchou.core.powers import system
from gongchou.inspection import actions
from gongchou.web import clock


def remind() -> None:
    """Call to mind what stands still, in every bureau; what was called once is not called again."""
    at = clock.now()
    for row in accounts.bureaus():
        if not row.is_partner:
            actions.remind(by=system(row.code), at=at)


def dispatch() -> None:
    """What may go out does, in every bureau that has ordered it."""
    at = clock.now()
    for row in accounts.bureaus():
        if not row.is_partner:
            actions.dispatch_due(by=system(row.code), at=at)
