"""The public portal as a folder of files."""

import argparse
from pathlib import Path

from gongchou.config.console import DONE, Groups, add_json, answer
from gongchou.portal.export import export
from gongchou.web import clock


def add(groups: Groups) -> None:
    parser = groups.add_parser("publish", description="导出公众门户。")
    kinds = parser.groups()
    whole = kinds.add_parser(
        "export", description="把公众门户导出为一个文件夹，可放到任何网站，也可离线打开。"
    )
    whole.add_argument("--out", type=Path, required=True, metavar="文件夹")
    add_json(whole)
    whole.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    found = export(args.out, at=clock.now())
    document = {"pages": found.pages, "files": found.files, "bytes": found.size}
    answer(
        args,
        {"ok": True, **document},
        [f"已导出 {found.pages} 页、{found.files} 个文件到 {args.out}，从 index.html 打开。"],
    )
    return DONE
