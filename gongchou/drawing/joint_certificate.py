"""The certificate of a draw of several departments: from its public record alone."""

from collections.abc import Mapping
from typing import Any

from gongchou.core.canon import digest
from gongchou.core.draw import drawn_count
from gongchou.core.joint_record import JointRecord, read_joint_record, verify_joint
from gongchou.core.joint_values import joint_count
from gongchou.drawing.certificate import (
    ALGORITHMS,
    REHEARSAL_BAND,
    anchor_step,
    department_rows,
    qr_text,
    said,
    step_row,
)
from gongchou.web.templatetags.gongchou import grouped
from gongchou.web.typesetting import qr_svg

HOW = (
    "取得公开的记录 record.json，以及公示或纸面上的公告摘要和密封根。",
    "在公众门户打开“验证抽取”页面，选择记录文件，填入两项摘要；页面可以存下来断网使用。",
    "或在任何装有 Python 3 的电脑上运行 python3 verify_joint.py record.json"
    " --announcement 公告摘要 --sealed 密封根。",
    "只想核对一家：每家单位只有一个抽签号，各部门共用；不大于哪个部门该层的末位，就被哪个部门抽中。",
)


def joint_certificate(record: Mapping[str, Any], *, organ: str = "") -> dict[str, Any]:
    """The values of the certificate; Invalid where the record has not its form."""
    read = read_joint_record(record)
    rules, steps = read.announcement, verify_joint(record)
    announced, is_test = rules.digest().hex(), rules.draw.startswith("TEST")
    kind = "一次部门联合抽取的演练，不产生任何检查任务" if is_test else "一次部门联合抽取"
    return {
        "title": "抽取证书（部门联合）",
        "organ": organ,
        "number": rules.draw,
        "band": REHEARSAL_BAND if is_test else "",
        "statement": said(rules.draw, rules.announced, kind, steps),
        "strata": _strata(read),
        "visits": f"{len(read.visits)} 家",
        "joint": f"{joint_count(read.visits)} 家",
        "people": f"{sum(len(one.inspectors) for one in read.lists)} 人",
        "avoided": f"{sum(len(one.avoid) for one in read.lists)} 条",
        "substituted": f"{len(read.substitutions)} 次",
        "closing-label": "收口值",
        "closing": grouped(read.closing),
        "algorithm": ALGORITHMS[rules.hash],
        "announcement": announced,
        "sealed": read.sealed,
        "record": digest(record, rules.hash),
        "steps": [*map(step_row, steps[:-1]), anchor_step(steps[-1])],
        "how": list(HOW),
        "qr": qr_svg(qr_text(rules.draw, announced, read.sealed, version="DR2")),
    }


def _strata(read: JointRecord) -> list[dict[str, str]]:
    """The strata of each department under its name; the sum of the visits stands below them."""
    departments = []
    for own, lists in zip(read.announcement.departments, read.lists, strict=True):
        sizes = dict.fromkeys(sorted(own.rates), 0)
        for row in lists.subjects:
            sizes[row.stratum] += 1
        strata = [(s, n, drawn_count(own.rates[s], n)) for s, n in sizes.items()]
        departments.append((own.team.org, strata))
    return department_rows(departments)
