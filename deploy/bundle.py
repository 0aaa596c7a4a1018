"""One file that installs the product where there is no internet, and the proof that it does.

    python deploy/bundle.py WHEEL OUT

The wheels are those of the hashed locks for this kind of machine and this Python. The proof
unpacks the finished file elsewhere, installs it with no index, makes a bureau and asks the doctor.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("base.lock", "pg.lock")
BESIDE = ("README.md", "env.example", "install.sh", "nginx", "systemd")
GUIDES = Path("docs") / "guide"
GOAL_SECONDS = 300


def main(wheel: Path, out: Path) -> int:
    name = f"{wheel.name.removesuffix('-py3-none-any.whl')}-{sys.platform}-{platform.machine()}"
    name += f"-py{sys.version_info.major}{sys.version_info.minor}"
    with tempfile.TemporaryDirectory() as folder:
        filled(Path(folder) / name, wheel)
        packed = out / f"{name}.tar.gz"
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(Path(folder) / name, arcname=name)
    seconds = proved(packed)
    print(f"{packed}，{packed.stat().st_size >> 20} MiB；离线装好、建库、自查用了 {seconds:.0f} 秒")
    return 0 if seconds <= GOAL_SECONDS else 1


def filled(folder: Path, wheel: Path) -> None:
    (folder / "requirements").mkdir(parents=True)
    for name in BESIDE:
        source = ROOT / "deploy" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    shutil.copytree(ROOT / GUIDES, folder / GUIDES)
    for name in LOCKS:
        shutil.copy(ROOT / "requirements" / name, folder / "requirements")
        wheels = ["-r", f"{folder}/requirements/{name}", "-d", f"{folder}/wheels"]
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
        done([*pip, "--only-binary", ":all:", "--require-hashes", *wheels])
    shutil.copy(wheel, folder)
    version = f"{sys.version_info.major}.{sys.version_info.minor}\n"
    (folder / "python-version").write_text(version)
    (folder / "SHA256SUMS").write_text("".join(sums(folder)))


def sums(folder: Path) -> list[str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
        for path in files
    ]


def proved(packed: Path) -> float:
    """Seconds from the file to an installation with a bureau that its doctor finds sound."""
    with tempfile.TemporaryDirectory() as place:
        began = time.monotonic()
        with tarfile.open(packed) as archive:
            archive.extractall(place, filter="data")
        target, var = f"{place}/installed", f"{place}/var"
        settings = {
            "PATH": os.environ["PATH"],
            "PYTHON": sys.executable,
            "GONGCHOU_VAR": var,
            "GONGCHOU_SECRET_KEY": hashlib.sha256(place.encode()).hexdigest(),
            "GONGCHOU_ALLOWED_HOSTS": "localhost",
        }
        done(["sh", f"{place}/{packed.name.removesuffix('.tar.gz')}/install.sh", target], settings)
        gongchou = f"{target}/bin/gongchou"
        done([gongchou, "migrate"], settings)
        done([gongchou, "bureau", "create", "990173", "虚构分局"], settings)
        done([gongchou, "doctor"], settings)
        return time.monotonic() - began


def done(command: list[str], environment: dict[str, str] | None = None) -> None:
    answer = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise SystemExit(f"{' '.join(command)}\n{answer.stdout}{answer.stderr}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
