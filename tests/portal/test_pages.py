"""What a citizen reads, from published documents alone."""

import csv
import io
import json
from html import unescape
from re import findall
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from gongchou.core.canon import digest
from gongchou.portal import remembered
from gongchou.portal.templatetags.portal import days_in_words
from gongchou.publication import actions, reads
from gongchou.publication.gathering import Table
from gongchou.publication.models import ResultLine
from tests.conftest import AT
from tests.portal.conftest import LEAKS
from tests.publication.conftest import row

PATHS = (
    "", "results/", "draws/", "plans/", "items/", "statistics/", "changes/", "data/", "about/",
    "feed.atom", "data/schema.json", "data/results.csv", "data/results.json", "data/items.csv",
    "data/plans.csv", "data/documents.csv",
)  # fmt: skip


# Where letters go in and papers are checked: these ask rooms of their own.
INLETS = ("/open/complaint/", "/open/conduct/", "/open/letter/", "/open/door/", "/open/paper/")


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_before_anything_is_public(client, db, path):
    answer = client.get(f"/open/{path}")
    assert answer.status_code == 200
    assert not answer.cookies


def test_a_result_is_told_as_a_story(client, portal):
    page = text(client.get(f"/open/results/{portal}/2/"))
    parts = ("查了什么", "发现什么", "怎么处理", "是否改好")
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)
    assert "发现 2 项问题" in page
    assert "演示0001、演示0002" in page


def test_a_search_finds_by_part_of_the_name_by_code_and_narrows(client, portal):
    def found(**query) -> str:
        return text(client.get("/open/results/", query))

    assert "找到 1 条" in found(q="铸造")
    assert "找到 1 条" in found(q="91990173000000025b")
    assert "找到 2 条" in found(area="东片")
    assert "找到 3 条" in found(item="大气治理", quarter="2026Q1")
    assert "没有找到" in found(q="不存在的企业")


@pytest.mark.parametrize("query", ["%00", "x" * 1500, "%", "_", "<script>", "页"])
def test_strange_searches_are_answered_quietly(client, portal, query):
    answer = client.get("/open/results/", {"q": query, "page": "9" * 50})
    assert answer.status_code == 200
    assert "<script>" not in text(answer).replace('<script type="module"', "")


def test_the_plan_shows_its_numbers_and_the_sum_behind_them(client, portal):
    page = text(client.get("/open/plans/"))
    assert "基数 11 家 × 25% = 2.75，进一为 3 家。" in page


def test_who_reads_in_elder_mode_goes_on_in_it(client, portal):
    page = text(client.get("/open/?elder=1"))
    assert 'data-text="large"' in page
    assert 'href="/open/results/?elder=1"' in page
    assert 'href="/open/"' in page


def test_no_page_sets_a_cookie_and_every_page_may_be_kept(client, portal):
    for path in ("", "results/?q=演示", f"results/{portal}/1/", f"documents/{portal}/", "nowhere/"):
        answer = client.get(f"/open/{path}")
        assert not answer.cookies, path
    assert "max-age" in client.get("/open/")["Cache-Control"]


def test_an_address_that_does_not_exist_keeps_a_citizen_on_the_portal(client, portal):
    answer = client.get("/open/results/x/y/z/?elder=1")
    assert answer.status_code == 404
    assert 'href="/open/draws/?elder=1"' in text(answer)
    assert client.get("/open/results").status_code == 301
    assert "随机抽查公示" not in text(client.get("/nowhere/"))


def test_days_within_a_sentence_are_read_like_all_others():
    said = days_in_words("限 2026-08-28 前改正；编号 12026-08-281")
    assert said == "限2026年8月28日前改正；编号 12026-08-281"


def test_only_looking_is_allowed(client, db):
    assert client.post("/open/results/", {"q": "x"}).status_code == 405


def test_what_is_not_public_and_what_does_not_exist_look_alike(client, portal, make_notice):
    pending = make_notice(row(1), visits=("V9",))
    answers = [client.get(f"/open/documents/{ref}/") for ref in (pending, "G-none")]
    assert [answer.status_code for answer in answers] == [404, 404]
    bodies = {text(a).replace(pending, "").replace("G-none", "") for a in answers}
    assert len(bodies) == 1
    for path in (f"results/{pending}/1/", f"documents/{pending}/document.json", "data/x.csv"):
        assert client.get(f"/open/{path}").status_code == 404


def test_a_corrected_document_and_the_correction_point_to_each_other(
    client, portal, chen, make_public, make_notice, table
):
    other = Table(columns=("应抽", "实抽"), rows=(("重点", ("3", "2")),))
    new = actions.correct_table(table, other, "实抽数误录", by=chen, at=AT)
    make_public(new)
    assert new in text(client.get(f"/open/documents/{table}/"))
    page = text(client.get(f"/open/documents/{new}/"))
    assert table in page
    assert "实抽数误录" in page
    assert "统计表" in text(client.get("/open/changes/"))


def test_a_withdrawn_result_leaves_its_reason_and_nothing_of_the_firm(client, portal, gong):
    actions.withdraw_result(portal, 2, "处罚决定已撤销", by=gong, at=AT)
    for path in (f"results/{portal}/2/", f"documents/{portal}/", "changes/"):
        page = text(client.get(f"/open/{path}"))
        assert "处罚决定已撤销" in page
        assert "演示铸造" not in page
    for path in (f"documents/{portal}/document.json", "data/results.json", "results/", "feed.atom"):
        assert "演示铸造" not in text(client.get(f"/open/{path}"))


