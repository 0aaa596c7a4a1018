"""The whole portal as a folder of files, for any web server or none: what is served, is written."""

import hashlib
import json
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import NoReverseMatch, resolve, reverse

from gongchou import __version__
from gongchou.core.refusals import Refused
from gongchou.publication import reads
from gongchou.web.clock import day_of
from gongchou.web.verifier import with_own_key

MANIFEST = "manifest.json"
# The name as built, or with the digest that the collected files have in theirs.
GATE = re.compile(r"dist/gate(\.[0-9a-f]+)?\.html")
LINK = re.compile(r'(href|src|action)="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How much was written."""

    pages: int
    files: int
    size: int


def export(out: Path, *, at: datetime) -> Exported:
    """Follow every link of the portal as of an instant and write each page once.

    A folder that holds an earlier export is renewed: what is no longer public goes from it.
    """
    try:
        home = reverse("portal:home")
    except NoReverseMatch as error:
        raise Refused("公众门户没有开启（GONGCHOU_DOORS 中没有 open），无法导出。") from error
    _clear(out)
    bodies = _crawl(home, at)
    for name, body in bodies.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in sorted(bodies.items())}
    document = {"at": at.isoformat(), "stamp": stamp_of(at), "files": digests}
    (out / MANIFEST).write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    pages = sum(name.endswith(".html") for name in bodies)
    return Exported(pages=pages, files=len(bodies), size=sum(map(len, bodies.values())))


def stamp_of(at: datetime) -> str:
    """What an export of this instant stands for: all that is public, the day, our own version."""
    told = (__version__, day_of(at).isoformat(), *map(str, reads.stamp()))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _clear(out: Path) -> None:
    if not out.exists() or not any(out.iterdir()):
        return
    manifest = out / MANIFEST
    if not manifest.exists():
        raise Refused(f"{out} 里有别的文件，不是以前的导出。请换一个空文件夹。")
    for name in json.loads(manifest.read_text("utf-8"))["files"]:
        if (target := out / name).resolve().is_relative_to(out.resolve()):
            target.unlink(missing_ok=True)
    manifest.unlink()


def _crawl(home: str, at: datetime) -> dict[str, bytes]:
    """Every page that can be reached from the first one, with links from file to file."""
    found: dict[str, bytes] = {}
    waiting, seen = [home], {home}
    while waiting:
        url = waiting.pop()
        if url.startswith(settings.STATIC_URL):
            found[_file_of(url, home)] = _static(url)
            continue
        answer = _answer(url, at)
        text = answer.content.decode()
        if "html" in answer["Content-Type"] or "atom" in answer["Content-Type"]:
            links = {unescape(match[2]).split("#")[0] for match in LINK.finditer(text)}
            fresh = {link for link in links if _is_ours(link, home)} - seen
            seen |= fresh
            waiting += sorted(fresh)
            text = LINK.sub(_relative(_file_of(url, home), home), text)
        found[_file_of(url, home)] = text.encode()
    return found


def _is_ours(link: str, home: str) -> bool:
    return link.startswith((home, settings.STATIC_URL))


def _answer(url: str, at: datetime) -> HttpResponse:
    """What the portal answers to a visitor at that instant."""
    parts, request = urlsplit(url), HttpRequest()
    request.method = "GET"
    request.path = request.path_info = parts.path
    request.GET = QueryDict(parts.query)
    request.META = {"SERVER_NAME": "export", "SERVER_PORT": "80", "QUERY_STRING": parts.query}
    for name, value in {"at": at, "actor": None, "is_export": True}.items():
        setattr(request, name, value)
    match = resolve(parts.path)
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def _static(url: str) -> bytes:
    name = urlsplit(url).path.removeprefix(settings.STATIC_URL)
    path = finders.find(name) or staticfiles_storage.path(name)
    content = Path(path).read_bytes()
    return with_own_key(content) if GATE.fullmatch(name) else content


def _file_of(url: str, home: str) -> str:
    """Pages become index.html; a query becomes a name that no other query has."""
    parts = urlsplit(url)
    if parts.path.startswith(settings.STATIC_URL):
        return f"static/{parts.path.removeprefix(settings.STATIC_URL)}"
    path = parts.path.removeprefix(home)
    if path and not path.endswith("/"):
        return path
    if not parts.query:
        return f"{path}index.html"
    short = hashlib.sha256(parts.query.encode()).hexdigest()[:12]
    return f"{path}{'elder' if parts.query == 'elder=1' else short}.html"


def _relative(name: str, home: str) -> Callable[[re.Match[str]], str]:
    """Rewrite a link as seen from the file in which it stands."""

    def rewritten(match: re.Match[str]) -> str:
        link, _, fragment = unescape(match[2]).partition("#")
        if not _is_ours(link, home):
            return match[0]
        to = posixpath.relpath(_file_of(link, home), posixpath.dirname(name) or ".")
        return f'{match[1]}="{escape(to)}{"#" + fragment if fragment else ""}"'

    return rewritten
