"""What an enterprise can check about a draw: its own line, against what was published before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.core import merkle
from gongchou.core.canon import canon, hash_of
from gongchou.core.terms import PublicationKind
from gongchou.publication import reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One draw of the quarter, and whether the proof leads to the published announcement."""

    draw: str
    task: str
    quarter: str
    drawn: str
    in_roster: bool
    is_proved: bool
    announcement: str
    proof: Mapping[str, Any]

    @property
    def line(self) -> str:
        """The firm's own line, in the bytes over which the path is counted."""
        return canon(self.proof["row"]).decode()


def standings(bureau: str, draws: list[dict[str, Any]]) -> list[Standing]:
    return [_standing(bureau, row) for row in draws]


def _standing(bureau: str, row: dict[str, Any]) -> Standing:
    public = reads.current(bureau, PublicationKind.ANNOUNCEMENT, source=row["draw"])
    proof = row["proof"]
    announced = public.document["announcement"] if public else None
    return Standing(
        draw=row["draw"],
        task=row["task"],
        quarter=row.get("quarter", ""),
        drawn=row["drawn"],
        in_roster=bool(proof),
        is_proved=bool(proof and announced and leads_to(proof, announced)),
        announcement=public.ref if public else "",
        proof=proof,
    )


def leads_to(proof: Mapping[str, Any], announcement: Mapping[str, Any]) -> bool:
    """Whether a roster line leads along its path to a root that the announcement fixed."""
    root = merkle.root_by_path(
        hash_of(announcement["hash"]),
        canon(proof["row"]),
        index=proof["index"],
        size=proof["size"],
        siblings=[bytes.fromhex(sibling) for sibling in proof["path"]],
    )
    return root is not None and [proof["size"], root.hex()] in _rosters(announcement)


def _rosters(announcement: Mapping[str, Any]) -> list[list[Any]]:
    """Size and root of each roster: one, or where several draw together one a department."""
    return [one["roster"] for one in announcement.get("departments", [announcement])]
