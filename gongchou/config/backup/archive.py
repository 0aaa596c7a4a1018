"""Making, checking and restoring a backup."""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

import gongchou
from gongchou.config import schema
from gongchou.config.backup import holdings, portable, sqlite_copy
from gongchou.config.backup.holdings import Holdings
from gongchou.config.backup.sealed_file import SealedWriter, open_sealed
from gongchou.core.chain import written
from gongchou.core.refusals import Refused

MANIFEST, EVIDENCE = "manifest.json", "evidence"
DATABASES = {"sqlite": "database.sqlite3", "portable": "database.jsonl"}
SPOOL = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says about itself; `files` gives size and SHA-256 of each."""

    created: str
    product: str
    engine: str
    holds: Holdings
    files: dict[str, tuple[int, str]]

    @property
    def evidence_count(self) -> int:
        return len(self.files) - 1

    @property
    def row_count(self) -> int:
        return sum(self.holds.counts.values())

    def plain(self) -> dict[str, Any]:
        files = {name: {"size": size, "sha256": sha} for name, (size, sha) in self.files.items()}
        return {
            "created": self.created,
            "product": self.product,
            "engine": self.engine,
            **self.holds.plain(),
            "files": files,
        }


def _manifest(data: Any) -> Manifest:
    return Manifest(
        created=data["created"],
        product=data["product"],
        engine=data["engine"],
        holds=holdings.from_plain(data),
        files={name: (file["size"], file["sha256"]) for name, file in data["files"].items()},
    )


class _Hashed(io.RawIOBase):
    """Passes a file on and adds up its digest on the way."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.sha, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.sha.update(data)
        self.size += len(data)
        return data


def evidence_folder() -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])  # type: ignore[index]


def database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder only we can read, beside the data, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.ENVIRONMENT.var) as folder:
        yield Path(folder)


# -- making


def create(path: Path, passphrase: str, *, at: datetime, is_portable: bool = False) -> Manifest:
    """Write a backup; the name appears only when the file is whole and on disk."""
    if path.exists():
        raise Refused(f"已有文件 {path}，备份不覆盖旧文件。请换一个文件名。")
    engine = "portable" if is_portable or connection.vendor != "sqlite" else "sqlite"
    part = path.with_name(path.name + ".part")
    try:
        with _workplace() as folder, part.open("wb") as out:
            os.chmod(part, 0o600)
            copy, holds = _copied(engine, folder)
            sealed = SealedWriter(out, passphrase, at)
            made = _write(sealed, copy, holds, engine, at)
            sealed.finish()
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise Refused(f"备份写不下去：{error.strerror}。请核对路径、权限和剩余空间。") from error
    finally:
        part.unlink(missing_ok=True)
    return made


def _copied(engine: str, folder: Path) -> tuple[Path, Holdings]:
    copy = folder / DATABASES[engine]
    if engine == "portable":
        schema.check_migrated()
        return copy, portable.dump(copy)
    sqlite_copy.copy(database_file(), copy)
    return copy, sqlite_copy.holdings(copy)


