"""Frozen dataclasses to canonical values and back: dates as text, booleans as 0 and 1.

What is absent is written as the empty text, so every value has one byte form (`core.canon`).
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gongchou.core.refusals import Invalid

T = TypeVar("T")


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
        case date():
            return value.isoformat()
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case str() | int():
            return value
    raise Invalid(f"{type(value).__name__} 没有规范写法。")


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of type `kind` that `to_plain` wrote; Invalid where the form is another."""
    try:
        return _read(kind, plain)  # type: ignore[no-any-return]
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"保存的数据不是“{kind.__name__}”的形式，可能已损坏：{error}") from error


def _read(kind: Any, plain: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if plain == "" else _read(inner, plain)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in plain)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        if set(plain) != {f.name for f in fields(kind)}:
            raise ValueError(sorted(set(plain) ^ {f.name for f in fields(kind)}))
        return kind(**{name: _read(hints[name], plain[name]) for name in plain})
    if kind is bool:
        return bool((0, 1).index(plain))
    if kind is date:
        return date.fromisoformat(plain)
    if isinstance(plain, kind):
        return plain
    return kind(plain)
