"""The permission table of the documentation, and the addresses the product really has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from gongchou.core.powers import Power

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
ANYBODY, SIGNED_IN, NEVER, SAME = "任何人", "已登录", "不可", "同左"
TOKEN, FIELD = "令牌", "外勤登录"
ROW = re.compile(r"^\| `(/[^`]*)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
LABELS = {power.label: power for power in Power}
Who = str | frozenset[Power]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who may see an address and who may act on it."""

    address: str
    get: Who
    post: Who


def _who(words: str) -> Who:
    words = words.strip()
    if words in (ANYBODY, SIGNED_IN, TOKEN, FIELD, NEVER):
        return words
    return frozenset(LABELS[word] for word in words.split("、"))


def doors() -> list[Door]:
    """The rows of the documentation; a word that is no power is a KeyError."""
    found = []
    for address, get, post in ROW.findall(PAGE.read_text()):
        seen = _who(get)
        acts = seen if post.strip() == SAME else _who(post)
        found.append(Door(address=address, get=seen, post=acts))
    return found


def addresses() -> list[str]:
    """Every address of the product, its parts named as in the documentation."""
    return [_plain("/" + route) for route in _routes(get_resolver(), "")]


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _routes(entry, route)


def _plain(route: str) -> str:
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    route = re.sub(r"<(?:\w+):(\w+)>", r"<\1>", route)
    return route.replace("^", "").rstrip("$")
