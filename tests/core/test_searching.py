"""Search by pairs of letters: finds Chinese words, wants every word, titles first."""

from fractions import Fraction

from gongchou.core.searching import Document, pairs, search

LEAST = Fraction(2, 3)
DOCUMENTS = (
    Document(key="a", title="排污许可证", text="应当按照排污许可证规定排放污染物。"),
    Document(key="b", title="危险废物贮存", text="分类贮存，设置识别标志；排污许可另行办理。"),
    Document(key="c", title="噪声", text="夜间施工须公告。"),
)


def keys(asked: str) -> list[str]:
    return [hit.document.key for hit in search(DOCUMENTS, asked, least=LEAST, most=10)]


def test_words_are_found_without_a_dictionary_titles_first():
    assert keys("排污许可") == ["a", "b"]
    assert keys("识别标志") == ["b"]


def test_every_word_has_to_be_there():
    assert keys("排污许可 贮存") == ["b"]
    assert keys("排污许可 噪声") == []


def test_a_word_that_is_nearly_there_is_found_and_nonsense_is_not():
    assert keys("危险废物贮藏") == ["b"]
    assert keys("风力发电") == []


def test_nothing_asked_finds_nothing_and_width_makes_no_difference():
    assert keys("  ，。 ") == []
    assert pairs("ＡＢ") == pairs("ab") == {"ab"}
    assert search(DOCUMENTS, "排污", least=LEAST, most=1)[0].share == 1
