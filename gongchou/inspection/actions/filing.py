"""The file of a visit leaves the house, and what other houses tell about it."""

from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.audit import reads as audit_reads
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.external_map import ExternalMap
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused
from gongchou.inspection import external, models, packet, reads
from gongchou.inspection.drafts import TransferReceiptDraft
from gongchou.inspection.external import NumberLine
from gongchou.inspection.permissions import check_may_follow, check_may_see
from gongchou.inspection.writers import text_of
from gongchou.web.clock import day_of


@transaction.atomic
def export_visit_file(ref: str, *, by: Actor, at: datetime) -> packet.Packet:
    """Everything kept about a visit in one archive, with its index; who took it stays known."""
    found = reads.visit(ref)
    check_may_see(by, found, day_of(at))
    made = packet.packed(found, at)
    data: dict[str, Canonical] = {"manifest": made.manifest, "parts": made.count}
    audit.append(EventKind.VISIT_FILE_EXPORTED, about=ref, by=by, at=at, data=data)
    return made


@transaction.atomic
def receive_transfer(ref: str, draft: TransferReceiptDraft, *, by: Actor, at: datetime) -> None:
    """The authority to which a matter went has taken it over, with the file that went with it."""
    found = reads.visit(ref)
    check_may_follow(by, found, day_of(at))
    row = models.Transfer.objects.filter(visit__ref=ref, receipt=None, pk=draft.transfer).first()
    if row is None:
        raise Refused("这次检查没有等待回执的移送，请刷新页面核对。")
    if not row.moved_on <= draft.received_on <= day_of(at):
        raise Invalid("签收日期应在移送之后，且不晚于今天，请核对。")
    manifest = _packet_of(found.bureau, row, draft.received_on)
    models.TransferReceipt.objects.create(
        transfer=row,
        received_on=draft.received_on,
        received_by=text_of(draft.received_by, "签收人", 80),
        number=said(draft.number)[:80],
        packet=manifest,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data = {"on": str(draft.received_on), "packet": manifest, "to": row.to_whom}
    audit.append(EventKind.TRANSFER_RECEIVED, about=ref, by=by, at=at, data=data)


def _packet_of(bureau: str, row: models.Transfer, received_on: date) -> str:
    """The digest of the file that can have gone with it: the last one taken out in between."""
    taken = audit_reads.of_kinds(bureau, [EventKind.VISIT_FILE_EXPORTED], about=row.visit.ref)
    fit = [
        link.event
        for link in taken
        if row.at <= link.event.at and day_of(link.event.at) <= received_on
    ]
    if not fit:
        raise Refused(
            "从登记移送到签收日期之间没有下载过这次检查的案卷。"
            "请先下载案卷交给对方，再登记回执；签收日期写错的，请改正。"
        )
    return str(fit[-1].data["manifest"])


@transaction.atomic
def export_external_table(
    quarter: str, form: str, mapping: ExternalMap, *, by: Actor, at: datetime
) -> bytes:
    """The quarter's visits for a superior's system; an export of names leaves a trace."""
    check(by, Power.DISPATCH_VISIT)
    content = external.table(by.bureau, quarter, form, mapping)
    data = {"form": form, "quarter": quarter, "system": mapping.system}
    audit.append(EventKind.EXTERNAL_NUMBERS_EXPORTED, about=by.bureau, by=by, at=at, data=data)
    return content


@transaction.atomic
def record_external_numbers(
    system: str, lines: tuple[NumberLine, ...], *, by: Actor, at: datetime
) -> int:
    """All lines or none; returns how many were new. The same table again changes nothing."""
    check(by, Power.DISPATCH_VISIT)
    rows = models.Visit.objects.filter(bureau__code=by.bureau)
    known = {row.ref: row for row in rows.filter(ref__in=[line.visit for line in lines])}
    strange = [line for line in lines if line.visit not in known]
    if strange:
        says = "".join(
            f"第 {one.line} 行：本机构没有编号为 {one.visit} 的检查。" for one in strange
        )
        raise Invalid(f"没有导入：{says}")
    return sum(_recorded(known[line.visit], system, line.number, by, at) for line in lines)


def _recorded(row: models.Visit, system: str, number: str, by: Actor, at: datetime) -> bool:
    _, is_new = models.ExternalNumber.objects.get_or_create(
        visit=row,
        system=system,
        number=said(number),
        defaults={"by_ref": by.ref, "by_name": by.name, "at": at},
    )
    if is_new:
        data = {"number": said(number), "system": system}
        audit.append(EventKind.EXTERNAL_NUMBER_RECORDED, about=row.ref, by=by, at=at, data=data)
    return is_new
