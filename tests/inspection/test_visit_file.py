"""The file of a visit, copies to look at, photos before and after, numbers of other systems."""

import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from PIL import Image

from gongchou.core.external_map import read_map
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import EvidenceKind, TransferKind
from gongchou.inspection import actions, course, dayway, external, marking, reads
from gongchou.inspection.drafts import (
    FileDraft,
    OrderDraft,
    PhotoDraft,
    TransferReceiptDraft,
)
from gongchou.registry.importing.sheets import Source
from gongchou.web import clock
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import (
    LATER,
    faulty_body,
    opened,
    refs,
    signed_by_all,
    started,
    submitted,
)
from tests.inspection.test_evidence import picture
from tests.inspection.test_following import MOVE, ORDER, TOMORROW
from tests.inspection.test_visiting import kinds


@pytest.fixture
def faulty(house) -> str:
    """A submitted visit with a problem, photographed."""
    ref = started(house)
    body = faulty_body(ref)
    draft = FileDraft(
        name="罩.png", content=io.BytesIO(picture()), kind=EvidenceKind.PHOTO,
        item=body.findings[0].item, says="集气罩破损", taken_at=AT,
    )  # fmt: skip
    actions.add_evidence(ref, draft, client_id="phone-photo-1", by=house.li, at=LATER)
    signed_by_all(ref, body)
    actions.submit_record(ref, body, client_id="phone-submit-1", by=house.li, at=LATER)
    return ref


def unpacked(ref, by):
    made = actions.export_visit_file(ref, by=by, at=LATER)
    archive = zipfile.ZipFile(made.file)
    text = archive.read("manifest.json")
    assert hashlib.sha256(text).hexdigest() == made.manifest
    return archive, json.loads(text)


def test_the_file_holds_every_part_with_its_digest(house, faulty):
    archive, manifest = unpacked(faulty, house.chen)
    assert archive.testzip() is None
    parts = {part["name"]: part["sha256"] for part in manifest["parts"]}
    assert {*parts, "manifest.json", "SHA256SUMS"} == set(archive.namelist())
    for name, digest in parts.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest, name
    original = next(name for name in parts if name.startswith("03 证据"))
    assert archive.read(original) == picture()
    assert kinds(faulty)[-1] == "visit_file_exported"


@pytest.mark.parametrize("is_changed", [False, True])
def test_the_file_is_checked_by_the_command_that_every_system_has(
    house, faulty, tmp_path, is_changed
):
    archive, manifest = unpacked(faulty, house.chen)
    archive.extractall(tmp_path)
    if is_changed:
        (tmp_path / manifest["parts"][0]["name"]).write_bytes(b"other")
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == is_changed
    lines = done.stdout.splitlines()
    assert len(lines) == len(manifest["parts"]) + 1
    assert sum(line.endswith(": OK") for line in lines) == len(lines) - is_changed


def test_the_index_names_the_gaps_of_the_process(house, faulty):
    actions.transfer_case(faulty, MOVE, by=house.li, at=LATER)
    archive, manifest = unpacked(faulty, house.chen)
    says = "".join(manifest["gaps"])
    for gap in ("还没有审核", "纸质记录还没有交回", "没有登记检查通知书", "还没有回执"):
        assert gap in says
    pages = pypdfium2.PdfDocument(archive.read("00 目录和时间线.pdf"))
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "纸质记录还没有交回" in text
    assert "收到派发" in text or "派发" in text


def test_an_original_that_was_changed_in_the_storage_is_told(house, faulty):
    path = default_storage.path(reads.record(faulty).evidence[0].path)
    with open(path, "ab") as file:
        file.write(b"x")
    _, manifest = unpacked(faulty, house.chen)
    assert "原件与收到时的摘要不一致" in "".join(manifest["gaps"])


def test_an_original_that_is_gone_is_told(house, faulty):
    default_storage.delete(reads.record(faulty).evidence[0].path)
    _, manifest = unpacked(faulty, house.chen)
    assert "原件不在存储中" in "".join(manifest["gaps"])


def test_the_file_is_for_those_who_may_see_the_visit(house, faulty, stranger):
    for who in (house.zhao, stranger):
        with pytest.raises(NotAllowed):
            actions.export_visit_file(faulty, by=who, at=LATER)


