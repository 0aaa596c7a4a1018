"""The package to the superior: the stamped scan is of the very paper, and nothing is missing."""

import io
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from gongchou.audit import reads as audit
from gongchou.core import package as rules
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import PackagePart, PackageState, ScanCheck
from gongchou.desk import waiting
from gongchou.reporting import actions, package_reads
from gongchou.reporting.actions import ScanDraft, SendingDraft
from tests.conftest import BUREAU
from tests.reporting.quarters import QUARTER, make_visit
from tests.reporting.test_summaries import Q1, complete, draft, table  # noqa: F401

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
APRIL = date(2026, 4, 1)
SCANNED = STATISTICS, SUMMARY = PackagePart.STATISTICS, PackagePart.SUMMARY
MISSING = ("缺少季度统计表的盖章扫描件。", "缺少季度工作总结的盖章扫描件。", "缺少公示截图。")


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    """Files of a test go away with it."""
    place = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": place}


@pytest.fixture
def made(draft, chen) -> str:  # noqa: F811
    complete(draft, chen)
    return actions.make_package(Q1, by=chen, at=NOW)


def page(ref: str) -> package_reads.PackagePage:
    return package_reads.package(ref, BUREAU)


def pdf_of(ref: str, part: PackagePart) -> bytes:
    file = next(f for f in page(ref).files if f.part is part and f.name.endswith(".pdf"))
    return default_storage.open(file.path).read()


def scanned(ref: str, part: PackagePart, *, form: str = "JPEG") -> bytes:
    """The paper as a copier hands it back: grey pixels, slightly turned."""
    with pypdfium2.PdfDocument(pdf_of(ref, part)) as document:
        pages = [p.render(scale=200 / 72, grayscale=True).to_pil() for p in document]
    turned = [one.rotate(1.5, fillcolor=250, expand=True) for one in pages]
    result = io.BytesIO()
    if form == "PDF":
        turned[0].save(result, "PDF", save_all=True, append_images=turned[1:], resolution=200)
    else:
        turned[-1].save(result, form, quality=70)
    return result.getvalue()


def blank(pages: int = 1) -> bytes:
    """Pages on which nothing can be read; a single one is a photo."""
    result, page = io.BytesIO(), Image.new("L", (400, 600), 250)
    if pages == 1:
        page.save(result, "JPEG")
    else:
        page.save(result, "PDF", save_all=True, append_images=[page] * (pages - 1))
    return result.getvalue()


def add(ref: str, part: PackagePart, content: bytes, by, typed: str = "") -> ScanCheck:
    scan = ScanDraft(part=part, name="扫描.jpg", content=content, typed=typed)
    return actions.add_scan(ref, scan, by=by, at=NOW)


def fill(ref: str, by) -> None:
    for part in SCANNED:
        add(ref, part, scanned(ref, part, form="PDF"), by)
    add(ref, PackagePart.PUBLICITY, blank(), by)


def send(ref: str, by, on: date = APRIL, **fields) -> None:
    how = SendingDraft(sent_on=on, to_whom="某市生态环境局", channel="公文交换", **fields)
    actions.record_sending(ref, how, by=by, at=NOW)


def receive(ref: str, by, on: date = APRIL) -> None:
    actions.record_receipt(ref, on, "某市生态环境局办公室", "回〔2026〕3号", by=by, at=NOW)


def test_nothing_missing_means_each_part_in_its_forms():
    every = {(part, form) for part in PackagePart for form in rules.FORMS[part]}
    assert rules.missing(every) == ()
    for one in every:
        assert len(rules.missing(every - {one})) == 1
        state = rules.state(every - {one}, is_sent=False, is_received=False)
        assert state is PackageState.INCOMPLETE
    assert rules.state(every, is_sent=False, is_received=False) is PackageState.READY


def test_a_package_waits_for_table_and_finished_summary(draft, chen):  # noqa: F811
    with pytest.raises(Refused, match=r"工作总结还有 2 处要改"):
        actions.make_package(Q1, by=chen, at=NOW)
    complete(draft, chen)
    assert package_reads.lacking(BUREAU, QUARTER, APRIL) == ()


def test_a_summary_over_an_older_table_is_not_packed(draft, chen):  # noqa: F811
    complete(draft, chen)
    make_visit(3)
    actions.make_statistics(Q1, reason="补审", by=chen, at=NOW)
    with pytest.raises(Refused, match="不是现行统计表"):
        actions.make_package(Q1, by=chen, at=NOW)


def test_the_package_keeps_its_files_and_says_what_is_missing(made):
    found = page(made)
    assert found.state is PackageState.INCOMPLETE
    assert found.missing == MISSING
    endings = [file.name.rpartition(".")[2] for file in found.files]
    assert endings == ["pdf", "xlsx", "pdf", "docx", "xlsx"]


