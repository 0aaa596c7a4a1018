"""The superior's form, and the tables that districts hand in."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.statistics import rows
from gongchou.reporting import models, rollup_reads, template_reads
from gongchou.reporting.checkcode import SHORT, typed_code
from gongchou.reporting.sealed import SealedTable, opened
from gongchou.reporting.template import checked, words


@transaction.atomic
def save_template(name: str, content: bytes, *, by: Actor, at: datetime) -> int:
    """Put a form into force; returns how many marks it has. Earlier forms stay."""
    check(by, Power.MAKE_STATISTICS)
    marks = checked(content, words(rows((), (), late_counts=True)))
    held = template_reads.templates(by.bureau)
    sha256 = hashlib.sha256(content).hexdigest()
    if held and held[0].sha256 == sha256:
        raise Refused("这份样式与现行的完全相同，不必再存。")
    number = held[0].number + 1 if held else 1
    try:
        with transaction.atomic():
            models.TableTemplate.objects.create(
                bureau=Bureau.objects.get(code=by.bureau),
                number=number,
                name=" ".join(name.split())[-200:] or "统计表样式.xlsx",
                content=content,
                sha256=sha256,
                saved_by_ref=by.ref,
                saved_by_name=by.name,
                saved_at=at,
            )
    except IntegrityError as error:
        raise Stale("样式刚由他人更换，请刷新页面再试。") from error
    about = f"{by.bureau}-{number}"
    data: dict[str, Canonical] = {"sha256": sha256, "marks": marks}
    audit.append(EventKind.TEMPLATE_SAVED, about=about, by=by, at=at, data=data)
    return marks


@transaction.atomic
def import_district(content: bytes, typed: str = "", *, by: Actor, at: datetime) -> str:
    """Take in a district's frozen table; `typed` is the code read off its stamped paper."""
    check(by, Power.MAKE_STATISTICS)
    if not rollup_reads.may_roll_up(by.bureau):
        raise Refused("区县级机构没有下级，不汇总统计表。")
    found = opened(content)
    _fits(found, typed, by)
    body = found.body
    try:
        with transaction.atomic():
            models.DistrictTable.objects.create(
                bureau=Bureau.objects.get(code=by.bureau),
                ref=found.ref,
                district=body.bureau,
                district_name=body.bureau_name,
                quarter=body.quarter,
                number=found.number,
                version=found.version.value,
                reason=found.reason,
                body=found.content,
                digest=found.digest,
                received_by_ref=by.ref,
                received_by_name=by.name,
                received_at=at,
            )
    except IntegrityError as error:
        raise Refused(f"统计表 {found.ref} 已经收过，没有重复导入。") from error
    data: dict[str, Canonical] = {
        "digest": found.digest,
        "district": body.bureau,
        "quarter": body.quarter,
        "is_code_typed": int(bool(typed.strip())),
    }
    audit.append(EventKind.DISTRICT_TABLE_RECEIVED, about=found.ref, by=by, at=at, data=data)
    return found.ref


def _fits(found: SealedTable, typed: str, by: Actor) -> None:
    if found.body.bureau == by.bureau:
        raise Refused("这是本机构自己的统计表，汇总只收下级的。")
    if typed.strip() and typed_code(typed) != found.digest[:SHORT]:
        raise Refused(
            f"录入的核对码与文件里的统计表 {found.ref} 不同，没有导入。"
            "请核对盖章纸件与文件是不是同一版。"
        )
