"""The event log checked entry by entry, against checkpoints from outside where there are any."""

import argparse
import getpass
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from gongchou.audit import actions, reads, seal_reads, sealing
from gongchou.config import checkpoints
from gongchou.config.acting import bureau_of
from gongchou.config.console import DONE, NO, Groups, add_bureau, add_json, answer
from gongchou.core.chain import Checkpoint
from gongchou.core.plain import to_plain
from gongchou.core.powers import console
from gongchou.core.refusals import Refused
from gongchou.web import clock


def add(groups: Groups) -> None:
    parser = groups.add_parser("audit", description="核对留痕。")
    kinds = parser.groups()
    check = kinds.add_parser("verify", description="逐条核对链式留痕，指出第一条不符的记录。")
    check.add_argument(
        "--checkpoint", type=Path, metavar="文件",
        help="以前抄录到系统之外的校验点，也可以是存放校验点的文件夹",
    )  # fmt: skip
    check.add_argument(
        "--minutes", type=int, default=5, metavar="分钟",
        help="一条的时间比前一条早过这么多分钟时警告，缺省 5",
    )  # fmt: skip
    add_bureau(check)
    add_json(check)
    check.set_defaults(run=run_verify)
    head = kinds.add_parser(
        "checkpoint", description="封存新增的行，写出当前校验点，请保存到系统之外。"
    )
    head.add_argument("file", type=Path, metavar="文件", help="写到哪个文件，最好在另一台机器上")
    add_bureau(head)
    add_json(head)
    head.set_defaults(run=run_checkpoint)


def run_verify(args: argparse.Namespace) -> int:
    bureau = bureau_of(args)
    outside: list[Checkpoint] = list(_outside(args.checkpoint, bureau)) if args.checkpoint else []
    head, back = reads.head(bureau), reads.steps_back_of(bureau, most=_minutes(args))
    document: dict[str, Any] = {
        "ok": True,
        "size": head.size if head else 0,
        "digest": head.digest if head else "",
        "warnings": [row.says for row in back],
    }
    checkpoints: list[Checkpoint | None] = [*outside] or [None]
    for checkpoint in checkpoints:
        if broken := reads.first_break_of(bureau, checkpoint):
            return _no(args, document | {"seq": broken.seq}, broken.says)
    if row := seal_reads.first_difference(bureau):
        place = f"表 {row.table}" + (f" 第 {row.key} 行" if row.key else "")
        return _no(args, document | {"table": row.table, "row": row.key}, f"{place}：{row.says}。")
    against = f"，与 {len(outside)} 个校验点相符"
    if not outside:
        against = "，没有外部校验点时发现不了整条重写"
    says = f"共 {document['size']} 条，逐条相符{against}。封存过的数据表各行未变。"
    answer(args, document, [says, *document["warnings"]])
    return DONE


def _minutes(args: argparse.Namespace) -> timedelta:
    return timedelta(minutes=args.minutes)


def _no(args: argparse.Namespace, document: dict[str, Any], says: str) -> int:
    answer(args, {**document, "ok": False, "problem": says}, [says, *document["warnings"]])
    return NO


def _outside(path: Path, bureau: str) -> Iterator[Checkpoint]:
    """The checkpoint of a file, or those of the bureau in a folder."""
    files = checkpoints.kept(path, bureau) if path.is_dir() else [path]
    if not files:
        raise Refused(f"文件夹 {path} 里没有机构 {bureau} 的校验点，请核对路径。")
    for file in files:
        found = checkpoints.read(file)
        if found.bureau != bureau:
            raise Refused(f"校验点属于机构 {found.bureau}，不是 {bureau}，请核对文件。")
        yield found


def run_checkpoint(args: argparse.Namespace) -> int:
    bureau, at = bureau_of(args), clock.now()
    by = console(bureau, getpass.getuser())
    for table in sealing.guarded():
        actions.seal_rows(table, by=by, at=at)
    actions.record_seals(by=by, at=at)
    head = reads.head(bureau)
    if head is None:
        raise Refused("还没有任何留痕，没有可写的校验点。")
    checkpoints.write(args.file, head)
    answer(args, to_plain(head), [f"第 {head.size} 条，摘要 {head.digest}，已写入 {args.file}。"])
    return DONE
