"""Frames out of any stream: cut anywhere, damaged anyhow, nothing accepted that is wrong."""

from random import Random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gongchou.core.hj212.crc import crc_of, modbus_of
from gongchou.core.hj212.framing import (
    LONGEST,
    Accepted,
    DeviceProfile,
    Framer,
    Quarantined,
    dialect_of,
)
from gongchou.core.hj212.words import Dialect, FrameFault
from tests.core.hj212.frames import BODY, HEAD, MN, SEGMENT, wired

KEY = b"0" * 16
STANDARD = DeviceProfile()


def sm4(key: bytes, groups: bytes, *, encrypt: bool = False) -> bytes:
    cipher = Cipher(algorithms.SM4(key), modes.ECB())
    step = cipher.encryptor() if encrypt else cipher.decryptor()
    return step.update(groups) + step.finalize()


def framed(*chunks: bytes, profile: DeviceProfile = STANDARD):
    framer = Framer(lambda mn: profile if mn == MN else STANDARD, sm4)
    found = [one for chunk in chunks for one in framer.feed(chunk)]
    return found + framer.close()


def kinds(found) -> list[object]:
    return [one.fault if isinstance(one, Quarantined) else one.dialect for one in found]


GOOD = wired(SEGMENT)


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b""], ids=["crlf", "lf", "none"])
def test_frames_follow_one_another_with_any_end_of_line(end):
    assert kinds(framed(wired(SEGMENT, end=end) * 3)) == [None] * 3


def test_one_frame_over_many_chunks():
    chunks = [GOOD[at : at + 1] for at in range(len(GOOD))]
    assert kinds(framed(*chunks)) == [None]


def test_a_sum_in_lower_case():
    assert kinds(framed(GOOD[:-6] + GOOD[-6:].lower())) == [None]


def test_a_head_cut_off_by_a_reconnect_is_kept_apart():
    assert kinds(framed(GOOD[40:] + GOOD)) == [FrameFault.HEAD, None]


def test_a_frame_cut_off_at_the_end_is_kept_apart():
    assert kinds(framed(GOOD + GOOD[:50])) == [None, FrameFault.CUT]


def test_strokes_without_a_length_are_passed_over():
    assert kinds(framed(b"###" + GOOD)) == [FrameFault.HEAD, None]
    assert kinds(framed(b"##12ab" + GOOD)) == [FrameFault.HEAD, None]


@pytest.mark.parametrize("length", [-7, -3, 2, 5, -120])
def test_a_wrong_length_is_refused_and_read_only_for_a_device_known_for_it(length):
    raw = wired(SEGMENT, length=length)
    assert kinds(framed(raw + GOOD))[-1] is None
    assert kinds(framed(raw + GOOD))[0] is FrameFault.LENGTH
    known = DeviceProfile(dialects=frozenset({Dialect.LENGTH}))
    assert kinds(framed(raw, GOOD, profile=known)) == [Dialect.LENGTH, None]
    assert dialect_of(raw) is Dialect.LENGTH


def modbus_framed() -> bytes:
    content = SEGMENT.encode()
    return b"##%04d" % len(content) + content + b"%04X\r\n" % modbus_of(content)


def test_a_modbus_sum_is_refused_and_read_only_for_a_device_known_for_it():
    assert kinds(framed(modbus_framed() + GOOD)) == [FrameFault.MODBUS, None]
    known = DeviceProfile(dialects=frozenset({Dialect.MODBUS}))
    assert kinds(framed(modbus_framed() + GOOD, profile=known)) == [Dialect.MODBUS, None]
    assert dialect_of(modbus_framed()) is Dialect.MODBUS


def test_an_impossible_sum_is_named():
    raw = GOOD[:-6] + b"1234\r\n"
    assert kinds(framed(raw)) == [FrameFault.CRC_IMPOSSIBLE]
    assert dialect_of(raw) is None


