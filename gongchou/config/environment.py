"""Settings of one installation, read once from `GONGCHOU_*`; a wrong value stops the start."""

import secrets
import sys
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gongchou.core.refusals import Invalid
from gongchou.core.webhooks import networks

PACKAGE = Path(__file__).resolve().parents[1]
SOURCE_TREE = PACKAGE.parent
SHORTEST_SECRET = 40
DOORS = ("back", "field", "open")
HINTS = {
    "var": "请写一个可写文件夹的绝对路径。",
    "database_url": "请写 sqlite:////绝对路径 或 postgresql://用户:密码@主机:端口/库名。",
    "storage_url": "请写文件夹的绝对路径，目前不支持其他存储。",
    "secret_key": f"请写不少于 {SHORTEST_SECRET} 个字符的随机串，不要与他处相同。",
    "demo": "请写 true 或 false。",
    "debug": "请写 true 或 false。",
    "allowed_hosts": "请写对外使用的域名或地址，多个用逗号分隔，不能写 *。",
    "doors": "请写 back、field、open 中的一个或几个，用逗号分隔。",
    "idle_minutes": "请写 5 到 720 之间的整数。",
    "upload_days": "请写 1 到 3650 之间的整数。",
    "second_factor": "请写 true 或 false。",
    "behind_https": "请写 true 或 false。",
    "tls_certificate": "请写证书文件的绝对路径，文件须存在。",
    "tls_key": "请写私钥文件的绝对路径，文件须存在。",
    "fonts": "请写一个放字体文件的文件夹的绝对路径，文件夹须存在。",
    "checkpoints": "请写另一块磁盘上一个文件夹的绝对路径，文件夹须存在。",
    "messages": "请写短信网关取消息的文件夹的绝对路径，文件夹须存在。",
    "export": "请写一个放静态门户的文件夹的绝对路径，文件夹须存在。",
    "webhook_networks": "请写 10.1.2.0/24 这样的网段，多个用逗号分隔。",
    "log_level": "请写 DEBUG、INFO、WARNING 或 ERROR。",
}


def _default_var() -> Path:
    in_source_tree = (SOURCE_TREE / "manage.py").exists()
    return (SOURCE_TREE if in_source_tree else Path.cwd()) / "var"


class WrongSettings(Exception):
    """Some values cannot be used; `says` has one sentence for each."""

    def __init__(self, says: list[str]) -> None:
        super().__init__("".join(says))
        self.says = says


class Environment(BaseSettings):
    """What the operator decides. Everything else is the product's own business."""

    model_config = SettingsConfigDict(env_prefix="GONGCHOU_", hide_input_in_errors=True)

    var: Path = Field(default_factory=_default_var)
    database_url: str = ""
    storage_url: str = ""
    secret_key: str = ""
    demo: bool = False
    debug: bool = False
    allowed_hosts: str = "127.0.0.1,localhost"
    doors: str = ",".join(DOORS)
    idle_minutes: int = Field(default=15, ge=5, le=720)
    upload_days: int = Field(default=90, ge=1, le=3650)
    second_factor: bool = True
    behind_https: bool = False
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    fonts: Path | None = None
    checkpoints: Path | None = None
    messages: Path | None = None
    export: Path | None = None
    webhook_networks: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("var")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        if not value.is_absolute():
            raise ValueError("不是绝对路径")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and parts.scheme not in ("sqlite", "postgresql"):
            raise ValueError("数据库种类未知")
        if value and len(parts.path) < 2:
            raise ValueError("没有写库名或文件")
        return value

    @field_validator("storage_url")
    @classmethod
    def _is_folder(cls, value: str) -> str:
        if "://" in value or (value and not Path(value).is_absolute()):
            raise ValueError("存储位置不是文件夹")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: str) -> str:
        if value and len(value) < SHORTEST_SECRET:
            raise ValueError("密钥太短")
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _names_hosts(cls, value: str) -> str:
        hosts = split(value)
        if not hosts or "*" in hosts:
            raise ValueError("没有指明域名")
        return value

    @field_validator("doors")
    @classmethod
    def _known_doors(cls, value: str) -> str:
        if not split(value) or set(split(value)) - set(DOORS):
            raise ValueError("入口未知")
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        try:
            networks(value)
        except Invalid as refusal:
            raise ValueError(str(refusal)) from refusal
        return value

    @field_validator("tls_certificate", "tls_key")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("文件不存在")
        return value

    @field_validator("fonts", "messages", "export", "checkpoints")
    @classmethod
    def _is_own_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not (value.is_absolute() and value.is_dir()):
            raise ValueError("文件夹不存在")
        return value

    @model_validator(mode="after")
    def _certificate_has_key(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError(
                "GONGCHOU_TLS_CERTIFICATE 与 GONGCHOU_TLS_KEY 须同时设置，现在只有一个。"
            )
        return self

    @property
    def is_tls(self) -> bool:
        """Whether browsers reach the product by https only."""
        return self.behind_https or self.tls_certificate is not None


def split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def load() -> Environment:
    """The settings as the environment has them, or WrongSettings."""
    try:
        return Environment()
    except ValidationError as error:
        raise WrongSettings(
            [_sentence(problem["loc"], problem["msg"]) for problem in error.errors()]
        ) from None


def _sentence(place: tuple[int | str, ...], says: str) -> str:
    if not place:
        return says.removeprefix("Value error, ")
    name = str(place[0])
    return f"设置 GONGCHOU_{name.upper()} 的值不对。{HINTS[name]}"


def read_environment() -> Environment:
    """The settings; prints one sentence for each wrong value and ends the process with status 2."""
    try:
        found = load()
        found.var.mkdir(parents=True, exist_ok=True)
    except WrongSettings as error:
        print(*error.says, sep="\n", file=sys.stderr)
        raise SystemExit(2) from None
    except OSError:
        print(
            f"文件夹 {found.var} 建不起来。请改 GONGCHOU_VAR，或让本用户可写它。", file=sys.stderr
        )
        raise SystemExit(2) from None
    return found


def secret_key(environment: Environment) -> str:
    """The signing key: as set; in a demonstration one made once and kept for its owner's eyes.

    Otherwise one for this process only: enough for a command, and `refuse_unsafe` keeps the
    server from starting with it.
    """
    if environment.secret_key:
        return environment.secret_key
    if not environment.demo:
        return secrets.token_urlsafe(48)
    kept = environment.var / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text().strip()
