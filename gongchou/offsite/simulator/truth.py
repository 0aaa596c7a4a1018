"""What was planted: each with the rules that should see it, when, where and how plainly."""

from dataclasses import dataclass

EASY, MEDIUM, HARD = "easy", "medium", "hard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A violation, or a decoy that must not fire. [since, until) in minutes.

    `rule` is expected; `also` are rules that see the same wrong by its physical consequences,
    `mirrors` other places where it shows.
    """

    id: str
    kind: str
    rule: str
    subject: str
    where: str
    factor: str
    since: int
    until: int
    strength: str
    is_decoy: bool = False
    also: tuple[str, ...] = ()
    mirrors: tuple[tuple[str, str], ...] = ()

    def form(self) -> dict[str, object]:
        return {
            "type": "decoy" if self.is_decoy else "violation",
            "id": self.id,
            "kind": self.kind,
            "rule": self.rule,
            "also": list(self.also),
            "mirrors": [list(pair) for pair in self.mirrors],
            "subject": self.subject,
            "where": self.where,
            "factor": self.factor,
            "since": self.since,
            "until": self.until,
            "strength": self.strength,
        }
