"""The papers of a draw: what is printed and signed at the ceremony, from what is on record.

Nothing here knows who was drawn: papers carry counts, numbers of places and digests.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.audit import reads as audit
from gongchou.core.chain import Checkpoint, Link
from gongchou.core.draw_form import closing_words
from gongchou.core.event_kinds import EventKind
from gongchou.core.refusals import Refused, WrongState
from gongchou.core.workdays import Quarter
from gongchou.drawing import cost_reads, key_reads, override_reads, reads, time_reads
from gongchou.drawing.ballot_certificate import ballot_certificate
from gongchou.drawing.ballot_pages import roll_of
from gongchou.drawing.certificate import (
    TEMPLATE,
    certificate,
    department_rows,
    qr_text,
    stratum_rows,
)
from gongchou.drawing.contributing import SYSTEM
from gongchou.drawing.joint_certificate import joint_certificate
from gongchou.planning import reads as plans
from gongchou.web.papers import qr_svg, typeset
from gongchou.web.templatetags.gongchou import grouped, instant

MOST_EVENTS = 2000
NOT_YET = "尚未公告"
SEED_CHANCE = "种子由公告摘要、收口值和各方份额共同算出；公告之后，任何一方都不能单独改变结果。"
BALLOT_CHANCE = "号码由现场人员按号码表当众摇出，两人分别录入，一致才有效；不用系统产生的随机数。"
ROOTS = ("roster", "inspectors", "avoid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper by its name in the address: how it is called, set and filled."""

    name: str
    title: str
    build: Callable[["DrawFile"], dict[str, Any]]

    @property
    def template(self) -> str:
        return f"drawing/papers/{self.name}.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFile:
    """Everything on record about one draw that its papers are made of."""

    draw: reads.DrawRow
    organ: str
    task: str
    announcement: Mapping[str, Any] | None
    people_count: int
    events: tuple[Link, ...]
    checkpoint: Checkpoint | None
    openings: tuple[reads.OpeningRow, ...]
    keepers: key_reads.Keepers
    record: Mapping[str, Any] | None
    films: tuple[reads.FilmRow, ...]

    def head(self) -> dict[str, Any]:
        """What every paper of a draw says about it."""
        row = self.draw
        return {
            "organ": self.organ,
            "number": row.draw_id,
            "draw": row.draw_id,
            "task": self.task,
            "quarter": Quarter.parse(row.quarter).label,
            "state": row.state.label,
            "strata": _strata(row),
            "announcement": row.announcement_digest,
            "sealed": row.sealed_root,
            "small": self._small(),
            "checkpoint": self._checkpoint(),
            "qr": self._qr(),
        }

    def _small(self) -> str:
        """Who acted in roles that watch each other, as a small bureau may let them."""
        rows = override_reads.overlaps_in(self.draw.ref)
        return "；".join(f"{row.name}兼任{'；'.join(row.pairs)}（{row.reason}）" for row in rows)

    def _checkpoint(self) -> dict[str, str]:
        head = self.checkpoint
        return {"size": f"{head.size}" if head else "0", "digest": head.digest if head else ""}

    def _qr(self) -> str:
        row = self.draw
        announced, version = row.announcement_digest or NOT_YET, "DR2" if row.is_joint else "DR1"
        return qr_svg(qr_text(row.draw_id, announced, row.sealed_root, version=version))

    def filmed(self) -> list[dict[str, str]]:
        return [{"digest": row.digest, "says": row.says} for row in self.films]

    def contributions(self) -> list[dict[str, str]]:
        return [
            {
                "role": row.role,
                "name": row.name or "—",
                "commitment": row.commitment,
                "committed": instant(row.committed_at),
                "revealed": _revealed(row),
            }
            for row in self.draw.contributions
        ]


def _strata(row: reads.DrawRow) -> list[dict[str, str]]:
    def counted(strata: Iterable[reads.DrawnStratum]) -> list[tuple[str, int, int]]:
        return [(s.name, s.base_count, s.drawn_count) for s in strata]

    if row.is_joint:
        return department_rows((own.name, counted(own.strata)) for own in row.departments)
    return stratum_rows(counted(row.strata))


def _revealed(row: reads.ContributionRow) -> str:
    if not row.is_revealed:
        return "未揭示"
    return "由托管打开" if row.is_from_escrow else "已揭示"


