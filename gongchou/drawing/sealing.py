"""The sealed list: hidden visit by visit under keys of its own, opened visit by visit.

`Secrets` are what decides the list (the shares and the closing value's seed); they lie under the
list key W, and W lies sealed to the secrecy group. Nothing here writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gongchou.core import joint, seal
from gongchou.core.canon import canon, hash_of, parse
from gongchou.core.draw import ticketer
from gongchou.core.draw_reading import read_announcement
from gongchou.core.draw_values import Announcement, DrawnVisit, DrawOutcome, Reveal
from gongchou.core.joint_record import read_joint_announcement
from gongchou.core.joint_values import JointAnnouncement, JointOutcome, JointVisit
from gongchou.drawing import strongbox
from gongchou.drawing.contributing import packed, unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The seed, and the shares it was made of."""

    seed: bytes
    reveals: tuple[Reveal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVisit:
    """One visit in clear; `leaf` and `path` prove that it stood in the sealed list."""

    pid: str
    parts: tuple[tuple[int, ...], ...]
    leaf: str
    path: tuple[str, ...]
    # Of which department each part is; empty where one bureau draws for itself.
    depts: tuple[int, ...] = ()

    def plain(self) -> bytes:
        plain = [self.pid, [list(part) for part in self.parts], self.leaf, list(self.path)]
        return canon([*plain, list(self.depts)] if self.depts else plain)


def read_open(plain: bytes) -> OpenVisit:
    pid, parts, leaf, path, *depts = parse(plain.rstrip())
    teams = tuple(tuple(part) for part in parts)
    whose = tuple(depts[0]) if depts else ()
    return OpenVisit(pid=pid, parts=teams, leaf=leaf, path=tuple(path), depts=whose)


def announced(body: bytes) -> Announcement:
    return read_announcement(parse(body))


def announced_joint(body: bytes) -> JointAnnouncement:
    return read_joint_announcement(parse(body))


def listed(profile: str, outcome: DrawOutcome) -> list[OpenVisit]:
    """The visits of a list as first drawn, each with its proof."""
    leaves = seal.sealed_leaves(hash_of(profile), outcome.seed, outcome.visits)
    return listed_leaves(profile, outcome, leaves)


def listed_leaves(profile: str, outcome: DrawOutcome, leaves: Sequence[bytes]) -> list[OpenVisit]:
    """The visits with the proofs of their leaves; there may be leaves behind the last visit."""
    hash_ = hash_of(profile)
    return [
        OpenVisit(
            pid=visit.pid,
            parts=visit.parts,
            leaf=leaf.decode(),
            path=tuple(seal.leaf_proof(hash_, leaves, j)),
        )
        for j, (visit, leaf) in enumerate(zip(outcome.visits, leaves, strict=False))
    ]


def listed_joint(profile: str, outcome: JointOutcome) -> list[OpenVisit]:
    """The visits of a joint list as first drawn, each with its proof."""
    hash_ = hash_of(profile)
    leaves = joint.sealed_leaves(hash_, outcome.seed, outcome.visits)
    return [
        replace(
            open_joint(visit), leaf=leaf.decode(), path=tuple(seal.leaf_proof(hash_, leaves, j))
        )
        for j, (visit, leaf) in enumerate(zip(outcome.visits, leaves, strict=True))
    ]


def open_joint(visit: JointVisit) -> OpenVisit:
    """A joint visit without proof, as a substitute is kept."""
    return OpenVisit(
        pid=visit.pid,
        parts=tuple(members for _, members in visit.parts),
        depts=tuple(d for d, _ in visit.parts),
        leaf="",
        path=(),
    )


def of_substitute(visit: DrawnVisit) -> OpenVisit:
    """A substitute stands in no sealed list: its ticket is its proof."""
    return OpenVisit(pid=visit.pid, parts=visit.parts, leaf="", path=())


def hidden(list_key: bytes, visits: Sequence[OpenVisit], *, draw: str, first: int) -> list[bytes]:
    """Each visit under its own key, all of one length."""
    plains = [visit.plain() for visit in visits]
    size = strongbox.same_length(plains)
    return [
        strongbox.hide_alike(
            strongbox.visit_key(list_key, j), plain, about=f"{draw}/visit/{j}", size=size
        )
        for j, plain in enumerate(plains, start=first)
    ]


def shown(list_key: bytes, blob: bytes, *, draw: str, number: int) -> OpenVisit:
    key = strongbox.visit_key(list_key, number)
    return read_open(strongbox.show(key, blob, about=f"{draw}/visit/{number}"))


def lock_secrets(list_key: bytes, secrets: Secrets, *, announcement_digest: str) -> bytes:
    plain = [
        secrets.seed.hex(),
        [[r.role, packed(r.nonce, r.share).decode()] for r in secrets.reveals],
    ]
    return strongbox.hide(list_key, canon(plain), about=announcement_digest)


def unlock_secrets(list_key: bytes, locked: bytes, *, announcement_digest: str) -> Secrets:
    seed, reveals = parse(strongbox.show(list_key, locked, about=announcement_digest))
    found = tuple(unpacked(role, text.encode()) for role, text in reveals)
    return Secrets(seed=bytes.fromhex(seed), reveals=found)


def tickets(announcement: Announcement, outcome: DrawOutcome) -> dict[str, list[str]]:
    """The drawn tickets of each stratum in order, without ids."""
    ticket = ticketer(hash_of(announcement.hash), outcome.seed, "select")
    return {
        stratum: [ticket(pid).hex() for pid in pids[: outcome.taken[stratum]]]
        for stratum, pids in outcome.order.items()
    }


def joint_tickets(announcement: JointAnnouncement, outcome: JointOutcome) -> dict[str, list[str]]:
    """The same of a joint draw: the tickets of the leading department's strata."""
    ticket = joint.ticketer(hash_of(announcement.hash), outcome.seed, "select")
    own = outcome.lists[0]
    return {
        stratum: [ticket(pid).hex() for pid in pids[: own.taken[stratum]]]
        for stratum, pids in own.order.items()
    }


def spread(count: int, days: Sequence[date]) -> list[date]:
    """A day for each visit in order, evenly over the working days."""
    return [days[j * len(days) // count] for j in range(count)]
