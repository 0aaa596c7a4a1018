"""Draws without a database: rehearse one, verify a public record."""

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gongchou.config import rehearse, rehearse_joint
from gongchou.config.console import DONE, NO, Groups, add_json, answer
from gongchou.core.ballot_record import says_ballot, verify_ballot
from gongchou.core.canon import digest
from gongchou.core.draw import Rate, Selector
from gongchou.core.draw_form import HEX32
from gongchou.core.draw_record import Step, is_valid, verify
from gongchou.core.joint_record import says_joint, verify_joint
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.drawing.ballot_certificate import ballot_certificate
from gongchou.drawing.certificate import TEMPLATE, certificate, made_at
from gongchou.drawing.engines import ENGINES, engine
from gongchou.drawing.engines.manner import Manner
from gongchou.drawing.engines.rows import RowFile
from gongchou.drawing.joint_certificate import joint_certificate
from gongchou.drawing.log_file import checked
from gongchou.law.load import load_profile
from gongchou.web.typesetting import compile_paper

MARKS, LEFT = {True: "通过", False: "不符"}, "未核"
UNANCHORED = (
    "记录自身前后一致，但没有锚定：公告摘要和密封根还没有与公示或签字纸面核对。"
    "请用 --announcement 和 --sealed 给出后再核对一次。"
)
KEPT = re.compile(r"([1-9][0-9]{0,9}):([0-9a-f]{64})")
RATE = re.compile(r"([!-<>-~]+)=([0-9]{1,9})/([1-9][0-9]{0,8})/([0-9]{1,9})")


def add(groups: Groups) -> None:
    parser = groups.add_parser("draw", description="演练抽取，验证公开的抽取记录。")
    kinds = parser.groups()
    check = kinds.add_parser("verify", description="逐步验证一份抽取记录。")
    check.add_argument("record", metavar="记录", type=Path, help="公开的抽取记录（JSON）")
    check.add_argument("--announcement", metavar="摘要", help="公告摘要，取自公示或纸面")
    check.add_argument("--sealed", metavar="摘要", help="密封根，取自公示或纸面")
    check.add_argument("--real", action="store_true", help="演练记录不予通过")
    add_json(check)
    check.set_defaults(run=run_verify)
    _add_log(kinds)
    play = kinds.add_parser("rehearse", description="用两份名册演练一次完整抽取，不用数据库。")
    play.add_argument("--subjects", required=True, type=Path, metavar="文件", help="检查对象名册")
    play.add_argument("--inspectors", required=True, type=Path, metavar="文件", help="人员名册")
    play.add_argument(
        "--policy", default="tangshan_gaoxin_2024", metavar="方案", help="实施方案的编号"
    )
    play.add_argument("--quarter", required=True, metavar="季度", help="如 2026Q1")
    play.add_argument("--out", required=True, type=Path, metavar="文件夹", help="写到哪个文件夹")
    play.add_argument("--ballot", action="store_true", help="按人工摇号演练")
    play.add_argument("--joint", type=Path, metavar="文件", help="按部门联合抽取演练，文件写各部门")
    play.add_argument("--profile", default="sha256", choices=["sha256", "sm3"], help="摘要算法")
    _add_engine(play)
    add_json(play)
    play.set_defaults(run=run_rehearse)
    pick = kinds.add_parser(
        "select", description="按公布的抽取密钥，从编号文件重算各层抽中的编号。"
    )
    pick.add_argument("rows", metavar="文件", type=Path, help="每行：编号、制表符、层")
    pick.add_argument("--key", required=True, metavar="密钥", help="32 位十六进制，由种子算出")
    pick.add_argument("--rate", required=True, action="append", metavar="层=分子/分母/最少",
                      help="如 general=3/100/1，每层写一次")  # fmt: skip
    _add_engine(pick)
    pick.add_argument("--profile", default="sha256", choices=["sha256", "sm3"], help="摘要算法")
    add_json(pick)
    pick.set_defaults(run=run_select)


def _add_log(kinds: Groups) -> None:
    log = kinds.add_parser("log", description="核对抽取日志的文件。").groups()
    check = log.add_parser("verify", description="核对各条、签名树根和留存的树根，不用数据库。")
    check.add_argument("file", metavar="文件", type=Path, help="从“抽取日志”页面下载")
    check.add_argument("--key", metavar="公钥", help="该机构公布的日志公钥")
    check.add_argument("--kept", metavar="条数:树根", help="上次留存的树根")
    add_json(check)
    check.set_defaults(run=run_log)


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", default="python", choices=list(ENGINES), help="用什么算抽签号")
    parser.add_argument("--database", default="", metavar="地址", help="引擎 postgresql 用的数据库")
    parser.add_argument("--memory", default="", metavar="上限", help="引擎 duckdb 最多用的内存")


def _engine(args: argparse.Namespace) -> Selector:
    if args.memory and not re.fullmatch(r"[1-9][0-9]*(MB|GB)", args.memory):
        raise Refused(f"内存上限“{args.memory}”写法不对，请写成 256MB 或 2GB 的样子。")
    asked = Manner(profile=args.profile, database=args.database, memory=args.memory)
    return engine(args.engine, asked)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"文件 {path} 读不出来，请核对路径和权限。") from error


