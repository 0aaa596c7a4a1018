"""What the reporting of a quarter has against opening a record of it again."""

from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.reporting import package_reads


def to_reopen_in_time(visit: str) -> str:
    """Once a quarter was sent to the superior, what changes in it is a correction of that."""
    found = inspection.visit(visit)
    quarter = str(Quarter.of(found.ended_on or found.planned_on))
    held = package_reads.packages(found.bureau, quarter)
    sent = next((one for one in held if one.sending and not one.is_ahead), None)
    if sent is None or sent.sending is None:
        return ""
    return (
        f"{Quarter.parse(quarter).label}的报送材料（{sent.ref}）已于 {sent.sending.sent_on} 报出，"
        "这时的改动只能作为报送后的更正。确需重新开启的，请勾选“作为报送后的更正”；"
        "再次审核以后，请在“统计报送”页面生成更正的统计表，另行报送。"
    )
