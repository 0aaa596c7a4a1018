"""From rosters and a file of departments to a rehearsed joint draw, without any database."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongchou.config.rehearse import (
    Rehearsal,
    person_of,
    read_inspectors,
    row_of,
)
from gongchou.core.classify import Classification, classify
from gongchou.core.draw_values import Rate, TeamRule
from gongchou.core.joint_rehearsal import RehearsalBody, rehearse_joint
from gongchou.core.refusals import Invalid
from gongchou.core.rehearsal import RehearsalRow
from gongchou.core.roster import Inspector, RegisterSnapshot, Subject, drawable_problem
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import Stratum
from gongchou.core.toml_text import toml_table
from gongchou.core.workdays import Quarter

CODE = re.compile(r"[0-9A-Za-z-]{1,23}")
LEAD_FIELDS = frozenset({"dept", "name", "seats", "counts"})
FIELDS = LEAD_FIELDS | {"items", "inspectors"}
STRATA = "、".join(stratum.value for stratum in Stratum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A department as its file has it; `people` is the name of its roster, empty for the lead."""

    dept: str
    name: str
    seats: int
    counts: Mapping[Stratum, int]
    items: tuple[str, ...] = ()
    people: str = ""


def read_parts(text: str) -> tuple[Part, ...]:
    """The departments of a joint rehearsal, the leading one first; Invalid with every problem."""
    found = toml_table("部门文件", text).get("department", [])
    if not isinstance(found, list) or len(found) < 2:
        raise Invalid("部门文件须有两张以上 [[department]] 表，第一张是牵头的本机构。请补上。")
    problems = [
        f"第 {n} 个部门：{says}" for n, row in enumerate(found, 1) for says in _problems(row, n)
    ]
    if problems:
        raise Invalid("部门文件有以下问题：" + "".join(problems))
    parts = tuple(_part(row) for row in found)
    _check_together(parts)
    return parts


def _problems(row: object, number: int) -> list[str]:
    """What is wrong with one table, each with its remedy."""
    if not isinstance(row, dict):
        return ["应为一张 [[department]] 表，里面写 dept、name、seats、counts。请改正。"]
    known = LEAD_FIELDS if number == 1 else FIELDS
    counts = row.get("counts")
    checks: list[tuple[bool, str]] = [
        (bool(set(row) - known), f"不认识“{'、'.join(sorted(set(row) - known))}”，请删去。"),
        (not _is_code(row.get("dept")), "dept 应为字母、数字组成的部门代码，写在引号里。"),
        (not _is_word(row.get("name")), "请用 name 写明部门名称，写在引号里。"),
        (not _is_count(row.get("seats")), "seats（每组人数）应为不小于 1 的整数。"),
        (not _are_counts(counts), f"counts 应写各层抽几家，如 {{ key = 4 }}，层名取自{STRATA}。"),
        (number > 1 and not _are_words(row.get("items")), '请用 items 写明检查事项，如 ["登记"]。'),
        (
            number > 1 and not _is_word(row.get("inspectors")),
            "请用 inspectors 写明人员名册的文件名，写在引号里。",
        ),
    ]
    return [says for is_wrong, says in checks if is_wrong]


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_code(value: object) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _are_counts(value: object) -> bool:
    known = {stratum.value for stratum in Stratum}
    return isinstance(value, dict) and bool(value) and known >= set(value) and all(
        _is_count(count) for count in value.values()
    )  # fmt: skip


def _are_words(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_word(word) for word in value)


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        dept=row["dept"],
        name=row["name"].strip(),
        seats=row["seats"],
        counts={Stratum(word): count for word, count in row["counts"].items()},
        items=tuple(sorted(set(row.get("items", ())))),
        people=row.get("inspectors", ""),
    )


