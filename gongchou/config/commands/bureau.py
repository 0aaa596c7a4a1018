"""Bodies and their sections, for the first installation."""

import argparse
import getpass

from gongchou.accounts import actions, reads
from gongchou.config.acting import acting
from gongchou.config.console import DONE, Groups, add_bureau, add_json, answer
from gongchou.core.powers import console
from gongchou.core.terms import BureauLevel
from gongchou.web import clock


def add(groups: Groups) -> None:
    parser = groups.add_parser("bureau", description="建立机构和科室，查看已有机构。")
    kinds = parser.groups()
    create = kinds.add_parser("create", description="新建机构。")
    create.add_argument("code", metavar="代码", help="如 990173")
    create.add_argument("name", metavar="名称", help="全称，如 某市生态环境局某区分局")
    create.add_argument(
        "--level",
        default="district",
        choices=[level.value for level in BureauLevel],
        metavar="层级",
        help="缺省 district：" + "、".join(f"{one.value} {one.label}" for one in BureauLevel),
    )
    create.add_argument("--partner", action="store_true", help="这是配合部门")
    add_json(create)
    create.set_defaults(run=run_create)
    unit = kinds.add_parser("unit", description="新建科室。")
    unit.add_argument("code", metavar="代码", help="如 dq")
    unit.add_argument("name", metavar="名称", help="如 大气科")
    add_bureau(unit, writes=True)
    add_json(unit)
    unit.set_defaults(run=run_unit)
    above = kinds.add_parser("superior", description="指定本机构的上级机关，由它见证抽取日志。")
    above.add_argument("code", metavar="代码", help="上级机关的代码，须先建立")
    add_bureau(above, writes=True)
    add_json(above)
    above.set_defaults(run=run_superior)
    listing = kinds.add_parser("list", description="列出机构。")
    add_json(listing)
    listing.set_defaults(run=run_list)


def run_create(args: argparse.Namespace) -> int:
    by = console(args.code, getpass.getuser())
    level = BureauLevel(args.level)
    actions.create_bureau(
        args.code, args.name, level=level, is_partner=args.partner, by=by, at=clock.now()
    )
    answer(args, {"code": args.code}, [f"已建立机构 {args.name}（{args.code}）。"])
    return DONE


def run_unit(args: argparse.Namespace) -> int:
    by, at = acting(args)
    actions.create_unit(by.bureau, args.code, args.name, by=by, at=at)
    answer(args, {"code": args.code}, [f"已建立科室 {args.name}（{args.code}）。"])
    return DONE


def run_superior(args: argparse.Namespace) -> int:
    by, at = acting(args)
    actions.set_superior(by.bureau, args.code, by=by, at=at)
    name = reads.bureau(args.code).name
    document = {"bureau": by.bureau, "superior": args.code}
    answer(args, document, [f"已指定 {name}（{args.code}）为 {by.bureau} 的上级机关。"])
    return DONE


def run_list(args: argparse.Namespace) -> int:
    rows = reads.bureaus()
    document = [{"code": row.code, "name": row.name, "partner": row.is_partner} for row in rows]
    lines = [f"{row.code}  {row.name}" for row in rows] or ["还没有机构，请先 bureau create。"]
    answer(args, {"bureaus": document}, lines)
    return DONE
