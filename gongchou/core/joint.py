"""Protocol DR2: departments draw from their own lists by one common ticket a site.

Each department's list is a draw of its own: others' lists and rates touch nobody's chance. As all
go by one order, the samples overlap as far as their sizes allow (`docs/spec/draw2.md` §3).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from gongchou.core import draw, seal
from gongchou.core.canon import Hash, hash_of, tagged
from gongchou.core.draw_form import need
from gongchou.core.draw_values import DrawnVisit, DrawOutcome, Reveal, RosterRow, Rosters
from gongchou.core.joint_values import JointAnnouncement, JointOutcome, JointVisit
from gongchou.core.pairing import fill_late
from gongchou.core.refusals import Invalid

HIDDEN = "DR2/visit"
Ticket = Callable[[str], bytes]


def ticketer(hash_: Hash, seed: bytes, purpose: str) -> Ticket:
    """The tickets of one purpose: `select`, `order`, or `assign.` and a department's code."""
    key = tagged(hash_, "DR2/key", seed, purpose.encode()).hex()[:32]
    return lambda text: hash_((key + text).encode())


def seats_of(announcement: JointAnnouncement, seed: bytes, d: int) -> Ticket:
    """The tickets by which department `d` seats its own people."""
    hash_ = hash_of(announcement.hash)
    return ticketer(hash_, seed, f"assign.{announcement.departments[d].dept}")


# -- 2.1 lists, 2.2 promises, 2.3 seed


def check_lists(announcement: JointAnnouncement, lists: Sequence[Rosters]) -> None:
    """Invalid where a list is not the announced one or the departments' lists do not agree."""
    need(len(lists) == len(announcement.departments), "部门数与公告不一致。")
    for d, rosters in enumerate(lists):
        try:
            draw.check_rosters(announcement.rules_of(d), rosters)
        except Invalid as wrong:
            raise Invalid(f"部门 {announcement.departments[d].dept}：{wrong}") from wrong
    check_agreement(lists)


def check_agreement(lists: Sequence[Rosters]) -> None:
    """One site is one id and one commitment everywhere; a person stands in one list only."""
    sites = {(row.pid, row.commitment) for rosters in lists for row in rosters.subjects}
    need(
        len({pid for pid, _ in sites}) == len({c for _, c in sites}) == len(sites),
        "同一家单位在各部门名录中的编号和承诺应当相同。",
    )
    people = [row for rosters in lists for row in rosters.inspectors]
    need(
        len({row.iid for row in people}) == len({row.commitment for row in people}) == len(people),
        "同一人员不得列入两个部门的人员表。",
    )


def seed_commitment(hash_: Hash, *, draw: str, role: str, nonce: bytes, share: bytes) -> str:
    """What a contributor publishes before the closing value exists; nonce 16, share ≥ 16 bytes."""
    return tagged(hash_, "DR2/commit", draw.encode(), role.encode(), nonce, share).hex()


def seed_of(announcement: JointAnnouncement, closing: str, shares: Iterable[bytes]) -> bytes:
    """The seed, 32 bytes, from the shares in announced order."""
    hash_ = hash_of(announcement.hash)
    return tagged(hash_, "DR2/seed", announcement.digest(), closing.encode(), *shares)


def revealed_seed(
    announcement: JointAnnouncement, reveals: Sequence[Reveal], closing: str
) -> bytes:
    """The seed, from shares checked against the announced promises; Invalid where one differs."""
    draw.check_reveals(announcement, reveals, closing, seed_commitment)
    return seed_of(announcement, closing, [reveal.share for reveal in reveals])


# -- 2.4 draw


def _own_list(
    announcement: JointAnnouncement, rosters: Rosters, seed: bytes, d: int, by_order: Ticket
) -> DrawOutcome:
    """The list of one department: nothing of the others' enters but the common order."""
    rules, hash_ = announcement.rules_of(d), hash_of(announcement.hash)
    select = ticketer(hash_, seed, "select")
    members: dict[str, list[str]] = {stratum: [] for stratum in rules.rates}
    for row in rosters.subjects:
        members[row.stratum].append(row.pid)
    order = {stratum: draw.ranked(select, pids) for stratum, pids in members.items()}
    taken = {s: draw.drawn_count(rules.rates[s], len(pids)) for s, pids in members.items()}
    rows = {row.pid: row for row in rosters.subjects}
    drawn = draw.ranked(by_order, (pid for s, pids in order.items() for pid in pids[: taken[s]]))
    visits, teams = draw.seated(
        rules,
        rosters,
        [rows[pid] for pid in drawn],
        joint=frozenset(),
        tickets=seats_of(announcement, seed, d),
    )
    return DrawOutcome(
        seed=seed,
        visits=visits,
        order=order,
        taken=taken,
        chances={s: Fraction(taken[s], len(pids)) for s, pids in members.items() if pids},
        last={s: select(order[s][taken[s] - 1]).hex() if taken[s] else "" for s in order},
        loads=teams.loads,
        parts=len(teams.members),
        numbers=draw.first_numbers(visits),
        sealed="",
    )