def test_the_file_comes_as_a_download(house, faulty, signed_in):
    answer = signed_in(house.chen).get(f"/visits/{faulty}/file.zip")
    content = b"".join(answer.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert "attachment" in answer["Content-Disposition"]


# -- the receipt of a transfer


def moved(house, ref, draft=MOVE) -> int:
    """A hand-over with its file; the key of its row."""
    actions.transfer_case(ref, draft, by=house.li, at=LATER)
    actions.export_visit_file(ref, by=house.chen, at=LATER)
    return reads.aftermath(ref).transfers[-1].key


def receipt(transfer, on=TOMORROW, by="张接收"):
    return TransferReceiptDraft(
        transfer=transfer, received_on=on, received_by=by, number="虚接〔1〕号"
    )


def test_a_transfer_waits_until_the_other_authority_took_over(house, faulty):
    key = moved(house, faulty)
    assert [row.key for row in reads.aftermath(faulty).waiting_transfers] == [key]
    actions.receive_transfer(faulty, receipt(key, TOMORROW), by=house.li, at=LATER)
    after = reads.aftermath(faulty)
    assert not after.waiting_transfers
    assert after.transfers[0].received_by == "张接收"
    with pytest.raises(Refused, match="没有等待回执的移送"):
        actions.receive_transfer(faulty, receipt(key), by=house.li, at=LATER)


@pytest.mark.parametrize("kind", TransferKind)
def test_case_penalty_and_credit_are_handed_over_with_a_file_and_a_receipt(house, faulty, kind):
    other = moved(house, faulty)
    key = moved(house, faulty, replace(MOVE, kind=kind))
    file = actions.export_visit_file(faulty, by=house.chen, at=LATER)
    actions.receive_transfer(faulty, receipt(key), by=house.li, at=LATER)
    first, second = reads.aftermath(faulty).transfers
    assert (first.key, first.received_on) == (other, None)
    assert (second.kind, second.received_by, second.packet) == (kind, "张接收", file.manifest)


def test_a_result_sent_for_credit_is_no_transferred_matter(house, faulty):
    moved(house, faulty, replace(MOVE, kind=TransferKind.CREDIT))
    assert not reads.visit(faulty).is_transferred
    moved(house, faulty, replace(MOVE, kind=TransferKind.PENALTY))
    assert reads.visit(faulty).is_transferred


def test_no_receipt_without_a_file(house, faulty):
    actions.transfer_case(faulty, MOVE, by=house.li, at=LATER)
    [row] = reads.aftermath(faulty).transfers
    with pytest.raises(Refused, match="请先下载案卷"):
        actions.receive_transfer(faulty, receipt(row.key), by=house.li, at=LATER)


def test_a_receipt_names_the_file_that_went_and_not_a_later_one(house, faulty):
    actions.transfer_case(faulty, MOVE, by=house.li, at=LATER)
    [row] = reads.aftermath(faulty).transfers
    went = actions.export_visit_file(faulty, by=house.li, at=LATER)
    after = LATER + timedelta(3)
    later = actions.export_visit_file(faulty, by=house.chen, at=after)
    actions.receive_transfer(faulty, receipt(row.key), by=house.li, at=after)
    [row] = reads.aftermath(faulty).transfers
    assert row.packet == went.manifest != later.manifest


def test_a_file_taken_out_before_the_transfer_is_none_for_its_receipt(house, faulty):
    actions.export_visit_file(faulty, by=house.chen, at=LATER)
    moved_at = LATER + timedelta(3)
    actions.transfer_case(faulty, MOVE, by=house.li, at=moved_at)
    [row] = reads.aftermath(faulty).transfers
    on = receipt(row.key, day_of(moved_at))
    with pytest.raises(Refused, match="没有下载过这次检查的案卷"):
        actions.receive_transfer(faulty, on, by=house.li, at=moved_at)
    file = actions.export_visit_file(faulty, by=house.chen, at=moved_at)
    actions.receive_transfer(faulty, on, by=house.li, at=moved_at)
    assert reads.aftermath(faulty).transfers[0].packet == file.manifest


def test_the_index_calls_a_hand_over_by_its_kind(house, faulty):
    actions.transfer_case(faulty, replace(MOVE, kind=TransferKind.CREDIT), by=house.li, at=LATER)
    _, manifest = unpacked(faulty, house.chen)
    says = "".join(manifest["gaps"])
    assert "送信用管理：" in says
    assert "移送" not in says


@pytest.mark.parametrize(
    ("draft", "says"),
    [({"on": TODAY - timedelta(9)}, "移送之后"), ({"by": " "}, "请填写签收人")],
)
def test_an_impossible_receipt_is_refused(house, faulty, draft, says):
    key = moved(house, faulty)
    with pytest.raises(Invalid, match=says):
        actions.receive_transfer(faulty, receipt(key, **draft), by=house.li, at=LATER)


def test_only_the_team_and_the_office_enter_a_receipt(house, faulty, stranger):
    key = moved(house, faulty)
    for who in (house.zhao, stranger):
        with pytest.raises(NotAllowed):
            actions.receive_transfer(faulty, receipt(key), by=who, at=LATER)


def test_the_page_asks_for_the_use_and_for_the_hand_over_that_was_received(
    house, faulty, signed_in
):
    browser = signed_in(house.li)
    typed = {
        "kind": "credit",
        "to_whom": "临溪市信用中心（虚构）",
        "says": "处罚",
        "moved_on": TODAY,
    }
    sent = {f"transfer-{name}": str(value) for name, value in typed.items()}
    browser.post(f"/visits/{faulty}/after/transfer/", sent)
    browser.get(f"/visits/{faulty}/file.zip")
    [row] = reads.aftermath(faulty).transfers
    typed = {"transfer": row.key, "received_on": day_of(clock.now()), "received_by": "张接收"}
    sent = {f"receipt-{name}": str(value) for name, value in typed.items()}
    page = browser.post(f"/visits/{faulty}/after/receipt/", sent, follow=True).content.decode()
    assert "送信用管理" in page
    assert "随同交接的案卷" in page


# -- before and after


def test_a_later_look_puts_its_photo_beside_that_of_the_visit(house, faulty):
    order = actions.order_correction(faulty, ORDER, by=house.li, at=LATER)
    before = reads.record(faulty).evidence[0].ref
    photo = PhotoDraft(name="修好.png", content=io.BytesIO(picture("blue")), before=before)
    actions.record_follow_up(
        order, "已修复", on=TOMORROW, is_corrected=True, photos=(photo,), by=house.li, at=LATER
    )
    found = reads.order(order).follow_ups[0].photos[0]
    assert (found.before, found.sha256) == (before, hashlib.sha256(picture("blue")).hexdigest())
    with default_storage.open(found.path) as file:
        assert file.read() == picture("blue")
    _, manifest = unpacked(faulty, house.chen)
    assert any(before in part["says"] for part in manifest["parts"] if "04" in part["name"])


def test_what_is_no_picture_or_answers_a_foreign_photo_is_refused_whole(house, faulty):
    order = actions.order_correction(faulty, ORDER, by=house.li, at=LATER)
    for photo, says in (
        (PhotoDraft(name="a.png", content=io.BytesIO(b"%PDF-1.7")), "照片应为"),
        (PhotoDraft(name="a.png", content=io.BytesIO(picture()), before="X"), "不是这次检查的证据"),
    ):
        with pytest.raises(Invalid, match=says):
            actions.record_follow_up(
                order, "看过", on=TOMORROW, is_corrected=True, photos=(photo,), by=house.li,
                at=LATER,
            )  # fmt: skip
    assert reads.order(order).follow_ups == ()


def test_the_photo_is_taken_from_the_page_and_shown_in_pairs(house, faulty, signed_in):
    order = actions.order_correction(
        faulty, OrderDraft(says="修复", issued_on=TODAY, due_on=TOMORROW), by=house.li, at=LATER
    )
    before = reads.record(faulty).evidence[0].ref
    typed = {
        "look-on": TOMORROW.isoformat(), "look-is_corrected": "1", "look-says": "已修复",
        f"look-after_{before}": SimpleUploadedFile("b.png", picture("blue"), "image/png"),
    }  # fmt: skip
    client = signed_in(house.li)
    page = client.get(f"/visits/{faulty}/after/").content.decode()
    assert f"对照 {before}" in page
    client.post(f"/visits/orders/{order}/look/", typed)
    page = client.get(f"/visits/{faulty}/after/").content.decode()
    assert f"左：改正前 {before}" in page
    photo = reads.order(order).follow_ups[0].photos[0].ref
    assert client.get(f"/visits/looks/{photo}/copy/")["Content-Type"] == "image/jpeg"
    original = b"".join(client.get(f"/visits/looks/{photo}/").streaming_content)
    assert original == picture("blue")


# -- copies to look at


def test_a_copy_is_marked_and_the_original_is_what_it_was(house, faulty, signed_in):
    ref = reads.record(faulty).evidence[0].ref
    client = signed_in(house.li)
    copy = Image.open(io.BytesIO(client.get(f"/visits/evidence/{ref}/copy/").content))
    original = Image.open(io.BytesIO(picture()))
    assert (copy.format, copy.width) == ("JPEG", marking.NARROWEST)
    assert copy.height > original.height
    assert not copy.getexif()
    kept = b"".join(client.get(f"/visits/evidence/{ref}/").streaming_content)
    assert hashlib.sha256(kept).hexdigest() == reads.evidence(ref).sha256


def test_a_long_mark_is_folded_and_nothing_of_the_picture_is_covered():
    plain = Image.new("RGB", (400, 300), "red")
    held = io.BytesIO()
    plain.save(held, "PNG")
    made = Image.open(io.BytesIO(marking.marked_copy(held, ("玥堃喆镕㙍公司" * 12,))))
    assert made.width == 400
    assert made.height > 340
    assert made.getpixel((200, 296))[0] > 200
    assert made.getpixel((200, 296))[1] < 60


def test_what_is_no_picture_has_no_copy():
    with pytest.raises(Refused, match="打不开"):
        marking.marked_copy(io.BytesIO(b"no picture"), ("x",))


# -- numbers of a superior's system


def test_the_table_goes_out_and_its_numbers_come_back_in_the_right_places(house):
    ref, other = submitted(house), opened(house)
    mapping = external.map_of()
    content = actions.export_external_table("2026Q1", "xlsx", mapping, by=house.chen, at=LATER)
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    assert heads == list(mapping.heads)
    column = heads.index(mapping.number) + 1
    rows = {sheet.cell(row, 1).value: row for row in (2, 3)}
    sheet.cell(rows[ref], column, "SJ-2026-0001")
    held = io.BytesIO()
    book.save(held)
    lines = external.lines_of(Source(name="回.xlsx", content=held.getvalue()), mapping)
    record = actions.record_external_numbers
    assert record(mapping.system, lines, by=house.chen, at=LATER) == 1
    assert record(mapping.system, lines, by=house.chen, at=LATER) == 0
    assert course.external_numbers(ref)[0].number == "SJ-2026-0001"
    assert course.external_numbers(other) == ()
    again = external.table(BUREAU, "2026Q1", "csv", mapping).decode("utf-8-sig")
    assert "SJ-2026-0001" in again


def test_the_way_round_gives_the_same_table(house):
    """Out, in, out: nothing but the numbers has changed."""
    submitted(house)
    mapping = external.map_of()
    first = external.table(BUREAU, "2026Q1", "csv", mapping)
    lines = external.lines_of(Source(name="a.csv", content=first), mapping)
    assert lines == ()
    assert external.table(BUREAU, "2026Q1", "csv", mapping) == first


OWN = """
system = "市平台"
key = "编号"
number = "案号"
[[column]]
head = "案号"
field = "external_number"
[[column]]
head = "编号"
field = "ref"
"""


def test_another_system_has_its_own_mapping_file(house):
    ref = submitted(house)
    mapping = read_map(OWN)
    content = f"案号,编号\nA-1,{ref}\n".encode()
    lines = external.lines_of(Source(name="a.csv", content=content), mapping)
    actions.record_external_numbers(mapping.system, lines, by=house.chen, at=LATER)
    assert [(row.system, row.number) for row in course.external_numbers(ref)] == [("市平台", "A-1")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("=", "不是正确的 TOML"),
        ("system = 1", "须写明 system"),
        (OWN.replace('"ref"', '"secret"'), "field 应为"),
        (OWN.replace('key = "编号"', 'key = "案号"'), "field 应为 ref"),
        (OWN.replace('number = "案号"', 'number = "编号"'), "field 应为 external_number"),
        (OWN.replace('head = "编号"', 'head = "案号"'), "表头相同：“案号”"),
        (OWN.split("[[column]]")[0], "没有列"),
    ],
)
def test_a_mapping_that_cannot_be_says_why(text, says):
    with pytest.raises(Invalid, match=says):
        read_map(text)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("甲,乙\n1,2\n", "表头缺少“编号”“案号”，第一行是：甲、乙"),
        ("", "文件“a.csv”是空的"),
        ("编号,案号,案号\nV1,A-1,A-2\n", "第 2、3 列的表头都是“案号”，请只留一列"),
        ("编号,编号\nV1,V1\n", "第 1、2 列的表头都是“编号”，请只留一列。表头缺少“案号”"),
        ("编号,案号\n,A-1\n", "第 2 行有上级系统编号，没有检查编号"),
        ("编号,案号\nV1,A-1\nV1,A-2\n", "第 3 行与第 2 行是同一次检查"),
    ],
)
def test_a_table_that_cannot_be_says_where(house, content, says):
    with pytest.raises(Invalid, match=says):
        external.lines_of(Source(name="a.csv", content=content.encode()), read_map(OWN))


