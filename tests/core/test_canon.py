"""A value has one byte form, and one digest in each profile."""

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core import sm3 as sm3_module
from gongchou.core.canon import HASHES, canon, digest, hash_of, parse, tagged
from gongchou.core.refusals import Invalid
from gongchou.core.sm3 import Sm3, sm3, sm3_by_steps
from tests.core.draw_samples import EXAMPLES, PROFILES, VECTORS

WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]).filter(
        lambda c: unicodedata.is_normalized("NFC", c)
    ),
    max_size=8,
).map(lambda text: unicodedata.normalize("NFC", text))
VALUES = st.recursive(
    WORDS | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcXYZ09-", max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("profile", PROFILES)
def test_published_values_are_met(profile):
    wanted = VECTORS[profile]
    assert canon(["é", 'a"b', 7]).hex() == wanted["canon"]
    assert tagged(hash_of(profile), "t", b"a", b"").hex() == wanted["tagged"]
    assert digest(EXAMPLES[profile], profile) == wanted["record"]


@pytest.mark.parametrize(
    "value",
    ["e\u0301", "a\0b", "a\nb", "\x7f", "\x9f", "\ud800", 1.0, True, None, 2**53, -(2**53), b"a"],
)
def test_what_has_no_one_form_is_refused(value):
    for holder in (value, [value], {"k": value}):
        with pytest.raises(Invalid):
            canon(holder)


@pytest.mark.parametrize("key", ["é", "", 7])
def test_keys_are_ascii_text(key):
    if key == "":
        assert canon({key: 1}) == b'{"":1}'
    else:
        with pytest.raises(Invalid):
            canon({key: 1})


@pytest.mark.parametrize(
    "text",
    ["1.0", "1e3", "-0", "NaN", "true", "null", '{"a":1,"a":1}', "[1", "\ufeff1", '"e\u0301"',
     "9" * 5000, "[" * 5000, '"\\ud800"', b'"\xff"', "", "01"],
)  # fmt: skip
def test_files_with_two_readings_are_refused(text):
    with pytest.raises(Invalid):
        parse(text)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_writing_and_reading_give_the_value_back(value):
    assert parse(canon(value)) == value
    assert parse(json.dumps(value, indent=3)) == value


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("abc", max_size=3), st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_matter(value):
    assert canon(dict(reversed(value.items()))) == canon(value)


def test_parts_of_a_digest_cannot_be_shifted():
    for hash_ in HASHES.values():
        assert tagged(hash_, "t", b"ab", b"c") != tagged(hash_, "t", b"a", b"bc")
        assert tagged(hash_, "t", b"", b"a") != tagged(hash_, "t", b"a")


def test_unknown_profile_is_refused_by_name():
    with pytest.raises(Invalid, match="md5"):
        hash_of("md5")


def test_sm3_meets_the_standards_examples():
    wanted = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3_by_steps(b"abc").hex() == sm3(b"abc").hex() == wanted
    wanted = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert sm3_by_steps(b"abcd" * 16).hex() == wanted


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_both_ways_to_sm3_agree(data):
    assert sm3_by_steps(data) == sm3(data)


@pytest.mark.parametrize("has_openssl", [True, False])
@settings(max_examples=20, deadline=None)
@given(data=st.binary(max_size=200), cut=st.integers(0, 200))
def test_sm3_over_pieces_is_that_of_the_whole(has_openssl, data, cut):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gongchou.core.sm3._OPENSSL", has_openssl and sm3_module._OPENSSL)
        pieces = Sm3()
        pieces.update(data[:cut])
        pieces.update(data[cut:])
        assert pieces.digest() == sm3_by_steps(data)
