"""What is kept of an uploaded file, and for how long."""

from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.config import nightly
from gongchou.core.powers import system
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind
from gongchou.registry import actions, models, reads
from gongchou.web import clock
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line

LATER = AT + timedelta(90)


@pytest.fixture
def staged(chen):
    content = csv(line(1), "虚构印染,12345,,登记管理,东片")
    return actions.stage_import(ImportKind.SUBJECTS, content, "名册.csv", on=TODAY, by=chen, at=AT)


def clear(bureau, *, at=LATER):
    return actions.clear_uploads(90, by=system(bureau), at=at)


def test_a_file_goes_when_its_term_is_over_and_its_digest_and_counts_stay(
    staged, chen, bureau, signed_in
):
    actions.commit_import(staged, on=TODAY, by=chen, at=AT)
    digest = reads.batch(staged, bureau).sha256
    assert (clear(bureau, at=LATER - timedelta(seconds=1)), clear(bureau)) == (0, 1)
    row = models.ImportBatch.objects.get(ref=staged)
    assert (bytes(row.content), bytes(row.findings), row.sha256) == (b"", b"", digest)
    assert (row.report["accepted"], row.report["rejected"]) == (1, 1)
    assert "12345" not in str(row.report)
    page = signed_in(chen).get(f"/register/import/{staged}/").content.decode()
    assert digest in page
    assert "按期清除" in page
    assert "确认导入" not in page


def test_clearing_leaves_its_event_and_happens_once(staged, bureau):
    assert (clear(bureau), clear(bureau)) == (1, 0)
    event = audit.events(bureau)[0].event
    assert (event.kind, event.about) == ("upload_cleared", staged)


def test_a_cleared_file_can_be_neither_imported_nor_read(staged, chen, bureau):
    clear(bureau)
    with pytest.raises(Stale, match="请重新上传"):
        actions.commit_import(staged, on=TODAY, by=chen, at=LATER)
    with pytest.raises(Refused, match="保存期"):
        list(reads.batch_findings(staged, bureau))


def test_no_person_clears_files(staged, chen):
    with pytest.raises(NotAllowed):
        actions.clear_uploads(90, by=chen, at=LATER)


def test_the_night_clears_by_the_term_of_the_installation(staged, monkeypatch, settings):
    settings.UPLOAD_DAYS = 7
    for days, is_there in ((6, True), (7, False)):
        monkeypatch.setattr(clock, "now", lambda days=days: AT + timedelta(days))
        nightly.clear_uploads()
        assert bool(models.ImportBatch.objects.get(ref=staged).content) is is_there
