"""What a frozen table holds, and its byte form."""

from dataclasses import dataclass
from datetime import date

from gongchou.core import canon, plain
from gongchou.core.statistics import Difference, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBody:
    """The table with the facts of the year to date, and what it corrects.

    `made_from` is the digest of the quarter's facts, `plan_digest` that of the plan.
    """

    bureau: str
    bureau_name: str
    quarter: str
    on: date
    plan: str
    plan_digest: str
    policy: str
    made_from: str
    rows: tuple[Row, ...]
    facts: tuple[Fact, ...]
    differences: tuple[Difference, ...]


def frozen(body: TableBody) -> bytes:
    return canon.canon(plain.to_plain(body))


def thawed(content: bytes) -> TableBody:
    return plain.from_plain(TableBody, canon.parse(content))
