"""The processes of the demonstration: who makes its data, and how its job runner ends."""

import os
import signal
import subprocess
import sys

import pytest

from gongchou.config.cli import main
from gongchou.config.commands import demo

PARENT = """
import signal, subprocess, sys
# A shell that starts its jobs behind itself has them ignore the interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
words = [sys.executable, "-c", "import threading, django\\n"
    "django.setup()\\n"
    "from gongchou.config.commands import worker\\n"
    "threading.Thread(target=worker._end_with_parent, daemon=True).start()\\n"
    "print('up', flush=True)\\nthreading.Event().wait()"]
child = subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
child.wait()
"""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_runner_ends_when_its_parent_is_gone(sign, tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "GONGCHOU_VAR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdout.readline().strip().isdecimal()
    assert parent.stdout.readline() == "up\n"
    parent.send_signal(sign)
    # The pipe closes only once the child, which inherited it, is gone too.
    assert parent.communicate(timeout=60)[0] == ""


def test_the_papers_of_the_year_are_not_set_in_the_process_that_forks(db, monkeypatch):
    """A fork of a process that has set a paper never finishes one of its own."""
    done: list[object] = []
    monkeypatch.setattr(demo.subprocess, "run", lambda words, **_: done.append(words[-2:]))
    monkeypatch.setattr(demo.schema, "let_go", lambda: None)
    monkeypatch.setattr(demo.demo_year, "build", lambda at: done.append("built here"))
    monkeypatch.setattr(demo, "_start_runner", lambda: None)
    monkeypatch.setattr(demo, "_end", lambda runner: None)
    monkeypatch.setattr(demo, "serve", lambda *_, **__: done.append("served"))
    assert main(["demo", "--port", "1"]) == 0
    assert done == [["demo", "--prepare"], "served"]
