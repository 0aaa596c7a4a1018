"""Class, stratum and reasons of every subject of the register."""

import argparse
from datetime import date

from gongchou.config.acting import bureau_of
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.classify import Classification, ClassRow, classify
from gongchou.core.roster import Subject
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from gongchou.registry import reads
from gongchou.registry.policy import profile_of
from gongchou.web import clock


def add(groups: Groups) -> None:
    parser = groups.add_parser("classify", description="按实施方案给检查对象分类，逐个说明理由。")
    parser.add_argument("--quarter", required=True, metavar="季度", help="如 2026Q1")
    parser.add_argument("--on", default="", metavar="日期", help="以哪一日的名录为准，缺省今天")
    parser.add_argument("--policy", default="", metavar="方案", help="缺省为本机构现行方案")
    add_bureau(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    on = date.fromisoformat(args.on) if args.on else clock.day_of(clock.now())
    bureau = bureau_of(args)
    snapshot = reads.snapshot(bureau, on)
    profile = load_profile(args.policy) if args.policy else profile_of(bureau, on)
    found = classify(snapshot, profile, Quarter.parse(args.quarter))
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    counts = found.base_counts()
    lines = [f"{stratum.label}：{counts[stratum]} 家" for stratum in Stratum]
    lines += [_line(row, subjects[row.ref]) for row in found.rows]
    answer(args, document(found, subjects), lines)
    return DONE


def _line(row: ClassRow, subject: Subject) -> str:
    reason = row.reasons[0]
    out = f"；不计入基数：{row.out_reason}" if row.out_reason else ""
    return f"{subject.name}：{row.stratum.label}，{reason.clause.number} {reason.evidence}{out}"


def document(found: Classification, subjects: dict[str, Subject]) -> dict[str, object]:
    return {
        "snapshot": found.made_from,
        "counts": {stratum.value: n for stratum, n in found.base_counts().items()},
        "subjects": [
            {
                "ref": row.ref,
                "site_code": subjects[row.ref].site_code,
                "name": subjects[row.ref].name,
                "subject_class": row.subject_class.value,
                "stratum": row.stratum.value,
                "out_reason": row.out_reason,
                "reasons": [
                    {
                        "clause": reason.clause.number,
                        "says": reason.clause.says,
                        "evidence": reason.evidence,
                    }
                    for reason in row.reasons
                ],
            }
            for row in found.rows
        ],
    }
