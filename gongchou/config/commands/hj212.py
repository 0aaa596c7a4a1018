"""Bytes of automatic monitors at the command line: read, or received and kept."""

import argparse
import importlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from gongchou.config.console import DONE, NO, Groups, add_json, answer
from gongchou.core.hj212.framing import Accepted, DeviceProfile, Framed, Framer, dialect_of
from gongchou.core.hj212.words import Dialect
from gongchou.core.refusals import Refused
from gongchou.offsite.hj212.cipher import KEY_BYTES, decrypt
from gongchou.offsite.hj212.limits import Limits

CHUNK = 1 << 16


def add(groups: Groups) -> None:
    parser = groups.add_parser("hj212", description="在线监测数据（HJ 212）。")
    kinds = parser.groups()
    parse = kinds.add_parser("parse", description="逐包读取一份数据，每包输出一个 JSON 对象。")
    parse.add_argument("file", nargs="?", type=Path, metavar="文件", help="缺省为标准输入")
    parse.add_argument("--key", action="append", default=[], metavar="密钥", help="32 位十六进制")
    parse.add_argument(
        "--allow",
        action="append",
        default=[],
        choices=[dialect.value for dialect in Dialect],
        help="允许的设备写法：" + "，".join(f"{d.value} {d.label}" for d in Dialect),
    )
    add_json(parse)
    parse.set_defaults(run=run_parse)
    serve = kinds.add_parser("serve", description="接收在线监测数据，存妥以后才应答。")
    serve.add_argument("--host", default="0.0.0.0", metavar="地址", help="缺省为全部地址")
    serve.add_argument("--port", type=int, default=7212, metavar="端口", help="缺省 7212")
    serve.add_argument(
        "--connections", type=int, default=4000, metavar="数", help="最多同时连接多少台"
    )
    serve.add_argument(
        "--an-address", type=int, default=256, metavar="数", help="同一地址最多连接多少台"
    )
    serve.add_argument(
        "--receiver",
        type=int,
        default=0,
        metavar="序号",
        help="几个接收进程合用一个端口时，各写一个不同的序号（1、2……）；只在 PostgreSQL 上用",
    )
    serve.set_defaults(run=run_serve)
    export = kinds.add_parser("export", description="把一个月的读数写成 Parquet 文件。")
    export.add_argument("--month", required=True, metavar="月份", help="如 2026-04")
    export.add_argument("--out", required=True, type=Path, metavar="文件", help="写到哪个文件")
    add_json(export)
    export.set_defaults(run=run_export)


def run_serve(args: argparse.Namespace) -> int:
    """Only the receiver needs Django: reading a file does not."""
    importlib.import_module("gongchou.config.cli").start_django("command")
    limits = Limits(connections=args.connections, connections_an_address=args.an_address)
    listening = importlib.import_module("gongchou.config.listening")
    listening.listen(args.host, args.port, limits, receiver=args.receiver)
    return DONE


def run_parse(args: argparse.Namespace) -> int:
    profile = DeviceProfile(
        dialects=frozenset(map(Dialect, args.allow)), keys=tuple(map(_key, args.key))
    )
    framer = Framer(lambda mn: profile, decrypt)
    is_good = True
    with _opened(args.file) as stream:
        for found in _all_of(framer, iter(lambda: stream.read(CHUNK), b"")):
            is_good = is_good and isinstance(found, Accepted)
            print(json.dumps(document_of(found), ensure_ascii=False))
    return DONE if is_good else NO


def run_export(args: argparse.Namespace) -> int:
    importlib.import_module("gongchou.config.cli").start_django("command")
    exported = importlib.import_module("gongchou.config.listening").export
    count = exported(args.month, args.out)
    answer(
        args, {"month": args.month, "values": count}, [f"已写出 {args.month} 的 {count} 个数值。"]
    )
    return DONE


def _opened(path: Path | None) -> BinaryIO:
    if path is None:
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except OSError as problem:
        raise Refused(f"打不开 {path}：{problem.strerror}。请核对文件名和权限。") from None


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Refused("密钥应为 32 位十六进制数字，例如 30 重复 16 次。")
    return key


def _all_of(framer: Framer, chunks: Iterable[bytes]) -> Iterator[Framed]:
    for chunk in chunks:
        yield from framer.feed(chunk)
    yield from framer.close()


def document_of(found: Framed) -> dict[str, object]:
    """What is said of one frame; values stay as they were sent."""
    if not isinstance(found, Accepted):
        return {
            "ok": False,
            "reason": found.fault.value,
            "says": f"{found.fault.label}，已隔离。",
            "mn": found.mn,
            "readable_as": dialect_of(found.raw),
            "raw": found.raw.decode("utf-8", "backslashreplace"),
        }
    packet = found.packet
    return {
        "ok": True,
        "version": packet.version.value,
        "mn": packet.mn,
        "st": packet.st,
        "cn": packet.cn,
        "qn": packet.qn,
        "datetime": packet.time,
        "wants_answer": packet.wants_answer,
        "resent": packet.is_resent,
        "deviations": sorted(packet.deviations),
        "rows": [
            {"factor": row.factor, "field": name, "value": value, "flag": row.flag}
            for row in packet.rows
            for name, value in row.fields
        ],
        "words": dict(packet.words),
    }
