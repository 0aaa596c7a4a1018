"""The core runs on a bare interpreter: an auditor needs nothing installed to check a decision."""

import subprocess
import sys

from .sources import ROOT, files

BARE = (sys.executable, "-I", "-S", "-B", "-c")


def modules() -> list[str]:
    paths = [path.relative_to(ROOT).with_suffix("") for path in files("core/*.py", "law/*.py")]
    return [".".join(path.parts).removesuffix(".__init__") for path in paths]


def test_every_module_of_core_and_law_imports_without_any_package():
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {', '.join(modules())}"
    run = subprocess.run([*BARE, program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_bare_interpreter_has_no_framework():
    run = subprocess.run([*BARE, "import django"], capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError" in run.stderr
