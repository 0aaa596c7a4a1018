"""A program that stands in for a phone: it seals, numbers and sends acts as the app does."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from gongchou.accounts.models import User
from gongchou.core import plain
from gongchou.core.record import RecordBody
from gongchou.inspection import sealing
from gongchou.web import clock

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Phone:
    """One officer's phone with its lease."""

    client: Client
    lease: str
    token: str
    public: bytes
    numbers: Any = field(default_factory=lambda: count(1))
    last: dict[str, str] = field(default_factory=dict)

    def sealed_act(self, kind: str, visit: str, body: Any = None, **more: Any) -> dict[str, str]:
        """An act in its envelope, as it lies in the phone's queue."""
        number = next(self.numbers)
        name = more.get("name") or f"{self.lease[:12]}-{number:04}"
        after = more.get("after", self.last.get(visit, ""))
        self.last[visit] = name
        made = more.get("made_at") or clock.now()
        held = {
            "id": name,
            "number": number,
            "kind": kind,
            "visit": visit,
            "after": after,
            "made_at": plain.to_plain(made),
            "body": body or {},
        }
        outer = {"text": json.dumps(held, ensure_ascii=False), "pins": more.get("pins", {})}
        closed = sealing.sealed(self.public, name, json.dumps(outer).encode())
        sealed = base64.b64encode(closed).decode()
        return {"id": name, "lease": self.lease, "sealed": sealed}

    def send(self, *acts: dict[str, str], skew: timedelta = timedelta()) -> list[dict[str, str]]:
        sent_at = plain.to_plain(clock.now() - skew)
        body = json.dumps({"sent_at": sent_at, "operations": list(acts)})
        answer = self.post("/field/api/operations", body)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()["receipts"]

    def do(self, kind: str, visit: str, body: Any = None, **more: Any) -> dict[str, str]:
        return self.send(self.sealed_act(kind, visit, body, **more))[0]

    def post(self, path: str, body: str | bytes = "{}", media: str = "application/json"):
        return self.client.post(path, body, content_type=media, headers=self.headers)

    def get(self, path: str):
        return self.client.get(path, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Field {self.token}"}

    def photo(self, visit: str, content: bytes, *, pieces: int = 1, **more: Any) -> dict[str, str]:
        """The act of a photo, its pieces sent before."""
        name = f"{self.lease[:12]}-p{hashlib.sha256(content).hexdigest()[:12]}"
        size = -(-len(content) // pieces)
        for index in range(pieces):
            part = content[index * size : (index + 1) * size]
            closed = sealing.sealed(self.public, name, part, index=index, total=pieces)
            path = f"/field/api/pieces/{self.lease}/{name}/{index}/{pieces}"
            assert self.post(path, closed, "application/octet-stream").status_code == 200
        body = {
            "kind": "photo",
            "name": "现场.png",
            "sha256": hashlib.sha256(content).hexdigest(),
            "pieces": pieces,
            "taken_at": plain.to_plain(clock.now()),
        } | more
        return self.sealed_act("evidence", visit, body, name=name)


def take_phone(login: str, device: str = "device-of-tests") -> Phone:
    """Sign in and take a lease, as an officer does in the morning."""
    client = Client()
    User.objects.filter(login=login).update(must_change_password=False)
    client.force_login(User.objects.get(login=login), backend=BACKEND)
    answer = client.post("/field/api/leases", {"device": device}, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    told = answer.json()
    key = base64.b64decode(told["public_key"])
    return Phone(client=Client(), lease=told["lease"], token=told["token"], public=key)


def record_json(body: RecordBody) -> dict[str, Any]:
    return plain.to_plain(body)


def hours_before(body: RecordBody, at: datetime) -> RecordBody:
    """A record whose visit ended just now."""
    from dataclasses import replace

    return replace(
        body,
        started_at=at - timedelta(minutes=40),
        identity_shown_at=at - timedelta(minutes=39),
        notice_given_at=at - timedelta(minutes=38),
        ended_at=at - timedelta(minutes=1),
    )
