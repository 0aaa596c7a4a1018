"""What the job runner calls."""

from gongchou.accounts import reads as accounts
from gongchou.core.powers import system
from gongchou.intake import reads as letters
from gongchou.offsite import actions
from gongchou.web import clock


def open_clue(letter: str) -> None:
    """Soon after a complaint was settled as a clue; asked twice, it changes nothing."""
    actions.open_clue(letter, by=system(letters.bureau_of(letter)), at=clock.now())


def expire_watched_clues() -> None:
    """Each night: light clues under watch that nothing new has come to."""
    for bureau in accounts.bureaus():
        actions.expire_watched(by=system(bureau.code), at=clock.now())