def test_the_list_of_subjects_has_every_visit_of_the_table_and_no_other(made, chen):
    make_visit(3)
    file = next(f for f in page(made).files if f.part is PackagePart.SUBJECTS)
    sheet = load_workbook(default_storage.open(file.path)).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[3], row[-1]) for row in rows] == [
        ("虚构化工1", "重点", "V1"),
        ("虚构化工2", "重点", "V2"),
    ]
    with pytest.raises(Refused, match="由系统生成"):
        add(made, PackagePart.SUBJECTS, blank(), chen)


def test_a_screenshot_needs_no_code_and_without_one_nothing_is_ready(made, chen):
    for part in SCANNED:
        add(made, part, scanned(made, part, form="PDF"), chen)
    assert (page(made).state, page(made).missing) == (PackageState.INCOMPLETE, MISSING[2:])
    assert add(made, PackagePart.PUBLICITY, blank(), chen) is ScanCheck.SEEN
    assert page(made).state is PackageState.READY


def test_a_scan_of_the_paper_is_known_by_its_code(made, chen):
    scan = scanned(made, STATISTICS, form="PDF")
    assert add(made, STATISTICS, scan, chen) is ScanCheck.CODE_READ
    assert page(made).missing == MISSING[1:]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_of_the_last_page_alone_lacks_the_others(made, chen, form):
    with pytest.raises(Refused, match=r"扫描件只有 1 页，季度统计表 .* 打印出来是 2 页，缺页"):
        add(made, STATISTICS, scanned(made, STATISTICS, form=form), chen)
    assert page(made).missing == MISSING


def test_a_scan_of_another_paper_is_refused(made, chen):
    with pytest.raises(Refused, match="不是同一份，没有保存"):
        add(made, SUMMARY, scanned(made, STATISTICS), chen)
    assert len(page(made).files) == 5


def test_where_no_code_can_be_read_a_person_types_it(made, chen):
    with pytest.raises(Invalid, match="没有识别出核对码"):
        add(made, SUMMARY, blank(), chen)
    code = page(made).part(SUMMARY).code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    with pytest.raises(Refused, match="录入的核对码"):
        add(made, SUMMARY, blank(9), chen, typed=wrong)
    typed = code.upper().replace(" ", "-")
    with pytest.raises(Refused, match="缺页"):
        add(made, SUMMARY, blank(2), chen, typed=typed)
    assert add(made, SUMMARY, blank(9), chen, typed=typed) is ScanCheck.CODE_TYPED


def test_what_is_no_scan_is_refused(made, chen):
    for content in (b"", b"PK\x03\x04", b"%PDF-1.7 broken"):
        with pytest.raises(Invalid, match="没有保存"):
            add(made, SUMMARY, content, chen)


def test_only_a_complete_package_is_sent_and_then_it_stands_for_ever(made, chen):
    with pytest.raises(Refused, match="材料不齐，不能登记报送：缺少"):
        send(made, chen)
    fill(made, chen)
    assert page(made).state is PackageState.READY
    for day in (date(2026, 3, 31), date(2026, 4, 2)):
        with pytest.raises(Invalid, match="报送日期应在"):
            send(made, chen, day)
    send(made, chen)
    found = page(made)
    assert found.state is PackageState.SENT
    assert [f["sha256"] for f in found.sending.files] == [f.sha256 for f in found.files]
    assert audit.events(BUREAU, about=made)[0].event.kind == "package_sent"
    with pytest.raises(Refused, match="不能再改"):
        add(made, SUMMARY, blank(), chen)
    with pytest.raises(Refused, match="不能再改"):
        send(made, chen)


def test_a_package_made_after_midnight_was_not_sent_the_day_before(draft, chen):  # noqa: F811
    """Half past midnight here is still yesterday in Greenwich."""
    complete(draft, chen)
    ref = actions.make_package(Q1, by=chen, at=datetime(2026, 4, 1, 16, 30, tzinfo=UTC))
    fill(ref, chen)
    with pytest.raises(Invalid, match="报送日期应在 2026-04-02 到"):
        send(ref, chen)


def test_what_has_moved_since_is_not_sent_unless_it_went_before(made, chen, signed_in):
    fill(made, chen)
    address = reverse("reporting:package", args=[made])
    assert "变动以前已经报出" not in signed_in(chen).get(address).text
    make_visit(3)
    actions.make_statistics(Q1, reason="补审", by=chen, at=NOW)
    assert "统计表已更正为第 2 版。" in signed_in(chen).get(address).text
    with pytest.raises(
        Refused, match=r"统计表已更正为第 2 版。工作总结有 \d+ 处与现在的记录不符。"
    ):
        send(made, chen)
    actions.draft_summary(Q1, by=chen, at=NOW)
    with pytest.raises(Refused, match=r"统计表已更正为第 2 版。工作总结已改到第 \d 版。请重新组成"):
        send(made, chen)
    send(made, chen, went_before=True)
    assert page(made).state is PackageState.SENT
    assert audit.events(BUREAU, about=made)[0].event.data["went_before"]


