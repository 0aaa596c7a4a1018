"""What goes wrong on a field day: kills, a full phone, two windows, a new version, a lost phone."""

import json
import shutil
from datetime import timedelta

import pytest
from pytest_django.live_server_helper import LiveServer

from gongchou.core.terms import VisitState
from gongchou.inspection import actions, leases, models, reads, shell
from gongchou.web import clock
from tests.browser.test_field_app import (  # noqa: F401
    PIN,
    answer_and_read_back,
    field,
    house,
    is_sound,
    phone,
    press,
    settled,
    sign_all,
    taken_along,
    uploaded,
    visit,
    walk_to_the_checklist,
)
from tests.inspection.test_field_sync import picture

DUMP = """async () => {
  const done = q => new Promise(r => { q.onsuccess = () => r(q.result) });
  const text = value => {
    if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    if (value && typeof value === 'object' && !(value instanceof CryptoKey))
      return Object.entries(value).map(([k, v]) => k + text(v)).join(' ');
    return String(value);
  };
  const out = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store);
      for (const kind of ['getAll', 'getAllKeys'])
        out.push(text(await done(all[kind]())));
    }
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) out.push(key.url, await (await cache.match(key)).text());
  }
  return out.join('\\n');
}"""
COUNT = """store => new Promise(r => {
  const q = indexedDB.open('gongchou-field');
  q.onsuccess = () => {
    const c = q.result.transaction(store).objectStore(store).count();
    c.onsuccess = () => r(c.result);
  };
})"""


def reopened(window, url: str):
    """The browser is killed and started again: a new window, the digits, where one was."""
    context = window.context
    window.close()
    again = context.new_page()
    again.goto(url)
    again.get_by_label("手机口令").fill(PIN)
    press(again, "打开")
    again.get_by_label("手机口令").wait_for(state="detached")
    settled(again)
    return again


def take_photo(window, number: int) -> None:
    """One tap on the camera of the first item."""
    before = window.locator(".item").first.locator(".file").count()
    camera = window.locator(".item").first.locator("input[type=file]").first
    file = {"name": f"{number}.png", "mimeType": "image/png", "buffer": picture(number)}
    camera.set_input_files(file)
    window.locator(".item").first.locator(".file").nth(before).wait_for()


def test_a_day_of_photos_and_kills_without_a_network_loses_nothing(field, visit):  # noqa: F811
    """Twelve photos, a kill after every second one, the network gone all the while."""
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    field.locator(".item").first.get_by_label("未发现问题").check()
    settled(field)
    url, window = field.url, field
    for number in range(1, 13):
        take_photo(window, number)
        if number % 2 == 0:
            window = reopened(window, url)
    assert window.locator(".item").first.locator(".file").count() == 12
    answer_and_read_back(window)
    sign_all(window)
    # What the officer was told is done is what must not be lost.
    window.get_by_role("heading", name="已提交，等待上传").wait_for()
    window = reopened(window, url)
    window.context.set_offline(False)
    uploaded(window)
    assert reads.visit(visit).state is VisitState.SUBMITTED
    photos = [file for file in reads.record(visit).evidence if file.kind.value == "photo"]
    assert [file.name for file in photos] == [f"{n}.png" for n in range(1, 13)]
    rows = leases.operations(visit)
    made = [json.loads(row.written)["number"] for row in rows]
    assert made == sorted(set(made))
    assert window.evaluate(COUNT, "pieces") == window.evaluate(COUNT, "queue") == 0


def test_the_app_opens_from_cold_while_the_server_is_gone(phone, live_server, visit):  # noqa: F811
    server = LiveServer("localhost")
    taken_along(phone, server)
    server.stop()
    phone.context.set_offline(True)
    window = reopened(phone, f"{server.url}/field/")
    window.get_by_text("虚构化工1").first.wait_for()
    window.get_by_text("没有网络").wait_for()


