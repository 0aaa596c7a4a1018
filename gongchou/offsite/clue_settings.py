"""The settings of clues for a bureau on a day.

The product's own; the policy's where it speaks; the score's numbers and factors as signed last.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from gongchou.core.clue_weights import with_numbers
from gongchou.core.clues import ClueRules
from gongchou.law.load import load_clue_rules
from gongchou.offsite import models
from gongchou.registry.policy import profile_of


def clue_rules(bureau: str, on: date) -> ClueRules:
    own, profile = load_clue_rules(), profile_of(bureau, on)
    days, approval = profile.setting("clue.triage_days", on), profile.setting("remote.approval", on)
    signed = weights_in_force(bureau)
    numbers = signed.body.get("numbers") if signed else None
    return replace(
        own,
        triage_days=days if isinstance(days, int) else own.triage_days,
        remote_approval=approval if isinstance(approval, bool) else own.remote_approval,
        score=with_numbers(own.score, numbers) if numbers else own.score,
    )


def weights_in_force(bureau: str) -> models.ClueWeights | None:
    """The version that a person signed last; none before the first signature."""
    rows = models.ClueWeights.objects.filter(bureau__code=bureau, signature__isnull=False)
    return rows.select_related("signature").order_by("-signature__at", "-pk").first()


def factors_of(row: models.ClueWeights | None) -> dict[str, Fraction]:
    """The learned factors of base points of a version, by rule."""
    entries = row.body["weights"] if row else ()
    return {entry["rule"]: Fraction(entry["factor"]) for entry in entries}