def _united(lists: Sequence[DrawOutcome], by_order: Ticket) -> tuple[JointVisit, ...]:
    """One visit a site, however many departments drew it."""
    parts: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for d, own in enumerate(lists):
        for visit in own.visits:
            parts.setdefault(visit.pid, []).append((d, visit.parts[0]))
    return tuple(
        JointVisit(pid=pid, parts=tuple(parts[pid])) for pid in draw.ranked(by_order, parts)
    )


def sealed_leaves(hash_: Hash, seed: bytes, visits: Sequence[JointVisit]) -> list[bytes]:
    """All leaves of a list as first drawn, in visit order."""
    return [seal.sealed_leaf(hash_, seed, j, visit, tag=HIDDEN) for j, visit in enumerate(visits)]


def outcome_of_seed(
    announcement: JointAnnouncement, lists: Sequence[Rosters], seed: bytes
) -> JointOutcome:
    """All that a seed decides; NoTeam where a department has no lawful teams."""
    hash_ = hash_of(announcement.hash)
    by_order = ticketer(hash_, seed, "order")
    own = [_own_list(announcement, rosters, seed, d, by_order) for d, rosters in enumerate(lists)]
    visits = _united(own, by_order)
    sealed = seal.sealed_root(hash_, sealed_leaves(hash_, seed, visits))
    return JointOutcome(
        seed=seed,
        visits=visits,
        lists=tuple(replace(found, sealed=sealed) for found in own),
        gone=frozenset(),
        sealed=sealed,
    )


def conduct(
    announcement: JointAnnouncement,
    lists: Sequence[Rosters],
    reveals: Sequence[Reveal],
    closing: str,
) -> JointOutcome:
    """The whole draw, once: checks what was announced and promised, then lets the seed decide."""
    check_lists(announcement, lists)
    seed = revealed_seed(announcement, reveals, closing)
    return outcome_of_seed(announcement, lists, seed)


# -- 2.5 substitutes


def substitute(
    outcome: JointOutcome, announcement: JointAnnouncement, lists: Sequence[Rosters], out: str
) -> JointOutcome:
    """One site excused for all; each department that had it takes its next ticket, late rule.

    Invalid where `out` is not in the current list, NoTeam where nobody has room for the next.
    """
    gone = next((visit for visit in outcome.visits if visit.pid == out), None)
    if gone is None:
        raise Invalid(f"对象 {out} 不在当前检查名单中。")
    own = list(outcome.lists)
    for d, members in gone.parts:
        own[d] = _without(own[d], out, members)
    left = tuple(visit for visit in outcome.visits if visit.pid != out)
    found = replace(outcome, visits=left, lists=tuple(own), gone=outcome.gone | {out})
    for d, _ in gone.parts:
        found = _next_for(found, announcement, lists[d], d, out)
    return found


def _without(own: DrawOutcome, out: str, members: tuple[int, ...]) -> DrawOutcome:
    loads = list(own.loads)
    for i in members:
        loads[i] -= 1
    visits = tuple(visit for visit in own.visits if visit.pid != out)
    return replace(own, visits=visits, loads=tuple(loads))


def _next_for(
    outcome: JointOutcome, announcement: JointAnnouncement, rosters: Rosters, d: int, out: str
) -> JointOutcome:
    """The next ticket of the stratum for one department, those excused before left out."""
    hash_, own = hash_of(announcement.hash), outcome.lists[d]
    rows = {row.pid: row for row in rosters.subjects}
    stratum = rows[out].stratum
    queue, taken = own.order[stratum], own.taken[stratum]
    into = None
    while taken < len(queue) and into is None:
        into = queue[taken] if queue[taken] not in outcome.gone else None
        taken += 1
    if taken != own.taken[stratum]:
        last = ticketer(hash_, outcome.seed, "select")(queue[taken - 1]).hex()
        own = replace(own, taken={**own.taken, stratum: taken}, last={**own.last, stratum: last})
    team: tuple[int, ...] = ()
    if into is not None:
        own, team = _seated(own, announcement, rosters, rows[into], d)
    changed = (*outcome.lists[:d], own, *outcome.lists[d + 1 :])
    visits = outcome.visits if into is None else _with(outcome.visits, into, (d, team))
    return replace(outcome, lists=changed, visits=visits)


def _seated(
    own: DrawOutcome, announcement: JointAnnouncement, rosters: Rosters, row: RosterRow, d: int
) -> tuple[DrawOutcome, tuple[int, ...]]:
    filled = fill_late(
        draw.visit_parts(announcement.rules_of(d), rosters, row, False)[0],
        own.parts,
        loads=own.loads,
        caps=[person.cap for person in rosters.inspectors],
        tickets=seats_of(announcement, own.seed, d),
    )
    [team] = filled.members
    changed = replace(
        own,
        visits=(*own.visits, DrawnVisit(pid=row.pid, parts=(team,))),
        loads=filled.loads,
        parts=own.parts + 1,
        numbers={**own.numbers, row.pid: own.parts},
    )
    return changed, team


def _with(
    visits: tuple[JointVisit, ...], pid: str, part: tuple[int, tuple[int, ...]]
) -> tuple[JointVisit, ...]:
    """The part joins the visit that the site has already, else a visit is put at the end."""
    if all(visit.pid != pid for visit in visits):
        return (*visits, JointVisit(pid=pid, parts=(part,)))
    return tuple(
        replace(visit, parts=tuple(sorted((*visit.parts, part)))) if visit.pid == pid else visit
        for visit in visits
    )
