"""Policies: which there are, what one says, whether a file is sound, and what a quarter owes."""

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from gongchou.config.console import DONE, NO, Groups, add_json, answer
from gongchou.core import plain
from gongchou.core.policy_keys import KEYS
from gongchou.core.quota import PlanStratum, percent, ratio_text, stratum_plan
from gongchou.core.quota_words import quota_text
from gongchou.core.refusals import Invalid, Refused, sentences
from gongchou.core.rules import Clause, Dated, Parameter, PolicyProfile, Quota
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.cases import case_problem
from gongchou.law.load import load_calendar, load_cases, load_profile, profile_ids

Bases = dict[tuple[Stratum, str], int]


def add(groups: Groups) -> None:
    parser = groups.add_parser("policy", description="列出、查看、核对实施方案，计算应抽家数。")
    kinds = parser.groups()
    listing = kinds.add_parser("list", description="列出随产品提供的实施方案。")
    listing.set_defaults(run=run_list)
    show = kinds.add_parser("show", description="逐条显示一份实施方案，每个数字注明条款。")
    show.add_argument("policy", metavar="方案", help="编号，或文件、文件夹的路径")
    show.set_defaults(run=run_show)
    check = kinds.add_parser("validate", description="核对实施方案的写法，并运行它的案例。")
    check.add_argument("policy", metavar="方案", help="编号，或文件、文件夹的路径")
    check.set_defaults(run=run_validate)
    quota = kinds.add_parser("quota", description="按实施方案计算各层应抽家数，不用数据库。")
    quota.add_argument(
        "--policy",
        default="tangshan_gaoxin_2024",
        metavar="方案",
        help="编号，缺省为随产品提供的第一份",
    )
    quota.add_argument(
        "--counts",
        required=True,
        type=_counts,
        metavar="基数",
        help="如 key=40,special=20；层内另有比例的写 层.代号=家数",
    )
    quota.add_argument("--inspectors", type=_whole, metavar="人数", help="按人数计算的方案才需要")
    quota.add_argument("--quarter", type=_quarter, metavar="季度", help="如 2026Q1，缺省为本季度")
    quota.set_defaults(run=run_quota)
    for one in (listing, show, check, quota):
        add_json(one)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise argparse.ArgumentTypeError(f"“{text}”应为不小于 0 的整数。")
    return int(text)


def _counts(text: str) -> Bases:
    """The sizes of the bases, each stratum and each part of one at most once."""
    found: Bases = {}
    for one in text.split(","):
        name, _, count = (word.strip() for word in one.partition("="))
        stratum, _, part = name.partition(".")
        if stratum not in set(Stratum):
            known = "、".join(Stratum)
            raise argparse.ArgumentTypeError(f"没有“{name}”这一层，应为{known}之一。")
        key = (Stratum(stratum), part)
        if key in found:
            raise argparse.ArgumentTypeError(f"“{name}”写了两次，请只写一次。")
        found[key] = _whole(count)
    return found


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except Invalid as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def _today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


def run_list(args: argparse.Namespace) -> int:
    profiles = [load_profile(name) for name in profile_ids()]
    lines = [f"{p.id}：{p.title}（{p.document_number}，自 {p.since} 起）" for p in profiles]
    answer(args, {"policies": [_head(profile) for profile in profiles]}, lines)
    return DONE


def _head(profile: PolicyProfile) -> dict[str, object]:
    return {
        "id": profile.id,
        "title": profile.title,
        "document_number": profile.document_number,
        "since": profile.since.isoformat(),
    }


def run_show(args: argparse.Namespace) -> int:
    profile = load_profile(args.policy)
    document = {
        **_head(profile),
        "class_rules": plain.to_plain(profile.class_rules),
        "quotas": [plain.to_plain(q) | {"ratio": ratio_text(q.ratio)} for q in profile.quotas],
        "shares": [plain.to_plain(s) | {"least": ratio_text(s.least)} for s in profile.shares],
        "settings": [
            plain.to_plain(p) | {"label": KEYS[p.key].label, "value": _json(p.value)}
            for p in profile.parameters
        ],
        "rulings": plain.to_plain(profile.rulings),
    }
    answer(args, document, _lines(profile))
    return DONE


def _json(value: object) -> object:
    return value if isinstance(value, bool) else plain.to_plain(value)


