"""Codes on the papers of a visit, with which its enterprise enters the public door."""

import hashlib

from django.conf import settings

from gongchou.core import door_codes


def door_code(visit: str) -> str:
    """Made from the installation's secret: nothing is stored, and every reprint shows the same."""
    key = hashlib.sha256(b"gongchou door\n" + settings.SECRET_KEY.encode()).digest()
    return door_codes.door_code(key, visit)
