"""The `gongchou` command: finds the group, prepares what it needs, runs it.

A group is a module of `gongchou.config.commands` with `add(groups)`, which puts its parser in and
sets `run`. Only the group that was asked for is imported, so that what needs no database starts
without Django.
"""

import argparse
import importlib
import json
import os
import sys
from dataclasses import dataclass
from typing import Literal

from gongchou.config.console import DONE, NO, WRONG_USE, Parser
from gongchou.core.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`process` says which Django it runs in: none, that of a command, or that of the server."""

    name: str
    module: str
    says: str
    process: Literal["", "command", "web"] = "command"


GROUPS = (
    Group(name="serve", module="serve", says="启动网页服务", process="web"),
    Group(name="worker", module="worker", says="启动后台任务"),
    Group(name="migrate", module="migrate", says="把数据库升级到本版本"),
    Group(name="doctor", module="doctor", says="检查运行环境，逐项给出结论和办法", process=""),
    Group(name="secret", module="secret", says="生成一个签名密钥", process=""),
    Group(
        name="policy",
        module="policy",
        says="列出、查看、核对实施方案，计算应抽家数",
        process="",
    ),
    Group(name="deadlines", module="deadlines", says="计算一个季度的三个期限", process=""),
    Group(name="calendar", module="calendar", says="查看、核对、录入工作日历"),
    Group(name="check-code", module="check_code", says="核对信用代码或固定污染源编码", process=""),
    Group(name="bureau", module="bureau", says="建立机构和科室"),
    Group(name="user", module="user", says="新建用户，授予角色"),
    Group(name="token", module="token", says="新建、作废读取名录的接口令牌"),
    Group(name="register", module="register", says="导入、导出名录"),
    Group(name="classify", module="classify", says="给名录中的每个对象分类，并说明理由"),
    Group(name="plan", module="plan", says="求解季度计划：最少检查家次，或最小冲突和办法"),
    Group(name="draw", module="draw", says="演练抽取，验证抽取记录", process=""),
    Group(name="offsite", module="offsite", says="查看正面清单的非现场检查覆盖"),
    Group(name="hj212", module="hj212", says="读取、接收在线监测数据", process=""),
    Group(name="report", module="report", says="写出统计表、工作总结"),
    Group(name="publish", module="publish", says="把公众门户导出为静态文件夹"),
    Group(name="audit", module="audit", says="核对留痕，写出校验点"),
    Group(name="backup", module="backup", says="备份、核对备份、恢复"),
    Group(name="demo", module="demo", says="启动演示环境"),
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 the answer is no, 2 wrong use."""
    given = sys.argv[1:] if arguments is None else arguments
    group = next((group for group in GROUPS if given and group.name == given[0]), None)
    if group is None:
        return _overview(given)
    if group.process:
        start_django(group.process)
    module = importlib.import_module(f"gongchou.config.commands.{group.module}")
    parser = Parser(prog="gongchou")
    module.add(parser.groups())
    args = parser.parse_args(given)
    try:
        return int(args.run(args))
    except Refused as refusal:
        return _refused(args, refusal)
    except BrokenPipeError:
        # Whoever read us has seen enough; say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        told = _told(error) if "django.db" in sys.modules else None
        if told is None:
            raise
        return _refused(args, told)


def _told(error: Exception) -> Refused | None:
    """An error of the database in words, once Django is there to tell one."""
    found: Refused | None = importlib.import_module("gongchou.config.schema").refusal_of(error)
    return found


def _refused(args: argparse.Namespace, refusal: Refused) -> int:
    if getattr(args, "json", False):
        print(json.dumps({"ok": False, "problem": str(refusal)}, ensure_ascii=False))
    else:
        print(refusal, file=sys.stderr)
    return NO


def _overview(given: list[str]) -> int:
    wants_help = given in ([], ["-h"], ["--help"])
    out = sys.stdout if wants_help else sys.stderr
    if not wants_help:
        print(f"没有“{given[0]}”这个命令。", file=out)
    print("用法：gongchou 命令 [选项]；各命令的说明见 gongchou 命令 --help\n", file=out)
    for group in GROUPS:
        print(f"  {group.name:<12}{group.says}", file=out)
    return DONE if wants_help else WRONG_USE


def start_django(process: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongchou.config.settings")
    os.environ.setdefault("GONGCHOU_PROCESS", process)
    importlib.import_module("django").setup()


if __name__ == "__main__":
    raise SystemExit(main())
