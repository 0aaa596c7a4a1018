"""A full crawl finds nobody's data, and the crawl itself finds what is planted (F14)."""

import json
import re
from html import unescape

import pytest
from django.apps import apps

from gongchou.core import canon
from gongchou.core.disclosure import personal
from gongchou.core.disclosure_fields import FIELDS, Field, Treatment
from gongchou.core.terms import PublicationKind
from gongchou.portal.export import export
from gongchou.publication import reads
from tests.conftest import AT
from tests.portal.conftest import LEAKS
from tests.portal.test_pages import every_page

NAMES = ("张三丰", "陈组长", "林局长", "公示员")
# What a browser would fetch to show a picture; none is ever public, so no camera's note is either.
PICTURE = re.compile(r"<(?:img|picture|video|object|iframe|embed)\b|background-image|data:image")


def said(page: str) -> str:
    """What a reader or a program sees: words and values, without markup and digests."""
    body = re.sub(r"<[^>]+>", " ", page)
    return re.sub(r"(?:[0-9a-f]{4} ?){8,}", " ", unescape(body))


def leaks(pages: dict[str, str]) -> set[tuple[str, str]]:
    """Personal data by pattern, known names, and pictures: where, and what."""
    found = {
        (url, finding.what)
        for url, page in pages.items()
        for finding in personal(said(page), NAMES)
    }
    return found | {(url, "图片") for url, page in pages.items() if PICTURE.search(page)}


def files(folder) -> dict[str, str]:
    ours = [path for path in folder.rglob("*.*") if "static" not in path.parts]
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in ours}


def test_a_full_crawl_of_the_portal_and_of_its_export_finds_nobody(client, portal, tmp_path):
    pages = every_page(client)
    pages = {url: page for url, page in pages.items() if url != "/open/verify/"}
    assert len(pages) > 40
    assert leaks(pages) == set()
    export(tmp_path / "open", at=AT)
    assert leaks(files(tmp_path / "open")) == set()


@pytest.mark.parametrize(
    "planted", [*LEAKS, "微信：zhangsan123", "家住西街5号", "zhang@example.com", "<img src=x>"]
)
def test_the_crawl_finds_what_is_planted_behind_the_redaction(client, portal, planted):
    """The check itself: written past every guard into a published body, it is found at once."""
    rows = apps.get_model("publication", "Publication").objects.filter(ref=portal)
    document = reads.document(portal).document
    document["rows"][0]["note"] = planted
    rows.update(body=canon.canon(document))
    found = leaks({"page": unescape(client.get(f"/open/results/{portal}/1/").content.decode())})
    assert found


def allowed(fields: dict[str, Field], path: str = "") -> set[str]:
    """The paths that a document of a kind may have."""
    found = set()
    for name, field in fields.items():
        if field.treatment is Treatment.WITHHELD:
            continue
        found.add(f"{path}{name}")
        if field.treatment is Treatment.OBJECT:
            found |= allowed(field.fields, f"{path}{name}.")
    return found


def there(value, fields, path: str = "") -> set[str]:
    found = set()
    for name, item in value.items():
        found.add(f"{path}{name}")
        field = fields.get(name)
        if field is not None and field.treatment is Treatment.OBJECT:
            for one in item:
                found |= there(one, field.fields, f"{path}{name}.")
    return found


def test_every_data_file_has_fields_of_its_list_and_no_other(client, portal):
    seen = set()
    for row in reads.open_to_all():
        body = client.get(f"/open/documents/{row.ref}/document.json").content
        fields = FIELDS[row.kind]
        assert there(json.loads(body), fields) <= allowed(fields), row.kind
        seen.add(row.kind)
    assert {PublicationKind.RESULT_NOTICE, PublicationKind.RATES} <= seen
    planted = {"rows": [{"contact": "x"}], "phone": "y"}
    assert not there(planted, FIELDS[PublicationKind.RESULT_NOTICE]) <= allowed(
        FIELDS[PublicationKind.RESULT_NOTICE]
    )