def scheme(file: DrawFile) -> dict[str, Any]:
    """抽取方案（基数表）, from the freeze on."""
    row, announced = file.draw, file.announcement
    what = "摇号方式" if row.is_ballot else "收口规则"
    rule = f"{what}：{closing_words(row.closing_rule)}。" if row.closing_rule else ""
    return {
        **file.head(),
        "seq": f"第 {row.seq} 号" if announced else NOT_YET,
        "team": _team(row),
        "joint": _joint(announced),
        "people": _people(file),
        "avoided": f"{_avoided(row)} 条",
        "limits": _limits(row.ref),
        "chance": (BALLOT_CHANCE if row.is_ballot else SEED_CHANCE) + rule,
        "contributions": file.contributions(),
        "roots": [getattr(row, name)[1] for name in ROOTS],
        "announced": instant(row.announced_at) or NOT_YET,
    }


def _limits(ref: str) -> list[dict[str, str]]:
    """The limits that change a chance; one line where none does."""
    found = [{"name": one.name, "says": one.says} for one in cost_reads.limits(ref) if one.objects]
    return found or [{"name": "各项限制", "says": "都没有改变任何人的机会"}]


def _team(row: reads.DrawRow) -> str:
    if not row.is_joint:
        return row.team
    return "，".join(f"{own.name} {own.seats} 人" for own in row.departments)


def _people(file: DrawFile) -> str:
    if not file.draw.is_joint:
        return f"{file.people_count} 人"
    return "，".join(f"{own.name} {own.people_count} 人" for own in file.draw.departments)


def _avoided(row: reads.DrawRow) -> int:
    return sum(own.avoid_count for own in row.departments) if row.is_joint else row.avoid[0]


def _joint(announced: Mapping[str, Any] | None) -> str:
    if announced is None:
        return NOT_YET
    if "departments" in announced:
        return "各部门共用抽签号，抽中的单位由各部门一起检查"
    num, den, (org, need, _) = announced["joint"]
    if num == 0:
        return "本次不安排"
    return f"占抽中家数的 {num}／{den}，进一取整，另派{org} {need} 人"


def process(file: DrawFile) -> dict[str, Any]:
    """抽取过程记录, at any time."""
    row = file.draw
    return {
        **file.head(),
        "events": [_event(link) for link in file.events],
        "contributions": file.contributions(),
        "no-contributions": "号码当众摇出，没有各方的随机贡献。" if row.is_ballot else NOT_YET,
        "how": "摇号" if row.is_ballot else "收口和抽取",
        "rule-name": "摇号方式" if row.is_ballot else "收口规则",
        "closing-rule": closing_words(row.closing_rule) or NOT_YET,
        "closing": "" if row.is_ballot else grouped(row.closing) or "尚未收口",
        "drawn": instant(row.drawn_at) or "尚未抽取",
        "visits": _visits(row),
        "sealed-at": instant(row.sealed_at) or "尚未密封",
        "void": row.void_reason,
        "films": file.filmed(),
    }


def _visits(row: reads.DrawRow) -> str:
    if row.drawn_at is None:
        return "—"
    return f"{row.visit_count} 家，其中联合检查 {row.joint_count} 家"


def _event(link: Link) -> dict[str, str]:
    event = link.event
    return {
        "seq": f"{event.seq}",
        "at": instant(event.at),
        "kind": EventKind(event.kind).label,
        "by": event.by_name,
        "digest": link.digest,
    }


def confirmation(file: DrawFile) -> dict[str, Any]:
    """抽取结果确认单, once drawn: signed while nobody knows the list."""
    row = file.draw
    if row.drawn_at is None:
        raise WrongState("还没有抽取，抽取完成后才能打印结果确认单。")
    return {
        **file.head(),
        "statement": "本次抽取在下列人员见证下完成。名单已加密，签字时无人知晓抽中的是谁；"
        "以后公开的名单须与下列密封根相符，否则本次抽取不成立。",
        "drawn": instant(row.drawn_at),
        "closing-rule": closing_words(row.closing_rule),
        "closing": grouped(row.closing),
        "visits": f"{row.visit_count} 家",
        "joint": f"{row.joint_count} 家",
        "signers": _signers(file),
    }


