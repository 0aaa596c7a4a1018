"""One reported figure; failures stay in the table."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`is_known_gap` marks what the product does not do yet: reported as not met, no alarm."""

    id: str
    name: str
    value: str
    target: str
    met: bool
    seed: int
    detail: str
    is_known_gap: bool = False

    def plain(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "is_known_gap"}
