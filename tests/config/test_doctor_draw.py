"""The doctor looks at the draw log as an outsider would, and at what the portal said of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongchou.config.checkup_draw import draw_logs
from gongchou.core.canon import canon
from gongchou.core.powers import system
from gongchou.core.terms import Role
from gongchou.drawing import actions, models
from gongchou.publication import actions as publication
from gongchou.publication import gathering_draws
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.machinery import lift_guard


@pytest.fixture
def stage(db):
    return ceremony.prepared(sites=12)


def judged(days: int = 0) -> tuple[str, str]:
    [found] = draw_logs(AT + timedelta(days=days))
    return found.state, found.says


def signed(stage) -> int:
    ceremony.announced_draw(stage)
    return actions.sign_log(by=stage.chen, at=AT)


def test_a_bureau_without_draws_is_not_looked_at(bureau):
    assert draw_logs(AT) == []


def test_a_signed_log_is_well_and_an_unsigned_one_is_noticed(stage):
    ceremony.announced_draw(stage)
    assert judged() == ("warn", f"{BUREAU} 还没有签署过。")
    actions.sign_log(by=stage.chen, at=AT)
    assert judged()[0] == "ok"


def test_what_stays_unsigned_or_without_witness_too_long_is_noticed(stage):
    size = signed(stage)
    assert judged(11) == ("warn", f"{BUREAU} 的树根超过十天没有上级机关见证。")
    actions.cosign_head(size, by=ceremony.actor("shang", "上级", Role.SUPERIOR), at=AT)
    assert judged(11)[0] == "ok"
    actions.void_draw(models.Draw.objects.get().ref, "公告有误", by=stage.lin, at=AT)
    assert "1 条超过两天没有签署" in judged(3)[1]


def test_a_changed_entry_is_a_fault(stage):
    signed(stage)
    lift_guard("drawing_drawlogentry")
    body = canon({"number": 1, "by": "他人"})
    models.DrawLogEntry.objects.filter(number=1).update(body=body)
    state, says = judged()
    assert state == "fail"
    assert "树根与各条内容不符" in says


def test_another_secret_of_the_server_is_a_fault(stage, settings):
    signed(stage)
    settings.SECRET_KEY = "x" * 50
    assert judged() == ("fail", f"{BUREAU} 的签名私钥用现在的密钥打不开。")


def test_a_portal_that_says_otherwise_is_a_fault(stage, monkeypatch):
    size = signed(stage)
    true = gathering_draws.log_head(BUREAU, size, is_witnessed=False)
    false = replace(true, original={**true.original, "root": "ab" * 32})
    monkeypatch.setattr(gathering_draws, "log_head", lambda *args, **kwargs: false)
    publication.publish_log_head(size, by=system(BUREAU), at=AT)
    state, says = judged()
    assert state == "fail"
    assert "与数据库不符" in says
