"""Who may do what with one visit: each question raises, and says why."""

from datetime import date

from gongchou.accounts import organisation_reads as organisation
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.inspection.rows import RecordView, VisitRow
from gongchou.registry import reads as registers


def inspector_of(by: Actor, on: date) -> str:
    """Ref in the inspectors' register of the person who signed in; empty where there is none."""
    if not may(by, Power.DO_VISIT):
        return ""
    return registers.inspector_ref_of_person(by.ref, by.bureau, on)


def check_own_bureau(by: Actor, visit: VisitRow) -> None:
    if visit.bureau != by.bureau:
        raise Refused(f"本机构没有编号为 {visit.ref} 的检查，请从检查列表进入。")


def is_member(by: Actor, visit: VisitRow, on: date) -> bool:
    return inspector_of(by, on) in visit.team


def check_member(by: Actor, visit: VisitRow, on: date) -> str:
    """Only the drawn team works on a visit; returns the member's ref in the register."""
    check(by, Power.DO_VISIT)
    check_own_bureau(by, visit)
    ref = inspector_of(by, on)
    if ref not in visit.team:
        raise NotAllowed(
            f"{by.name}不是这次检查的检查组成员，不能办理。"
            f"检查组为{visit.team_names}，请由他们办理。"
        )
    return ref


def check_may_see(by: Actor, visit: VisitRow, on: date) -> None:
    """The team sees its visit; who oversees visits sees those of the own bureau."""
    check_own_bureau(by, visit)
    if may(by, Power.SEE_VISITS) or is_member(by, visit, on):
        return
    if may(by, Power.DO_VISIT):
        raise NotAllowed(f"{by.name}不是这次检查的检查组成员，不能查看。请从“我的检查”进入。")
    check(by, Power.SEE_VISITS)


def check_may_follow(by: Actor, visit: VisitRow, on: date) -> None:
    """The team and the office enter what followed a visit."""
    check_own_bureau(by, visit)
    if not may(by, Power.DISPATCH_VISIT):
        check_member(by, visit, on)


def check_may_review(by: Actor, visit: VisitRow, record: RecordView, on: date) -> None:
    """Nobody reviews what the same person wrote or did."""
    check(by, Power.REVIEW_RECORD)
    check_own_bureau(by, visit)
    if by.ref in record.authors:
        raise NotAllowed("填写记录的人不能审核同一份记录，请由另一位审核人员审核。")
    if is_member(by, visit, on):
        raise NotAllowed("检查组成员不能审核自己的检查，请由另一位审核人员审核。")


def is_own_work(by: Actor, visit: VisitRow, record: RecordView, on: date) -> bool:
    return by.ref in record.authors or is_member(by, visit, on)


def check_may_reopen(by: Actor, visit: VisitRow, record: RecordView, on: date) -> bool:
    """Nobody opens the own record again, unless the bureau is a small one that day.

    Returns whether that exception was made.
    """
    check(by, Power.REOPEN_RECORD)
    check_own_bureau(by, visit)
    if not is_own_work(by, visit, record, on):
        return False
    if organisation.small_bureau(by.bureau, on) is None:
        raise NotAllowed(
            f"{by.name}填写了这份记录或者是检查组成员，不能重新开启它，请由另一位审核人员或者"
            "批准领导办理。人手确实不足的，请安全管理员先登记为小型机构，兼办情况写入案卷。"
        )
    return True
