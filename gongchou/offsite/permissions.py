"""Who runs the receiver of an installation that several bureaus share."""

from gongchou.accounts import reads as accounts
from gongchou.core.powers import Actor, Power, check


def runs_receiver(by: Actor) -> bool:
    """The technical administrator of a bureau that has no superior here; others see their own."""
    check(by, Power.MANAGE_RECEIVER)
    superior = accounts.bureau(by.bureau).superior
    return superior not in {row.code for row in accounts.bureaus()}
