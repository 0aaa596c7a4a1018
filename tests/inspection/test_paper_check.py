"""A paper signed on site proves or disproves what the server keeps."""

import hashlib
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from gongchou.core.refusals import Invalid
from gongchou.inspection import actions, models, reads
from gongchou.inspection.paper_check import check_paper
from gongchou.web import clock
from tests.conftest import BUREAU
from tests.inspection.phone import record_json
from tests.inspection.test_field_sync import (  # noqa: F401
    arrived,
    phone,
    picture,
    visit,
    whole,
)
from tests.machinery import lift_guard

PIN = "482915"


@pytest.fixture
def own_storage(settings, tmp_path) -> None:
    """What a test spoils here is not found by the next one, nor by the next run."""
    place = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "kept")}}
    settings.STORAGES = {**settings.STORAGES, "default": place}


@pytest.fixture
def paper(own_storage, phone, arrived, house) -> str:  # noqa: F811
    """The digest on the paper of a submitted visit with one photo."""
    content = picture()
    act = phone.photo(arrived, content)
    phone.send(act)
    record = record_json(whole(arrived))
    files = [[act["id"], hashlib.sha256(content).hexdigest()]]
    held = {"visit": arrived, "record": record, "files": files}
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    actions.set_signing_pin(PIN, by=house.wang, at=clock.now())
    pins = {reads.visit(arrived).inspectors[1].ref: PIN}
    answer = phone.do("submit", arrived, {"record": record, "paper": text}, pins=pins)
    assert answer["outcome"] == "applied", answer
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_paper_agrees_with_what_is_kept(paper, arrived):  # noqa: F811
    found = check_paper("GC1:" + paper.upper()[:32] + " " + paper[32:], BUREAU)
    assert (found.visit, found.says, found.file_count) == (arrived, (), 1)


def test_an_unknown_paper_is_said_to_be_unknown(paper):
    assert not check_paper("0" * 64, BUREAU).is_known
    assert not check_paper(paper, "000000").is_known
    with pytest.raises(Invalid, match="64 位"):
        check_paper("abc", BUREAU)


def test_one_changed_photo_is_found(paper):
    path = str(models.Evidence.objects.get().file)
    default_storage.delete(path)
    default_storage.save(path, ContentFile(picture(9)))
    assert "原件与纸上的不一致" in check_paper(paper, BUREAU).says[0]
    default_storage.delete(path)
    assert "原件不在了" in check_paper(paper, BUREAU).says[0]


def test_one_changed_answer_is_found(paper):
    lift_guard("inspection_recordrevision")
    row = models.RecordRevision.objects.order_by("-number").first()
    body = row.body.replace("记录属实", "记录不实")
    models.RecordRevision.objects.filter(pk=row.pk).update(body=body)
    assert "不一致" in check_paper(paper, BUREAU).says[0]


def test_a_changed_text_of_the_phone_is_found(paper):
    lift_guard("inspection_fieldoperation")
    row = models.FieldOperation.objects.get(paper=paper)
    changed = row.written.replace("记录属实", "记录不实")
    models.FieldOperation.objects.filter(pk=row.pk).update(written=changed)
    assert len(check_paper(paper, BUREAU).says) >= 2


def test_the_pages_of_phones_clues_and_papers(paper, arrived, phone, house, signed_in):  # noqa: F811
    client = signed_in(house.li)
    page = client.get("/visits/check-paper/", {"digest": paper}).content.decode()
    assert "<h2>一致</h2>" in page
    assert "64 位" in client.get("/visits/check-paper/", {"digest": "x"}).content.decode()
    assert "手机上传（3 项" in client.get(f"/visits/{arrived}/").content.decode()
    assert "李执法" in client.get("/visits/phones/").content.decode()
    assert client.get("/offsite/clues/").status_code == 403
    client.post(f"/visits/phones/{phone.lease}/revoke/")
    assert phone.get("/field/api/visits").status_code == 401


def test_only_the_owner_or_the_office_takes_a_phone_back(phone, house, signed_in):  # noqa: F811
    signed_in(house.wang).post(f"/visits/phones/{phone.lease}/revoke/")
    assert phone.get("/field/api/visits").status_code == 200
    page = signed_in(house.chen).get("/visits/phones/").content.decode()
    assert "李执法" in page
    signed_in(house.chen).post(f"/visits/phones/{phone.lease}/revoke/")
    assert phone.get("/field/api/visits").status_code == 401


def test_the_office_reads_clues(phone, arrived, house, signed_in):  # noqa: F811
    phone.do("clue", arrived, {"says": "隔壁院内有黄烟", "place": "隔壁"})
    assert "隔壁院内有黄烟" in signed_in(house.chen).get("/offsite/clues/").content.decode()


def test_whoever_holds_the_paper_asks_without_an_account(client, paper, arrived):  # noqa: F811
    """The answer says equal or changed, and names no enterprise and no officer."""
    good = client.post("/open/paper/", {"digest": f"GC1:{paper}"})
    assert "<h2>一致</h2>" in (page := good.content.decode())
    assert arrived in page
    assert "虚构化工" not in page
    assert "李执法" not in page
    path = str(models.Evidence.objects.get().file)
    default_storage.delete(path)
    default_storage.save(path, ContentFile(picture(9)))
    changed = client.post("/open/paper/", {"digest": paper}).content.decode()
    assert "<h2>不一致</h2>" in changed
    assert "原件与纸上的不一致" in changed


def test_a_stranger_without_the_paper_learns_nothing(client, paper):
    assert "没有这份记录" in client.post("/open/paper/", {"digest": "0" * 64}).content.decode()
    short = client.post("/open/paper/", {"digest": paper[:20]})
    assert short.status_code == 400
    assert "64 位" in short.content.decode()
    assert "csrf" not in client.get("/open/paper/").content.decode()
    assert not client.cookies
