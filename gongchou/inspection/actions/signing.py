"""Each officer signs for himself: by the own login, or by the own digits on a colleague's phone."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import RecordBody
from gongchou.core.refusals import Refused
from gongchou.core.terms import SigningWay, VisitState
from gongchou.inspection import leases, models, reads
from gongchou.inspection.operations import WrongPin
from gongchou.inspection.permissions import check_member
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.writers import own_row
from gongchou.web.clock import day_of

OPEN = (VisitState.STARTED, VisitState.RETURNED)


@transaction.atomic
def sign_record(ref: str, body: RecordBody, *, by: Actor, at: datetime) -> None:
    """The officer who signed in signs what this record says; again changes nothing."""
    row, found = own_row(ref, by), reads.visit(ref)
    me = check_member(by, found, day_of(at))
    _check_open(found)
    _keep(row, me, found, body, SigningWay.LOGIN, by, at)


@transaction.atomic
def sign_by_pin(
    ref: str, body: RecordBody, *, inspector: str, pin: str, by: Actor, at: datetime
) -> None:
    """A colleague signs on the device of the one who signed in, by the own digits."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    _check_open(found)
    names = {person.ref: person.name for person in found.inspectors}
    if inspector not in names:
        raise Refused("签字的人不是检查组成员，请刷新页面核对检查组。")
    says, is_wrong = leases.pin_problem(inspector, names[inspector], pin)
    if is_wrong:
        raise WrongPin(says, inspector)
    if says:
        raise Refused(says)
    _keep(row, inspector, found, body, SigningWay.PIN, by, at)


def _check_open(found: VisitRow) -> None:
    if found.state not in OPEN:
        raise Refused(
            f"这次检查现在是“{found.state.label}”状态，不能签字。请从检查页面查看最新情况。"
        )


def _keep(
    row: models.Visit,
    inspector: str,
    found: VisitRow,
    body: RecordBody,
    way: SigningWay,
    by: Actor,
    at: datetime,
) -> None:
    content = body.signed_content()
    if row.officer_signatures.filter(inspector=inspector, content=content).exists():
        return
    name = next(person.name for person in found.inspectors if person.ref == inspector)
    try:
        with transaction.atomic():
            row.officer_signatures.create(
                inspector=inspector, name=name, content=content, way=way.value, by_ref=by.ref, at=at
            )
    except IntegrityError:
        return
    data = {"content": content, "inspector": inspector, "way": way.value}
    audit.append(EventKind.OFFICER_SIGNED, about=found.ref, by=by, at=at, data=data)


@transaction.atomic
def check_signatures(
    row: models.Visit, found: VisitRow, body: RecordBody, *, by: Actor, at: datetime
) -> None:
    """Who hands the record in signs by doing so; everybody else has signed this very content."""
    me, content = check_member(by, found, day_of(at)), body.signed_content()
    if any(one.ref == me and one.stands for one in body.officers):
        _keep(row, me, found, body, SigningWay.LOGIN, by, at)
    signed = set(row.officer_signatures.filter(content=content).values_list("inspector", flat=True))
    unsigned = [one.name for one in body.officers if one.stands and one.ref not in signed]
    if unsigned:
        raise Refused(
            f"{'、'.join(unsigned)}还没有在这一版记录上签字，没有提交。请本人登录后签字，"
            "或者由本人输入签字口令；记录改动以后须重新签字。"
        )
