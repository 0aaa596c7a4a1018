"""The lists of a re-inspection: finished visits, and inspectors who know nothing of them."""

from collections.abc import Iterable
from datetime import date

from gongchou.accounts import organisation_reads as organisation
from gongchou.accounts import reads as accounts
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import AvoidRow, InspectorRow, Rate, RosterRow, TeamRule
from gongchou.core.feasibility import check_feasibility
from gongchou.core.oversight_terms import OversightKey
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Infeasible, Refused
from gongchou.core.roster import Inspector, drawable_problem
from gongchou.core.terms import RecusalReason
from gongchou.drawing import strongbox
from gongchou.drawing.frozen import FrozenDraw, Known, LeftOut, Rules, bound
from gongchou.inspection import reads as inspection
from gongchou.inspection.rows import VisitRow
from gongchou.intake import conduct_reads
from gongchou.registry import reads as registers
from gongchou.reporting.alarm_facts import NOBODY_SEEN

STRATUM, ORG, OTHERS, PROFILE = "recheck", "复查组", "其他科室", "sha256"
EVERYWHERE, SEATS = "全域", 2


def visits(bureau: str, quarter: str, today: date) -> tuple[VisitRow, ...]:
    """Reviewed visits of the quarter's draws at which somebody could look."""
    rows = inspection.reviewed_on(bureau, quarter, today)
    return tuple(row for row in rows if row.is_random and row.visit_result not in NOBODY_SEEN)


def lists(bureau: str, quarter: str, today: date) -> FrozenDraw:
    """The frozen lists; Refused without finished visits, Infeasible where no team is possible."""
    rows = visits(bureau, quarter, today)
    if not rows:
        raise Refused("这个季度还没有审核完毕的现场检查，没有可以复查的。")
    ready, left_out = _people(bureau, today)
    subjects, known = _subjects(rows)
    people, known_people = _inspectors(ready, len(rows))
    percent = organisation.limits(bureau, today)[OversightKey.RECHECK_PERCENT]
    frozen = FrozenDraw(
        profile=PROFILE,
        rosters=freeze_lists(subjects, people, _avoid(bureau, today, rows, known, known_people)),
        subjects=known,
        people=known_people,
        rules=Rules(
            rates={STRATUM: Rate(num=percent, den=100, floor=1)},
            team=TeamRule(org=ORG, need=SEATS, experts=0),
            joint_share=(0, 1),
            joint=TeamRule(org=OTHERS, need=1, experts=0),
        ),
        left_out=tuple(left_out),
        repeats=0,
        repeats_left_out=0,
        made_from={"quarter": quarter},
    )
    found = check_feasibility(frozen.announcement("R"), frozen.rosters)
    if not (found.certain or found.is_open):
        raise Infeasible(
            "能参加复查的人不够：每家须由没有参加原检查、看不到原记录的两名持证人员复查。"
            "请补充检查人员，或请上级支援后再抽。"
        )
    return frozen


def _people(bureau: str, today: date) -> tuple[list[Inspector], list[LeftOut]]:
    """Who can be sent, and who cannot with the reason."""
    suspended = conduct_reads.suspended(bureau, today, today)
    seeing, partners = _seeing(bureau, today), accounts.partner_codes()
    ready, left_out = [], []
    for person in registers.inspectors(bureau, today):
        says = drawable_problem(person, today) or suspended.get(person.ref)
        if says is None and person.unit in partners:
            says = "是配合部门人员，只参加本部门的联合检查，不参加复查。"
        if says is None and person.ref in seeing:
            says = "能看到原检查记录，不能参加复查。"
        if says is None:
            ready.append(person)
        else:
            left_out.append(LeftOut(ref=person.ref, name=person.name, says=says))
    return ready, left_out


def _seeing(bureau: str, today: date) -> frozenset[str]:
    """Inspectors whose account opens other teams' records."""
    found = []
    for row in accounts.people(bureau, today):
        if may(accounts.actor_of(row.ref, today), Power.SEE_VISITS):
            person = registers.inspector_of_person(row.ref, bureau, today)
            found += [person.ref] if person else []
    return frozenset(found)


def _subjects(rows: Iterable[VisitRow]) -> tuple[list[RosterRow], dict[str, Known]]:
    found, known = [], {}
    for row in rows:
        record = {"ref": row.ref, "name": row.subject_name}
        private = Known(salt=strongbox.fresh_salt().hex(), record=record)
        c = bound(PROFILE, "object", private)
        known[c[:22]] = private
        found.append(
            RosterRow(
                pid=c[:22],
                commitment=c,
                stratum=STRATUM,
                area=EVERYWHERE,
                specialty="",
                items=(ORG,),
            )
        )
    return found, known


def _inspectors(
    ready: Iterable[Inspector], cap: int
) -> tuple[list[InspectorRow], dict[str, Known]]:
    found, known = [], {}
    for person in ready:
        record = {"ref": person.ref, "name": person.name, "card": person.enforcement_card_no}
        private = Known(salt=strongbox.fresh_salt().hex(), record=record)
        c = bound(PROFILE, "inspector", private)
        known[c[:22]] = private
        found.append(
            InspectorRow(
                iid=c[:22],
                commitment=c,
                org=ORG,
                areas=(EVERYWHERE,),
                specialties=(),
                load=0,
                cap=cap,
            )
        )
    return found, known


def _avoid(
    bureau: str,
    today: date,
    rows: Iterable[VisitRow],
    subjects: dict[str, Known],
    people: dict[str, Known],
) -> list[AvoidRow]:
    """The first team of each visit, and whoever avoids its subject."""
    pids = {known.record["ref"]: pid for pid, known in subjects.items()}
    iids = {known.record["ref"]: iid for iid, known in people.items()}
    pairs: dict[tuple[str, str], RecusalReason] = {}
    for row in rows:
        for member in row.team & iids.keys():
            pairs[iids[member], pids[row.ref]] = RecusalReason.REPEAT
        for fact in registers.snapshot(bureau, today).recusals:
            if fact.subject == row.subject and fact.inspector in iids:
                pairs[iids[fact.inspector], pids[row.ref]] = fact.reason
    return [
        AvoidRow(iid=iid, pid=pid, reason=reason.value, salt=strongbox.fresh_salt().hex())
        for (iid, pid), reason in pairs.items()
    ]
