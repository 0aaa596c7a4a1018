"""Two hundred texts that look like formulas, through a real spreadsheet program and back.

    python -m benchmarks.spreadsheet        needs `soffice` (LibreOffice Calc)

Exported, opened and saved again by the program, looked at cell by cell, imported: every cell is
still the same text, no formula has come of any, nothing was run, and the import changes nothing.
Ends with status 1 where one of this fails.
"""

import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from benchmarks.place import AT, TODAY, empty_house

FORMATS = ("xlsx", "ods", "xls")


def payloads(canary: Path) -> list[str]:
    """The texts of the test of exports, and some that would leave a file where they are run."""
    from tests.registry.test_export import PAYLOADS

    touch = f"touch {canary}"
    run = (
        f"=cmd|'/C {touch}'!A0", f'=DDE("soffice";"{canary}";"A1")', f'=WEBSERVICE("file://{canary}")',
        f'=HYPERLINK("file://{canary}")', f"@SUM(1+1)*cmd|'/C {touch}'!A0", f"+{touch}",
    )  # fmt: skip
    return [*PAYLOADS, *run]


def saved_again(content: bytes, ending: str, folder: Path) -> bytes:
    """The same workbook after the program has opened it and saved it in one of its forms."""
    path = folder / "导出.xlsx"
    path.write_bytes(content)
    out = folder / ending
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    subprocess.run(
        [*command, "--convert-to", ending, "--outdir", str(out), str(path)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return (out / f"导出.{ending}").read_bytes()


def formulas(content: bytes) -> int:
    """How many cells of an xlsx or ods hold a formula; old workbooks are judged by their texts."""
    if not content.startswith(b"PK"):
        return 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml",))]
        parts = [archive.read(n) for n in names if "sheet" in n or n == "content.xml"]
    return sum(
        part.count(b"<f>") + part.count(b"<f ") + part.count(b"table:formula") for part in parts
    )


def around(ending: str, export: bytes, texts: list[str], folder: Path) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook

    from gongchou.core.powers import console
    from gongchou.core.terms import ImportKind
    from gongchou.registry import actions

    content = saved_again(export, ending, folder)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    seen = [cells[0] for cells in sheet.to_python()[1:]]
    report = actions.import_file(
        ImportKind.SUBJECTS,
        content,
        f"导出.{ending}",
        on=TODAY,
        by=console("990200", "bench"),
        at=AT,
    )
    return {
        "form": ending,
        "texts": len(texts),
        "same_texts": sum(a == b for a, b in zip(seen, texts, strict=True)),
        "formulas": formulas(content),
        **report.counts(),
    }


def main() -> int:
    if not shutil.which("soffice"):
        print("没有找到 soffice，请先安装 LibreOffice Calc。")
        return 2
    with empty_house(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = rounds(folder)
        was_run = (folder / "canary").exists()
    for row in found:
        print(json.dumps(row, ensure_ascii=False))
    is_good = not was_run and all(
        row["same_texts"] == row["unchanged"] == row["texts"] and not row["formulas"]
        for row in found
    )
    print("逐格相同，没有公式，没有执行，导入零变化。" if is_good else "不一致，见上。")
    return 0 if is_good else 1


def rounds(folder: Path) -> list[dict[str, Any]]:
    from benchmarks.registers import filled
    from gongchou.core.terms import ImportKind
    from gongchou.registry import export
    from tests.registry.test_import import csv, uscc

    texts = payloads(folder / "canary")
    rows = [
        f'"{text.replace(chr(34), chr(34) * 2)}",{uscc(n)},{uscc(n)}001P,登记管理,东片'
        for n, text in enumerate(texts, 1)
    ]
    filled("990200", csv(*rows), "名册.csv")
    content, _ = export.workbook(ImportKind.SUBJECTS, "990200", TODAY)
    return [around(ending, content, texts, folder) for ending in FORMATS]


if __name__ == "__main__":
    raise SystemExit(main())
