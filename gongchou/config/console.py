"""How commands speak: Chinese by default, one JSON document with `--json`, three exit statuses."""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import Any, NoReturn, TypeVar
from unicodedata import east_asian_width

DONE, NO, WRONG_USE = 0, 1, 2
SECONDS_BEFORE_PROGRESS = 2
HELP_COLUMN = 26
Item = TypeVar("Item")
Groups = Any  # argparse keeps the type of its sub-parsers to itself

# What argparse says, and how we say it.
MESSAGES = (
    (r"the following arguments are required: (.*)", r"缺少 \1。"),
    (r"unrecognized arguments: (.*)", r"不认识 \1。"),
    (r"argument (.*): expected one argument", r"\1 后面缺少值。"),
    (r"argument (.*): expected at least one argument", r"\1 后面至少要有一个值。"),
    (r"argument (.*): invalid choice: (\S+) \(choose from (.*)\)", r"\1 不能是 \2，请用 \3。"),
    (r"argument (.*): invalid .* value: (.*)", r"\1 的值 \2 不对。"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 与 \2 不能同时用。"),
    (r"one of the arguments (.*) is required", r"请在 \1 中选一个。"),
    (r"argument (.*?): (.*)", r"\1：\2"),
)


class Formatter(argparse.HelpFormatter):
    """Help under Chinese headings; a Han character takes two columns."""

    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None) -> str:
        return super()._format_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def _format_action(self, action: argparse.Action) -> str:
        if action.nargs == argparse.PARSER:
            return "".join(
                self._format_action(each) for each in self._iter_indented_subactions(action)
            )
        head = "  " + self._format_action_invocation(action)
        says = self._expand_help(action) if action.help else ""
        gap = HELP_COLUMN - columns(head)
        if gap < 2 and says:
            return f"{head}\n{' ' * HELP_COLUMN}{says}\n"
        return f"{head}{' ' * gap}{says}".rstrip() + "\n"

    def format_help(self) -> str:
        return re.sub(r"(?m)^(参数|选项|命令):$", r"\1：", super().format_help())


class Commands(argparse._SubParsersAction):
    """The commands below a command: what one does is also its line in the help of the one above."""

    def add_parser(self, name: str, **options: Any) -> Any:
        says = options["description"].split("；")[0].rstrip("。")
        return super().add_parser(name, **options, help=says)


def columns(text: str) -> int:
    """How wide a terminal shows it."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


class Parser(argparse.ArgumentParser):
    """A parser that explains itself in Chinese and ends with status 2 on wrong use."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=Formatter, add_help=False, allow_abbrev=False)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def groups(self) -> Groups:
        return self.add_subparsers(title="命令", metavar="命令", required=True, action=Commands)

    def error(self, message: str) -> NoReturn:
        for pattern, ours in MESSAGES:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, ours, message)
                break
        print(f"用法不对：{message}说明见 {self.prog} --help。", file=sys.stderr)
        raise SystemExit(WRONG_USE)


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="只输出一个 JSON 文档")


def add_bureau(parser: argparse.ArgumentParser, *, writes: bool = False) -> None:
    """Options of a command on one bureau's data."""
    parser.add_argument("--bureau", default="", metavar="代码", help="机构代码；只有一个机构时可省")
    if writes:
        parser.add_argument("--by", default="", metavar="登录名", help="以谁的名义；缺省为命令行")


def answer(args: argparse.Namespace, document: object, lines: Iterable[str]) -> None:
    """Print the answer the way it was asked for."""
    if args.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        print(*lines, sep="\n")


def progress(items: Iterable[Item], label: str) -> Iterator[Item]:
    """The items; when it takes long and a person watches, a line on standard error that counts."""
    total = f"／{len(items)}" if isinstance(items, Sized) else ""
    begun, is_shown = time.monotonic(), False
    for count, item in enumerate(items, 1):
        yield item
        if sys.stderr.isatty() and time.monotonic() - begun > SECONDS_BEFORE_PROGRESS:
            is_shown = True
            print(f"\r{label} {count}{total}", end="", file=sys.stderr, flush=True)
    if is_shown:
        print(file=sys.stderr)
