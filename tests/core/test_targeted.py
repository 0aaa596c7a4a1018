"""Who is visited for a clue: the best first, one a subject, no more than there is time for."""

from fractions import Fraction

import pytest

from gongchou.core.targeted import Offered, chosen, free_days, places


def offered(clue: str, subject: str, score: int) -> Offered:
    return Offered(clue=clue, subject=subject, score=Fraction(score))


def test_the_best_case_of_each_subject_is_taken_in_the_order_of_its_score():
    cases = [offered("C1", "a", 40), offered("C2", "a", 60), offered("C3", "b", 50)]
    assert [one.clue for one in chosen(cases, 9)] == ["C2", "C3"]
    assert [one.clue for one in chosen(cases, 1)] == ["C2"]
    assert chosen(cases, 0) == ()


def test_equal_scores_go_by_their_refs_and_a_case_without_a_subject_is_left_out():
    cases = [offered("C2", "b", 40), offered("C1", "a", 40), offered("C0", "", 99)]
    assert [one.clue for one in chosen(cases, 9)] == ["C1", "C2"]


@pytest.mark.parametrize(
    ("officers", "days", "busy", "count"),
    [(4, 5, 0, 20), (4, 5, 19, 1), (4, 5, 20, 0), (2, 1, 9, 0)],
)
def test_only_free_officer_days_are_used(officers, days, busy, count):
    assert places(free_days(officers, days, Fraction(busy)), 2, 2) == count


def test_half_a_visit_is_none():
    assert places(Fraction(3, 2), 2, 1) == 0
