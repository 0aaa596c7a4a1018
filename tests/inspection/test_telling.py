"""Messages for a gateway: one a person, whole, and without any enterprise's name."""

import json

from gongchou.core.powers import system
from gongchou.inspection import actions, telling
from tests.conftest import AT, BUREAU
from tests.inspection.people import opened
from tests.inspection.test_process import HOUR


def told(folder) -> list[dict[str, str]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.iterdir())]


def test_each_officer_gets_the_dispatch_and_the_card_and_no_name_of_a_site(
    house, settings, tmp_path
):
    settings.MESSAGES = tmp_path
    ref = opened(house)
    telling.tell_officers(ref, "")
    telling.tell_officers(ref, "")
    assert {row["name"] for row in told(tmp_path)} == {"李执法", "王执法"}
    assert {row["to"] for row in told(tmp_path)} == {"li", "wang"}
    actions.remind(by=system(BUREAU), at=AT + 4 * HOUR)
    telling.tell_officers(ref, "acceptance")
    assert len(told(tmp_path)) == 4
    assert any("黄牌提醒" in row["says"] for row in told(tmp_path))
    assert "虚构化工" not in json.dumps(told(tmp_path), ensure_ascii=False)


def test_the_dispatch_asks_for_its_messages_only_where_a_gateway_listens(
    house, settings, tmp_path, monkeypatch
):
    asked = []
    monkeypatch.setattr(telling, "enqueue", lambda *given: asked.append(given))
    opened(house)
    assert asked == []
    settings.MESSAGES = tmp_path
    ref = opened(house)
    actions.remind(by=system(BUREAU), at=AT + 4 * HOUR)
    assert (telling.TELL, ref, "") in asked
    assert (telling.TELL, ref, "acceptance") in asked


def test_without_a_gateway_nothing_is_written(house, settings, tmp_path):
    settings.MESSAGES = None
    telling.tell_officers(opened(house), "")
    assert list(tmp_path.iterdir()) == []
