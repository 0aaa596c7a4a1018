"""What the publication of a result has against opening its record again."""

from gongchou.core.terms import PublicationState
from gongchou.inspection import reads as visits
from gongchou.publication import reads

WAYS = {
    PublicationState.PENDING: "请先由批准领导在“公示”页面打开它，退回这份公示件",
    PublicationState.APPROVED: "它已经批准，请先由公示人员在“公示”页面办理公示，再撤下这条结果",
    PublicationState.PUBLISHED: "请先由公示人员在“公示”页面打开它，撤下这条结果并写明理由",
}


def to_reopen(visit: str) -> str:
    """What the public reads, or is about to read, rests on the approved record."""
    found = visits.visit(visit)
    for line in reads.lines_in_hand(found.bureau, visit):
        what = "更正" if line.is_correction else "公示"
        now = "正在公示中" if line.state is PublicationState.PUBLISHED else f"正在办理{what}"
        return (
            f"“{found.subject_name}”的检查结果{now}（“{line.title}”第 {line.number} 号，"
            f"{line.state.label}），不能重新开启记录。{WAYS[line.state]}，再重新开启。"
        )
    return ""
