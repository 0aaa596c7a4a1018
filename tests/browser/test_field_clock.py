"""A phone whose clock is wrong says so; a photo that is there already is refused in words."""

from datetime import timedelta

from tests.browser.test_field_app import (  # noqa: F401
    answer_and_read_back,
    field,
    house,
    is_sound,
    phone,
    press,
    settled,
    taken_along,
    visit,
    walk_to_the_checklist,
)
from tests.browser.test_field_losses import take_photo
from tests.inspection.test_field_sync import picture

AHEAD = timedelta(days=2)
CLOCK = """(() => { const Real = Date; globalThis.Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(Real.now() + SHIFT); }
  static now() { return Real.now() + SHIFT; } } })()"""


def test_a_phone_two_days_ahead_says_so_and_asks_nothing_about_the_day(phone, live_server, visit):  # noqa: F811
    shift = str(int(AHEAD.total_seconds() * 1000))
    phone.context.add_init_script(CLOCK.replace("SHIFT", shift))
    window = taken_along(phone, live_server)
    window.get_by_text("手机时钟比服务器快约 48 小时").wait_for()
    is_sound(window)
    walk_to_the_checklist(window)
    answer_and_read_back(window)
    window.locator(".signer").first.wait_for()
    press(window, "上一步")
    settled(window)
    shown = window.locator("main").inner_text()
    assert "没有确认检查前学习" in shown
    assert "计划" not in shown


def test_a_photo_of_another_item_is_refused_in_words(field, visit):  # noqa: F811
    walk_to_the_checklist(field)
    take_photo(field, 1)
    second = field.locator(".item").nth(1)
    file = {"name": "1.png", "mimeType": "image/png", "buffer": picture(1)}
    second.locator("input[type=file]").first.set_input_files(file)
    field.get_by_text("这个文件已经存在这次检查的另一项里").wait_for()
    assert second.locator(".file").count() == 0
