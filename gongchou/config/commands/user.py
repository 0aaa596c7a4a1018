"""The first people of an installation; no default password exists."""

import argparse
import getpass
import sys

from gongchou.accounts import actions, reads
from gongchou.config.acting import acting
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.refusals import Refused
from gongchou.core.terms import Role
from gongchou.web import clock


def add(groups: Groups) -> None:
    parser = groups.add_parser("user", description="新建用户，授予角色。")
    kinds = parser.groups()
    create = kinds.add_parser("create", description="新建用户；初始密码从终端或标准输入读入。")
    create.add_argument("login", metavar="登录名", help="如 chen")
    create.add_argument("name", metavar="姓名", help="页面和文书上显示的姓名")
    create.add_argument(
        "--unit", default="", metavar="科室代码", help="bureau unit 建立的代码，如 zd"
    )
    create.add_argument(
        "--role",
        action="append",
        default=[],
        choices=[r.value for r in Role],
        metavar="角色",
        help="可重复：" + "、".join(f"{role.value} {role.label}" for role in Role),
    )
    add_bureau(create, writes=True)
    add_json(create)
    create.set_defaults(run=run_create)


def _password() -> str:
    """Typed twice at a terminal, else one line of standard input; never on the command line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("初始密码：")
    if getpass.getpass("再输入一次：") != first:
        raise Refused("两次输入的密码不一致，请重新运行命令。")
    return first


def run_create(args: argparse.Namespace) -> int:
    by, at = acting(args)
    ref = actions.create_user(
        args.login, args.name, password=_password(), unit=args.unit, by=by, at=at
    )
    for role in args.role:
        actions.grant_role(ref, Role(role), since=clock.day_of(at), by=by, at=at)
    person = reads.person(ref, clock.day_of(at))
    document = {"ref": ref, "login": args.login, "roles": sorted(person.roles)}
    answer(args, document, [f"已新建用户 {args.name}（{person.role_labels}），首次登录须改密码。"])
    return DONE
