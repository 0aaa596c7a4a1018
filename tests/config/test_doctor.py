import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from gongchou.config import checkup_basics
from gongchou.config.checkup_database import database_findings
from gongchou.config.cli import main
from gongchou.config.environment import load

NOTO = Path(pylopdf_fonts_zh_cn.__file__).parent


def state_of(findings, name):
    return {finding.name: finding.state for finding in findings}[name]


@pytest.mark.django_db
def test_a_sound_installation_has_no_fault(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(checkup_basics, "PACKAGE", built(tmp_path))
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert {check["state"] for check in found["checks"]} <= {"ok", "warn"}


def built(folder):
    (folder / "web/collected").mkdir(parents=True)
    (folder / "web/collected/staticfiles.json").touch()
    return folder


def test_wrong_settings_are_told_without_starting(capsys, monkeypatch):
    monkeypatch.setenv("GONGCHOU_DOORS", "cellar")
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.startswith("［有误］设置")


def test_a_misspelt_setting_is_noticed(monkeypatch):
    monkeypatch.setenv("GONGCHOU_DATABSE_URL", "x")
    says = [finding.says for finding in checkup_basics.basic_findings(load())]
    assert any("GONGCHOU_DATABSE_URL" in line for line in says)


def test_a_full_disk_is_a_fault(monkeypatch):
    monkeypatch.setattr(
        checkup_basics.shutil, "disk_usage", lambda path: type("", (), {"free": 10})
    )
    assert state_of(checkup_basics.basic_findings(load()), "磁盘") == "fail"


def test_pages_without_their_style_are_a_fault(monkeypatch, tmp_path):
    monkeypatch.setattr(checkup_basics, "PACKAGE", tmp_path)
    assert state_of(checkup_basics.basic_findings(load()), "页面资源") == "fail"


def test_an_empty_font_folder_is_told_and_none_at_all_is_well(monkeypatch, tmp_path):
    assert state_of(checkup_basics.basic_findings(load()), "字体") == "ok"
    monkeypatch.setenv("GONGCHOU_FONTS", str(tmp_path))
    found = {finding.name: finding for finding in checkup_basics.basic_findings(load())}["字体"]
    assert found.state == "warn"
    assert "小标宋、仿宋、楷体" in found.says
    (tmp_path / "仿宋").mkdir()
    shutil.copy(NOTO / "NotoSansSC-Regular.otf", tmp_path / "仿宋")
    found = {finding.name: finding for finding in checkup_basics.basic_findings(load())}["字体"]
    assert "小标宋、楷体" in found.says


def certificate(folder, days):
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "demo.example")])
    end = datetime.now(UTC) + timedelta(days=days, hours=1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        builder.not_valid_before(end - timedelta(days=400)).not_valid_after(end).sign(key, None)
    )
    path = folder / "cert.pem"
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(("days", "state"), [(200, "ok"), (10, "warn"), (-5, "fail")])
def test_a_certificate_is_renewed_in_time(monkeypatch, tmp_path, days, state):
    path = str(certificate(tmp_path, days))
    monkeypatch.setenv("GONGCHOU_TLS_CERTIFICATE", path)
    monkeypatch.setenv("GONGCHOU_TLS_KEY", path)
    assert state_of(checkup_basics.basic_findings(load()), "证书") == state


@pytest.mark.django_db
def test_a_database_of_an_older_version_is_a_fault(monkeypatch):
    monkeypatch.setattr(
        "gongchou.config.checkup_database.missing_migrations", lambda: ["registry.0009"]
    )
    assert state_of(database_findings(), "数据表") == "fail"


@pytest.mark.django_db
def test_the_engine_commits_to_disk():
    assert {finding.state for finding in database_findings()} == {"ok"}