def _signers(file: DrawFile) -> list[dict[str, str]]:
    row = file.draw
    confirmed = {c.name: f"已于 {instant(c.at)} 在系统内确认" for c in row.confirmations}
    what = "号码复核人" if row.is_ballot else "收口值复核人"
    operator = [("操作人", row.announced_by), (what, row.closed_by)]
    witnesses = [("现场监督", name) for name in confirmed] or [("现场监督", "")]
    custodians = [("保密领导小组", name) for name in file.keepers.names] or [("保密领导小组", "")]
    return [
        {"role": role, "name": name, "note": confirmed.get(name, "") if role == "现场监督" else ""}
        for role, name in (*operator, *witnesses, *custodians)
    ]


def pledge(file: DrawFile) -> dict[str, Any]:
    """保密承诺书: one page for everybody who takes part in the draw or keeps a key."""
    row = file.draw
    people = {row.frozen_by: "抽取办理人"}
    for name in file.keepers.names:
        people.setdefault(name, "保密领导小组成员")
    for party in row.contributions:
        if party.role != SYSTEM:
            people.setdefault(party.name, f"随机贡献方（{party.role}）")
    return {
        **file.head(),
        "people": [{"name": name, "role": role} for name, role in people.items()],
        "opening": "本人参加下列抽取工作，可能接触抽查对象、检查人员名单或者开启名单的口令。"
        "本人知悉：名单在启封之前属于工作秘密。现承诺如下：",
        "promises": PROMISES,
        "ending": "如有违反，愿意承担相应的责任。",
    }


def numbered_roll(file: DrawFile) -> dict[str, Any]:
    """号码表, once announced: the balls of each stratum and of the people."""
    if not file.draw.is_ballot or file.announcement is None:
        raise WrongState("号码表随人工摇号的公告产生，本次抽取没有号码表或者还没有公告。")
    held = roll_of(file.draw.ref)
    urns = [
        {
            "title": f"{urn.label}：放 {urn.size} 个球，摇 {urn.drawn} 个，备选 {urn.reserve} 个",
            "rows": [{"number": f"{n}", "says": p} for n, p in enumerate(urn.pids, start=1)],
        }
        for urn in held.urns
        if urn.size
    ]
    people = [{"number": f"{number}", "says": name} for number, name in held.people]
    title = f"检查人员：放 {len(people)} 个球，全部摇出"
    return {
        **file.head(),
        "leaf": f"{file.draw.draw_id}　号码表树根 {grouped(held.root[:16])}",
        "manner": closing_words(file.draw.closing_rule),
        "root": held.root,
        "urns": [*urns, {"title": title, "rows": people}],
    }


PROMISES = (
    "不向任何人透露抽查对象、检查时间和检查人员，不为任何单位和个人通风报信。",
    "妥善保管本人的口令和份额，不转交他人，不与他人的存放在一处。",
    "只在按规定批准的时间和范围内参加启封，不查看与本人工作无关的部分。",
    "发现泄露或者可能泄露的情况，立即向保密领导小组报告。",
)


HANDED = (
    "移交的是加密后的名单。打开它要用保密密钥，密钥分成份额由保管人分别持有，"
    "任何一人不能单独打开。",
    "移交以后只在检查日由负责科室申请、保管人共同启封；每次启封写入抽取日志和启封登记表。",
    "任何一方不得另存、抄录、传播名单或者自己的口令。",
)


def handover(file: DrawFile) -> dict[str, Any]:
    """名单移交回执, once sealed: the office hands the sealed list to its keepers."""
    row = file.draw
    if row.sealed_at is None:
        raise WrongState("名单还没有密封，密封后才能打印名单移交回执。")
    keepers = [("接收人", name) for name in file.keepers.names]
    witnesses = [("见证人", c.name) for c in row.confirmations]
    people = [("移交人", row.announced_by), *keepers, *witnesses]
    return {
        **file.head(),
        "statement": "下列抽取的名单已经密封，由负责科室移交保密领导小组的名单保管人保管，"
        "现场监督人员见证。交接双方核对了密封家数和密封根，与抽取结果确认单一致。",
        "sealed-at": instant(row.sealed_at),
        "visits": f"{row.visit_count} 家",
        "threshold": f"任意 {file.keepers.threshold} 名保管人",
        "items": HANDED,
        "signers": [{"role": role, "name": name} for role, name in people],
    }


