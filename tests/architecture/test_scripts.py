"""Scripts of the pages import in one direction too: no file reaches itself through another."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from .sources import ROOT

SOURCE = ROOT / "frontend" / "src"
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


def imports(folder: Path) -> dict[Path, set[Path]]:
    """Each script and those of the folder that it names."""
    return {
        path: {(path.parent / name).resolve() for name in IMPORTED.findall(path.read_text("utf-8"))}
        for path in folder.resolve().rglob("*.js")
    }


def test_no_script_imports_itself_by_a_roundabout_way():
    found = imports(SOURCE)
    assert any(found.values())
    TopologicalSorter(found).prepare()


def test_a_circle_of_three_is_seen(tmp_path):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.js").write_text(f'import {{ x }} from "./{other}.js";', "utf-8")
    with pytest.raises(CycleError):
        TopologicalSorter(imports(tmp_path)).prepare()
