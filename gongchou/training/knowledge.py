"""What can be looked up: the laws behind each item, good practices taken up, what was taught."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gongchou.core.searching import Document, search
from gongchou.core.workdays import written_day
from gongchou.registry import reads as registers
from gongchou.training import reads

LEAST, MOST = Fraction(2, 3), 30
LAW, PRACTICE, TAUGHT = "法律法规", "良好做法", "培训宣传"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that was found; `event` is the ref of a training event, "" for others."""

    kind: str
    title: str
    text: str
    event: str


def documents(bureau: str, today: date) -> tuple[Document, ...]:
    """Keys begin with the kind, a colon and the place in its room."""
    return (*_laws(bureau, today), *_practices(bureau), *_taught(bureau, today))


def _laws(bureau: str, today: date) -> list[Document]:
    found = registers.item_list_in_force(bureau, today)
    return [
        Document(
            key=f"{LAW}:{item.code}",
            title=f"{item.code} {item.name}",
            text="\n".join(
                part for part in (item.legal_basis, item.law_text, item.point, item.note) if part
            ),
        )
        for item in (found.items if found else ())
    ]


def _practices(bureau: str) -> list[Document]:
    return [
        Document(key=f"{PRACTICE}:{row.ref}", title=row.title, text=f"{row.says}\n{row.effect}")
        for row in reads.practices(bureau)
        if row.is_taken_up
    ]


def _taught(bureau: str, today: date) -> list[Document]:
    return [
        Document(key=f"{TAUGHT}:{row.ref}", title=row.title, text=_told(row))
        for row in reads.events(bureau, date.min, today)
        if row.counts
    ]


def _told(row: reads.EventRow) -> str:
    """With its day: the same lesson is held more than once."""
    return "\n".join((f"{written_day(row.held_on)}，{row.audience}", row.laws, row.says))


def look_up(bureau: str, asked: str, today: date) -> tuple[Found, ...]:
    found = []
    for hit in search(documents(bureau, today), asked, least=LEAST, most=MOST):
        kind, _, place = hit.document.key.partition(":")
        event = place if kind == TAUGHT else ""
        found.append(
            Found(kind=kind, title=hit.document.title, text=hit.document.text, event=event)
        )
    return tuple(found)
