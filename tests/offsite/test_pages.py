"""The coverage board and the two forms, without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongchou.core.workdays import Quarter
from gongchou.offsite import reads
from gongchou.planning import actions as planning
from gongchou.web import clock

SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def quarter() -> str:
    return str(Quarter.of(clock.day_of(clock.now())))


@pytest.fixture
def owed(roster, chen, leader, quarter, bureau) -> dict[str, str]:
    ref = planning.compute_plan(quarter, by=chen, at=clock.now())
    planning.approve_plan(ref, by=leader, at=clock.now())
    return {unit.name: unit.subject for unit in reads.coverage(bureau, quarter).missing}


def entered(quarter: str, **fields: object) -> dict[str, object]:
    first = Quarter.parse(quarter).first.isoformat()
    days = {"since": first, "until": clock.day_of(clock.now()).isoformat()}
    return {**days, "evidence": "台账齐全。", "ledger_expected": 4, "ledger_read": 3, **fields}


def record(browser, quarter: str, subject: str, **fields: object):
    url = reverse("offsite:record", args=[quarter, subject])
    return browser.post(url, entered(quarter, **fields), follow=True)


def test_before_a_plan_the_board_says_what_to_do(signed_in, chen):
    assert "测算并批准计划" in signed_in(chen).get("/offsite/").content.decode()


def test_the_board_counts_what_is_covered_and_lists_what_is_missing(signed_in, chen, owed):
    page = signed_in(chen).get("/offsite/").content.decode()
    assert "已覆盖 <strong>0</strong> ／ 应覆盖 <strong>3</strong>，还差 <strong>3</strong>" in page
    assert page.count("登记检查<") == 3


def test_office_and_reviewer_cover_a_unit_by_their_forms(
    signed_in, chen, shen, owed, quarter, bureau
):
    file = SimpleUploadedFile("台账.pdf", b"abc")
    record(signed_in(chen), quarter, owed["虚构化工2"], attachment=file)
    [row] = reads.checks(bureau, quarter)
    assert (row.attachment_name, row.attachment_sha256) == ("台账.pdf", SHA)
    answer = {"conclusion": "normal", "opinion": "同意。"}
    url = reverse("offsite:conclude", args=[row.ref])
    page = signed_in(shen).post(url, answer, follow=True).content.decode()
    assert "已作出结论。" in page
    assert "已覆盖 <strong>1</strong>" in page


def test_the_form_begins_with_the_quarter_so_far(signed_in, chen, owed, quarter):
    url = reverse("offsite:record", args=[quarter, owed["虚构化工2"]])
    page, days = signed_in(chen).get(url).content.decode(), entered(quarter)
    assert f'value="{days["since"]}"' in page
    assert f'value="{days["until"]}"' in page


def test_a_refused_form_keeps_what_was_typed(signed_in, chen, owed, quarter):
    page = record(signed_in(chen), quarter, owed["虚构化工2"], ledger_read=9).content.decode()
    assert "读取点数应在 0 和应有点数之间" in page
    assert "台账齐全。" in page


def test_a_check_short_of_data_offers_one_conclusion(signed_in, chen, shen, owed, quarter, bureau):
    record(signed_in(chen), quarter, owed["虚构化工1"])
    [row] = reads.checks(bureau, quarter)
    page = signed_in(shen).get(reverse("offsite:check", args=[row.ref])).content.decode()
    assert 'value="insufficient_data"' in page
    assert 'value="normal"' not in page


def test_the_office_replaces_a_check_by_its_form(signed_in, chen, owed, quarter, bureau):
    browser = signed_in(chen)
    record(browser, quarter, owed["虚构化工2"])
    [row] = reads.checks(bureau, quarter)
    url = reverse("offsite:replace", args=[row.ref])
    assert "台账齐全。" in browser.get(url).content.decode()
    browser.post(url, entered(quarter, reason="填错份数"))
    assert [one.replaces for one in reads.checks(bureau, quarter)] == ["", row.ref]


def test_visitors_sign_in_and_strangers_are_refused(client, signed_in, stranger, bureau):
    assert client.get("/offsite/").status_code == 302
    browser = signed_in(stranger)
    assert browser.get("/offsite/").status_code == 403
    assert browser.get("/offsite/2026Q1/new/S1/").status_code == 403
    assert browser.get("/offsite/check/F1/").status_code == 403
    assert browser.post("/offsite/check/F1/conclude/").status_code == 403
    assert browser.post("/offsite/check/F1/replace/").status_code == 403


def test_the_page_of_a_site_shows_its_off_site_checks_as_of_their_days(
    signed_in, chen, owed, quarter
):
    ref, browser = next(iter(owed.values())), signed_in(chen)
    assert "还没有非现场检查" in browser.get(f"/register/subjects/{ref}/").text
    record(browser, quarter, ref)
    assert f"{quarter}，核查期间" in browser.get(f"/register/subjects/{ref}/").text