def test_nothing_on_the_phone_can_be_read_without_the_digits(field, visit):  # noqa: F811
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    take_photo(field, 7)
    dump = field.evaluate(DUMP)
    assert len(dump) > 50_000
    for canary in ("虚构化工", "钱厂长", "虚1001", "李执法", "虚构条例", PIN):
        assert canary not in dump, canary
    assert picture(7).decode("utf-8", "replace")[:20] not in dump


def test_five_wrong_digits_wipe_what_can_be_read_and_keep_what_is_unsent(
    field,  # noqa: F811
    visit,  # noqa: F811
    live_server,
):
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    take_photo(field, 3)
    unsent = field.evaluate(COUNT, "queue")
    assert unsent >= 3
    field.reload()
    for number in range(5):
        field.get_by_label("手机口令").fill(f"99988{number}")
        press(field, "打开")
        if number < 4:
            field.get_by_text(f"还可以再试 {4 - number} 次").wait_for()
    field.get_by_text(f"手机上还有 {unsent} 项没有上传").wait_for()
    assert field.evaluate(COUNT, "kept") == 0
    assert field.evaluate(COUNT, "queue") == unsent
    field.context.set_offline(False)
    again(field)
    uploaded(field)
    assert len(reads.evidence_refs(visit)) == 1


def again(window) -> None:
    """Take the visits along once more."""
    press(window, "再试一次")
    window.get_by_label("手机口令").fill(PIN)
    window.get_by_label("再输一次").fill(PIN)
    press(window, "领取检查")
    window.get_by_role("heading", name="我的检查").wait_for()


def test_a_clock_set_back_opens_nothing_and_takes_nothing(field, visit):  # noqa: F811
    """A thief gains no hour by it, and an officer whose clock the network corrects goes on."""
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    field.locator(".item").first.get_by_label("未发现问题").check()
    take_photo(field, 5)
    field.clock.set_fixed_time(clock.now() + timedelta(minutes=1))
    field.reload()
    opened(field)
    field.clock.set_fixed_time(clock.now() - timedelta(minutes=30))
    field.reload()
    field.get_by_text("已填写的内容都在").wait_for()
    is_sound(field)
    press(field, "再试一次")
    assert field.get_by_label("手机口令").count() == 0
    assert field.evaluate(COUNT, "kept") > 0
    field.clock.set_fixed_time(clock.now())
    press(field, "再试一次")
    opened(field)
    assert field.locator(".item").first.get_by_label("未发现问题").is_checked()
    assert field.locator(".item").first.locator(".file").count() == 1


def test_a_clock_set_back_while_the_digits_are_asked_opens_nothing(field):  # noqa: F811
    field.reload()
    field.get_by_label("手机口令").wait_for()
    field.clock.set_fixed_time(clock.now() - timedelta(minutes=30))
    field.get_by_label("手机口令").fill(PIN)
    press(field, "打开")
    field.get_by_role("heading", name="手机时间不对").wait_for()
    field.clock.set_fixed_time(clock.now())
    press(field, "再试一次")
    field.get_by_label("手机口令").fill(PIN)
    press(field, "打开")
    field.get_by_role("heading", name="我的检查").wait_for()


def opened(window) -> None:
    window.get_by_label("手机口令").fill(PIN)
    press(window, "打开")
    window.get_by_role("heading", name="检查表").wait_for()


def test_answers_that_no_act_holds_yet_outlive_the_lease(field, visit):  # noqa: F811
    """Told as kept on the phone: so they arrive, although nobody pressed on before the end."""
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    item = field.locator(".item").first
    item.get_by_label("发现问题", exact=True).check()
    item.get_by_label("问题", exact=True).fill("虚构的台账缺页")
    field.get_by_text("已保存在本机").wait_for()
    field.wait_for_timeout(1000)
    take_photo(field, 4)
    assert "虚构的台账缺页" not in field.evaluate(DUMP)
    field.clock.set_fixed_time(clock.now() + timedelta(hours=24, minutes=1))
    field.reload()
    field.get_by_text("没有上传。它们已加密").wait_for()
    assert field.evaluate(COUNT, "kept") == 0
    field.clock.set_fixed_time(clock.now())
    field.context.set_offline(False)
    again(field)
    uploaded(field)
    assert [one.says for one in reads.record(visit).body.findings] == ["虚构的台账缺页"]
    press(field, "回到检查清单")
    field.get_by_text("虚构化工1").first.click()
    field.get_by_role("heading", name="检查表").wait_for()
    assert field.get_by_label("问题", exact=True).input_value() == "虚构的台账缺页"
    numbers = [json.loads(row.written)["number"] for row in leases.operations(visit)]
    assert numbers == sorted(set(numbers))


