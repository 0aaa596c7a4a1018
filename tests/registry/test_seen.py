"""Rows met before are known, at hand or on disk."""

from gongchou.registry.importing import seen


def test_duplicates_are_found_past_the_rows_at_hand(monkeypatch):
    monkeypatch.setattr(seen, "AT_HAND", 1)
    with seen.Seen() as met:
        assert [met.first(key, number) for number, key in enumerate("abab")] == [0, 1, 0, 1]


def test_what_a_first_row_said_is_found_again_at_hand_and_on_disk(monkeypatch):
    monkeypatch.setattr(seen, "AT_HAND", 1)
    with seen.Seen() as met:
        for number, key in enumerate("abcab", start=5):
            met.first(key, number, f"第{key}行")
        assert [met.text(number) for number in (5, 6, 7)] == ["第a行", "第b行", "第c行"]
