"""The frozen lists of a draw as one value: what is public of them, and whom each row stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gongchou.core import canon
from gongchou.core.draw import commitment, drawn_count, head, odds
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import (
    Announcement,
    AvoidRow,
    InspectorRow,
    Rate,
    RosterRow,
    Rosters,
    TeamRule,
)
from gongchou.core.joint_values import Department, JointAnnouncement
from gongchou.core.refusals import Invalid
from gongchou.core.terms import Stratum

NOBODY = "0" * 64
# What `made_from` says under `teams`; draws of before have no such word.
PROVED, UNPROVED = "proved", "unproved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom a row stands for: its salt, and the private record that its commitment binds."""

    salt: str
    record: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is announced beside the lists."""

    rates: Mapping[str, Rate]
    team: TeamRule
    joint_share: tuple[int, int]
    joint: TeamRule

    def plain(self) -> dict[str, object]:
        return {
            "rates": {s: [r.num, r.den, r.floor] for s, r in self.rates.items()},
            "team": self.team.plain(),
            "joint": [*self.joint_share, self.joint.plain()],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A person of the register who cannot be drawn, and why."""

    ref: str
    name: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerLists:
    """What a partner department of a joint draw brings: its own people, seats and avoidances.

    Sites are those of the leading department under the same ids; only their items differ.
    """

    dept: str
    rosters: Rosters
    people: Mapping[str, Known]
    rules: Rules

    def plain(self) -> list[object]:
        return [
            self.dept,
            [row.plain() for row in self.rosters.subjects],
            [row.plain() for row in self.rosters.inspectors],
            [row.plain() for row in self.rosters.avoid],
            {key: [row.salt, dict(row.record)] for key, row in self.people.items()},
            self.rules.plain(),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenDraw:
    """Everything a freeze fixes. `repeats_left_out`: pairs that had to be allowed to meet again.

    `dept` and `partners` are empty but for the draw of several departments (DR2): there the lists
    at the top are those of the leading one.
    """

    profile: str
    rosters: Rosters
    subjects: Mapping[str, Known]
    people: Mapping[str, Known]
    rules: Rules
    left_out: tuple[LeftOut, ...]
    repeats: int
    repeats_left_out: int
    made_from: Mapping[str, str]
    dept: str = ""
    partners: tuple[PartnerLists, ...] = ()

    @property
    def is_joint(self) -> bool:
        return bool(self.partners)

    @property
    def is_unproved(self) -> bool:
        """Whether teams could not be proved for every selection, so that somebody must accept."""
        return self.made_from.get("teams") == UNPROVED

    def plain(self) -> dict[str, object]:
        def known(rows: Mapping[str, Known]) -> dict[str, object]:
            return {key: [row.salt, dict(row.record)] for key, row in rows.items()}

        joint: dict[str, object] = {
            "dept": self.dept,
            "partners": [one.plain() for one in self.partners],
        }
        return {
            **(joint if self.is_joint else {}),
            "profile": self.profile,
            "roster": [row.plain() for row in self.rosters.subjects],
            "inspectors": [row.plain() for row in self.rosters.inspectors],
            "avoid": [row.plain() for row in self.rosters.avoid],
            "subjects": known(self.subjects),
            "people": known(self.people),
            "rules": self.rules.plain(),
            "left_out": [[row.ref, row.name, row.says] for row in self.left_out],
            "repeats": [self.repeats, self.repeats_left_out],
            "made_from": dict(self.made_from),
        }

    def body(self) -> bytes:
        """The one byte form, as stored."""
        return canon.canon(self.plain())

    def announcement(self, draw: str) -> Announcement:
        """An announcement with everything known at the freeze and nothing yet promised."""
        hash_, rules = canon.hash_of(self.profile), self.rules
        return Announcement(
            draw=draw,
            hash=self.profile,
            seq=1,
            prev=NOBODY,
            roster=head(hash_, self.rosters.subjects),
            inspectors=head(hash_, self.rosters.inspectors),
            avoid=head(hash_, self.rosters.avoid),
            rates=rules.rates,
            team=rules.team,
            joint_share=rules.joint_share,
            joint=rules.joint,
            commits=(),
            closing_rule="",
            announced="",
        )

    def lists(self) -> tuple[Rosters, ...]:
        """The lists of every department, the leading one first."""
        return (self.rosters, *(one.rosters for one in self.partners))

    def joint_announcement(self, draw: str) -> JointAnnouncement:
        """The same of a draw of several departments."""
        own = ((self.dept, self.rules), *((one.dept, one.rules) for one in self.partners))
        hash_ = canon.hash_of(self.profile)
        return JointAnnouncement(
            draw=draw,
            hash=self.profile,
            seq=1,
            prev=NOBODY,
            departments=tuple(
                Department(
                    dept=dept,
                    roster=head(hash_, rosters.subjects),
                    inspectors=head(hash_, rosters.inspectors),
                    avoid=head(hash_, rosters.avoid),
                    rates=rules.rates,
                    team=rules.team,
                )
                for (dept, rules), rosters in zip(own, self.lists(), strict=True)
            ),
            commits=(),
            closing_rule="",
            announced="",
        )

    def strata(self, d: int = 0) -> list[tuple[str, int, int]]:
        """Name, size and count to draw of each stratum of a department."""
        rates = (self.partners[d - 1].rules if d else self.rules).rates
        sizes = dict.fromkeys(rates, 0)
        for row in self.lists()[d].subjects:
            sizes[row.stratum] += 1
        return [(s, n, drawn_count(rates[s], n)) for s, n in sizes.items()]

    def department_names(self) -> tuple[str, ...]:
        """The name of each department's part of a team, the leading one first."""
        return (self.rules.team.org, *(one.rules.team.org for one in self.partners))

    def ref_of(self, pid: str) -> str:
        return self.subjects[pid].record["ref"]

    def row_of(self, pid: str) -> RosterRow:
        return next(row for row in self.rosters.subjects if row.pid == pid)

    def pid_of(self, ref: str) -> str:
        """The id under which a subject stands in the lists; "" where it does not."""
        return next((p for p, known in self.subjects.items() if known.record["ref"] == ref), "")

    def numbers(self, d: int = 0) -> dict[str, int]:
        """The number in the list of every inspector of a department, by ref."""
        rows, people = enumerate(self.lists()[d].inspectors), self._people(d)
        return {people[row.iid].record["ref"]: i for i, row in rows}

    def people_of(self, numbers: tuple[int, ...], d: int = 0) -> tuple[str, ...]:
        """Refs of the inspectors with these numbers in a department's list."""
        rows, people = self.lists()[d].inspectors, self._people(d)
        return tuple(people[rows[i].iid].record["ref"] for i in numbers)

    def _people(self, d: int) -> Mapping[str, Known]:
        return self.people if d == 0 else self.partners[d - 1].people


def base_stratum(name: str) -> Stratum:
    """The stratum of the plan to which a stratum of the draw belongs."""
    return Stratum(name.split(".")[0])


def chance_of(frozen: FrozenDraw, stratum: str) -> str:
    """The exact chance of each row of a stratum, as a fraction in words."""
    n = sum(row.stratum == stratum for row in frozen.rosters.subjects)
    found = odds(frozen.rules.rates[stratum], n)
    return f"{found.numerator}/{found.denominator}"


def bound(profile: str, kind: str, known: Known) -> str:
    """The commitment of a private record."""
    return commitment(canon.hash_of(profile), kind, bytes.fromhex(known.salt), dict(known.record))


@lru_cache(maxsize=4)
def thawed(body: bytes) -> FrozenDraw:
    """The frozen lists whose byte form `body` is.

    Every row is checked again, and that it stands for whom it was bound to at the freeze.
    """
    plain = canon.parse(body)
    rosters = _lists(plain["roster"], plain["inspectors"], plain["avoid"])
    subjects, people = _known(plain["subjects"]), _known(plain["people"])
    _check_bound(plain["profile"], rosters, subjects, people)
    return FrozenDraw(
        profile=plain["profile"],
        rosters=rosters,
        subjects=subjects,
        people=people,
        rules=_rules(plain["rules"]),
        left_out=tuple(LeftOut(ref=r, name=n, says=s) for r, n, s in plain["left_out"]),
        repeats=plain["repeats"][0],
        repeats_left_out=plain["repeats"][1],
        made_from=plain["made_from"],
        dept=plain.get("dept", ""),
        partners=tuple(
            _partner(one, plain["profile"], subjects) for one in plain.get("partners", ())
        ),
    )


def _partner(plain: list[Any], profile: str, subjects: Mapping[str, Known]) -> PartnerLists:
    """A partner's lists; its sites are those of the leading department."""
    dept, roster, inspectors, avoid, known, rules = plain
    rosters, people = _lists(roster, inspectors, avoid), _known(known)
    _check_bound(profile, rosters, subjects, people)
    return PartnerLists(dept=dept, rosters=rosters, people=people, rules=_rules(rules))


def _lists(roster: list[Any], people: list[Any], avoid: list[Any]) -> Rosters:
    return freeze_lists(
        [
            RosterRow(
                pid=pid, commitment=c, stratum=stratum, area=area, specialty=specialty,
                items=tuple(items),
            )
            for pid, c, stratum, area, specialty, items in roster
        ],
        [
            InspectorRow(
                iid=iid, commitment=c, org=org, areas=tuple(areas),
                specialties=tuple(specialties), load=load, cap=cap,
            )
            for iid, c, org, areas, specialties, load, cap in people
        ],
        [
            AvoidRow(iid=pair.split(" ")[0], pid=pair.split(" ")[1], reason=reason, salt=salt)
            for pair, reason, salt in avoid
        ],
    )  # fmt: skip


def _check_bound(
    profile: str, rosters: Rosters, subjects: Mapping[str, Known], people: Mapping[str, Known]
) -> None:
    """Invalid where a row would now mean another enterprise or person than when it was frozen."""
    rows = [("object", r.pid, r.commitment, subjects.get(r.pid)) for r in rosters.subjects]
    rows += [("inspector", r.iid, r.commitment, people.get(r.iid)) for r in rosters.inspectors]
    for kind, ref, commitment_, known in rows:
        if known is None or bound(profile, kind, known) != commitment_:
            raise Invalid(
                f"冻结的底册被改动过：编号 {ref} 所指的与冻结时不符，不能继续办理。"
                "请系统管理员停用系统、保护现场，用备份核对。"
            )


def _known(plain: Mapping[str, list[object]]) -> dict[str, Known]:
    return {
        key: Known(salt=str(salt), record={k: str(v) for k, v in dict(record).items()})  # type: ignore[call-overload]
        for key, (salt, record) in plain.items()
    }


def _rule(plain: list[object]) -> TeamRule:
    org, need, experts = plain
    return TeamRule(org=str(org), need=int(str(need)), experts=int(str(experts)))


def _rules(plain: Mapping[str, list[object]]) -> Rules:
    num, den, joint = plain["joint"]
    rates: Mapping[str, tuple[int, int, int]] = plain["rates"]  # type: ignore[assignment]
    return Rules(
        rates={s: Rate(num=a, den=b, floor=c) for s, (a, b, c) in rates.items()},
        team=_rule(plain["team"]),
        joint_share=(int(str(num)), int(str(den))),
        joint=_rule(list(joint)),  # type: ignore[call-overload]
    )
