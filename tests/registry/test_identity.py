"""Which site a row speaks of, and what does not fit."""

from gongchou.core.terms import ImportKind
from gongchou.registry import reads
from tests.conftest import TODAY
from tests.registry.test_import import csv, line, take, uscc

HEAD = "统一社会信用代码,单位名称,固定污染源编码,信用等级,评价日期"


def two_sites(chen) -> str:
    code = uscc(5)
    rows = [f"虚构纸业,{code},{code}00{n}P,登记管理,东片" for n in (1, 2)]
    take(ImportKind.SUBJECTS, csv(*rows), chen)
    return code


def test_a_record_that_fits_two_sites_is_not_guessed(chen):
    code = two_sites(chen)
    found = take(ImportKind.CREDITS, csv(f"{code},虚构纸业,,D级,2025-06-01", header=HEAD), chen)
    assert found["rejected"] == 1
    assert "固定污染源编码" in found["problems"][0]["says"]


def test_a_record_with_its_site_code_finds_its_site(chen):
    code = two_sites(chen)
    row = f"{code},虚构纸业,{code}002P,D级,2025-06-01"
    assert take(ImportKind.CREDITS, csv(row, header=HEAD), chen)["accepted"] == 1


def test_a_site_entered_without_code_receives_it_later(chen, bureau):
    code = uscc(1)
    take(ImportKind.SUBJECTS, csv(f"虚构化工1,{code},,登记管理,东片"), chen)
    assert take(ImportKind.SUBJECTS, csv(line(1)), chen)["updated"] == 1
    assert reads.subjects(bureau, TODAY).total == 1


def test_a_name_too_long_for_its_field_is_a_problem_of_the_row(chen):
    found = take(ImportKind.SUBJECTS, csv(line(1, name="虚" * 201)), chen)
    assert (found["rejected"], "200" in found["problems"][0]["says"]) == (1, True)


def test_garbled_and_endless_cells_are_named(chen):
    found = take(
        ImportKind.SUBJECTS, csv(line(1, name="虚构\ufffd"), line(2, name="虚" * 10001)), chen
    )
    assert found["rejected"] == 2
    assert "乱码" in found["problems"][0]["says"]
