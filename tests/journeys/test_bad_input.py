"""What a bureau sends wrongly comes back by the page with row, column and remedy; nothing is kept.

Pages without JavaScript; what each kind of damage is called is tested beside the reader of files.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import strip_tags

from gongchou.audit import reads as audit
from gongchou.core.terms import DrawState
from gongchou.drawing import reads
from gongchou.registry import reads as registers
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.registry.test_import import HEADER, csv, line, uscc, zipped

UPLOAD = "/register/import/"


@pytest.fixture(autouse=True)
def _fifth_of_january() -> None:
    clock.move_demo_clock(AT)


def sent(browser, content: bytes, filename: str = "名册.csv") -> str:
    """What the clerk reads after choosing the file."""
    file = SimpleUploadedFile(filename, content)
    answer = browser.post(UPLOAD, {"kind": "subjects", "file": file}, follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode()))


def is_untouched() -> bool:
    kinds = {row.event.kind for row in audit.events(BUREAU)}
    return registers.subjects(BUREAU, TODAY).total == 0 and "register_imported" not in kinds


REFUSED = {
    "a wrong header": (
        "名字,代码\n甲,乙".encode(),
        "名册.csv",
        "表头缺少“单位名称”“排污许可管理类别”",
    ),
    "an empty file": (b"", "名册.csv", "文件是空的，请选择有内容的名册文件。"),
    "a file of blanks": (b" \n \n", "名册.csv", "是空的"),
    "a renamed archive": (zipped(readme_txt=b"x"), "名册.xlsx", "压缩包"),
    "a renamed picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "名册.xlsx", "不是表格"),
}


@pytest.mark.parametrize(("content", "filename", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_roster_is_refused_at_the_field_and_leaves_nothing(
    signed_in, chen, content, filename, says
):
    page = sent(signed_in(chen), content, filename)
    assert says in page
    assert "导入预览" not in page
    assert is_untouched()


CODE = uscc(9)
WRONG_CHECK = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (f"虚构印染,{WRONG_CHECK},,登记管理,东片", r"第 3 行统一社会信用代码[^。]*校验[^。]*。"),
        ("虚构印染,12345,,登记管理,东片", r"第 3 行统一社会信用代码[^。]*18 ?位[^。]*。"),
        (f"虚构印染,{CODE},,重要,东片", r"第 3 行“排污许可管理类别”[^。]*“重点管理”"),
        (line(1), r"第 3 行[^。]*第 2 行[^。]*重复|第 3 行[^。]*与第 2 行"),
    ],
    ids=["a false check digit", "a short code", "an unknown word", "a site told twice"],
)
def test_a_bad_row_is_named_in_the_preview_and_only_the_good_one_goes_in(
    signed_in, chen, bad, says
):
    browser = signed_in(chen)
    page = sent(browser, csv(line(1), bad))
    assert re.search(says, page), page
    assert is_untouched()
    [batch] = {row.event.about for row in audit.events(BUREAU) if "staged" in row.event.kind}
    browser.post(f"{UPLOAD}{batch}/commit/")
    assert registers.subjects(BUREAU, TODAY).total == 1


def test_a_file_of_an_old_spreadsheet_in_gb18030_is_read_as_written(signed_in, chen):
    content = (HEADER + "\n" + line(1, name="虚构㙍玥电镀")).encode("gb18030")
    page = sent(signed_in(chen), content)
    assert "新增 1" in page
    assert "虚构㙍玥电镀" in page


def freeze(browser, stage) -> str:
    answer = browser.post("/draw/freeze/", {"task": stage.task, "profile": "sha256"}, follow=True)
    return strip_tags(answer.content.decode())


def test_a_draw_with_too_few_certified_inspectors_is_refused_with_the_reason(signed_in, db):
    stage = ceremony.prepared(officers=2, at=clock.now())
    page = freeze(signed_in(stage.chen), stage)
    assert "不能保证每次抽取都能组成检查组" in page
    assert "可派的只有 0 人" in page
    assert reads.draw_of_task(stage.task) is None


def test_a_second_draw_of_the_task_is_refused_and_the_first_stands(signed_in, db):
    stage = ceremony.prepared(at=clock.now())
    draw = ceremony.sealed_draw(stage, at=clock.now())
    assert "不能再抽一次" in freeze(signed_in(stage.chen), stage)
    assert [row.ref for row in reads.draws(BUREAU, stage.quarter)] == [draw]
    assert reads.draw(draw).state is DrawState.SEALED
    page = signed_in(stage.lin).post(f"/draw/{draw}/void/", {"reason": "想重抽"}, follow=True)
    assert "由两人同意、上级机关决定" in strip_tags(page.content.decode())
    assert reads.draw(draw).state is DrawState.SEALED
