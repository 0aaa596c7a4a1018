"""Frozen dataclasses to canonical values and back: dates as text, booleans as 0 and 1.

An instant is written to the second with the offset of Shanghai.

What is absent is written as the empty text, so every value has one byte form (`core.canon`), and
only that form is read back: what could not have been written by `to_plain` is refused.
"""

import types
from collections.abc import Callable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gongchou.core.refusals import Invalid

T = TypeVar("T")
# A fixed offset: bytes that are kept must not hang on the time zone table of a machine.
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
    try:
        return _reader(kind)(plain)  # type: ignore[no-any-return, arg-type]
    except _Damaged as damaged:
        where = kind.__name__ + "".join(reversed(damaged.path))
        raise Invalid(
            f"保存的数据在“{where}”处{damaged.says}，可能已损坏，请用备份核对。"
        ) from damaged


class _Damaged(Exception):
    """What is wrong, and the way to it from the innermost step outwards."""

    def __init__(self, says: str) -> None:
        self.says, self.path = says, list[str]()


Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> Reader:
    """What reads a kind; made once, since a snapshot holds the same kind many times."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _maybe(next(arg for arg in get_args(kind) if arg is not type(None)))
    if origin is tuple:
        return _tuple(_reader(get_args(kind)[0]))
    if is_dataclass(kind) and isinstance(kind, type):
        return _fields(kind)
    return _scalar_reader(kind)


def _maybe(kind: Any) -> Reader:
    read = _reader(kind)
    return lambda plain: None if plain == "" else read(plain)


def _tuple(read_item: Reader) -> Reader:
    def read(plain: Any) -> Any:
        if not isinstance(plain, (list, tuple)):
            raise _Damaged("应为列表")
        found = []
        for n, one in enumerate(plain):
            try:
                found.append(read_item(one))
            except _Damaged as damaged:
                damaged.path.append(f"[{n}]")
                raise
        return tuple(found)

    return read


def _fields(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {f.name: _reader(hints[f.name]) for f in fields(kind)}

    def read(plain: Any) -> Any:
        if not isinstance(plain, Mapping):
            raise _Damaged("应为一组字段")
        if plain.keys() != readers.keys():
            raise _Damaged(_other_fields(readers.keys(), plain.keys()))
        values = {}
        for name, read_field in readers.items():
            try:
                values[name] = read_field(plain[name])
            except _Damaged as damaged:
                damaged.path.append(f".{name}")
                raise
        return kind(**values)

    return read


def _other_fields(wanted: Set[str], found: Set[Any]) -> str:
    if missing := sorted(wanted - found):
        return f"缺少字段 {'、'.join(missing)}"
    return f"有不认识的字段 {'、'.join(sorted(map(str, found - wanted)))}"


def _scalar_reader(kind: Any) -> Reader:
    """One value; it must be written exactly as `to_plain` would write it again."""

    def read(plain: Any) -> Any:
        try:
            value = _parsed(kind, plain)
        except (TypeError, ValueError, ZeroDivisionError) as error:
            raise _Damaged(f"的值 {plain!r} 读不出来") from error
        written = _scalar(value)
        if type(plain) is not type(written) or plain != written:
            raise _Damaged(f"的值 {plain!r} 不是规范写法")
        return value

    if isinstance(kind, type) and issubclass(kind, Enum):
        known = {member.value: member for member in kind if type(member.value) is str}
        return lambda plain: known[plain] if type(plain) is str and plain in known else read(plain)
    return (lambda plain: plain if type(plain) is str else read(plain)) if kind is str else read


def _parsed(kind: Any, plain: Any) -> Any:
    if kind is bool:
        return bool((0, 1).index(plain))
    if kind is datetime:
        return datetime.fromisoformat(plain)
    if kind is date:
        return date.fromisoformat(plain)
    return plain if kind in (str, int) and isinstance(plain, kind) else kind(plain)
