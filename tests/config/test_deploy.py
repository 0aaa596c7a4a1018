import re
from pathlib import Path

from gongchou.config.cli import GROUPS
from gongchou.config.environment import Environment

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_sample_names_only_settings_that_exist_and_all_an_operator_may_need():
    named = set(re.findall(r"^#?GONGCHOU_(\w+)=", (DEPLOY / "env.example").read_text(), re.M))
    known = {name.upper() for name in Environment.model_fields}
    assert named <= known
    assert known - named == {"DEMO", "DEBUG", "STORAGE_URL"}


def test_the_services_run_commands_that_exist():
    units = [path.read_text() for path in (DEPLOY / "systemd").glob("*.service")]
    commands = {re.search(r"bin/gongchou (\S+)", unit)[1] for unit in units}
    assert commands == {"serve", "worker", "hj212"}
    assert commands <= {group.name for group in GROUPS}
