"""F4: the event log attacked in the database itself, and judged against an outside checkpoint."""

import random
from collections.abc import Callable

from benchmarks.guards import cursor, unguarded
from benchmarks.place import AT
from benchmarks.result import Figure

SIZE = 60
CLOCKS = 20
TEXTS = ("bureau", "kind", "about", "by_ref", "by_name", "previous", "digest")


def _house(bureau: str) -> None:
    from gongchou.audit.actions import append
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    by = console(bureau, "figures")
    for number in range(SIZE):
        data = {"n": number}
        append(EventKind.FACT_RECORDED, about=f"S{number}", by=by, at=AT, data=data)


def _attacks(chance: random.Random) -> dict[str, Callable[[object], None]]:
    """Each takes a cursor and harms the log at random places."""
    place = lambda: chance.randrange(2, SIZE - 1)  # noqa: E731

    def edit(column: str) -> Callable[[object], None]:
        value = "'{\"n\": 999}'" if column == "data" else "'2020-01-01 00:00:00'"
        value = f"'x' || substr({column}, 2)" if column in TEXTS else value
        value = f"{column} + 1000" if column == "seq" else value
        return lambda c: c.execute(
            f"UPDATE audit_event SET {column} = {value} WHERE seq = {place()}"
        )

    def swap(c) -> None:
        one = place()
        for step in (f"seq = 9999 WHERE seq = {one}", f"seq = {one} WHERE seq = {one + 1}",
                     f"seq = {one + 1} WHERE seq = 9999"):  # fmt: skip
            c.execute(f"UPDATE audit_event SET {step}")

    def insert(c) -> None:
        one = place()
        c.execute(f"UPDATE audit_event SET seq = seq + 10000 WHERE seq >= {one}")
        columns = "bureau, kind, about, by_ref, by_name, at, data, previous, digest"
        c.execute(
            f"INSERT INTO audit_event (seq, {columns}) SELECT {one}, {columns} FROM audit_event "
            f"WHERE seq = {one - 1}"
        )
        c.execute("UPDATE audit_event SET seq = seq - 9999 WHERE seq > 10000")

    found = {f"改 {name}": edit(name) for name in (*TEXTS, "seq", "at", "data")}
    return found | {
        "删一条": lambda c: c.execute(f"DELETE FROM audit_event WHERE seq = {place()}"),
        "换次序": swap,
        "插一条": insert,
        "截去末尾": _cut,
        "改后整条重算": lambda c: _rechain(c, place()),
        "换回旧库": _old_database,
    }


def _cut(cursor) -> None:
    cursor.execute(f"DELETE FROM audit_event WHERE seq > {SIZE - 5}")
    _set_head(cursor)


def _set_head(cursor) -> None:
    cursor.execute(
        "UPDATE audit_chainhead SET (size, digest) = "
        "(SELECT seq, digest FROM audit_event ORDER BY seq DESC LIMIT 1)"
    )


def _rechain(cursor, place: int) -> None:
    """Somebody with the program changes an entry and computes all digests after it anew."""
    from dataclasses import replace

    from gongchou.audit import reads
    from gongchou.core.chain import START, digest_of

    links, previous = list(reads.chain("990173")), START
    for link in links:
        event = link.event
        if event.seq == place:
            event = replace(event, about="forged")
        digest = digest_of(event, previous)
        cursor.execute(
            "UPDATE audit_event SET about = %s, previous = %s, digest = %s WHERE seq = %s",
            [event.about, previous, digest, event.seq],
        )
        previous = digest
    _set_head(cursor)


def _old_database(cursor) -> None:
    """The database of some days ago, in which people then went on working."""
    from gongchou.audit.actions import append
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    _cut(cursor)
    for number in range(8):
        by = console("990173", "figures")
        append(EventKind.FACT_RECORDED, about=f"T{number}", by=by, at=AT)


# What no chain can see without a checkpoint from outside: these must go unseen in the control.
NEED_OUTSIDE = frozenset({"截去末尾", "改后整条重算", "换回旧库"})


def figure(*, rounds: int, seed: int) -> list[Figure]:
    from gongchou.audit import reads

    _house("990173")
    outside, chance = reads.head("990173"), random.Random(seed)
    clean = sum(reads.first_break_of("990173", outside) is None for _ in range(rounds))
    seen: dict[str, int] = {}
    unseen_alone = 0
    for _ in range(rounds):
        for name, attack in _attacks(chance).items():
            with unguarded("audit_event"):
                attack(cursor())
                seen[name] = seen.get(name, 0) + bool(reads.first_break_of("990173", outside))
                if name in NEED_OUTSIDE:
                    unseen_alone += reads.first_break_of("990173") is None
    tried, found = rounds * len(seen), sum(seen.values())
    missed = "、".join(name for name, count in seen.items() if count < rounds)
    return [
        Figure(
            id="F4", name="留痕被改动，对照外部校验点能发现", value=f"{found}/{tried}",
            target="全部", met=found == tried, seed=seed,
            detail=f"{len(seen)} 种手法各 {rounds} 次，链长 {SIZE}；漏掉：{missed or '无'}。"
            f"未改动时 {rounds} 次核对误报 {rounds - clean} 次。",
        ),
        Figure(
            id="F4-control", name="反证：不用外部校验点时，截尾、重算、旧库看不出来",
            value=f"{unseen_alone}/{rounds * len(NEED_OUTSIDE)}", target="全部看不出来",
            met=unseen_alone == rounds * len(NEED_OUTSIDE), seed=seed,
            detail="同样的攻击，只核对链本身；看不出来才说明外部校验点不可少。",
        ),
        _clock_back(seed),
    ]  # fmt: skip


def _clock_back(seed: int) -> Figure:
    """Acts recorded with the server's clock set back: the chain holds, the times do not."""
    from datetime import timedelta

    from django.db import transaction

    from gongchou.audit import reads
    from gongchou.audit.actions import append
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    chance, most = random.Random(seed), timedelta(minutes=5)
    false_alarms, seen = len(reads.steps_back_of("990173", most=most)), 0
    for _ in range(CLOCKS):
        with transaction.atomic():
            by, back = console("990173", "figures"), timedelta(minutes=chance.randrange(6, 60_000))
            append(EventKind.FACT_RECORDED, about="late", by=by, at=AT - back)
            named = [row.seq for row in reads.steps_back_of("990173", most=most)]
            seen += named == [SIZE + 1]
            transaction.set_rollback(True)
    return Figure(
        id="F4-clock", name="时钟拨回后记下的事件，核对时指出是哪一条", value=f"{seen}/{CLOCKS}",
        target="全部", met=seen == CLOCKS and not false_alarms, seed=seed,
        detail="随机拨回 6 分钟到 41 天；链按次序固定，时间倒退不算断链，由 audit verify 逐条警告，"
        f"5 分钟以内的校时不警告。未拨动时误报 {false_alarms} 条。",
    )  # fmt: skip
