from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from gongchou.core.monitoring.events import GuardAnswer, RuleEvent, event_digest

EVENT = RuleEvent(
    rule="A04",
    rule_version="1",
    subject="S1",
    outlet="DA001",
    factor="a21026",
    started_at=datetime(2026, 4, 1, 1, tzinfo=UTC),
    ended_at=datetime(2026, 4, 1, 4, tzinfo=UTC),
    severity=3,
    completeness=Fraction(59, 60),
    thresholds={"minutes": "60"},
    inputs={"value": "12.30"},
    guards=(GuardAnswer("stopped", False, "无停运标记"),),
    says="二氧化硫分钟值连续 60 分钟不变。",
)


def test_digest_follows_every_field() -> None:
    others = [
        replace(EVENT, rule="A05"),
        replace(EVENT, ended_at=datetime(2026, 4, 1, 5, tzinfo=UTC)),
        replace(EVENT, completeness=Fraction(1)),
        replace(EVENT, thresholds={"minutes": "61"}),
        replace(EVENT, inputs={"value": "12.3"}),
        replace(EVENT, guards=(GuardAnswer("stopped", True, "无停运标记"),)),
        replace(EVENT, severity=2),
    ]
    assert len({event_digest(each) for each in [EVENT, *others]}) == 1 + len(others)
