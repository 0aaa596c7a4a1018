"""A signing key for the environment file."""

import argparse
import secrets

from gongchou.config.console import DONE, Groups


def add(groups: Groups) -> None:
    parser = groups.add_parser(
        "secret", description="生成一个可写入 GONGCHOU_SECRET_KEY 的随机串。"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    print(secrets.token_urlsafe(48))
    return DONE