def test_every_single_byte_changed_is_refused():
    """Bytes 8 apart fold together, but one byte alone never passes."""
    content, chance = bytearray(GOOD), Random(3)
    for at in range(6, len(GOOD) - 2):
        changed = bytearray(content)
        changed[at] ^= 1 << chance.randrange(7)
        found = framed(bytes(changed))
        same_sum = changed[-6:-2].lower() == content[-6:-2].lower()
        accepted = [one for one in found if isinstance(one, Accepted)]
        assert not accepted or (at >= len(GOOD) - 6 and same_sum), at


def enciphered(segment: bytes) -> bytes:
    at = segment.index(b"CP=&&") + 5
    whole = (len(segment) - 2 - at) // 16 * 16
    return segment[:at] + sm4(KEY, segment[at : at + whole], encrypt=True) + segment[at + whole :]


def enciphered_frame(printed: bool = False) -> bytes:
    clear = SEGMENT.replace("Flag=5", "Flag=9").encode()
    good = wired(clear)
    secret = enciphered(clear)
    if printed:
        at = secret.index(b"CP=&&") + 5
        shown = ",".join(f"0x{byte:02X}" for byte in secret[at:-2]).encode()
        secret = secret[:at] + b"{" + shown + b"}&&"
    return good[:6] + secret + good[-6:]


@pytest.mark.parametrize("printed", [False, True], ids=["raw", "printed"])
def test_an_enciphered_packet_is_read_with_its_key(printed):
    raw = enciphered_frame(printed)
    profile = DeviceProfile(keys=(b"1" * 16, KEY))
    (one, after) = framed(raw + GOOD, profile=profile)
    assert isinstance(one, Accepted)
    assert [row.factor for row in one.packet.rows] == ["a21026", "a19001"]
    assert isinstance(after, Accepted)


def test_an_enciphered_packet_without_or_with_another_key_is_refused():
    assert kinds(framed(enciphered_frame()))[0] is FrameFault.NO_KEY
    other = DeviceProfile(keys=(b"2" * 16,))
    assert kinds(framed(enciphered_frame(), profile=other))[0] is FrameFault.WRONG_KEY


def test_the_sample_of_the_standards_annex_is_deciphered():
    assert sm4(KEY, bytes.fromhex("E43E159ACFAB242CB53155FB8B9281A1")) == b"DataTime=2024052"


def test_whatever_comes_the_framer_holds_little_and_loses_no_byte():
    chance = Random(99)
    framer, sent, kept = Framer(), 0, 0
    for _ in range(400):
        chunk = chance.choice([chance.randbytes(200), b"##9999" + b"x" * 500, b"#" * 64, GOOD])
        sent += len(chunk)
        kept += sum(len(one.raw) for one in framer.feed(chunk))
        assert framer.waiting <= LONGEST + 600
    kept += sum(len(one.raw) for one in framer.close())
    # Only blanks between frames are not kept.
    assert sent - kept <= 2 * 400 + 200


@pytest.mark.parametrize("seed", range(5))
def test_a_stream_cut_anywhere_gives_the_same_frames(seed):
    chance = Random(seed)
    pieces = [GOOD, wired(SEGMENT, length=3), modbus_framed(), wired(f"{HEAD};CP=&&&&"), b"stray"]
    stream = b"".join(chance.choice(pieces) for _ in range(30)) + GOOD
    cuts = sorted(chance.randrange(len(stream)) for _ in range(40))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole = [one.packet for one in framed(stream) if isinstance(one, Accepted)]
    parts = [one.packet for one in framed(*chunks) if isinstance(one, Accepted)]
    assert whole == parts
    assert len(whole) >= 1


def test_the_body_is_as_given():
    (one,) = framed(GOOD)
    assert BODY.encode() in one.raw


def test_an_enciphered_packet_whose_bytes_have_the_right_sum_by_chance_is_still_read():
    """One in 256 has: it was refused as text that nobody can read."""
    clears = (SEGMENT.replace("12.30", f"{number}.3").encode() for number in range(10, 5000))
    clear = next(one for one in clears if crc_of(enciphered(one)) == crc_of(one))
    (read,) = framed(wired(enciphered(clear)), profile=DeviceProfile(keys=(KEY,)))
    assert isinstance(read, Accepted)
