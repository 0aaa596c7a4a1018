"""The verifier page: one file from a disk, network off, the verdicts of the core."""

import json
import random
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core.ballot_record import read_ballot_record, verify_ballot
from gongchou.core.canon import canon
from gongchou.core.draw_record import is_valid, verify
from gongchou.core.draw_values import Rate
from gongchou.core.joint_record import read_joint_record, verify_joint
from tests.browser.test_door import WCAG
from tests.core.ballot_samples import make_ballot_record
from tests.core.draw_samples import (
    CASES,
    EXAMPLES,
    PROFILES,
    VECTORS,
    forged,
    forgeries,
    make_record,
    make_row,
)
from tests.core.joint_samples import make_joint_record
from tests.machinery import DESK, PHONE
from tests.verifier.test_one_bit import EVERY_BIT, KINDS, SMALL, anchors_of, loose_places

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "gongchou/web/static/dist/verify.html"
ASK = "texts => texts.map(text => { const r = verifyRecord(text); return [r.ok, r.steps.length]; })"


@pytest.fixture
def offline(browser):
    """The page from the disk, in a browser that has no network; silence is part of the test."""
    contexts = []

    def open_page(size=DESK):
        context = browser.new_context(viewport=size, locale="zh-CN", offline=True)
        page, complaints = context.new_page(), []
        contexts.append((context, complaints))
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(PAGE.as_uri())
        return page

    yield open_page
    for context, complaints in contexts:
        context.close()
        assert complaints == []


def written(record) -> str:
    return json.dumps(record, ensure_ascii=False)


def given(page, record, tmp_path, *, announcement="", sealed=""):
    path = tmp_path / "record.json"
    path.write_text(written(record), "utf-8")
    page.get_by_label("抽取记录").set_input_files(path)
    page.get_by_label("公告摘要").fill(announcement)
    page.get_by_label("密封根").fill(sealed)
    page.get_by_role("button", name="开始核对").click()
    # The click takes an earlier verdict away, so this is the verdict on the file just given.
    page.locator("#result").wait_for()
    return page


def ours(records) -> list[list[object]]:
    """Verdict and number of steps done by the core: the last step done is the one that failed."""
    return [[is_valid(steps), len(steps)] for steps in map(verify, records)]


def test_every_judged_case_gets_the_verdict_of_the_core_at_the_same_step(offline):
    records = [case["record"] for case in CASES] + [EXAMPLES[profile] for profile in PROFILES]
    found = offline().evaluate(ASK, [written(record) for record in records])
    assert found == ours(records)
    assert [ok for ok, _ in found][: len(CASES)] == [case["ok"] for case in CASES]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_single_value_changed_is_found_at_the_same_step(offline, profile):
    records = [record for _, record in forgeries(make_record(profile, n=20))]
    found = offline().evaluate(ASK, [written(record) for record in records])
    assert found == ours(records)
    assert not any(ok for ok, _ in found)


def test_whatever_is_changed_at_random_is_judged_as_in_the_core(offline):
    chance, true = random.Random(7), make_record()
    records = [forged(true, chance)[1] for _ in range(300)]
    assert offline().evaluate(ASK, [written(record) for record in records]) == ours(records)


@pytest.mark.parametrize("text", [
    "", "[]", "{}", "7", "null", "1.5", "-0", "[" * 9999, '{"a":1,"a":1}', "\ufeff{}", '"\\ud800"',
    '{"announcement": 1e3}', "{\"\u00e9\":1}",
])  # fmt: skip
def test_what_is_no_record_gets_a_sentence(offline, text):
    found = offline().evaluate("text => verifyRecord(text)", text)
    assert not found["ok"]
    assert [step["name"] for step in found["steps"]] == ["格式与次序"]
    assert found["steps"][0]["says"].endswith("。")


def test_astral_text_is_sorted_by_code_point_as_in_the_core(offline):
    record = make_record(n=20)
    for items in (["\uffee", "\U0001f600"], ["\U0001f600", "\uffee"]):
        record["roster"][0][5] = items
        (found,) = offline().evaluate(ASK, [written(record)])
        assert [found] == ours([record])


@pytest.mark.parametrize("profile", PROFILES)
def test_an_anchored_record_passes_and_its_digests_are_shown(offline, tmp_path, profile):
    record, wanted = EXAMPLES[profile], VECTORS[profile]["announce"]
    page = given(offline(), record, tmp_path)
    assert page.locator("#verdict").inner_text() == "记录自身 12 步相符，尚未锚定"
    assert wanted in page.locator("#facts").inner_text().replace(" ", "")
    spaced = " ".join(wanted[i : i + 4] for i in range(0, 64, 4)).upper()
    given(page, record, tmp_path, announcement=spaced, sealed=record["sealed"])
    assert page.locator("#verdict").inner_text() == "核对通过"
    assert page.locator("#steps li.good").count() == 13


