"""What the policy in force asks of a visit before it may begin."""

from datetime import date

from gongchou.planning.sums import profile_of


def is_asked(bureau: str, key: str, on: date) -> bool:
    """Whether the policy of a bureau has switched something on."""
    return profile_of(bureau).setting(key, on) is True
