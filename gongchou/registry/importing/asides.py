"""Lines of a printed list that are no rows: totals, remarks, the header on every page again."""

import re

# The line of a sample file that shows how a row is filled.
SAMPLE = "示例："
# The sheet beside a blank table that says how it is filled.
NOTES = "填写说明"
SAMPLE_LINE = "是模板的示例行，已略过"
REPEATED = "是重复的表头，已略过"
_TOTAL = re.compile(r"(?:本页|累计|全区|全市|全县)?(?:合\s*计|总\s*计|小\s*计|共\s*计)")
_REMARK = re.compile(
    r"(?:备注|说明|附注|注|填表人|填报人|制表人|审核人|负责人|填表日期|填报日期|填报单位)\s*[：:]"
)


def aside(lead: str, *, is_full: bool) -> str:
    """Why a line that could not be read is no row of the table; empty where it is one.

    `lead` is its first cell. A site may be called 合计某厂: with all needed cells filled, only
    the bare word is a total.
    """
    if _TOTAL.fullmatch(lead.rstrip("：:")) or (_TOTAL.match(lead) and not is_full):
        return "是合计行，已略过"
    return "是说明文字，已略过" if _REMARK.match(lead) and not is_full else ""
