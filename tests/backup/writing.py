"""Somebody who keeps writing: appends to the log of a bureau until told to stop."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SCRIPT = """
import django; django.setup()
from gongchou.audit.actions import append
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import console
from gongchou.web.clock import now
print("writing", flush=True)
while True:
    append(EventKind.FACT_RECORDED, about="load", by=console("990173", "load"), at=now())
"""


@contextmanager
def under_load(environment: dict[str, str]) -> Iterator[None]:
    writer = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        env={**environment, "DJANGO_SETTINGS_MODULE": "gongchou.config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout
        assert writer.stdout.readline() == "writing\n"
        yield
        assert writer.poll() is None, "the writer gave up"
    finally:
        writer.kill()
        writer.wait()
