"""The policy in the browser: read by all who plan, changed by the leader only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.core.terms import Role
from gongchou.registry import adopted_reads
from gongchou.registry.models import RecordedRuling
from gongchou.web import clock
from tests.planning.test_policy import OWN


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


def today() -> str:
    return clock.day_of(clock.now()).isoformat()


def adopt(browser, **fields):
    given = {"source": "own", "since": today(), "document": "虚构〔2026〕2号", **fields}
    return browser.post("/plan/policy/adopt/", given, follow=True).content.decode()


def test_the_office_reads_the_policy_clause_by_clause(signed_in, chen):
    page = signed_in(chen).get("/plan/policy/").content.decode()
    assert "每季度 25%，现场抽查，年内未查保留份额 50%" in page
    assert "每季度抽查重点监管对象不少于百分之二十五" in page
    assert "全年部门联合抽查次数" in page
    assert "另有 55 个问题按产品的默认读法处理" in page
    assert "登记新方案" not in page


def test_the_leader_looks_at_the_differences_before_adopting(signed_in, leader, bureau):
    browser = signed_in(leader)
    page = adopt(browser, file=SimpleUploadedFile("own.toml", OWN.encode()))
    assert "每季度 50%，现场抽查，不轮换" in page
    assert "可行性检查" in page
    assert adopted_reads.adopted_policies(bureau) == ()
    page = adopt(browser, text=OWN, confirm="1")
    assert "起施行；此前测算的计划仍按原方案" in page
    [row] = adopted_reads.adopted_policies(bureau)
    assert row.policy == "linxi_2026"
    text = browser.get(f"/plan/policy/{row.ref}/text/").content.decode()
    assert 'ratio = "50/100"' in text


def test_a_faulty_file_comes_back_with_its_line(signed_in, leader, bureau):
    faulty = OWN.replace('"50/100"', "0.5")
    page = adopt(signed_in(leader), file=SimpleUploadedFile("own.toml", faulty.encode()))
    assert "第 9 行（第 1 个 [[quota]]）" in page
    assert adopted_reads.adopted_policies(bureau) == ()


def test_a_file_is_asked_for_and_must_be_text(signed_in, leader):
    browser = signed_in(leader)
    assert "请选择要上传的方案文件" in adopt(browser)
    page = adopt(browser, file=SimpleUploadedFile("own.toml", b"\xff\xfe\x00"))
    assert "另存为 UTF-8" in page


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("special.credit", ["D", "E"]),
        ("deadline.task.reading", "C"),
        ("include.registered", "false"),
        ("joint.cross_dept.subjects", "12"),
        ("deadline.cutoff", "17:30"),
        ("offsite.completeness", "80/100"),
        ("precedence", "special、key、general_listed、general_unlisted"),
        ("measure.unit", ""),
    ],
)
def test_the_leader_records_a_ruling_on_any_kind_of_setting(signed_in, leader, key, value):
    browser, url = signed_in(leader), f"/plan/policy/rulings/{key}/"
    assert "自哪天起执行" in browser.get(url).content.decode()
    given = {"value": value, "reading": "虚构口径", "decided_by": "领导小组（虚构）"}
    given |= {"document": "虚构〔2026〕3号", "on": today()}
    page = browser.post(url, given, follow=True).content.decode()
    assert "虚构口径" in page
    assert "林局长于" in page


def test_a_ruling_on_rotation_takes_kind_and_share(signed_in, leader, bureau):
    browser, url = signed_in(leader), "/plan/policy/rulings/rotation.key/"
    given = {"value": "year_reserve", "reserved": "3/4", "reading": "保留四分之三"}
    given |= {"decided_by": "领导小组（虚构）", "document": "虚构〔2026〕3号", "on": today()}
    page = browser.post(url, given, follow=True).content.decode()
    assert "年内未查保留份额 75%" in page
    assert 'value="3/4"' in browser.get(url).content.decode()


def test_a_value_that_does_not_fit_comes_back_with_the_sentence(signed_in, leader):
    given = {
        "value": "1",
        "reading": "虚构",
        "decided_by": "虚构",
        "document": "虚构",
        "on": today(),
    }
    page = signed_in(leader).post("/plan/policy/rulings/team.min_certified/", given)
    assert "不得小于 2" in page.content.decode()


def test_others_are_refused_and_an_unknown_question_is_told(client, signed_in, chen, stranger):
    assert client.get("/plan/policy/").status_code == 302
    assert signed_in(stranger).get("/plan/policy/").status_code == 403
    browser = signed_in(chen)
    assert browser.get("/plan/policy/adopt/").status_code == 403
    assert browser.get("/plan/policy/rulings/precedence/").status_code == 403
    assert browser.get("/plan/policy/A990000-0001/text/").status_code == 409


def test_an_unknown_question_is_answered_with_a_sentence(signed_in, leader):
    answer = signed_in(leader).get("/plan/policy/rulings/luck/")
    assert (answer.status_code, "请从方案页面选择" in answer.content.decode()) == (409, True)


def test_a_ruling_is_tried_on_the_register_before_it_is_recorded(signed_in, leader, bureau):
    browser, url = signed_in(leader), "/plan/policy/rulings/team.visits_per_day/"
    given = {
        "value": "1", "reading": "每组每日一家", "decided_by": "领导小组（虚构）",
        "document": "虚构〔2026〕9号", "on": clock.now().date().isoformat(),
    }  # fmt: skip
    page = browser.post(url, {**given, "try": "1"}).content.decode()
    assert "可行性检查" in page
    assert "还没有登记" in page
    assert not RecordedRuling.objects.exists()
    assert browser.post(url, given).status_code == 302
    assert RecordedRuling.objects.count() == 1
