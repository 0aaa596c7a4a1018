"""The policy by which a bureau keeps its registers."""

from datetime import date

from gongchou.core.classify import ClassRow, classify_one
from gongchou.core.roster import Subject
from gongchou.core.rules import PolicyProfile
from gongchou.core.workdays import Quarter, add_workdays
from gongchou.law.load import load_calendar, load_profile

POLICY = "tangshan_gaoxin_2024"


def profile_of(bureau: str) -> PolicyProfile:
    """Today every bureau works by the policy that is shipped."""
    return load_profile(POLICY)


def class_on(subject: Subject, bureau: str, on: date) -> ClassRow | None:
    """Class and reasons of one site on a day; None before the policy came into force."""
    profile = profile_of(bureau)
    if on < profile.since:
        return None
    return classify_one(subject, profile, on=on, quarter=Quarter.of(on))


def cooldown_begins(bureau: str, on: date) -> date:
    """From this day up to `on`, what removes or re-classes sites takes two persons."""
    profile = profile_of(bureau)
    days = profile.number("register.cooldown_days", max(on, profile.since))
    return add_workdays(on, -days, load_calendar())
