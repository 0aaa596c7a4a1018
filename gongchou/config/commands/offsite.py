"""Coverage of the positive list at the command line."""

import argparse

from gongchou.config.acting import bureau_of
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.offsite import reads


def add(groups: Groups) -> None:
    parser = groups.add_parser("offsite", description="非现场检查。")
    kinds = parser.groups()
    coverage = kinds.add_parser("coverage", description="查看正面清单内单位本季度的覆盖情况。")
    coverage.add_argument("--quarter", required=True, metavar="季度", help="如 2026Q1")
    add_bureau(coverage)
    add_json(coverage)
    coverage.set_defaults(run=run_coverage)


def run_coverage(args: argparse.Namespace) -> int:
    quarter = Quarter.parse(args.quarter)
    found = reads.coverage(bureau_of(args), str(quarter))
    if found is None:
        raise Refused(f"{quarter.label}还没有抽查计划，不知道哪些单位在正面清单内。请先测算计划。")
    lines = [
        f"{quarter.label}：已覆盖 {found.covered_count} ／ 应覆盖 {found.required_count}，"
        f"还差 {found.lacking_count}"
    ]
    groups = (("还不算覆盖", found.short), ("还没有登记", found.missing))
    lines += [f"{label}：{unit.name}，{unit.cover.why}" for label, us in groups for unit in us]
    document = {
        "quarter": str(quarter),
        "required_count": found.required_count,
        "covered_count": found.covered_count,
        **{
            name: [
                {"ref": u.subject, "name": u.name, "by": u.cover.by, "why": u.cover.why}
                for u in units
            ]
            for name, units in (
                ("covered", found.covered),
                ("short", found.short),
                ("missing", found.missing),
            )
        },
    }
    answer(args, document, lines)
    return DONE
