"""The verifier page: one file for a disk, served as it is, under the policy it carries itself."""

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse

PATH = Path(__file__).resolve().parent / "static" / "dist" / "verify.html"
_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]+)"')


def verify(request: HttpRequest) -> HttpResponse:
    """The page with the policy of its own: its script and style by digest, nothing fetched."""
    content = PATH.read_bytes()
    policy = _POLICY.search(content)
    assert policy is not None, "the built page carries its policy"
    response = HttpResponse(content)
    response["Content-Security-Policy"] = f"{policy[1].decode()}; frame-ancestors 'none'"
    return response
