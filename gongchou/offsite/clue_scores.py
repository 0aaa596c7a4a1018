"""From rows to scores: what the score asks about clues and their subjects, gathered at once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from gongchou.core.clue_score import Item, Score, Standing, joined, score
from gongchou.core.clue_terms import ClueOrigin, ClueState, PollutantFamily
from gongchou.core.clue_weights import Case
from gongchou.core.clues import ClueRules, channel_of
from gongchou.core.monitoring.words import EntryKind
from gongchou.core.roster import Subject
from gongchou.core.terms import KeyUnitType
from gongchou.core.workdays import Quarter
from gongchou.offsite import models
from gongchou.offsite.clue_settings import factors_of, weights_in_force
from gongchou.registry import reads as registers

QUARTERS = 4
# 重点排污单位; sites watched for their soil or their risk are another matter.
KEY_DISCHARGERS = frozenset(KeyUnitType) - {KeyUnitType.SOIL, KeyUnitType.RISK}
SETTLED = (ClueState.CONFIRMED.value, ClueState.UNCONFIRMED.value)


def items_of(
    row: models.Clue, rules: ClueRules, undone: frozenset[str] = frozenset()
) -> tuple[Item, ...]:
    """A clue's evidence as the score sees it; what an officer added in words has no weight, nor
    has an event that was withdrawn.
    """
    origin = ClueOrigin(row.origin)
    known = rules.rules.get(row.rule)
    threshold = timedelta(minutes=known.minutes) if known else None
    first = min((e.pk for e in row.evidence.all()), default=0)
    return tuple(
        Item(
            ref=row.ref,
            channel=channel_of(origin, row.rule),
            rule=row.rule,
            family=PollutantFamily(row.family),
            outlet=row.outlet,
            severity=e.severity,
            started_at=e.started_at,
            ended_at=e.ended_at,
            threshold=threshold,
            completeness=Fraction(e.complete, e.complete_of),
            grade=Fraction(e.grade, e.grade_of),
        )
        for e in row.evidence.all()
        if (e.pk == first or e.rule_version) and e.digest not in undone
    )


def withdrawn_events(bureau: str, clues: Iterable[str]) -> frozenset[str]:
    """Digests of the events of clues that no finding stands for any more."""
    rows = models.RuleFinding.objects.filter(bureau__code=bureau, clue__in=list(clues))
    found: dict[str, bool] = {}
    for digest, withdrawal in rows.values_list("digest", "withdrawal"):
        found[digest] = found.get(digest, False) or withdrawal is None
    return frozenset(digest for digest, stands in found.items() if not stands)


def sensitive_sites(bureau: str, subjects: Iterable[str]) -> frozenset[str]:
    """The sites entered as near a sensitive place or a source of drinking water."""
    rows = models.SupervisionEntry.objects.filter(
        bureau__code=bureau,
        subject__ref__in=list(subjects),
        kind=EntryKind.SITE.value,
        withdrawal=None,
    )
    newest = dict(rows.order_by("pk").values_list("subject__ref", "body"))
    return frozenset(ref for ref, body in newest.items() if body.get("is_near_sensitive"))


def scores(
    cases: Mapping[str, list[models.Clue]], bureau: str, today: date, rules: ClueRules
) -> dict[str, Score]:
    """The score of each case, by the ref the case goes by."""
    factors = factors_of(weights_in_force(bureau))
    return {
        case.ref: score(case.items, replace(case.standing, weights=factors), rules.score)
        for case in weighed(cases, bureau, today, rules)
    }


def weighed(
    cases: Mapping[str, list[models.Clue]], bureau: str, today: date, rules: ClueRules
) -> tuple[Case, ...]:
    """The cases as the score sees them, before any number is applied."""
    subjects = {row.subject.ref for rows in cases.values() for row in rows if row.subject}
    known = registers.subjects_named(bureau, today, subjects)
    past, sensitive = _past(bureau, subjects), sensitive_sites(bureau, subjects)
    undone = withdrawn_events(bureau, (row.ref for rows in cases.values() for row in rows))
    since = _quarters_back(today)
    found = []
    for ref, rows in cases.items():
        items = [item for row in rows for item in items_of(row, rules, undone)]
        ref_of = next((row.subject.ref for row in rows if row.subject), "")
        name = next((row.subject_name or row.place for row in rows), "")
        standing = _standing(rows, known, past, since, ref_of in sensitive)
        bearing = joined(items, rules.before, rules.after)
        found.append(Case(ref=ref, name=name, items=bearing, standing=standing))
    return tuple(found)


def _quarters_back(today: date) -> date:
    quarter = Quarter.of(today)
    for _ in range(QUARTERS):
        quarter = quarter.previous()
    return quarter.first


Past = dict[str, list[tuple[date, str, str]]]


def _past(bureau: str, subjects: Iterable[str]) -> Past:
    """Outcomes of each subject's clues, newest first: day, rule, outcome."""
    moves = models.ClueMove.objects.filter(
        clue__bureau__code=bureau, clue__subject__ref__in=list(subjects), to__in=SETTLED
    ).order_by("-at", "-pk")
    found: Past = {}
    for move in moves.values_list("clue__subject__ref", "at", "clue__rule", "to"):
        found.setdefault(move[0], []).append((move[1].date(), move[2], move[3]))
    return found


def _standing(
    rows: list[models.Clue],
    known: Mapping[str, Subject],
    past: Past,
    since: date,
    is_sensitive: bool,
) -> Standing:
    ref = next((row.subject.ref for row in rows if row.subject), "")
    site, outcomes = known.get(ref), past.get(ref, [])
    confirmed = ClueState.CONFIRMED.value
    rules = {row.rule for row in rows if row.rule}
    last_two = [[o for _, r, o in outcomes if r == rule][:2] for rule in rules]
    key = bool(site and set(site.key_unit_types) & KEY_DISCHARGERS)
    return Standing(
        was_confirmed=any(day >= since and outcome == confirmed for day, _, outcome in outcomes),
        twice_unconfirmed=any(two == [SETTLED[1]] * 2 for two in last_two),
        is_sensitive=is_sensitive,
        is_key_unit=key,
        weights={},
    )
