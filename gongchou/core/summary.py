"""The quarter's summary as paragraphs whose numbers know where they come from (domain §3.6).

A number of the text is a claim: it names the cell it was taken from and how that was shown. A
text may be edited freely; numbers keep their cells as far as they can be recognised, and whatever
no longer agrees is said in a sentence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gongchou.core import canon, plain
from gongchou.core.refusals import Invalid

LONGEST = 3000
# Days, years, document numbers and codes are no counts.
NUMBER = re.compile(
    r"(?<![0-9A-Za-z.〔\-])[0-9]+(?:\.[0-9]+)?%?(?![0-9A-Za-z.%〕．\-]|年|月|日|号)"
)
_SLOT = re.compile(r"\{([^{}]+)\}")
Token = tuple[str, bool]
# Numbers typed with a Chinese keyboard in full-width signs are numbers like all others.
_NARROW = str.maketrans("０１２３４５６７８９％", "0123456789%")
# A sentence that ends with a half-width stop after its number; a line's own "1." is none.
_STOP = re.compile(r"(?<=[^0-9\s.])([0-9]+(?:\.[0-9]+)?%?)\.(?=[^0-9A-Za-z.]|$)")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that a text may quote: as shown, and what it is called."""

    shown: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The `place`-th number of a paragraph (from 0) was taken from `source`."""

    place: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph; `level` 0 is text, 1 and 2 are headings.

    `asks` says what a person has to write where the facts are silent and the text is empty.
    """

    key: str
    text: str
    level: int = 0
    claims: tuple[Claim, ...] = ()
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One thing that proves a typical case; `digest` where it is a file or a record."""

    kind: str
    ref: str
    says: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalCase:
    """A typical case: the visit and the list of its proofs, as they were when it was picked."""

    visit: str
    name: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterSummary:
    """One version of a summary. `table` is the frozen statistics table it quotes, or empty."""

    bureau: str
    bureau_name: str
    quarter: str
    on: date
    addressee: str
    document_number: str
    table: str
    table_digest: str
    paragraphs: tuple[Paragraph, ...]
    cases: tuple[TypicalCase, ...] = ()

    def frozen(self) -> bytes:
        """The one byte form."""
        return canon.canon(plain.to_plain(self))

    @classmethod
    def thawed(cls, content: bytes) -> "QuarterSummary":
        """The summary whose bytes these are."""
        return plain.from_plain(cls, canon.parse(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong in a paragraph; `place` is the number meant, or None for the whole.

    A blocking one keeps the summary from being sent.
    """

    paragraph: str
    place: int | None
    says: str
    is_blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a paragraph: plain, or a number with its source and what is wrong with it."""

    text: str
    is_number: bool = False
    source: str = ""
    says: str = ""


def filled(key: str, template: str, numbers: Mapping[str, Number], *, asks: str = "") -> Paragraph:
    """The paragraph of a template whose `{source}` slots take the numbers' values.

    KeyError where the template names a number that nobody counted: a fault of ours.
    """
    text, starts = "", dict[int, str]()
    at = 0
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        starts[len(text)] = slot[1]
        text += numbers[slot[1]].shown
        at = slot.end()
    text += template[at:]
    return Paragraph(key=key, text=text, claims=_claims(text, starts), asks=asks)


def _claims(text: str, starts: Mapping[int, str]) -> tuple[Claim, ...]:
    """The claims of a text by where their numbers begin."""
    return tuple(
        Claim(place=place, source=starts[found.start()])
        for place, found in enumerate(NUMBER.finditer(text))
        if found.start() in starts
    )


def renewed(was: Paragraph, numbers: Mapping[str, Number]) -> Paragraph:
    """The same words with the numbers as they are now; one that nobody counts any more stays."""
    held, starts = {claim.place: claim.source for claim in was.claims}, dict[int, str]()
    text, at = "", 0
    for place, number in enumerate(NUMBER.finditer(was.text)):
        text += was.text[at : number.start()]
        source, shown = held.get(place, ""), number[0]
        if source:
            starts[len(text)] = source
            shown = numbers[source].shown if source in numbers else shown
        text, at = text + shown, number.end()
    text += was.text[at:]
    return replace(was, text=text, claims=_claims(text, starts))


def rebound(was: Paragraph, text: str) -> Paragraph:
    """The paragraph with a new text: numbers keep their cells where they can be recognised.

    What stands before the first and after the last change is unchanged. Between them numbers are
    paired in order where there are as many as before, else by their values.
    """
    cleaned = cleaned_text(text)
    old, new = _tokens(was.text), _tokens(cleaned)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    pairs = _paired(old, new, head, tail)
    held = {claim.place: claim.source for claim in was.claims}
    claims = tuple(Claim(place=n, source=held[o]) for o, n in pairs if o in held)
    return replace(was, text=cleaned, claims=claims)


def cleaned_text(text: str) -> str:
    """As it will be kept: no control characters, one line end a paragraph, no blank lines."""
    given = text.translate(_NARROW).splitlines()
    lines = (" ".join(_CONTROL.sub(" ", line).split()) for line in given)
    found = "\n".join(_STOP.sub(r"\1。", line) for line in lines if line)
    if len(found) > LONGEST:
        raise Invalid(f"一段不得超过 {LONGEST} 字，现有 {len(found)} 字。请分成几段。")
    return found


def _tokens(text: str) -> list[Token]:
    """Numbers whole, everything else letter by letter; each says whether it is a number."""
    found, at = list[Token](), 0
    for number in NUMBER.finditer(text):
        found += [*((letter, False) for letter in text[at : number.start()]), (number[0], True)]
        at = number.end()
    return [*found, *((letter, False) for letter in text[at:])]


def _shared(one: Sequence[Token], other: Sequence[Token]) -> int:
    """How many tokens are the same from the front."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def _numbers(tokens: Iterable[Token]) -> list[str]:
    return [text for text, is_number in tokens if is_number]


