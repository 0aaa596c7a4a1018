"""One form for the whole record, from a body and back to a body; nothing is chosen for anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from gongchou.core.record import (
    HANDLINGS,
    UNVISITABLE,
    CheckAnswer,
    FindingValue,
    RecordBody,
    RecordItem,
    Signature,
    results_of,
    said,
    unasked_items,
)
from gongchou.core.terms import ItemResult, SignerRole, SignStatus, Term, VisitResult
from gongchou.inspection.forms import long_field, text_field
from gongchou.inspection.reads import asked_on
from gongchou.inspection.rows import EvidenceRow, VisitRow
from gongchou.registry.reads import ItemRow
from gongchou.web.moments import Moment, MomentForm

REPRESENTATIVES = (SignerRole.LEGAL_REPRESENTATIVE, SignerRole.SITE_MANAGER)
MOMENTS = ("started_at", "identity_shown_at", "notice_given_at", "ended_at")
SIGNER_TEXTS = ("name", "authorisation", "reason", "witness", "recording")


def _choice(label: str, words: tuple[Term, ...], *, none: str = "") -> forms.ChoiceField:
    """Radio buttons of which none is pressed; `none` is the word for taking a choice back."""
    listed = [(word.value, word.label) for word in words]
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[*listed, ("", none)] if none else listed,
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFields:
    """One question as the page shows it: its row of the list and its fields.

    `asked_on` is the other question's code and the answers on which this one is asked.
    """

    item: ItemRow
    asked_on: tuple[str, str]
    result: BoundField
    note: BoundField
    findings: tuple[tuple[BoundField, BoundField, BoundField | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFields:
    """The questions of one group, how many are answered, and whether it stands open."""

    name: str
    rows: tuple[ItemFields, ...]
    done: int
    wanted: int
    is_open: bool


class RecordForm(MomentForm):
    """The record as it stands; fields are named by what they are and by the item's code."""

    client_id = forms.CharField(widget=forms.HiddenInput, max_length=64)
    base = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    started_at = Moment("到场时间")
    identity_shown_at = Moment("亮证时间")
    notice_given_at = Moment("告知时间")
    ended_at = Moment("检查结束时间")
    opinion = long_field("被检查单位的说明和意见", 1000, required=False)
    is_read_back = forms.BooleanField(
        label="记录已交被检查单位核对，或者已向其宣读", required=False
    )
    unvisitable_reason = long_field("现场看到的情况和理由", 1000, required=False)
    external_record_no = text_field(
        "移动执法记录编号", 80, required=False, hint="在上级移动执法系统另有记录的，填写其编号。"
    )

    def __init__(
        self,
        data: Any = None,
        *,
        visit: VisitRow,
        items: tuple[ItemRow, ...],
        body: RecordBody,
        evidence: tuple[EvidenceRow, ...],
        **options: Any,
    ) -> None:
        initial = _initial(body) | options.pop("initial", {})
        super().__init__(data, on=visit.day_there, initial=initial, **options)
        self.visit, self.items, self.stored = visit, items, body
        self.asked = tuple(
            RecordItem(code=item.code, name=item.name, asked_on=asked_on(item, items))
            for item in items
        )
        self.proofs = [(file.ref, f"{file.kind.label} {file.name}") for file in evidence]
        self.fields["handling"] = _choice("怎样处理", HANDLINGS, none="还没有决定")
        self.fields["unvisitable"] = _choice("属于哪种情形", UNVISITABLE, none="不属于这些情形")
        self.fields["signer_role"] = _choice("身份", REPRESENTATIVES)
        self.fields["signer_status"] = _choice("签字或盖章", tuple(SignStatus))
        self.fields |= _signer_fields()
        for item in items:
            self._add(item)

    def _add(self, item: ItemRow) -> None:
        """Result, note, and one box more than there are findings."""
        code = item.code
        self.fields[f"result_{code}"] = _choice(item.name, tuple(ItemResult))
        self.fields[f"note_{code}"] = text_field("备注", 300, required=False)
        for number in range(self._boxes(code)):
            self.fields[f"says_{code}_{number}"] = long_field("问题", 1000, required=False)
            self.fields[f"basis_{code}_{number}"] = text_field(
                "依据", 500, required=False, hint=f"不填则用清单所列：{item.legal_basis}"
            )
            if self.proofs:
                self.fields[f"proof_{code}_{number}"] = forms.MultipleChoiceField(
                    label="证据",
                    required=False,
                    choices=self.proofs,
                    widget=forms.CheckboxSelectMultiple,
                )

    def _boxes(self, code: str) -> int:
        return 1 + sum(finding.item == code for finding in self.stored.findings)

    @property
    def before_check(self) -> list[tuple[str, BoundField]]:
        """The hours up to the first question."""
        return [(name, self[name]) for name in MOMENTS[:3]]

    @property
    def signer(self) -> list[BoundField]:
        return [self[f"signer_{name}"] for name in ("reason", "witness", "recording")]

    @property
    def is_timed(self) -> bool:
        """All hours up to the check itself stand."""
        return all(getattr(self.stored, name) is not None for name in MOMENTS[:3])

    @property
    def is_answered(self) -> bool:
        """Nothing is left to ask, or nothing could be checked."""
        done, wanted = self.progress
        return done == wanted or self.stored.unvisitable is not None

    @property
    def progress(self) -> tuple[int, int]:
        """Questions answered in the saved version, and those that are asked."""
        groups = self.groups
        return sum(group.done for group in groups), sum(group.wanted for group in groups)

    @property
    def groups(self) -> list[GroupFields]:
        """The questions under the name of their group, in the order of the list.

        The first group that is not done stands open; the others unfold at a touch.
        """
        skipped, results = unasked_items(self.stored, self.asked), results_of(self.stored)
        found: list[GroupFields] = []
        has_faults = bool(self.errors) if self.is_bound else False
        for name, rows in groupby(self.items, key=lambda item: item.group_name):
            items = list(rows)
            asked = [item.code for item in items if item.code not in skipped]
            done = sum(results.get(code) is not None for code in asked)
            is_next = done < len(asked) and not any(group.is_open for group in found)
            found.append(
                GroupFields(
                    name=name,
                    rows=tuple(self._fields_of(item) for item in items),
                    done=done,
                    wanted=len(asked),
                    is_open=has_faults or is_next,
                )
            )
        return found

    def _asked_on(self, code: str) -> tuple[str, str]:
        condition = next(item.asked_on for item in self.asked if item.code == code)
        if condition is None:
            return "", ""
        return condition.item, " ".join(sorted(word.value for word in condition.results))

    def _fields_of(self, item: ItemRow) -> ItemFields:
        code = item.code
        return ItemFields(
            item=item,
            asked_on=self._asked_on(code),
            result=self[f"result_{code}"],
            note=self[f"note_{code}"],
            findings=tuple(
                (
                    self[f"says_{code}_{n}"],
                    self[f"basis_{code}_{n}"],
                    self[f"proof_{code}_{n}"] if self.proofs else None,
                )
                for n in range(self._boxes(code))
            ),
        )

    def body(self) -> RecordBody:
        """What was entered, as a record holds it."""
        data = self.cleaned_data
        return RecordBody(
            **{name: data[name] for name in MOMENTS},
            answers=tuple(self._answers()),
            findings=tuple(self._findings()),
            handling=VisitResult(data["handling"]) if data["handling"] else None,
            unvisitable=VisitResult(data["unvisitable"]) if data["unvisitable"] else None,
            unvisitable_reason=said(data["unvisitable_reason"]),
            opinion=said(data["opinion"]),
            is_read_back=data["is_read_back"],
            signatures=tuple(self._signatures()),
            external_record_no=said(data["external_record_no"]),
        )

    def _answers(self) -> Iterator[CheckAnswer]:
        """What was chosen, without what no longer is a question after the other answers."""
        given, skipped = tuple(self._given()), self._skipped()
        return (answer for answer in given if answer.item not in skipped)

    def _skipped(self) -> frozenset[str]:
        return unasked_items(RecordBody(answers=tuple(self._given())), self.asked)

    def _given(self) -> Iterator[CheckAnswer]:
        for item in self.items:
            chosen = self.cleaned_data[f"result_{item.code}"]
            note = said(self.cleaned_data[f"note_{item.code}"])
            if chosen or note:
                result = ItemResult(chosen) if chosen else None
                yield CheckAnswer(item=item.code, result=result, note=note)

    def _findings(self) -> Iterator[FindingValue]:
        skipped = self._skipped()
        for item in (item for item in self.items if item.code not in skipped):
            for number in range(self._boxes(item.code)):
                key = f"{item.code}_{number}"
                says = said(self.cleaned_data[f"says_{key}"])
                if says:
                    yield FindingValue(
                        item=item.code,
                        says=says,
                        legal_basis=said(self.cleaned_data[f"basis_{key}"]) or item.legal_basis,
                        evidence=tuple(self.cleaned_data.get(f"proof_{key}", ())),
                    )

    def _signatures(self) -> Iterator[Signature]:
        texts = {name: said(self.cleaned_data[f"signer_{name}"]) for name in SIGNER_TEXTS}
        role, status = self.cleaned_data["signer_role"], self.cleaned_data["signer_status"]
        if role or status or any(texts.values()):
            yield Signature(
                role=SignerRole(role) if role else None,
                sign_status=SignStatus(status) if status else None,
                **texts,
            )


