"""Floods are turned away cheaply, each address for itself, and the back office is left alone."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from gongchou.web.throttle import (
    LARGEST_BODY,
    LARGEST_QUERY,
    LOGGING_IN,
    PUSHING,
    READING,
    SENDING,
    Buckets,
    Limit,
    ThrottleMiddleware,
    address_of,
    limit_for,
)

SMALL = Limit(name="small", burst=3, per_minute=60)


def waits(buckets: Buckets, address: str, now: float, times: int = 1) -> list[float]:
    return [buckets.wait(address, SMALL, now) for _ in range(times)]


def test_the_burst_passes_the_next_waits_and_a_second_later_one_passes():
    buckets = Buckets()
    assert waits(buckets, "a", 0, 4) == [0, 0, 0, 1]
    assert waits(buckets, "a", 0.5) == [0.5]
    assert waits(buckets, "a", 1, 2) == [0, 1]


def test_one_address_does_not_use_up_what_another_has():
    buckets = Buckets()
    waits(buckets, "a", 0, 9)
    assert waits(buckets, "b", 0) == [0]


def test_however_many_addresses_come_memory_stays_bounded():
    buckets = Buckets(most=100)
    for number in range(1000):
        buckets.wait(f"a{number}", SMALL, 0)
    assert len(buckets) == 100


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("GET", "/open/results/", READING),
        ("POST", "/open/door/", SENDING),
        ("POST", "/login/", LOGGING_IN),
        ("POST", "/api/v1/inlets/video", PUSHING),
        ("GET", "/api/v1/subjects", None),
        ("GET", "/login/", None),
        ("GET", "/visits/", None),
        ("POST", "/visits/V1/submit/", None),
    ],
)
def test_each_route_has_its_limit(method, path, limit):
    assert limit_for(method, path) is limit


@pytest.fixture
def house(settings):
    """The middleware with a clock that stands, and how many requests reached what is behind it."""
    settings.IS_THROTTLED = True
    reached: list[str] = []

    def behind(request):
        reached.append(request.path)
        return HttpResponse("ok")

    return ThrottleMiddleware(behind, clock=lambda: 0.0), reached


def test_guessing_codes_ends_after_the_burst_with_a_time_to_wait(house):
    middleware, reached = house
    answers = [middleware(RequestFactory().post("/open/door/")) for _ in range(SENDING.burst + 5)]
    assert [answer.status_code for answer in answers] == [200] * SENDING.burst + [429] * 5
    assert int(answers[-1]["Retry-After"]) >= 1
    assert answers[-1]["Cache-Control"] == "no-store"
    assert len(reached) == SENDING.burst


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 414)])
def test_a_long_query_is_refused_at_its_limit(house, extra, status):
    query = "q" * (LARGEST_QUERY + extra)
    assert house[0](RequestFactory().get("/open/?" + query)).status_code == status


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_a_large_body_is_refused_before_it_is_read(house, extra, status):
    request = RequestFactory().post("/open/complaint/")
    request.META["CONTENT_LENGTH"] = str(LARGEST_BODY + extra)
    assert house[0](request).status_code == status


def test_a_visitor_cannot_write_another_address_into_the_request(settings):
    given = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 10.1.1.1"}
    settings.BEHIND_PROXY = True
    assert address_of(RequestFactory().get("/open/", **given)) == "10.1.1.1"
    settings.BEHIND_PROXY = False
    assert address_of(RequestFactory().get("/open/", **given)) == "127.0.0.1"


def test_a_whole_network_of_the_new_internet_counts_as_one():
    one, other = (
        address_of(RequestFactory().get("/", REMOTE_ADDR=f"2001:db8::{n}")) for n in (1, 2)
    )
    assert one == other
