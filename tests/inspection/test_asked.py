"""What later rules ask before anybody goes in, switched on by the policy and by nothing else."""

import pytest

from gongchou.core.refusals import Refused
from gongchou.core.terms import Delivery, VisitState
from gongchou.inspection import actions, reads
from gongchou.inspection.asked import Asked, asked_of
from gongchou.registry import actions as registry
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import opened

NONE = Asked(approval=False, notice=False, scan_in=False)
ALL = Asked(approval=True, notice=True, scan_in=True)


@pytest.fixture
def strict(house):
    """The bureau works by the later rules from today on."""
    registry.adopt_policy(
        shipped="overlay_2025", since=TODAY, document="虚构〔2026〕2号", by=house.lin, at=AT
    )
    return house


def accepted(house) -> str:
    ref = opened(house)
    actions.accept_visit(ref, by=house.li, at=AT)
    return ref


def start(ref, house, **more):
    actions.start_visit(ref, client_id="phone-start-1", by=house.li, at=AT, **more)


def test_the_plan_of_2024_asks_for_none_of_it(house):
    assert asked_of(BUREAU, TODAY) == NONE
    ref = accepted(house)
    start(ref, house)
    assert reads.visit(ref).state is VisitState.STARTED


def test_the_later_rules_ask_for_consent_notice_and_scan_all_told_at_once(strict):
    assert asked_of(BUREAU, TODAY) == ALL
    with pytest.raises(Refused) as refusal:
        start(accepted(strict), strict)
    for words in ("还没有批准", "登记通知书文号", "填写登记号"):
        assert words in str(refusal.value)


def test_with_consent_notice_and_scan_the_visit_begins(strict):
    ref = accepted(strict)
    actions.authorise_visit(ref, by=strict.lin, at=AT)
    actions.record_notice(ref, "虚构检通〔1〕号", delivery=Delivery.DIRECT, by=strict.li, at=AT)
    start(ref, strict, entry_code="入企〔1〕号")
    assert reads.visit(ref).entry_code == "入企〔1〕号"


def test_the_page_shows_what_is_asked(signed_in, strict):
    ref = accepted(strict)
    page = signed_in(strict.li).get(f"/visits/{ref}/").content.decode()
    assert "入企扫码登记号" in page
    assert "这次检查还没有批准" in page
    page = signed_in(strict.lin).get(f"/visits/{ref}/").content.decode()
    assert "批准这次检查</button>" in page
