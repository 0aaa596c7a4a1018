"""A visitor who follows everything: each link, feed, file and picture, and reads what is in it."""

import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.contrib.staticfiles import finders
from PIL import Image

from gongchou.core.disclosure import personal
from tests.papers import words_of

# Whatever a browser, a reader of feeds or a robot would fetch from a page.
LINK = re.compile(r'\b(?:href|src|action|poster|data)="([^"]*)"')
SET = re.compile(r'\bsrcset="([^"]*)"')
STYLE = re.compile(r"url\(['\"]?([^'\")]+)['\"]?\)")
DIGEST = re.compile(r"(?:[0-9a-f]{4} ?){8,}")
WORDS = ("text/html", "text/csv", "text/plain", "application/json", "application/atom+xml")
OURS = ("text/css", "text/javascript", "text/x-python", "font/woff2", "image/svg+xml")
BY_ENDING = {
    ".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".html": "text/html",
    ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf",
    ".json": "application/json", ".csv": "text/csv", ".atom": "application/atom+xml",
    ".py": "text/x-python",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One answer: what kind of file it is, and its bytes."""

    kind: str
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


Fetch = Callable[[str], Reached]


def links(base: str, found: Reached) -> set[str]:
    """The addresses that stand in an answer, whole and without their fragments."""
    if found.kind == "text/css":
        written = STYLE.findall(found.text)
    elif found.kind in ("text/html", "application/atom+xml"):
        sets = [one.split()[0] for many in SET.findall(found.text) for one in many.split(",")]
        written = LINK.findall(found.text) + STYLE.findall(found.text) + sets
    else:
        return set()
    return {urljoin(base, unescape(link)).partition("#")[0] for link in written if link}


def crawl(fetch: Fetch, start: str, is_ours: Callable[[str], bool]) -> dict[str, Reached]:
    """Everything of ours that can be reached from the first address."""
    found: dict[str, Reached] = {}
    waiting, seen = [start], {start}
    while waiting:
        url = waiting.pop()
        found[url] = fetch(url)
        fresh = {link for link in links(url, found[url]) if is_ours(link)} - seen
        seen |= fresh
        waiting += sorted(fresh)
    return found


def portal_of(client) -> dict[str, Reached]:
    """The portal as a browser meets it, with the styles, scripts and pictures of its pages."""

    def fetch(url: str) -> Reached:
        if url.startswith("http://testserver/static/"):
            path = Path(finders.find(urlsplit(url).path.removeprefix("/static/")))
            return Reached(kind=BY_ENDING[path.suffix], content=path.read_bytes())
        answer = client.get(url)
        assert answer.status_code == 200, url
        kind = answer["Content-Type"].partition(";")[0]
        return Reached(kind=kind, content=b"".join(answer))

    ours = ("http://testserver/open/", "http://testserver/static/")
    return crawl(fetch, ours[0], lambda url: url.startswith(ours))


def folder_of(folder: Path) -> dict[str, Reached]:
    """An export as a browser meets it, from file to file and without any server."""

    def fetch(url: str) -> Reached:
        path = Path(urlsplit(url).path)
        return Reached(kind=BY_ENDING[path.suffix], content=path.read_bytes())

    root = folder.resolve().as_uri() + "/"
    return crawl(fetch, f"{root}index.html", lambda url: url.startswith(root))


def said(found: Reached) -> str:
    """What a reader or a program sees: words and values, without markup and digests."""
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", found.text)
    return DIGEST.sub(" ", unescape(re.sub(r"<[^>]+>", " ", text)))


def in_picture(content: bytes) -> set[str]:
    """What a camera wrote into a picture beside the picture."""
    with Image.open(io.BytesIO(content)) as picture:
        held = picture.getexif()
        notes = {"拍摄地点"} if held.get_ifd(0x8825) else set()
        notes |= {"机主"} if held.get_ifd(0x8769).get(0xA430) or held.get(0x013B) else set()
        more = {"exif", "xmp", "comment", "photoshop", "iptc"} & set(picture.info)
        return notes | ({"照片附带信息"} if held or more else set())


def in_file(found: Reached, names: Collection[str], marks: Collection[str]) -> set[str]:
    """Personal data by pattern and by name, whatever a picture hides, and planted words."""
    what = {f"植入：{mark}" for mark in marks if mark.encode() in found.content}
    if found.kind in WORDS:
        return what | {finding.what for finding in personal(said(found), names)}
    if found.kind == "application/pdf":
        return what | {finding.what for finding in personal(words_of(found.content), names)}
    if found.kind.startswith("image/") and found.kind != "image/svg+xml":
        return what | {"图片"} | in_picture(found.content)
    return what if found.kind in OURS else what | {f"不认识的文件 {found.kind}"}


def leaks(
    reached: dict[str, Reached], names: Collection[str], marks: Collection[str] = ()
) -> set[tuple[str, str]]:
    """Where, and what; a picture is one in itself, for none is ever public."""
    return {(url, what) for url, found in reached.items() for what in in_file(found, names, marks)}
