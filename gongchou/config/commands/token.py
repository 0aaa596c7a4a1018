"""Tokens of programs that read the registers."""

import argparse
from datetime import date

from gongchou.accounts import actions, tokens
from gongchou.config.acting import acting, bureau_of
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.powers import TOKEN_POWERS, Power
from gongchou.web import clock

CHOICES = [power.value for power in Power if power in TOKEN_POWERS]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("日期请写成 2026-01-05 的样子。") from None


def add(groups: Groups) -> None:
    parser = groups.add_parser("token", description="新建、列出、作废其他系统读取名录用的令牌。")
    kinds = parser.groups()
    create = kinds.add_parser("create", description="新建系统令牌；令牌只显示这一次。")
    create.add_argument("name", metavar="用途", help="给哪个系统用，如 市局数据平台")
    create.add_argument("--power", action="append", required=True, choices=CHOICES, help="可重复")
    create.add_argument("--until", required=True, type=_day, metavar="到期日", help="最长一年")
    create.set_defaults(run=run_create)
    listing = kinds.add_parser("list", description="列出本机构的令牌。")
    listing.set_defaults(run=run_list)
    revoke = kinds.add_parser("revoke", description="作废一个令牌。")
    revoke.add_argument("ref", metavar="编号", help="token list 列出的编号")
    revoke.set_defaults(run=run_revoke)
    for one in (create, listing, revoke):
        add_bureau(one, writes=one is not listing)
        add_json(one)


def run_create(args: argparse.Namespace) -> int:
    by, at = acting(args)
    powers = frozenset(Power(value) for value in args.power)
    secret = actions.create_token(args.name, powers, until=args.until, is_own=False, by=by, at=at)
    answer(args, {"token": secret}, [secret])
    return DONE


def run_list(args: argparse.Namespace) -> int:
    rows = tokens.tokens(bureau_of(args), clock.day_of(clock.now()))
    document = [
        {
            "ref": row.ref,
            "name": row.name,
            "owner": row.owner,
            "powers": row.powers,
            "until": row.until.isoformat(),
            "is_open": row.is_open,
        }
        for row in rows
    ]
    states = {True: "有效", False: "失效"}
    lines = [
        f"{row.ref}  {row.name}  {row.owner or '系统'}  至 {row.until}  {states[row.is_open]}"
        for row in rows
    ]
    answer(args, {"tokens": document}, lines or ["还没有令牌。"])
    return DONE


def run_revoke(args: argparse.Namespace) -> int:
    by, at = acting(args)
    actions.revoke_token(args.ref, by=by, at=at)
    answer(args, {"revoked": args.ref}, [f"已作废 {args.ref}。"])
    return DONE
