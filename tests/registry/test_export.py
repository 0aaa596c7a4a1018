"""What is exported imports back unchanged."""

from gongchou.core.terms import ImportKind
from gongchou.registry import export
from tests.conftest import TODAY
from tests.registry.test_import import csv, line, take


def test_exporting_and_importing_again_changes_nothing(chen, bureau):
    content = csv(line(1), line(2, name="-虚构=SUM(1)", category="重点管理"))
    take(ImportKind.SUBJECTS, content, chen)
    file, rows = export.workbook(ImportKind.SUBJECTS, bureau, TODAY)
    found = take(ImportKind.SUBJECTS, file, chen, filename="导出.xlsx")
    assert (rows, found["rows"], found["unchanged"]) == (2, 2, 2)


def test_inspectors_export_and_import_unchanged(chen, bureau):
    head = "姓名,科室,执法证号,执法资格,有效期至,专长,片区"
    take(
        ImportKind.INSPECTORS, csv("李执法,zd,虚构1,是,2030-1-1,废气、噪声,东片", header=head), chen
    )
    file, _ = export.workbook(ImportKind.INSPECTORS, bureau, TODAY)
    assert take(ImportKind.INSPECTORS, file, chen, filename="导出.xlsx")["unchanged"] == 1
