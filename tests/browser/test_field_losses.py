"""What goes wrong on a field day: kills, a full phone, two windows, a new version, a lost phone."""

import json
import os
import shutil

from pytest_django.live_server_helper import LiveServer

from gongchou.core.terms import VisitState
from gongchou.inspection import actions, leases, models, reads, shell
from gongchou.web import clock
from tests.browser.test_field_app import (  # noqa: F401
    PIN,
    answer_and_read_back,
    field,
    house,
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


def test_a_lease_that_ends_wipes_and_a_clock_set_back_does_not_help(field, visit):  # noqa: F811
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    take_photo(field, 5)
    field.evaluate("""() => new Promise(r => { const q = indexedDB.open('gongchou-field');
      q.onsuccess = () => { const t = q.result.transaction('meta', 'readwrite').objectStore('meta');
        const g = t.get('lease'); g.onsuccess = () => {
          const p = t.put({...g.result, seen: Date.now() + 3600000}, 'lease');
          p.onsuccess = () => r() } } })""")
    field.reload()
    field.get_by_text("没有上传。它们已加密").wait_for()
    assert field.evaluate(COUNT, "kept") == 0
    field.context.set_offline(False)
    again(field)
    uploaded(field)
    assert len(reads.evidence_refs(visit)) == 1


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


def test_a_disk_that_is_really_full_is_told_and_what_was_kept_stays(field, live_server):  # noqa: F811
    """The browser itself refuses the write, whatever it said of the room before."""
    walk_to_the_checklist(field)
    take_photo(field, 1)
    field.evaluate("navigator.storage.estimate = async () => ({})")
    disk = field.context.new_cdp_session(field)
    tiny = {"origin": live_server.url, "quotaSize": 1}
    disk.send("Storage.overrideQuotaForOrigin", tiny)
    camera = field.locator(".item").first.locator("input[type=file]").first
    large = b"\x89PNG" + os.urandom(4_000_000)
    camera.set_input_files({"name": "2.png", "mimeType": "image/png", "buffer": large})
    field.get_by_text("手机存储空间不足").wait_for()
    assert field.locator(".item").first.locator(".file").count() == 1
    disk.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url})
    take_photo(field, 2)
    uploaded(field)


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
