"""The table of working days from the command line."""

import argparse
from pathlib import Path

from gongchou.config.acting import acting
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.refusals import Refused
from gongchou.law.load import calendar_year
from gongchou.planning import actions, calendar_reads


def add(groups: Groups) -> None:
    kinds = groups.add_parser("calendar", description="工作日历：查看、核对、录入一年。").groups()
    show = kinds.add_parser("show", description="一年的放假日、补班日，与其他来源的差别。")
    show.add_argument("year", type=int, metavar="年份", help="如 2027")
    add_json(show)
    show.set_defaults(run=run_show)
    change = kinds.add_parser("set", description="录入一年，格式与随产品提供的 TOML 相同。")
    change.add_argument("file", type=Path, metavar="文件", help="如 2027.toml")
    change.add_argument("--reason", required=True, metavar="理由", help="为什么改，写入留痕")
    add_bureau(change, writes=True)
    add_json(change)
    change.set_defaults(run=run_set)


def run_show(args: argparse.Namespace) -> int:
    page = calendar_reads.page(args.year)
    found = page.found
    document = {
        "year": found.year,
        "published": found.published,
        "source": found.source,
        "own": page.is_own,
        "days_off": [day.isoformat() for day in found.days_off],
        "makeup": [day.isoformat() for day in found.makeup],
        "against_shipped": list(page.against_shipped),
        "against_package": list(page.against_package),
    }
    lines = [
        f"{found.year} 年{'已公布' if found.published else '暂定'}，{found.source}",
        "放假：" + "、".join(str(day) for day in found.days_off),
        "补班：" + ("、".join(str(day) for day in found.makeup) or "没有"),
        *page.against_shipped,
        *(f"与 holidays 不同：{says}" for says in page.against_package),
    ]
    answer(args, document, lines)
    return DONE


def run_set(args: argparse.Namespace) -> int:
    try:
        text = args.file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"“{args.file}”读不出来，请核对路径，并存成 UTF-8 文本。") from error
    by, at = acting(args)
    found = calendar_year(text, args.file.name)
    changes = actions.set_calendar_year(found, args.reason, by=by, at=at)
    document = {"year": found.year, "changes": list(changes)}
    answer(
        args, document, [f"已录入 {found.year} 年工作日历，共 {len(changes)} 处变动。", *changes]
    )
    return DONE
