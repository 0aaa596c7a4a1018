"""A bureau whose people write down what they should not, in every field where words are typed."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PIL import Image

from gongchou.core.disclosure_fields import FIELDS, Field, Treatment
from gongchou.core.powers import outsider
from gongchou.core.terms import (
    EvidenceKind,
    ImportKind,
    IntakeKind,
    PublicationKind,
    SignerRole,
    SignStatus,
    TransferKind,
)
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.drafts import (
    ApprovalDraft,
    CaseDraft,
    FileDraft,
    OrderDraft,
    PhotoDraft,
    TransferDraft,
)
from gongchou.intake import actions as intake
from gongchou.intake import files
from gongchou.publication import actions, reads
from gongchou.publication.actions.propose import propose_draft
from gongchou.publication.gathering import Draft, Line, head
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, House, case_draft, faulty_body, opened, signed_by_all
from tests.registry.test_import import csv, take, uscc

PEOPLE = ("张三丰", "李执法", "王执法", "陈组长", "林局长", "沈审核", "公示员", "欧阳厂长")
CARD, PLATE, MAIL = "139901199001010018", "冀B12345", "owner@example.com"
OWNER, PLACE = "ZHANG SANFENG", (39.0, 37.0, 58.0)
GPS, OF_CAMERA, OWNER_NAME, ARTIST = 0x8825, 0x8769, 0xA430, 0x013B
PRIVATE = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,法定代表人,联系电话,地址"
# Kinds whose bytes are hashed: what is planted there is refused before anything is public.
HASHED = (
    PublicationKind.DRAW_RECORD,
    PublicationKind.ANNOUNCEMENT,
    PublicationKind.LOG_HEAD,
    PublicationKind.CHECKPOINT,
)
# Written by the machine, and read by the pages as what they are.
MADE = {
    "bureau": BUREAU, "quarter": "2026Q1", "approved_on": "2026-01-05", "counted_on": "2026-01-05",
    "ended_on": "2026-01-05", "result_code": "no_problem", "estimate": "4", "digest": "0a" * 32,
    "classification_digest": "0b" * 32, "draw": "",
}  # fmt: skip
# What a database keeps in a few words, as the register that fills it does.
SHORT = ("area", "task")
phones: list[str] = []


def planted(where: str, *, is_short: bool = False) -> str:
    """Words with everything that must not come out, and a phone of their own that tells where."""
    number = f"1380000{len(phones):04}"
    phones.append(number)
    if is_short:
        return f"张三丰，电话{number}，{PLATE}"
    return (
        f"{where}：张三丰和李执法，电话{number}，证件{CARD}，车牌{PLATE}，邮箱{MAIL}，"
        "联系人：欧阳厂长，0315-2000000"
    )


def marks() -> tuple[str, ...]:
    """What may stand in no file as it was typed."""
    return (*phones, CARD, PLATE, MAIL, OWNER, "0315-2000000", "张三丰", "欧阳厂长", "李执法")


def photo(colour: str = "teal") -> bytes:
    """As a telephone takes it: where, by whose camera, and a word of the one who took it."""
    noted, out = Image.Exif(), io.BytesIO()
    noted.get_ifd(GPS).update({1: "N", 2: PLACE, 3: "E", 4: (118.0, 10.0, 48.0)})
    noted.get_ifd(OF_CAMERA)[OWNER_NAME] = OWNER
    noted[ARTIST] = OWNER
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=noted, comment=b"13800000000")
    return out.getvalue()


def visited(house: House) -> str:
    """A visit from its register entry to the check-back, each typed word a leak."""
    site = f"虚构化工1,{uscc(1)},{uscc(1)}001P,重点管理,东片,张三丰,13800009999,{planted('地址')}"
    take(ImportKind.SUBJECTS, csv(site.replace("，", "；"), header=PRIVATE), house.chen)
    ref = opened(house, ground=case_draft().ground + planted("事由")[:150])
    inspection.authorise_visit(ref, ApprovalDraft(reason=planted("批准")), by=house.lin, at=AT)
    inspection.accept_visit(ref, by=house.li, at=AT)
    inspection.start_visit(ref, client_id="phone-start-1", by=house.li, at=AT + timedelta(hours=1))
    body = told_in_full(ref, evidence(ref, house))
    signed_by_all(ref, body)
    inspection.submit_record(ref, body, client_id="phone-submit-1", by=house.li, at=LATER)
    followed(ref, house)
    inspection.review_record(ref, by=house.shen, at=LATER)
    return ref


def evidence(ref: str, house: House) -> str:
    file = FileDraft(
        name="张三丰的照片.jpg", content=io.BytesIO(photo()), kind=EvidenceKind.PHOTO,
        says=planted("照片说明"),
    )  # fmt: skip
    return inspection.add_evidence(ref, file, client_id="phone-photo-1", by=house.li, at=LATER)


def told_in_full(ref: str, picture: str) -> Any:
    body = faulty_body(ref)
    [finding] = body.findings
    said = replace(finding, says=planted("问题"), legal_basis=planted("依据"), evidence=(picture,))
    manager = replace(
        body.signatures[-1], name="张三丰", sign_status=SignStatus.REFUSED,
        reason=planted("拒签"), witness="欧阳厂长", recording="录像1号",
        role=SignerRole.LEGAL_REPRESENTATIVE,
    )  # fmt: skip
    return replace(
        body,
        answers=tuple(replace(answer, note=planted("逐项说明")) for answer in body.answers),
        findings=(said,),
        opinion=planted("当事人意见"),
        signatures=(*body.signatures[:-1], manager),
    )


def followed(ref: str, house: House) -> None:
    """Order, case, handing over and check-back; also their numbers are typed by people."""
    order = OrderDraft(
        says=planted("责令"), issued_on=TODAY, due_on=TODAY + timedelta(9),
        document_number="虚责〔1〕号，张三丰13800007777",
    )  # fmt: skip
    number = inspection.order_correction(ref, order, by=house.li, at=LATER)
    case = CaseDraft(
        number="虚立〔1〕号", filed_on=TODAY, says=planted("案情"), decided_on=TODAY,
        decision_number=f"虚罚〔1〕号，李执法{PLATE}", amount_fen=100,
    )  # fmt: skip
    inspection.file_case(ref, case, by=house.chen, at=LATER)
    for kind in TransferKind:
        moved = TransferDraft(
            to_whom=f"虚构公安分局张三丰{13800008880 + len(kind)}", moved_on=TODAY,
            says=planted("移送"), kind=kind, number=f"移〔{len(kind)}〕号",
        )  # fmt: skip
        inspection.transfer_case(ref, moved, by=house.chen, at=LATER)
    before = visits.record(ref).evidence[0].ref
    after = PhotoDraft(name="张三丰.jpg", content=io.BytesIO(photo("blue")), before=before)
    inspection.record_follow_up(
        number, planted("复查"), on=TODAY, is_corrected=True, photos=(after,),
        by=house.wang, at=LATER,
    )  # fmt: skip


def written_about(visit: str) -> None:
    """What outsiders sent in about it; nothing of a letter is ever public."""
    picture = files.clean("张三丰.jpg", photo("red"))
    for number, kind in enumerate(IntakeKind):
        letter = intake.LetterDraft(
            kind=kind, subject="虚构化工1", says=planted("来信"), sender="张三丰",
            contact="13800006666", about="" if kind is IntakeKind.COMPLAINT else visit,
        )  # fmt: skip
        intake.send_letter(
            letter, [picture], chance=bytes([number]) * 15, by=outsider(BUREAU), at=LATER
        )


def made(fields: dict[str, Field], path: str) -> dict[str, Any]:
    """A document with planted words in each text, and true forms where a machine writes."""
    found: dict[str, Any] = {}
    for name, field in fields.items():
        match field.treatment:
            case Treatment.OBJECT:
                value: Any = made(field.fields, f"{path}.{name}")
            case Treatment.NUMBER:
                value = 1
            case Treatment.NAME:
                value = "张三丰小吃店"
            case Treatment.CODE:
                value = "92990173MA0000001X"
            case _:
                made_up = planted(f"{path}.{name}", is_short=name in SHORT)
                value = MADE.get(name, made_up)
        found[name] = [value] if field.many else value
    return found


def proposed(kind: PublicationKind, by: Any) -> str:
    original = made(FIELDS[kind], kind.value)
    head_of = head(BUREAU, original["title"], "2026Q1") | {"bureau_name": original["bureau_name"]}
    lines = (
        Line(visit="V-leaky", number=1, ended_on=TODAY, deadline_on=TODAY, is_provisional=False),
    )
    draft = Draft(
        kind=kind, source=f"leaky:{kind.value}", title=original["title"], quarter="2026Q1",
        original=original | head_of, names=("张三丰", "欧阳厂长"),
        lines=lines if kind is PublicationKind.RESULT_NOTICE else (),
    )  # fmt: skip
    return propose_draft(draft, by=by, at=LATER)


def public_city(house: House, gong: Any) -> dict[str, str]:
    """Everything proposed, approved and published; the refs by what they are."""
    refs = {
        kind.value: proposed(kind, house.chen) for kind in PublicationKind if kind not in HASHED
    }
    visit = visited(house)
    written_about(visit)
    refs["visit"] = actions.propose_results([visit], by=house.chen, at=LATER)
    for ref in refs.values():
        from_office(ref, house, gong)
    return refs


def from_office(ref: str, house: House, gong: Any) -> None:
    actions.approve(ref, digest=reads.document(ref).digest, by=house.lin, at=LATER)
    actions.publish(ref, by=gong, at=LATER)
