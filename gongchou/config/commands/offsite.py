"""Off-site supervision at the command line: coverage, the simulator and its judge."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

from gongchou.config.acting import bureau_of
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.offsite import reads
from gongchou.offsite.simulator.judged import judge_folder
from gongchou.offsite.simulator.sending import send
from gongchou.offsite.simulator.writing import ALL_UNITS, simulate


def add(groups: Groups) -> None:
    parser = groups.add_parser("offsite", description="非现场检查。")
    kinds = parser.groups()
    coverage = kinds.add_parser("coverage", description="查看正面清单内单位本季度的覆盖情况。")
    coverage.add_argument("--quarter", required=True, metavar="季度", help="如 2026Q1")
    add_bureau(coverage)
    add_json(coverage)
    coverage.set_defaults(run=run_coverage)
    _add_simulate(kinds)
    judge = kinds.add_parser("judge", description="用现行规则判断一份模拟数据，并与其真值比对。")
    judge.add_argument("folder", type=Path, metavar="文件夹", help="offsite simulate 写出的文件夹")
    add_json(judge)
    judge.set_defaults(run=run_judge)


def _add_simulate(kinds: Groups) -> None:
    parser = kinds.add_parser(
        "simulate", description="按随机数种子生成一个季度的虚构监测数据，附带真值。"
    )
    parser.add_argument(
        "--seed", type=int, required=True, metavar="种子", help="整数；同一种子得到同一份数据"
    )
    parser.add_argument("--quarter", required=True, metavar="季度", help="如 2026Q2")
    parser.add_argument("--out", type=Path, required=True, metavar="文件夹", help="应为空")
    parser.add_argument("--units", type=int, default=ALL_UNITS, metavar="家数", help="缺省 60 家")
    parser.add_argument("--days", type=int, default=0, metavar="天数", help="缺省为整个季度")
    parser.add_argument(
        "--speed",
        type=float,
        default=0,
        metavar="倍数",
        help="生成后再按若干倍速经本机 TCP 发给接收服务；缺省 0，只写文件",
    )
    parser.add_argument("--port", type=int, default=7212, metavar="端口", help="缺省 7212")
    add_json(parser)
    parser.set_defaults(run=run_simulate)


def run_simulate(args: argparse.Namespace) -> int:
    made = simulate(args.seed, args.quarter, args.out, units=args.units, days=args.days)
    document: dict[str, Any] = {
        "seed": args.seed,
        "quarter": made.quarter,
        "units": len(made.units),
        "days": made.days,
    }
    lines = [f"已写入 {args.out}：{len(made.units)} 家单位，{made.days} 天，均为虚构。"]
    if args.speed > 0:
        document["frames"] = asyncio.run(send(args.out, args.speed, args.port))
        lines.append(f"已向本机 {args.port} 端口发送 {document['frames']} 段数据。")
    answer(args, document, lines)
    return DONE


def run_judge(args: argparse.Namespace) -> int:
    found = judge_folder(args.folder)
    answer(args, found, _told(found))
    return DONE


def _told(found: dict[str, Any]) -> list[str]:
    recall, cases = found["recall"], found["cases"]
    others = found["other_sources"]
    lines = [
        found["says"],
        f"种子 {found['seed']}，{found['quarter']}，{found['units']} 家单位，{found['days']} 天。",
        f"召回：明显 {recall['easy']:.1%}，中等 {recall['medium']:.1%}，"
        f"隐蔽 {recall['hard']:.1%}（共 {found['planted']} 项）",
        f"诱饵误报：{found['decoys_fired']:.1%}（共 {found['decoys']} 项）",
        f"每家每季误报线索：{found['false_clues_a_subject']:.2f}；"
        f"线索准确率 {found['precision']:.1%}",
        f"前 {cases['capacity']} 家准确率 {cases['precision_at_capacity']:.1%}，"
        f"为随机选取的 {cases['lift']} 倍；Brier {cases['brier']}",
        "去掉一个渠道后的召回："
        + "，".join(f"{name} {share:.1%}" for name, share in found["ablation"].items()),
        *(
            f"{name}：共 {row['planted']} 项，来源在候选单位中 "
            f"{row['source_among_candidates']} 项，"
            f"单独指明来源 {row['named']} 项，指错 {row['named_another']} 项；"
            f"诱饵 {row['decoys']} 项，误指 {row['decoys_named']} 项"
            for name, row in others.items()
        ),
        "规则　事件　准确率　召回　中位延迟（分钟）",
    ]
    for id_, row in found["rules"].items():
        recall_of = "—" if row["recall"] is None else f"{row['recall']:.0%}"
        delay = "—" if row["median_delay_minutes"] is None else row["median_delay_minutes"]
        right = "—" if row["precision"] is None else f"{row['precision']:.0%}"
        lines.append(f"{id_} {row['name']}　{row['events']}　{right}　{recall_of}　{delay}")
    return lines


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
