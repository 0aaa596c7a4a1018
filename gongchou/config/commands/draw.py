"""Draws without a database: rehearse one, verify a public record."""

import argparse
import json
from pathlib import Path

from gongchou.config import rehearse
from gongchou.config.console import DONE, NO, Groups, add_json, answer
from gongchou.core.canon import digest
from gongchou.core.draw_record import is_valid, verify
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.drawing.certificate import TEMPLATE, certificate, made_at
from gongchou.law.load import load_profile
from gongchou.web.typesetting import compile_paper


def add(groups: Groups) -> None:
    parser = groups.add_parser("draw", description="演练抽取，验证公开的抽取记录。")
    kinds = parser.groups()
    check = kinds.add_parser("verify", description="逐步验证一份抽取记录。")
    check.add_argument("record", metavar="记录", type=Path)
    check.add_argument("--announcement", metavar="摘要", help="公告摘要，取自公示或纸面")
    check.add_argument("--sealed", metavar="摘要", help="密封根，取自公示或纸面")
    check.add_argument("--real", action="store_true", help="演练记录不予通过")
    add_json(check)
    check.set_defaults(run=run_verify)
    play = kinds.add_parser("rehearse", description="用两份名册演练一次完整抽取，不用数据库。")
    play.add_argument("--subjects", required=True, type=Path, metavar="文件", help="检查对象名册")
    play.add_argument("--inspectors", required=True, type=Path, metavar="文件", help="人员名册")
    play.add_argument("--policy", default="tangshan_gaoxin_2024", metavar="方案")
    play.add_argument("--quarter", required=True, metavar="季度", help="如 2026Q1")
    play.add_argument("--out", required=True, type=Path, metavar="文件夹")
    play.add_argument("--profile", default="sha256", choices=["sha256", "sm3"], help="摘要算法")
    add_json(play)
    play.set_defaults(run=run_rehearse)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"文件 {path} 读不出来，请核对路径和权限。") from error


def run_verify(args: argparse.Namespace) -> int:
    steps = verify(
        _read(args.record), announcement=args.announcement, sealed=args.sealed, real=args.real
    )
    document = {
        "ok": is_valid(steps),
        "steps": [{"name": s.name, "ok": s.ok, "says": s.says} for s in steps],
    }
    marks = {True: "通过", False: "不符"}
    answer(args, document, [f"{marks[s.ok]}  {s.name}：{s.says}" for s in steps])
    return DONE if document["ok"] else NO


def run_rehearse(args: argparse.Namespace) -> int:
    found = rehearse.run(
        rehearse.read_subjects(_read(args.subjects), args.subjects.name),
        rehearse.read_inspectors(_read(args.inspectors), args.inspectors.name),
        load_profile(args.policy),
        Quarter.parse(args.quarter),
        profile=args.profile,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found.record, ensure_ascii=False, sort_keys=True, indent=1)
    (args.out / "record.json").write_text(text + "\n", "utf-8")
    (args.out / "list.csv").write_bytes(found.listed)
    # The fonts of the package alone: the same inputs give the same bytes on every machine.
    paper = compile_paper(TEMPLATE, certificate(found.record), at=made_at(found.record))
    (args.out / "certificate.pdf").write_bytes(paper)
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
