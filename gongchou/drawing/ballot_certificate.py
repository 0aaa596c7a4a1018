"""The certificate of a draw by numbered balls: from its public record alone."""

from collections.abc import Mapping
from typing import Any

from gongchou.core.ballot import balls_due
from gongchou.core.ballot_record import read_ballot_record, verify_ballot
from gongchou.core.canon import digest
from gongchou.drawing.certificate import (
    ALGORITHMS,
    REHEARSAL_BAND,
    anchor_step,
    qr_text,
    said,
    step_row,
    stratum_rows,
)
from gongchou.web.typesetting import qr_svg

HOW = (
    "取得公开的记录 record.json，以及公示或纸面上的公告摘要和密封根。",
    "在公众门户打开“验证抽取”页面，选择记录文件，填入两项摘要；页面可以存下来断网使用。",
    "或在任何装有 Python 3 的电脑上运行 python3 verify_ballot.py record.json"
    " --announcement 公告摘要 --sealed 密封根。",
    "只想核对一家：在公布的号码表上找到自己的编号和号，看它是否在本层摇出的前几个号中。",
    "号球是否均匀、有没有换球，记录不能证明，由当场的见证人负责。",
)


def ballot_certificate(record: Mapping[str, Any], *, organ: str = "") -> dict[str, Any]:
    """The values of the certificate; Invalid where the record has not its form."""
    read = read_ballot_record(record)
    rules, steps = read.announcement.rules, verify_ballot(record)
    announced, is_test = read.announcement.digest().hex(), rules.draw.startswith("TEST")
    kind = "一次人工摇号的演练，不产生任何检查任务" if is_test else "一次人工摇号"
    due = balls_due(read.announcement, read.rosters)
    joint = sum(len(visit.parts) == 2 for visit in read.visits)
    return {
        "title": "抽取证书（人工摇号）",
        "organ": organ,
        "number": rules.draw,
        "band": REHEARSAL_BAND if is_test else "",
        "statement": said(rules.draw, rules.announced, kind, steps),
        "strata": stratum_rows([(s, n, k) for s, (n, k, _) in due.items()]),
        "visits": f"{len(read.visits)} 家",
        "joint": f"{joint} 家",
        "people": f"{len(read.rosters.inspectors)} 人",
        "avoided": f"{len(read.rosters.avoid)} 条",
        "substituted": f"{len(read.substitutions)} 次",
        "closing-label": "见证人",
        "closing": f"{len(read.witnesses)} 名",
        "algorithm": ALGORITHMS[rules.hash],
        "announcement": announced,
        "sealed": read.sealed,
        "record": digest(record, rules.hash),
        "steps": [*map(step_row, steps[:-1]), anchor_step(steps[-1])],
        "how": list(HOW),
        "qr": qr_svg(qr_text(rules.draw, announced, read.sealed, version="BL1")),
    }