def _signer_fields() -> dict[str, forms.Field]:
    return {
        "signer_name": text_field("被检查单位签字人姓名", 80, required=False),
        "signer_authorisation": text_field(
            "授权情况",
            200,
            required=False,
            hint="由现场负责人签章的填写，如授权书编号或电话确认情况。",
        ),
        "signer_reason": text_field("没有签字或盖章的原因", 300, required=False),
        "signer_witness": text_field(
            "见证人", 200, required=False, hint="姓名和单位；现场没有见证人的，写明这一情况。"
        ),
        "signer_recording": text_field(
            "现场音像记录编号",
            200,
            required=False,
            hint="执法记录仪的文件编号，或已添加的录像证据编号。",
        ),
    }


def _initial(body: RecordBody) -> dict[str, Any]:
    """What the fields show: only what somebody entered before."""
    found: dict[str, Any] = {name: getattr(body, name) for name in MOMENTS}
    for name in ("opinion", "is_read_back", "unvisitable_reason", "external_record_no"):
        found[name] = getattr(body, name)
    for name in ("handling", "unvisitable"):
        found[name] = getattr(body, name)
    for answer in body.answers:
        found[f"result_{answer.item}"], found[f"note_{answer.item}"] = answer.result, answer.note
    return found | _initial_findings(body) | _initial_signatures(body)


def _initial_findings(body: RecordBody) -> dict[str, Any]:
    found: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for finding in body.findings:
        number = seen.get(finding.item, 0)
        seen[finding.item] = number + 1
        key = f"{finding.item}_{number}"
        found[f"says_{key}"], found[f"basis_{key}"] = finding.says, finding.legal_basis
        found[f"proof_{key}"] = list(finding.evidence)
    return found


def _initial_signatures(body: RecordBody) -> dict[str, Any]:
    found: dict[str, Any] = {}
    who = body.representative
    if who is not None:
        found |= {f"signer_{name}": getattr(who, name) for name in SIGNER_TEXTS}
        found |= {"signer_role": who.role, "signer_status": who.sign_status}
    return found