def _lines(profile: PolicyProfile) -> Iterator[str]:
    yield f"{profile.title}（{profile.document_number}）"
    yield "\n分类条件"
    for rule in profile.class_rules:
        yield f"  {rule.stratum.label}：{rule.clause.says}{_basis(rule)}"
    yield "\n抽查比例"
    for quota in profile.quotas:
        yield f"  {quota.stratum.label}{_part(quota.part_name)}：{quota_text(quota)}{_basis(quota)}"
    yield "\n最低份额"
    for share in profile.shares:
        yield f"  {share.clause.says}：{percent(share.least)}{_basis(share)}"
    yield "\n设置"
    for row in profile.parameters:
        yield f"  {KEYS[row.key].label}：{row.clause.says}{_basis(row)}"
        yield f"    {row.key} = {_value_text(row.value)}{_ruled(profile, row)}"
    yield "\n解释口径"
    for ruling in profile.rulings:
        yield f"  {ruling.ref}（{ruling.decided_by}）{ruling.question}：{ruling.reading}"


def _part(name: str) -> str:
    return f"（{name}）" if name else ""


def _basis(row: Dated) -> str:
    until = f"，至 {row.until}" if row.until else ""
    return f"（{_cited(row.clause)}，自 {row.since} 起{until}）"


def _ruled(profile: PolicyProfile, row: Parameter) -> str:
    """Which Ruling stands behind a setting, so that nobody takes a reading for the Plan's text."""
    ruling = profile.ruling(row.key)
    return f"（解释口径 {ruling.ref}，{ruling.decided_by}）" if ruling else ""


def _cited(clause: Clause) -> str:
    return f"{clause.source} {clause.number}"


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return percent(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def run_validate(args: argparse.Namespace) -> int:
    """Exit 1 with every faulty table, each with its line, or where a case is answered otherwise."""
    try:
        profile, cases = load_profile(args.policy), load_cases(args.policy)
    except Refused as refusal:
        faults = sentences(refusal)
        end = f"共 {len(faults)} 处须改正。案例等改正以后再核对。"
        document = {"ok": False, "problem": str(refusal), "problems": list(faults)}
        answer(args, document, [*faults, end])
        return NO
    calendar = load_calendar()
    wrong = [says for case in cases if (says := case_problem(case, profile, calendar))]
    document = {"ok": not wrong, "policy": profile.id, "cases": len(cases), "problems": wrong}
    tables = len(profile.class_rules) + len(profile.quotas) + len(profile.shares)
    tables += len(profile.parameters) + len(profile.rulings)
    end = f"{len(wrong)} 个不符" if wrong else "全部相符"
    tried = f"案例 {len(cases)} 个，{end}。" if cases else "没有附带案例，建议补充界限上下的案例。"
    answer(args, document, [*wrong, f"“{profile.id}”写法正确，共 {tables} 条规定；{tried}"])
    return NO if wrong else DONE


def run_quota(args: argparse.Namespace) -> int:
    profile = load_profile(args.policy)
    quarter = args.quarter or Quarter.of(_today())
    on = quarter.last
    quotas = [q for stratum in profile.precedence(on) for q in profile.quotas_of(stratum, on)]
    _check_parts(args.counts, quotas)
    found = [
        stratum_plan(
            quota,
            base=args.counts[quota.stratum, quota.part],
            quarter=quarter,
            inspectors=args.inspectors,
        )
        for quota in quotas
        if (quota.stratum, quota.part) in args.counts
    ]
    lines = [
        f"{row.stratum.label}{_part(row.part_name)}：{row.why}（{row.clause.number}）"
        for row in found
    ]
    document = {
        "policy": profile.id,
        "quarter": str(quarter),
        "strata": [_stratum(row) for row in found],
    }
    answer(args, document, [f"{quarter.label}，{profile.title}", *lines])
    return DONE


def _check_parts(counts: Bases, quotas: list[Quota]) -> None:
    """Refused where a base is given for a kind of subject that the policy does not know."""
    known = {(quota.stratum, quota.part) for quota in quotas}
    strange = [f"{stratum}.{part}" for stratum, part in counts if (stratum, part) not in known]
    if strange:
        parts = "、".join(f"{q.stratum}.{q.part}" for q in quotas if q.part) or "没有"
        raise Invalid(f"方案里没有“{'、'.join(strange)}”这一类对象，另有比例的：{parts}。")


def _stratum(row: PlanStratum) -> dict[str, object]:
    return {
        "stratum": row.stratum.value,
        "part": row.part,
        "base_count": row.base_count,
        "required_count": row.required_count,
        "ratio": ratio_text(row.ratio),
        "per": row.per,
        "is_offsite": row.is_offsite,
        "clause": row.clause.number,
        "source": row.clause.source,
        "why": row.why,
    }
