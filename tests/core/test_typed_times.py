"""One hour, typed in every way that officers type it; two programs read the same table."""

import json
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.plain import SHANGHAI
from gongchou.core.refusals import Invalid
from gongchou.core.typed_times import moment_said, written_moment

TABLE = json.loads(Path(__file__).with_name("typed_times.json").read_text("utf-8"))
ON = date.fromisoformat(TABLE["on"])


@pytest.mark.parametrize(("text", "wanted"), TABLE["read"])
def test_a_moment_is_read(text, wanted):
    assert moment_said(text, ON).isoformat() == wanted


@pytest.mark.parametrize(("text", "says"), TABLE["told"])
def test_what_has_no_reading_or_two_is_told(text, says):
    with pytest.raises(Invalid) as refusal:
        moment_said(text, ON)
    assert str(refusal.value) == says


@pytest.mark.parametrize(("text", "says"), TABLE["without_a_day"])
def test_an_hour_alone_needs_a_day_that_is_meant(text, says):
    with pytest.raises(Invalid) as refusal:
        moment_said(text, None)
    assert str(refusal.value) == says


@given(st.integers(0, 3_100_000_000))
def test_what_is_written_is_read_back(seconds):
    at = datetime(2000, 1, 1, tzinfo=SHANGHAI) + timedelta(seconds=seconds)
    assert moment_said(written_moment(at), None) == at


@given(st.text(max_size=60), st.none() | st.just(ON))
def test_whatever_is_typed_is_read_or_refused(text, on):
    with suppress(Invalid):
        found = moment_said(text, on)
        assert moment_said(written_moment(found), None) == found
