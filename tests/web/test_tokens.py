"""What a page lacks can be asked of a page: its random parts name nothing of ours."""

import re

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def test_tokens_of_forms_hold_no_reference(client, db):
    first, second = (TOKEN.search(client.get("/login/").content.decode()) for _ in range(2))
    assert first
    assert second
    assert set(first[1] + second[1]) <= set("jqxz")
    assert first[1] != second[1]
