"""The chain of events: each entry binds the one before it, a checkpoint binds them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongchou.core.canon import HASHES, Canonical, canon, tagged
from gongchou.core.plain import SHANGHAI

START = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act: what, about what, by whom, when, with which details. `seq` counts from 1."""

    bureau: str
    seq: int
    kind: str
    about: str
    by: str
    by_name: str
    at: datetime
    data: Mapping[str, Canonical]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An entry as stored: the event, the digest before it, and its own."""

    event: Event
    previous: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Head of the chain: number of entries and digest of the last."""

    bureau: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first entry that does not hold, and why."""

    seq: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBack:
    """An entry that holds, but says an instant before the entry it follows."""

    seq: int
    says: str


def written(at: datetime) -> str:
    """An instant in canonical bytes: to the second, in Asia/Shanghai, with the offset."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def digest_of(event: Event, previous: str) -> str:
    """Hex digest of an entry that follows `previous`."""
    body = canon(
        {
            "bureau": event.bureau, "seq": event.seq, "kind": event.kind, "about": event.about,
            "by": event.by, "by_name": event.by_name, "at": written(event.at),
            "data": dict(event.data),
        }
    )  # fmt: skip
    return tagged(HASHES["sha256"], "GC1/event", bytes.fromhex(previous), body).hex()


def first_break(links: Iterable[Link], checkpoint: Checkpoint | None = None) -> Break | None:
    """The first entry that was altered, removed, moved or inserted; None where the chain holds.

    `checkpoint` comes from outside (paper, portal, second disk): it also finds a cut tail and a
    chain that was computed anew.
    """
    previous, size = START, 0
    for link in links:
        size += 1
        if link.event.seq != size:
            return Break(seq=size, says=f"第 {size} 条缺失或次序被改动。")
        if link.previous != previous or digest_of(link.event, previous) != link.digest:
            return Break(seq=size, says=f"第 {size} 条的内容与摘要不符。")
        previous = link.digest
        if checkpoint and size == checkpoint.size and previous != checkpoint.digest:
            return Break(seq=size, says=f"第 {size} 条与外部校验点不符，此前的记录被改写过。")
    if checkpoint and size < checkpoint.size:
        return Break(seq=size + 1, says=f"校验点有 {checkpoint.size} 条，现只有 {size} 条。")
    return None


def steps_back(links: Iterable[Link], *, most: timedelta) -> tuple[StepBack, ...]:
    """Entries whose instant lies more than `most` before that of the entry before them.

    No break: the digests hold. The clock of the machine was set back, or somebody wrote late.
    """
    found: list[StepBack] = []
    before: datetime | None = None
    for link in links:
        at = link.event.at
        if before is not None and before - at > most:
            says = f"第 {link.event.seq} 条时间倒退：{written(at)}，而前一条是 {written(before)}。"
            found.append(StepBack(seq=link.event.seq, says=says))
        before = at
    return tuple(found)
