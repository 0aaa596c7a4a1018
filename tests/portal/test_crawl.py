"""A full crawl finds nobody's data, and the crawl itself finds what is planted (F14)."""

import json

import pytest
from django.apps import apps
from django.core.files.storage import default_storage

from gongchou.core import canon
from gongchou.core.disclosure import check_public
from gongchou.core.disclosure_fields import FIELDS, Field, Treatment
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import PublicationKind
from gongchou.inspection import reads as visits
from gongchou.portal.export import export
from gongchou.publication import actions, reads
from gongchou.web.official import official, texts
from tests.conftest import AT, BUREAU
from tests.inspection.people import LATER
from tests.portal.conftest import LEAKS
from tests.portal.crawl import WORDS, Reached, crawl, folder_of, in_picture, leaks, portal_of
from tests.portal.leaky import (
    CARD,
    HASHED,
    OWNER,
    PEOPLE,
    PLATE,
    made,
    marks,
    phones,
    photo,
    public_city,
)

LETTER = {
    "title": "通报", "title-lines": ["通报"], "organ": "临溪分局（虚构）", "number": "", "mark": "",
    "addressee": "", "attachments": [], "annexes": [], "on": "2026年1月5日", "copies": "",
}  # fmt: skip


@pytest.fixture
def city(house, gong, monkeypatch) -> dict[str, str]:
    """All kinds of documents made public, typed by people who hold nothing back."""
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    return public_city(house, gong)


def test_a_full_crawl_of_the_portal_finds_nobody(client, city):
    reached = portal_of(client)
    kinds = {found.kind for found in reached.values()}
    assert {*WORDS, "text/css", "text/javascript", "image/svg+xml"} - {"text/plain"} <= kinds
    assert {f"http://testserver/open/documents/{ref}/" for ref in city.values()} <= set(reached)
    assert len(reached) > 60
    assert leaks(reached, PEOPLE, marks()) == set()


def test_a_full_crawl_of_the_export_finds_nobody(city, tmp_path):
    export(tmp_path, at=LATER)
    reached = folder_of(tmp_path)
    assert leaks(reached, PEOPLE, marks()) == set()
    written = {path.resolve().as_uri() for path in tmp_path.rglob("*.*")}
    assert written - set(reached) == {(tmp_path / "manifest.json").resolve().as_uri()}


def test_what_was_typed_and_photographed_was_full_of_people(house, city):
    """Else a crawl that finds nothing would show nothing."""
    originals = apps.get_model("publication", "Publication").objects.all()
    typed = "".join(bytes(row.original).decode() for row in originals)
    assert sum(phone in typed for phone in phones) > 60
    assert {*PEOPLE, CARD, PLATE} - {name for name in (*PEOPLE, CARD, PLATE) if name in typed} <= {
        "陈组长", "林局长", "沈审核", "公示员",
    }  # fmt: skip
    [visit] = visits.visits(BUREAU, "2026Q1")
    [kept] = visits.record(visit.ref).evidence
    with default_storage.open(visits.evidence(kept.ref).path) as original:
        held = original.read()
    assert in_picture(held) == {"拍摄地点", "机主", "照片附带信息"}
    assert OWNER.encode() in held


def test_no_byte_of_a_photo_and_nothing_of_its_camera_is_public(client, city):
    reached = portal_of(client)
    pictures = {url for url, found in reached.items() if found.content[:3] == b"\xff\xd8\xff"}
    assert pictures == set()
    for note in (OWNER.encode(), b"Exif\0\0", b"ns.adobe.com/xap"):
        assert not [url for url, found in reached.items() if note in found.content]


@pytest.mark.parametrize("kind", HASHED)
def test_what_cannot_be_masked_is_refused_before_it_is_public(kind):
    """Each of them passes this door last, whoever made it."""
    with pytest.raises(Invalid, match=r"像是有|含有"):
        check_public(kind, made(FIELDS[kind], kind.value))


def test_a_reason_that_all_will_read_names_nobody_of_the_notice_or_the_bureau(house, gong, city):
    for reason in ("应张三丰要求", "李执法误填", "欧阳厂长来电", "电话13800000000"):
        with pytest.raises(Refused, match="像是有"):
            actions.withdraw(city["visit"], reason, by=gong, at=LATER)
        with pytest.raises(Refused, match="像是有"):
            actions.correct(city["visit"], reason, by=house.chen, at=LATER)


# -- The crawl itself is tested: whatever is planted behind the redaction, it finds


@pytest.mark.parametrize(
    "words", [*LEAKS, "微信：zhangsan123", "家住西街5号", "zhang@example.com", "李执法"]
)
def test_one_planted_leak_is_found_in_the_page_and_in_the_data(client, portal, words):
    """Written past every guard into a published body."""
    rows = apps.get_model("publication", "Publication").objects.filter(ref=portal)
    document = reads.document(portal).document
    document["rows"][0]["note"] = words
    rows.update(body=canon.canon(document))
    found = {url.partition("/open/")[2] for url, _ in leaks(portal_of(client), PEOPLE)}
    assert {f"results/{portal}/1/", f"documents/{portal}/document.json"} <= found


@pytest.mark.parametrize(
    ("model", "fields", "where"),
    [
        ("Publication", {"title": "13800000000的统计表"}, "feed.atom"),
        ("Publication", {"title": "13800000000的统计表"}, "data/documents.csv"),
        ("ResultLine", {"items": "大气治理，找张三丰"}, "data/results.json"),
        ("ResultLine", {"items": "大气治理，找张三丰"}, "results/"),
    ],
)
def test_one_leak_in_a_list_is_found_in_feeds_and_files(client, portal, model, fields, where):
    apps.get_model("publication", model).objects.update(**fields)
    found = {url.partition("/open/")[2] for url, _ in leaks(portal_of(client), PEOPLE)}
    assert where in found


def test_a_photo_and_a_paper_on_a_page_are_followed_and_read():
    paper = official({**LETTER, "blocks": texts(["当事人张三丰，电话13800000000。"])}, "pdf", at=AT)
    site = {
        "http://x/": Reached(kind="text/html", content=b'<img srcset="a.jpg 2x"><a href="b.pdf">'),
        "http://x/a.jpg": Reached(kind="image/jpeg", content=photo()),
        "http://x/b.pdf": Reached(kind="application/pdf", content=paper),
    }
    found = leaks(crawl(site.__getitem__, "http://x/", lambda url: url in site), PEOPLE)
    assert {what for url, what in found if url.endswith("jpg")} == {
        "图片", "拍摄地点", "机主", "照片附带信息",
    }  # fmt: skip
    assert {what for url, what in found if url.endswith("pdf")} == {"人员姓名", "电话"}


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
