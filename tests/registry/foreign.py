"""Makers of files in the forms that other programs write: old workbooks, open documents, texts."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Table = Sequence[Sequence[object]]
SECTOR = 512
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 0x0600))


def _cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, int | float):
        return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    text = str(value)
    head = struct.pack("<HHHHB", row, column, 0, len(text), 1)
    return _record(0x0204, head + text.encode("utf-16-le"))


def _stream(rows: Table, *, is_locked: bool) -> bytes:
    """A workbook of one sheet in BIFF8; the globals say where the sheet begins."""
    lock = _record(0x002F, struct.pack("<H", 1) + bytes(52)) if is_locked else b""
    name = "名册".encode("utf-16-le")
    bound = struct.pack("<IBBBB", 0, 0, 0, 2, 1) + name
    end = _record(0x000A, b"")
    before = _bof(0x0005) + lock + _record(0x0042, struct.pack("<H", 1200))
    start = len(before) + 4 + len(bound) + len(end)
    bound = struct.pack("<I", start) + bound[4:]
    width = max(len(row) for row in rows)
    extent = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    cells = [_cell(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row) if v != ""]
    return before + _record(0x0085, bound) + end + _bof(0x0010) + extent + b"".join(cells) + end


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file of some streams below its root, each long enough to need no small sectors."""
    padded = {name: body.ljust(max(4096, -(-len(body) // SECTOR) * SECTOR), b"\0")
              for name, body in streams.items()}  # fmt: skip
    fat, entries, place = [FAT_SECTOR, END], [], 2
    for name, body in padded.items():
        count = len(body) // SECTOR
        entries.append(_entry(name, 2, child=FREE, start=place, size=len(body)))
        fat += [*range(place + 1, place + count), END]
        place += count
    assert len(fat) <= SECTOR // 4, "one sector of the table of sectors is enough for tests"
    root = _entry("Root Entry", 5, child=1, start=END, size=0)
    directory = (root + b"".join(entries)).ljust(SECTOR, b"\0")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0
    )
    head += struct.pack("<109I", 0, *[FREE] * 108)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    return head + table + directory + b"".join(padded.values())


def xls(*rows: Sequence[object], is_locked: bool = False) -> bytes:
    """The older form of workbook, which WPS also saves as .et."""
    return compound({"Workbook": _stream(rows, is_locked=is_locked)})


def locked_xlsx() -> bytes:
    """A workbook with a password: its package stands encrypted inside an OLE file."""
    return compound({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(5000)})


def _ods_cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    text = escape(str(value))
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def ods(*rows: Sequence[object], manifest: str = "") -> bytes:
    """An open document of one sheet."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "table", "text"))
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="名册">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {"mimetype": ODS, "content.xml": body, "META-INF/manifest.xml": manifest or "<manifest/>"}
    )


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return buffer.getvalue()


def xlsx(sheet: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook whose one sheet is written by hand, with whatever else is put beside it."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    own = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
    }
    return archive({**own, **(parts or {})})


def cells(*rows: Sequence[str]) -> str:
    """Rows of a hand-written sheet as inline texts."""
    return "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(64 + c)}{r}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
            for c, text in enumerate(row, 1)
        )
        + "</row>"
        for r, row in enumerate(rows, 1)
    )
