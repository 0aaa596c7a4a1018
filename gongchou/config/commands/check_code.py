"""Whether codes are well formed, without any database."""

import argparse
import json

from gongchou.config.console import DONE, NO, Groups
from gongchou.core.codes import site_code_problem, uscc_problem

CHECKS = {"uscc": uscc_problem, "site": site_code_problem}


def add(groups: Groups) -> None:
    parser = groups.add_parser(
        "check-code", description="核对统一社会信用代码（uscc）或固定污染源编码（site）。"
    )
    parser.add_argument("kind", choices=sorted(CHECKS), metavar="种类", help="uscc 或 site")
    parser.add_argument("codes", nargs="+", metavar="代码", help="可写几个，用空格隔开")
    parser.add_argument("--json", action="store_true", help="每个代码一行 JSON（缺省即是）")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One JSON object a line; 1 when any code is wrong."""
    found = [(code, CHECKS[args.kind](code)) for code in args.codes]
    for code, problem in found:
        answer = {"code": code, "ok": problem is None, "problem": problem}
        print(json.dumps(answer, ensure_ascii=False))
    return NO if any(problem for _, problem in found) else DONE
