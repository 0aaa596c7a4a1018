"""The public portal as a folder of files, and rows in the shape of other platforms."""

import argparse
from pathlib import Path

from gongchou.config.acting import bureau_of
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.shapes import Row
from gongchou.core.workdays import Quarter
from gongchou.portal.export import export
from gongchou.publication import outward, shapes_read
from gongchou.web import clock


def add(groups: Groups) -> None:
    parser = groups.add_parser("publish", description="导出公众门户。")
    kinds = parser.groups()
    whole = kinds.add_parser(
        "export", description="把公众门户导出为一个文件夹，可放到任何网站，也可离线打开。"
    )
    whole.add_argument("--out", type=Path, required=True, metavar="文件夹", help="写到哪个文件夹")
    add_json(whole)
    whole.set_defaults(run=run_export)
    shape = kinds.add_parser(
        "shape", description="按其他平台的列名和代码写出：national 抽查结果，permit 许可平台填报。"
    )
    shape.add_argument(
        "name",
        choices=sorted(shapes_read.FIELDS),
        metavar="平台",
        help="national 国家平台，permit 排污许可平台",
    )
    shape.add_argument("quarter", metavar="季度", help="如 2026Q1")
    shape.add_argument("--map", type=Path, metavar="文件", help="本单位自己的对应关系（TOML）")
    shape.add_argument("--out", type=Path, required=True, metavar="文件", help="写到哪个文件")
    add_bureau(shape)
    add_json(shape)
    shape.set_defaults(run=run_shape)


def run_export(args: argparse.Namespace) -> int:
    found = export(args.out, at=clock.now())
    document = {"pages": found.pages, "files": found.files, "bytes": found.size}
    answer(
        args,
        {"ok": True, **document},
        [f"已导出 {found.pages} 页、{found.files} 个文件到 {args.out}，从 index.html 打开。"],
    )
    return DONE


def run_shape(args: argparse.Namespace) -> int:
    quarter, shape = Quarter.parse(args.quarter), shapes_read.shape(args.name, args.map)
    rows = _rows(args.name, bureau_of(args), str(quarter))
    is_book = args.out.suffix == ".xlsx"
    content = (shapes_read.as_xlsx if is_book else shapes_read.as_csv)(shape, rows)
    args.out.write_bytes(content)
    answer(args, {"ok": True, "rows": len(rows)}, [f"已写出 {len(rows)} 行到 {args.out}。"])
    return DONE


def _rows(name: str, bureau: str, quarter: str) -> list[Row]:
    today = clock.day_of(clock.now())
    if name == "national":
        return outward.national_rows(bureau, quarter, today)
    return [row.row for row in outward.permit_rows(bureau, quarter, today)]
