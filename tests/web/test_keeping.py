"""A file is whole under its name or not there, also when the power goes in between."""

import os

import pytest
from django.core.files.storage import default_storage

from gongchou.web import keeping


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    store = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": store}
    return tmp_path


def test_what_is_kept_reads_back_and_is_written_once(folder):
    assert keeping.keep("visits/V-1/abc.jpg", b"one") == "visits/V-1/abc.jpg"
    keeping.keep("visits/V-1/abc.jpg", b"another")
    assert default_storage.open("visits/V-1/abc.jpg").read() == b"one"
    assert [path.name for path in (folder / "visits/V-1").iterdir()] == ["abc.jpg"]


def test_file_and_folder_are_flushed_before_the_name_is_given_back(monkeypatch):
    flushed, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: (flushed.append(number), real(number)))
    keeping.keep("a/b.jpg", b"x" * 100_000)
    assert len(flushed) == 2


def test_a_crash_before_the_end_leaves_nothing_under_the_name(folder, monkeypatch):
    def fails(number):
        raise OSError("disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="disk is gone"):
            keeping.keep("a/b.jpg", b"half")
    assert list((folder / "a").iterdir()) == []
    keeping.keep("a/b.jpg", b"whole")
    assert (folder / "a/b.jpg").read_bytes() == b"whole"


def test_a_name_does_not_lead_out_of_the_store():
    with pytest.raises(Exception, match="outside of the base path"):
        keeping.keep("../x.jpg", b"x")
