"""The clerk imports the year's roster in the browser, without JavaScript."""

from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.core.terms import ImportKind, Role
from gongchou.registry import reads
from tests.conftest import TODAY
from tests.registry.test_import import csv, line, take


def test_the_clerk_uploads_sees_every_problem_and_confirms(signed_in, chen, bureau):
    browser = signed_in(chen)
    content = csv(line(1), "虚构印染,12345,,重点,东片")
    file = SimpleUploadedFile("名册.csv", content)
    answer = browser.post("/register/import/", {"kind": "subjects", "file": file})
    preview = browser.get(answer.headers["Location"]).content.decode()
    assert "新增 1" in preview
    assert "第 3 行统一社会信用代码" in preview
    answer = browser.post(answer.headers["Location"] + "commit/", follow=True)
    assert "已导入：新增 1" in answer.content.decode()
    assert "虚构化工1" in answer.content.decode()


def test_an_empty_file_is_refused_at_the_field(signed_in, chen):
    file = SimpleUploadedFile("名册.csv", b"")
    answer = signed_in(chen).post("/register/import/", {"kind": "subjects", "file": file})
    assert "文件是空的" in answer.content.decode()


def test_the_site_page_shows_private_data_only_within_the_bureau(signed_in, chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    ref = reads.subjects(bureau, TODAY).rows[0].ref
    page = signed_in(chen).get(f"/register/subjects/{ref}/").content.decode()
    assert "变更历史" in page
    assert "陈组长" in page


def test_an_inspector_may_look_but_not_import(signed_in, person):
    browser = signed_in(person("li", "李执法", Role.INSPECTOR))
    assert browser.get("/register/").status_code == 200
    assert browser.get("/register/import/").status_code == 403
