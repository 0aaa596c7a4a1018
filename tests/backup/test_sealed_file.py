"""The encrypted file: what goes in comes out, and nothing else does."""

import io
from datetime import UTC, datetime

import pytest

from gongchou.config.backup import sealed_file
from gongchou.config.backup.sealed_file import Damaged, SealedReader, SealedWriter
from gongchou.core.refusals import Refused

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PHRASE, PIECE = "演示备份口令-只供测试-1", 64


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Short pieces and a cheap key, so that every place of a file can be tried."""
    monkeypatch.setattr(sealed_file, "PIECE", PIECE)
    monkeypatch.setattr(sealed_file, "COST", (2**4, 8, 1))


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, PHRASE, AT)
    for start in range(0, len(content), 7):
        writer.write(content[start : start + 7])
    writer.finish()
    return out.getvalue()


def opened(data: bytes, phrase: str = PHRASE) -> bytes:
    return SealedReader(io.BytesIO(data), phrase).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 3])
def test_content_of_any_length_comes_back(size):
    content = bytes(range(256)) * 2
    assert opened(sealed(content[:size])) == content[:size]


def test_reading_in_small_bites_gives_the_same():
    reader = SealedReader(io.BytesIO(sealed(b"x" * 200)), PHRASE)
    bites = iter(lambda: reader.read(9), b"")
    assert b"".join(bites) == b"x" * 200


def test_the_same_content_is_never_sealed_alike():
    assert sealed(b"same") != sealed(b"same")
    assert b"same" not in sealed(b"same")


def test_a_flipped_bit_anywhere_is_refused():
    data = sealed(b"y" * 150)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(Refused):
            opened(bytes(changed))


def test_a_file_cut_off_anywhere_is_refused():
    data = sealed(b"z" * (3 * PIECE))
    for length in range(len(data)):
        with pytest.raises(Refused):
            opened(data[:length])


def test_pieces_cannot_be_swapped_or_repeated():
    data = sealed(b"a" * PIECE + b"b" * PIECE + b"c" * PIECE)
    whole = PIECE + sealed_file.TAG
    top, one, two, rest = (
        data[: -3 * whole],
        data[-3 * whole : -2 * whole],
        data[-2 * whole : -whole],
        data[-whole:],
    )
    assert opened(top + one + two + rest)
    for forged in (top + two + one + rest, top + one + one + two + rest, top + one + rest):
        with pytest.raises(Damaged, match="与写入时不符"):
            opened(forged)


def test_a_wrong_passphrase_is_called_so():
    with pytest.raises(Refused, match="口令不对"):
        opened(sealed(b"secret"), "另一个口令-不对的")


def test_other_files_and_other_formats_are_told_apart():
    with pytest.raises(Refused, match="不是公抽的备份文件"):
        opened(b"PK\x03\x04")
    with pytest.raises(Refused, match="格式与本程序不同"):
        opened(b"GONGCHOU-BACKUP-0\n{}\n")
