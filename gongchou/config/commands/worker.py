"""The job runner: queued work and schedules."""

import argparse
import os
import signal
import sys
import threading
import time

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from gongchou.config import schema
from gongchou.config.console import DONE, WRONG_USE, Groups
from gongchou.config.safety import dangers
from gongchou.core.refusals import Refused
from gongchou.jobs.schedules import keep_schedules

SECONDS_BETWEEN_TRIES = 2


def add(groups: Groups) -> None:
    parser = groups.add_parser("worker", description="启动后台任务：排队的工作和定时的工作。")
    parser.add_argument(
        "--wait", type=int, default=60, metavar="秒", help="最多等数据库多少秒，缺省 60"
    )
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if found := dangers(settings.ENVIRONMENT):
        print(*found, sep="\n", file=sys.stderr)
        return WRONG_USE
    if args.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    _wait_for_database(args.wait)
    keep_schedules()
    schema.let_go()
    print("后台任务已启动。", flush=True)
    call_command("qcluster", verbosity=0)
    return DONE


def _end_with_parent() -> None:
    """The parent holds the other end of our input: it closes however the parent ends."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _wait_for_database(seconds: int) -> None:
    """The runner hangs where the database is not there at its start, so it is waited for."""
    end = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
            schema.check_migrated()
            return
        except (DatabaseError, Refused) as problem:
            if time.monotonic() > end:
                if isinstance(problem, Refused):
                    raise
                raise Refused(
                    f"等了 {seconds} 秒，数据库仍连接不上。"
                    "请检查数据库服务和 GONGCHOU_DATABASE_URL。"
                ) from problem
            time.sleep(SECONDS_BETWEEN_TRIES)
