import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

from gongchou.config.logs import LineFormatter


@pytest.mark.django_db
def test_the_watchman_is_answered(client):
    answer = client.get(reverse("healthz"))
    assert answer.status_code == 200
    assert answer.json()["ok"]


@pytest.mark.django_db
def test_pages_carry_a_strict_policy(client):
    headers = client.get(reverse("accounts:login")).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def start(command, tmp_path, **changes):
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GONGCHOU_", "DJANGO_"))
    }
    environment = {**clean, "GONGCHOU_VAR": str(tmp_path), **changes}
    words = [sys.executable, "-m", "gongchou.config.cli", command]
    return subprocess.run(
        words, env=environment, check=False, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_without_a_key(tmp_path, command):
    done = start(command, tmp_path)
    assert done.returncode == 2
    assert "GONGCHOU_SECRET_KEY" in done.stderr


def test_a_server_does_not_start_on_an_old_database(tmp_path):
    done = start("serve", tmp_path, GONGCHOU_SECRET_KEY="s" * 40)
    assert done.returncode == 1
    assert "gongchou migrate" in done.stderr


def test_a_demonstration_does_not_start_where_real_data_may_be(tmp_path):
    done = start("demo", tmp_path, GONGCHOU_SECRET_KEY="s" * 40)
    assert done.returncode == 1
    assert "不是演示环境" in done.stderr


def test_a_log_entry_is_one_line_and_keeps_no_values():
    try:
        raise ValueError("phone 13800000000")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "一\n二", (), sys.exc_info())
    line = LineFormatter().format(record)
    assert "\n" not in line
    assert "13800000000" not in line
    assert json.loads(line)["exception"] == "ValueError"


def test_the_runner_gives_up_before_the_work_is_given_to_another():
    assert settings.Q_CLUSTER["timeout"] < settings.Q_CLUSTER["retry"]
