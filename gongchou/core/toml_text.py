"""A TOML text that somebody wrote by hand."""

import re
import tomllib
from typing import Any

from gongchou.core.refusals import Invalid


def toml_table(name: str, text: str) -> dict[str, Any]:
    """The table of a text; Invalid with the line that cannot be read, `name` being its file."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = found[1] if found else max(1, len(text.splitlines()))
        raise Invalid(
            f"“{name}”第 {line} 行不是正确的 TOML：请核对这里的等号、引号和方括号是否成对，"
            "同一项有没有写两遍。"
        ) from error
