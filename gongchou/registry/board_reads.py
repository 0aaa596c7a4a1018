"""What in the register wants looking after."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef

from gongchou.core import codes, terms
from gongchou.core.area import Area, contains
from gongchou.core.coordinates import point
from gongchou.registry import models
from gongchou.registry.area_reads import area
from gongchou.registry.fact_reads import known_on, valid_on
from gongchou.registry.kept import once

SHOWN = 50
# So many of those with a like name are named.
NAMED = 5
TWO_YEARS = timedelta(730)
# Only these four make a unit a 重点排污单位; soil or risk alone does not.
KEY_LISTS = {
    terms.KeyUnitType.WATER.value,
    terms.KeyUnitType.GROUNDWATER.value,
    terms.KeyUnitType.AIR.value,
    terms.KeyUnitType.NOISE.value,
}
_TAIL = re.compile(r"(股份|有限|责任|公司|[（(].*?[)）]|厂$)")


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


Test = Callable[[models.SubjectVersion], str | None]


def _codes(row: models.SubjectVersion) -> str | None:
    if not row.uscc and not row.site_code:
        return "没有信用代码，也没有固定污染源编码。"
    found = [codes.organization_code_problem(row.uscc[8:17])] if row.uscc else []
    if row.site_code:
        found.append(codes.site_code_warning(row.site_code, row.uscc))
    if row.region_code:
        found.append(codes.region_code_problem(row.region_code))
    if row.industry_code:
        found.append(codes.industry_code_problem(row.industry_code))
    return "".join(says for says in found if says) or None


def _key_not_listed(row: models.SubjectVersion) -> str | None:
    is_key = row.permit_category == terms.PermitCategory.KEY.value
    if is_key and not KEY_LISTS & set(row.key_unit_types):
        return "许可为重点管理，未列入重点排污单位名录。"
    return None


def _listed_not_key(row: models.SubjectVersion) -> str | None:
    is_key = row.permit_category == terms.PermitCategory.KEY.value
    if not is_key and KEY_LISTS & set(row.key_unit_types):
        label = terms.PermitCategory(row.permit_category).label
        return f"列入重点排污单位名录，许可却为{label}。"
    return None


def _no_reason(row: models.SubjectVersion) -> str | None:
    if row.is_excluded and not row.exclusion_reason:
        return "标为不参与双随机，没有写理由。"
    return None


def board(bureau: str, on: date) -> tuple[Board, ...]:
    """Every kind of doubt on a day, those without findings too; once after each change."""
    # A new outline or visit is no change of the registers, but moves what is found.
    outlines = models.AreaOutline.objects.filter(bureau__code=bureau).count()
    visits = models.PastVisit.objects.filter(subject__bureau__code=bureau).count()
    return once(bureau, ("board", on, outlines, visits), lambda: _boards(bureau, on))


def _boards(bureau: str, on: date) -> tuple[Board, ...]:
    rows = list(
        models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
        .select_related("subject")
        .order_by("site_code", "subject__ref")
    )
    return (
        _tested(rows, "codes", "代码有疑问", "打开单位，对照证照变更。", _codes),
        _tested(
            rows,
            "key_not_listed",
            "重点管理而未列入重点排污单位名录",
            "核对当年名录：应列入的补填重点单位类型，不应列入的核对管理类别。",
            _key_not_listed,
        ),
        _tested(
            rows,
            "listed_not_key",
            "列入重点排污单位名录而不是重点管理",
            "核对许可证的管理类别；确实不同的，不必处理。",
            _listed_not_key,
        ),
        _tested(
            rows,
            "expired",
            "排污许可证已到期",
            "向许可部门核实是否延续，再更新许可证有效期或生产状态。",
            lambda row: _expired(row, on),
        ),
        _never_visited(bureau, on),
        _look_alike(rows),
        _outside(rows, bureau, on),
        _tested(
            rows, "no_reason", "不参与而没有理由", "补写不参与理由，或者改为参与。", _no_reason
        ),
    )


def _board(key: str, title: str, mend: str, found: Iterable[Finding]) -> Board:
    findings = iter(found)
    rows = tuple(islice(findings, SHOWN))
    total = len(rows) + sum(1 for _ in findings)
    return Board(key=key, title=title, mend=mend, total=total, rows=rows)


def _tested(
    rows: Iterable[models.SubjectVersion], key: str, title: str, mend: str, test: Test
) -> Board:
    says = ((row, test(row)) for row in rows)
    return _board(
        key,
        title,
        mend,
        (Finding(ref=row.subject.ref, name=row.name, says=told) for row, told in says if told),
    )


def _expired(row: models.SubjectVersion, on: date) -> str | None:
    until = row.permit_valid_until
    return f"许可证有效期至 {until}，已到期。" if until and until < on else None


def _outside(rows: Iterable[models.SubjectVersion], bureau: str, on: date) -> Board:
    """Sites whose place lies beyond the bureau's outline; untold where there is no outline."""
    known = area(bureau, on)
    found = _tested(
        rows,
        "outside",
        "坐标在管辖区域以外",
        "对照许可证和实地核实：坐标取错的，在“变更”中改正并选对坐标系；确在区域以外的，改生产状态或移交。",
        lambda row: _beyond(row, known) if known else None,
    )
    return found if known else replace(found, note="还没有区域轮廓，没有核对：请在“地图”中上传。")


def _beyond(row: models.SubjectVersion, known: Area) -> str | None:
    at = point(row.longitude, row.latitude)
    if at is None or contains(known, at):
        return None
    return f"登记的坐标是经度 {row.longitude}、纬度 {row.latitude}，不在本机构的区域轮廓以内。"


def _never_visited(bureau: str, on: date) -> Board:
    since = on - TWO_YEARS
    visits = models.PastVisit.objects.filter(
        known_on(on), subject=OuterRef("subject"), ended_on__gte=since, ended_on__lte=on
    )
    older = models.SubjectVersion.objects.filter(subject=OuterRef("subject"), since__lte=since)
    rows = models.SubjectVersion.objects.filter(
        ~Exists(visits), Exists(older), valid_on(on), bureau__code=bureau, is_excluded=False
    )
    return _board(
        "never_visited",
        "两年内没有检查过",
        "不必单独安排：轮换规则会使其被抽到的机会更大；已不存在的，请更新生产状态。",
        (
            Finding(
                ref=row.subject.ref, name=row.name, says=f"{since} 以来没有检查，名录中一直都有。"
            )
            for row in rows.select_related("subject").order_by("site_code", "subject__ref")
        ),
    )


def _look_alike(rows: Iterable[models.SubjectVersion]) -> Board:
    return _board(
        "look_alike",
        "名称相近，可能是同一家",
        "打开其中一家核实；确是同一处场所的，用“合并”保留两家的历史。",
        _alike(rows),
    )


def _alike(rows: Iterable[models.SubjectVersion]) -> Iterator[Finding]:
    groups: dict[str, list[models.SubjectVersion]] = {}
    for row in rows:
        groups.setdefault(_TAIL.sub("", codes.matching_key(row.name)), []).append(row)
    for group in groups.values():
        # Sites of one enterprise under one name are told apart by their site codes.
        if len({(row.uscc, row.name) for row in group}) == 1 and all(r.site_code for r in group):
            continue
        for row in group if len(group) > 1 else ():
            others = [f"{r.name}（{r.subject.ref}）" for r in group[:NAMED] if r is not row]
            more = f"等 {len(group) - 1} 家" if len(group) > len(others) + 1 else ""
            says = f"与{'、'.join(others)}{more}名称相近。"
            yield Finding(ref=row.subject.ref, name=row.name, says=says)
