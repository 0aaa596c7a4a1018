"""The registers for programs: read only, as of any day, each reading kept in the trail."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from gongchou.accounts.api import Refusal
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    DutyStatus,
    ItemListState,
    ItemTier,
    KeyUnitType,
    MonitoringType,
    OperatingStatus,
    PerformanceGrade,
    PermitCategory,
    PollutantType,
    RiskLevel,
    Scale,
    Stratum,
    SubjectClass,
)
from gongchou.registry import actions, reads
from gongchou.web.clock import day_of

router = Router(tags=["两库一单"])
REFUSALS = {401: Refusal, 403: Refusal, 404: Refusal, 422: Refusal}
MOST = 500
Day = Annotated[date | None, Query(description="哪一天的名录，写成 2026-01-05；不填即为今天")]


class SubjectFilters(Schema):
    """Whatever is not given narrows nothing."""

    name: str = Field("", max_length=80, description="名称中连续的几个字")
    uscc: str = Field("", max_length=18, description="统一社会信用代码，全码")
    site_code: str = Field("", max_length=22, description="固定污染源编码，全码")
    grid: str = Field("", max_length=40, description="片区")
    region_code: str = Field("", max_length=12)
    industry_code: str = Field("", max_length=6)
    permit_category: PermitCategory | None = None
    operating_status: OperatingStatus | None = None
    key_unit_types: KeyUnitType | None = Field(None, description="含有这一类型的")
    pollutant_types: PollutantType | None = Field(None, description="含有这一类型的")
    monitoring_types: MonitoringType | None = Field(None, description="含有这一类型的")
    performance_grade: PerformanceGrade | None = None
    risk_level: RiskLevel | None = None
    scale: Scale | None = None
    is_excluded: bool | None = Field(None, description="是否不参与双随机")
    is_placed: bool | None = Field(None, description="是否填了坐标")

    def texts(self) -> dict[str, str]:
        """The filters as the list's page gives them."""
        given = self.model_dump(mode="json", exclude_none=True)
        words = {True: "yes", False: "no"}
        return {
            name: words[value] if isinstance(value, bool) else str(value)
            for name, value in given.items()
            if value != ""
        }


class SubjectOut(Schema):
    """一个检查对象；取值为术语表中的标识，不含个人信息。"""

    ref: str
    name: str
    uscc: str
    site_code: str
    permit_number: str
    permit_valid_until: date | None
    registration_number: str
    region_code: str
    grid: str
    industry_code: str
    construction_stage: str
    pollutant_types: list[str]
    scale: str
    production_cycle: str
    monitoring_types: list[str]
    permit_category: str
    key_unit_types: list[str]
    performance_grade: str
    risk_level: str
    operating_status: str
    is_excluded: bool
    exclusion_reason: str
    longitude: str = Field(description="WGS84 经度，以度为单位的小数；空为未填")
    latitude: str = Field(description="WGS84 纬度")
    since: date = Field(description="这一内容从哪天起有效")
    change: str = Field(description="写入这一内容的名录变更编号")


class SubjectsOut(Schema):
    on: date
    rows: list[SubjectOut]
    next: str = Field(description="接着读时填入 after；空为已到末尾")


class TagOut(Schema):
    """一项标识在一段时间内的取值（文字写法与导出的表相同）。"""

    field: str
    title: str
    value: str
    since: date
    until: date | None = Field(description="到哪天止（不含）；空为仍然有效")
    source: str
    reason: str
    by_name: str
    change: str


class ClassOut(Schema):
    subject_class: SubjectClass
    stratum: Stratum
    is_in_base: bool
    out_reason: str
    reasons: list[str]


class VisitOut(Schema):
    ref: str
    ended_on: date
    kind: str


class SubjectPageOut(Schema):
    on: date
    subject: SubjectOut
    judged: ClassOut | None = Field(description="这一天属于哪一类；方案尚未施行的为空")
    tags: list[TagOut]
    visits: list[VisitOut]


class InspectorOut(Schema):
    ref: str
    name: str
    unit: str
    enforcement_card_no: str
    work_card_no: str
    is_certified: bool
    card_valid_until: date | None
    areas: list[str]
    expertise: list[PollutantType]
    duty_status: DutyStatus
    visits_this_year: int
    problem: str = Field(description="不能参加抽取的原因；空为可以")


class InspectorsOut(Schema):
    on: date
    rows: list[InspectorOut]


class AssistantOut(Schema):
    ref: str
    name: str
    body: str = Field(description="委托单位")
    expertise: str
    letter: str = Field(description="委托书编号")
    scope: str
    qualification: str
    since: date
    until: date
    is_published: bool
    problem: str = Field(description="现在不能协助的原因；空为可以")


class AssistantsOut(Schema):
    on: date
    rows: list[AssistantOut]


class FindingOut(Schema):
    ref: str
    name: str
    says: str


class DoubtOut(Schema):
    """一类疑点：是什么、怎样处理、有几处、前几处是哪些。"""

    key: str
    title: str
    mend: str
    total: int
    rows: list[FindingOut]


class BoardOut(Schema):
    on: date
    kinds: list[DoubtOut]


class ItemOut(Schema):
    code: str
    item_group: str
    group_name: str
    unit: str
    name: str
    tier: ItemTier
    legal_basis: str
    method: str
    point: str
    evidence_required: str
    law_text: str
    asked_when: str
    note: str


