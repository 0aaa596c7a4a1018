"""What lies in the database between sealing and release says nothing about who was drawn."""

from itertools import combinations

import pytest
from django.apps import apps
from django.db import connection

from gongchou.core.refusals import Invalid
from gongchou.core.sharing import combine, read_share
from gongchou.drawing import models, sealing, strongbox
from gongchou.drawing.frozen import thawed
from tests.drawing import ceremony
from tests.drawing.ceremony import CUSTODIANS, passphrase, text_of

ROSTER = {("drawing_draw", "frozen_body")}


def share(login: str):
    """A custodian's share, as only the passphrase gives it."""
    custodian = models.Custodian.objects.get(person_ref=f"U-{login}")
    private = strongbox.unlock(passphrase(login), bytes(custodian.locked), about=custodian.ref)
    row = models.KeyShare.objects.get(custodian=custodian)
    return read_share(strongbox.unseal(private, bytes(row.sealed), about=row.key.ref).decode())


def opened(draw: models.Draw):
    """The whole list, as two custodians could open it."""
    group = combine([share(login) for login in CUSTODIANS[:2]])
    key = strongbox.unseal(group, bytes(draw.locked_key), about=draw.ref)
    rows = draw.sealed_visits.order_by("number")
    return [sealing.shown(key, bytes(row.hidden), draw=draw.ref, number=row.number) for row in rows]


@pytest.fixture
def draw(stage) -> models.Draw:
    return models.Draw.objects.get(ref=ceremony.sealed_draw(stage))


def columns() -> dict[tuple[str, str], bytes]:
    """Every value that this room, the trail and the jobs hold, column by column."""
    found = {}
    rooms = [apps.get_app_config(name) for name in ("drawing", "audit", "django_q", "sessions")]
    with connection.cursor() as cursor:
        for model in (model for room in rooms for model in room.get_models()):
            table = model._meta.db_table
            for name in (f.column for f in model._meta.concrete_fields):
                cursor.execute(f'SELECT "{name}" FROM "{table}"')
                values = [value for (value,) in cursor.fetchall()]
                found[table, name] = b"\n".join(
                    bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
                    for v in values
                )
    return found


def test_no_column_but_the_roster_holds_a_drawn_id_name_or_officer(draw):
    frozen = thawed(bytes(draw.frozen_body))
    secrets = set()
    for visit in opened(draw):
        record = frozen.subjects[visit.pid].record
        secrets |= {visit.pid, record["ref"], record["name"], record["uscc"]}
        secrets |= {ref for part in visit.parts for ref in frozen.people_of(part)}
    assert len(secrets) > 12
    held = columns()
    assert set(held) >= {("drawing_sealedvisit", "hidden"), ("audit_event", "data")} | ROSTER
    leaks = [
        (place, secret)
        for place, content in held.items()
        if place not in ROSTER
        for secret in secrets
        if secret.encode() in content
    ]
    assert leaks == []


def test_the_search_would_find_a_name_that_leaked(draw):
    visit = opened(draw)[0]
    models.Opening.objects.create(
        ref="O-leak", draw=draw, purpose="release", state="requested", says=visit.pid,
        asked_by_ref="x", asked_by_name="x", asked_at=draw.drawn_at,
    )  # fmt: skip
    assert visit.pid.encode() in columns()["drawing_opening", "says"]


def test_no_column_holds_the_words_of_a_contributor_or_a_passphrase(draw):
    secrets = [text_of("zhou"), text_of("bao"), *map(passphrase, CUSTODIANS)]
    for content in columns().values():
        assert not any(secret.encode() in content for secret in secrets)
        assert not any(secret.encode().hex().encode() in content for secret in secrets)


def test_all_sealed_visits_are_of_one_length(draw):
    assert len({len(bytes(row.hidden)) for row in draw.sealed_visits.all()}) == 1


def test_any_two_custodians_open_the_list_and_one_does_not(draw):
    keys = set()
    for pair in combinations(CUSTODIANS, 2):
        keys.add(combine([share(login) for login in pair]))
    assert len(keys) == 1
    assert strongbox.public_of(keys.pop()) == bytes(draw.key.public)
    for login in CUSTODIANS:
        with pytest.raises(Invalid, match="须有 2 人"):
            combine([share(login)])


def test_the_key_of_one_visit_opens_no_other(draw):
    group = combine([share(login) for login in CUSTODIANS[:2]])
    key = strongbox.unseal(group, bytes(draw.locked_key), about=draw.ref)
    one, other = draw.sealed_visits.order_by("number")[:2]
    mine = strongbox.visit_key(key, one.number)
    about = f"{draw.ref}/visit/{other.number}"
    with pytest.raises(strongbox.WrongKey):
        strongbox.show(mine, bytes(other.hidden), about=about)


def test_the_server_s_own_secret_opens_nothing_of_a_sealed_draw(draw):
    server = strongbox.server_key()
    blobs = [bytes(row.hidden) for row in draw.sealed_visits.all()]
    blobs += [bytes(draw.locked_key), bytes(draw.locked_seed)]
    blobs += [bytes(c.escrow) for c in draw.contributions.all()]
    assert all(bytes(c.held) == b"" for c in draw.contributions.all())
    for blob in blobs:
        for about in (draw.ref, draw.announcement_digest, f"{draw.ref}/系统"):
            with pytest.raises(strongbox.WrongKey):
                strongbox.show(server, blob, about=about)


def test_a_byte_changed_in_a_sealed_visit_is_noticed(draw):
    row = draw.sealed_visits.first()
    blob = bytearray(bytes(row.hidden))
    blob[-1] ^= 1
    group = combine([share(login) for login in CUSTODIANS[1:]])
    key = strongbox.unseal(group, bytes(draw.locked_key), about=draw.ref)
    with pytest.raises(strongbox.WrongKey, match="被改动过"):
        sealing.shown(key, bytes(blob), draw=draw.ref, number=row.number)
