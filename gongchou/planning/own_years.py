"""The years entered here as files, from which every count of working days reads them.

The database is the record; the files follow it and are made again from it at any time.
"""

from gongchou.law.load import own_years_folder
from gongchou.planning import calendar_reads


def write_own_years() -> int:
    """Let the folder hold exactly the years in force; returns how many files changed."""
    folder = own_years_folder()
    if folder is None:
        return 0
    wanted = {f"{year}.toml": text for year, text in calendar_reads.newest().items()}
    held = {path.name: path for path in folder.glob("*.toml")} if folder.is_dir() else {}
    changed = 0
    for name, text in wanted.items():
        if name in held and held[name].read_text("utf-8") == text:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        # A reader finds the old file or the new one, never half of one.
        fresh = folder / f"{name}.new"
        fresh.write_text(text, "utf-8")
        fresh.replace(folder / name)
        changed += 1
    for name in set(held) - set(wanted):
        held[name].unlink()
        changed += 1
    return changed