class ItemListOut(Schema):
    ref: str
    version: int
    state: ItemListState
    approved_on: date | None
    published_on: date | None
    items: list[ItemOut]


class FigureOut(Schema):
    tag: str
    field: str
    value: str
    label: str
    count: int


class ClassCountOut(Schema):
    subject_class: SubjectClass
    count: int
    in_base: int


class StatisticsOut(Schema):
    on: date
    subjects: int
    enterprises: int
    excluded: int
    classes: list[ClassCountOut]
    figures: list[FigureOut]
    inspectors: int
    certified: int
    drawable: int


def _enter(request: HttpRequest, power: Power) -> Actor:
    """Who is asking; the token must have the power."""
    by: Actor = request.auth
    check(by, power)
    return by


def _keep(request: HttpRequest, what: str, rows: int, asked: dict[str, Any]) -> None:
    texts = {name: str(value) for name, value in asked.items() if value not in (None, "")}
    actions.record_reading(what, rows, texts, by=request.auth, at=request.at)


@router.get("/subjects", response={200: SubjectsOut, **REFUSALS}, summary="检查对象，一页一页读")
def subjects(
    request: HttpRequest,
    filters: Query[SubjectFilters],
    on: Day = None,
    after: Annotated[str, Query(max_length=40, description="上一页答复中的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="一页多少家")] = 100,
) -> dict[str, Any]:
    by, day = _enter(request, Power.SEE_REGISTER), on or day_of(request.at)
    rows, following = reads.subject_records(
        by.bureau, day, filters.texts(), after=after, limit=limit
    )
    _keep(request, "subjects", len(rows), {**filters.texts(), "on": day, "after": after})
    return {"on": day, "rows": rows, "next": following}


@router.get(
    "/subjects/{ref}", response={200: SubjectPageOut, **REFUSALS}, summary="一家，及其标识的历史"
)
def subject(request: HttpRequest, ref: str, on: Day = None) -> dict[str, Any]:
    by, day = _enter(request, Power.SEE_REGISTER), on or day_of(request.at)
    page, judged = reads.subject(ref, by.bureau, day), None
    if row := page.class_row:
        judged = {
            "subject_class": row.subject_class,
            "stratum": row.stratum,
            "is_in_base": row.is_in_base,
            "out_reason": row.out_reason,
            "reasons": [reason.evidence for reason in row.reasons],
        }
    _keep(request, f"subjects/{ref}", 1, {"on": day})
    return {
        "on": day,
        "subject": reads.subject_record(ref, by.bureau, day),
        "judged": judged,
        "tags": reads.tag_spans(ref, by.bureau),
        "visits": page.visits,
    }


@router.get("/inspectors", response={200: InspectorsOut, **REFUSALS}, summary="检查人员")
def inspectors(request: HttpRequest, on: Day = None) -> dict[str, Any]:
    by, day = _enter(request, Power.SEE_INSPECTORS), on or day_of(request.at)
    rows = reads.roll(by.bureau, day)
    _keep(request, "inspectors", len(rows), {"on": day})
    names = [name for name in InspectorOut.model_fields if name != "problem"]
    people = [{n: getattr(row.person, n) for n in names} | {"problem": row.problem} for row in rows]
    return {"on": day, "rows": people}


@router.get("/assistants", response={200: AssistantsOut, **REFUSALS}, summary="辅助检查人员")
def assistants(request: HttpRequest, on: Day = None) -> dict[str, Any]:
    by, day = _enter(request, Power.SEE_INSPECTORS), on or day_of(request.at)
    rows = reads.assistants(by.bureau, day)
    _keep(request, "assistants", len(rows), {"on": day})
    return {"on": day, "rows": rows}


@router.get("/board", response={200: BoardOut, **REFUSALS}, summary="数据质量看板")
def board(request: HttpRequest, on: Day = None) -> dict[str, Any]:
    by, day = _enter(request, Power.SEE_REGISTER), on or day_of(request.at)
    kinds = reads.board(by.bureau, day)
    _keep(request, "board", sum(kind.total for kind in kinds), {"on": day})
    return {"on": day, "kinds": kinds}


@router.get("/items", response={200: ItemListOut, **REFUSALS}, summary="某一天使用的抽查事项清单")
def items(request: HttpRequest, on: Day = None) -> reads.ItemListRow:
    by, day = _enter(request, Power.SEE_REGISTER), on or day_of(request.at)
    found = reads.item_list_in_force(by.bureau, day)
    if found is None:
        raise Refused(f"{day} 还没有批准的抽查事项清单，请换一个日期，或者等清单批准后再读。")
    _keep(request, "items", len(found.items), {"on": day, "version": found.version})
    return found


@router.get("/statistics", response={200: StatisticsOut, **REFUSALS}, summary="名录构成")
def statistics(request: HttpRequest, on: Day = None) -> dict[str, Any]:
    by, day = _enter(request, Power.SEE_REGISTER), on or day_of(request.at)
    found = reads.statistics(by.bureau, day)
    _keep(request, "statistics", len(found.figures), {"on": day})
    classes = [
        {"subject_class": kind, "count": count, "in_base": base}
        for kind, count, base in found.classes
    ]
    names = [name for name in StatisticsOut.model_fields if name not in ("on", "classes")]
    return {"on": day, "classes": classes, **{name: getattr(found, name) for name in names}}
