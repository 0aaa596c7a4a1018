import pytest

from gongchou.config.database import describe, file_system_of, is_on_network, sqlite_file
from gongchou.config.environment import Environment, WrongSettings, load, secret_key
from gongchou.config.safety import dangers

SECRET = "s" * 40


@pytest.fixture(autouse=True)
def _bare(monkeypatch, tmp_path):
    for name in ("DEMO", "SECRET_KEY", "DATABASE_URL", "DEBUG"):
        monkeypatch.delenv(f"GONGCHOU_{name}", raising=False)
    monkeypatch.setenv("GONGCHOU_VAR", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://a/b"),
        ("DATABASE_URL", "postgresql://host"),
        ("STORAGE_URL", "s3://bucket"),
        ("STORAGE_URL", "relative"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", " , "),
        ("DOORS", "back,cellar"),
        ("IDLE_MINUTES", "0"),
        ("DEMO", "perhaps"),
        ("TLS_CERTIFICATE", "/nowhere/cert.pem"),
        ("VAR", "relative"),
        ("FONTS", "relative"),
        ("FONTS", "/nowhere/fonts"),
        ("MESSAGES", "relative"),
        ("EXPORT", "/nowhere/open"),
        ("WEBHOOK_NETWORKS", "10.0.0.1/8"),
        ("WEBHOOK_NETWORKS", "intranet"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence(monkeypatch, name, value):
    monkeypatch.setenv(f"GONGCHOU_{name}", value)
    with pytest.raises(WrongSettings) as caught:
        load()
    (says,) = caught.value.says
    assert says.startswith(f"设置 GONGCHOU_{name} 的值不对。请写")
    assert says.endswith("。")


def test_several_wrong_values_are_told_at_once(monkeypatch):
    monkeypatch.setenv("GONGCHOU_DOORS", "x")
    monkeypatch.setenv("GONGCHOU_IDLE_MINUTES", "x")
    with pytest.raises(WrongSettings) as caught:
        load()
    assert len(caught.value.says) == 2


def test_a_certificate_without_its_key_is_refused(monkeypatch, tmp_path):
    (tmp_path / "cert.pem").touch()
    monkeypatch.setenv("GONGCHOU_TLS_CERTIFICATE", str(tmp_path / "cert.pem"))
    with pytest.raises(WrongSettings, match="须同时设置"):
        load()


def test_the_default_is_a_file_in_the_data_folder(tmp_path):
    assert sqlite_file(load()) == tmp_path / "gongchou.sqlite3"


def test_only_a_web_process_on_postgresql_has_a_pool():
    there = Environment(database_url="postgresql://us%40er:pass@db.example:5433/gongchou")
    web, runner = describe(there, "", pooled=True), describe(there, "", pooled=False)
    assert web["OPTIONS"]["pool"]
    assert not runner["OPTIONS"]
    assert (web["USER"], web["HOST"], web["PORT"], web["NAME"]) == (
        "us@er", "db.example", "5433", "gongchou",
    )  # fmt: skip


def test_a_socket_folder_may_be_named_instead_of_a_host():
    found = describe(
        Environment(database_url="postgresql:///gongchou?host=/run/pg"), "", pooled=False
    )
    assert found["HOST"] == "/run/pg"


def test_every_sqlite_connection_is_durable_and_waits_its_turn():
    options = describe(load(), "PRAGMA synchronous=FULL;", pooled=False)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "FULL" in options["init_command"]


def test_a_demonstration_keeps_its_key_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.setenv("GONGCHOU_DEMO", "true")
    assert secret_key(load()) == secret_key(load())
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_real_use_without_a_key_never_gets_a_lasting_one(tmp_path):
    assert secret_key(load()) != secret_key(load())
    assert not (tmp_path / "secret-key").exists()


def test_dangers_are_named_before_real_data_is_served(monkeypatch):
    monkeypatch.setenv("GONGCHOU_DEBUG", "true")
    assert [
        next(name for name in ("GONGCHOU_DEBUG", "GONGCHOU_SECRET_KEY") if name in says)
        for says in dangers(load())
    ] == ["GONGCHOU_DEBUG", "GONGCHOU_SECRET_KEY"]


def test_a_key_and_a_local_disk_are_no_danger(monkeypatch):
    monkeypatch.setenv("GONGCHOU_SECRET_KEY", SECRET)
    assert dangers(load()) == []


def test_sqlite_on_a_shared_folder_is_a_danger(monkeypatch):
    monkeypatch.setenv("GONGCHOU_SECRET_KEY", SECRET)
    monkeypatch.setattr("gongchou.config.database.file_system_of", lambda path: "nfs4")
    (says,) = dangers(load())
    assert "网络文件夹" in says


def test_the_file_system_of_a_folder_is_known(tmp_path):
    assert file_system_of(tmp_path)
    assert not is_on_network(tmp_path)
