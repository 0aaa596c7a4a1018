"""The event log checked entry by entry, against a checkpoint from outside where there is one."""

import argparse
import json
from datetime import timedelta
from pathlib import Path

from gongchou.audit import reads
from gongchou.config.acting import bureau_of
from gongchou.config.console import DONE, NO, Groups, add_bureau, add_json, answer
from gongchou.core.canon import parse
from gongchou.core.chain import Checkpoint
from gongchou.core.plain import from_plain, to_plain
from gongchou.core.refusals import Refused


def add(groups: Groups) -> None:
    parser = groups.add_parser("audit", description="核对留痕。")
    kinds = parser.groups()
    check = kinds.add_parser("verify", description="逐条核对链式留痕，指出第一条不符的记录。")
    check.add_argument("--checkpoint", type=Path, metavar="文件", help="以前抄录到系统之外的校验点")
    check.add_argument(
        "--minutes", type=int, default=5, metavar="分钟",
        help="一条的时间比前一条早过这么多分钟时警告，缺省 5",
    )  # fmt: skip
    add_bureau(check)
    add_json(check)
    check.set_defaults(run=run_verify)
    head = kinds.add_parser("checkpoint", description="写出当前校验点，请保存到系统之外。")
    head.add_argument("file", type=Path, metavar="文件")
    add_bureau(head)
    add_json(head)
    head.set_defaults(run=run_checkpoint)


def run_verify(args: argparse.Namespace) -> int:
    bureau = bureau_of(args)
    outside = _read(args.checkpoint) if args.checkpoint else None
    if outside and outside.bureau != bureau:
        raise Refused(f"校验点属于机构 {outside.bureau}，不是 {bureau}，请核对文件。")
    broken, head = reads.first_break_of(bureau, outside), reads.head(bureau)
    size = head.size if head else 0
    back = [row.says for row in reads.steps_back_of(bureau, most=timedelta(minutes=args.minutes))]
    document = {"ok": broken is None, "size": size, "digest": head.digest if head else ""}
    document["warnings"] = back
    if broken:
        answer(args, {**document, "seq": broken.seq, "problem": broken.says}, [broken.says, *back])
        return NO
    against = "，与校验点相符" if outside else "，没有外部校验点时发现不了整条重写"
    answer(args, document, [f"共 {size} 条，逐条相符{against}。", *back])
    return DONE


def _read(path: Path) -> Checkpoint:
    try:
        return from_plain(Checkpoint, parse(path.read_bytes()))
    except OSError as error:
        raise Refused(f"校验点文件 {path} 读不出来，请核对路径和权限。") from error


def run_checkpoint(args: argparse.Namespace) -> int:
    head = reads.head(bureau_of(args))
    if head is None:
        raise Refused("还没有任何留痕，没有可写的校验点。")
    args.file.write_text(json.dumps(to_plain(head)) + "\n", "utf-8")
    answer(args, to_plain(head), [f"第 {head.size} 条，摘要 {head.digest}，已写入 {args.file}。"])
    return DONE
