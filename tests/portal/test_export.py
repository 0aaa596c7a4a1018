"""The portal as a folder: the same words, browsable without any server."""

import hashlib
import json
import re
from html import unescape
from pathlib import Path

import pytest

from gongchou.config.cli import main
from gongchou.core.refusals import Refused
from gongchou.portal.export import export
from gongchou.publication import actions
from gongchou.web import clock, gate_keys
from tests.conftest import AT
from tests.portal.conftest import LEAKS

VERIFIERS = Path(__file__).parents[2] / "verifier"
LINK = re.compile(r'(?:href|src)="([^"]*)"')


def words(page: str) -> str:
    """What a page says, without its markup and its way of searching."""
    body = re.sub(r"(?s)<(form|script|nav).*?</\1>|<p class=\"open-note\">.*?</p>", "", page)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def folder(portal, tmp_path) -> Path:
    export(tmp_path / "open", at=AT)
    return tmp_path / "open"


def test_each_page_says_what_the_portal_says(client, portal, folder):
    paths = ["", "results/", f"results/{portal}/2/", f"documents/{portal}/"]
    paths += [f"{name}/" for name in ("plans", "items", "draws", "statistics", "changes", "data")]
    for path in paths:
        served = client.get(f"/open/{path}").content.decode()
        assert words((folder / path / "index.html").read_text("utf-8")) == words(served)
    served = client.get(f"/open/documents/{portal}/document.json").content
    assert (folder / f"documents/{portal}/document.json").read_bytes() == served


def test_the_copy_says_on_each_page_how_to_find_an_enterprise_without_a_search(folder):
    home, results = ((folder / at / "index.html").read_text("utf-8") for at in ("", "results"))
    assert '请打开<a href="results/index.html">全部检查结果</a>' in home
    assert "请打开" not in results  # the reader is there already
    assert 'href="../data/results.csv">下载全部结果（csv）</a>，在表格里查找企业名称' in results


def test_every_link_leads_to_a_file_of_the_folder(folder):
    for page in [p for p in folder.rglob("*.html") if "static" not in p.parts]:
        for link in LINK.findall(page.read_text("utf-8")):
            target = unescape(link).split("#")[0]
            assert not target or (page.parent / target).is_file(), (page, link)


def test_the_folder_holds_style_but_no_script_and_no_personal_data(folder):
    assert (folder / "static/dist/app.css").is_file()
    ours = [page for page in folder.rglob("*.*") if "static" not in page.parts]
    pages = [page.read_text("utf-8") for page in ours]
    assert (folder / "static/dist/verify.html").is_file()
    assert (folder / "static/dist/gate.html").is_file()
    for program in VERIFIERS.glob("verify_*.py"):
        assert (folder / "static/dist" / program.name).read_bytes() == program.read_bytes()
    own = f'name="gate-key" content="{gate_keys.public_key()}"'
    assert own in (folder / "static/dist/gate.html").read_text("utf-8")
    assert f"gate.html#key={gate_keys.public_key()}" in (folder / "about/index.html").read_text()
    assert not [page for page in pages if "<script" in page]
    assert not [leak for leak in LEAKS for page in pages if leak in page]


def test_the_manifest_names_each_file_with_its_digest(folder):
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(files) == there - {"manifest.json"}
    for name, digest in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_a_renewed_export_loses_what_was_withdrawn(folder, portal, gong):
    assert (folder / f"documents/{portal}/document.json").exists()
    actions.withdraw(portal, "批次有误", by=gong, at=AT)
    export(folder, at=AT)
    assert not (folder / f"documents/{portal}/document.json").exists()
    assert "批次有误" in (folder / f"documents/{portal}/index.html").read_text("utf-8")


def test_a_folder_with_other_files_is_left_alone(portal, tmp_path):
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(Refused, match="换一个空文件夹"):
        export(tmp_path, at=AT)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_the_command_exports_and_says_how_much(portal, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    assert main(["publish", "export", "--out", str(tmp_path / "o"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert found["pages"] == len(list((tmp_path / "o").rglob("*.html")))
