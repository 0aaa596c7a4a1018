"""Against a real server: what arrives, what is tried again, when it ends."""

import base64
import hashlib
import hmac
import json
import ssl
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from gongchou.audit import actions as audit
from gongchou.audit import reads as trail
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import WebhookState
from gongchou.core.powers import system
from gongchou.core.refusals import Stale
from gongchou.core.webhooks import WAITS, spelled
from gongchou.web import clock
from gongchou.webhooks import actions, reads, sending, work
from gongchou.webhooks.sending import Answer, secret_of
from tests.conftest import AT, BUREAU


def happen(root, *abouts, kind=EventKind.PLAN_APPROVED):
    for about in abouts:
        audit.append(kind, about=about, by=root, at=AT)


def row(hook):
    return reads.webhook(hook, BUREAU)


def told(receiver):
    return [json.loads(body)["about"] for _, _, body in receiver.got]


def test_an_event_arrives_once_signed_with_the_key_its_receiver_was_given(hook, root, receiver):
    happen(root, "P-1")
    work.tell_systems()
    work.tell_systems()
    [(path, headers, body)] = receiver.got
    assert path == "/events"
    assert json.loads(body)["label"] == "批准计划"
    key = base64.b64decode(spelled(secret_of(hook)).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert json.loads(body)["id"] == headers["webhook-id"]
    sent = trail.newest(BUREAU, EventKind.WEBHOOK_SENT, about=hook)
    assert sent.event.data["status"] == 200


def test_only_what_was_asked_for_and_only_what_came_after(gu, at, root, receiver):
    happen(root, "P-early")
    draft = actions.WebhookDraft(name="市平台", url=receiver.url, kinds=(EventKind.PLAN_APPROVED,))
    actions.create_webhook(draft, by=gu, at=at)
    happen(root, "N-1", kind=EventKind.SNAPSHOT_FROZEN)
    happen(root, "P-late")
    work.tell_systems()
    assert told(receiver) == ["P-late"]


def test_a_bureau_is_told_of_its_own_events_alone(hook, root, receiver):
    audit.append(EventKind.PLAN_APPROVED, about="P-other", by=system("990174"), at=AT)
    happen(root, "P-1")
    work.tell_systems()
    assert told(receiver) == ["P-1"]


def test_an_act_that_was_taken_back_is_told_to_nobody(hook, root, receiver, db):
    from django.db import transaction

    with transaction.atomic():
        happen(root, "P-undone")
        transaction.set_rollback(True)
    work.tell_systems()
    assert receiver.got == []


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
def test_after_a_bad_answer_the_same_event_comes_again_first(hook, root, receiver, status):
    happen(root, "P-1", "P-2")
    receiver.answers = [status]
    work.tell_systems()
    assert told(receiver) == ["P-1"]
    assert row(hook).failures == 1
    work.tell_systems()
    assert len(receiver.got) == 1, "it waits a minute"
    clock.move_demo_clock(AT + WAITS[0] + timedelta(seconds=5))
    work.tell_systems()
    assert told(receiver) == ["P-1", "P-1", "P-2"]
    ids = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert ids[0] == ids[1] != ids[2]
    assert row(hook).failures == 0


def test_after_nine_failures_it_stops_and_the_administrator_hears_of_it(
    hook, root, receiver, gu, signed_in
):
    happen(root, "P-1")
    receiver.answers = [500] * 20
    at = AT
    for wait in (*WAITS, timedelta()):
        work.tell_systems()
        at += wait + timedelta(seconds=5)
        clock.move_demo_clock(at)
    assert row(hook).state is WebhookState.STOPPED
    assert "连续 9 次没有送到：对方答复 500。" in row(hook).stopped_why
    work.tell_systems()
    assert len(receiver.got) == 9
    assert trail.newest(BUREAU, EventKind.WEBHOOK_STOPPED, about=hook).event.by == "system"
    page = signed_in(gu).get("/").content.decode()
    assert "恢复事件通知" in page
    assert f"/webhooks/{hook}/" in page


def test_whoever_is_gone_is_not_asked_again(hook, root, receiver):
    happen(root, "P-1")
    receiver.answers = [410]
    work.tell_systems()
    assert row(hook).state is WebhookState.STOPPED
    assert "410" in row(hook).stopped_why


def test_after_a_stop_nothing_is_lost_unless_somebody_says_so(hook, root, receiver, gu):
    actions.stop_webhook(hook, "对方升级", by=gu, at=AT)
    happen(root, "P-1", "P-2")
    work.tell_systems()
    assert receiver.got == []
    actions.resume_webhook(hook, is_skipping=False, by=gu, at=AT)
    work.tell_systems()
    assert told(receiver) == ["P-1", "P-2"]
    actions.stop_webhook(hook, "对方升级", by=gu, at=AT)
    happen(root, "P-3")
    actions.resume_webhook(hook, is_skipping=True, by=gu, at=AT)
    happen(root, "P-4")
    work.tell_systems()
    assert told(receiver) == ["P-1", "P-2", "P-4"]


def test_two_runs_at_once_count_an_event_once(hook, root):
    by, answer = system(BUREAU), Answer(status=200, says="对方答复 200。")
    happen(root, "P-1")
    [message] = reads.untold(row(hook), 9)
    actions.note_taken(hook, message.number, answer, by=by, at=AT)
    with pytest.raises(Stale):
        actions.note_taken(hook, message.number, answer, by=by, at=AT)


def test_no_redirect_is_followed(hook, root, receiver):
    happen(root, "P-1")
    receiver.answers = [302]
    work.tell_systems()
    assert len(receiver.got) == 1
    says = trail.newest(BUREAU, EventKind.WEBHOOK_FAILED, about=hook).event.data["says"]
    assert "不跟随转向" in says


def silent(handler):
    time.sleep(1.2)


def begin_and_drip(handler):
    """A head that never ends, a little at a time, so that no single wait is long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    with suppress(OSError):
        for _ in range(40):
            handler.wfile.write(b"x-drop: 1\r\n")
            time.sleep(0.05)


def cut_off(handler):
    handler.wfile.write(b"HTTP/1.1 2")
    handler.connection.close()


def nonsense(handler):
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (silent, "没有答完"),
        (begin_and_drip, "没有答完"),
        (cut_off, "不完整或者不是 HTTP"),
        (nonsense, "不完整或者不是 HTTP"),
    ],
)
def test_a_bad_receiver_costs_no_more_than_the_time_given(
    hook, root, receiver, monkeypatch, answer, says
):
    monkeypatch.setattr(sending, "SECONDS", 0.5)
    happen(root, "P-1")
    receiver.answers = [answer]
    begun = time.monotonic()
    work.tell_systems()
    assert time.monotonic() - begun < 1.1
    found = trail.newest(BUREAU, EventKind.WEBHOOK_FAILED, about=hook).event.data
    assert says in found["says"]
    assert row(hook).told < reads.head(BUREAU)


def test_where_nobody_listens_the_sentence_names_host_and_port(hook, root, receiver):
    receiver.server.shutdown()
    receiver.server.server_close()
    happen(root, "P-1")
    work.tell_systems()
    found = trail.newest(BUREAU, EventKind.WEBHOOK_FAILED, about=hook).event.data
    assert found["says"].startswith("连不上 127.0.0.1 的 ")


def test_a_slow_receiver_does_not_hold_up_the_run(hook, root, receiver, monkeypatch):
    monkeypatch.setattr(work, "SECONDS", 0.0)
    happen(root, "P-1")
    work.tell_systems()
    assert receiver.got == []


def test_https_needs_a_certificate_that_is_trusted(hook, root, receiver, gu, tmp_path):
    certificate = own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    url = receiver.url.replace("http:", "https:").replace("127.0.0.1", "localhost")
    answer = sending.send(url, b"k", reads.trial(row(hook), AT), AT)
    assert "证书不受信任" in answer.says
    assert receiver.got == []


def test_https_reaches_whom_the_certificate_names(hook, receiver, monkeypatch, tmp_path):
    certificate = own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure = receiver.url.replace("http:", "https:")
    message = reads.trial(row(hook), AT)
    good = sending.send(secure.replace("127.0.0.1", "localhost"), b"k", message, AT)
    assert good.is_taken
    assert "与主机名不符" in sending.send(secure, b"k", message, AT).says


def own_certificate(folder):
    """A certificate that says it is localhost, with its key, signed by nobody else."""
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = made.sign(key, hashes.SHA256())
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