SLOW_DISK = """() => {
  const read = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = async function () {
    await new Promise(done => setTimeout(done, 300));
    return read.call(this);
  };
}"""


def test_a_file_still_being_read_is_waited_for(offline, tmp_path):
    page = given(offline(), EXAMPLES["sha256"], tmp_path)
    page.evaluate(SLOW_DISK)
    record = make_record()
    record["visits"][0][1][0] = [0, 8]
    given(page, record, tmp_path)
    assert "第 10 步“检查组”不符" in page.locator("#verdict").inner_text()


def test_another_announcement_fails_at_the_anchor(offline, tmp_path):
    page = given(offline(), EXAMPLES["sha256"], tmp_path, announcement="0" * 64)
    assert page.locator("#verdict").inner_text() == "核对不通过：第 13 步“锚定”不符"


def test_a_forged_record_names_the_step_and_says_what_to_do(offline, tmp_path):
    record = make_record()
    record["visits"][0][1][0] = [0, 8]
    page = given(offline(), record, tmp_path)
    assert "第 10 步“检查组”不符" in page.locator("#verdict").inner_text()
    assert page.locator("#steps li.bad .says").inner_text().endswith("检查组与重算结果不符。")
    assert page.locator("#own").is_hidden()


def test_a_rehearsal_is_unmistakable(offline, tmp_path):
    case = next(c for c in CASES if c["ok"] and c["record"]["announcement"]["draw"][:4] == "TEST")
    page = given(offline(), case["record"], tmp_path)
    assert page.locator("#band").is_visible()
    assert "演练" in page.locator("#verdict").inner_text()


def test_an_enterprise_finds_itself_and_nobody_else_is_named(offline, tmp_path):
    record = make_record()
    page = given(offline(), record, tmp_path)
    drawn, gone = {pid for pid, _ in record["visits"]}, record["substitutions"][0][0]
    answers = {make_row("sha256", i).pid: own(page, f"虚构企业{i:05}") for i in range(40)}
    assert {pid for pid, says in answers.items() if says == "已抽中"} == drawn
    assert [pid for pid, says in answers.items() if says == "曾抽中，已免查"] == [gone]


def own(page, name: str) -> str:
    page.get_by_label("登记内容").fill(written({"name": name}))
    page.get_by_label("盐值").fill("0" * 32)
    page.get_by_role("button", name="核对本企业").click()
    return page.locator("#own-verdict").inner_text()


def test_a_stranger_to_the_roster_is_told_so(offline, tmp_path):
    page = given(offline(), make_record(), tmp_path)
    page.get_by_label("登记内容").fill('{"name":"别家"}')
    page.get_by_label("盐值").fill("0" * 32)
    page.get_by_role("button", name="核对本企业").click()
    assert "名录中没有这一行" in page.locator("#own-fault").inner_text()
    assert page.locator("#own-result").is_hidden()


def test_without_a_file_the_page_says_what_is_missing(offline):
    page = offline()
    page.get_by_role("button", name="开始核对").click()
    page.get_by_text("还没有选择抽取记录").wait_for()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_page_fits_and_has_no_known_barrier(offline, tmp_path, size):
    page = given(offline(size), EXAMPLES["sha256"], tmp_path)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    assert Axe().run(page, options={"runOnly": WCAG}).response["violations"] == []


def test_the_file_asks_nothing_of_any_network():
    text = PAGE.read_text("utf-8")
    assert "default-src 'none'" in text
    assert "://" not in text


def test_served_by_us_it_runs_under_its_own_policy(page, live_server, tmp_path):
    page.goto(f"{live_server.url}/open/verify/")
    given(page, EXAMPLES["sm3"], tmp_path)
    assert "尚未锚定" in page.locator("#verdict").inner_text()


