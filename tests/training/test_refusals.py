"""What of training, tests, materials and practices is refused, with its sentence."""

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, Refused
from gongchou.training import actions, reads
from gongchou.training.actions.events import MOST_MATERIALS
from gongchou.training.files import LARGEST, material_format
from tests.conftest import AT, BUREAU
from tests.training.test_quizzes import draft as quiz

PDF = b"%PDF-1.4\nfictional\n%%EOF\n"


def test_a_withdrawn_training_takes_no_test_no_names_and_no_file(chen, li, draft):
    ref = actions.record_event(draft, by=chen, at=AT)
    actions.withdraw_event(ref, "误登", by=chen, at=AT)
    before = audit.head(BUREAU)
    with pytest.raises(Refused, match="已经撤销，不能再出测试"):
        actions.make_quiz(ref, quiz(), by=chen, at=AT)
    with pytest.raises(Refused, match="已经撤销，不能再改"):
        actions.add_attendance(ref, [li.ref], by=chen, at=AT)
    with pytest.raises(Refused, match="已经撤销，不能再改"):
        actions.add_material(ref, "课件.pdf", PDF, by=chen, at=AT)
    assert audit.head(BUREAU) == before


def test_a_training_takes_so_many_files_and_no_more(chen, draft, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ref = actions.record_event(draft, by=chen, at=AT)
    for number in range(MOST_MATERIALS):
        actions.add_material(ref, f"{number}.pdf", PDF + b"%d" % number, by=chen, at=AT)
    with pytest.raises(Refused, match=f"最多 {MOST_MATERIALS} 个文件"):
        actions.add_material(ref, "再一个.pdf", PDF, by=chen, at=AT)
    assert len(reads.event(ref, BUREAU).materials) == MOST_MATERIALS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "是空的"),
        (PDF.ljust(LARGEST + 1, b"\n"), "超过 30 MB"),
        (b"MZ\x90\x00", "不是 PDF、JPEG、PNG 图片"),
        (b"PK\x03\x04 broken", "不是 PDF、JPEG、PNG 图片"),
    ],
)
def test_a_material_is_a_paper_a_picture_or_an_office_file_of_some_size(content, says):
    assert material_format("课件.pdf", PDF.ljust(LARGEST, b"\n")).ending == "pdf"
    with pytest.raises(Invalid, match=f"文件“课件.pdf”{says}"):
        material_format("课件.pdf", content)


@pytest.mark.parametrize(
    ("read", "args", "says"),
    [
        (reads.event, ("E404", BUREAU), "没有编号为 E404 的培训宣传登记"),
        (reads.practice, ("H404", BUREAU), "没有编号为 H404 的做法"),
    ],
)
def test_what_is_not_there_is_not_found(bureau, read, args, says):
    with pytest.raises(Refused, match=says):
        read(*args)


def test_a_file_that_was_not_chosen_or_is_not_there_is_told(chen, draft, signed_in):
    ref, browser = actions.record_event(draft, by=chen, at=AT), signed_in(chen)
    for answer, says in (
        (browser.post(f"/training/{ref}/material/"), "没有选择文件"),
        (browser.get(f"/training/{ref}/material/1/"), "没有这个文件"),
    ):
        assert (answer.status_code, says in answer.content.decode()) == (409, True)


def test_who_wrote_a_test_does_not_pass_it(chen, draft):
    ref = actions.make_quiz(actions.record_event(draft, by=chen, at=AT), quiz(), by=chen, at=AT)
    with pytest.raises(Refused, match="是您出的"):
        actions.take_quiz(ref, [1, 0], by=chen, at=AT)
