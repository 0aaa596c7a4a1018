"""A line that a person has to write, in the length that is kept."""

from gongchou.core.refusals import Refused


def said(text: str, most: int, what: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > most:
        raise Refused(f"请写明{what}，不超过 {most} 字。")
    return line
