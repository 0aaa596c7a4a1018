"""The package to the superior: put together, its scans checked, sent, received."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.package import AHEAD, FORMS
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.sm3 import sm3
from gongchou.core.terms import PackageForm, PackagePart, PackageState, ScanCheck
from gongchou.core.workdays import Quarter
from gongchou.reporting import models, package_reads, reads, summary_reads
from gongchou.reporting.checkcode import SHORT, parsed, typed_code
from gongchou.reporting.generated import Made, generated
from gongchou.reporting.package_reads import FileRow, PackagePage, PartRow
from gongchou.reporting.scans import PDF, page_count, scan_format, scan_of
from gongchou.web.clock import day_of
from gongchou.web.keeping import keep


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanDraft:
    """A stamped scan as uploaded; `typed` is the code as a person read it off the paper."""

    part: PackagePart
    name: str
    content: bytes
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingDraft:
    """When and how a package went out; `went_before` where that was before the records moved."""

    sent_on: date
    to_whom: str
    channel: str
    went_before: bool = False


@transaction.atomic
def make_package(quarter: Quarter, *, by: Actor, at: datetime) -> str:
    """Take the current table and summary, and keep the files made of them.

    Before the quarter has ended there is no table, and the summary goes ahead alone.
    """
    check(by, Power.MAKE_STATISTICS)
    on = day_of(at)
    if lacking := package_reads.lacking(by.bureau, str(quarter), on):
        raise Refused("还不能组成报送材料：" + "".join(lacking))
    table = reads.current(by.bureau, str(quarter))
    summary = summary_reads.current(by.bureau, str(quarter), on)
    if summary is None:
        raise Stale("统计表或工作总结刚刚变动，请刷新页面再试。")
    held = package_reads.packages(by.bureau, str(quarter))
    same = [one.ref for one in (table, summary) if one]
    if held and [part.ref for part in held[0].parts] == same:
        raise Refused("现有的一套报送材料就是按现行统计表和总结组成的，不必重新组成。")
    row = _create(quarter, table.ref if table else "", summary.ref, len(held) + 1, by=by, at=at)
    for made in generated(table, summary):
        _keep(row, made, ScanCheck.GENERATED, by=by, at=at)
    data: dict[str, Canonical] = {
        "number": row.number,
        "statistics": table.digest if table else "",
        "summary": summary.digest,
    }
    audit.append(EventKind.PACKAGE_MADE, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _create(
    quarter: Quarter, table: str, summary: str, number: int, *, by: Actor, at: datetime
) -> models.Package:
    try:
        with transaction.atomic():
            return models.Package.objects.create(
                ref=f"S{by.bureau}-{quarter}-{number}",
                bureau=Bureau.objects.get(code=by.bureau),
                quarter=str(quarter),
                number=number,
                statistics=models.StatisticsTable.objects.filter(ref=table).first(),
                summary=models.SummaryVersion.objects.get(ref=summary),
                made_by_ref=by.ref,
                made_by_name=by.name,
                made_at=at,
            )
    except IntegrityError as error:
        raise Stale("这一季度的报送材料刚由他人组成，请刷新页面。") from error


def _keep(
    row: models.Package, made: Made, checked: ScanCheck, *, by: Actor, at: datetime
) -> models.PackageFile:
    """The name in the storage is the digest: a file once stored is never written again."""
    sha256 = hashlib.sha256(made.content).hexdigest()
    path = keep(f"packages/{row.ref}/{sha256}.{made.ending}", made.content)
    try:
        with transaction.atomic():
            return models.PackageFile.objects.create(
                package=row,
                number=row.files.count() + 1,
                part=made.part.value,
                form=made.form.value,
                checked=checked.value,
                name=made.name[-200:],
                file=path,
                media_type=made.media_type,
                size=len(made.content),
                sha256=sha256,
                sm3=sm3(made.content).hex(),
                added_by_ref=by.ref,
                added_by_name=by.name,
                added_at=at,
            )
    except IntegrityError as error:
        raise Stale("有人同时加入了文件，请刷新页面再试。") from error


def _open(ref: str, by: Actor) -> tuple[models.Package, PackagePage]:
    """A package that was not sent yet."""
    check(by, Power.MAKE_STATISTICS)
    found = package_reads.package(ref, by.bureau)
    if found.sending is not None:
        raise Refused("这套材料已经登记报送，原样保存，不能再改。有更正的，请另组成一套。")
    if package_reads.packages(by.bureau, found.quarter)[0].ref != ref:
        raise Refused("已有更新的一套报送材料，请在最新的一套上办理。")
    return models.Package.objects.get(ref=ref), found


@transaction.atomic
def add_scan(ref: str, draft: ScanDraft, *, by: Actor, at: datetime) -> ScanCheck:
    """Keep a stamped scan once its code says that it is of this very paper."""
    row, found = _open(ref, by)
    kind, form = _taken(draft.part, found), scan_format(draft.content)
    is_shot = kind is PackageForm.SCREENSHOT
    checked = ScanCheck.SEEN if is_shot else _checked(draft, found)
    made = Made(
        part=draft.part,
        form=kind,
        name=" ".join(draft.name.split()) or f"{draft.part.label}.{form.ending}",
        content=draft.content,
        media_type=form.media_type,
        ending=form.ending,
    )
    kept = _keep(row, made, checked, by=by, at=at)
    data: dict[str, Canonical] = {
        "part": draft.part.value,
        "checked": checked.value,
        "sha256": kept.sha256,
        "sm3": kept.sm3,
    }
    audit.append(EventKind.PACKAGE_SCANNED, about=ref, by=by, at=at, data=data)
    return checked


def _taken(part: PackagePart, found: PackagePage) -> PackageForm:
    """The form in which a part is added by hand."""
    if found.is_ahead and part not in AHEAD:
        raise Refused(
            f"这套材料在季度结束前单报工作总结，不含{part.label}。"
            "请在季度结束以后另组成一套，再加入。"
        )
    by_hand = [form for form in FORMS[part] if form is not PackageForm.ELECTRONIC]
    if not by_hand:
        raise Refused(f"{part.label}由系统生成，不用另外加入。请选择别的材料。")
    return by_hand[0]


def _checked(draft: ScanDraft, package: PackagePage) -> ScanCheck:
    """Of this very paper, by its code, and with as many pages as the paper has."""
    scan, part = scan_of(draft.content), package.part(draft.part)
    checked = _by_code(draft, part, scan.codes)
    required = page_count(_paper(package, draft.part))
    if scan.pages < required:
        raise Refused(
            f"扫描件只有 {scan.pages} 页，{part.part.label} {part.ref} 打印出来是 {required} 页，"
            "缺页，没有保存。请把各页扫描成一个 PDF 再上传。"
        )
    return checked


def _paper(package: PackagePage, part: PackagePart) -> bytes:
    """The generated file that is printed and stamped."""
    printed = next(
        file
        for file in package.files
        if (file.part, file.form, file.media_type) == (part, PackageForm.ELECTRONIC, PDF)
    )
    with default_storage.open(printed.path) as paper:
        content: bytes = paper.read()
    return content


def _by_code(draft: ScanDraft, part: PartRow, texts: tuple[str, ...]) -> ScanCheck:
    """By the code on the scan; only where none can be read, by what a person typed."""
    name = part.part.label
    codes = [code for text in texts if (code := parsed(text))]
    if (part.part.value, part.ref, part.digest) in codes:
        return ScanCheck.CODE_READ
    if codes:
        raise Refused(
            f"扫描件上的核对码是 {codes[0][1]}，要加入的是{name} {part.ref}，不是同一份，没有保存。"
            "请核对是否拿错了材料或版本。"
        )
    if not draft.typed.strip():
        raise Invalid(
            "扫描件上没有识别出核对码，没有保存。二维码印在最后一页，请扫描清楚后重新上传，"
            "或者照盖章纸件录入核对码。"
        )
    if typed_code(draft.typed) != part.digest[:SHORT]:
        raise Refused(
            f"录入的核对码与{name} {part.ref} 的不同，没有保存。请对照盖章纸件重新录入；"
            "仍不相同的，纸件不是这一版，请重新打印盖章。"
        )
    return ScanCheck.CODE_TYPED


@transaction.atomic
def record_sending(ref: str, draft: SendingDraft, *, by: Actor, at: datetime) -> None:
    """Record that a complete package went out, with the digests of exactly what was sent."""
    row, found = _open(ref, by)
    sent_on = draft.sent_on
    if found.state is not PackageState.READY:
        raise Refused("材料不齐，不能登记报送：" + "".join(found.missing))
    if not day_of(found.made_at) <= sent_on <= day_of(at):
        raise Invalid(f"报送日期应在 {day_of(found.made_at)} 到 {day_of(at)} 之间，请核对。")
    moved = package_reads.overtaken(found, by.bureau, day_of(at))
    if moved and not draft.went_before:
        raise Refused(
            f"组成材料以后有变动：{''.join(moved)}请重新组成一套，盖章后报送。"
            "这一套在变动以前确已报出的，请勾选“变动以前已经报出”再登记。"
        )
    files: list[Canonical] = [_sent(file) for file in _newest(found)]
    models.Sending.objects.create(
        package=row,
        sent_on=sent_on,
        to_whom=_named(draft.to_whom, "报送机关"),
        channel=_named(draft.channel, "报送方式"),
        files=files,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data: dict[str, Canonical] = {"sent_on": sent_on.isoformat(), "files": files}
    if moved:
        data["went_before"] = list(moved)
    audit.append(EventKind.PACKAGE_SENT, about=ref, by=by, at=at, data=data)


def _newest(found: PackagePage) -> list[FileRow]:
    """Of several scans of one part the last one goes out; generated files all do."""
    scans = {file.part: file for file in found.files if file.form is PackageForm.SCAN}
    return [
        file
        for file in found.files
        if file.form is not PackageForm.SCAN or scans[file.part] is file
    ]


def _sent(file: FileRow) -> dict[str, Canonical]:
    return {
        "number": str(file.number),
        "part": file.part.label,
        "form": file.form.label,
        "name": file.name,
        "sha256": file.sha256,
    }


def _named(text: str, what: str) -> str:
    found = " ".join(text.split())
    if not found or len(found) > 80:
        raise Invalid(f"请填写{what}，不超过 80 字。")
    return found


@transaction.atomic
def record_receipt(
    ref: str,
    received_on: date,
    received_by: str,
    number: str = "",
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Record that the superior bureau confirmed what it received."""
    check(by, Power.MAKE_STATISTICS)
    found = package_reads.package(ref, by.bureau)
    if found.sending is None:
        raise Refused("这套材料还没有登记报送，请先登记报送再登记签收。")
    if found.receipt is not None:
        raise Refused("这套材料已经登记签收，不必重复登记。")
    if not found.sending.sent_on <= received_on <= day_of(at):
        raise Invalid(f"签收日期应在 {found.sending.sent_on} 到 {day_of(at)} 之间，请核对。")
    models.Receipt.objects.create(
        package=models.Package.objects.get(ref=ref),
        received_on=received_on,
        received_by=_named(received_by, "签收人或签收机关"),
        number=" ".join(number.split())[:80],
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data: dict[str, Canonical] = {"received_on": received_on.isoformat(), "number": number}
    audit.append(EventKind.PACKAGE_RECEIVED, about=ref, by=by, at=at, data=data)