def run_verify(args: argparse.Namespace) -> int:
    content = _read(args.record)
    check = verify_ballot if says_ballot(content) else verify
    if says_joint(content):
        check = verify_joint
    steps = check(content, announcement=args.announcement, sealed=args.sealed, real=args.real)
    is_anchored = bool(args.announcement and args.sealed)
    left = [] if is_anchored else ["锚定"]
    return _judged(args, steps, left, UNANCHORED, {"anchored": is_valid(steps) and is_anchored})


def _judged(
    args: argparse.Namespace,
    steps: Sequence[Step],
    left: Sequence[str],
    bare: str,
    more: Mapping[str, bool],
) -> int:
    """Each step, and the verdict; those named in `left` had nothing to be held against."""
    is_good = is_valid(steps)
    document = {
        "ok": is_good,
        **more,
        "steps": [{"name": s.name, "ok": s.ok, "says": s.says} for s in steps],
    }
    marks = [LEFT if s.ok and s.name.endswith(tuple(left)) else MARKS[s.ok] for s in steps]
    lines = [f"{mark}  {s.name}：{s.says}" for mark, s in zip(marks, steps, strict=True)]
    good = bare if left else "核对通过。"
    answer(args, document, [*lines, good if is_good else "核对不通过，请看“不符”的一步。"])
    return DONE if is_good else NO


def _kept(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    match = KEPT.fullmatch(text)
    if match is None:
        raise Refused("留存的树根写法不对，应为 条数:树根，如 12:加 64 位十六进制。")
    return int(match[1]), match[2]


def run_log(args: argparse.Namespace) -> int:
    found = checked(_read(args.file), key=args.key, kept=_kept(args.kept))
    left = [name for name, given in (("公钥", args.key), ("留存", args.kept)) if given is None]
    return _judged(args, found, left, f"文件自身前后一致，没有核对的有：{'、'.join(left)}。", {})


def _rehearsed(args: argparse.Namespace) -> rehearse.Rehearsal:
    subjects = rehearse.read_subjects(_read(args.subjects), args.subjects.name)
    inspectors = rehearse.read_inspectors(_read(args.inspectors), args.inspectors.name)
    policy, quarter = load_profile(args.policy), Quarter.parse(args.quarter)
    if args.joint is None:
        return rehearse.run(
            subjects,
            inspectors,
            policy,
            quarter,
            profile=args.profile,
            selector=_engine(args),
            by_balls=args.ballot,
        )
    if args.ballot or args.engine != "python":
        raise Refused("部门联合抽取的演练不与 --ballot 同用，也不换引擎。请删去其中一项。")
    return rehearse_joint.run(
        rehearse.snapshot_of(subjects, inspectors, quarter),
        rehearse_joint.read_parts(_text(args.joint)),
        policy,
        quarter,
        profile=args.profile,
        read=lambda name: _read(args.joint.parent / name),
    )


def _text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"文件 {path} 不是 UTF-8 文字，请另存为 UTF-8。") from error


def _certificate(args: argparse.Namespace) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    if args.joint is not None:
        return joint_certificate
    return ballot_certificate if args.ballot else certificate


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise Refused(f"文件夹 {folder} 写不进去，请核对路径、权限和剩余空间。") from error


def run_rehearse(args: argparse.Namespace) -> int:
    found = _rehearsed(args)
    text = json.dumps(found.record, ensure_ascii=False, sort_keys=True, indent=1)
    # The fonts of the package alone: the same inputs give the same bytes on every machine.
    values = _certificate(args)(found.record)
    paper = compile_paper(TEMPLATE, values, at=made_at(found.record))
    files = {"record.json": f"{text}\n".encode(), "list.csv": found.listed}
    _write(args.out, {**files, "certificate.pdf": paper})
    visits, name = len(found.record["visits"]), found.record["announcement"]["draw"]
    document = {
        "draw": name,
        "visits": visits,
        "sealed": found.record["sealed"],
        "record": digest(found.record, args.profile),
    }
    says = f"演练 {name}：抽中 {visits} 家。记录、证书和名单已写入 {args.out}。"
    answer(args, document, [says])
    return DONE


def _rates(texts: list[str]) -> dict[str, Rate]:
    found = {}
    for text in texts:
        match = RATE.fullmatch(text)
        if match is None:
            raise Refused(f"比例“{text}”写法不对，应为 层=分子/分母/最少，如 general=3/100/1。")
        if match[1] in found:
            raise Refused(f"层“{match[1]}”的比例写了两次，每层只写一次。")
        num, den, floor = (int(number) for number in match.groups()[1:])
        found[match[1]] = Rate(num=num, den=den, floor=floor)
    return found


def run_select(args: argparse.Namespace) -> int:
    if not HEX32.fullmatch(args.key):
        raise Refused("密钥应为 32 位小写十六进制，请核对抽取记录。")
    if not args.rows.is_file():
        raise Refused(f"文件 {args.rows} 读不出来，请核对路径和权限。")
    drawn = _engine(args)(RowFile(args.rows), args.key, _rates(args.rate))
    lines = [f"{stratum}\t{pid}" for stratum, pids in drawn.items() for pid in pids]
    answer(args, {"ok": True, "drawn": {s: list(pids) for s, pids in drawn.items()}}, lines)
    return DONE