def unsealing(file: DrawFile) -> dict[str, Any]:
    """启封登记表: every request to open, with who agreed."""
    row = file.draw
    if not row.sealed_root:
        raise WrongState("名单还没有密封，密封后才有启封登记。")
    return {
        **file.head(),
        "visits": f"{row.visit_count} 家",
        "openings": [_opening(i, one) for i, one in enumerate(reversed(file.openings), start=1)],
        "empty": "截至打印时，没有任何人申请过启封。",
    }


def _opening(number: int, row: reads.OpeningRow) -> dict[str, str]:
    places = row.numbers if row.number is None else (*row.numbers, row.number)
    agreed = (*row.agreed, "", "")
    return {
        "number": f"{number}",
        "at": instant(row.ended_at or row.asked_at),
        "purpose": row.purpose.label,
        "visits": "、".join(f"{place + 1}" for place in sorted(set(places))) or "—",
        "by": row.asked_by,
        "first": agreed[0],
        "second": agreed[1],
        "state": row.state.label,
    }


TIME_MEANS = (
    "签署只证明签署人当时这样说。上级机关见证过的，证明这一条最迟在见证时已经存在，此后没有改动；"
    "见证以前的时刻，以及没有更早另抽过，仍凭公告的公布、现场见证人和日志的连续编号来证明。"
)


def proof(file: DrawFile) -> dict[str, Any]:
    """抽取证书, once the record is public."""
    if file.record is None:
        raise WrongState("抽取记录还没有公开，公开后才能出具抽取证书。")
    made = certificate
    if file.draw.is_joint:
        made = joint_certificate
    elif file.draw.is_ballot:
        made = ballot_certificate
    return {
        **made(file.record, organ=file.organ),
        "films": file.filmed(),
        "limits": _limits(file.draw.ref),
        "times": [{"step": one.step, "says": one.says} for one in time_reads.shown(file.draw.ref)],
        "time-means": TIME_MEANS,
    }


PAPERS = {
    paper.name: paper
    for paper in (
        Paper(name="scheme", title="抽取方案（基数表）", build=scheme),
        Paper(name="roll", title="号码表", build=numbered_roll),
        Paper(name="process", title="抽取过程记录", build=process),
        Paper(name="confirmation", title="抽取结果确认单", build=confirmation),
        Paper(name="handover", title="名单移交回执", build=handover),
        Paper(name="pledge", title="保密承诺书", build=pledge),
        Paper(name="unsealing", title="启封登记表", build=unsealing),
        Paper(name="certificate", title="抽取证书", build=proof),
    )
}
assert PAPERS["certificate"].template == TEMPLATE


def draw_file(ref: str, bureau: str) -> DrawFile:
    """What is on record of a draw of this bureau."""
    row = reads.draw(ref)
    if row.bureau != bureau:
        raise Refused(f"没有编号为 {ref} 的抽取，请从抽取页面进入。")
    events = audit.events(bureau, about=ref, limit=MOST_EVENTS)
    return DrawFile(
        draw=row,
        organ=accounts.bureau(bureau).name,
        task=plans.task(row.task).name,
        announcement=reads.announcement(ref) if row.announced_at else None,
        people_count=row.inspectors[0],
        events=tuple(reversed(events)),
        checkpoint=audit.head(bureau),
        openings=reads.openings(bureau, draw=ref),
        keepers=key_reads.keepers(ref),
        record=reads.published_record(ref),
        films=reads.films(ref),
    )


def available(ref: str, *, bureau: str) -> list[tuple[Paper, str]]:
    """Every paper of a draw, with the sentence why it cannot be printed yet, or ""."""
    file, found = draw_file(ref, bureau), []
    for one in PAPERS.values():
        hindrance = ""
        try:
            one.build(file)
        except WrongState as refusal:
            hindrance = str(refusal)
        found.append((one, hindrance))
    return found


def paper(name: str, ref: str, *, bureau: str, at: datetime) -> tuple[str, bytes]:
    """A paper of a draw as a PDF, and the name to save it under."""
    if name not in PAPERS:
        raise Refused(f"没有名为“{name}”的文书，请从抽取页面打印。")
    found = PAPERS[name]
    data = {"title": found.title, **found.build(draw_file(ref, bureau))}
    return f"{found.title}{ref}", typeset(found.template, data, at=at)
