"""The sum against the standard's own steps, bit by bit."""

from random import Random

import pytest

from gongchou.core.hj212.crc import crc_of, is_possible, modbus_of


def bit_by_bit(segment: bytes) -> int:
    """Appendix A of the standard as it stands there."""
    crc = 0xFFFF
    for byte in segment:
        crc = (crc >> 8) ^ byte
        for _ in range(8):
            low = crc & 1
            crc >>= 1
            if low:
                crc ^= 0xA001
    return crc


@pytest.mark.parametrize(
    ("segment", "crc"),
    [
        (b"", 0xFFFF),
        (b"\x00", 0x4040),
        (b"1", 0x9481),
        (b"A", 0x7080),
        (b"\x00" * 8, 0xFF01),
        (b"ABCDEFGH", 0xE541),
        (b"ABCDEFGHIJKLMNOP", 0x8581),
        (b"123456789", 0x2F80),
    ],
)
def test_known_sums(segment, crc):
    assert crc_of(segment) == crc == bit_by_bit(segment)


def test_any_bytes_have_the_sum_of_the_standards_steps():
    chance = Random(212)
    for size in [*range(1, 80), 255, 256, 257, 1023, 1024, 9999]:
        segment = chance.randbytes(size)
        assert crc_of(segment) == bit_by_bit(segment), size
        assert is_possible(crc_of(segment))


def test_only_eight_low_bytes_occur():
    possible = {crc & 0xFF for crc in range(0x10000) if is_possible(crc)}
    assert possible == {0x00, 0x01, 0x40, 0x41, 0x80, 0x81, 0xC0, 0xC1}


def test_the_modbus_sum_is_another():
    assert modbus_of(b"123456789") == 0x4B37 != crc_of(b"123456789")


def test_two_bytes_eight_places_apart_change_places_unseen():
    """Why a good sum is no proof, and plausibility is judged all the same."""
    one = b"a21026-Avg=12.3,a21026-Flag=N"
    other = b"a21026-Avg=02.3,a21126-Flag=N"
    assert crc_of(one) == crc_of(other) == 0x5000