def _write(
    sealed: SealedWriter, copy: Path, holds: Holdings, engine: str, at: datetime
) -> Manifest:
    """The database first, then the evidence, at the end what all of it must add up to."""
    files = {}
    with tarfile.open(fileobj=sealed, mode="w|") as tar:
        files[copy.name] = _add(tar, copy, copy.name)
        root = evidence_folder()
        for file in sorted(p for p in root.rglob("*") if p.is_file()) if root.exists() else ():
            name = f"{EVIDENCE}/{file.relative_to(root).as_posix()}"
            files[name] = _add(tar, file, name)
        made = Manifest(
            created=written(at),
            product=gongchou.__version__,
            engine=engine,
            holds=holds,
            files=files,
        )
        body = json.dumps(made.plain(), ensure_ascii=False, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(body)
        tar.addfile(info, io.BytesIO(body))
    return made


def _add(tar: tarfile.TarFile, file: Path, name: str) -> tuple[int, str]:
    info = tarfile.TarInfo(name)
    with file.open("rb") as source:
        hashed = _Hashed(source)
        info.size = os.fstat(source.fileno()).st_size
        tar.addfile(info, hashed)  # type: ignore[arg-type]
    return hashed.size, hashed.sha.hexdigest()


# -- checking


def verify(path: Path, passphrase: str) -> Manifest:
    """Read everything back and judge it; nothing of the installation is touched."""
    with _workplace() as folder:
        made = _unpack(path, passphrase, folder, keep_evidence=False)
        _examine(made, folder)
        return made


def _unpack(path: Path, passphrase: str, folder: Path, *, keep_evidence: bool) -> Manifest:
    """Database (and evidence where kept) into the folder; every file as the manifest says."""
    source, sealed = open_sealed(path, passphrase)
    found: dict[str, tuple[int, str]] = {}
    body = b""
    with source, tarfile.open(fileobj=sealed, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                raise Refused(f"备份中的 {member.name} 不是文件，不能恢复。")
            if member.name == MANIFEST:
                body = content.read()
                continue
            is_kept = keep_evidence or member.name in DATABASES.values()
            target = _place(folder, member.name) if is_kept else None
            found[member.name] = _read_through(content, target)
        while sealed.read(SPOOL):
            pass  # The last piece proves that nothing was cut off.
    made = _manifest(json.loads(body)) if body else None
    if made is None or made.files != found:
        raise Refused("备份中的文件与清单不符，不能使用。请换另一份备份。")
    return made


def _place(folder: Path, name: str) -> Path:
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise Refused(f"备份中的文件名 {name} 不合规，不能恢复。")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _read_through(content: IO[bytes], target: Path | None) -> tuple[int, str]:
    hashed = _Hashed(content)
    with target.open("wb") if target else io.BytesIO() as out:
        while data := hashed.read(SPOOL):
            if target:
                out.write(data)
    return hashed.size, hashed.sha.hexdigest()


def _examine(made: Manifest, folder: Path) -> None:
    """The database in the folder is sound, holds what the manifest says, and its chains hold."""
    copy = folder / DATABASES[made.engine]
    if made.engine == "sqlite":
        found, links = sqlite_copy.holdings(copy), sqlite_copy.links(copy)
    else:
        found = portable.holdings(copy, made.holds.migrations)
        links = portable.links(copy)
    holdings.compare(made.holds, found)
    holdings.check_chains(links, made.holds.heads)


# -- restoring


def restore(path: Path, passphrase: str, *, at: datetime, replace: bool) -> Manifest:
    """Put a backup in the place of this installation's data, after all of it was examined."""
    schema.let_go()
    _check_place(replace=replace)
    with _workplace() as folder:
        made = _unpack(path, passphrase, folder, keep_evidence=True)
        _examine(made, folder)
        _check_engine(made)
        stamp = at.strftime("%Y%m%d-%H%M%S")
        # An open connection would go on writing into the file that is moved aside.
        schema.let_go()
        if connection.vendor == "sqlite":
            _aside(database_file(), stamp)
        _put_database(made, folder)
        _aside(evidence_folder(), stamp)
        if (folder / EVIDENCE).exists():
            shutil.move(folder / EVIDENCE, evidence_folder())
    return made


def _put_database(made: Manifest, folder: Path) -> None:
    copy = folder / DATABASES[made.engine]
    if made.engine == "sqlite":
        shutil.move(copy, database_file())
        return
    call_command("migrate", verbosity=0, interactive=False)
    portable.check_may_load(made.holds.migrations)
    portable.load(copy)


def _aside(place: Path, stamp: str) -> None:
    """What stood there stays, under a name that says when it was replaced."""
    if place.exists():
        place.rename(place.with_name(f"{place.name}.before-restore-{stamp}"))


def _check_place(*, replace: bool) -> None:
    """Refused where data would be lost: replaced data is moved aside, and only when told to."""
    folder = evidence_folder()
    has_evidence = folder.exists() and any(folder.iterdir())
    is_sqlite = connection.vendor == "sqlite"
    if not replace and (has_evidence or (is_sqlite and sqlite_copy.is_occupied(database_file()))):
        raise Refused(
            "这里已有数据，没有恢复。请恢复到空的数据文件夹；确要替换请加 --replace，"
            "原数据会改名保留。"
        )
    if not is_sqlite:
        portable.check_empty()
    elif database_file().exists():
        sqlite_copy.close_down(database_file())


def _check_engine(made: Manifest) -> None:
    if made.engine == "sqlite" and connection.vendor != "sqlite":
        raise Refused(
            "这份备份是 SQLite 的原样副本，不能恢复到 PostgreSQL。请在原处用 --portable 另做一份。"
        )
    known = schema.known_migrations()
    if newer := [name for name in made.holds.migrations if name not in known]:
        raise Refused(f"这份备份来自更新的版本（如 {newer[0]}）。请先升级程序，再恢复。")
