"""Settings of one installation, read once from `GONGCHOU_*`; a wrong value stops the start."""

import secrets
import sys
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
HINTS = {
    "database_url": "请写 sqlite:///绝对路径 或 postgresql://用户:密码@主机:端口/库名。",
    "storage_url": "目前只支持文件夹，请写绝对路径。",
    "demo": "请写 true 或 false。",
    "debug": "请写 true 或 false。",
    "doors": "请写 back、open 中的一个或几个，用逗号分隔。",
    "idle_minutes": "请写 5 到 720 之间的整数。",
}


class Environment(BaseSettings):
    """What the operator decides. Everything else is the product's own business."""

    model_config = SettingsConfigDict(env_prefix="GONGCHOU_")

    var: Path = ROOT / "var"
    database_url: str = ""
    storage_url: str = ""
    secret_key: str = ""
    demo: bool = False
    debug: bool = False
    allowed_hosts: str = "127.0.0.1,localhost"
    doors: str = "back,open"
    idle_minutes: int = Field(default=30, ge=5, le=720)
    behind_https: bool = False
    worker: bool = False
    log_format: Literal["json", "text"] = "json"

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("sqlite", "postgresql"):
            raise ValueError("数据库种类未知")
        return value

    @field_validator("storage_url")
    @classmethod
    def _is_folder(cls, value: str) -> str:
        if "://" in value or (value and not Path(value).is_absolute()):
            raise ValueError("存储位置不是文件夹")
        return value

    @field_validator("doors")
    @classmethod
    def _known_doors(cls, value: str) -> str:
        if not value or set(value.split(",")) - {"back", "open"}:
            raise ValueError("入口未知")
        return value


def read_environment() -> Environment:
    """The settings; prints one sentence for each wrong value and ends the process with status 2."""
    try:
        found = Environment()
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0])
            hint = HINTS.get(name, "请查阅部署说明。")
            print(f"设置 GONGCHOU_{name.upper()} 的值不对：{hint}", file=sys.stderr)
        raise SystemExit(2) from None
    found.var.mkdir(parents=True, exist_ok=True)
    return found


def secret_key(environment: Environment) -> str:
    """The signing key: as set, else one made once and kept in `var/` readable by its owner only."""
    if environment.secret_key:
        return environment.secret_key
    kept = environment.var / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text().strip()


def database(environment: Environment, init_command: str) -> dict[str, Any]:
    """Django's description of the one database."""
    parts = urlsplit(environment.database_url)
    if parts.scheme == "postgresql":
        pool = {} if environment.worker else {"pool": {"min_size": 1, "max_size": 8}}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": pool,
        }
    name = f"/{parts.path.lstrip('/')}" if parts.path else str(environment.var / "gongchou.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": init_command,
        },
    }
