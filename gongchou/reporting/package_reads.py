"""Packages to the superior: their files, what they lack, what was sent and received."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from gongchou.core import package as rules
from gongchou.core.refusals import Refused
from gongchou.core.statistics import Difference, differences
from gongchou.core.terms import PackageForm, PackagePart, PackageState, ScanCheck
from gongchou.core.workdays import Quarter
from gongchou.reporting import models, reads, summary_reads
from gongchou.reporting.checkcode import short_code


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One part of a package: which version, and the digest that its paper carries."""

    part: PackagePart
    ref: str
    digest: str

    @property
    def code(self) -> str:
        return short_code(self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file of a package."""

    number: int
    part: PackagePart
    form: PackageForm
    checked: ScanCheck
    name: str
    path: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRow:
    sent_on: date
    to_whom: str
    channel: str
    files: tuple[dict[str, str], ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    received_on: date
    number: str
    received_by: str
    says: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePage:
    """One package with everything that belongs to it."""

    ref: str
    quarter: str
    number: int
    state: PackageState
    is_ahead: bool
    parts: tuple[PartRow, ...]
    files: tuple[FileRow, ...]
    missing: tuple[str, ...]
    sending: SendingRow | None
    receipt: ReceiptRow | None
    made_by: str
    made_at: datetime

    def part(self, part: PackagePart) -> PartRow:
        return next(row for row in self.parts if row.part is part)


def changed_since(found: PackagePage, bureau: str) -> tuple[Difference, ...]:
    """What the records say today other than the numbers that were sent; () before the sending.

    A summary that went ahead has no table to hold against them.
    """
    if found.sending is None or found.is_ahead:
        return ()
    sent = reads.version(found.part(PackagePart.STATISTICS).ref, bureau).body.rows
    return differences(sent, reads.table(bureau, Quarter.parse(found.quarter)))


def _file(row: models.PackageFile) -> FileRow:
    return FileRow(
        number=row.number,
        part=PackagePart(row.part),
        form=PackageForm(row.form),
        checked=ScanCheck(row.checked),
        name=row.name,
        path=row.file,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        added_by=row.added_by_name,
        added_at=row.added_at,
    )


def _sending(row: models.Package) -> SendingRow | None:
    found = models.Sending.objects.filter(package=row).first()
    if found is None:
        return None
    return SendingRow(
        sent_on=found.sent_on,
        to_whom=found.to_whom,
        channel=found.channel,
        files=tuple(found.files),
        by=found.by_name,
    )


def _receipt(row: models.Package) -> ReceiptRow | None:
    found = models.Receipt.objects.filter(package=row).first()
    if found is None:
        return None
    return ReceiptRow(
        received_on=found.received_on,
        number=found.number,
        received_by=found.received_by,
        says=found.says,
        by=found.by_name,
    )


def _page(row: models.Package) -> PackagePage:
    files = tuple(_file(file) for file in row.files.order_by("number"))
    held = {(file.part, file.form) for file in files}
    sending, receipt = _sending(row), _receipt(row)
    parts = [(PackagePart.SUMMARY, row.summary.ref, row.summary.digest)]
    if row.statistics is not None:
        parts.insert(0, (PackagePart.STATISTICS, row.statistics.ref, row.statistics.digest))
    due = rules.ALL if row.statistics else rules.AHEAD
    return PackagePage(
        ref=row.ref,
        quarter=row.quarter,
        number=row.number,
        is_ahead=row.statistics is None,
        state=rules.state(held, due, is_sent=sending is not None, is_received=receipt is not None),
        parts=tuple(PartRow(part=part, ref=ref, digest=digest) for part, ref, digest in parts),
        files=files,
        missing=rules.missing(held, due),
        sending=sending,
        receipt=receipt,
        made_by=row.made_by_name,
        made_at=row.made_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """That a package went out, and whether the superior has confirmed it."""

    sent_on: date
    is_received: bool

    @property
    def says(self) -> str:
        return "已报送并签收" if self.is_received else "已报送，待签收"


def sent(bureau: str, quarter: str) -> SentRow | None:
    """The newest package of a quarter as sent; None while it still lies here. Every page asks."""
    return _as_sent(_complete(bureau, quarter))


def summary_sent(bureau: str, quarter: str) -> SentRow | None:
    """The summary as sent: with the table, or ahead of it before the quarter ended."""
    rows = models.Package.objects.filter(bureau__code=bureau, quarter=quarter)
    return sent(bureau, quarter) or _as_sent(rows.filter(statistics=None))


def _complete(bureau: str, quarter: str) -> QuerySet[models.Package]:
    """Packages with a table."""
    rows = models.Package.objects.filter(bureau__code=bureau, quarter=quarter)
    return rows.filter(statistics__isnull=False)


def _as_sent(rows: QuerySet[models.Package]) -> SentRow | None:
    found = rows.order_by("-number").values_list("sending__sent_on", "receipt").first()
    if found is None or found[0] is None:
        return None
    return SentRow(sent_on=found[0], is_received=found[1] is not None)


def was_sent(bureau: str, quarter: str) -> bool:
    """Whether a table of a quarter ever went out: what is made after it corrects it."""
    return _complete(bureau, quarter).filter(sending__isnull=False).exists()


def packages(bureau: str, quarter: str) -> tuple[PackagePage, ...]:
    """Every package of a quarter, the newest first."""
    rows = models.Package.objects.filter(bureau__code=bureau, quarter=quarter)
    rows = rows.select_related("statistics", "summary").order_by("-number")
    return tuple(_page(row) for row in rows)


def package(ref: str, bureau: str) -> PackagePage:
    rows = models.Package.objects.filter(ref=ref, bureau__code=bureau)
    row = rows.select_related("statistics", "summary").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的报送材料，请从统计报送页面进入。")
    return _page(row)


def overtaken(found: PackagePage, bureau: str, on: date) -> tuple[str, ...]:
    """What has moved since a package was put together, one sentence each."""
    says = list[str]()
    tables = reads.versions(bureau, found.quarter)
    if not found.is_ahead and tables[0].ref != found.part(PackagePart.STATISTICS).ref:
        says.append(f"统计表已更正为第 {tables[0].number} 版。")
    summary = summary_reads.current(bureau, found.quarter, on)
    if summary and summary.ref != found.part(PackagePart.SUMMARY).ref:
        says.append(f"工作总结已改到第 {summary.number} 版。")
    elif summary and summary.blocking and not found.is_ahead:
        says.append(f"工作总结有 {len(summary.blocking)} 处与现在的记录不符。")
    return tuple(says)


def package_file(ref: str, number: int, bureau: str) -> FileRow:
    """One file of a package."""
    found = next((file for file in package(ref, bureau).files if file.number == number), None)
    if found is None:
        raise Refused("这套报送材料里没有这个文件，请从报送材料页面进入。")
    return found


def lacking(bureau: str, quarter: str, on: date) -> tuple[str, ...]:
    """What must be done before a package can be put together, one sentence each.

    Until the quarter has ended it is the summary alone, and no table is asked for.
    """
    table = reads.versions(bureau, quarter)
    summary = summary_reads.current(bureau, quarter, on)
    found = list[str]()
    if not table and on > Quarter.parse(quarter).last:
        found.append("还没有固定的统计表，请先生成。")
    if summary is None:
        found.append("还没有工作总结，请先起草。")
        return tuple(found)
    if table and summary.body.table != table[0].ref:
        found.append("工作总结引用的不是现行统计表，请在总结页面重新起草，补写的内容会保留。")
    if summary.blocking:
        found.append(f"工作总结还有 {len(summary.blocking)} 处要改，请在总结页面逐处处理。")
    return tuple(found)