def _check_together(parts: Sequence[Part]) -> None:
    lead, *others = parts
    if len({part.dept for part in parts} | {part.name for part in parts}) != 2 * len(parts):
        raise Invalid("各部门的 dept 和 name 不得相同，请改正部门文件。")
    for part in others:
        for stratum, count in part.counts.items():
            most = lead.counts.get(stratum, 0)
            if count > most:
                raise Invalid(
                    f"{part.name}的“{stratum.label}”写了 {count} 家，牵头的{lead.name}这一层"
                    f"只抽 {most} 家：配合部门不得多于牵头部门。请改正部门文件。"
                )


def _check_seats(lead: Part, least: int) -> None:
    if lead.seats < least:
        raise Invalid(f"牵头的{lead.name}每组不得少于 {least} 名持证人员，请改 seats。")


def run(
    snapshot: RegisterSnapshot,
    parts: Sequence[Part],
    policy: PolicyProfile,
    quarter: Quarter,
    *,
    profile: str,
    read: Callable[[str], bytes],
) -> Rehearsal:
    """A whole joint draw; `read` gives the bytes of a department's roster by its file name.

    The people of the snapshot are those of the leading department.
    """
    _check_seats(parts[0], policy.number("team.min_certified", quarter.first))
    found = classify(snapshot, policy, quarter)
    bodies = []
    for part in parts:
        people = snapshot.inspectors
        if part.people:
            people = read_inspectors(read(part.people), Path(part.people).name)
        bodies.append(_body(part, people, snapshot, found))
    record = rehearse_joint(bodies, quarter=quarter, profile=profile)
    return Rehearsal(record=record, listed=_listed(record))


def _body(
    part: Part, people: Sequence[Inspector], snapshot: RegisterSnapshot, found: Classification
) -> RehearsalBody:
    by_ref = {subject.ref: subject for subject in snapshot.subjects}
    members = {stratum: found.members(stratum) for stratum in part.counts}
    for stratum, count in part.counts.items():
        if count > len(members[stratum]):
            raise Invalid(
                f"“{stratum.label}”只有 {len(members[stratum])} 家，{part.name}抽不出 {count} 家。"
                "请减少 counts。"
            )
    rows = [
        _row(part, by_ref[ref], stratum.value, snapshot)
        for stratum, refs in members.items()
        for ref in refs
    ]
    ready = [person for person in people if drawable_problem(person, snapshot.on) is None]
    if len(ready) < part.seats:
        raise Invalid(
            f"{part.name}能参加抽取的持证人员只有 {len(ready)} 人，每组需要 {part.seats} 人。"
            "请核对执法资格、证件有效期和在岗状态。"
        )
    areas = tuple(sorted({row.area for row in rows}))
    cap = sum(part.counts.values())
    return RehearsalBody(
        dept=part.dept,
        rows=rows,
        people=[person_of(person, part.name, areas, cap) for person in ready],
        rates={s.value: Rate(num=n, den=len(members[s]), floor=0) for s, n in part.counts.items()},
        team=TeamRule(org=part.name, need=part.seats, experts=0),
    )


def _row(part: Part, subject: Subject, stratum: str, snapshot: RegisterSnapshot) -> RehearsalRow:
    """The bureau's own row, or for a partner the same site under the partner's items."""
    own = row_of(subject, stratum, snapshot)
    if not part.items:
        return own
    return RehearsalRow(
        private=own.private, stratum=stratum, area=own.area, specialty="", items=part.items
    )


def _listed(record: Mapping[str, Any]) -> bytes:
    """The drawn sites in visit order with who goes, as csv that spreadsheets open."""
    names = [department["team"][0] for department in record["announcement"]["departments"]]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["序号", "底册编号", "是否联合", "参加部门", "检查人员序号"])
    for number, (pid, parts) in enumerate(record["visits"], start=1):
        people = "；".join(f"{names[d]} {'、'.join(map(str, members))}" for d, members in parts)
        goes = "、".join(names[d] for d, _ in parts)
        writer.writerow([number, pid, "是" if len(parts) > 1 else "否", goes, people])
    return text.getvalue().encode("utf-8-sig")
