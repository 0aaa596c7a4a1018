"""The draw log under signature: whoever changes it afterwards is found out, here and elsewhere."""

import json

import pytest

from gongchou.audit import reads as audit
from gongchou.config import nightly
from gongchou.config.cli import main
from gongchou.core.canon import canon
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import system
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import Role
from gongchou.drawing import actions, log_file, log_reads, models, reads
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.machinery import lift_guard


@pytest.fixture
def superior(stage):
    return ceremony.actor("shang", "上级监督员", Role.SUPERIOR)


def signed(stage) -> int:
    """A log with an announcement in it, signed."""
    ceremony.announced_draw(stage)
    return actions.sign_log(by=system(BUREAU), at=AT)


def kinds() -> list[str]:
    return [link.event.kind for link in audit.events(BUREAU, about=f"L{BUREAU}", limit=20)]


def test_the_log_is_signed_once_for_each_size_and_the_key_stays(stage):
    assert signed(stage) == actions.sign_log(by=stage.chen, at=AT) == 2
    key = log_reads.public_key(BUREAU)
    [head] = log_reads.heads(BUREAU)
    assert (head.size, head.root) == (2, reads.log_root(BUREAU))
    [task] = models.Draw.objects.all()
    actions.void_draw(task.ref, "公告中的层有误", by=stage.lin, at=AT)
    assert actions.sign_log(by=stage.chen, at=AT) == 3
    assert log_reads.public_key(BUREAU) == key
    assert kinds() == [EventKind.LOG_HEAD_SIGNED] * 2


def test_an_empty_log_and_a_stranger_get_no_signature(stage, stranger):
    with pytest.raises(Refused, match="日志还是空的"):
        actions.sign_log(by=stage.chen, at=AT)
    ceremony.announced_draw(stage)
    for person in (stranger, stage.zhou):
        with pytest.raises(NotAllowed):
            actions.sign_log(by=person, at=AT)


def test_the_private_key_does_not_lie_in_clear(stage):
    signed(stage)
    row = models.LogKey.objects.get()
    assert len(bytes(row.locked)) == 12 + 32 + 16
    assert bytes(row.public) not in bytes(row.locked)


def test_the_superior_cosigns_what_continues_the_kept_head(stage, superior):
    first = signed(stage)
    actions.cosign_head(first, by=superior, at=AT)
    kept = reads.log_root(BUREAU)
    actions.void_draw(models.Draw.objects.get().ref, "公告有误", by=stage.lin, at=AT)
    second = actions.sign_log(by=stage.chen, at=AT)
    actions.cosign_head(second, kept_size=first, kept_root=kept, by=superior, at=AT)
    assert [(h.cosigned_by, h.kept_size) for h in log_reads.heads(BUREAU)] == [
        ("上级监督员", 0),
        ("上级监督员", first),
    ]
    assert EventKind.LOG_HEAD_COSIGNED in kinds()
    with pytest.raises(Stale):
        actions.cosign_head(second, by=superior, at=AT)


def test_a_log_that_was_changed_is_not_cosigned(stage, superior):
    first = signed(stage)
    kept = reads.log_root(BUREAU)
    entry = models.DrawLogEntry.objects.get(number=1)
    lift_guard("drawing_drawlogentry")
    models.DrawLogEntry.objects.filter(pk=entry.pk).update(body=canon({"number": 1, "by": "他人"}))
    with pytest.raises(Refused, match="不相接"):
        actions.cosign_head(first, kept_size=first, kept_root=kept, by=superior, at=AT)
    assert log_reads.heads(BUREAU)[0].cosigned_by == ""


@pytest.mark.parametrize(
    ("size", "root"), [(2, "ab" * 32), (0, "ab" * 32), (99, "ab" * 32), (1, "not hex")]
)
def test_another_kept_head_is_refused(stage, superior, size, root):
    head = signed(stage)
    with pytest.raises(Refused):
        actions.cosign_head(head, kept_size=size, kept_root=root, by=superior, at=AT)


