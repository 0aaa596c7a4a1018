"""What an earlier notice marked as a trade secret stays marked in the next one."""

from collections.abc import Mapping, Sequence
from typing import Any

from gongchou.core import canon
from gongchou.core.disclosure import same_place
from gongchou.publication import models
from gongchou.publication.gathering import Draft


def kept_secrets(draft: Draft, bureau: str) -> list[str]:
    """Paths in a draft that the newest notice of the same visits has marked.

    So no text becomes public because its notice was returned, corrected or withdrawn.
    """
    marked, found = _marked(bureau, [line.visit for line in draft.lines]), []
    for place, line in enumerate(draft.lines):
        if line.visit in marked:
            was, paths = marked[line.visit]
            now = draft.original["rows"][place]
            inner = [same_place(path, was, now) for path in paths]
            found += [f"rows.{place}.{path}" for path in inner if path]
    return found


def _marked(
    bureau: str, visits: Sequence[str]
) -> dict[str, tuple[Mapping[str, Any], Sequence[str]]]:
    """The newest row of each visit as pulled, with the paths in it, where its notice has any."""
    lines = models.ResultLine.objects.filter(bureau=bureau, visit__in=visits)
    newest = {line.visit: line for line in lines.order_by("publication_id")}
    notices = {line.publication_id for line in newest.values()}
    held = models.Publication.objects.exclude(secrets=[]).in_bulk(notices)
    rows = {key: canon.parse(bytes(row.original))["rows"] for key, row in held.items()}
    return {
        visit: _of_line(rows[line.publication_id], held[line.publication_id].secrets, line.number)
        for visit, line in newest.items()
        if line.publication_id in held
    }


def _of_line(
    rows: Sequence[Mapping[str, Any]], secrets: Sequence[str], number: int
) -> tuple[Mapping[str, Any], Sequence[str]]:
    index = next(place for place, row in enumerate(rows) if row["number"] == number)
    above = f"rows.{index}."
    return rows[index], [path.removeprefix(above) for path in secrets if path.startswith(above)]
