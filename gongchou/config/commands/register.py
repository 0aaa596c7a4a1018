"""Registers from and to files."""

import argparse
import json
import sys
from pathlib import Path

from gongchou.config.acting import acting
from gongchou.config.console import DONE, NO, Groups, add_bureau, add_json, answer
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind
from gongchou.registry import actions, export
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.findings import AT_HAND
from gongchou.registry.importing.report import ImportReport
from gongchou.web import clock


def _with_underscore(word: str) -> str:
    """A kind may be written supervised-cases as well as supervised_cases."""
    return word.replace("-", "_")


def add(groups: Groups) -> None:
    parser = groups.add_parser("register", description="导入、导出名录。")
    kinds = parser.groups()
    take = kinds.add_parser("import", description="把一份名册导入名录。")
    take.add_argument(
        "kind",
        metavar="种类",
        type=_with_underscore,
        choices=[kind.value for kind in LAYOUTS],
        help="、".join(f"{kind.value} {kind.label}" for kind in LAYOUTS),
    )
    take.add_argument("file", metavar="文件", type=Path, help="名册：xlsx 或 csv")
    take.add_argument("--dry-run", action="store_true", help="只报告，不写入")
    take.add_argument(
        "--mapping",
        type=Path,
        metavar="文件",
        help='列对应关系的 JSON 文件：{"原表头": "本系统的列"}',
    )
    take.add_argument("--strict", action="store_true", help="有一行不对就整份不导入")
    add_bureau(take, writes=True)
    add_json(take)
    take.set_defaults(run=run_import)
    give = kinds.add_parser("export", description="把名录导出为 xlsx，再导入不会有任何变化。")
    give.add_argument(
        "kind",
        metavar="种类",
        choices=[kind.value for kind in export.KINDS],
        help="、".join(f"{kind.value} {kind.label}" for kind in export.KINDS),
    )
    give.add_argument("file", metavar="文件", type=Path, help="写到哪个 xlsx 文件")
    add_bureau(give, writes=True)
    add_json(give)
    give.set_defaults(run=run_export)
    outline = kinds.add_parser("area", description="用一份 GeoJSON 更换本机构的区域轮廓。")
    outline.add_argument("file", metavar="文件", type=Path, help="GeoJSON 文件")
    outline.add_argument(
        "--source", required=True, metavar="来源", help="由哪个单位提供，是哪一年的边界"
    )
    add_bureau(outline, writes=True)
    add_json(outline)
    outline.set_defaults(run=run_area)


def run_area(args: argparse.Namespace) -> int:
    by, at = acting(args)
    try:
        content = args.file.read_bytes()
    except OSError as error:
        raise Refused(f"文件 {args.file} 读不出来，请核对路径和权限。") from error
    points = actions.set_area(content, args.source, on=clock.day_of(at), by=by, at=at)
    answer(args, {"points": points}, [f"已更换区域轮廓，共 {points} 个点，今天起使用。"])
    return DONE


def run_import(args: argparse.Namespace) -> int:
    by, at = acting(args)
    try:
        args.file.open("rb").close()
    except OSError as error:
        raise Refused(f"文件 {args.file} 读不出来，请核对路径和权限。") from error
    report = actions.import_file(
        ImportKind(args.kind),
        args.file,
        args.file.name,
        mapping=_mapping(args.mapping),
        on=clock.day_of(at),
        is_dry_run=args.dry_run,
        is_strict=args.strict,
        by=by,
        at=at,
    )
    if args.json:
        for piece in report.document():
            sys.stdout.write(piece)
        print()
    else:
        _tell(report)
    return NO if args.strict and report.rejected else DONE


def _tell(report: ImportReport) -> None:
    """Counts, how often each kind of problem occurs, then every problem and every warning."""
    counts = "，".join(f"{outcome.label} {n}" for outcome, n in sorted(report.outcomes.items()))
    print(f"共 {report.rows} 行：{counts}。")
    for kind in report.problems.kinds() if len(report.problems) > AT_HAND else ():
        print(f"{kind.count} 处，{kind.column or '整行'}，例如：{kind.says}")
    for problem in report.problems:
        print(problem.says)
    for warning in report.warnings:
        print(f"提示：{warning.says}")


def _mapping(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Refused(f"对应关系文件 {path} 读不出来，应为 UTF-8 编码的 JSON。") from error
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise Refused(f'对应关系文件 {path} 应写成 {{"原表头": "本系统的列"}} 的样子。')
    return found


def run_export(args: argparse.Namespace) -> int:
    by, at = acting(args)
    content, rows = actions.export_register(
        ImportKind(args.kind), on=clock.day_of(at), by=by, at=at
    )
    args.file.write_bytes(content)
    answer(args, {"rows": rows, "file": str(args.file)}, [f"已导出 {rows} 行到 {args.file}。"])
    return DONE
