"""The verifier pages: each one file for a disk, served as it is, under the policy it carries."""

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from gongchou.web import gate_keys

FOLDER = Path(__file__).resolve().parent / "static" / "dist"
_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]+)"')

_NO_KEY = b'name="gate-key" content=""'


def verify(request: HttpRequest) -> HttpResponse:
    """The page that computes a draw again."""
    return _served(_built("verify.html"))


def verify_gate(request: HttpRequest) -> HttpResponse:
    """The page that checks the code shown at a gate."""
    return _served(with_own_key(_built("gate.html")))


def with_own_key(page: bytes) -> bytes:
    """The built page with the key of this installation in it: no link can put in another."""
    assert page.count(_NO_KEY) == 1, "the built page has one place for the key"
    return page.replace(_NO_KEY, _NO_KEY[:-1] + gate_keys.public_key().encode() + b'"')


def _built(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def _served(content: bytes) -> HttpResponse:
    """A page with the policy of its own: its script and style by digest, nothing fetched."""
    policy = _POLICY.search(content)
    assert policy is not None, "the built page carries its policy"
    response = HttpResponse(content)
    response["Content-Security-Policy"] = f"{policy[1].decode()}; frame-ancestors 'none'"
    return response
