"""What one receiver bears."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Counts, and seconds where said; beyond them a line is closed or held back.

    Refused frames are counted by address, their bytes for all addresses together. A line that
    sends more than `refused_in_a_row` without a good one among them is not read for a while.
    """

    connections: int = 4000
    connections_an_address: int = 256
    idle_seconds: float = 300
    waiting: int = 6_000
    waiting_bytes: int = 32 << 20
    batch: int = 2_000
    refused_in_a_row: int = 60
    rest_seconds: float = 60
    refused_a_minute: int = 600
    refused_bytes_a_minute: int = 4 << 20
