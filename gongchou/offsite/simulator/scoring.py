"""Events against the truth: recall, precision and delay per rule, decoys, cases, ablation.

An event matches what was planted when subject, place and rule family agree and the times overlap
by half of the shorter or lie within two hours (`docs/law/monitoring.md`).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from gongchou.core.monitoring.events import RuleEvent
from gongchou.core.monitoring.moments import minute_at
from gongchou.core.monitoring.rulebook import RuleBook

NEAR_MINUTES = 120
CASE_HOURS = 72
CAPACITY = 12
NOT_RULES = frozenset({"M01", "C01", "V01", "D01"})
CHANNELS = {"A": "自动监测", "E": "分表计电"}

Truth = Mapping[str, Any]
Score = Callable[[Sequence[RuleEvent]], float]


@dataclass(frozen=True, slots=True)
class Marked:
    """An event with its span in minutes and the planted things it matches."""

    event: RuleEvent
    since: int
    until: int
    truths: tuple[str, ...]
    decoys: tuple[str, ...]


def read_truth(folder: Path) -> tuple[list[Truth], list[Truth], list[Truth]]:
    """What was planted for rules: violations, decoys; and the faults of the wire."""
    rows = [json.loads(line) for line in (folder / "truth.jsonl").open(encoding="utf-8")]
    kinds: dict[str, list[Truth]] = {"violation": [], "decoy": [], "transport": []}
    for row in rows:
        kinds[row["type"]].append(row)
    return kinds["violation"], kinds["decoy"], kinds["transport"]


def is_near(since: int, until: int, truth: Truth) -> bool:
    a, b = truth["since"], truth["until"]
    shorter = max(1, min(until - since, b - a))
    overlap = min(until, b) - max(since, a)
    return overlap * 2 >= shorter or overlap >= -NEAR_MINUTES


def places_of(truth: Truth) -> set[tuple[str, str]]:
    return {(truth["subject"], truth["where"]), *map(tuple, truth["mirrors"])}


def marked(
    events: Iterable[RuleEvent],
    violations: Sequence[Truth],
    decoys: Sequence[Truth],
    book: RuleBook,
) -> list[Marked]:
    by_place: dict[tuple[str, str], list[Truth]] = defaultdict(list)
    for truth in (*violations, *decoys):
        for place in places_of(truth):
            by_place[place].append(truth)
    found = []
    for event in events:
        since, until = minute_at(event.started_at), minute_at(event.ended_at)
        near = [t for t in _at(by_place, event) if is_near(since, until, t)]
        agreeing = [t for t in near if _agrees(event.rule, t, book)]
        truths = tuple(t["id"] for t in agreeing if t["type"] == "violation")
        fired = tuple(t["id"] for t in agreeing if t["type"] == "decoy")
        found.append(Marked(event, since, until, truths, fired if not truths else ()))
    return found


def _at(by_place: Mapping[tuple[str, str], list[Truth]], event: RuleEvent) -> list[Truth]:
    return by_place.get((event.subject, event.outlet), [])


def _agrees(rule: str, truth: Truth, book: RuleBook) -> bool:
    """Of the family of the expected rule, or a rule named as seeing the same wrong."""
    if truth["rule"] in NOT_RULES:
        return False
    return book[rule].family is book[truth["rule"]].family or rule in truth["also"]


def report(
    rows: Sequence[Marked],
    violations: Sequence[Truth],
    decoys: Sequence[Truth],
    book: RuleBook,
    units: int,
    score: Score,
) -> dict[str, Any]:
    """All the figures; `units` is how many subjects there are in the one quarter."""
    clues = [row for row in rows if book[row.event.rule].is_clue]
    wanted = [t for t in violations if t["rule"] not in NOT_RULES]
    kept_out = [d for d in decoys if d["rule"] not in NOT_RULES]
    seen = {id_ for row in rows for id_ in row.truths}
    fired = {id_ for row in rows for id_ in row.decoys}
    false = [row for row in clues if not row.truths]
    return {
        "recall": {
            strength: _share([t["id"] in seen for t in wanted if t["strength"] == strength])
            for strength in ("easy", "medium", "hard")
        },
        "planted": len(wanted),
        "decoys": len(kept_out),
        "decoys_fired": round(len(fired) / max(1, len(kept_out)), 4),
        "false_clues_a_subject": round(len(false) / units, 4),
        "precision": _share([bool(row.truths) for row in clues]),
        "rules": _by_rule(rows, wanted, book),
        "kinds": _by_kind(wanted, seen),
        "decoy_kinds": _by_kind(kept_out, fired),
        "cases": cases(clues, wanted, units, score),
        "ablation": _ablation(rows, wanted),
    }


def _share(answers: Sequence[bool]) -> float:
    return round(sum(answers) / len(answers), 4) if answers else 0.0


def _by_rule(rows: Sequence[Marked], wanted: Sequence[Truth], book: RuleBook) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for id_, rule in book.items():
        own = [row for row in rows if row.event.rule == id_]
        truths = [t for t in wanted if t["rule"] == id_]
        delays = []
        caught = 0
        for truth in truths:
            matches = [row for row in rows if truth["id"] in row.truths]
            if matches:
                caught += 1
                delays.append(min(max(0, row.since - truth["since"]) for row in matches))
        found[id_] = {
            "name": rule.name,
            "version": rule.version,
            "events": len(own),
            "precision": _share([bool(row.truths) for row in own]) if own else None,
            "planted": len(truths),
            "recall": round(caught / len(truths), 4) if truths else None,
            "median_delay_minutes": median(delays) if delays else None,
        }
    return found


def _by_kind(truths: Sequence[Truth], seen: set[str]) -> dict[str, str]:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for truth in truths:
        name = f"{truth['kind']} {truth['strength']}".strip()
        kinds[name].append(truth["id"] in seen)
    return {name: f"{sum(hit)}/{len(hit)}" for name, hit in sorted(kinds.items())}


def cases(
    clues: Sequence[Marked], wanted: Sequence[Truth], units: int, score: Score
) -> dict[str, Any]:
    """One case a subject, by score; precision of the first K, lift over chance, Brier."""
    by_subject: dict[str, list[Marked]] = defaultdict(list)
    for row in clues:
        by_subject[row.event.subject].append(row)
    ranked = sorted(
        ((score([r.event for r in own]), subject) for subject, own in by_subject.items()),
        key=lambda pair: (-pair[0], pair[1]),
    )
    guilty = {t["subject"] for t in wanted} | {m[0] for t in wanted for m in t["mirrors"]}
    first = [subject in guilty for _, subject in ranked[:CAPACITY]]
    right = _share(first)
    base = len(guilty) / units
    merged = [
        (score([r.event for r in case]), any(r.truths for r in case))
        for own in by_subject.values()
        for case in _split(own)
    ]
    return {
        "cases": len(merged),
        "case_precision": _share([is_right for _, is_right in merged]),
        "precision_at_capacity": right,
        "capacity": CAPACITY,
        "lift": round(right / base, 3) if base else None,
        "brier": _brier(merged),
        "reliability": _reliability(merged),
    }


def _split(rows: Sequence[Marked]) -> list[list[Marked]]:
    """Clues of a subject within 72 hours are one case."""
    found: list[list[Marked]] = []
    end = 0
    for row in sorted(rows, key=lambda row: (row.since, row.until, row.event.rule)):
        if found and row.since - end <= CASE_HOURS * 60:
            found[-1].append(row)
            end = max(end, row.until)
        else:
            found.append([row])
            end = row.until
    return found


def _brier(merged: Sequence[tuple[float, bool]]) -> float | None:
    if not merged:
        return None
    return round(sum((s / 100 - right) ** 2 for s, right in merged) / len(merged), 4)


def _reliability(merged: Sequence[tuple[float, bool]]) -> list[dict[str, Any]]:
    found = []
    for low in range(0, 100, 20):
        own = [right for s, right in merged if low <= s < low + 20 or (low == 80 and s == 100)]
        if own:
            found.append({"score": f"{low}–{low + 20}", "cases": len(own), "right": _share(own)})
    return found


def _ablation(rows: Sequence[Marked], wanted: Sequence[Truth]) -> dict[str, float]:
    """Recall of easy and medium with one channel taken away."""
    plain = [t["id"] for t in wanted if t["strength"] != "hard"]
    found = {}
    for letter, name in CHANNELS.items():
        seen = {id_ for row in rows if row.event.rule[0] != letter for id_ in row.truths}
        found[f"没有{name}"] = _share([id_ in seen for id_ in plain])
    seen = {id_ for row in rows for id_ in row.truths}
    found["全部"] = _share([id_ in seen for id_ in plain])
    return found
