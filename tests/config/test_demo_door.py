"""The door of the demonstration lets in whoever the draw sends out, and nobody without a role."""

from gongchou.core.terms import Role


def test_every_inspector_may_be_entered_and_a_stranger_not(client, person):
    person("jc07", "演示检查员07", Role.INSPECTOR)
    person("nobody", "陌生人")
    assert client.post("/demo/jc07/").status_code == 302
    assert client.session["_auth_user_id"]
    client.logout()
    assert client.post("/demo/nobody/").status_code == 404
    assert client.post("/demo/missing/").status_code == 404
