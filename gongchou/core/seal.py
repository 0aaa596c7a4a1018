"""The sealed list: one leaf per drawn visit, its root public at once (`docs/spec/draw.md` §2.5)."""

from collections.abc import Sequence
from typing import Protocol

from gongchou.core import merkle
from gongchou.core.canon import Hash, canon, tagged
from gongchou.core.draw_values import DrawnVisit

HIDDEN = "DR1/visit"


class Sealable(Protocol):
    """A visit of any protocol: its id, and its id and teams in canonical form."""

    @property
    def pid(self) -> str: ...
    def plain(self) -> list[object]: ...


def hidden_id(hash_: Hash, seed: bytes, pid: str, *, tag: str = HIDDEN) -> str:
    """Hex digest that stands for an object to whoever has no seed."""
    return tagged(hash_, tag, seed, pid.encode()).hex()


def sealed_leaf(hash_: Hash, seed: bytes, j: int, visit: Sealable, *, tag: str = HIDDEN) -> bytes:
    """Leaf j of the sealed list: `[j, hidden id, pid, teams]` in canonical bytes."""
    return canon([j, hidden_id(hash_, seed, visit.pid, tag=tag), *visit.plain()])


def sealed_leaves(hash_: Hash, seed: bytes, visits: Sequence[DrawnVisit]) -> list[bytes]:
    """All leaves of a list as first drawn, in visit order."""
    return [sealed_leaf(hash_, seed, j, visit) for j, visit in enumerate(visits)]


def sealed_root(hash_: Hash, leaves: Sequence[bytes]) -> str:
    """Root of the sealed list in hex: what goes into the log before anybody is visited."""
    return merkle.root(hash_, leaves).hex()


def leaf_proof(hash_: Hash, leaves: Sequence[bytes], j: int) -> list[str]:
    """Sibling hashes (hex, upwards) that an inspection notice carries for leaf j."""
    return [sibling.hex() for sibling in merkle.path(hash_, leaves, j)]


def is_sealed(
    hash_: Hash, leaf: bytes, *, j: int, size: int, path: Sequence[str], root: str
) -> bool:
    """Whether `leaf` stands at place j of the sealed list with this root: fixed at the draw."""
    try:
        siblings = [bytes.fromhex(sibling) for sibling in path]
    except ValueError:
        return False
    found = merkle.root_by_path(hash_, leaf, index=j, size=size, siblings=siblings)
    return found is not None and found.hex() == root
