"""Monitored factors of HJ 212: today's code, the codes of 2005, name and default unit."""

import re
from typing import NamedTuple


class Factor(NamedTuple):
    code: str
    name: str
    unit: str
    old: str = ""


FACTORS = {
    factor.code: factor
    for factor in (
        Factor("w00000", "污水流量", "L/s", "B01"),
        Factor("w01001", "pH", "", "001"),
        Factor("w01010", "水温", "℃"),
        Factor("w01012", "悬浮物", "mg/L", "003"),
        Factor("w01018", "化学需氧量", "mg/L", "011"),
        Factor("w21003", "氨氮", "mg/L", "060"),
        Factor("w21011", "总磷", "mg/L", "101"),
        Factor("w21001", "总氮", "mg/L", "065"),
        Factor("w01009", "溶解氧", "mg/L"),
        Factor("w01014", "电导率", "μS/cm"),
        Factor("w01019", "高锰酸盐指数", "mg/L"),
        Factor("w01020", "总有机碳", "mg/L", "015"),
        Factor("w20117", "六价铬", "μg/L", "024"),
        Factor("w20116", "总铬", "mg/L", "023"),
        Factor("w20121", "总镍", "mg/L", "028"),
        Factor("w20122", "总铜", "mg/L", "029"),
        Factor("w20123", "总锌", "mg/L", "030"),
        Factor("w20120", "总铅", "μg/L", "027"),
        Factor("w20115", "总镉", "μg/L", "022"),
        Factor("w20111", "总汞", "μg/L", "020"),
        Factor("w20119", "总砷", "μg/L", "026"),
        Factor("w21016", "氰化物", "mg/L", "070"),
        Factor("w21017", "氟化物（水）", "mg/L", "072"),
        Factor("w22001", "石油类", "mg/L", "080"),
        Factor("a00000", "废气流量", "m³/s", "B02"),
        Factor("a34013", "烟尘", "mg/m³", "01"),
        Factor("a21026", "二氧化硫", "mg/m³", "02"),
        Factor("a21002", "氮氧化物", "mg/m³", "03"),
        Factor("a21005", "一氧化碳", "mg/m³", "04"),
        Factor("a21024", "氯化氢", "mg/m³", "08"),
        Factor("a21018", "氟化物（气）", "mg/m³", "06"),
        Factor("a21001", "氨", "ng/m³", "10"),
        Factor("a21028", "硫化氢", "mg/m³", "05"),
        Factor("a19001", "氧含量", "%", "S01"),
        Factor("a01011", "烟气流速", "m/s", "S02"),
        Factor("a01012", "烟气温度", "℃", "S03"),
        Factor("a01013", "烟气压力", "kPa", "S08"),
        Factor("a01014", "烟气湿度", "%", "S05"),
        Factor("a01017", "烟气动压", "kPa", "S04"),
        Factor("a01901", "炉膛温度", "℃"),
        Factor("a24088", "非甲烷总烃", "mg/m³"),
        Factor("a25002", "苯", "mg/m³"),
        Factor("a25003", "甲苯", "mg/m³", "17"),
        Factor("a25005", "二甲苯", "mg/m³", "18"),
        Factor("a34004", "细颗粒物", "ng/m³"),
        Factor("a34002", "可吸入颗粒物", "ng/m³"),
        Factor("i33200", "污水站电流", "A"),
        Factor("i33202", "日耗电", "kWh"),
    )
}
TODAY = {factor.old: factor.code for factor in FACTORS.values() if factor.old}
CAPITAL = re.compile(r"[AEGIPW][0-9]{5}")


def today_of(code: str) -> str:
    """Today's code for one of 2005, or for one of today's in a capital letter."""
    return TODAY.get(code) or (code.lower() if CAPITAL.fullmatch(code) else code)


def name_of(code: str) -> str:
    """The factor's Chinese name; an unknown code stays as sent."""
    factor = FACTORS.get(code)
    return factor.name if factor else code
