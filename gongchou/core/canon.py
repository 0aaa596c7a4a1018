"""The one byte form of a value, and its digests (`docs/spec/draw.md` §2.1).

A canonical value is built of text, integers, lists and objects with ASCII keys. It has exactly one
byte form, the same in Python, in a browser and by RFC 8785; digests are always over that form.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from gongchou.core.refusals import Invalid
from gongchou.core.sm3 import sm3

Canonical: TypeAlias = "str | int | Sequence[Canonical] | Mapping[str, Canonical]"
Hash: TypeAlias = Callable[[bytes], bytes]

LARGEST = 2**53 - 1
DEEPEST = 100
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN_INTEGER = re.compile(r"0|-?[1-9][0-9]*")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


HASHES: Mapping[str, Hash] = {"sha256": _sha256, "sm3": sm3}


def hash_of(profile: str) -> Hash:
    """The hash function of a profile (`sha256` or `sm3`); Invalid for any other name."""
    if profile not in HASHES:
        raise Invalid(f"摘要算法“{profile}”未知，应为 sha256 或 sm3。")
    return HASHES[profile]


def check(value: object, depth: int = 0) -> None:
    """Raise Invalid where `value` has no canonical form, or is nested deeper than DEEPEST."""
    if depth > DEEPEST:
        raise Invalid(f"规范数据嵌套超过 {DEEPEST} 层。")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > LARGEST:
            raise Invalid("整数超出规范数据的范围，绝对值应小于 2 的 53 次方。")
    elif isinstance(value, (list, tuple)):
        for item in value:
            check(item, depth + 1)
    elif isinstance(value, Mapping):
        _check_object(value, depth)
    else:
        kind = type(value).__name__
        raise Invalid(f"规范数据只能是文字、整数、数组和对象，不得有 {kind} 类型的值。")


def _check_object(value: Mapping[Any, Any], depth: int) -> None:
    for key, item in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise Invalid(f"规范数据的键 {key!r} 应为 ASCII 文字。")
        _check_text(key)
        check(item, depth + 1)


def _check_text(text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if _FORBIDDEN.search(text):
        raise Invalid(f"文字 {text[:80]!r} 含控制字符或不成对的代理字符。")
    if not unicodedata.is_normalized("NFC", text):
        raise Invalid(f"文字“{text[:80]}”不是 NFC 规范形式。")


def canon(value: object) -> bytes:
    """The canonical bytes of `value` (UTF-8, sorted keys, no blanks); Invalid where it has none."""
    check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(text: str | bytes) -> Any:
    """The value written in `text`; Invalid for anything that has no canonical form.

    The text may be formatted freely; duplicate keys, floats, blanks in numbers, `null`, `true` and
    a byte order mark are refused.
    """
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        value = json.loads(
            decoded,
            object_pairs_hook=_distinct,
            parse_int=_integer,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except UnicodeDecodeError as error:
        raise Invalid("文件不是 UTF-8 文字。") from error
    except json.JSONDecodeError as error:
        raise Invalid(f"文件不是规范的 JSON：第 {error.pos + 1} 个字符处读不下去。") from error
    except RecursionError as error:
        raise Invalid("文件不是规范的 JSON：嵌套过深。") from error
    check(value)
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid("同一对象中有重复的键。")
    return found


def _integer(text: str) -> int:
    if not _PLAIN_INTEGER.fullmatch(text) or len(text) > 17:
        raise Invalid(f"数字 {text[:20]} 不是普通整数。")
    return int(text)


def _refuse_number(text: str) -> Any:
    raise Invalid(f"数字 {text[:20]} 不是普通整数。")


def tagged(hash_: Hash, tag: str, *parts: bytes) -> bytes:
    """Digest of `parts` under a tag: H(tag ‖ 00 ‖ len64(p1) ‖ p1 ‖ …)."""
    body = [tag.encode("ascii"), b"\0"]
    for part in parts:
        body += [len(part).to_bytes(8, "big"), part]
    return hash_(b"".join(body))


def digest(value: object, profile: str = "sha256") -> str:
    """Hex digest of the canonical bytes of `value`."""
    return hash_of(profile)(canon(value)).hex()
