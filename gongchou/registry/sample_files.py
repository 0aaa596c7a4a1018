"""A workbook of each kind to fill in: its columns, one sample row, and what each column takes."""

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind
from gongchou.registry.importing.asides import NOTES, SAMPLE
from gongchou.registry.importing.cells import Words, day, last_day, parts, yes
from gongchou.registry.importing.columns import LAYOUTS, Column

USCC, SITE = "91990173MA0000007T", "91990173MA0000007T001P"
# Fictional throughout; a column that is not named stays empty in the sample.
SAMPLES: Mapping[str, str] = {
    "name": "虚构化工厂",
    "uscc": USCC,
    "site_code": SITE,
    "permit_number": SITE,
    "permit_valid_until": "2028-12-31",
    "region_code": "990173",
    "grid": "东片",
    "industry_code": "2614",
    "scale": "中",
    "legal_representative": "虚构某",
    "contact": "000-12345678",
    "address": "虚构市高新区虚构路1号",
    "longitude": "118.20064",
    "latitude": "39.66179",
    "unit": "0101",
    "login": "lizhifa",
    "enforcement_card_no": "虚构0001",
    "card_valid_until": "2028-12-31",
    "areas": "东片、西片",
    "group_name": "排污许可证后监管",
    "subject_name": "虚构化工厂",
    "subject_uscc": USCC,
    "subject_site_code": SITE,
    "document_number": "虚环罚〔2026〕1号",
    "decision_date": "2026-01-05",
    "number": "虚构2026-001",
    "closed_on": "2026-01-05",
    "rated_on": "2026-01-05",
    "since": "2026-01-05",
    "ended_on": "2025-11-05",
    "people": "李执法、王执法",
    "basis": "连续两年守法",
    "body": "虚构技术服务中心",
    "scope": "现场采样协助",
    "until": "2026-12-31",
}
NAMES = {ImportKind.INSPECTORS: "李执法", ImportKind.ASSISTANTS: "钱协助", ImportKind.ITEMS: "持证"}
TAKES: Mapping[str, str] = {
    "uscc": "18位，核对校验位；没有的留空",
    "site_code": "22位：18位代码、3位数字、1位字母；没有的留空，一处场所一行",
    "region_code": "6位数字",
    "industry_code": "国民经济行业分类的2至4位数字",
    "contact": "手机号，或带区号的固定电话",
    "longitude": "以度为单位的小数或度分秒，与纬度一起填",
    "latitude": "以度为单位的小数或度分秒，与经度一起填",
    "coordinate_system": "WGS84、GCJ-02（高德、腾讯）或 BD-09（百度）；不填按 WGS84",
    "unit": "本机构科室的代码",
    "login": "不填的，抽到以后本人看不到任务",
    "exclusion_reason": "不参与双随机的，写明理由",
    "subject_site_code": "同一单位有几处场所的必须填",
    "content": "检查要点，几条之间用分号",
}


def sample_file(kind: ImportKind) -> bytes:
    """The blank table of a kind as xlsx; its sample row is left out when it comes back."""
    if kind not in LAYOUTS:
        raise Refused(f"“{kind.label}”不从文件导入，没有模板。")
    columns, buffer = LAYOUTS[kind].columns, io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        needed = book.add_format({"bold": True, "bg_color": "#FDEBD0", "num_format": "@"})
        free = book.add_format({"bold": True, "num_format": "@"})
        _table(book.add_worksheet(kind.label), columns, kind, book, (needed, free))
        _manual(book.add_worksheet(NOTES), columns, free)
    return buffer.getvalue()


def _table(
    sheet: Any, columns: tuple[Column, ...], kind: ImportKind, book: Any, heads: tuple[Any, Any]
) -> None:
    """Every cell is a text, so that no code loses a digit."""
    text = book.add_format({"num_format": "@"})
    grey = book.add_format({"num_format": "@", "font_color": "#777777", "italic": True})
    for place, column in enumerate(columns):
        title = column.headers[0]
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(0, place, title, heads[0] if column.needed else heads[1])
        value = _sample(column, kind)
        sheet.write_string(1, place, f"{SAMPLE}{value}" if place == 0 else value, grey)
    sheet.freeze_panes(1, 0)


def _sample(column: Column, kind: ImportKind) -> str:
    if column.field == "name" and kind in NAMES:
        return NAMES[kind]
    if column.words:
        return next(iter(column.words)).label
    if column.filled is yes:
        return "否"
    return SAMPLES.get(column.field, "")


def _manual(sheet: Any, columns: tuple[Column, ...], bold: Any) -> None:
    titles = ("列", "是否必填", "怎样填", "也认得的写法")
    for place, (title, width) in enumerate(zip(titles, (24, 10, 60, 60), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, bold)
    for row, column in enumerate(columns, start=1):
        needed = "必填" if column.needed else "选填"
        others = "、".join(column.headers[1:])
        for place, value in enumerate((column.headers[0], needed, takes(column), others)):
            sheet.write_string(row, place, value)
    sheet.write_string(len(columns) + 2, 0, f"以“{SAMPLE}”开头的行导入时略过，列的次序不限。")


def takes(column: Column) -> str:
    """What a column takes, in a few words."""
    if column.field in TAKES:
        return TAKES[column.field]
    if column.words:
        many = "可填几项，用顿号分开：" if isinstance(column.filled, Words) else "填其中一个："
        return many + "、".join(word.label for word in column.words)
    if column.filled is yes:
        return "填“是”或“否”"
    if column.filled is parts:
        return "可填几项，用顿号分开"
    return "日期，写成 2026-01-05" if column.filled in (day, last_day) else "文字"
