"""The production web server."""

import argparse
import sys

from django.conf import settings
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from gongchou.config import schema
from gongchou.config.console import DONE, WRONG_USE, Groups
from gongchou.config.safety import dangers

BLOCKING_THREADS = 4


def add(groups: Groups) -> None:
    parser = groups.add_parser("serve", description="启动网页服务；设置不安全时不启动并说明原因。")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="地址", help="监听地址，缺省 127.0.0.1"
    )
    parser.add_argument(
        "--port", type=int, default=8000, metavar="端口", help="监听端口，缺省 8000"
    )
    parser.add_argument("--workers", type=int, default=2, metavar="个数", help="工作进程数，缺省 2")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if found := dangers(settings.ENVIRONMENT):
        print(*found, sep="\n", file=sys.stderr)
        return WRONG_USE
    schema.check_migrated()
    schema.let_go()
    serve(args.host, args.port, args.workers)
    return DONE


def serve(host: str, port: int, workers: int) -> None:
    """Run until told to stop."""
    environment = settings.ENVIRONMENT
    scheme = "https" if environment.tls_certificate else "http"
    print(f"公抽已启动：{scheme}://{host}:{port}/", flush=True)
    Server(
        "gongchou.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        ssl_cert=environment.tls_certificate,
        ssl_key=environment.tls_key,
        log_level=LogLevels.warning,
    ).serve()