@pytest.mark.django_db
def test_its_policy_fetches_nothing_and_lets_nobody_frame_it(client):
    policy = client.get("/open/verify/")["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


# -- draws by numbered balls


def balloted(records) -> list[list[object]]:
    return [[is_valid(steps), len(steps)] for steps in map(verify_ballot, records)]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_ballot_is_judged_as_by_the_core_whatever_is_changed(offline, profile):
    true, chance = make_ballot_record(profile, n=20, outs=2), random.Random(3)
    changed = [record for _, record in forgeries(true)]
    changed += [forged(true, chance)[1] for _ in range(200)]
    records = [true, *changed]
    found = offline().evaluate(ASK, [written(record) for record in records])
    assert found == balloted(records)
    assert found[0] == [True, 12]


def test_many_ballots_of_scarce_bureaus_are_judged_as_by_the_core(offline):
    records = [make_ballot_record(seed=seed, n=10 + seed, outs=seed % 4) for seed in range(40)]
    records.append(
        make_ballot_record(
            rates={"K": Rate(num=1, den=4, floor=1), "G": Rate(num=0, den=1, floor=0)}
        )
    )
    found = offline().evaluate(ASK, [written(record) for record in records])
    assert found == [[True, 12]] * len(records)


def test_the_page_says_that_balls_were_drawn_and_offers_no_ticket(offline, tmp_path):
    record = make_ballot_record()
    digest = read_ballot_record(record).announcement.digest().hex()
    page = given(offline(), record, tmp_path, announcement=digest, sealed=record["sealed"])
    assert page.locator("#verdict").inner_text() == "核对通过"
    assert "人工摇号，2 名见证人" in page.locator("#facts").inner_text()
    assert page.locator("#own").is_hidden()


# -- draws of several departments


def jointly(records) -> list[list[object]]:
    return [[is_valid(steps), len(steps)] for steps in map(verify_joint, records)]


def test_a_joint_draw_is_judged_as_by_the_core_whatever_is_changed(offline):
    true, chance = make_joint_record(sites=12), random.Random(3)
    changed = [record for _, record in forgeries(true)]
    changed += [forged(true, chance)[1] for _ in range(200)]
    records = [true, *changed]
    found = offline().evaluate(ASK, [written(record) for record in records])
    assert found == jointly(records)
    assert found[0] == [True, 13]


def test_many_joint_draws_and_the_published_ones_are_judged_as_by_the_core(offline):
    records = [make_joint_record(seed=seed, outs=seed % 4) for seed in range(30)]
    published = json.loads((ROOT / "docs/spec/draw2.vectors.json").read_text("utf-8"))
    records += [own["record"] for own in published.values()]
    found = offline().evaluate(ASK, [written(record) for record in records])
    assert found == [[True, 13]] * len(records)


# -- one flipped bit

FLIP = """([text, loose, anchors, every]) => {
  const body = new TextEncoder().encode(text), missed = [], named = {};
  let made = 0;
  for (let at = 0; at < body.length; at += 1) {
    if (loose.includes(at)) continue;
    for (let bit = 0; bit < 8; bit += 1) {
      if (!every && bit !== at % 8) continue;
      body[at] ^= 1 << bit;
      const found = verifyRecord(body, anchors), last = found.steps[found.steps.length - 1];
      body[at] ^= 1 << bit;
      made += 1;
      if (found.ok || last.ok || !last.says.endsWith("。")) missed.push([at, bit]);
      named[last.name] = (named[last.name] ?? 0) + 1;
    }
  }
  return { made, missed, named, sound: verifyRecord(body, anchors).ok };
}"""


@pytest.mark.parametrize("kind", KINDS)
def test_no_byte_of_a_small_file_can_be_changed(offline, kind):
    """One bit of each byte; with GONGCHOU_EVERY_BIT=1 all eight, which takes minutes."""
    record = SMALL[kind]()
    body, loose = canon(record), sorted(loose_places(canon(record), record))
    asked = [body.decode(), loose, anchors_of(record, KINDS[kind][3]), EVERY_BIT]
    found = offline().evaluate(FLIP, asked)
    assert (found["sound"], found["missed"]) == (True, [])
    assert found["made"] == (len(body) - len(loose)) * (8 if EVERY_BIT else 1)
    assert len(found["named"]) >= 4


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_page_names_the_departments_and_an_enterprise_asks_all_of_them(offline, tmp_path, size):
    record = make_joint_record(outs=0)
    digest = read_joint_record(record).announcement.digest().hex()
    page = given(offline(size), record, tmp_path, announcement=digest, sealed=record["sealed"])
    assert page.locator("#verdict").inner_text() == "核对通过"
    facts = page.locator("#facts").inner_text()
    assert "执法大队、市场监管、应急管理共用抽签号，执法大队牵头" in facts
    drawn = {pid for pid, _ in record["visits"]}
    answers = {make_row("sha256", i).pid: own(page, f"虚构企业{i:05}") for i in range(24)}
    assert {pid for pid, says in answers.items() if says == "已抽中"} == drawn
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
