"""When a question of the checklist is asked at all: what was answered to another one before it.

Written in the item list as `事项名称：答案、答案`, the name of another item and the answers on
which this one is asked; the name alone means that the other item concerns the site.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongchou.core.refusals import Invalid
from gongchou.core.terms import ItemResult

WORDS: Mapping[str, ItemResult] = {word.label: word for word in ItemResult}
CONCERNS = frozenset({ItemResult.NO_PROBLEM, ItemResult.PROBLEM})
FORM = "应写成“事项名称：答案”，答案为“未发现问题”“发现问题”“不涉及”，多个以顿号分隔"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The other item, by name or code, and the answers on which this one is asked."""

    item: str
    results: frozenset[ItemResult] = CONCERNS

    @property
    def says(self) -> str:
        words = "”或“".join(word.label for word in ItemResult if word in self.results)
        return f"“{self.item}”选择“{words}”时填写"


def condition_of(text: str) -> Condition | None:
    """What a cell says; None where it is empty, Invalid where its form is another."""
    if not text.strip():
        return None
    name, _, answers = text.strip().replace(":", "：").rpartition("：")
    if not name:
        return Condition(item=answers.strip())
    words = [word.strip() for word in re.split(r"[、，,或/]+", answers) if word.strip()]
    if not words or any(word not in WORDS for word in words):
        raise Invalid(f"前提“{text}”写法不对，{FORM}。")
    return Condition(item=name.strip(), results=frozenset(WORDS[word] for word in words))


def problems(conditions: Iterable[tuple[str, Condition | None]]) -> tuple[str, ...]:
    """What is wrong with the conditions of a whole list, given by the names of its items.

    Each rests on an item of the list, and following them from item to item comes to an end.
    """
    held = dict(conditions)
    says = []
    for name, condition in held.items():
        if condition is None:
            continue
        if condition.item not in held:
            says.append(f"“{name}”的前提是“{condition.item}”，清单中没有这一事项。")
        elif _circles(name, held):
            says.append(f"“{name}”的前提绕回到它自己，永远不会问到。")
    return tuple(says)


def _circles(name: str, held: Mapping[str, Condition | None]) -> bool:
    seen, at = {name}, held[name]
    while at is not None and at.item in held:
        if at.item in seen:
            return at.item == name
        seen.add(at.item)
        at = held[at.item]
    return False


def unasked(
    conditions: Mapping[str, Condition | None], results: Mapping[str, ItemResult | None]
) -> frozenset[str]:
    """Codes of the items that are not asked on these answers; conditions name codes here.

    An item whose other item is not on the form is asked: nothing there could say otherwise.
    """
    return frozenset(code for code in conditions if not _is_asked(code, conditions, results))


def ruled_out(
    conditions: Mapping[str, Condition | None], results: Mapping[str, ItemResult | None]
) -> frozenset[str]:
    """Codes of the items that an answer already given makes needless.

    On a form that is not filled in yet nothing is ruled out: each question may still be asked.
    """
    return frozenset(code for code in conditions if _is_ruled_out(code, conditions, results))


def _is_ruled_out(
    code: str,
    conditions: Mapping[str, Condition | None],
    results: Mapping[str, ItemResult | None],
) -> bool:
    condition, seen = conditions[code], {code}
    while condition is not None and condition.item in conditions and condition.item not in seen:
        given = results.get(condition.item)
        if given is not None and given not in condition.results:
            return True
        seen.add(condition.item)
        condition = conditions[condition.item]
    return False


def _is_asked(
    code: str,
    conditions: Mapping[str, Condition | None],
    results: Mapping[str, ItemResult | None],
) -> bool:
    condition, seen = conditions[code], {code}
    while condition is not None and condition.item in conditions:
        if condition.item in seen or results.get(condition.item) not in condition.results:
            return False
        seen.add(condition.item)
        condition = conditions[condition.item]
    return True
