"""The three deadlines of a quarter, without any database."""

import argparse

from gongchou.config.console import DONE, Groups, add_json, answer
from gongchou.core.refusals import Invalid
from gongchou.core.rules import PolicyProfile
from gongchou.core.workdays import (
    Calendar,
    Deadline,
    Quarter,
    forms_deadline,
    statistics_deadline,
    task_deadline,
)
from gongchou.law.load import load_calendar, load_profile

POLICY = "tangshan_gaoxin_2024"
LABELS = {
    "task_deadline": "检查任务完成",
    "statistics_deadline": "统计表上报",
    "forms_deadline": "纸质记录交齐",
}
WEEKDAYS = "一二三四五六日"


def add(groups: Groups) -> None:
    parser = groups.add_parser("deadlines", description="计算一个季度的三个期限。")
    parser.add_argument("quarter", type=_quarter, metavar="季度", help="如 2025Q4")
    parser.add_argument("--policy", default=POLICY, metavar="方案", help=f"缺省为 {POLICY}")
    add_json(parser)
    parser.set_defaults(run=run)


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except Invalid as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def run(args: argparse.Namespace) -> int:
    calendar = load_calendar()
    found = _deadlines(args.quarter, load_profile(args.policy), calendar)
    is_provisional = any(deadline.provisional for deadline in found.values())
    days = {name: deadline.on.isoformat() for name, deadline in found.items()}
    lines = [
        f"{LABELS[name]}：{deadline.on.isoformat()}（周{WEEKDAYS[deadline.on.weekday()]}）"
        for name, deadline in found.items()
    ]
    if is_provisional:
        lines.append("节假日调休安排尚未公布，以上日期按法定节假日推算，为暂定。")
    document = {"quarter": str(args.quarter), **days, "provisional": is_provisional}
    answer(args, document, [args.quarter.label, *lines])
    return DONE


def _deadlines(quarter: Quarter, policy: PolicyProfile, calendar: Calendar) -> dict[str, Deadline]:
    """By the policy that is in force at the end of the quarter."""

    def days(key: str) -> int:
        return policy.number(key, quarter.last)

    reading = policy.text("deadline.task.reading", quarter.last)
    return {
        "task_deadline": task_deadline(
            quarter, calendar, days=days("deadline.task"), reading=reading
        ),
        "statistics_deadline": statistics_deadline(
            quarter, calendar, days=days("deadline.statistics")
        ),
        "forms_deadline": forms_deadline(quarter, calendar, days=days("deadline.forms")),
    }
