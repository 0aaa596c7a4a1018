"""The folder of another web server follows what is public, whole and without a hand."""

from datetime import timedelta

import pytest

from gongchou.core.refusals import Refused
from gongchou.portal import work
from gongchou.publication import actions
from gongchou.web import clock
from tests.conftest import AT

FIRM = "演示铸造第002厂"


def told(folder) -> str:
    pages = [path for path in folder.rglob("*") if path.is_file() and "static" not in path.parts]
    return "".join(path.read_text("utf-8") for path in pages)


@pytest.fixture
def folder(tmp_path, settings, monkeypatch, portal):
    settings.EXPORT_FOLDER = tmp_path
    monkeypatch.setattr(clock, "now", lambda: AT)
    work.export_portal()
    return tmp_path


def test_a_withdrawal_reaches_the_folder_by_the_next_run_and_leaves_no_copy(folder, portal, gong):
    assert FIRM in told(folder / "current")
    actions.withdraw_result(portal, 2, "处罚决定已撤销", by=gong, at=AT)
    assert work.renew(folder, at=AT + timedelta(minutes=1))
    assert FIRM not in told(folder)
    assert "处罚决定已撤销" in told(folder / "current")


def test_nothing_is_written_while_nothing_changed_and_the_next_day_is_a_change(folder):
    was = (folder / "current").resolve()
    assert not work.renew(folder, at=AT + timedelta(minutes=1))
    assert (folder / "current").resolve() == was
    assert work.renew(folder, at=AT + timedelta(days=1))
    assert not was.exists()


def test_until_the_new_export_is_whole_the_old_one_is_shown(folder, portal, gong, monkeypatch):
    actions.withdraw(portal, "批次有误", by=gong, at=AT)

    def breaks(out, *, at):
        (out / "results").mkdir(parents=True)
        raise OSError("no space left")

    monkeypatch.setattr(work, "export", breaks)
    with pytest.raises(OSError, match="no space"):
        work.renew(folder, at=AT + timedelta(minutes=1))
    assert FIRM in told(folder / "current")
    monkeypatch.undo()
    assert work.renew(folder, at=AT + timedelta(minutes=2))
    assert [path.name for path in folder.glob("portal-*")] == [(folder / "current").resolve().name]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path, portal):
    (tmp_path / "current").mkdir()
    with pytest.raises(Refused, match="换一个文件夹"):
        work.renew(tmp_path, at=AT)


def test_without_a_folder_nothing_is_exported(settings, portal, monkeypatch):
    settings.EXPORT_FOLDER = None
    monkeypatch.setattr(work, "renew", lambda *_, **__: pytest.fail("exported"))
    work.export_portal()
