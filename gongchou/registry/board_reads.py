"""What in the register wants looking after."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongchou.core import codes, terms
from gongchou.core.area import Within
from gongchou.core.coordinates import unwritten
from gongchou.core.workdays import written_day
from gongchou.registry import models
from gongchou.registry.alike_reads import NAMED, Alike, groups
from gongchou.registry.area_reads import area
from gongchou.registry.fact_reads import known_on
from gongchou.registry.kept import once
from gongchou.registry.light_reads import AT_ONCE, Light, in_force, light_rows

SHOWN = 50
Rows = QuerySet[models.SubjectVersion]
KEPT = 4096
TWO_YEARS = timedelta(730)
# Only these four make a unit a 重点排污单位; soil or risk alone does not.
KEY_LISTS = tuple(
    f'"{kind.value}"'
    for kind in (
        terms.KeyUnitType.WATER,
        terms.KeyUnitType.GROUNDWATER,
        terms.KeyUnitType.AIR,
        terms.KeyUnitType.NOISE,
    )
)
KEY = terms.PermitCategory.KEY.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One site that wants a look, and why."""

    ref: str
    name: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One kind of doubt: what it is, how it is mended, and the sites, the first of them."""

    key: str
    title: str
    mend: str
    total: int
    rows: tuple[Finding, ...]
    note: str = ""


Test = Callable[[Light], str | None]
Says = Callable[[models.SubjectVersion], str]


class _Kind:
    """One kind of doubt while the register goes by: all are counted, the first are kept.

    What a row says of itself is tested here (`test`) or by the database (`where`, then `says`).
    """

    def __init__(
        self,
        key: str,
        title: str,
        mend: str,
        *,
        test: Test | None = None,
        where: Q | None = None,
        says: Says | None = None,
    ) -> None:
        self.key, self.title, self.mend = key, title, mend
        self.test, self.where, self.says = test, where, says
        self.total = 0
        self.first: list[tuple[int, str, str]] = []

    def look(self, row: Light) -> None:
        says = self.test(row) if self.test else None
        if says:
            self.add(row, says)

    def add(self, row: Light, says: str = "") -> None:
        self.total += 1
        if self.total <= SHOWN:
            self.first.append((row.subject, row.name, says))


# A register names few regions and industries, again and again.
_region = lru_cache(KEPT)(codes.region_code_problem)
_industry = lru_cache(KEPT)(codes.industry_code_problem)


def _codes(row: Light) -> str | None:
    if not row.uscc and not row.site_code:
        return "没有信用代码，也没有固定污染源编码。"
    found = [
        codes.organization_code_problem(row.uscc[8:17]) if row.uscc else None,
        _site_code(row),
        _region(row.region_code) if row.region_code else None,
        _industry(row.industry_code) if row.industry_code else None,
    ]
    return "".join(filter(None, found)) or None


def _site_code(row: Light) -> str | None:
    """Most sites have the code of their enterprise, which is looked at by itself."""
    code, uscc = row.site_code, row.uscc
    if not code or (uscc and code.startswith(uscc) and code[0] != "H"):
        return None
    return codes.site_code_warning(code, uscc)


LISTED = reduce(or_, (Q(key_unit_types_text__contains=word) for word in KEY_LISTS))
IS_KEY = Q(permit_category=KEY)


def _expired(row: models.SubjectVersion) -> str:
    assert row.permit_valid_until is not None
    return f"许可证有效期至{written_day(row.permit_valid_until)}，已到期。"


def _not_key(row: models.SubjectVersion) -> str:
    label = terms.PermitCategory(row.permit_category).label
    return f"列入重点排污单位名录，许可却为{label}。"


def _beyond(is_within: Within) -> Test:
    """Sites whose place lies beyond the outline."""

    def test(row: Light) -> str | None:
        x, y = row.longitude, row.latitude
        if not x or is_within((unwritten(x), unwritten(y))):
            return None
        return f"登记的坐标是经度 {x}、纬度 {y}，不在本机构的区域轮廓以内。"

    return test


def board(bureau: str, on: date) -> tuple[Board, ...]:
    """Every kind of doubt on a day, those without findings too; once after each change."""
    # A new outline or visit is no change of the registers, but moves what is found.
    outlines = models.AreaOutline.objects.filter(bureau__code=bureau).count()
    visits = models.PastVisit.objects.filter(subject__bureau__code=bureau).count()
    return once(bureau, ("board", on, outlines, visits), lambda: _boards(bureau, on))


def _boards(bureau: str, on: date) -> tuple[Board, ...]:
    """The register is gone through once, row by row, for all that a row says of itself."""
    known, rows = area(bureau, on), in_force(bureau, on)
    kinds = _kinds(on, Within(known) if known else None)
    alike = _read_through(rows, kinds)
    *first, outside, no_reason = (_told(kind, rows) for kind in kinds)
    if not known:
        outside = replace(outside, note="还没有区域轮廓，没有核对：请在“地图”中上传。")
    return (*first, _look_alike(alike, rows), outside, no_reason)


def _read_through(rows: Rows, kinds: Sequence[_Kind]) -> Alike:
    bits = {2**number: kind for number, kind in enumerate(kinds) if kind.where is not None}
    tested = [kind for kind in kinds if kind.test]
    alike = Alike()
    for row in light_rows(rows, {bit: kind.where for bit, kind in bits.items() if kind.where}):
        for kind in tested:
            kind.look(row)
        if row.doubts:
            for bit, kind in bits.items():
                if row.doubts & bit:
                    kind.add(row)
        alike.look(row)
    return alike


def _kinds(on: date, is_within: Within | None) -> tuple[_Kind, ...]:
    return (
        _Kind("codes", "代码有疑问", "打开单位，对照证照变更。", test=_codes),
        _Kind(
            "key_not_listed",
            "重点管理而未列入重点排污单位名录",
            "核对当年名录：应列入的补填重点单位类型，不应列入的核对管理类别。",
            where=IS_KEY & ~LISTED,
            says=lambda _: "许可为重点管理，未列入重点排污单位名录。",
        ),
        _Kind(
            "listed_not_key",
            "列入重点排污单位名录而不是重点管理",
            "核对许可证的管理类别；确实不同的，不必处理。",
            where=LISTED & ~IS_KEY,
            says=_not_key,
        ),
        _Kind(
            "expired",
            "排污许可证已到期",
            "向许可部门核实是否延续，再更新许可证有效期或生产状态。",
            where=Q(permit_valid_until__lt=on),
            says=_expired,
        ),
        _never_visited(on),
        _Kind(
            "outside",
            "坐标在管辖区域以外",
            "对照许可证和实地核实：坐标取错的，在“变更”中改正并选对坐标系；"
            "确在区域以外的，改生产状态或移交。",
            test=_beyond(is_within) if is_within else None,
        ),
        _Kind(
            "no_reason",
            "不参与而没有理由",
            "补写不参与理由，或者改为参与。",
            where=Q(is_excluded=True, exclusion_reason=""),
            says=lambda _: "标为不参与双随机，没有写理由。",
        ),
    )


def _told(kind: _Kind, rows: Rows) -> Board:
    """Refs, and what the database was asked about, are looked up for those that are shown."""
    shown = rows.filter(subject__in=[subject for subject, _, _ in kind.first])
    of = {row.subject_id: row for row in shown.select_related("subject")}
    found = tuple(
        Finding(ref=of[pk].subject.ref, name=name, says=kind.says(of[pk]) if kind.says else says)
        for pk, name, says in kind.first
    )
    return Board(key=kind.key, title=kind.title, mend=kind.mend, total=kind.total, rows=found)


def _never_visited(on: date) -> _Kind:
    since = on - TWO_YEARS
    visits = models.PastVisit.objects.filter(
        known_on(on), subject=OuterRef("subject"), ended_on__gte=since, ended_on__lte=on
    )
    older = models.SubjectVersion.objects.filter(subject=OuterRef("subject"), since__lte=since)
    return _Kind(
        "never_visited",
        "两年内没有检查过",
        "不必单独安排：轮换规则会使其被抽到的机会更大；已不存在的，请更新生产状态。",
        where=Q(is_excluded=False) & (Q(since__lte=since) | Q(Exists(older))) & ~Q(Exists(visits)),
        says=lambda _: f"{since} 以来没有检查，名录中一直都有。",
    )


def _look_alike(alike: Alike, asked: Rows) -> Board:
    """Only those whose names share a key are read again."""
    rows, total = list[tuple[Light, list[Light]]](), 0
    for group in groups(_again(asked, alike.twice())):
        total += len(group)
        rows += [(row, group) for row in group[: SHOWN - len(rows)]]
    refs = _refs(row.subject for row, group in rows for row in (row, *group[:NAMED]))
    return Board(
        key="look_alike",
        title="名称相近，可能是同一家",
        mend="打开其中一家核实；确是同一处场所的，用“合并”保留两家的历史。",
        total=total,
        rows=tuple(
            Finding(ref=refs[row.subject], name=row.name, says=_likeness(row, group, refs))
            for row, group in rows
        ),
    )


def _again(rows: Rows, sites: Sequence[int]) -> Iterator[Light]:
    for first in range(0, len(sites), AT_ONCE):
        yield from light_rows(rows.filter(subject__in=sites[first : first + AT_ONCE]), {})


def _likeness(row: Light, group: Sequence[Light], refs: Mapping[int, str]) -> str:
    others = [f"{r.name}（{refs[r.subject]}）" for r in group[:NAMED] if r is not row]
    more = f"等 {len(group) - 1} 家" if len(group) > len(others) + 1 else ""
    return f"与{'、'.join(others)}{more}名称相近。"


def _refs(subjects: Iterable[int]) -> dict[int, str]:
    rows = models.Subject.objects.filter(pk__in=set(subjects))
    return dict(rows.values_list("pk", "ref"))
