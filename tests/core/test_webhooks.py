import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from gongchou.core.event_kinds import EventKind
from gongchou.core.refusals import Invalid
from gongchou.core.webhooks import (
    TOLD,
    WAITS,
    Message,
    address_problem,
    message_bytes,
    networks,
    signature,
    spelled,
    wait_after,
)

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
MESSAGE = Message(
    id="990173-7",
    kind="plan_approved",
    label="批准计划",
    bureau="990173",
    number=7,
    about="P990173-2026Q1-1",
    at=AT,
)
HOUSE = networks("10.1.2.0/24, fd00:1::/64")
# Everything that leads back into the machine, its neighbours, or where clouds keep secrets.
INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.3.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "169.254.1.1",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.1.3.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2001:db8::1",
]


def test_the_body_is_what_the_bytes_say_and_in_beijing_time():
    found = message_bytes(MESSAGE)
    assert found.startswith(b'{"id":"990173-7","kind":"plan_approved"')
    assert json.loads(found)["at"] == "2026-01-05T09:00:00+08:00"
    assert set(json.loads(found)) == {"id", "kind", "label", "bureau", "number", "about", "at"}


def test_the_signature_is_the_one_a_receiver_computes_from_the_secret_it_was_given():
    secret, body = bytes(range(32)), message_bytes(MESSAGE)
    key = base64.b64decode(spelled(secret).removeprefix("whsec_"))
    mac = hmac.new(key, b"990173-7.1767574800." + body, hashlib.sha256).digest()
    assert signature(secret, "990173-7", 1767574800, body) == "v1," + base64.b64encode(mac).decode()


def test_a_vector_of_the_signature_stands_still():
    assert (
        signature(b"k" * 32, "a-1", 1, b"{}") == "v1,rsNZo2V9rYydnrKi7UMB3vVLBSH5udQ8EYoAtBZuu/8="
    )


@pytest.mark.parametrize("changed", ["id", "sent", "body", "secret"])
def test_whatever_is_changed_changes_the_signature(changed):
    words = {"id": "a-1", "sent": 1, "body": b"{}", "secret": b"k" * 32}
    other = {"id": "a-2", "sent": 2, "body": b"[]", "secret": b"l" * 32}
    mixed = {**words, changed: other[changed]}

    def signed(of):
        return signature(of["secret"], of["id"], of["sent"], of["body"])

    assert signed(mixed) != signed(words)


def test_waits_grow_and_end_after_two_days():
    assert [wait_after(n) for n in range(1, 9)] == sorted(WAITS)
    assert wait_after(9) is None
    assert timedelta(hours=46) < sum(WAITS, timedelta()) < timedelta(hours=48)


def test_nothing_is_told_from_which_a_coming_visit_could_be_read():
    before_the_record = (
        "draw_made",
        "list_viewed",
        "visit_released",
        "visit_dispatched",
        "visit_accepted",
        "visit_started",
        "release_requested",
        "subject_substituted",
    )
    assert not {EventKind(kind) for kind in before_the_record} & set(TOLD)
    assert not [kind for kind in TOLD if kind.value.startswith(("webhook", "report", "letter"))]


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_goes_to_an_address_of_the_inside(address):
    assert "没有开放" in address_problem(address, HOUSE, is_https=True, is_public_open=True)


@pytest.mark.parametrize("address", ["10.1.2.0", "10.1.2.255", "::ffff:10.1.2.7", "fd00:1::9"])
def test_a_network_that_the_operator_opened_is_open_without_https_too(address):
    assert address_problem(address, HOUSE, is_https=False, is_public_open=False) == ""


def test_the_public_net_is_reached_by_https_only_and_not_from_a_demonstration():
    for address in ("8.8.8.8", "2400:3200::1"):
        assert address_problem(address, HOUSE, is_https=True, is_public_open=True) == ""
        says = address_problem(address, HOUSE, is_https=False, is_public_open=True)
        assert "只能用 https" in says
        assert "演示环境" in address_problem(address, HOUSE, is_https=True, is_public_open=False)


def test_a_network_that_is_none_is_refused():
    assert networks("") == ()
    with pytest.raises(Invalid, match=r"10\.1\.2\.0/24 的样子"):
        networks("10.1.2.1/24")