def test_what_another_officer_left_unsent_does_not_redraw_the_screen(field, live_server):  # noqa: F811
    """Their act waits for them; whoever has the phone now goes on writing undisturbed."""
    field.context.set_offline(True)
    field.get_by_text("虚构化工1").first.click()
    press(field, "我已学习以上内容")
    field.get_by_role("button", name="登记到场").wait_for()
    field.clock.set_fixed_time(clock.now() + timedelta(hours=24, minutes=1))
    field.reload()
    field.get_by_text("没有上传。它们已加密").wait_for()
    field.clock.set_fixed_time(clock.now())
    field.context.set_offline(False)
    field.context.clear_cookies()
    taken_along(field, live_server, "wang")
    field.goto(f"{live_server.url}/field/#settings")
    field.get_by_label("签字口令").first.fill("7319")
    with field.expect_response("**/field/api/operations") as sent:
        field.evaluate("dispatchEvent(new Event('online'))")
    assert "另一位检查人员" in sent.value.json()["receipts"][0]["says"]
    field.wait_for_timeout(1000)
    assert field.get_by_label("签字口令").first.input_value() == "7319"


def test_a_phone_taken_back_is_emptied_when_it_asks(field, house):  # noqa: F811
    lease = models.FieldLease.objects.get(revoked_at=None)
    actions.revoke_lease(lease.ref, by=house.chen, at=clock.now())
    press(field, "刷新")
    field.get_by_role("heading", name="领取检查").wait_for()
    assert field.evaluate(COUNT, "kept") == 0


def test_a_full_phone_says_so_and_keeps_what_it_has(field):  # noqa: F811
    walk_to_the_checklist(field)
    take_photo(field, 1)
    field.evaluate(
        "navigator.storage.estimate = async () => ({ quota: 10_000_000, usage: 9_900_000 })"
    )
    camera = field.locator(".item").first.locator("input[type=file]").first
    file = {"name": "2.png", "mimeType": "image/png", "buffer": picture(2)}
    camera.set_input_files(file)
    field.get_by_text("手机存储空间不足").wait_for()
    assert field.locator(".item").first.locator(".file").count() == 1


# What Chromium says when the disk under it is full; seen on a real small disk (benchmarks).
NO_ROOM = """name => { const put = IDBObjectStore.prototype.put;
  const error = new DOMException('Failed to write blobs (IOError)', name);
  const of = IDBTransaction.prototype;
  Object.defineProperty(of, 'error', { get: () => error, configurable: true });
  IDBObjectStore.prototype.put = function () { try { this.transaction.abort(); } catch { } };
  window.freed = () => { IDBObjectStore.prototype.put = put; delete of.error; };
}"""


@pytest.mark.parametrize("name", ["DataError", "QuotaExceededError"])
def test_a_disk_without_room_loses_nothing_and_goes_on_when_there_is_some(field, visit, name):  # noqa: F811
    walk_to_the_checklist(field)
    take_photo(field, 1)
    field.evaluate(NO_ROOM, name)
    item = field.locator(".item").first
    file = {"name": "2.png", "mimeType": "image/png", "buffer": picture(2)}
    item.locator("input[type=file]").first.set_input_files(file)
    field.get_by_text("手机存储空间不足，这一步没有保存").wait_for()
    assert item.locator(".file").count() == 1
    field.evaluate("window.freed()")
    take_photo(field, 2)
    uploaded(field)
    assert len(reads.evidence_refs(visit)) == 2


