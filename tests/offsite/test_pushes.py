"""Programs push what files hold: the same rows, each once, told in Chinese what was wrong."""

import json
import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from gongchou.accounts import actions as accounts
from gongchou.audit import reads as audit
from gongchou.core.clue_terms import InletKind
from gongchou.core.powers import Power, console
from gongchou.core.terms import BureauLevel, ImportKind, Role
from gongchou.offsite import actions, inlet_reads, models
from gongchou.offsite.actions import pushes
from gongchou.web import clock
from gongchou.web.throttle import ThrottleMiddleware
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.test_inlets import HEADER, NORTH, line, patrol
from tests.registry.test_import import csv, take, uscc

UNTIL = TODAY + timedelta(90)
PUSH = frozenset({Power.PUSH_ROWS})
SOURCE = "虚构视频平台"
CLIP = "cd" * 32


@pytest.fixture(autouse=True)
def still(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def site(chen, bureau) -> None:
    take(ImportKind.SUBJECTS, csv(line(1, NORTH), header=HEADER), chen)
    table = f"摄像头编号,统一社会信用代码\nCAM-1,{uscc(1)}\n".encode()
    actions.receive_file(InletKind.CAMERAS, "摄像头.csv", table, by=chen, at=AT)


@pytest.fixture
def secret(bureau) -> str:
    by = console(bureau, "root")
    return accounts.create_token("平台推送", PUSH, until=UNTIL, is_own=False, by=by, at=AT)


def sent(secret: str, body: object, kind: str = "video", **options) -> tuple[int, dict]:
    """As a program sends it: no cookie, no token of a form."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(
        f"/api/v1/inlets/{kind}", body, content_type="application/json", headers=headers, **options
    )
    return answer.status_code, answer.json()


def seen(number: str, **cells) -> dict[str, object]:
    ordinary = {
        "来源编号": number,
        "摄像头编号": "CAM-1",
        "时间": "2026-01-05 08:00",
        "类别": "黑烟",
        "置信度": 0.93,
        "帧数": 9,
        "片段摘要": CLIP,
    }
    return {**ordinary, **cells}


def batch(*rows, source: str = SOURCE) -> dict[str, object]:
    return {"source": source, "rows": list(rows)}


def test_rows_pushed_are_kept_as_those_of_a_file_are(site, secret, bureau):
    status, told = sent(secret, batch(seen("1"), seen("2", 置信度=0.5)))
    assert status == 200, told
    assert (told["accepted"], told["sightings"], told["filtered"]) == (2, 1, 1)
    row = models.Sighting.objects.get()
    assert row.subject is not None
    assert row.file.ref == told["ref"]
    event = audit.events(bureau)[0].event
    assert (event.kind, event.about, event.data["source"]) == (
        "inlet_received",
        row.file.ref,
        SOURCE,
    )
    assert "平台推送" in event.by_name


def test_a_batch_sent_twice_counts_once_and_a_longer_one_only_by_what_is_new(site, secret):
    whole = batch(seen("1"), seen("2"))
    assert sent(secret, whole)[1]["accepted"] == 2
    again = sent(secret, whole)[1]
    assert (again["accepted"], again["duplicates"], again["ref"]) == (0, 2, "")
    longer = sent(secret, batch(seen("2"), seen("3"), seen("3")))[1]
    assert (longer["accepted"], longer["duplicates"]) == (1, 2)
    assert models.Sighting.objects.count() == 3
    assert models.PushedRow.objects.count() == 3


def test_one_number_is_never_two_things_but_another_source_has_its_own(site, secret):
    sent(secret, batch(seen("1")))
    told = sent(secret, batch(seen("1", 类别="露天焚烧")))[1]
    assert told["accepted"] == 0
    assert "以前收到过这个编号，内容不同" in told["problems"][0]["says"]
    assert sent(secret, batch(seen("1"), source="另一平台"))[1]["accepted"] == 1


def test_bad_rows_are_told_one_by_one_and_may_come_again_mended(site, secret):
    rows = seen("1"), seen("2", 时间="昨天"), seen("", 帧数=3), seen("4", 置信度="NaN")
    told = sent(secret, batch(*rows))[1]
    assert told["accepted"] == 1
    assert [(one["row"], one["column"]) for one in told["problems"]] == [
        (2, "时间"),
        (3, "来源编号"),
        (4, "置信度"),
    ]
    assert told["problems"][0]["says"].startswith("第 2 行“时间”为“昨天”，不是时间")
    assert sent(secret, batch(*rows))[1]["duplicates"] == 1
    assert models.InletFile.objects.filter(source=SOURCE).count() == 1
    assert sent(secret, batch(seen("2")))[1]["accepted"] == 1


def test_a_batch_with_a_column_missing_is_refused_whole(site, secret):
    row = seen("1")
    del row["片段摘要"]
    status, told = sent(secret, batch(row))
    assert (status, told["kind"]) == (422, "invalid")
    assert "缺少列“片段摘要”" in told["says"]
    assert not models.PushedRow.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b'{"source": "\xe8\x99\x9a", "rows": [{"', 400, "可能没有送完"),
        (b"\xff\xfe", 400, "可能没有送完"),
        (b"[" * 100_000, 400, "可能没有送完"),
        ({"rows": []}, 422, "参数 source"),
        ({"source": SOURCE, "rows": {"a": 1}}, 422, "参数 rows"),
        ({"source": SOURCE, "rows": []}, 422, "至少送一行"),
        ({"source": " ", "rows": [{}]}, 422, "从哪个系统来"),
        ({"source": SOURCE, "rows": [{}] * 5001}, 422, "最多 5000 行"),
        ({"source": SOURCE, "rows": [seen("1", 类别=["黑烟"])]}, 422, "不能是列表"),
        ({"source": SOURCE, "rows": [seen("1", 类别="黑\0烟")]}, 422, "空字符"),
        ('{"source": "虚", "rows": [{"来源编号": "\\ud800"}]}', 422, "残缺的字符"),
    ],
)
def test_what_is_cut_off_or_misshapen_is_refused_in_one_sentence(site, secret, body, status, says):
    answered, told = sent(secret, body)
    assert answered == status
    assert says in told["says"]
    assert not re.search("[a-z]{4,} [a-z]{3,}", told["says"])
    assert not models.PushedRow.objects.exists()


def test_only_a_token_with_the_power_pushes(site, chen, bureau):
    by = console(bureau, "root")
    reading = frozenset({Power.SEE_REGISTER})
    reader = accounts.create_token("取数", reading, until=UNTIL, is_own=False, by=by, at=AT)
    assert sent("", batch(seen("1")))[0] == 401
    assert sent("gongchou_wrong", batch(seen("1")))[0] == 401
    status, told = sent(reader, batch(seen("1")))
    assert (status, told["kind"]) == (403, "not_allowed")
    assert "没有“推送外部数据”的权限" in told["says"]
    assert audit.events(BUREAU)[0].event.kind == "access_refused"
    assert not models.PushedRow.objects.exists()


def test_a_pushing_token_reads_nothing_and_confirms_nothing(site, secret, client):
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/subjects", headers=headers).status_code == 403
    sent(secret, batch(seen("1")))
    ref = models.Sighting.objects.get().ref
    path = f"/offsite/inlets/sightings/{ref}/"
    assert client.post(path, {"act": "confirm", "why": "是"}, headers=headers).status_code == 302
    assert not models.Clue.objects.exists()


def test_an_officers_own_token_falls_with_the_office(site, chen, bureau):
    own = accounts.create_token("自用", PUSH, until=UNTIL, by=chen, at=AT)
    assert sent(own, batch(seen("1")))[0] == 200
    accounts.revoke_role("U-chen", Role.OFFICE, on=TODAY, by=console(bureau, "root"), at=AT)
    assert sent(own, batch(seen("2")))[0] == 403


def test_another_bureau_has_its_own_numbers_and_none_of_our_cameras(site, secret):
    root = console("990174", "root")
    level = BureauLevel.DISTRICT
    accounts.create_bureau("990174", "另一分局（虚构）", level=level, by=root, at=AT)
    theirs = accounts.create_token("推送", PUSH, until=UNTIL, is_own=False, by=root, at=AT)
    assert sent(secret, batch(seen("1")))[1]["sightings"] == 1
    told = sent(theirs, batch(seen("1")))[1]
    assert (told["accepted"], told["duplicates"], told["sightings"]) == (1, 0, 0)
    assert models.Sighting.objects.get().bureau.code == BUREAU


def test_who_complained_is_not_kept_of_what_a_hotline_pushes(site, secret):
    row = {
        "来源编号": "12345-1",
        "工单号": "12345-1",
        "时间": "2026-01-05 08:00",
        "渠道": "12345",
        "内容": "夜里刺鼻，13911112222",
        "地点": "河西路",
        "联系人": "路人乙",
    }
    assert sent(secret, batch(row), "complaint")[1]["accepted"] == 1
    file = models.InletFile.objects.get(source=SOURCE)
    kept = bytes(file.content).decode() + models.Sighting.objects.get().says
    assert "路人乙" not in kept
    assert "13911112222" not in kept


def test_a_run_of_a_patrol_car_is_pushed_in_one_batch(site, secret):
    header, *rows = patrol(0, 1200).decode().split("\n")
    cells = [dict(zip(header.split(","), row.split(","), strict=True)) for row in rows]
    numbered = [{"来源编号": str(n), **row} for n, row in enumerate(cells)]
    assert sent(secret, batch(*numbered, source="走航一号"), "patrol")[1]["sightings"] == 2
    assert models.Sighting.objects.first().body["confirmed_by"]


def test_two_at_the_same_time_leave_one_and_the_other_is_told_to_come_again(
    site, secret, monkeypatch
):
    sent(secret, batch(seen("1")))
    monkeypatch.setattr(pushes, "_known", lambda *_: {})
    status, told = sent(secret, batch(seen("1")))
    assert (status, told["kind"]) == (409, "stale")
    assert "原样再送" in told["says"]
    assert models.InletFile.objects.filter(source=SOURCE).count() == 1


def test_a_batch_too_large_or_too_often_is_turned_away_in_the_same_form(site, secret, settings):
    status, told = sent(secret, b"x" * (5 * 2**20 + 1))
    assert (status, told["kind"]) == (413, "too_large")
    settings.IS_THROTTLED = True
    door = ThrottleMiddleware(lambda _: HttpResponse(status=401), clock=lambda: 0.0)
    asked = RequestFactory().post("/api/v1/inlets/video", b"{}", content_type="application/json")
    answers = [door(asked) for _ in range(61)]
    assert [one.status_code for one in answers] == [401] * 60 + [429]
    assert json.loads(answers[-1].content)["kind"] == "too_often"
    assert int(answers[-1]["Retry-After"]) >= 1


def test_the_page_lists_sources_and_only_batches_with_something_to_look_at(
    site, secret, signed_in, chen
):
    sent(secret, batch(seen("1", 置信度=0.1)))
    sent(secret, batch(seen("2")))
    page = signed_in(chen).get("/offsite/inlets/").content.decode()
    assert "其他系统的推送" in page
    assert page.count(f"{SOURCE} 推送") == 1
    (row,) = inlet_reads.pushing(BUREAU, AT + timedelta(days=1))
    assert (row.source, row.batches, row.accepted) == (SOURCE, 2, 2)
    assert inlet_reads.pushing(BUREAU, AT + timedelta(days=8)) == ()
