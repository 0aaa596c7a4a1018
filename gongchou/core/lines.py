"""A line that a person has to write, in the length that is kept."""

from gongchou.core.refusals import Invalid


def line(text: str, most: int, what: str, *, may_be_empty: bool = False) -> str:
    """The text with single blanks; Invalid where nothing is said, or more than `most` letters."""
    clean = " ".join(text.replace("\0", "").split())
    if len(clean) > most or not (clean or may_be_empty):
        raise Invalid(f"请写明{what}，不超过 {most} 字。")
    return clean
