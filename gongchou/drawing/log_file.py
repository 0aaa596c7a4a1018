"""The draw log as a file, and checking it anywhere: entries, signed heads, and a head kept before.

Needs no database, so that the superior bureau can check with its own copy of the program.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from gongchou.core import merkle
from gongchou.core.canon import HASHES, canon, parse
from gongchou.core.draw_form import HEX64, fields_of, list_of, matching, need, number_of, text_of
from gongchou.core.draw_record import Step
from gongchou.core.refusals import Refused
from gongchou.drawing.signing import Head, is_signed

HASH = HASHES["sha256"]
FIELDS = {"v", "bureau", "key", "entries", "heads"}
HEAD_FIELDS = {"size", "root", "at", "signature"}
VERSION = "DR1/log"
# Clocks of two machines may differ by as much.
MOST_BACK = timedelta(minutes=10)


def written(
    bureau: str, key: str, entries: Sequence[Mapping[str, Any]], heads: Sequence[Mapping[str, Any]]
) -> bytes:
    return canon(
        {"v": VERSION, "bureau": bureau, "key": key, "entries": list(entries), "heads": list(heads)}
    )


def _root(entries: Sequence[Any], size: int) -> str:
    return merkle.root(HASH, [canon(entry) for entry in entries[:size]]).hex()


def _check_entries(log: Mapping[str, Any]) -> str:
    for place, entry in enumerate(list_of(log["entries"], "entries"), start=1):
        is_in_order = isinstance(entry, dict) and entry.get("number") == place
        need(is_in_order, f"第 {place} 条的序号不对：日志缺条、重复或次序不对。")
    return f"{len(log['entries'])} 条，序号相连。"


def _check_times(log: Mapping[str, Any]) -> str:
    """A clock that was set back shows where an entry lies well before the one before it."""
    before: datetime | None = None
    for entry in log["entries"]:
        try:
            at = datetime.fromisoformat(text_of(entry["at"], "at"))
        except (KeyError, ValueError) as error:
            raise Refused(f"第 {entry['number']} 条没有写明时间。") from error
        is_back = before is not None and before - at > MOST_BACK
        need(not is_back, f"第 {entry['number']} 条的时间 {entry['at']} 早于前一条：时钟被拨回。")
        before = at
    return "各条时间没有倒退。"


def _check_heads(log: Mapping[str, Any]) -> str:
    public, last = bytes.fromhex(matching(HEX64, log["key"], "key")), 0
    for head in list_of(log["heads"], "heads"):
        fields_of(head, HEAD_FIELDS, "heads")
        size, root = number_of(head["size"], "size"), matching(HEX64, head["root"], "root")
        signed = Head(
            bureau=text_of(log["bureau"], "bureau"),
            size=size,
            root=root,
            at=text_of(head["at"], "at"),
        )
        signature = bytes.fromhex(text_of(head["signature"], "signature"))
        need(is_signed(public, signed, signature), f"第 {size} 条处的签名与公钥不符。")
        need(
            last < size <= len(log["entries"]),
            f"树根说有 {size} 条，日志里没有这么多，或次序不对。",
        )
        need(_root(log["entries"], size) == root, f"第 {size} 条处的树根与各条内容不符。")
        last = size
    return f"{len(log['heads'])} 个签名树根，逐个相符。"


def _check_key(log: Mapping[str, Any], key: str | None) -> str:
    if key is None:
        return f"未锚定：请与公布的公钥核对 {log['key']}。"
    need(key == log["key"], f"公钥应为 {key}，文件中是 {log['key']}。")
    return "与给定的公钥一致。"


def _check_kept(log: Mapping[str, Any], kept: tuple[int, str] | None) -> str:
    if kept is None:
        return "没有给出留存的树根，不能判断此前的内容是否被换过。"
    size, root = kept
    need(size <= len(log["entries"]), f"留存的树根有 {size} 条，文件里不到这么多：日志被截短。")
    need(_root(log["entries"], size) == root, f"前 {size} 条与留存的树根不符：日志被改过。")
    return f"前 {size} 条与留存的树根相符，以后只有增加。"


def checked(
    content: bytes, *, key: str | None = None, kept: tuple[int, str] | None = None
) -> list[Step]:
    """Every check in order, up to the first that fails; never raises."""
    found: list[Step] = []

    def step(name: str, act: Callable[[], Any]) -> Any:
        try:
            answer = act()
        except (Refused, ValueError) as problem:
            found.append(Step(name=name, ok=False, says=f"{problem}"))
            return None
        found.append(Step(name=name, ok=True, says=answer if isinstance(answer, str) else "读通。"))
        return answer

    log = step("文件", lambda: _read(content))
    if log is None:
        return found
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("公钥", lambda: _check_key(log, key)),
        ("各条", lambda: _check_entries(log)),
        ("签名", lambda: _check_heads(log)),
        ("时间", lambda: _check_times(log)),
        ("留存", lambda: _check_kept(log, kept)),
    )
    for name, act in steps:
        if step(name, act) is None:
            break
    return found


def _read(content: bytes) -> dict[str, Any]:
    log: dict[str, Any] = fields_of(parse(content), FIELDS, "日志")
    need(log["v"] == VERSION, f"文件不是 {VERSION} 格式的抽取日志。")
    return log
