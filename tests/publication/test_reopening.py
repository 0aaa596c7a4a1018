"""What the public reads rests on the approved record: it goes before the record is reopened."""

import pytest

from gongchou.core.refusals import Refused
from gongchou.core.terms import PublicationState, VisitState
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.models import Visit
from gongchou.publication import actions, objections, reads
from tests.inspection.people import LATER
from tests.inspection.test_reopening import DAY, WHY, approve_again, supplement
from tests.publication.test_results import reviewed, through


@pytest.fixture
def visit(house) -> str:
    return reviewed(house)


def reopen(ref: str, house) -> None:
    inspection.reopen_record(ref, WHY, by=house.shen, at=LATER + DAY)


def test_a_result_nobody_has_proposed_is_no_obstacle(house, visit):
    assert objections.to_reopen(visit) == ""
    reopen(visit, house)
    with pytest.raises(Refused, match="还没有审核"):
        actions.propose_results([visit], by=house.chen, at=LATER + DAY)


def test_a_public_result_is_withdrawn_first(house, gong, visit):
    notice = through(actions.propose_results([visit], by=house.chen, at=LATER), house, gong)
    with pytest.raises(Refused, match=r"正在公示中.*第 1 号.*撤下这条结果") as refusal:
        reopen(visit, house)
    assert reads.document(notice).title in str(refusal.value)
    assert visits.visit(visit).state is VisitState.REVIEWED
    actions.withdraw_result(notice, 1, "记录有误，待更正", by=gong, at=LATER)
    reopen(visit, house)


def test_a_proposed_result_is_returned_first(house, visit):
    notice = actions.propose_results([visit], by=house.chen, at=LATER)
    with pytest.raises(Refused, match=r"正在办理公示.*待批准.*退回这份公示件"):
        reopen(visit, house)
    actions.return_(notice, "记录有误", by=house.lin, at=LATER)
    reopen(visit, house)


def test_an_approved_notice_is_published_and_withdrawn_first(house, visit):
    notice = actions.propose_results([visit], by=house.chen, at=LATER)
    actions.approve(notice, digest=reads.document(notice).digest, by=house.lin, at=LATER)
    with pytest.raises(Refused, match=r"已经批准.*再撤下这条结果"):
        reopen(visit, house)


def test_a_correction_under_way_ends_first(house, gong):
    visit = reviewed(house, is_clean=False)
    notice = through(actions.propose_results([visit], by=house.chen, at=LATER), house, gong)
    order = visits.aftermath(visit).orders[0]
    inspection.record_follow_up(
        order.ref, "已修复", on=order.issued_on, is_corrected=True, by=house.li, at=LATER
    )
    correction = actions.correct(notice, "整改已完成", by=house.chen, at=LATER)
    with pytest.raises(Refused, match=r"正在办理更正.*退回这份公示件"):
        reopen(visit, house)
    actions.return_(correction, "暂缓", by=house.lin, at=LATER)
    with pytest.raises(Refused, match="正在公示中"):
        reopen(visit, house)


def test_a_notice_of_a_reopened_record_is_not_published_by_a_race(house, gong, visit):
    notice = actions.propose_results([visit], by=house.chen, at=LATER)
    actions.approve(notice, digest=reads.document(notice).digest, by=house.lin, at=LATER)
    Visit.objects.filter(ref=visit).update(state=VisitState.RETURNED.value)
    with pytest.raises(Refused, match="不能公示"):
        actions.publish(notice, by=gong, at=LATER)


def test_from_approval_over_withdrawal_to_the_second_publication(house, gong, visit):
    first = through(actions.propose_results([visit], by=house.chen, at=LATER), house, gong)
    actions.withdraw_result(first, 1, "记录有误，待更正", by=gong, at=LATER)
    reopen(visit, house)
    supplement(visit, house)
    approve_again(visit, house)
    second = through(actions.propose_results([visit], by=house.chen, at=LATER), house, gong)
    state = reads.publication_state_of_visits(house.chen.bureau, [visit])[visit]
    assert (state.publication, state.state) == (second, PublicationState.PUBLISHED)
    assert second != first
    shown = reads.result_of_visit(house.chen.bureau, visit, LATER.date())
    assert shown is not None
    assert "责令改正" in shown.visit_result.label


def pressed(browser, path: str, **fields: str) -> str:
    answer = browser.post(path, fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def made_public(signed_in, visit: str, house, gong) -> str:
    """By the pages of the three who publish; returns the ref of the notice."""
    pressed(signed_in(house.chen), "/publish/propose/results/", visit=visit)
    notice = reads.lines_in_hand(house.chen.bureau, visit)[0].publication
    digest = reads.document(notice).digest
    pressed(signed_in(house.lin), f"/publish/{notice}/approve/", digest=digest)
    pressed(signed_in(gong), f"/publish/{notice}/publish/")
    return notice


def test_by_the_pages_from_approval_to_the_second_publication(signed_in, house, gong, visit):
    page = f"/visits/{visit}/reopen/"
    first = made_public(signed_in, visit, house, gong)
    refused = signed_in(house.shen).get(page).content.decode()
    assert "撤下这条结果" in refused
    assert "重新开启记录</button>" not in refused
    pressed(signed_in(gong), f"/publish/{first}/withdraw/", number="1", reason="记录有误")
    assert "已重新开启" in pressed(signed_in(house.lin), page, reason=WHY)
    assert "补正记录" in signed_in(house.li).get(f"/visits/{visit}/").content.decode()
    supplement(visit, house)
    assert "已审核" in pressed(signed_in(house.shen), f"/visits/{visit}/review/approve/")
    second = made_public(signed_in, visit, house, gong)
    assert second != first
    shown = signed_in(house.lin).get(f"/visits/{visit}/").content.decode()
    assert f"重新开启：{WHY}" in shown