def _paired(
    old: Sequence[Token], new: Sequence[Token], head: int, tail: int
) -> list[tuple[int, int]]:
    """Places of old and new numbers that are taken for the same one."""
    before = len(_numbers(old[:head]))
    was, now = (_numbers(side[head : len(side) - tail]) for side in (old, new))
    middle = _matched(was, now)
    after = len(_numbers(old[len(old) - tail :]))
    ends = [(before + len(was) + n, before + len(now) + n) for n in range(after)]
    return [*((n, n) for n in range(before)), *((before + o, before + n) for o, n in middle), *ends]


def _matched(was: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """In order where there are as many; else the longest run of equal values."""
    if len(was) == len(now):
        return [(n, n) for n in range(len(was))]
    best: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
    for o in range(len(was), -1, -1):
        for n in range(len(now), -1, -1):
            if o == len(was) or n == len(now):
                best[o, n] = ()
            elif was[o] == now[n]:
                best[o, n] = ((o, n), *best[o + 1, n + 1])
            else:
                best[o, n] = max(best[o + 1, n], best[o, n + 1], key=len)
    return list(best[0, 0])


def findings(summary: QuarterSummary, numbers: Mapping[str, Number]) -> tuple[Finding, ...]:
    """All that is wrong against the numbers as they are now, in the order of the text."""
    return tuple(
        finding for paragraph in summary.paragraphs for finding in _findings(paragraph, numbers)
    )


def _findings(paragraph: Paragraph, numbers: Mapping[str, Number]) -> list[Finding]:
    if not paragraph.text:
        says = f"“{paragraph.asks}”还没有写，请补写；本季度没有的，也请写明。"
        missing = Finding(paragraph=paragraph.key, place=None, says=says, is_blocking=True)
        return [missing] if paragraph.asks else []
    if paragraph.level:
        return []
    held = {claim.place: claim.source for claim in paragraph.claims}
    found = list[Finding]()
    for place, number in enumerate(NUMBER.finditer(paragraph.text)):
        says, is_blocking = _problem(number[0], held.get(place, ""), numbers)
        if says:
            found.append(
                Finding(paragraph=paragraph.key, place=place, says=says, is_blocking=is_blocking)
            )
    return found


def _problem(written: str, source: str, numbers: Mapping[str, Number]) -> tuple[str, bool]:
    """The sentence about one number, and whether it keeps the summary from being sent."""
    if not source:
        return f"“{written}”是自行填写的，没有对应的统计数字，请核对出处。", False
    number = numbers.get(source)
    if number is None:
        return f"“{written}”原来引用的统计数字现在没有了，请改写这一处。", True
    if number.shown != written:
        says = (
            f"“{number.label}”写的是 {written}，记录中是 {number.shown}，两者不符。"
            "请改正文字，或者先更正记录和统计表。"
        )
        return says, True
    return "", False


def pieces(paragraph: Paragraph, found: Iterable[Finding]) -> tuple[Piece, ...]:
    """The paragraph cut at its numbers, each with its source and what is wrong with it."""
    says = {one.place: one.says for one in found if one.paragraph == paragraph.key}
    held = {claim.place: claim.source for claim in paragraph.claims}
    cut, at = list[Piece](), 0
    for place, number in enumerate(NUMBER.finditer(paragraph.text)):
        if number.start() > at:
            cut.append(Piece(text=paragraph.text[at : number.start()]))
        cut.append(
            Piece(
                text=number[0],
                is_number=True,
                source=held.get(place, ""),
                says=says.get(place, ""),
            )
        )
        at = number.end()
    return (*cut, Piece(text=paragraph.text[at:])) if at < len(paragraph.text) else tuple(cut)
