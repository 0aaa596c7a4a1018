"""Look at the whole installation; each line is ok, warn or fail, and says the mend."""

import argparse
import importlib
import os

from gongchou.config.checkup_basics import FAIL, Finding, basic_findings
from gongchou.config.console import DONE, NO, Groups, add_json, answer
from gongchou.config.environment import WrongSettings, load

WORDS = {"ok": "正常", "warn": "注意", "fail": "有误"}


def add(groups: Groups) -> None:
    parser = groups.add_parser("doctor", description="检查运行环境，逐项给出结论和办法。")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    findings = _findings()
    is_well = all(finding.state != FAIL for finding in findings)
    document = {"ok": is_well, "checks": [finding.as_json() for finding in findings]}
    answer(args, document, [_line(finding) for finding in findings])
    return DONE if is_well else NO


def _findings() -> list[Finding]:
    try:
        environment = load()
    except WrongSettings as wrong:
        return [
            Finding(name="设置", state=FAIL, says="有设置不对。", mend=says) for says in wrong.says
        ]
    found = basic_findings(environment)
    # Django cannot start on wrong settings, so it is started only now.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongchou.config.settings")
    importlib.import_module("django").setup()
    checkup = importlib.import_module("gongchou.config.checkup_database")
    return [*found, *checkup.database_findings()]


def _line(finding: Finding) -> str:
    mend = f" 办法：{finding.mend}" if finding.mend else ""
    return f"［{WORDS[finding.state]}］{finding.name}：{finding.says}{mend}"
