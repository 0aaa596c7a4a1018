"""Who leaves the desk is signed out; what keeps passwords is the slow hash."""

from datetime import timedelta

from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.contrib.sessions.models import Session
from django.utils import timezone

from gongchou.config import settings as product
from gongchou.config.environment import Environment
from gongchou.intake.models import IntegrityEntry


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


def expired(browser):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    return browser


def test_who_left_the_desk_is_told_why_the_password_is_asked_again(signed_in, chen):
    browser = expired(signed_in(chen))
    page = browser.get("/discipline/", follow=True)
    assert page.redirect_chain == [("/login/?next=/discipline/", 302)]
    assert "登录已结束" in page.text
    assert "没有生效" not in page.text


def test_a_form_sent_too_late_is_told_lost_and_leads_back_to_its_page(signed_in, chen):
    """The address of a form takes no look, so after the login it would be a blank page."""
    browser = expired(signed_in(chen))
    given = {"kind": "pledge", "on": "2026-01-05", "says": "承诺遵守"}
    at = "http://testserver/discipline/?a=1"
    page = browser.post("/discipline/declare/", given, follow=True, HTTP_REFERER=at)
    assert page.redirect_chain == [("/login/?next=/discipline/%3Fa%3D1", 302)]
    assert "刚才的提交没有生效" in page.text
    assert not IntegrityEntry.objects.exists()


def test_a_visitor_who_never_was_in_is_told_nothing_of_a_login_that_ended(client, db):
    assert "登录已结束" not in client.get("/discipline/", follow=True).text
