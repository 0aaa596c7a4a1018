"""The deadlines of a quarter, by a policy named or by the one the bureau works by."""

import argparse
import importlib

from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.deadlines import DeadlineSet, quarter_deadlines
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.rules import PolicyProfile
from gongchou.core.workdays import Deadline, Quarter
from gongchou.law.load import load_calendar, load_profile

POLICY = "tangshan_gaoxin_2024"
LABELS = {
    "task_reminder": "内部提醒（较严读法）",
    "task_deadline": "检查任务完成",
    "statistics_deadline": "统计表上报",
    "forms_deadline": "纸质记录交齐",
}
WEEKDAYS = "一二三四五六日"


def add(groups: Groups) -> None:
    parser = groups.add_parser("deadlines", description="计算一个季度的三个期限。")
    parser.add_argument("quarter", type=_quarter, metavar="季度", help="如 2025Q4")
    parser.add_argument(
        "--policy",
        default="",
        metavar="方案",
        help=f"缺省为本机构现行方案；没有机构数据时为 {POLICY}",
    )
    add_bureau(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except Invalid as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def run(args: argparse.Namespace) -> int:
    profile = _profile(args)
    found = _named(quarter_deadlines(args.quarter, profile, load_calendar()))
    is_provisional = any(deadline.provisional for deadline in found.values())
    days = {name: deadline.on.isoformat() for name, deadline in found.items()}
    lines = [
        f"{LABELS[name]}：{deadline.on.isoformat()}（周{WEEKDAYS[deadline.on.weekday()]}）"
        for name, deadline in found.items()
    ]
    lines.append(f"依据：{profile.title}（{profile.document_number}）")
    if is_provisional:
        lines.append("节假日调休安排尚未公布，以上日期按法定节假日推算，为暂定。")
    document = {"quarter": str(args.quarter), **days, "provisional": is_provisional}
    answer(args, document | {"policy": profile.id}, [args.quarter.label, *lines])
    return DONE


def _named(found: DeadlineSet) -> dict[str, Deadline]:
    return {
        "task_reminder": found.early,
        "task_deadline": found.task,
        "statistics_deadline": found.statistics,
        "forms_deadline": found.forms,
    }


def _profile(args: argparse.Namespace) -> PolicyProfile:
    """The policy named; else that of the bureau; else the one shipped first."""
    if args.policy and args.bureau:
        raise Refused("--policy 和 --bureau 只能写一个：或按指定的方案，或按这个机构的现行方案。")
    if args.policy:
        return load_profile(args.policy)
    try:
        start = importlib.import_module("gongchou.config.cli").start_django
        start("command")
    except ModuleNotFoundError:
        if args.bureau:
            raise
        return load_profile(POLICY)
    adopted = importlib.import_module("gongchou.config.policy_in_force").adopted
    found: PolicyProfile | None = adopted(args.bureau, args.quarter.last)
    return found or load_profile(POLICY)
