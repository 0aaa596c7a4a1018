"""The quota solver: the fewest visits of a quarter, or the smallest conflict and the ways out."""

import argparse

from gongchou.config.acting import bureau_of
from gongchou.config.console import DONE, NO, Groups, add_bureau, add_json, answer
from gongchou.planning.outlook_reads import Outlook, outlook_now
from gongchou.web import clock


def add(groups: Groups) -> None:
    parser = groups.add_parser("plan", description="按今天的名录求解一个季度的计划。")
    kinds = parser.groups()
    solve = kinds.add_parser(
        "solve", description="求同时达到比例、上限、联合和人力要求的最少家次，或最小冲突和办法。"
    )
    solve.add_argument("--quarter", required=True, metavar="季度", help="如 2026Q1")
    solve.add_argument("--policy", default="", metavar="方案", help="缺省为本机构现行方案")
    add_bureau(solve)
    add_json(solve)
    solve.set_defaults(run=run_solve)


def run_solve(args: argparse.Namespace) -> int:
    """Exit 1 where the demands cannot be met together."""
    today = clock.day_of(clock.now())
    found = outlook_now(bureau_of(args), args.quarter, today, path=args.policy)
    answer(args, _document(found), _lines(found))
    return DONE if found.answer.is_possible else NO


def _lines(found: Outlook) -> list[str]:
    if found.answer.is_possible:
        head = ["可以同时达到全部要求，最少需要："]
        head += [f"{q.label}：{v} 家次，其中联合至少 {j}" for q, v, j in found.by_quarter]
    else:
        head = ["下列要求不能同时达到：", *found.answer.says]
        head += [f"办法：{relief.says}" for relief in found.answer.reliefs]
    return [*head, *(finding.says for finding in found.report.findings)]


def _document(found: Outlook) -> dict[str, object]:
    report = found.report
    return {
        "ok": found.answer.is_possible,
        "quarter": found.question.quarters[0],
        "quarters": [{"quarter": str(q), "visits": v, "joint": j} for q, v, j in found.by_quarter],
        "conflict": list(found.answer.conflict),
        "says": list(found.answer.says),
        "reliefs": [
            {"demand": r.demand, "amount": r.amount, "says": r.says} for r in found.answer.reliefs
        ],
        "person_days": {"needed": str(report.needed_days), "free": str(report.free_days)},
        "joint": {"owed": report.joint_owed, "sure": report.joint_possible},
        "findings": [
            {"is_blocking": f.is_blocking, "says": f.says, "mend": f.mend} for f in report.findings
        ],
    }
