"""Telling other systems of events: of which, in which bytes, signed how, when tried again, where.

Names of headers and the signature follow Standard Webhooks, so that a receiver may use any of its
libraries.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from gongchou.core.event_kinds import EventKind
from gongchou.core.plain import SHANGHAI
from gongchou.core.refusals import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What another system may be told of. Nothing from which anybody could learn who is about to be
# checked: of a visit only what comes after its record was handed in.
TOLD = (
    EventKind.REGISTER_IMPORTED,
    EventKind.SUBJECT_ADDED,
    EventKind.SUBJECT_CHANGED,
    EventKind.ITEM_LIST_PUBLISHED,
    EventKind.SNAPSHOT_FROZEN,
    EventKind.POLICY_ADOPTED,
    EventKind.ANNUAL_PLAN_APPROVED,
    EventKind.PLAN_APPROVED,
    EventKind.PLAN_VOIDED,
    EventKind.TASK_APPROVED,
    EventKind.TASK_VOIDED,
    EventKind.DRAW_ANNOUNCED,
    EventKind.DRAW_SEALED,
    EventKind.DRAW_VOIDED,
    EventKind.DRAW_PUBLISHED,
    EventKind.RECORD_SUBMITTED,
    EventKind.RECORD_REVIEWED,
    EventKind.CORRECTION_ORDERED,
    EventKind.FOLLOW_UP_RECORDED,
    EventKind.CASE_FILED,
    EventKind.CASE_TRANSFERRED,
    EventKind.PUBLICATION_PUBLISHED,
    EventKind.PUBLICATION_CORRECTED,
    EventKind.PUBLICATION_WITHDRAWN,
    EventKind.STATISTICS_MADE,
    EventKind.PACKAGE_SENT,
    EventKind.PACKAGE_RECEIVED,
)
# A trial carries this word instead of a kind, so that nobody takes it for an act.
TRIAL = "trial"

# After each failure in a row the next attempt waits longer; after the last nothing is tried.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told of one event. `number` is its place in the bureau's trail, 0 for a trial."""

    id: str
    kind: str
    label: str
    bureau: str
    number: int
    about: str
    at: datetime


def message_bytes(message: Message) -> bytes:
    """The body of the request: no name, no text of anybody, only what was done to what."""
    found = {
        "id": message.id,
        "kind": message.kind,
        "label": message.label,
        "bureau": message.bureau,
        "number": message.number,
        "about": message.about,
        "at": message.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: bytes, message_id: str, sent: int, body: bytes) -> str:
    """HMAC-SHA256 over id, time (seconds since 1970) and body, joined by dots."""
    signed = b".".join((message_id.encode(), str(sent).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def headers(secret: bytes, message_id: str, sent: int, body: bytes) -> Mapping[str, str]:
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": message_id,
        "webhook-timestamp": str(sent),
        "webhook-signature": signature(secret, message_id, sent, body),
    }


def spelled(secret: bytes) -> str:
    """The secret as its receiver enters it."""
    return "whsec_" + base64.b64encode(secret).decode()


def wait_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures in a row; None where it was the last attempt."""
    return WAITS[failures - 1] if failures <= len(WAITS) else None


def networks(text: str) -> tuple[Network, ...]:
    """Networks written with commas between, such as 10.1.2.0/24."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Invalid("网段写法不对，请写成 10.1.2.0/24 的样子，多个用逗号分隔。") from error


# IPv6 networks in which an IPv4 address, perhaps an inner one, is only wrapped; and the inner
# networks of old.
NEVER_PUBLIC = networks("64:ff9b::/96, 64:ff9b:1::/48, 2002::/16, fec0::/10")


def address_problem(
    address: str, allowed: Sequence[Network], *, is_https: bool, is_public_open: bool
) -> str:
    """Why nothing may be sent to an address that a host's name led to, or nothing.

    Networks of the house are shut unless the operator has opened them, and with them the machine
    itself, its neighbours and the addresses under which clouds keep their secrets.
    """
    found = _bare(ip_address(address.split("%")[0]))
    if any(found in network for network in allowed):
        return ""
    if not is_public(found):
        return (
            f"{found} 是内网或保留地址，没有开放。请运维人员确认后，"
            "把这个网段写入 GONGCHOU_WEBHOOK_NETWORKS 再重启。"
        )
    if not is_https:
        return "公网地址只能用 https，http 只用于已开放的内网网段。"
    return "" if is_public_open else "演示环境不向公网发送，只发往已开放的内网网段。"


def _bare(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could have this address."""
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and not any(address in one for one in NEVER_PUBLIC)
