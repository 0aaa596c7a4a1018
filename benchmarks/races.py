"""F3: two officers press the same button at the same moment."""

import threading
from collections.abc import Callable
from functools import partial

from benchmarks.place import AT, TODAY
from benchmarks.result import Figure


def both(acts: list[Callable[[], object]]) -> list[str]:
    """Both acts at once, each on a connection of its own; what became of each."""
    from django.db import connections

    from gongchou.core.refusals import Refused

    line, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            line.wait()
            act()
            outcomes[number] = "done"
        except Refused:
            outcomes[number] = "refused"
        except Exception as error:
            outcomes[number] = f"fault: {type(error).__name__}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _bureau(code: str) -> tuple[object, object, object]:
    """A bureau with two officers and a leader, and a small register."""
    from gongchou.accounts import actions as accounts
    from gongchou.accounts import reads
    from gongchou.core.powers import console
    from gongchou.core.terms import BureauLevel, ImportKind, Role
    from gongchou.registry import actions as registry
    from tests.registry.test_import import HEADER, line

    root = console(code, "figures")
    accounts.create_bureau(code, f"测量用{code}", level=BureauLevel.DISTRICT, by=root, at=AT)
    people = []
    for name, role in (("a", Role.OFFICE), ("b", Role.OFFICE), ("c", Role.LEADER)):
        login = f"{name}{code}"
        ref = accounts.create_user(login, name, password="长口令-not-secret-1", by=root, at=AT)
        accounts.grant_role(ref, role, since=TODAY, by=root, at=AT)
        people.append(reads.actor_of(ref, TODAY))
    rows = [line(n, category="重点管理") for n in range(1, 12)]
    content = "\n".join([HEADER, *rows]).encode()
    registry.import_file(ImportKind.SUBJECTS, content, "r.csv", on=TODAY, by=people[0], at=AT)
    return people[0], people[1], people[2]


def figure(*, races: int, seed: int) -> list[Figure]:
    from gongchou.audit import reads as audit
    from gongchou.planning import actions as planning
    from gongchou.planning import reads

    once, faults = 0, []
    for number in range(races):
        code = f"9903{number:03}"
        one, other, leader = _bureau(code)
        outcomes = both(
            [partial(planning.compute_plan, "2026Q1", by=by, at=AT) for by in (one, other)]
        )
        plan = reads.plan_of(code, "2026Q1")
        approved = both([partial(planning.approve_plan, plan.ref, by=leader, at=AT)] * 2)
        is_whole = audit.first_break_of(code) is None and not reads.void_plans(code, "2026Q1")
        is_once = sorted(outcomes) == sorted(approved) == ["done", "refused"]
        once += is_once and is_whole
        faults += [o for o in (*outcomes, *approved) if o.startswith("fault")]
    doubles = _control(races)
    return [
        Figure(
            id="F3", name="两人同时测算、同时批准，各只成一次", value=f"{once}/{races}",
            target="全部", met=once == races, seed=seed,
            detail=f"{races} 次赛跑（每次两轮），一个进程两条连接；"
            f"意外：{'、'.join(sorted(set(faults))) or '无'}。",
        ),
        Figure(
            id="F3-control", name="反证：先查后写、没有约束时会写出两份",
            value=f"{doubles}/{races}", target="至少一次", met=doubles > 0, seed=seed,
            detail="同样的赛跑，写入一张没有唯一约束的表；一次都不重复，说明赛跑没有跑起来。",
        ),
    ]  # fmt: skip


def _control(races: int) -> int:
    """How often a plain look-then-write leaves two rows."""
    from django.db import connection, connections

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE loose (race INTEGER)")

    def look_then_write(race: int, looked: threading.Barrier) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM loose WHERE race = %s", [race])
            is_free = cursor.fetchone()[0] == 0
            looked.wait()
            if is_free:
                cursor.execute("INSERT INTO loose VALUES (%s)", [race])

    doubles = 0
    for race in range(races):
        looked = threading.Barrier(2)
        both([lambda r=race, b=looked: look_then_write(r, b)] * 2)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM loose WHERE race = %s", [race])
            doubles += cursor.fetchone()[0] > 1
    return doubles
