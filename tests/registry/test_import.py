"""Rosters as bureaus send them, and what becomes of each row."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from gongchou.audit import reads as audit
from gongchou.core.codes import organization_code_check, uscc_check
from gongchou.core.refusals import Invalid, NotAllowed, Stale
from gongchou.core.terms import CreditLevel, ImportKind, PermitCategory
from gongchou.registry import actions, reads
from tests.conftest import AT, TODAY

HEADER = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区"


def uscc(number: int) -> str:
    """A fictional code with true check digits."""
    organisation = f"{number:08}"
    body = "91990173" + organisation + organization_code_check(organisation)
    return body + uscc_check(body)


def line(number: int, name: str = "", category: str = "登记管理") -> str:
    code = uscc(number)
    return f"{name or f'虚构化工{number}'},{code},{code}001P,{category},东片"


def csv(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode()


def take(kind, content, by, filename="名册.csv", **options):
    return actions.import_file(kind, content, filename, on=TODAY, by=by, at=AT, **options).plain()


def test_a_good_roster_goes_in_and_leaves_its_event(chen, bureau):
    found = take(ImportKind.SUBJECTS, csv(line(1), line(2, category="重点管理")), chen)
    assert (found["rows"], found["accepted"], found["problems"]) == (2, 2, [])
    page = reads.subjects(bureau, TODAY)
    assert {s.permit_category for s in page.rows} == {PermitCategory.KEY, PermitCategory.REGISTERED}
    assert audit.events(bureau)[0].event.kind == "register_imported"


def test_importing_the_same_file_again_changes_nothing(chen, bureau):
    content = csv(line(1), line(2))
    take(ImportKind.SUBJECTS, content, chen)
    found = take(ImportKind.SUBJECTS, content, chen)
    assert (found["unchanged"], found["accepted"], found["updated"]) == (2, 0, 0)


def test_a_changed_tag_keeps_the_old_value_for_earlier_days(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    later = date(2026, 3, 2)
    actions.import_file(
        ImportKind.SUBJECTS, csv(line(1, category="重点管理")), "新.csv", on=later, by=chen, at=AT
    )
    seen = [reads.subjects(bureau, on).rows[0].permit_category for on in (TODAY, later)]
    assert seen == [PermitCategory.REGISTERED, PermitCategory.KEY]


def test_rows_are_always_the_sum_of_their_outcomes(chen):
    bad = "虚构印染,12345,,登记管理,东片"
    found = take(ImportKind.SUBJECTS, csv(line(1), line(1), bad, ",,,,", line(2)), chen)
    parts = ("accepted", "updated", "unchanged", "duplicates", "rejected")
    assert found["rows"] == sum(found[part] for part in parts) == 4
    assert (found["accepted"], found["duplicates"], found["rejected"]) == (2, 1, 1)


def test_every_problem_of_a_row_is_told_at_once_with_row_and_column(chen):
    found = take(ImportKind.SUBJECTS, csv(line(1), "虚构印染,12345,,重要,东片"), chen)
    assert [(p["row"], p["column"]) for p in found["problems"]] == [
        (3, "统一社会信用代码"),
        (3, "排污许可管理类别"),
    ]
    assert "“重点管理”" in found["problems"][1]["says"]


def test_strict_keeps_the_whole_file_out(chen, bureau):
    found = take(ImportKind.SUBJECTS, csv(line(1), "虚构印染,1,,登记管理,"), chen, is_strict=True)
    assert found["rejected"] == 1
    assert reads.subjects(bureau, TODAY).total == 0
    assert audit.events(bureau)[0].event.kind != "register_imported"


def test_a_dry_run_writes_nothing(chen, bureau):
    found = take(ImportKind.SUBJECTS, csv(line(1)), chen, is_dry_run=True)
    assert found["accepted"] == 1
    assert reads.subjects(bureau, TODAY).total == 0


def workbook(*rows: list[object]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_a_workbook_with_a_title_row_and_any_order_of_columns(chen, bureau):
    code = uscc(7)
    content = workbook(
        ["2026年度名册（虚构）"],
        ["管理类别", "企业名称", "信用代码"],
        ["简化管理", "虚构铸造", code],
    )
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert found["accepted"] == 1
    assert reads.subjects(bureau, TODAY).rows[0].uscc == code


def test_a_gb18030_file_is_recognised(chen, bureau):
    content = (HEADER + "\n" + line(1, name="虚构㙍玥电镀")).encode("gb18030")
    assert take(ImportKind.SUBJECTS, content, chen)["accepted"] == 1
    assert reads.subjects(bureau, TODAY, search="㙍玥").total == 1


def test_what_a_spreadsheet_destroyed_is_named(chen):
    found = take(ImportKind.SUBJECTS, csv("虚构,9.11E+17,,登记管理,"), chen)
    assert found["rejected"] == 1
    assert "第 2 行" in found["problems"][0]["says"]


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (b"", "空.csv", "是空的"),
        (b"  \n", "空.csv", "是空的"),
        ("名字,代码\n甲,乙".encode(), "错.csv", "表头缺少“单位名称”“排污许可管理类别”"),
        (zipped(readme_txt=b"x"), "名册.xlsx", "压缩包"),
        (b"PK\x03\x04broken", "名册.xlsx", "已损坏"),
        (zipped(xl__workbook_xml=b"0" * 10**6), "弹.xlsx", "过大"),
        (zipped(xl__workbook_xml=b"x", xl__vbaProject_bin=b"x"), "宏.xlsx", "宏"),
        (b"\xff\xfe\x00\x81\x30", "乱.csv", "编码|不是表格"),
        ('单位名称,管理类别\n"甲,登记管理'.encode(), "引号.csv", "引号"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_the_remedy(chen, content, filename, says):
    with pytest.raises(Invalid, match=says):
        take(ImportKind.SUBJECTS, content, chen, filename=filename)


def test_dated_facts_find_their_subject(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    head = "统一社会信用代码,单位名称,信用等级,评价日期"
    rows = [f"{uscc(1)},虚构化工1,D级,2025/6/1", "没有代码,不存在的厂,D级,2025-06-01"]
    found = take(ImportKind.CREDITS, csv(*rows, header=head), chen)
    assert (found["accepted"], found["rejected"]) == (1, 1)
    credit = reads.snapshot(bureau, TODAY).subjects[0].credits[0]
    assert (credit.level, credit.rated_on) == (CreditLevel.D, date(2025, 6, 1))


def test_a_certified_inspector_needs_the_date_of_the_card(chen, bureau):
    head = "姓名,科室,执法证号,执法资格,有效期至,专长"
    rows = ["李执法,zd,虚构-001,是,2030-01-01,废气、废水", "王执法,zd,虚构-002,是,,"]
    found = take(ImportKind.INSPECTORS, csv(*rows, header=head), chen)
    assert (found["accepted"], found["rejected"]) == (1, 1)
    assert reads.inspectors(bureau, TODAY)[0].name == "李执法"


def test_a_stranger_may_not_import(stranger):
    with pytest.raises(NotAllowed, match="导入名录"):
        take(ImportKind.SUBJECTS, csv(line(1)), stranger)


def test_a_preview_is_committed_once(chen, bureau):
    ref = actions.stage_import(
        ImportKind.SUBJECTS, csv(line(1)), "名册.csv", on=TODAY, by=chen, at=AT
    )
    assert reads.subjects(bureau, TODAY).total == 0
    actions.commit_import(ref, on=TODAY, by=chen, at=AT)
    assert reads.subjects(bureau, TODAY).total == 1
    with pytest.raises(Stale, match="已经导入"):
        actions.commit_import(ref, on=TODAY, by=chen, at=AT)


def test_search_by_initials_and_by_code(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1), line(2, name="虚构印染")), chen)
    assert reads.subjects(bureau, TODAY, search="xgyr").total == 1
    assert reads.subjects(bureau, TODAY, search=uscc(1)[:17]).total == 1


def test_a_frozen_snapshot_reads_back_as_it_was(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    ref = actions.freeze_snapshot(on=TODAY, by=chen, at=AT)
    take(ImportKind.SUBJECTS, csv(line(1, category="重点管理")), chen)
    frozen = reads.frozen_snapshot(ref)
    assert frozen.subjects[0].permit_category is PermitCategory.REGISTERED
