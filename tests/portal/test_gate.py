"""Who stands at the gate: an enterprise checks without an account."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongchou.core import gate_codes
from gongchou.web import clock, gate_keys
from tests.core.test_gate_codes import CODE


def shown(client, text: str):
    return client.get("/open/door/", {"gate": text})


@pytest.fixture
def fresh():
    return replace(CODE, until=clock.now() + timedelta(hours=2))


@pytest.mark.django_db
def test_a_signed_code_names_who_came_and_to_whom(client, fresh):
    answer = shown(client, gate_keys.signed(fresh))
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("身份码有效", "李执法", "虚1001", "虚构化工1", "不是这家单位的"):
        assert words in page
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_changed_name_a_foreign_key_and_an_old_code_are_refused(client, fresh, settings):
    signed = gate_keys.signed(fresh)
    _, signature = gate_codes.parts(signed)
    forged = replace(fresh, officers=(("假冒", "虚1001"),)).content()
    for text, says in (
        (gate_codes.spelled(forged, signature), "不是本机关签发的"),
        (signed[:-20], "不是"),
        (gate_keys.signed(replace(fresh, until=clock.now() - timedelta(minutes=1))), "已经过期"),
    ):
        answer = shown(client, text)
        assert answer.status_code == 400
        assert "不能确认来人的身份" in answer.content.decode()
        assert says in answer.content.decode()
    settings.SECRET_KEY = "another installation's secret, long enough to be one"
    assert "不是本机关签发的" in shown(client, signed).content.decode()


@pytest.mark.django_db
def test_the_key_that_checks_codes_offline_is_public_and_leads_to_the_page(client):
    key = gate_keys.public_key()
    for address in ("/open/door/", "/open/about/"):
        page = client.get(address).content.decode()
        assert f'href="/open/verify/gate/#key={key}"' in page
        assert f"{key}</code>" in page
    served = client.get("/open/verify/gate/")
    assert f'name="gate-key" content="{key}"' in served.content.decode()
    policy = served["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
