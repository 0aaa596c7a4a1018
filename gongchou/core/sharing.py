"""A secret split so that any `threshold` holders together know it and fewer know nothing (Shamir).

The secret is the value at 0 of a polynomial over the integers modulo 2^521 − 1; a share is its
value at 1, 2, 3 … The coefficients are chance and are handed in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from gongchou.core.refusals import Invalid

PRIME = 2**521 - 1
LONGEST = 64
_WRITTEN = re.compile(r"GS1-([1-9]\d{0,2})-([1-9]\d{0,2})-(0|[1-9a-f][0-9a-f]{0,130})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The value of the polynomial at `number`; `threshold` shares are needed to open."""

    threshold: int
    number: int
    value: int

    def written(self) -> str:
        """The one written form: `GS1-threshold-number-hex`."""
        return f"GS1-{self.threshold}-{self.number}-{self.value:x}"


def read_share(text: str) -> Share:
    """The share written in `text`; Invalid where it is none."""
    found = _WRITTEN.fullmatch(text)
    if found is None or int(found[3], 16) >= PRIME:
        raise Invalid("密钥份额的写法不对，请核对是否完整。")
    return Share(threshold=int(found[1]), number=int(found[2]), value=int(found[3], 16))


def _number_of(secret: bytes) -> int:
    """The secret as a number; a leading one keeps zero bytes at its beginning."""
    return int.from_bytes(b"\1" + secret, "big")


def _secret_of(number: int) -> bytes:
    written = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if written[:1] != b"\1" or len(written) > LONGEST + 1:
        raise Invalid("这些密钥份额不能合成密钥，请核对是否同一次建立的份额。")
    return written[1:]


def split(secret: bytes, *, count: int, coefficients: Sequence[int]) -> tuple[Share, ...]:
    """`count` shares of a secret of at most 64 bytes, of which `len(coefficients) + 1` open it.

    Each coefficient is chance, uniform below PRIME. Invalid where one holder alone could open, or
    where all together could not.
    """
    threshold = len(coefficients) + 1
    if threshold < 2 or count < threshold or count > 255:
        raise Invalid(
            f"{count} 人保管、{threshold} 人开启的安排不成立：开启至少须两人，且不多于保管人数。"
        )
    if len(secret) > LONGEST:
        raise Invalid(f"密钥不得长于 {LONGEST} 字节。")
    if not all(0 <= c < PRIME for c in coefficients):
        raise Invalid("拆分密钥用的随机数超出范围。")
    polynomial = [_number_of(secret), *coefficients]
    return tuple(
        Share(threshold=threshold, number=x, value=_at(polynomial, x)) for x in range(1, count + 1)
    )


def _at(polynomial: Sequence[int], x: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * x + coefficient) % PRIME
    return value


def combine(shares: Sequence[Share]) -> bytes:
    """The secret that the shares belong to; Invalid where they are too few or do not fit.

    Only as many as the threshold are used, but all that are given must fit each other.
    """
    thresholds = {share.threshold for share in shares}
    numbers = {share.number for share in shares}
    if len(thresholds) != 1 or len(numbers) != len(shares):
        raise Invalid("密钥份额重复，或者不是同一次建立的份额。")
    threshold = thresholds.pop()
    if len(shares) < threshold:
        raise Invalid(f"须有 {threshold} 人的份额才能开启，现在只有 {len(shares)} 人的。")
    found = {_at_zero(some) for some in combinations(shares, threshold)}
    if len(found) != 1:
        raise Invalid("这些密钥份额互不相符，请核对是否同一次建立的份额。")
    return _secret_of(found.pop())


def _at_zero(shares: Sequence[Share]) -> int:
    """Lagrange's interpolation at 0."""
    total = 0
    for share in shares:
        over, under = 1, 1
        for other in shares:
            if other is not share:
                over = over * other.number % PRIME
                under = under * (other.number - share.number) % PRIME
        total += share.value * over * pow(under, -1, PRIME)
    return total % PRIME
