"""Texts as they are kept: one form of Unicode, and no longer than their field."""

import unicodedata

from gongchou.core.refusals import Invalid


def line(text: str, what: str, longest: int, *, required: bool = True) -> str:
    """One line; Invalid where it is missing or too long."""
    found = " ".join(unicodedata.normalize("NFC", text).split())
    return _fitting(found, what, longest, required=required)


def lines(text: str, what: str, longest: int) -> str:
    """Several lines without blank ones."""
    cut = (line(one, what, longest, required=False) for one in text.splitlines())
    return _fitting("\n".join(one for one in cut if one), what, longest, required=True)


def _fitting(found: str, what: str, longest: int, *, required: bool) -> str:
    if required and not found:
        raise Invalid(f"请填写“{what}”。")
    if len(found) > longest:
        raise Invalid(f"“{what}”不得超过 {longest} 字，现有 {len(found)} 字，请改短。")
    return found
