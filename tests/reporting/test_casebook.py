"""What a typical case says of a visit."""

from dataclasses import replace

import pytest

from gongchou.core.terms import TransferKind
from gongchou.inspection import actions
from gongchou.reporting import casebook
from tests.conftest import BUREAU
from tests.inspection.people import LATER, make_house, submitted
from tests.inspection.test_following import MOVE


@pytest.mark.parametrize("kind", TransferKind)
def test_a_hand_over_is_called_by_its_kind(person, kind):
    house = make_house(person)
    ref = submitted(house, is_clean=False)
    actions.transfer_case(ref, replace(MOVE, kind=kind), by=house.li, at=LATER)
    actions.review_record(ref, by=house.shen, at=LATER)
    case, text = casebook.told(BUREAU, ref)
    assert case.proofs[-1].kind == kind.label
    assert f"{kind.label}：{MOVE.to_whom}" in text.result[-1]


def test_a_hand_over_without_a_number_has_no_empty_brackets(person):
    house = make_house(person)
    ref = submitted(house, is_clean=False)
    actions.transfer_case(ref, replace(MOVE, number=""), by=house.li, at=LATER)
    actions.review_record(ref, by=house.shen, at=LATER)
    text = casebook.told(BUREAU, ref)[1]
    assert text.result[-1].endswith(f"{MOVE.to_whom}。")
    assert "（）" not in "".join(text.result)