# The disk takes no more: what is tried in the cache fails, as on a real small disk (benchmarks).
NO_TRIAL = """() => { const put = Cache.prototype.put;
  Cache.prototype.put = async () => { throw new DOMException('no room', 'QuotaExceededError'); };
  window.touched = 0;
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, ...more) {
    if (mode === 'readwrite') window.touched += 1;
    return begin.call(this, names, mode, ...more);
  };
  window.freed = () => { Cache.prototype.put = put; };
}"""


def test_a_full_disk_is_found_before_the_database_is_touched(field, visit):  # noqa: F811
    """A database that meets a full disk in mid-write may be thrown away by the browser."""
    walk_to_the_checklist(field)
    take_photo(field, 1)
    uploaded(field)
    field.go_back()
    field.get_by_role("heading", name="检查表").wait_for()
    field.evaluate(NO_TRIAL)
    item = field.locator(".item").first
    file = {"name": "2.png", "mimeType": "image/png", "buffer": picture(2)}
    item.locator("input[type=file]").first.set_input_files(file)
    field.get_by_text("手机存储空间不足，这一步没有保存").wait_for()
    assert field.evaluate("window.touched") == 0
    assert item.locator(".file").count() == 1
    field.evaluate("window.freed()")
    take_photo(field, 2)
    uploaded(field)
    assert len(reads.evidence_refs(visit)) == 2


def test_a_full_phone_still_opens(field):  # noqa: F811
    walk_to_the_checklist(field)
    field.reload()
    field.evaluate(NO_TRIAL)
    opened(field)
    assert field.evaluate("window.touched") > 0


def test_the_lease_ends_by_the_hour_and_what_was_unsent_arrives_all_the_same(field, visit):  # noqa: F811
    """A day later by the phone's clock: nothing to read, fifteen photos for the server alone."""
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    for number in range(1, 16):
        take_photo(field, number)
    unsent = field.evaluate(COUNT, "queue")
    field.clock.set_fixed_time(clock.now() + timedelta(hours=24, minutes=1))
    field.reload()
    field.get_by_text(f"手机上还有 {unsent} 项没有上传").wait_for()
    dump = field.evaluate(DUMP)
    for canary in ("虚构化工", "钱厂长", "虚1001", PIN):
        assert canary not in dump, canary
    assert field.evaluate(COUNT, "kept") == 0
    field.clock.set_fixed_time(clock.now())
    field.context.set_offline(False)
    again(field)
    uploaded(field)
    assert len(reads.evidence_refs(visit)) == 15


def test_one_visit_is_open_in_one_window(field, visit):  # noqa: F811
    walk_to_the_checklist(field)
    other = field.context.new_page()
    other.goto(field.url)
    other.get_by_label("手机口令").fill(PIN)
    press(other, "打开")
    other.get_by_role("heading", name="这次检查已在另一个窗口打开").wait_for()


def test_a_new_version_waits_for_the_officer_and_loses_nothing(field, monkeypatch, tmp_path):  # noqa: F811
    walk_to_the_checklist(field)
    field.locator(".item").first.get_by_label("未发现问题").check()
    settled(field)

    newer = tmp_path / "field"
    shutil.copytree(shell.FOLDER, newer)
    worker = (newer / "sw.js").read_text("utf-8")
    (newer / "sw.js").write_text(worker.replace('"field-', '"field-new-'), "utf-8")
    monkeypatch.setattr(shell, "FOLDER", newer)
    field.evaluate("navigator.serviceWorker.getRegistration().then(r => r.update())")
    field.get_by_text("现场检查有新版本").wait_for()
    assert field.locator(".item").first.get_by_label("未发现问题").is_checked()
    press(field, "现在更新")
    field.get_by_label("手机口令").fill(PIN)
    press(field, "打开")
    field.get_by_role("heading", name="检查表").wait_for()
    assert field.locator(".item").first.get_by_label("未发现问题").is_checked()
