"""A card is due on the hour of its rule, and for nothing else than what is waited for."""

from datetime import UTC, datetime, timedelta

import pytest

from gongchou.core.reminding import due_rules
from gongchou.core.terms import CardLevel, VisitWait
from gongchou.law.load import load_reminders

SENT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
RULES = load_reminders()


def due(hours: float, **waits):
    since = waits or {"acceptance": SENT}
    held = {VisitWait(name): at for name, at in since.items()}
    return [rule.key for rule in due_rules(RULES, held, SENT + timedelta(hours=hours))]


@pytest.mark.parametrize(
    ("hours", "keys"),
    [
        (3.99, []),
        (4, ["acceptance"]),
        (23.99, ["acceptance"]),
        (24, ["acceptance", "acceptance.red"]),
    ],
)
def test_a_card_is_due_on_its_hour_and_not_before(hours, keys):
    assert due(hours) == keys


def test_what_is_not_waited_for_earns_no_card():
    assert due(9999, arrival=SENT + timedelta(hours=99999)) == []


def test_every_red_card_has_an_earlier_yellow_one():
    for rule in RULES:
        if rule.level is CardLevel.RED:
            yellow = next(one for one in RULES if one.key == rule.key.removesuffix(".red"))
            assert (yellow.level, yellow.waits_for) == (CardLevel.YELLOW, rule.waits_for)
            assert yellow.hours < rule.hours


def test_keys_are_unique_and_every_wait_has_a_rule():
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert {rule.waits_for for rule in RULES} == set(VisitWait)
