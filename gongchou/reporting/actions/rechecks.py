"""The draw of a re-inspection in four acts by two people, and the second record.

The rules are those of every draw (DR1): lists and promises stand before the closing value exists.
What was drawn is stored nowhere in the clear; each visit is opened by itself on its day.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical, canon, digest, hash_of
from gongchou.core.chain import written
from gongchou.core.draw import conduct, drawn_count, seed_commitment
from gongchou.core.draw_form import CLOSING_RULE, closing_form, is_closing, read_announcement
from gongchou.core.draw_values import Reveal
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import RecheckState
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import ItemResult
from gongchou.core.workdays import Quarter
from gongchou.drawing import contributing, strongbox
from gongchou.inspection import reads as inspection
from gongchou.inspection.permissions import inspector_of
from gongchou.reporting import models, recheck_lists, recheck_reads
from gongchou.web.clock import day_of

OWN, OTHER = "纪检审计", "保密领导小组"


@transaction.atomic
def promise_recheck(quarter: Quarter, text: str, rule: str, *, by: Actor, at: datetime) -> str:
    """Freeze the finished visits of a quarter and promise the own share; returns the ref."""
    check(by, Power.ORDER_RECHECK)
    if not CLOSING_RULE.fullmatch(rule) or len(rule) > 200:
        raise Refused(
            "收口规则写法不对：应以 d6:25、d10:20、lottery:位数或 drand:位数开头，"
            "空一格后写明怎样产生，总长不超过 200 字。"
        )
    ref, share = f"R{by.bureau}-{quarter}", contributing.share_of(text)
    frozen = recheck_lists.lists(by.bureau, str(quarter), day_of(at))
    nonce, base = strongbox.fresh_salt(), len(frozen.rosters.subjects)
    promised = _commitment(ref, OWN, nonce, share)
    try:
        with transaction.atomic():
            models.RecheckDraw.objects.create(
                ref=ref,
                bureau=Bureau.objects.get(code=by.bureau),
                quarter=str(quarter),
                state=RecheckState.PROMISED.value,
                frozen_body=strongbox.hide(strongbox.server_key(), frozen.body(), about=ref),
                base_count=base,
                drawn_count=drawn_count(frozen.rules.rates[recheck_lists.STRATUM], base),
                closing_rule=rule,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
                own_commitment=promised,
                own_nonce=strongbox.lock(share.decode(), nonce, about=f"{ref}/{OWN}"),
            )
    except IntegrityError as error:
        raise Stale(f"{quarter.label}已经提出复查抽取，一个季度只抽一次。") from error
    data: dict[str, Canonical] = {"commitment": promised, "base": base}
    audit.append(EventKind.RECHECK_PROMISED, about=ref, by=by, at=at, data=data)
    return ref


def _commitment(ref: str, role: str, nonce: bytes, share: bytes) -> str:
    hash_ = hash_of(recheck_lists.PROFILE)
    return seed_commitment(hash_, draw=ref, role=role, nonce=nonce, share=share)


def _found(ref: str, by: Actor) -> models.RecheckDraw:
    row = models.RecheckDraw.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused("没有这次复查抽取，请从复查页面进入。")
    return row


def _move(row: models.RecheckDraw, to: RecheckState, **fields: object) -> None:
    was = RecheckState(row.state)
    move(was, to)
    rows = models.RecheckDraw.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=to.value, **fields) != 1:
        raise Stale("这次复查抽取刚被他人办理，请刷新页面。")


@transaction.atomic
def join_recheck(ref: str, text: str, *, by: Actor, at: datetime) -> str:
    """The secrecy group promises too; with that the announcement stands. Returns its digest."""
    check(by, Power.CONTRIBUTE)
    row, share, nonce = _found(ref, by), contributing.share_of(text), strongbox.fresh_salt()
    if by.ref == row.by_ref:
        raise Refused("两份随机贡献须由两人分别提交，请保密小组成员办理。")
    promised = _commitment(ref, OTHER, nonce, share)
    announced = read_announcement(
        replace(
            recheck_reads.frozen(row.ref).announcement(ref),
            commits=((OWN, row.own_commitment), (OTHER, promised)),
            closing_rule=row.closing_rule,
            announced=written(at),
        ).plain()
    )
    made = announced.digest().hex()
    _move(
        row,
        RecheckState.ANNOUNCED,
        other_ref=by.ref,
        other_name=by.name,
        other_commitment=promised,
        other_nonce=strongbox.lock(share.decode(), nonce, about=f"{ref}/{OTHER}"),
        announcement=canon(announced.plain()).decode(),
        announcement_digest=made,
        announced_at=at,
    )
    data: dict[str, Canonical] = {"announcement": made}
    audit.append(EventKind.RECHECK_ANNOUNCED, about=ref, by=by, at=at, data=data)
    return made


def _checked(row: models.RecheckDraw, closing: str) -> str:
    value = closing.strip()
    if not is_closing(row.closing_rule, value):
        raise Invalid(f"收口值{closing_form(row.closing_rule)}，请核对后再录入。")
    return value


def _revealed(text: str, locked: bytes, ref: str, role: str) -> Reveal:
    words = contributing.share_of(text).decode()
    try:
        return contributing.reveal_of(words, locked, draw=ref, role=role)
    except strongbox.WrongKey as error:
        raise Refused("这段文字与您承诺时的不一致，请逐字核对后再揭示。") from error


@transaction.atomic
def close_recheck(ref: str, text: str, closing: str, *, by: Actor, at: datetime) -> None:
    """The discipline office enters the closing value and reveals its own share."""
    check(by, Power.ORDER_RECHECK)
    row = _found(ref, by)
    if by.ref != row.by_ref:
        raise Refused(f"这份承诺是{row.by_name}作出的，须由本人揭示。")
    value = _checked(row, closing)
    own = _revealed(text, bytes(row.own_nonce), ref, OWN)
    _move(row, RecheckState.CLOSED, closing=value, own_held=contributing.hold(own, ref))
    audit.append(EventKind.RECHECK_CLOSED, about=ref, by=by, at=at, data={"closing": value})


@transaction.atomic
def draw_recheck(ref: str, text: str, closing: str, *, by: Actor, at: datetime) -> int:
    """The secrecy group confirms the closing value and reveals; returns how many are drawn."""
    check(by, Power.CONTRIBUTE)
    row = _found(ref, by)
    move(RecheckState(row.state), RecheckState.DRAWN)
    if by.ref != row.other_ref:
        raise Refused(f"这份承诺是{row.other_name}作出的，须由本人揭示。")
    if _checked(row, closing) != row.closing:
        raise Refused("收口值与先前录入的不一致，请两人一同核对原始记录。")
    reveals = [
        contributing.held(bytes(row.own_held or b""), draw=ref, role=OWN),
        _revealed(text, bytes(row.other_nonce or b""), ref, OTHER),
    ]
    announced, frozen = recheck_reads.announcement(ref), recheck_reads.frozen(ref)
    outcome = conduct(announced, frozen.rosters, reveals, row.closing)
    seed = strongbox.hide(strongbox.server_key(), outcome.seed, about=f"{ref}/seed")
    _move(row, RecheckState.DRAWN, seed=seed, sealed_root=outcome.sealed, drawn_at=at)
    data: dict[str, Canonical] = {"sealed": outcome.sealed, "count": len(outcome.visits)}
    audit.append(EventKind.RECHECK_DRAWN, about=ref, by=by, at=at, data=data)
    return len(outcome.visits)


@transaction.atomic
def open_recheck(ref: str, number: int, *, by: Actor, at: datetime) -> None:
    """Open one place of the list for its second team, who learn the site and the items alone."""
    check(by, Power.ORDER_RECHECK)
    row = _found(ref, by)
    place = recheck_reads.place(ref, number)
    visit = inspection.visit(place.visit)
    items = [[item.code, item.name] for item in inspection.record_items(visit)]
    try:
        with transaction.atomic():
            models.Recheck.objects.create(
                draw=row,
                number=number,
                visit=visit.ref,
                subject=visit.subject,
                subject_name=visit.subject_name,
                team=[list(member) for member in place.team],
                items=items,
                opened_by_name=by.name,
                opened_at=at,
            )
    except IntegrityError as error:
        raise Stale(f"第 {number} 家已经启封，请刷新页面。") from error
    data: dict[str, Canonical] = {"number": number, "visit": visit.ref}
    audit.append(EventKind.RECHECK_OPENED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def record_recheck(
    ref: str, number: int, answers: Mapping[str, str], says: str, *, by: Actor, at: datetime
) -> None:
    """The second record: every item answered, written once, by one of the second team."""
    check(by, Power.DO_VISIT)
    row = recheck_reads.recheck(ref, number, by.bureau)
    if inspector_of(by, day_of(at)) not in row.members:
        raise NotAllowed(f"{by.name}不是这次复查的人员，不能填写。请由{row.team_names}办理。")
    known = {result.value for result in ItemResult}
    missing = [name for code, name in row.items if answers.get(code) not in known]
    if missing:
        raise Invalid(f"还有项目没有结论：{'、'.join(missing[:5])}。请逐项选择后再提交。")
    kept = {code: answers[code] for code, _ in row.items}
    words = " ".join(says.split())[:1000]
    made = digest({"answers": dict(kept), "says": words})
    rows = models.Recheck.objects.filter(draw__ref=ref, number=number, recorded_at=None)
    changed = rows.update(
        answers=kept,
        says=words,
        digest=made,
        recorded_by_ref=by.ref,
        recorded_by_name=by.name,
        recorded_at=at,
    )
    if changed != 1:
        raise Stale("这份复查记录已经提交，不能改动。")
    data: dict[str, Canonical] = {"number": number, "digest": made}
    audit.append(EventKind.RECHECK_RECORDED, about=ref, by=by, at=at, data=data)
