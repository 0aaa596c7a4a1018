"""Rows met before are known, at hand or on disk."""

from gongchou.registry.importing import seen


def test_duplicates_are_found_past_the_rows_at_hand(monkeypatch):
    monkeypatch.setattr(seen, "AT_HAND", 1)
    with seen.Seen() as met:
        assert [met.first(key, number) for number, key in enumerate("abab")] == [0, 1, 0, 1]
