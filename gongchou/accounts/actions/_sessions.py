"""Ending sign-ins: the row is marked and the session behind it is gone at once."""

from datetime import datetime

from django.contrib.sessions.models import Session

from gongchou.accounts import models


def end_all(user_ref: str, *, at: datetime) -> int:
    """All open sign-ins of a person; returns how many."""
    return _end(models.SignIn.objects.filter(user__ref=user_ref, ended_at=None), at)


def end_others(user_ref: str, session_key: str, *, at: datetime) -> int:
    """All open sign-ins of a person but the one that goes on."""
    rows = models.SignIn.objects.filter(user__ref=user_ref, ended_at=None)
    return _end(rows.exclude(session_key=session_key), at)


def end_one(number: int, user_ref: str, *, at: datetime) -> int:
    return _end(models.SignIn.objects.filter(pk=number, user__ref=user_ref, ended_at=None), at)


def end_session(session_key: str, *, at: datetime) -> int:
    return _end(models.SignIn.objects.filter(session_key=session_key, ended_at=None), at)


def _end(rows, at: datetime) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    ended = rows.update(ended_at=at)
    Session.objects.filter(session_key__in=keys).delete()
    return ended
