"""The register as an officer sees it, without script."""

from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.training import actions, reads
from tests.conftest import AT, BUREAU, TODAY

FILLED = {
    "kind": "staff",
    "title": "记录填写",
    "held_on": TODAY.isoformat(),
    "audience": "全体执法人员",
    "audience_count": "2",
    "says": "怎样当场填写检查记录",
}


def test_an_officer_records_a_training_and_adds_its_slides(chen, li, signed_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = signed_in(chen)
    answer = client.post("/training/new/", {**FILLED, "people": [chen.ref, li.ref]}, follow=True)
    page = answer.content.decode()
    assert "已登记。课件" in page
    assert "参加的本机构人员（2 人）" in page
    [row] = reads.events(BUREAU, TODAY, TODAY)
    slides = SimpleUploadedFile("课件.pdf", b"%PDF-1.4\nfictional\n%%EOF\n")
    client.post(f"/training/{row.ref}/material/", {"material": slides})
    answer = client.get(f"/training/{row.ref}/material/1/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    home = client.get("/training/?quarter=2026Q1").content.decode()
    assert "人员培训 <strong>1</strong> 次、2 人次" in home


def test_a_wrong_form_says_what_to_mend_and_keeps_what_was_typed(chen, signed_in):
    answer = signed_in(chen).post("/training/new/", {**FILLED, "held_on": "2027-01-01"})
    page = answer.content.decode()
    assert "2027-01-01 还没有到" in page
    assert 'value="记录填写"' in page


def test_the_leader_decides_on_a_practice_and_may_record_nothing(leader, li, signed_in):
    ref = actions.offer_practice("一页纸", "汇成一页", "少问", "大队", by=li, at=AT)
    client = signed_in(leader)
    assert "推广</button>" in client.get("/training/").content.decode()
    answer = client.post(
        f"/training/practices/{ref}/decide/", {"verdict": "yes", "opinion": "照办"}, follow=True
    )
    assert "已决定推广" in answer.content.decode()
    assert client.get("/training/new/").status_code == 403


def test_an_inspector_offers_a_practice(li, signed_in):
    filled = {"title": "一页纸", "says": "汇成一页", "effect": "少问", "unit": "其他"}
    answer = signed_in(li).post("/training/practices/new/", filled, follow=True)
    assert "已提出" in answer.content.decode()
    assert "待决定" in answer.content.decode()
