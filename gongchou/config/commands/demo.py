"""The demonstration: database, job runner and web server in one go."""

import argparse
import os
import signal
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command

from gongchou.config import demo_bureau, demo_clues, demo_monitors, demo_watch, demo_year, schema
from gongchou.config.commands.serve import serve
from gongchou.config.console import DONE, Groups
from gongchou.core.refusals import Refused
from gongchou.web import clock

SECONDS_TO_STOP = 10
COMMAND = (sys.executable, "-m", "gongchou.config.cli")


def add(groups: Groups) -> None:
    parser = groups.add_parser("demo", description="启动演示环境，数据均为虚构，只供体验。")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="地址", help="监听地址，缺省 127.0.0.1"
    )
    parser.add_argument(
        "--port", type=int, default=8000, metavar="端口", help="监听端口，缺省 8000"
    )
    parser.add_argument("--prepare", action="store_true", help="只备好演示数据，不启动")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if not settings.DEMO:
        raise Refused("这里不是演示环境。请设 GONGCHOU_DEMO=true，并另用一个 GONGCHOU_VAR 文件夹。")
    call_command("migrate", verbosity=0, interactive=False)
    if not demo_bureau.is_there():
        (_prepare if args.prepare else _prepare_apart)()
    if args.prepare:
        return DONE
    print(f"演示角色一点即入：http://{args.host}:{args.port}/demo/", flush=True)
    schema.let_go()
    runner = _start_runner()
    try:
        serve(args.host, args.port, workers=2)
    finally:
        _end(runner)
    return DONE


def _prepare() -> None:
    at = demo_bureau.opening(clock.day_of(clock.now()))
    print("首次启动：正在把三个季度从头办一遍，约需一两分钟……", flush=True)
    demo_year.build(at)
    demo_monitors.set_up(at, settings.ENVIRONMENT.var)
    demo_clues.set_up(at)
    demo_watch.set_up(at, settings.ENVIRONMENT.var)
    clock.move_demo_clock(at)


def _prepare_apart() -> None:
    """In another process: typesetting keeps threads, which the server's workers, being forks of
    this one, would lack and wait for without end."""
    schema.let_go()
    subprocess.run([*COMMAND, "demo", "--prepare"], check=True)


def _start_runner() -> subprocess.Popen[bytes]:
    """In a group of its own, so that Ctrl+C reaches it once, through us; it ends where we end."""
    words = [*COMMAND, "worker", "--with-parent"]
    return subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True)


def _end(runner: subprocess.Popen[bytes]) -> None:
    """Its input closes, which is its sign to stop; what does not stop in time is stopped."""
    if runner.stdin:
        runner.stdin.close()
    try:
        runner.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(runner.pid, signal.SIGKILL)
        runner.wait()
