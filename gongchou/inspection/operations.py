"""One act as a phone sends it: its text word for word, and what the text says."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gongchou.core import plain
from gongchou.core.record import RecordBody, said
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import OperationKind, OperationOutcome

WRONG = "手机上传的内容写法不对，没有办理。请更新手机上的页面后再上传，手机会保留原件。"
# A clock this far off is told to whoever reads the record.
TELLING_SKEW = timedelta(minutes=5)
MOMENTS = ("started_at", "identity_shown_at", "notice_given_at", "ended_at")
NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")


class WrongPin(Refused):
    """The digits by which a second officer signs are not that officer's."""

    def __init__(self, says: str, inspector: str) -> None:
        super().__init__(says)
        self.inspector = inspector


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An act of a phone; `after` names the act about the same visit that went before it.

    `skew` is server time minus device time when it was sent. `pins` never enter `text`.
    """

    client_id: str
    lease: str
    number: int
    kind: OperationKind
    visit: str
    after: str
    made_at: datetime
    body: Mapping[str, Any]
    text: str
    skew: timedelta = timedelta()
    pins: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def moment(self, value: object, at: datetime) -> datetime:
        """An hour the device claims, by the server's clock, and never later than now."""
        found = instant(value)
        is_off = abs(self.skew) > TELLING_SKEW
        return min(found + self.skew if is_off else found, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of an act; `result` names what it made, `digest` the bytes that arrived."""

    client_id: str
    digest: str
    outcome: OperationOutcome
    says: str = ""
    result: str = ""


def instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid(WRONG) from error
    if found.tzinfo is None:
        raise Invalid(WRONG)
    return found.replace(microsecond=0)


def operation_of(lease: str, client_id: str, payload: bytes, skew: timedelta) -> Operation:
    """Read what was opened: `{"text": …, "pins": {…}}`, the text being JSON itself."""
    try:
        outer = json.loads(payload)
        held = json.loads(outer["text"])
        return Operation(
            client_id=_name(held["id"], client_id),
            lease=lease,
            number=int(held["number"]),
            kind=OperationKind(held["kind"]),
            visit=str(held["visit"]),
            after=str(held["after"]),
            made_at=instant(held["made_at"]),
            body=dict(held["body"]),
            text=str(outer["text"]),
            skew=skew,
            pins={str(key): str(pin) for key, pin in dict(outer.get("pins", {})).items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(WRONG) from error


def _name(found: object, expected: str) -> str:
    if found != expected or not NAME.fullmatch(expected):
        raise Invalid(WRONG)
    return expected


def record_of(
    op: Operation, at: datetime, files: Mapping[str, str], before: RecordBody
) -> RecordBody:
    """The record in an act; `files` gives the refs of files by the names the phone gave them.

    An hour that stood in the version before came from here: only the phone's own ones are moved.
    """
    body = dict(_dictionary(op.body.get("record")))
    known = {getattr(before, name) for name in MOMENTS}
    for name in MOMENTS:
        if body.get(name) and instant(body[name]) not in known:
            body[name] = plain.to_plain(op.moment(body[name], at))
    body["findings"] = [
        {**one, "evidence": [files.get(ref, ref) for ref in one.get("evidence", ())]}
        for one in map(_dictionary, body.get("findings", ()))
    ]
    return plain.from_plain(RecordBody, _tidy(body))


def rests_on_files(op: Operation) -> bool:
    """Whether a finding of the act's record names a file."""
    record = op.body.get("record")
    findings = record.get("findings") if isinstance(record, dict) else None
    rows = findings if isinstance(findings, list) else []
    return any(isinstance(one, dict) and bool(one.get("evidence")) for one in rows)


def _dictionary(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(WRONG)
    return value


def _tidy(value: Any) -> Any:
    """Typed text as a record holds it."""
    if isinstance(value, dict):
        return {key: _tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return said(value) if isinstance(value, str) else value
