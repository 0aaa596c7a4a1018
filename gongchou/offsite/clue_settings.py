"""The settings of clues for a bureau on a day: the product's own, the policy's where it speaks."""

from dataclasses import replace
from datetime import date

from gongchou.core.clues import ClueRules
from gongchou.law.load import load_clue_rules
from gongchou.registry.policy import profile_of


def clue_rules(bureau: str, on: date) -> ClueRules:
    own, profile = load_clue_rules(), profile_of(bureau, on)
    days, approval = profile.setting("clue.triage_days", on), profile.setting("remote.approval", on)
    return replace(
        own,
        triage_days=days if isinstance(days, int) else own.triage_days,
        remote_approval=approval if isinstance(approval, bool) else own.remote_approval,
    )
