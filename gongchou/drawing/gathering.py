"""From an approved plan's snapshot to the lists of a draw: who stands in them, and by what rules.

Decisions 2–6 of the draw: items are units, areas patrol areas, specialties by an ordered list,
caps from free working days. Nothing here writes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import InspectorRow, Rate, RosterRow, TeamRule
from gongchou.core.quota import DrawStratum
from gongchou.core.refusals import NoRule, Refused
from gongchou.core.roster import (
    Inspector,
    RecusalFact,
    RegisterSnapshot,
    Subject,
    applicable_units,
    drawable_problem,
)
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import DutyStatus, PollutantType, RecusalReason
from gongchou.core.workdays import Calendar
from gongchou.drawing import strongbox
from gongchou.drawing.frozen import FrozenDraw, Known, LeftOut, Rules, bound
from gongchou.drawing.proving import avoid_rows, feasible

OTHERS, EVERYWHERE = "其他科室", "全域"
JOINT_SEATS = 1
# Where a policy gives no order: decision 4.
ORDER = (PollutantType.WASTE_GAS, PollutantType.WASTE_WATER, PollutantType.HAZARDOUS_WASTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a freeze is made from: the frozen registers, today's people, the policy, the days."""

    snapshot: RegisterSnapshot
    strata: tuple[DrawStratum, ...]
    people: tuple[Inspector, ...]
    suspended: Mapping[str, str]
    recusals: tuple[RecusalFact, ...]
    met: frozenset[tuple[str, str]]
    profile: PolicyProfile
    calendar: Calendar
    units: Mapping[str, str]
    today: date
    deadline: date
    # Codes and names of partner departments: their people go out for joint tasks alone.
    partners: Mapping[str, str] = field(default_factory=dict)


def working_days(sources: Sources) -> list[date]:
    """Days on which visits can be held: from the next working day to the task's deadline."""
    found: list[date] = []
    for day in sources.calendar.workdays(sources.today, 1):
        if day > sources.deadline:
            return found
        found.append(day)
    return found


def _is_away(person: Inspector, day: date) -> bool:
    if person.duty_status is DutyStatus.ON_DUTY or person.away_since is None:
        return False
    until = person.away_until or date.max
    return person.away_since <= day <= until


def _listed(sources: Sources, of_partner: str) -> list[Inspector]:
    """The bureau's own people of the plan's register; a partner's as it names them today."""
    if of_partner:
        return [person for person in sources.people if person.unit == of_partner]
    return [p for p in sources.snapshot.inspectors if p.unit not in sources.partners]


def split(sources: Sources, of_partner: str = "") -> tuple[list[Inspector], list[LeftOut]]:
    """Who can be drawn, and who cannot with the reason, by the plan's registers and today's.

    Of the bureau's own people, or of one partner department by its code.
    """
    now = {person.ref: person for person in sources.people}
    ready, left_out = [], []
    for frozen in _listed(sources, of_partner):
        person = now.get(frozen.ref)
        says = drawable_problem(frozen, sources.today)
        if says is None:
            says = drawable_problem(person, sources.today) if person else "已不在检查人员名录中。"
        says = says or sources.suspended.get(frozen.ref)
        if says is None and person is not None:
            ready.append(
                replace(
                    frozen,
                    duty_status=person.duty_status,
                    away_since=person.away_since,
                    away_until=person.away_until,
                )
            )
        else:
            left_out.append(LeftOut(ref=frozen.ref, name=frozen.name, says=str(says)))
    return ready, left_out  # fmt: skip


def _lead(asked: str, ready: Sequence[Inspector], need: int, units: Mapping[str, str]) -> str:
    """The unit that leads every team; Refused where it has too few people."""
    sizes = Counter(person.unit for person in ready)
    lead = asked or min(sizes, key=lambda unit: (-sizes[unit], unit), default="")
    if sizes[lead] < need:
        name = units.get(lead, lead) or "各科室"
        raise Refused(
            f"{name}能参加抽取的持证人员只有 {sizes[lead]} 人，每组需要 {need} 人，不能冻结。"
            "请核对执法资格、证件有效期和在岗状态，或改选牵头科室。"
        )
    return lead


def _order(profile: PolicyProfile, on: date) -> tuple[PollutantType, ...]:
    try:
        return tuple(map(PollutantType, profile.words("pairing.expertise_order", on)))
    except NoRule:
        return ORDER


