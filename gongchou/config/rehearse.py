"""From two rosters and a policy to a rehearsed draw, without any database."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from gongchou.core.classify import classify
from gongchou.core.draw import Selector
from gongchou.core.draw_values import Rate, TeamRule
from gongchou.core.quota import DrawStratum, draw_strata
from gongchou.core.refusals import Invalid
from gongchou.core.rehearsal import RehearsalPerson, RehearsalRow, rehearse
from gongchou.core.roster import (
    Inspector,
    RegisterSnapshot,
    Subject,
    applicable_units,
    drawable_problem,
)
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import DutyStatus, ImportKind, OperatingStatus, PermitCategory
from gongchou.core.terms import PollutantType as Pollutant
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_default_items
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.rows import rows_of
from gongchou.registry.importing.sheets import Source, rows_of_file
from gongchou.registry.tags import MANY, WORDS

SEATS, OWN, OTHERS = 2, "执法大队", "其他科室"
LEAD_UNIT = "zd"
SPECIALTIES = (Pollutant.WASTE_GAS, Pollutant.WASTE_WATER, Pollutant.HAZARDOUS_WASTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The public record, and the drawn list as a table."""

    record: Mapping[str, Any]
    listed: bytes


def _values(kind: ImportKind, content: bytes, filename: str) -> list[dict[str, Any]]:
    source = Source(name=filename, content=content)
    rows = list(rows_of(rows_of_file(source), LAYOUTS[kind]))
    problems = [problem.says for row in rows for problem in row.problems]
    if problems:
        raise Invalid(f"“{filename}”有 {len(problems)} 处问题：" + "".join(problems[:20]))
    return [row.values for row in rows if not row.is_aside]


def read_subjects(content: bytes, filename: str) -> tuple[Subject, ...]:
    """Subjects of a roster file; Invalid with every problem where one row is wrong."""
    known = Subject.__dataclass_fields__
    return tuple(
        Subject(ref=f"S{n:06}", **_typed({k: v for k, v in row.items() if k in known}))
        for n, row in enumerate(_values(ImportKind.SUBJECTS, content, filename), start=1)
    )


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    for name, term in WORDS.items():
        found[name] = term(found[name]) if found.get(name) else None
    for name, term in MANY.items():
        found[name] = tuple(term(word) for word in found.get(name, ()))
    found["operating_status"] = found["operating_status"] or OperatingStatus.OPERATING
    found["permit_category"] = found["permit_category"] or PermitCategory.REGISTERED
    return found


def read_inspectors(content: bytes, filename: str) -> tuple[Inspector, ...]:
    """Inspectors of a roster file, in the order of the file."""
    known = Inspector.__dataclass_fields__
    found = []
    for n, row in enumerate(_values(ImportKind.INSPECTORS, content, filename), start=1):
        values = {k: v for k, v in row.items() if k in known}
        values["areas"] = tuple(values.get("areas", ()))
        values["expertise"] = tuple(Pollutant(word) for word in values.get("expertise", ()))
        values["duty_status"] = DutyStatus(values.get("duty_status") or DutyStatus.ON_DUTY)
        found.append(Inspector(ref=f"I{n:04}", **values))
    return tuple(found)


def _specialty(subject: Subject) -> str:
    return next((word.value for word in SPECIALTIES if word in subject.pollutant_types), "")


def row_of(subject: Subject, stratum: str, snapshot: RegisterSnapshot) -> RehearsalRow:
    return RehearsalRow(
        private={"ref": subject.ref, "name": subject.name, "uscc": subject.uscc,
                 "site_code": subject.site_code},
        stratum=stratum,
        area=subject.grid or subject.region_code or "全域",
        specialty=_specialty(subject),
        items=applicable_units(subject, snapshot.item_groups),
    )  # fmt: skip


def person_of(person: Inspector, org: str, areas: tuple[str, ...], cap: int) -> RehearsalPerson:
    """A person of an organisation; one without areas of its own goes everywhere."""
    return RehearsalPerson(
        private={"ref": person.ref, "name": person.name, "card": person.enforcement_card_no},
        org=org,
        areas=tuple(sorted(person.areas)) or areas,
        specialties=tuple(sorted(word.value for word in person.expertise)),
        load=0,
        cap=cap,
    )


def snapshot_of(
    subjects: Sequence[Subject], inspectors: Sequence[Inspector], quarter: Quarter
) -> RegisterSnapshot:
    """The registers as the quarter begins, with the items that the product ships."""
    return RegisterSnapshot(
        bureau="TEST",
        on=quarter.first,
        subjects=tuple(subjects),
        inspectors=tuple(inspectors),
        recusals=(),
        item_groups=load_default_items(),
        item_list_version="default",
    )


def run(
    subjects: Sequence[Subject],
    inspectors: Sequence[Inspector],
    policy: PolicyProfile,
    quarter: Quarter,
    *,
    profile: str,
    selector: Selector | None = None,
    by_balls: bool = False,
) -> Rehearsal:
    """A whole draw from rosters: classified, counted, drawn, with teams."""
    snapshot = snapshot_of(subjects, inspectors, quarter)
    by_ref = {subject.ref: subject for subject in subjects}
    strata = draw_strata(classify(snapshot, policy, quarter), by_ref, policy, quarter)
    rows = [
        row_of(by_ref[ref], stratum.name, snapshot) for stratum in strata for ref in stratum.members
    ]
    people = _people(inspectors, rows, strata, quarter.first)
    share = policy.share("joint.internal", quarter.first).least or Fraction(0)
    record = rehearse(
        rows,
        people,
        {stratum.name: _rate(stratum) for stratum in strata},
        TeamRule(org=OWN, need=SEATS, experts=0),
        (share.numerator, share.denominator),
        TeamRule(org=OTHERS, need=1, experts=0),
        quarter=quarter,
        profile=profile,
        selector=selector,
        by_balls=by_balls,
    )
    return Rehearsal(record=record, listed=_listed(record))


def _people(
    inspectors: Sequence[Inspector],
    rows: Sequence[RehearsalRow],
    strata: Sequence[DrawStratum],
    on: date,
) -> list[RehearsalPerson]:
    areas = tuple(sorted({row.area for row in rows}))
    cap = sum(stratum.count for stratum in strata)
    ready = [person for person in inspectors if drawable_problem(person, on) is None]
    own = sum(person.unit == LEAD_UNIT for person in ready)
    if own < SEATS:
        raise Invalid(
            f"{OWN}（科室代码 {LEAD_UNIT}）能参加抽取的持证人员只有 {own} 人，每组需要 {SEATS} 人。"
            "请核对执法资格、证件有效期和在岗状态。"
        )
    return [
        person_of(person, OWN if person.unit == LEAD_UNIT else OTHERS, areas, cap)
        for person in ready
    ]


def _rate(stratum: DrawStratum) -> Rate:
    return Rate(num=stratum.count, den=len(stratum.members), floor=0)


def _listed(record: Mapping[str, Any]) -> bytes:
    """The drawn objects in visit order, as csv that spreadsheets open."""
    strata = {row[0]: row[2] for row in record["roster"]}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["序号", "底册编号", "层", "是否联合", "检查人员序号"])
    for number, (pid, parts) in enumerate(record["visits"], start=1):
        people = "；".join("、".join(str(i) for i in part) for part in parts)
        writer.writerow([number, pid, strata[pid], "是" if len(parts) == 2 else "否", people])
    return text.getvalue().encode("utf-8-sig")
