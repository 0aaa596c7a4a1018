"""Who leaves the desk is signed out; what keeps passwords is the slow hash."""

from datetime import timedelta

from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.contrib.sessions.models import Session
from django.utils import timezone

from gongchou.config import settings as product
from gongchou.config.environment import Environment


def test_an_idle_session_ends_and_one_in_use_moves_on(client, signed_in, chen):
    browser = signed_in(chen)
    assert browser.get("/").status_code == 200
    row = Session.objects.get()
    soon = timezone.now() + timedelta(seconds=30)
    session = browser.session
    session["seen"] = 0
    session.save()
    Session.objects.update(expire_date=soon)
    assert browser.get("/").status_code == 200
    assert Session.objects.get(pk=row.pk).expire_date > soon
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get("/").headers["Location"].startswith("/login/")


def test_the_installed_product_gives_a_quarter_of_an_hour():
    assert Environment.model_fields["idle_minutes"].default == 15
    assert product.ENVIRONMENT.idle_minutes * 60 == product.SESSION_COOKIE_AGE


def test_passwords_are_kept_by_argon2(settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    assert isinstance(get_hasher(), Argon2PasswordHasher)
    assert get_hasher().encode("长口令-not-secret-1", "salt-for-a-test").startswith("argon2")
