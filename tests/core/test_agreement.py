"""Kappa, equal to a second reckoning written another way, on fixed and on random answers."""

import random
from fractions import Fraction

from gongchou.core.agreement import Answers, by_item, by_pair, kappa, over_all

WORDS = ("no_problem", "problem", "na")


def reference(pairs):
    """From the table of both answers, by the textbook: rows, columns, diagonal."""
    table = {(a, b): 0 for a in WORDS for b in WORDS}
    for pair in pairs:
        table[pair] += 1
    total = sum(table.values())
    if not total:
        return None
    rows = [sum(table[a, b] for b in WORDS) for a in WORDS]
    columns = [sum(table[a, b] for a in WORDS) for b in WORDS]
    same = sum(table[a, a] for a in WORDS)
    by_chance = sum(r * c for r, c in zip(rows, columns, strict=True))
    if by_chance == total * total:
        return None
    return Fraction(total * same - by_chance, total * total - by_chance)


def test_the_textbook_case():
    pairs = (
        [("problem", "problem")] * 20
        + [("problem", "no_problem")] * 5
        + [("no_problem", "problem")] * 10
        + [("no_problem", "no_problem")] * 15
    )
    assert kappa(pairs) == Fraction(2, 5) == reference(pairs)


def test_a_thousand_random_tables_agree_with_the_reference():
    chance = random.Random(20260105)
    for _ in range(1000):
        pairs = [tuple(chance.choices(WORDS, k=2)) for _ in range(chance.randrange(0, 30))]
        assert kappa(pairs) == reference(pairs)


def test_full_agreement_no_agreement_and_nothing_to_compare():
    assert kappa([("problem", "problem"), ("na", "na")]) == 1
    assert kappa([("problem", "na"), ("na", "problem")]) == -1
    assert kappa([("problem", "problem")] * 5) is None
    assert kappa([]) is None


def test_items_and_pairs_are_told_apart():
    rows = [
        Answers(visit="V1", item="1", pair="李、王", first="problem", second="problem"),
        Answers(visit="V1", item="2", pair="李、王", first="problem", second="na"),
        Answers(visit="V2", item="1", pair="钱、孙", first="na", second="na"),
    ]
    assert [(r.name, r.count, r.agreed) for r in by_item(rows)] == [("1", 2, 2), ("2", 1, 0)]
    assert [(r.name, r.count, r.agreed) for r in by_pair(rows)] == [
        ("李、王", 2, 1),
        ("钱、孙", 1, 1),
    ]
    assert (over_all(rows).count, over_all(rows).agreed) == (3, 2)
