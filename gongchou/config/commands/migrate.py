"""Bring the database up to this version."""

import argparse

from django.core.management import call_command

from gongchou.config.console import DONE, NO, Groups, add_json, answer
from gongchou.config.schema import missing_migrations


def add(groups: Groups) -> None:
    parser = groups.add_parser("migrate", description="把数据库升级到本版本；升级前请先备份。")
    parser.add_argument("--check", action="store_true", help="只看还缺什么，有缺则退出码为 1")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    missing = missing_migrations()
    document = {"missing": missing, "applied": [] if args.check else missing}
    if args.check:
        answer(
            args,
            document,
            [f"还缺 {len(missing)} 项：{'、'.join(missing)}" if missing else "无缺。"],
        )
        return NO if missing else DONE
    call_command("migrate", verbosity=0, interactive=False)
    answer(args, document, [f"已升级 {len(missing)} 项。" if missing else "数据库已是本版本。"])
    return DONE
