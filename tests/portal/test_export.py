"""The portal as a folder: the same words, browsable without any server."""

import csv
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
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
SCRIPT = re.compile(r'<script(?: src="([^"]*)")?')


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


def test_the_copy_is_searched_from_home_and_results_in_both_sizes_of_text(folder):
    for page, action in (
        ("index.html", "search/index.html"),
        ("elder.html", "search/elder.html"),
        ("results/index.html", "../search/index.html"),
        ("search/index.html", "index.html"),
    ):
        assert f'method="get" action="{action}"' in (folder / page).read_text("utf-8"), page


def test_the_index_holds_each_public_result_and_leads_to_its_page(folder, portal):
    script = (folder / "search.js").read_text("utf-8")
    told = json.loads(script.removeprefix("var GONGCHOU_RESULTS = ").rstrip(";\n"))
    with (folder / "data/results.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(told["rows"]) == len(list(csv.reader(file))) - 1 > 1
    plain = (folder / "search/index.html").read_text("utf-8")
    for row in told["rows"]:
        assert row["subject"] in (folder / row["page"]).read_text("utf-8")
        assert f'<a href="../{row["page"]}">{row["subject"]}</a>' in plain


def test_a_withdrawn_result_leaves_the_index_and_the_plain_list(folder, portal, gong):
    kept, gone = "张****店", "演示铸造第002厂"
    places = [folder / "search.js", folder / "search/index.html", folder / "search/elder.html"]
    assert all(gone in place.read_text("utf-8") for place in places)
    actions.withdraw_result(portal, 2, "决定已撤销", by=gong, at=AT)
    export(folder, at=AT)
    assert not any(gone in place.read_text("utf-8") for place in places)
    assert all(kept in place.read_text("utf-8") for place in places)


def test_the_search_of_the_copy_is_not_served(client, portal):
    assert client.get("/open/search/").headers["Location"] == "/open/results/"
    assert client.get("/open/search.js").status_code == 404


def test_every_link_leads_to_a_file_of_the_folder(folder):
    for page in [p for p in folder.rglob("*.html") if "static" not in p.parts]:
        for link in LINK.findall(page.read_text("utf-8")):
            target = unescape(link).split("#")[0]
            assert not target or (page.parent / target).is_file(), (page, link)


def test_the_folder_holds_no_script_but_its_search_and_no_personal_data(folder):
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
    scripted = [page for page in pages if "<script" in page]
    assert len(scripted) == 2  # the search in both sizes of text
    for page in scripted:
        assert SCRIPT.findall(page) == ["../search.js", "../static/dist/open-search.js"]
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


def test_nothing_is_exported_where_the_public_door_is_shut(db, tmp_path, settings):
    settings.ROOT_URLCONF = "gongchou.accounts.urls"
    with pytest.raises(Refused, match="公众门户没有开启"):
        export(tmp_path / "open", at=AT)
    assert not (tmp_path / "open").exists()


def test_the_command_exports_and_says_how_much(portal, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    assert main(["publish", "export", "--out", str(tmp_path / "o"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert found["pages"] == len(list((tmp_path / "o").rglob("*.html")))
