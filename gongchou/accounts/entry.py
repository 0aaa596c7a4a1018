"""What a session remembers of its person: the sign-in, and when the phone last proved it."""

from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from gongchou.accounts import actions
from gongchou.core.powers import Actor, needs_second_factor

FRESH = timedelta(minutes=15)
PROVED = "factor_at"


def note_sign_in(request: HttpRequest, actor: Actor) -> None:
    actions.record_login(
        session_key=request.session.session_key or "",
        agent=request.META.get("HTTP_USER_AGENT", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        by=actor,
        at=request.at,
    )


def keep_signed_in(request: HttpRequest) -> None:
    """After a change of the own password: this browser alone stays signed in, under a new key."""
    old = request.session.session_key or ""
    request.user.refresh_from_db()  # type: ignore[union-attr]
    update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
    new = request.session.session_key or ""
    actions.keep_sign_in(old, new, by=request.actor, at=request.at)


def note_proof(request: HttpRequest) -> None:
    request.session[PROVED] = int(request.at.timestamp())


def lacks_proof(request: HttpRequest, actor: Actor) -> bool:
    """Whether this person must still show the phone in this session."""
    asks = settings.SECOND_FACTOR and needs_second_factor(actor)
    return bool(asks and PROVED not in request.session)


def is_stale(request: HttpRequest) -> bool:
    """Whether the last proof is too long ago for what is sealed."""
    if not settings.SECOND_FACTOR:
        return False
    last = request.session.get(PROVED, 0)
    return request.at - datetime.fromtimestamp(last, request.at.tzinfo) > FRESH


def proof_page(request: HttpRequest) -> str:
    """Where the phone is asked for; leads back to the page in sight."""
    return reverse("accounts:factor") + "?" + urlencode({"next": in_sight(request) or "/"})


def in_sight(request: HttpRequest) -> str:
    """The page a person looks at: an address that only takes a form is none."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    source = urlsplit(request.META.get("HTTP_REFERER", ""))
    return f"{source.path}?{source.query}" if source.query else source.path


def has_left(request: HttpRequest) -> bool:
    """Whether this browser was signed in before: it still shows the key of a session."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def next_page(request: HttpRequest) -> str:
    """The page asked for before, if it is ours."""
    target = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return target if is_ours else "/"
