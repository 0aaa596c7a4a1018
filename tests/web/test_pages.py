"""Long lists in pages."""

import pytest

from gongchou.web.pages import page_of


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("1", 1), ("2", 2), ("3", 3), ("99999999", 3), ("0", 1), ("-1", 1), ("二", 1)],
)
def test_a_page_that_is_not_there_is_the_nearest_that_is(asked, number):
    page = page_of(range(101), asked)
    assert (page.number, page.pages, page.total) == (number, 3, 101)


def test_the_pages_together_are_the_whole_list():
    rows = [row for number in "123" for row in page_of(range(101), number).rows]
    assert rows == list(range(101))


def test_an_empty_list_has_one_empty_page():
    page = page_of((), "4")
    assert (page.rows, page.number, page.pages, page.total) == ((), 1, 1, 0)
