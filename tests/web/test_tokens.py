"""What a page lacks can be asked of a page: its random parts name nothing of ours."""

import re

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def test_tokens_of_forms_hold_no_reference(client, db):
    first, second = (TOKEN.findall(client.get("/login/").content.decode())[0] for _ in range(2))
    assert set(first + second) <= set("jqxz")
    assert first != second