def test_a_withdrawn_document_shows_no_content(client, portal, gong):
    actions.withdraw(portal, "批次有误", by=gong, at=AT)
    page = text(client.get(f"/open/documents/{portal}/"))
    assert "批次有误" in page
    assert "演示印染" not in page
    assert client.get(f"/open/documents/{portal}/document.json").status_code == 404
    assert "没有公示检查结果" in text(client.get("/open/results/"))


def test_the_data_file_is_what_the_digest_was_taken_over(client, portal):
    body = client.get(f"/open/documents/{portal}/document.json").content
    assert digest(json.loads(body)) == reads.document(portal).digest


def test_statistics_tell_how_the_checks_of_the_two_newest_quarters_ended(client, portal):
    for number, quarter in ((1, "2025Q4"), (2, "2025Q3")):
        ResultLine.objects.filter(number=number).update(quarter=quarter)
    page = client.get("/open/statistics/").content.decode()
    assert page.index("2026年第一季度公示的检查结果") < page.index("2025年第四季度公示的检查结果")
    assert "2025年第三季度公示的检查结果" not in page
    assert page.count("公示的 1 次检查中，1 次没有发现问题") == 2


def test_the_feed_is_well_formed_and_names_each_publication(client, portal):
    feed = ElementTree.fromstring(client.get("/open/feed.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]
    assert len(titles) == 5
    links = [link.get("href") for link in feed.iter(f"{atom}link")]
    assert all(link.startswith("http://testserver/open/") for link in links)


def test_open_data_has_the_columns_its_schema_describes(client, portal):
    described = json.loads(client.get("/open/data/schema.json").content)["files"]
    for file in described:
        body = client.get(f"/open/data/{file['name']}.csv").content.decode("utf-8-sig")
        header, *rows = csv.reader(io.StringIO(body))
        assert header == [column["title"] for column in file["columns"]]
        document = json.loads(client.get(f"/open/data/{file['name']}.json").content)
        assert len(document["rows"]) == len(rows)
        assert bool(rows) is (file["name"] != "overrides"), "nothing of a draw is public here"
        for one in document["rows"][:1]:
            assert list(one) == [column["name"] for column in file["columns"]]


def every_page(client) -> dict[str, str]:
    """All that can be reached from the first page."""
    waiting, found = ["/open/"], {}
    while waiting:
        url = waiting.pop()
        found[url] = text(client.get(url))
        links = {unescape(link).split("#")[0] for link in findall(r'href="([^"]*)"', found[url])}
        ours = {link for link in links if link.startswith("/open/")}
        waiting += [link for link in ours if link not in found and link not in waiting]
    return found


def test_no_planted_personal_data_can_be_reached(client, portal):
    pages = every_page(client)
    assert len(pages) > 40
    leaks = {(url, leak) for url, page in pages.items() for leak in LEAKS if leak in page}
    assert leaks == set()
    assert any("［电话已隐去］" in page for page in pages.values())
    assert any("张****店" in page for page in pages.values())


def test_no_link_of_the_portal_is_dead(client, portal):
    for url in every_page(client):
        assert client.get(url).status_code == 200, url


def test_the_portal_answers_with_every_other_table_emptied(client, portal):
    before = {url: page for url, page in every_page(client).items() if not url.startswith(INLETS)}
    assert len(before) > 40
    ours = {m._meta.db_table for m in apps.get_app_config("publication").get_models()}
    others = {m._meta.db_table for m in apps.get_models()} - ours
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table in others:
                cursor.execute(f'ALTER TABLE "{table}" RENAME TO "gone_{table}"')
    remembered.forget()
    assert {url: text(client.get(url)) for url in before} == before


def test_the_pages_kept_in_memory_do_not_hide_a_table_that_is_gone(client, portal):
    """The check itself: with our own tables gone too, nothing answers."""
    client.get("/open/results/")
    remembered.forget()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE publication_resultline RENAME TO gone")
    with pytest.raises(DatabaseError), transaction.atomic():
        client.get("/open/results/")


def test_the_page_that_checks_a_draw_is_reached_from_the_portal(client, portal):
    about = text(client.get("/open/about/"))
    assert 'href="/open/verify/"' in about
    assert client.get("/open/verify/").status_code == 200
    for name in ("verify_draw.py", "verify_joint.py", "verify_ballot.py"):
        assert f'href="/static/dist/{name}" download="{name}"' in about


def minutes_kept(answer) -> float:
    """For how long a copy of an answer may be shown without asking again."""
    said = answer["Cache-Control"]
    if "no-store" in said:
        return 0
    assert "immutable" not in said
    return int(said.split("max-age=")[1].split(",")[0]) / 60


def test_no_copy_outlives_a_withdrawal_by_more_than_five_minutes(client, portal):
    pages = [url for url in every_page(client) if not url.startswith("/open/verify/")]
    assert {url for url in pages if minutes_kept(client.get(url)) > 5} == set()
    assert minutes_kept({"Cache-Control": "public, max-age=301"}) > 5


def test_a_query_that_is_too_long_is_refused_and_costs_nothing(client, portal):
    assert client.get("/open/results/", {"q": "x" * 5000}).status_code == 414
