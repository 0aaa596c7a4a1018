"""Short tests after a training: questions as somebody types them, and the marks of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongchou.core.refusals import Invalid

MOST_QUESTIONS, MOST_OPTIONS, LONGEST = 50, 8, 200
RIGHT, WRONG = "*＊", "-－—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its options; `right` counts from 0."""

    says: str
    options: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """How many answers were right, and the numbers (from 1) of those that were not."""

    right: int
    of: int
    missed: tuple[int, ...]

    def passes(self, least: int) -> bool:
        return self.right >= least


def read_questions(text: str) -> tuple[Question, ...]:
    """Questions from lines: the question, then a line for each option, `*` before the right one.

    Invalid, with the number of the line, for everything else.
    """
    found: list[tuple[int, str, list[str], list[int]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = " ".join(line.split())
        if words and len(words) > LONGEST:
            raise Invalid(f"第 {number} 行超过 {LONGEST} 字，请缩短。")
        if words:
            _add(found, number, words)
    if not 1 <= len(found) <= MOST_QUESTIONS:
        raise Invalid(f"请写 1 到 {MOST_QUESTIONS} 道题，现有 {len(found)} 道。")
    return tuple(_question(*one) for one in found)


def _add(found: list[tuple[int, str, list[str], list[int]]], number: int, words: str) -> None:
    """The line as a new question, or as an option of the last one."""
    if words[0] not in RIGHT + WRONG:
        found.append((number, words, [], []))
        return
    if not found:
        raise Invalid(f"第 {number} 行是选项，前面没有题目。请先写题目，再逐行写选项。")
    option = words[1:].strip()
    if not option:
        raise Invalid(f"第 {number} 行的选项没有内容，请补充。")
    if words[0] in RIGHT:
        found[-1][3].append(len(found[-1][2]))
    found[-1][2].append(option)


def _question(number: int, says: str, options: list[str], right: list[int]) -> Question:
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise Invalid(
            f"第 {number} 行的题目有 {len(options)} 个选项，应有 2 到 {MOST_OPTIONS} 个。"
        )
    if len(right) != 1:
        raise Invalid(f"第 {number} 行的题目标了 {len(right)} 个正确选项，应只标一个，行首写 *。")
    if len(set(options)) != len(options):
        raise Invalid(f"第 {number} 行的题目有重复的选项，请改正。")
    return Question(says=says, options=tuple(options), right=right[0])


def marked(questions: Sequence[Question], answers: Sequence[int]) -> Marked:
    """The marks of one attempt; Invalid where a question has no answer."""
    if len(answers) != len(questions):
        raise Invalid(f"共有 {len(questions)} 道题，收到 {len(answers)} 个回答，请逐题作答。")
    wrong = [
        number
        for number, (question, answer) in enumerate(zip(questions, answers, strict=True), start=1)
        if answer != question.right
    ]
    return Marked(right=len(questions) - len(wrong), of=len(questions), missed=tuple(wrong))
