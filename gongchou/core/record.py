"""A visit's record: what was seen, said and signed; what it still needs; what came out of it.

A new record is empty. Nothing is answered, no result is chosen and nobody has signed until a
person says so. The sentences of `missing` are shown all at once, so that nobody runs twice.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from gongchou.core import canon, plain
from gongchou.core.asking import Condition, ruled_out, unasked
from gongchou.core.terms import ItemResult, SignerRole, SignStatus, VisitResult

OFFICERS = 2
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")

# What may follow from a problem, and what stands where no check was possible.
HANDLINGS = (
    VisitResult.CORRECTED_ON_SPOT,
    VisitResult.ORDERED_CORRECT,
    VisitResult.CASE_FILED,
    VisitResult.TRANSFERRED,
)
UNVISITABLE = (
    VisitResult.NOT_OPERATING,
    VisitResult.CLOSED_OR_MOVED,
    VisitResult.REFUSED,
    VisitResult.OTHER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordItem:
    """One question of the checklist, as the record needs it."""

    code: str
    name: str
    asked_on: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """The answer to one question; `result` is None until somebody chose."""

    item: str
    result: ItemResult | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingValue:
    """One problem found at one item; `evidence` are refs of files."""

    item: str
    says: str
    legal_basis: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed in which capacity, or why not; `ref` names an officer of the register."""

    name: str
    role: SignerRole | None = None
    ref: str = ""
    sign_status: SignStatus | None = None
    authorisation: str = ""
    reason: str = ""
    witness: str = ""
    recording: str = ""

    @property
    def stands(self) -> bool:
        return self.sign_status in (SignStatus.SIGNED, SignStatus.STAMPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBody:
    """Everything a record says; each change is a new body, never an edit."""

    started_at: datetime | None = None
    identity_shown_at: datetime | None = None
    notice_given_at: datetime | None = None
    ended_at: datetime | None = None
    answers: tuple[CheckAnswer, ...] = ()
    findings: tuple[FindingValue, ...] = ()
    handling: VisitResult | None = None
    unvisitable: VisitResult | None = None
    unvisitable_reason: str = ""
    opinion: str = ""
    is_read_back: bool = False
    signatures: tuple[Signature, ...] = ()
    external_record_no: str = ""

    def frozen(self) -> str:
        """The one canonical text of the body."""
        return canon.canon(plain.to_plain(self)).decode()

    def digest(self) -> str:
        return canon.digest(plain.to_plain(self))

    @classmethod
    def thawed(cls, text: str) -> "RecordBody":
        """The body whose canonical text this is; Invalid where it is none."""
        return plain.from_plain(cls, canon.parse(text))

    def signed_content(self) -> str:
        """Digest of what the officers sign: everything but the signatures."""
        return replace(self, signatures=()).digest()

    def with_officers(self, names: Mapping[str, str]) -> "RecordBody":
        """The record with the signatures of these officers, by ref, and of no other officer."""
        others = (s for s in self.signatures if s.role is not SignerRole.INSPECTOR)
        own = (
            Signature(name=name, role=SignerRole.INSPECTOR, ref=ref, sign_status=SignStatus.SIGNED)
            for ref, name in names.items()
        )
        return replace(self, signatures=(*own, *others))

    @property
    def problem_items(self) -> tuple[str, ...]:
        """Codes of the items at which a problem was found; none where no check was possible."""
        if self.unvisitable is not None:
            return ()
        return tuple(a.item for a in self.answers if a.result is ItemResult.PROBLEM)

    @property
    def problem_count(self) -> int:
        """Findings that belong to an item answered with a problem."""
        wanted = set(self.problem_items)
        return sum(finding.item in wanted for finding in self.findings)

    @property
    def officers(self) -> tuple[Signature, ...]:
        return tuple(s for s in self.signatures if s.role is SignerRole.INSPECTOR)

    @property
    def representative(self) -> Signature | None:
        """Who signs for the enterprise, or did not."""
        found = (s for s in self.signatures if s.role is not SignerRole.INSPECTOR)
        return next(found, None)


def said(text: str) -> str:
    """Typed text as a record holds it: one line, composed characters, no control characters.

    A line break becomes a full-width space, because canonical text has no line breaks.
    """
    lines = (line.strip() for line in _CONTROL.split(unicodedata.normalize("NFC", text)))
    return "\u3000".join(line for line in lines if line)


def visit_result(body: RecordBody) -> VisitResult | None:
    """What came out of the visit, derived and never typed; None while it is open.

    No problem is a result only where every answer given is free of one and at least one is given.
    """
    if body.unvisitable is not None:
        return body.unvisitable if body.unvisitable in UNVISITABLE else None
    if not body.answers or any(answer.result is None for answer in body.answers):
        return None
    if body.problem_items:
        return body.handling if body.handling in HANDLINGS else None
    return VisitResult.NO_PROBLEM


def missing(
    body: RecordBody,
    items: Sequence[RecordItem],
    *,
    team: Iterable[str],
    parties: Mapping[str, Iterable[str]] | None = None,
) -> tuple[str, ...]:
    """Every sentence of what the record still needs before it can be submitted; empty when done.

    `parties` are the departments of a joint check with their officers: each must have signed.
    """
    return (
        *_times(body),
        *(_reasons(body) if body.unvisitable is not None else _checklist(body, items)),
        *_officers(body, frozenset(team)),
        *_parties(body, parties or {}),
        *_representative(body),
    )


def flags(body: RecordBody, *, begun_at: datetime | None) -> tuple[str, ...]:
    """What a reader should know though it hinders nothing: a record made after the visit day."""
    if begun_at is None or body.ended_at is None:
        return ()
    begun, ended = _day(begun_at), _day(body.ended_at)
    if begun <= ended:
        return ()
    return (f"记录于 {begun} 才开始填写，晚于检查结束之日 {ended}，不是现场制作，请说明原因。",)


def _day(at: datetime) -> date:
    return at.astimezone(plain.SHANGHAI).date()


def _nobody_met(body: RecordBody) -> bool:
    """Nobody was there to whom a card could be shown."""
    if body.unvisitable is VisitResult.CLOSED_OR_MOVED:
        return True
    who = body.representative
    is_absent = who is not None and who.sign_status is SignStatus.ABSENT
    return body.unvisitable is not None and is_absent


def _times(body: RecordBody) -> list[str]:
    says = []
    if body.started_at is None:
        says.append("还没有到场时间，请登记到场。")
    if not _nobody_met(body):
        if body.identity_shown_at is None:
            says.append("还没有亮证时间：请向被检查单位出示执法证后登记。")
        if body.notice_given_at is None:
            says.append("还没有告知时间：请告知检查依据、目的、程序和申请回避的权利后登记。")
    if body.ended_at is None:
        says.append("还没有检查结束时间，请在离场时登记。")
    return says + _order(body)


def _order(body: RecordBody) -> list[str]:
    """An end after the start, and what happened on site between the two."""
    says = []
    start, end = body.started_at, body.ended_at
    if start and end and end <= start:
        says.append("检查结束时间应晚于到场时间，请核对。")
    for label, at in (("亮证", body.identity_shown_at), ("告知", body.notice_given_at)):
        if at and ((start and at < start) or (end and at > end)):
            says.append(f"{label}时间应在到场之后、检查结束之前，请核对。")
    return says


def _reasons(body: RecordBody) -> list[str]:
    assert body.unvisitable is not None
    says = []
    if body.unvisitable not in UNVISITABLE:
        says.append(f"“{body.unvisitable.label}”不是不能检查的情形，请重新选择。")
    if not body.unvisitable_reason.strip():
        label = body.unvisitable.label
        says.append(f"选择了“{label}”，请写明现场看到的情况和理由。")
    return says


def results_of(body: RecordBody) -> dict[str, ItemResult | None]:
    return {answer.item: answer.result for answer in body.answers}


def unasked_items(body: RecordBody, items: Sequence[RecordItem]) -> frozenset[str]:
    """Codes of the questions that the answers given make needless."""
    return unasked({item.code: item.asked_on for item in items}, results_of(body))


def ruled_out_items(body: RecordBody, items: Sequence[RecordItem]) -> frozenset[str]:
    """Codes of the questions that need no answer whatever else is answered."""
    return ruled_out({item.code: item.asked_on for item in items}, results_of(body))


def _checklist(body: RecordBody, items: Sequence[RecordItem]) -> list[str]:
    results, skipped = results_of(body), unasked_items(body, items)
    says = [
        f"“{item.name}”还没有选择检查结果。"
        for item in items
        if item.code not in skipped and results.get(item.code) is None
    ]
    says += [
        f"“{item.name}”的前提不成立，不需要填写，请取消所选的结果。"
        for item in items
        if item.code in skipped and results.get(item.code) is not None
    ]
    says += _findings(body, {item.code: item.name for item in items})
    if body.problem_items and body.handling is None:
        says.append("发现了问题，请选择怎样处理。")
    if body.handling is not None and body.handling not in HANDLINGS:
        says.append(f"“{body.handling.label}”不是对问题的处理，请重新选择。")
    if body.handling is not None and not body.problem_items:
        says.append("没有发现问题的项目，不应选择处理方式，请核对。")
    return says


def _findings(body: RecordBody, names: Mapping[str, str]) -> list[str]:
    """Each problem is described, and each description belongs to a problem."""
    described = {finding.item for finding in body.findings if finding.says.strip()}
    wanted = set(body.problem_items)
    says = [
        f"“{names.get(code, code)}”选择了“{ItemResult.PROBLEM.label}”，请写明问题。"
        for code in body.problem_items
        if code not in described
    ]
    says += [
        f"“{names.get(code, code)}”写了问题，但没有选择“{ItemResult.PROBLEM.label}”，请核对。"
        for code in sorted(described - wanted)
    ]
    strange = sorted({answer.item for answer in body.answers} - names.keys())
    return says + [f"检查表中没有编号为“{code}”的项目，请刷新后重填。" for code in strange]


def _officers(body: RecordBody, team: frozenset[str]) -> list[str]:
    signed = {s.ref for s in body.officers if s.sign_status is SignStatus.SIGNED and s.ref in team}
    if len(signed) >= OFFICERS:
        return []
    return [f"须有 {OFFICERS} 名以上检查人员在记录上签字，现有 {len(signed)} 名。"]


def _parties(body: RecordBody, parties: Mapping[str, Iterable[str]]) -> list[str]:
    signed = {s.ref for s in body.officers if s.sign_status is SignStatus.SIGNED}
    return [
        f"{name}参加了这次部门联合检查，还没有该部门的检查人员在记录上签字。"
        for name, people in parties.items()
        if signed.isdisjoint(people)
    ]


def _representative(body: RecordBody) -> list[str]:
    if body.unvisitable is VisitResult.CLOSED_OR_MOVED and body.representative is None:
        return []
    who = body.representative
    if who is None or who.sign_status is None:
        return ["还没有登记被检查单位签字或盖章的情况。"]
    if who.stands:
        return _signed(body, who)
    return _not_signed(who)


def _signed(body: RecordBody, who: Signature) -> list[str]:
    says = []
    if who.role is None:
        says.append("请选择被检查单位签字人的身份。")
    if not who.name.strip():
        says.append("请写明被检查单位签字人的姓名。")
    if who.role is SignerRole.SITE_MANAGER and not who.authorisation.strip():
        says.append("由现场负责人签章的，请写明授权情况。")
    if not body.is_read_back:
        says.append("签字前请把记录交被检查单位核对，或者向其宣读，并登记。")
    return says


def _not_signed(who: Signature) -> list[str]:
    """No signature and no stamp: the reason, a third person and a recording stand in for it."""
    needed = (
        (who.reason, "没有签字或盖章的，请写明原因。"),
        (who.witness, "没有签字或盖章的，请写明见证人；现场没有见证人的，写明这一情况。"),
        (who.recording, "没有签字或盖章的，请登记现场音像记录的编号。"),
    )
    return [says for text, says in needed if not text.strip()]