def subject_rows(sources: Sources, profile: str) -> tuple[list[RosterRow], dict[str, Known]]:
    by_ref = {subject.ref: subject for subject in sources.snapshot.subjects}
    order, rows, known = _order(sources.profile, sources.today), [], {}
    for stratum in sources.strata:
        for ref in stratum.members:
            subject = by_ref[ref]
            private = Known(salt=strongbox.fresh_salt().hex(), record=_private(subject))
            c = bound(profile, "object", private)
            known[c[:22]] = private
            rows.append(
                RosterRow(
                    pid=c[:22],
                    commitment=c,
                    stratum=stratum.name,
                    area=subject.grid or subject.region_code or EVERYWHERE,
                    specialty=next((p.value for p in order if p in subject.pollutant_types), ""),
                    items=applicable_units(subject, sources.snapshot.item_groups),
                )
            )
    return rows, known


def _private(subject: Subject) -> dict[str, str]:
    return {"ref": subject.ref, "name": subject.name, "uscc": subject.uscc,
            "site_code": subject.site_code}  # fmt: skip


def person_rows(
    sources: Sources,
    ready: Sequence[Inspector],
    org_of: Callable[[Inspector], str],
    areas: tuple[str, ...],
    profile: str,
) -> tuple[list[InspectorRow], dict[str, Known]]:
    days, today = working_days(sources), sources.today
    a_day = sources.profile.number("team.visits_per_day", today)
    counts = sources.profile.is_on("team.balance", today)
    rows, known = [], {}
    for person in ready:
        private = Known(
            salt=strongbox.fresh_salt().hex(),
            record={"ref": person.ref, "name": person.name, "card": person.enforcement_card_no},
        )
        c, load = bound(profile, "inspector", private), person.visits_this_year if counts else 0
        known[c[:22]] = private
        rows.append(
            InspectorRow(
                iid=c[:22],
                commitment=c,
                org=org_of(person),
                areas=tuple(sorted(set(person.areas))) or areas,
                specialties=tuple(sorted({word.value for word in person.expertise})),
                load=load,
                cap=load + a_day * sum(not _is_away(person, day) for day in days),
            )
        )
    return rows, known


def _org(lead: str, sources: Sources) -> str:
    return sources.units.get(lead, lead)


def pairs(
    sources: Sources, subjects: Mapping[str, Known], people: Mapping[str, Known]
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Declared avoidances, and pairs that met lately, each (iid, pid) with its reason."""
    pids = {known.record["ref"]: pid for pid, known in subjects.items()}
    iids = {known.record["ref"]: iid for iid, known in people.items()}

    def held(rows: Iterable[tuple[str, str, RecusalReason]]) -> dict[tuple[str, str], str]:
        return {(iids[i], pids[s]): r.value for i, s, r in rows if i in iids and s in pids}

    open_ = [
        (fact.inspector, fact.subject, fact.reason)
        for fact in (*sources.snapshot.recusals, *sources.recusals)
        if fact.since <= sources.deadline and (fact.until is None or fact.until > sources.today)
    ]
    declared = held(open_)
    met = held((i, s, RecusalReason.REPEAT) for i, s in sources.met)
    return declared, {pair: r for pair, r in met.items() if pair not in declared}


def _share(sources: Sources) -> Fraction:
    return sources.profile.share("joint.internal", sources.today).least


def rate_of(stratum: DrawStratum) -> Rate:
    return Rate(num=stratum.count, den=len(stratum.members), floor=0)


def gather(
    sources: Sources,
    *,
    lead: str,
    joint_experts: int,
    profile: str,
    made_from: Mapping[str, str],
    take_unproved: bool = False,
) -> FrozenDraw:
    """The frozen lists, feasible for every draw; Infeasible with the reasons otherwise."""
    if not working_days(sources):
        raise Refused(f"离任务期限 {sources.deadline} 已没有工作日，不能再为这个任务冻结底册。")
    today, need = sources.today, sources.profile.number("team.min_certified", sources.today)
    ready, left_out = split(sources)
    leading = _lead(lead, ready, need, sources.units)
    subjects, known = subject_rows(sources, profile)
    areas = tuple(sorted({row.area for row in subjects}))
    people, known_people = person_rows(
        sources,
        ready,
        lambda person: _org(leading, sources) if person.unit == leading else OTHERS,
        areas,
        profile,
    )
    share = _share(sources)
    rules = Rules(
        rates={s.name: rate_of(s) for s in sources.strata if s.members},
        team=TeamRule(
            org=_org(leading, sources),
            need=need,
            experts=sources.profile.number("team.experts", today),
        ),
        joint_share=(share.numerator, share.denominator),
        joint=TeamRule(org=OTHERS, need=JOINT_SEATS, experts=joint_experts),
    )
    declared, met = pairs(sources, known, known_people)
    frozen = FrozenDraw(
        profile=profile,
        rosters=freeze_lists(subjects, people, avoid_rows(declared)),
        subjects=known,
        people=known_people,
        rules=rules,
        left_out=tuple(left_out),
        repeats=0,
        repeats_left_out=len(met),
        made_from=made_from,
    )
    return feasible(frozen, met, take_unproved=take_unproved)
