"""Official files of a quarter."""

import argparse
from pathlib import Path

from gongchou.accounts import reads as accounts
from gongchou.config.acting import acting
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.reporting import actions, reads, summary_reads
from gongchou.reporting.summary_papers import summary_pdf, summary_word
from gongchou.reporting.workbook import Sheet, sheet_of, workbook
from gongchou.web.clock import day_of


def add(groups: Groups) -> None:
    parser = groups.add_parser("report", description="写出一个季度的报表。")
    kinds = parser.groups()
    table = kinds.add_parser(
        "statistics", description="写出统计表：有已固定的写现行版本，没有的写当前数字并注明未定稿。"
    )
    table.add_argument("quarter", metavar="季度", help="如 2026Q1")
    table.add_argument("--out", type=Path, required=True, metavar="文件", help="如 统计表.xlsx")
    add_bureau(table, writes=True)
    add_json(table)
    table.set_defaults(run=run_statistics)
    text = kinds.add_parser(
        "summary", description="写出工作总结的现行版本；还没有的先按现有数字起草。"
    )
    text.add_argument("quarter", metavar="季度", help="如 2026Q1")
    text.add_argument(
        "--out", type=Path, required=True, metavar="文件", help="如 工作总结.docx 或 .pdf"
    )
    add_bureau(text, writes=True)
    add_json(text)
    text.set_defaults(run=run_summary)


def run_statistics(args: argparse.Namespace) -> int:
    quarter = Quarter.parse(args.quarter)
    if args.out.suffix.lower() != ".xlsx":
        raise Refused(f"统计表只能写成 .xlsx 文件，{args.out.name} 不是。请改文件名。")
    by, at = acting(args)
    found = reads.current(by.bureau, str(quarter))
    if found is not None:
        actions.export_statistics(found.ref, by=by, at=at)
        sheet, says = sheet_of(found), f"{found.version.label}，第 {found.number} 版"
    else:
        for one in reads.year_until(quarter):
            actions.build_facts(one, by=by, at=at)
        sheet, says = _draft(by.bureau, quarter), "未定稿"
    _write(args.out, workbook(sheet))
    document = {
        "quarter": str(quarter),
        "file": str(args.out),
        "ref": found.ref if found else "",
        "digest": found.digest if found else "",
        "cells": {row.quarter.key: row.quarter.shown for row in sheet.rows},
    }
    answer(args, document, [f"{quarter.label}统计表（{says}）已写入 {args.out}。"])
    return DONE


def _draft(bureau: str, quarter: Quarter) -> Sheet:
    """The numbers of the moment, marked as no official table."""
    held = reads.held(bureau, quarter)
    return Sheet(
        quarter=str(quarter),
        bureau_name=accounts.bureau(bureau).name,
        lines=("未定稿：还没有固定的统计表，以下数字随办结情况变化", f"统计事实摘要 {held.digest}"),
        rows=reads.table(bureau, quarter),
        facts=reads.in_words(bureau, quarter, held.year_facts).lines,
    )


SUMMARY_FORMS = {".pdf": summary_pdf, ".docx": summary_word}


def run_summary(args: argparse.Namespace) -> int:
    quarter, suffix = Quarter.parse(args.quarter), args.out.suffix.lower()
    if suffix not in SUMMARY_FORMS:
        raise Refused(f"工作总结只能写成 .docx 或 .pdf 文件，{args.out.name} 不是。请改文件名。")
    by, at = acting(args)
    if not summary_reads.has_summary(by.bureau, str(quarter)):
        actions.draft_summary(quarter, by=by, at=at)
    ref = summary_reads.versions(by.bureau, str(quarter))[0].ref
    actions.export_summary(ref, suffix[1:], by=by, at=at)
    found = summary_reads.summary(ref, by.bureau, day_of(at))
    _write(args.out, SUMMARY_FORMS[suffix](found)[1])
    document = {
        "quarter": str(quarter),
        "file": str(args.out),
        "ref": ref,
        "digest": found.digest,
        "findings": [one.says for one in found.findings],
    }
    lines = [f"{quarter.label}工作总结（第 {found.number} 版）已写入 {args.out}。"]
    answer(args, document, lines + [one.says for one in found.findings])
    return DONE


def _write(place: Path, content: bytes) -> None:
    try:
        place.write_bytes(content)
    except OSError as error:
        raise Refused(f"写不了文件 {place}，请核对文件夹和权限。") from error
