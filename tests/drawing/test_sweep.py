"""Nothing that the system keeps or shows tells the drawn from the others before their release.

The registers name every enterprise, so a name alone betrays nobody. What would is a name that
stands more often than that of anybody who was not drawn: each place is weighed by that.
"""

import io
import logging
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test import Client

from gongchou.accounts.models import User
from gongchou.config.backup import archive, portable
from gongchou.config.logs import LineFormatter
from gongchou.core.powers import system
from gongchou.drawing import actions, log_reads, models, pages, papers
from gongchou.drawing.frozen import thawed
from gongchou.portal.export import export
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.drawing.test_secrecy import ROSTER, opened

Words = dict[str, tuple[bytes, ...]]


def words_of(draw: models.Draw) -> tuple[Words, set[str]]:
    """For each enterprise of the roster everything that means it, and the ids of the drawn."""
    frozen = thawed(bytes(draw.frozen_body))
    known = {
        pid: tuple(
            word.encode() for word in (pid, k.record["ref"], k.record["name"], k.record["uscc"])
        )
        for pid, k in frozen.subjects.items()
    }
    return known, {visit.pid for visit in opened(draw)}


def leaks(place: str, content: bytes, known: Words, drawn: set[str]) -> list[str]:
    """What stands oftener of a drawn one than of any other."""
    found = []
    for kind in range(4):
        counts = {pid: content.count(words[kind]) for pid, words in known.items()}
        most = max(n for pid, n in counts.items() if pid not in drawn)
        found += [f"{place}: {known[pid][kind].decode()}" for pid in drawn if counts[pid] > most]
    return found


def database() -> Iterable[tuple[str, bytes]]:
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            for column in (f.column for f in model._meta.concrete_fields):
                if (table, column) in ROSTER:
                    continue
                cursor.execute(f'SELECT "{column}" FROM "{table}"')
                values = [value for (value,) in cursor.fetchall()]
                yield f"{table}.{column}", b"\n".join(map(plain, values))


def plain(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def files(folder: Path) -> Iterable[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


def text_of_pdf(content: bytes, folder: Path) -> bytes:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True)
    return re.sub(rb"\s", b"", done.stdout)


class Heard(logging.Handler):
    """Everything that anybody says at DEBUG, as the log file would have it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.out = io.StringIO()
        self.setFormatter(LineFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.out.write(self.format(record) + "\n")


@pytest.fixture
def heard():
    root, held = logging.getLogger(), Heard()
    names = ["", *logging.root.manager.loggerDict]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.addHandler(held)
    yield held
    root.removeHandler(held)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def house(transactional_db, heard, tmp_path, settings):
    """A sealed draw, with everything written to a folder of its own."""
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir()
    ref = ceremony.sealed_draw(ceremony.prepared())
    actions.sign_log(by=system(BUREAU), at=AT)
    return models.Draw.objects.get(ref=ref)


def browser_of(login: str) -> Client:
    browser = Client(raise_request_exception=False)
    User.objects.filter(login=login).update(must_change_password=False)
    backend = "django.contrib.auth.backends.ModelBackend"
    browser.force_login(User.objects.get(login=login), backend=backend)
    return browser


def error_pages(draw: models.Draw, monkeypatch) -> Iterable[tuple[str, bytes]]:
    """The page of an error that was raised with the names in its hands."""
    names = [k.record["name"] for k in thawed(bytes(draw.frozen_body)).subjects.values()]
    drawn = [names[0], *(visit.pid for visit in opened(draw))]

    def broken(*args, **kwargs):
        raise RuntimeError(f"list {drawn}")

    with monkeypatch.context() as patch:
        patch.setattr(pages, "draw", broken)
        answer = browser_of("chen").get(f"/draw/{draw.ref}/")
    assert answer.status_code == 500
    yield "error page", answer.content


def exports(draw: models.Draw, folder: Path) -> Iterable[tuple[str, bytes]]:
    yield "draw log", log_reads.as_file(BUREAU)
    export(folder / "site", at=AT)
    yield from files(folder / "site")
    for one, hindrance in papers.available(draw.ref, bureau=BUREAU):
        if not hindrance:
            _, pdf = papers.paper(one.name, draw.ref, bureau=BUREAU, at=AT)
            yield f"paper {one.name}", text_of_pdf(pdf, folder)
    for path in ("/register/export/subjects/", f"/draw/{draw.ref}/record.json"):
        answer = browser_of("chen").get(path)
        yield path, answer.getvalue() if answer.streaming else answer.content


def kept(draw: models.Draw, folder: Path) -> Iterable[tuple[str, bytes]]:
    portable.dump(folder / "dump.jsonl")
    yield "dump", (folder / "dump.jsonl").read_bytes()
    archive.create(folder / "one.backup", "演示备份口令-只供测试", at=AT, is_portable=True)
    yield "backup", (folder / "one.backup").read_bytes()
    for name in caches:
        yield f"cache {name}", repr(vars(caches[name])).encode()


def test_no_place_tells_the_drawn_from_the_others(house, heard, tmp_path, monkeypatch, settings):
    known, drawn = words_of(house)
    assert 0 < len(drawn) < len(known)
    places = [
        *database(),
        *error_pages(house, monkeypatch),
        *exports(house, tmp_path),
        *kept(house, tmp_path),
        *files(settings.VAR),
    ]
    said = heard.out.getvalue()
    assert len(said.splitlines()) > 3
    places.append(("log", said.encode()))
    found = [leak for place, content in places for leak in leaks(place, content, known, drawn)]
    assert found == []
    assert len(places) > 200


def test_one_name_of_the_list_in_any_of_them_would_be_found(house, heard, tmp_path, monkeypatch):
    """The control: the same search, with one drawn enterprise let out at each kind of place."""
    known, drawn = words_of(house)
    one = min(drawn)
    logging.getLogger("gongchou.drawing").debug("drawn %s", one)
    assert leaks("log", heard.out.getvalue().encode(), known, drawn)
    models.Draw.objects.filter(pk=house.pk).update(no_team="", void_reason="", typed=one)
    assert any(leaks(place, content, known, drawn) for place, content in database())
    assert any(leaks(place, content, known, drawn) for place, content in kept(house, tmp_path))
    assert leaks("page", b"x" + known[one][2], known, drawn)
