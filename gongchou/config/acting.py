"""Who acts, and on which bureau, when a command is run."""

import argparse
import getpass

from gongchou.accounts import reads
from gongchou.core.powers import Actor, console
from gongchou.web import clock


def bureau(args: argparse.Namespace) -> str:
    """The bureau that was named, else the only one there is."""
    return reads.bureau(args.bureau).code if args.bureau else reads.sole_bureau()


def actor(args: argparse.Namespace) -> Actor:
    """The person named by `--by`, else the command line under the operating system's user name."""
    if args.by:
        return reads.actor_of(reads.ref_of(args.by), clock.day_of(clock.now()))
    return console(bureau(args), getpass.getuser())
