"""A bureau with a register, an item list in force, and a case visit for a team of two."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from gongchou.core.powers import Actor
from gongchou.core.record import CheckAnswer, FindingValue, RecordBody, Signature
from gongchou.core.terms import (
    ImportKind,
    ItemResult,
    Role,
    SignerRole,
    SignStatus,
    VisitResult,
)
from gongchou.inspection import actions, models, reads
from gongchou.inspection.drafts import CaseVisitDraft
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.registry.test_import import csv, take, uscc

SITES = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,污染物类型"
STAFF = "姓名,科室,登录名,执法证号,执法资格,有效期至,在岗状态"
ITEMS = "类别编码,类别名称,责任科室代码,事项名称,事项类别,检查依据,检查内容及要求,适用污染物类型"
GROUND = "群众举报夜间废气扰民（举报〔1〕号）"
LATER = datetime(2026, 1, 6, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The people of a small bureau."""

    chen: Actor
    lin: Actor
    li: Actor
    wang: Actor
    zhao: Actor
    shen: Actor


def _registers(chen: Actor, lin: Actor) -> None:
    site = f"虚构化工1,{uscc(1)},{uscc(1)}001P,重点管理,东片,废气、危废"
    staff = (
        "李执法,zd,li,虚1001,是,2030-12-31,在岗",
        "王执法,dq,wang,虚1002,是,2030-12-31,在岗",
        "赵执法,st,zhao,虚1003,是,2030-12-31,在岗",
        "钱协助,st,qian,,否,,在岗",
    )
    items = (
        "PERMIT,排污许可,zd,持证排污,一般检查事项,虚构条例第十四条,证照齐全有效,",
        "AIR,大气治理,dq,废气治理设施,重点检查事项,虚构大气法第二条,与生产同步运行,废气",
        "WATER,水污染防治,st,排口规范,重点检查事项,虚构水法第三条,排口标识齐全,废水",
    )
    take(ImportKind.SUBJECTS, csv(site, header=SITES), chen)
    take(ImportKind.INSPECTORS, csv(*staff, header=STAFF), chen)
    take(ImportKind.ITEMS, csv(*items, header=ITEMS), chen)
    for row in registers.item_lists(BUREAU):
        registry.approve_item_list(row.ref, on=TODAY, by=lin, at=AT)


def make_house(person) -> House:
    chen, lin = person("chen", "陈组长", Role.OFFICE), person("lin", "林局长", Role.LEADER)
    _registers(chen, lin)
    return House(
        chen=chen,
        lin=lin,
        li=person("li", "李执法", Role.INSPECTOR),
        wang=person("wang", "王执法", Role.INSPECTOR),
        zhao=person("zhao", "赵执法", Role.INSPECTOR),
        shen=person("shen", "沈审核", Role.REVIEWER),
    )


def refs(*names: str) -> tuple[str, ...]:
    known = {person.name: person.ref for person in registers.inspectors(BUREAU, TODAY)}
    return tuple(known[name] for name in names)


def case_draft(**fields) -> CaseVisitDraft:
    ordinary = {
        "subject": registers.subjects(BUREAU, TODAY).rows[0].ref,
        "ground": GROUND,
        "inspectors": refs("李执法", "王执法"),
        "planned_on": TODAY,
    }
    return CaseVisitDraft(**{**ordinary, **fields})


def opened(house: House, **fields) -> str:
    return actions.open_case_visit(case_draft(**fields), by=house.chen, at=AT)


def started(house: House) -> str:
    """A visit on site, an hour after it was accepted."""
    ref = opened(house)
    actions.accept_visit(ref, by=house.li, at=AT)
    actions.start_visit(ref, client_id="phone-start-1", by=house.li, at=AT + timedelta(hours=1))
    return ref


def clean_body(ref: str, **fields) -> RecordBody:
    """A complete record without a problem, begun when the visit was."""
    visit, arrived = reads.visit(ref), AT + timedelta(hours=1)
    officers = tuple(
        Signature(name=p.name, role=SignerRole.INSPECTOR, ref=p.ref, sign_status=SignStatus.SIGNED)
        for p in visit.inspectors
    )
    manager = Signature(
        name="钱厂长", role=SignerRole.LEGAL_REPRESENTATIVE, sign_status=SignStatus.SIGNED
    )
    body = RecordBody(
        started_at=arrived,
        identity_shown_at=arrived + timedelta(minutes=1),
        notice_given_at=arrived + timedelta(minutes=2),
        ended_at=arrived + timedelta(hours=2),
        answers=tuple(
            CheckAnswer(item=item.code, result=ItemResult.NO_PROBLEM)
            for item in reads.record_items(visit)
        ),
        opinion="记录属实。",
        is_read_back=True,
        signatures=(*officers, manager),
    )
    return replace(body, **fields)


def faulty_body(ref: str, **fields) -> RecordBody:
    """A complete record with one problem, to be put right by a day."""
    body = clean_body(ref)
    first, *rest = body.answers
    return replace(
        body,
        answers=(replace(first, result=ItemResult.PROBLEM), *rest),
        findings=(FindingValue(item=first.item, says="废气收集罩破损", legal_basis="虚构大气法"),),
        handling=VisitResult.ORDERED_CORRECT,
        **fields,
    )


def signed_by_all(ref: str, body: RecordBody, *, at: datetime = LATER) -> RecordBody:
    """The record after each of the team has signed it; the way there has tests of its own."""
    for person in reads.visit(ref).inspectors:
        models.OfficerSignature.objects.get_or_create(
            visit=models.Visit.objects.get(ref=ref),
            inspector=person.ref,
            content=body.signed_content(),
            defaults={"name": person.name, "way": "login", "by_ref": person.ref, "at": at},
        )
    return body


def submitted(house: House, *, is_clean: bool = True) -> str:
    ref = started(house)
    body = clean_body(ref) if is_clean else faulty_body(ref)
    signed_by_all(ref, body)
    actions.submit_record(ref, body, client_id="phone-submit-1", by=house.li, at=LATER)
    return ref
