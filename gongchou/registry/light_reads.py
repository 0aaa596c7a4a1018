"""The register of a day row by row, with no more of each site than counting and checking need."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from gongchou.registry import models
from gongchou.registry.fact_reads import valid_on

AT_ONCE = 5000


class Light(NamedTuple):
    """One site; `doubts` has a bit for each of the conditions that the database was asked about.

    A million of these are read in the time that a tenth of so many models take.
    """

    subject: int
    name: str
    uscc: str
    site_code: str
    region_code: str
    industry_code: str
    longitude: str
    latitude: str
    doubts: int


def in_force(bureau: str, on: date) -> QuerySet[models.SubjectVersion]:
    """Of a day; lists of words can be asked for a word as the text of their JSON."""
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return rows.annotate(key_unit_types_text=Cast("key_unit_types", TextField()))


def light_rows(rows: QuerySet[models.SubjectVersion], asked: Mapping[int, Q]) -> Iterator[Light]:
    """In the order of the list; `asked` has a condition for each bit of `doubts`."""
    found = rows.order_by("site_code", "subject_id").annotate(doubts=_bits(asked))
    names = ("subject_id", *Light._fields[1:])
    return map(Light._make, found.values_list(*names).iterator(chunk_size=AT_ONCE))


def _bits(asked: Mapping[int, Q]) -> Combinable:
    """The sum of the bits whose condition holds."""
    total: Combinable = Value(0)
    for bit, condition in asked.items():
        total = total + Case(When(condition, then=Value(bit)), default=Value(0))
    return total
