"""For which bureau a command acts, and in whose name."""

import argparse
import getpass
from datetime import datetime

from gongchou.accounts import reads
from gongchou.config import schema
from gongchou.core.powers import Actor, console
from gongchou.web import clock


def bureau_of(args: argparse.Namespace) -> str:
    """The bureau named, or the only one there is; Refused on tables of another version."""
    schema.check_migrated()
    return reads.bureau(args.bureau).code if args.bureau else reads.sole_bureau()


def acting(args: argparse.Namespace) -> tuple[Actor, datetime]:
    """The actor of a writing command and its instant; without --by it is the command line."""
    at, bureau = clock.now(), bureau_of(args)
    if args.by:
        return reads.actor_of(reads.ref_of(args.by), clock.day_of(at)), at
    return console(bureau, getpass.getuser()), at
