"""Every minute: tell each system what it has not been told yet."""

import logging
import time

from gongchou.core.powers import system
from gongchou.core.refusals import Stale
from gongchou.web import clock
from gongchou.webhooks import actions, reads
from gongchou.webhooks.sending import secret_of, send

logger = logging.getLogger(__name__)
# A run ends before the next begins, so that slow receivers hold up nobody else's work.
SECONDS, AT_ONCE = 45.0, 50


def tell_systems() -> None:
    """Those that waited longest first; may run twice at once, receivers drop what they know."""
    until = time.monotonic() + SECONDS
    for row in reads.due(clock.now()):
        if time.monotonic() < until:
            _tell(row, until)


def _tell(row: reads.WebhookRow, until: float) -> None:
    """Event after event in their order; the first that does not arrive ends the round."""
    by, secret = system(row.bureau), secret_of(row.ref)
    for message in reads.untold(row, AT_ONCE):
        if time.monotonic() >= until:
            return
        answer = send(row.url, secret, message, clock.now())
        note = actions.note_taken if answer.is_taken else actions.note_failure
        try:
            note(row.ref, message.number, answer, by=by, at=clock.now())
        except Stale as refusal:
            logger.info("事件通知 %s：%s", row.ref, refusal)
            return
        if not answer.is_taken:
            logger.warning("事件通知 %s 没有送到：%s", row.ref, answer.says)
            return