def test_one_strange_line_and_nothing_is_taken(house, signed_in):
    ref = submitted(house)
    content = f"双随机检查编号,移动执法记录编号\n{ref},A-1\nV-none,A-2\n".encode()
    table = SimpleUploadedFile("a.csv", content, "text/csv")
    page = signed_in(house.chen).post("/visits/numbers/", {"table": table}).content.decode()
    assert "第 3 行：本机构没有编号为 V-none 的检查" in page
    assert course.external_numbers(ref) == ()


def test_columns_that_the_mapping_does_not_know_are_told_and_not_read(house, signed_in):
    ref = submitted(house)
    content = f"双随机检查编号,备注,移动执法记录编号\n{ref},甲,A-1\n".encode()
    table = SimpleUploadedFile("a.csv", content, "text/csv")
    page = signed_in(house.chen).post("/visits/numbers/", {"table": table}, follow=True).text
    assert "读到 1 个编号，新登记 1 个" in page
    assert "对照文件中没有“备注”，这 1 列没有读取" in page


def test_the_office_brings_numbers_in_on_the_page(house, signed_in):
    ref = submitted(house)
    content = f"双随机检查编号,移动执法记录编号\n{ref},A-1\n".encode()
    client = signed_in(house.chen)
    client.post("/visits/numbers/", {"table": SimpleUploadedFile("a.csv", content, "text/csv")})
    assert "A-1" in client.get(f"/visits/{ref}/").content.decode()
    answer = client.post("/visits/numbers/table/csv/?quarter=2026Q1")
    assert ref in answer.content.decode("utf-8-sig")
    with pytest.raises(NotAllowed):
        actions.record_external_numbers("x", (), by=house.li, at=LATER)


# -- papers


@pytest.mark.parametrize("kind", ["survey", "interview", "sampling"])
def test_blank_sheets_carry_the_head_of_the_visit(house, signed_in, kind):
    ref = opened(house)
    answer = signed_in(house.li).get(f"/visits/{ref}/sheet/{kind}.pdf")
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert "现场勘验笔录询问笔录抽样记录".count(text.splitlines()[1]) == 1
    assert "虚构化工" in text


def test_consent_and_result_are_papers_too(house, faulty, signed_in):
    client = signed_in(house.chen)
    for name, says in (("approval", "审批表"), ("result", "废气收集罩破损")):
        answer = client.get(f"/visits/{faulty}/{name}.pdf")
        text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
        assert says in text


def test_an_officers_day_is_on_one_sheet_and_nobody_elses(house, signed_in):
    ref = opened(house)
    _, pdf = dayway.day_sheet(refs("李执法")[0], BUREAU, TODAY, at=AT)
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert ref in text.replace("\r\n", "")
    with pytest.raises(Refused, match="没有可以打印的派发单"):
        dayway.day_sheet(refs("赵执法")[0], BUREAU, TODAY, at=AT)
