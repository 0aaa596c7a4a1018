"""The recording of a ceremony: its digest in the log, on the page, on the papers, once."""

import hashlib

import pytest

from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.drawing import actions, papers, reads
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.papers import words_of

FILM = b"what the camera saw"
DIGEST = hashlib.sha256(FILM).hexdigest()
SAYS = "全程录像，存档案室光盘 3 号"


@pytest.fixture
def stage(db):
    return ceremony.prepared()


def test_the_digest_stands_in_the_log_and_on_the_papers(stage):
    draw = ceremony.sealed_draw(stage)
    actions.note_film(draw, DIGEST.upper(), SAYS, by=stage.chen, at=AT)
    [film] = reads.films(draw)
    assert (film.digest, film.says, film.by) == (DIGEST, SAYS, "陈组长")
    entry = reads.log(BUREAU)[-1]
    assert (entry.kind, entry.body["data"]["digest"]) == ("film", DIGEST)
    text = words_of(papers.paper("process", draw, bureau=BUREAU, at=AT)[1])
    assert DIGEST[:32] in text
    ceremony.published_draw(stage, draw)
    text = words_of(papers.paper("certificate", draw, bureau=BUREAU, at=AT)[1])
    assert DIGEST[:32] in text
    assert DIGEST[32:] in text


def test_before_the_announcement_without_words_or_twice_it_is_refused(stage):
    draw = ceremony.frozen_draw(stage)
    with pytest.raises(Refused, match="公告以后"):
        actions.note_film(draw, DIGEST, SAYS, by=stage.chen, at=AT)
    actions.void_draw(draw, "重来", by=stage.lin, at=AT)
    draw = ceremony.announced_draw(stage)
    for digest, says in (("12", SAYS), ("g" * 64, SAYS), (DIGEST, " "), (DIGEST, "长" * 101)):
        with pytest.raises(Invalid):
            actions.note_film(draw, digest, says, by=stage.chen, at=AT)
    actions.note_film(draw, DIGEST, SAYS, by=stage.chen, at=AT)
    with pytest.raises(Stale):
        actions.note_film(draw, DIGEST, "同一份", by=stage.chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.note_film(draw, DIGEST, SAYS, by=stage.zhou, at=AT)


def test_the_page_takes_it_and_shows_it(stage, signed_in):
    draw = ceremony.announced_draw(stage)
    browser = signed_in(stage.chen)
    assert "登记一份录像" in browser.get(f"/draw/{draw}/").content.decode()
    browser.post(f"/draw/{draw}/film/", {"digest": DIGEST, "says": SAYS})
    page = browser.get(f"/draw/{draw}/").content.decode()
    assert SAYS in page
    assert "登记现场录像" in browser.get("/draw/log/").content.decode()
    assert SAYS in signed_in(stage.zhou).get(f"/draw/{draw}/").content.decode()