def test_what_was_sent_is_held_against_the_records_of_today(made, chen, signed_in):
    address = reverse("reporting:package", args=[made])
    assert "报送以后的变动" not in signed_in(chen).get(address).text
    fill(made, chen)
    send(made, chen)
    assert package_reads.changed_since(page(made), BUREAU) == ()
    assert "与报送的数一致" in signed_in(chen).get(address).text
    make_visit(3)
    actions.build_facts(Q1, by=chen, at=NOW)
    changed = package_reads.changed_since(page(made), BUREAU)
    assert ("visits", "2", "3") in [(row.key, row.was, row.now) for row in changed]
    assert "报送以后的变动（" in signed_in(chen).get(address).text


def test_of_two_scans_the_later_one_is_sent(made, chen):
    fill(made, chen)
    add(made, SUMMARY, scanned(made, SUMMARY, form="PDF"), chen)
    send(made, chen)
    assert [f["number"] for f in page(made).sending.files] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "8",
        "9",
    ]


def test_a_receipt_follows_a_sending_once(made, chen):
    with pytest.raises(Refused, match="还没有登记报送"):
        receive(made, chen)
    fill(made, chen)
    send(made, chen)
    with pytest.raises(Invalid, match="签收日期应在"):
        receive(made, chen, date(2026, 3, 31))
    receive(made, chen)
    assert page(made).state is PackageState.RECEIVED
    with pytest.raises(Refused, match="已经登记签收"):
        receive(made, chen)


@pytest.mark.parametrize(
    "kept", ["reporting_packagefile", "reporting_sending", "reporting_receipt",
              "reporting_summaryversion", "reporting_statisticstable", "reporting_package"],
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_sent(made, chen, kept):
    fill(made, chen)
    send(made, chen)
    receive(made, chen)
    for statement in (f"DELETE FROM {kept}", f"UPDATE {kept} SET id = id"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_correction_makes_a_new_package_and_keeps_the_old_one(made, chen):
    with pytest.raises(Refused, match="不必重新组成"):
        actions.make_package(Q1, by=chen, at=NOW)
    make_visit(3)
    actions.make_statistics(Q1, reason="补审", by=chen, at=NOW)
    actions.draft_summary(Q1, by=chen, at=NOW)
    new = actions.make_package(Q1, by=chen, at=NOW)
    assert [row.ref for row in package_reads.packages(BUREAU, QUARTER)] == [new, made]
    with pytest.raises(Refused, match="最新的一套"):
        add(made, SUMMARY, blank(), chen)


def test_only_the_office_packs_sends_and_records(made, leader, stranger):
    for actor in (leader, stranger):
        with pytest.raises(NotAllowed):
            actions.make_package(Q1, by=actor, at=NOW)
        with pytest.raises(NotAllowed):
            add(made, SUMMARY, blank(), actor)
        with pytest.raises(NotAllowed):
            send(made, actor)
        with pytest.raises(NotAllowed):
            receive(made, actor)


def acts(chen) -> list[str]:
    every = ("生成季度统计表", "起草工作总结", "组成报送材料", "补齐报送材料", "报送季度材料",
             "登记上级签收")  # fmt: skip
    return [todo.act for todo in waiting.todos(chen, APRIL) if todo.act in every]


def test_the_desk_reminds_of_the_next_step_until_a_record_says_it_is_done(table, chen):  # noqa: F811
    assert acts(chen) == ["起草工作总结"]
    complete(actions.draft_summary(Q1, by=chen, at=NOW), chen)
    assert acts(chen) == ["组成报送材料"]
    ref = actions.make_package(Q1, by=chen, at=NOW)
    assert acts(chen) == ["补齐报送材料"]
    fill(ref, chen)
    assert acts(chen) == ["报送季度材料"]
    send(ref, chen)
    assert acts(chen) == ["登记上级签收"]
    receive(ref, chen)
    assert acts(chen) == []


def test_the_pages_lead_from_files_to_the_receipt(draft, signed_in, chen):  # noqa: F811
    complete(draft, chen)
    browser = signed_in(chen)
    browser.post("/statistics/package/make/", {"quarter": QUARTER})
    ref = package_reads.packages(BUREAU, QUARTER)[0].ref
    url = reverse("reporting:package", args=[ref])
    assert "缺少季度统计表的盖章扫描件" in browser.get(url).content.decode()
    for part in SCANNED:
        scan = io.BytesIO(scanned(ref, part, form="PDF"))
        scan.name = "扫描.pdf"
        answer = browser.post(f"{url}scan/", {"part": part.value, "scan": scan}, follow=True)
        assert "核对一致" in answer.content.decode()
    assert browser.post(f"{url}scan/", {"part": "summary"}).status_code == 409
    fill(ref, chen)
    for number in (1, 2, 5):
        assert browser.get(f"{url}file/{number}/").status_code == 200
    assert browser.get(f"{url}file/99/").status_code == 409


def test_strangers_see_no_package(made, signed_in, stranger):
    browser = signed_in(stranger)
    assert browser.get(reverse("reporting:package", args=[made])).status_code == 403
