"""How a person wants pages to look: larger text, dark ground; kept in two cookies."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

LARGE, DARK = "large", "dark"
TEXT_COOKIE, GROUND_COOKIE = "gc_text", "gc_ground"
ONE_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    is_large: bool
    is_dark: bool


def display_of(request: HttpRequest) -> Display:
    return Display(
        is_large=request.COOKIES.get(TEXT_COOKIE) == LARGE,
        is_dark=request.COOKIES.get(GROUND_COOKIE) == DARK,
    )


def keep_display(answer: HttpResponse, wanted: Display, *, secure: bool) -> None:
    """Write both choices into the answer; what is ordinary needs no cookie."""
    for name, word, is_on in (
        (TEXT_COOKIE, LARGE, wanted.is_large),
        (GROUND_COOKIE, DARK, wanted.is_dark),
    ):
        if is_on:
            answer.set_cookie(
                name, word, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=secure
            )
        else:
            answer.delete_cookie(name)
