"""Backups at the command line: make one, read it back, restore it into an empty place."""

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from gongchou.config.backup import archive
from gongchou.config.backup.last import note_backup
from gongchou.config.console import DONE, Groups, add_json, answer
from gongchou.core.refusals import Refused

KEY_VARIABLE = "GONGCHOU_BACKUP_KEY"
SHORTEST = 12


def add(groups: Groups) -> None:
    parser = groups.add_parser(
        "backup",
        description=f"备份、核对备份、恢复。口令从终端输入，或由环境变量 {KEY_VARIABLE} 给出。",
    )
    kinds = parser.groups()
    make = kinds.add_parser("create", description="把数据库和证据写成一个加密文件，并读回核对。")
    make.add_argument("file", type=Path, metavar="文件", help="写到哪个文件")
    make.add_argument(
        "--portable", action="store_true", help="逐行写出，可恢复到另一种数据库；期间暂停写入"
    )
    add_json(make)
    make.set_defaults(run=run_create)
    check = kinds.add_parser("verify", description="完整读一遍备份，核对每个文件、数据库和留痕。")
    check.add_argument("file", type=Path, metavar="文件", help="要核对的备份")
    add_json(check)
    check.set_defaults(run=run_verify)
    put = kinds.add_parser("restore", description="核对之后恢复到空的数据文件夹或空库。")
    put.add_argument("file", type=Path, metavar="文件", help="要恢复的备份")
    put.add_argument("--replace", action="store_true", help="替换现有数据，原数据改名保留")
    add_json(put)
    put.set_defaults(run=run_restore)


def run_create(args: argparse.Namespace) -> int:
    passphrase, at = _passphrase(is_new=True), datetime.now(UTC)
    archive.create(args.file, passphrase, at=at, is_portable=args.portable)
    made = archive.verify(args.file, passphrase)
    note_backup(settings.ENVIRONMENT.var, args.file.resolve(), at)
    size = args.file.stat().st_size
    lines = [
        f"已备份到 {args.file}，{size / 2**20:.1f} MB，并已读回核对。",
        *_lines(made),
        "请把文件存到另一台机器或移动硬盘，口令另外保管：口令丢失，备份打不开。",
    ]
    answer(args, {"ok": True, "file": str(args.file), "bytes": size, **_document(made)}, lines)
    return DONE


def run_verify(args: argparse.Namespace) -> int:
    made = archive.verify(args.file, _passphrase())
    lines = [f"备份完好，写于 {made.created}，程序版本 {made.product}。", *_lines(made)]
    answer(args, {"ok": True, "file": str(args.file), **_document(made)}, lines)
    return DONE


def run_restore(args: argparse.Namespace) -> int:
    at = datetime.now(UTC)
    made = archive.restore(args.file, _passphrase(), at=at, replace=args.replace)
    lines = [
        f"已恢复到 {made.created} 的状态。",
        *_lines(made),
        "请运行 gongchou migrate 和 gongchou doctor，再启动服务；备份之后办理的事项须补办。",
    ]
    answer(args, {"ok": True, "file": str(args.file), **_document(made)}, lines)
    return DONE


def _passphrase(*, is_new: bool = False) -> str:
    """From the environment, or typed; a new one is typed twice."""
    given = os.environ.get(KEY_VARIABLE, "")
    if not given and not sys.stdin.isatty():
        raise Refused(f"没有备份口令。请在终端运行，或用环境变量 {KEY_VARIABLE} 给出。")
    found = given or getpass.getpass("备份口令：")
    if is_new and len(found) < SHORTEST:
        raise Refused(f"备份口令太短，请用不少于 {SHORTEST} 个字符。")
    if is_new and not given and getpass.getpass("再输一遍：") != found:
        raise Refused("两遍口令不一致，没有备份。")
    return found


def _document(made: archive.Manifest) -> dict[str, Any]:
    plain = made.plain()
    return {
        **{name: plain[name] for name in ("created", "product", "engine", "tables", "chains")},
        "evidence": made.evidence_count,
    }


def _lines(made: archive.Manifest) -> list[str]:
    tables = sum(1 for count in made.holds.counts.values() if count)
    return [
        f"数据 {made.row_count} 行（{tables} 张表有内容），证据 {made.evidence_count} 件。",
        *(
            f"机构 {bureau} 留痕 {size} 条，末条摘要 {digest}。"
            for bureau, (size, digest) in made.holds.heads.items()
        ),
    ]