def test_only_the_superior_cosigns_and_only_what_is_signed(stage, stranger, superior):
    head = signed(stage)
    for person in (stranger, stage.chen, stage.zhou):
        with pytest.raises(NotAllowed):
            actions.cosign_head(head, by=person, at=AT)
    with pytest.raises(Refused, match="没有 9 条处"):
        actions.cosign_head(9, by=superior, at=AT)


def test_the_nightly_work_signs_every_log_that_has_entries(stage):
    nightly.sign_draw_logs()
    assert log_reads.heads(BUREAU) == ()
    ceremony.announced_draw(stage)
    nightly.sign_draw_logs()
    assert len(log_reads.heads(BUREAU)) == 1


# -- elsewhere, with the file alone


def judged(content: bytes, **given) -> list[str]:
    """The names of the checks that failed."""
    return [one.name for one in log_file.checked(content, **given) if not one.ok]


def test_a_true_file_passes_with_key_and_kept_head(stage):
    size = signed(stage)
    content, key = log_reads.as_file(BUREAU), log_reads.public_key(BUREAU)
    assert judged(content, key=key, kept=(size, reads.log_root(BUREAU))) == []
    assert judged(content, key="ab" * 32) == ["公钥"]
    assert judged(content, kept=(1, "ab" * 32)) == judged(content, kept=(9, "ab" * 32)) == ["留存"]


def change_body(log) -> None:
    log["entries"][0]["by"] = "他人"


def drop_entry(log) -> None:
    del log["entries"][0]


def cut_end(log) -> None:
    log["entries"].pop()


def move_time(log) -> None:
    log["heads"][0]["at"] = log["heads"][0]["at"].replace("2026", "2025")


def other_bureau(log) -> None:
    log["bureau"] = "990999"


@pytest.mark.parametrize("harm", [change_body, drop_entry, cut_end, move_time, other_bureau])
def test_every_change_of_the_file_is_found(stage, harm):
    signed(stage)
    log = json.loads(log_reads.as_file(BUREAU))
    harm(log)
    assert judged(json.dumps(log).encode()) != []


def test_the_command_checks_the_file_and_names_what_is_wrong(stage, tmp_path, capsys):
    size = signed(stage)
    path, root = tmp_path / "log.json", reads.log_root(BUREAU)
    path.write_bytes(log_reads.as_file(BUREAU))
    command = ["draw", "log", "verify", str(path)]
    key = log_reads.public_key(BUREAU)
    assert main([*command, "--key", key, "--kept", f"{size}:{root}"]) == 0
    assert capsys.readouterr().out.endswith("核对通过。\n")
    assert main([*command, "--key", key]) == 0
    assert "没有核对的有：留存。" in capsys.readouterr().out
    assert main([*command, "--kept", f"1:{root}"]) == 1
    assert "日志被改过" in capsys.readouterr().out
    path.write_text("{}")
    assert main(command) == 1


def test_the_bureau_signs_and_the_superior_cosigns_by_plain_forms(signed_in, stage, superior):
    assert "还没有签署过" in signed_in(superior).get("/draw/witness/").content.decode()
    ceremony.announced_draw(stage)
    page = signed_in(stage.chen).post("/draw/log/sign/", follow=True).content.decode()
    assert "已签署前 2 条的树根" in page
    assert "未见证" in page
    shang = signed_in(superior)
    page = shang.post("/draw/witness/cosign/", {"size": "2"}, follow=True).content.decode()
    assert "此前内容没有改动" in page
    assert "最近的树根已经见证" in page
    assert judged(shang.get("/draw/log/file.json").content) == []


def test_the_pages_refuse_who_has_no_business_there(signed_in, stage, stranger):
    assert signed_in(stranger).get("/draw/log/file.json").status_code == 403
    chen = signed_in(stage.chen)
    assert chen.get("/draw/witness/").status_code == 403
    assert chen.post("/draw/witness/cosign/", {"size": "2"}).status_code == 403
    assert signed_in(stage.zhou).post("/draw/log/sign/").status_code == 403
