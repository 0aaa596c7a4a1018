"""Alarms: rules over recorded facts that say where somebody should look, and why.

An alarm accuses nobody. Each names its records; the same facts give the same keys, so that what
was looked into once is not raised again. Nothing here has a clock: the day is handed in.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import combinations

from gongchou.core.likeness import near_copies, plain
from gongchou.core.outliers import Deviation, Result, deviations
from gongchou.core.oversight import Limits
from gongchou.core.oversight_terms import AlarmKind, OversightKey
from gongchou.core.workdays import written_day


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFact:
    """A visit that has ended. `minutes` is None where nobody could get in; `is_drawn` unless it was
    ordered outside the random draw."""

    ref: str
    subject: str
    team: frozenset[str]
    ended_on: date
    minutes: int | None
    has_problem: bool
    stratum: str
    publish_by: date | None = None
    published_on: date | None = None
    is_drawn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """That a firm is to be visited outside the random draw, whether anybody has gone or not."""

    subject: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A seat that changed hands between the draw and the visit."""

    visit: str
    person: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text that an officer wrote; of two alike ones at one visit nobody cares."""

    key: str
    visit: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    visit: str
    ref: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look at a list of names, local time, as the event log has it; `seq` is the entry."""

    seq: int
    person: str
    name: str
    at: datetime
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That somebody reported: the firm it is about, or the colleague who wrote, or neither."""

    ref: str
    at: datetime
    subject: str = ""
    colleague: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChange:
    """That a role, seat, post or account was taken from a person."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    on: date
    visits: tuple[VisitFact, ...] = ()
    orders: tuple[Order, ...] = ()
    swaps: tuple[Swap, ...] = ()
    words: tuple[Words, ...] = ()
    photos: tuple[Photo, ...] = ()
    looks: tuple[Look, ...] = ()
    told: tuple[Told, ...] = ()
    changes: tuple[StaffChange, ...] = ()
    names: Mapping[str, str] | None = None

    def name(self, ref: str) -> str:
        return (self.names or {}).get(ref, ref)

    def all_names(self, refs: Iterable[str]) -> str:
        return "、".join(self.name(ref) for ref in sorted(refs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """`key` is the same for the same facts; `people` and `records` are refs."""

    kind: AlarmKind
    key: str
    says: str
    people: tuple[str, ...]
    records: tuple[str, ...]


def _span(since: date, until: date) -> str:
    return f"{written_day(since)}至{written_day(until)}"


def _alarm(kind: AlarmKind, mark: str, says: str, people: Iterable[str], *records: str) -> Alarm:
    return Alarm(
        kind=kind,
        key=f"{kind.value}:{mark}",
        says=says,
        people=tuple(sorted(people)),
        records=records,
    )


def same_pair(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """Two people together at one site so often within so many days."""
    times, days = limits[OversightKey.PAIR_TIMES], timedelta(limits[OversightKey.PAIR_DAYS])
    held: defaultdict[tuple[str, str, str], list[VisitFact]] = defaultdict(list)
    for visit in sorted(facts.visits, key=lambda one: (one.ended_on, one.ref)):
        for one, other in combinations(sorted(visit.team), 2):
            held[one, other, visit.subject].append(visit)
    for (one, other, subject), visits in sorted(held.items()):
        for run in (visits[i : i + times] for i in range(len(visits) - times + 1)):
            if run[-1].ended_on - run[0].ended_on <= days:
                says = (
                    f"{facts.all_names((one, other))}在{_span(run[0].ended_on, run[-1].ended_on)} "
                    f"{times} 次一同检查{facts.name(subject)}。"
                )
                mark = f"{one}+{other}:{run[-1].ref}"
                yield _alarm(AlarmKind.SAME_PAIR, mark, says, (one, other), *(v.ref for v in run))


def seat_swaps(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """One person in and out of seats so often within so many days."""
    times, days = limits[OversightKey.SWAP_TIMES], timedelta(limits[OversightKey.SWAP_DAYS])
    held: defaultdict[str, list[Swap]] = defaultdict(list)
    for swap in sorted(facts.swaps, key=lambda one: (one.on, one.visit)):
        held[swap.person].append(swap)
    for person, swaps in sorted(held.items()):
        for run in (swaps[i : i + times] for i in range(len(swaps) - times + 1)):
            if run[-1].on - run[0].on <= days:
                says = f"{facts.name(person)}在{_span(run[0].on, run[-1].on)} 换出换入 {times} 次。"
                yield _alarm(
                    AlarmKind.SEAT_SWAPS, f"{person}:{run[-1].visit}", says, (person,),
                    *(one.visit for one in run),
                )  # fmt: skip


def short_visits(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """From arrival to end in fewer minutes than a look at anything takes."""
    least = limits[OversightKey.SHORT_MINUTES]
    for visit in facts.visits:
        if visit.minutes is not None and visit.minutes < least:
            says = (
                f"{facts.name(visit.subject)}的检查从到场到结束只有 {visit.minutes} 分钟，"
                f"不足 {least} 分钟。"
            )
            yield _alarm(AlarmKind.SHORT_VISIT, visit.ref, says, visit.team, visit.ref)


def copied_texts(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """Texts of two visits that are the same but for a few letters; short ones are not asked."""
    long = limits[OversightKey.TEXT_LETTERS]
    rows = {row.key: row for row in facts.words if len(plain(row.text)) >= long}
    least = Fraction(limits[OversightKey.TEXT_PERCENT], 100)
    teams = {visit.ref: visit.team for visit in facts.visits}
    for pair in near_copies({key: row.text for key, row in rows.items()}, least=least):
        one, other = rows[pair.one], rows[pair.other]
        if one.visit == other.visit:
            continue
        percent = pair.share * 100 // 1
        says = f"检查 {one.visit} 与 {other.visit} 的记录有 {percent}% 的文字相同。"
        people = teams.get(one.visit, frozenset()) | teams.get(other.visit, frozenset())
        mark = f"{pair.one}~{pair.other}"
        yield _alarm(AlarmKind.COPIED_TEXT, mark, says, people, one.visit, other.visit)


def copied_photos(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """One and the same file as evidence of several visits."""
    held: defaultdict[str, list[Photo]] = defaultdict(list)
    for photo in facts.photos:
        held[photo.digest].append(photo)
    teams = {visit.ref: visit.team for visit in facts.visits}
    for digest, photos in sorted(held.items()):
        visits = sorted({photo.visit for photo in photos})
        if len(visits) > 1:
            says = f"同一个文件作为{len(visits)} 次检查的证据：{'、'.join(visits)}。"
            people = frozenset[str]().union(*(teams.get(ref, frozenset()) for ref in visits))
            mark = f"{digest[:16]}:{visits[-1]}"
            yield _alarm(AlarmKind.COPIED_PHOTO, mark, says, people, *visits)


def late_publications(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """Not public by the last day, or only after it."""
    grace = timedelta(limits[OversightKey.PUBLISH_DAYS])
    for visit in facts.visits:
        if visit.publish_by is None:
            continue
        shown = visit.published_on or facts.on
        if shown > visit.publish_by + grace:
            last, held = written_day(visit.publish_by), visit.published_on
            how = f"{written_day(held)}才公示" if held else "仍未公示"
            says = f"{facts.name(visit.subject)}的检查结果应于{last}前公示，{how}。"
            yield _alarm(AlarmKind.LATE_PUBLICATION, visit.ref, says, (), visit.ref)


def looks_out_of_turn(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """Many refused looks of one person in a day, and looks at names at night."""
    held: defaultdict[tuple[str, date], list[Look]] = defaultdict(list)
    for look in sorted(facts.looks, key=lambda one: one.seq):
        if look.is_refused:
            held[look.person, look.at.date()].append(look)
        elif _is_night(look.at, limits):
            says = f"{look.name}在{written_day(look.at.date())} {look.at:%H:%M} 查看了名单。"
            mark, entry = f"night:{look.seq}", f"#{look.seq}"
            yield _alarm(AlarmKind.OUT_OF_TURN, mark, says, (look.person,), entry)
    for (person, day), looks in sorted(held.items()):
        if len(looks) >= limits[OversightKey.LOOK_TIMES]:
            says = f"{looks[0].name}在{written_day(day)}有 {len(looks)} 次查看名单被拒绝。"
            entries = [f"#{look.seq}" for look in looks]
            mark = f"refused:{person}:{day}"
            yield _alarm(AlarmKind.OUT_OF_TURN, mark, says, (person,), *entries)


def _is_night(at: datetime, limits: Limits) -> bool:
    since, until = limits[OversightKey.NIGHT_FROM], limits[OversightKey.NIGHT_UNTIL]
    return at.hour >= since or at.hour < until


def retaliations(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """A firm visited outside the draw more often after it reported than as long before; a
    colleague who lost a role or a seat soon after.

    Nothing in the alarm leads to who wrote, its key neither: who is to know opens the name in the
    report, with a reason.
    """
    days = timedelta(limits[OversightKey.RETALIATION_DAYS])
    for told in facts.told:
        yield from _at_the_firm(told, days, facts)
        yield from _among_the_staff(told, days, facts)


def _at_the_firm(told: Told, days: timedelta, facts: Facts) -> Iterator[Alarm]:
    if not told.subject:
        return
    ordered = [one.at for one in facts.orders if one.subject == told.subject]
    after = sum(told.at < at <= told.at + days for at in ordered)
    before = sum(told.at - days <= at <= told.at for at in ordered)
    if after > before:
        says = (
            f"反映 {told.ref} 提出后 {days.days} 天内，所涉单位被安排了 {after} 次抽取以外的"
            f"检查，此前同样长的时间是 {before} 次。"
        )
        yield _alarm(AlarmKind.RETALIATION, f"{told.ref}:{after}", says, (), told.ref)


def _among_the_staff(told: Told, days: timedelta, facts: Facts) -> Iterator[Alarm]:
    if not told.colleague:
        return
    own = [change.at for change in facts.changes if change.person == told.colleague]
    for number in range(1, 1 + sum(told.at < at <= told.at + days for at in own)):
        says = (
            f"反映 {told.ref} 提出后 {days.days} 天内，反映人第 {number} 次被撤销角色、停用、调岗、"
            "离任或者暂停参加抽取。"
        )
        yield _alarm(AlarmKind.RETALIATION, f"{told.ref}:{number}", says, (), told.ref)


def standing_out(facts: Facts, limits: Limits) -> Iterator[Alarm]:
    """People whose visits find far less, or end far sooner, than others' at like sites."""
    for one in ranked(facts, limits):
        if one.score >= limits[OversightKey.OUTLIER_SCORE]:
            says = (
                f"{facts.name(one.person)}的 {one.visits} 次检查发现问题 {one.problems} 次，"
                f"同类单位一般为 {_rounded(one.problems_expected)} 次；"
                f"过短 {one.shorts} 次，一般为 {_rounded(one.shorts_expected)} 次。"
            )
            mark = f"{one.person}:{facts.on.year}-{(facts.on.month + 2) // 3}"
            yield _alarm(AlarmKind.STANDS_OUT, mark, says, (one.person,))


def ranked(facts: Facts, limits: Limits) -> tuple[Deviation, ...]:
    """Those with enough visits to be compared, the furthest from the others first."""
    least = limits[OversightKey.SHORT_MINUTES]
    found = deviations(
        Result(
            visit=visit.ref,
            team=visit.team,
            stratum=visit.stratum,
            has_problem=visit.has_problem,
            is_short=visit.minutes < least,
        )
        for visit in facts.visits
        if visit.minutes is not None and visit.is_drawn
    )
    return tuple(one for one in found if one.visits >= limits[OversightKey.OUTLIER_VISITS])


def _rounded(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


RULES: Mapping[AlarmKind, Callable[[Facts, Limits], Iterator[Alarm]]] = {
    AlarmKind.SAME_PAIR: same_pair,
    AlarmKind.SEAT_SWAPS: seat_swaps,
    AlarmKind.SHORT_VISIT: short_visits,
    AlarmKind.COPIED_TEXT: copied_texts,
    AlarmKind.COPIED_PHOTO: copied_photos,
    AlarmKind.LATE_PUBLICATION: late_publications,
    AlarmKind.OUT_OF_TURN: looks_out_of_turn,
    AlarmKind.RETALIATION: retaliations,
    AlarmKind.STANDS_OUT: standing_out,
}


def raised(facts: Facts, limits: Limits) -> tuple[Alarm, ...]:
    """What every rule says, in the order of the rules; one of each key."""
    found = {alarm.key: alarm for kind in AlarmKind for alarm in RULES[kind](facts, limits)}
    return tuple(found.values())


def counted(alarms: Iterable[Alarm]) -> Mapping[AlarmKind, int]:
    return Counter(alarm.kind for alarm in alarms)
