"""What a correction changes for the public, line by line, for the person who approves it."""

from collections.abc import Iterator
from dataclasses import dataclass

from gongchou.core import canon
from gongchou.core.disclosure import WHOLE
from gongchou.publication import models, office

Told = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that reads otherwise; empty where it was not, or is not any more, told."""

    where: str
    label: str
    before: str
    now: str


def differences(ref: str, bureau: str) -> tuple[Difference, ...]:
    """The fields in which a correction reads otherwise than what it takes the place of."""
    new = models.Publication.objects.filter(ref=ref, bureau=bureau).first()
    old = models.Publication.objects.filter(ref=new.replaces if new else "").first()
    if new is None or old is None:
        return ()
    was, now = dict(_told(old)), dict(_told(new))
    keys = [*now, *(key for key in was if key not in now)]
    found = [(key, was.get(key, ("", "")), now.get(key, ("", ""))) for key in keys]
    return tuple(
        Difference(where=after[0] or before[0], label=label, before=before[1], now=after[1])
        for (_, label), before, after in found
        if before[1] != after[1]
    )


def _told(row: models.Publication) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Each public field: by which thing and which label, under which heading, what it says."""
    visits = dict(row.lines.values_list("number", "visit"))
    rows = canon.parse(bytes(row.original)).get("rows", ())
    keys = [visits.get(one.get("number"), "") for one in rows]
    for place, group in enumerate(office.preview(row.ref, row.bureau).groups, -1):
        # The text as a whole comes first; a line of a notice is known by its visit.
        key = keys[place] if 0 <= place < len(keys) else ""
        said: dict[str, list[str]] = {}
        for field in group.rows:
            if field.why != WHOLE and field.label != "序号":
                said.setdefault(field.label, []).append(field.public)
        for label, texts in said.items():
            yield (key or group.title, label), (group.title, "；".join(filter(None, texts)))
