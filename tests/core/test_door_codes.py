"""Codes on papers: easy to type, hard to guess, and never the digest of one another."""

from gongchou.core.door_codes import (
    ALPHABET,
    code_digest,
    door_code,
    normalised,
    rating_token,
    spelled,
)


def test_a_code_has_sixteen_signs_in_groups_and_none_that_look_alike():
    code = door_code(b"k" * 32, "V990173-1")
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert not set(code) & set("01IO")
    assert len(set(ALPHABET)) == 32


def test_bytes_are_spelled_five_bits_a_sign():
    assert spelled(bytes(5)) == "AAAA-AAAA"
    assert spelled(b"\xff" * 5) == "9999-9999"
    assert spelled(b"\x00\x00\x00\x00\x01") == "AAAA-AAAB"


def test_another_visit_and_another_key_have_other_codes():
    codes = {door_code(key, ref) for key in (b"a" * 32, b"b" * 32) for ref in ("V1", "V2")}
    assert len(codes) == 4


def test_blanks_hyphens_and_small_letters_do_not_matter():
    assert normalised(" abcd-efgh ") == "ABCDEFGH"
    assert code_digest("abcd efgh") == code_digest("ABCD-EFGH")
    assert code_digest("ABCD-EFGH") != code_digest("ABCD-EFGJ")


def test_a_rating_cannot_be_found_by_the_digest_of_its_visit():
    assert rating_token("ABCD") != code_digest("ABCD")
