"""The demonstration's job runner ends with whoever started it, however that one ends."""

import os
import signal
import subprocess
import sys

import pytest

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
