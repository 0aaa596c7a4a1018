"""What the house does for itself at night."""

import logging

from django.core.management import call_command

from gongchou.audit import reads as audit

logger = logging.getLogger(__name__)


def clear_sessions() -> None:
    """Sessions that have ended leave the database."""
    call_command("clearsessions")


def verify_trails() -> None:
    """Walk every chain of events; a break is an error in the log for whoever watches it."""
    for bureau in audit.bureaus():
        if found := audit.first_break_of(bureau):
            logger.error("机构 %s 的留痕链在第 %s 条断开，请立即核查。", bureau, found.seq)
