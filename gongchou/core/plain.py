"""Frozen dataclasses to canonical values and back: dates as text, booleans as 0 and 1.

An instant is written to the second with the offset of Shanghai.

What is absent is written as the empty text, so every value has one byte form (`core.canon`), and
only that form is read back: what could not have been written by `to_plain` is refused.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gongchou.core.refusals import Invalid

T = TypeVar("T")
SHANGHAI = timezone(timedelta(hours=8))


def to_plain(value: Any) -> Any:
    """The canonical form of a frozen value: text, integers, lists and objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> str | int:
    match value:
        case None:
            return ""
        case bool():
            return int(value)
        case Enum():
            return str(value.value)
        case datetime():
            return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case str() | int():
            return value
    raise Invalid(f"{type(value).__name__} 没有规范写法。")


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of type `kind` that `to_plain` wrote; Invalid where the form is another.

    `kind` is built of dataclasses, `tuple[X, ...]`, `X | None`, text, integers, booleans, dates,
    fractions and enumerations. An empty text read as `str | None` is None.
    """
    return _read(kind, plain, kind.__name__)  # type: ignore[no-any-return]


def _damaged(where: str, says: str) -> Invalid:
    return Invalid(f"保存的数据在“{where}”处{says}，可能已损坏，请用备份核对。")


def _read(kind: Any, plain: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if plain == "" else _read(inner, plain, where)
    if origin is tuple:
        if not isinstance(plain, (list, tuple)):
            raise _damaged(where, "应为列表")
        item = get_args(kind)[0]
        return tuple(_read(item, one, f"{where}[{n}]") for n, one in enumerate(plain))
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_fields(kind, plain, where)
    return _read_scalar(kind, plain, where)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    """Types of the fields; resolved once, since a snapshot holds the same kind many times."""
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind)}


def _read_fields(kind: Any, plain: Any, where: str) -> Any:
    hints = _hints(kind)
    if not isinstance(plain, Mapping):
        raise _damaged(where, "应为一组字段")
    if missing := sorted(hints.keys() - plain.keys()):
        raise _damaged(where, f"缺少字段 {'、'.join(missing)}")
    if strange := sorted(map(str, plain.keys() - hints.keys())):
        raise _damaged(where, f"有不认识的字段 {'、'.join(strange)}")
    return kind(**{name: _read(hints[name], plain[name], f"{where}.{name}") for name in hints})


def _read_scalar(kind: Any, plain: Any, where: str) -> Any:
    """One value; it must be written exactly as `to_plain` would write it again."""
    try:
        value = _parsed(kind, plain)
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise _damaged(where, f"的值 {plain!r} 读不出来") from error
    written = _scalar(value)
    if type(plain) is not type(written) or plain != written:
        raise _damaged(where, f"的值 {plain!r} 不是规范写法")
    return value


def _parsed(kind: Any, plain: Any) -> Any:
    if kind is bool:
        return bool((0, 1).index(plain))
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if kind is date:
        return date.fromisoformat(plain)
    return plain if kind in (str, int) and isinstance(plain, kind) else kind(plain)
