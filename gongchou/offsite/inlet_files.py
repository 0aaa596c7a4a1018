"""Files from outside, and what programs push: rows out of bytes and out of entries.

CSV (UTF-8 or GB18030, first line the column names) or JSON (a list of objects with the same names).
"""

import csv
import json
from collections.abc import Sequence
from typing import Any

from gongchou.core.inlet_rows import Read
from gongchou.core.refusals import Invalid

MOST_ROWS = 200_000
NO_LIST = 'JSON 应是对象的列表，或者 {"rows": [...]}。'


def read_file(name: str, content: bytes) -> Read:
    """The rows of a file; Invalid with a sentence where it is none."""
    text = _text(content)
    if "\0" in text:
        raise Invalid("文件里有空字符，不是文本文件。请另存为 UTF-8 的 CSV 或者 JSON 再上传。")
    if name.lower().endswith(".json") or text.lstrip()[:1] in ("[", "{"):
        found = _json(text)
    else:
        found = _csv(text)
    if not found.rows:
        raise Invalid("文件里没有数据行。请核对第一行是列名，从第二行起是数据。")
    if len(found.rows) > MOST_ROWS:
        raise Invalid(f"文件有 {len(found.rows)} 行，一次最多 {MOST_ROWS} 行，请分成几份上传。")
    return found


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("文件的编码读不懂，请另存为 UTF-8 的 CSV 或者 JSON 再上传。")


def _csv(text: str) -> Read:
    lines = csv.reader(text.splitlines())
    header = [cell.strip() for cell in next(lines, [])]
    if len(header) < 2:
        raise Invalid("第一行应是列名，以英文逗号分隔。请对照说明的列名改正。")
    rows = []
    for number, cells in enumerate(lines, 2):
        if any(cell.strip() for cell in cells):
            named = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            rows.append((number, {name: named.get(name, "") for name in header}))
    return Read(rows=tuple(rows), columns=tuple(header))


def _json(text: str) -> Read:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("JSON 读不懂，请核对括号、引号和逗号。") from error
    entries = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(entries, list):
        raise Invalid(NO_LIST)
    return rows_of(entries, first=2)


def rows_of(entries: Sequence[Any], *, first: int) -> Read:
    """Objects as rows of cells; `first` is the number by which the first one is named."""
    if not all(isinstance(one, dict) for one in entries):
        raise Invalid(NO_LIST)
    rows = tuple(
        (number, {str(name): _cell(number, name, value) for name, value in one.items()})
        for number, one in enumerate(entries, first)
    )
    return Read(rows=rows, columns=tuple(dict.fromkeys(name for _, one in rows for name in one)))


def _cell(number: int, name: Any, value: Any) -> str:
    if isinstance(value, dict | list):
        raise Invalid(f"第 {number} 行“{name}”应是文字或数字，不能是列表或对象。请改正后整批再送。")
    text = "" if value is None else str(value).strip()
    if _is_unkeepable(text) or _is_unkeepable(str(name)):
        raise Invalid(f"第 {number} 行有空字符或者残缺的字符，请去掉后整批再送。")
    return text


def _is_unkeepable(text: str) -> bool:
    """No database keeps a NUL, and half of a surrogate pair is no character."""
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
