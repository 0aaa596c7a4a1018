"""What other files report, one value a row, and which of it is worth a person's look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import radians, tan

from gongchou.core.clue_terms import ComplaintClass, DroneClass, PollutantFamily
from gongchou.core.coordinates import Point
from gongchou.core.inlet_rows import (
    BadCell,
    Cells,
    ToWgs84,
    maybe_number,
    maybe_place,
    moment,
    needed,
    number,
    place,
    sha256,
    word,
)
from gongchou.core.patrol import PatrolRule, Sample
from gongchou.core.plumes import Wind, moved, true_wind


@dataclass(frozen=True, slots=True, kw_only=True)
class InletRule:
    """The numbers of `law/inlets.toml`; `fingerprints` by the beginning of an industry code."""

    patrol: PatrolRule
    confidence: float
    frames: int
    warmer_by: float
    buffer_metres: float
    nearest_wind: float
    fingerprints: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DroneRow:
    row: int
    flight: str
    licence: str
    at: datetime
    target: Point
    kind: DroneClass
    warmer_by: float | None
    image: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRow:
    row: int
    camera: str
    at: datetime
    kind: str
    confidence: float
    frames: int
    clip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRow:
    """A hotline's ticket without its sender: names and numbers of people are never read."""

    row: int
    ticket: str
    at: datetime
    channel: str
    says: str
    where: str
    place: Point | None
    unit: str
    uscc: str
    kind: ComplaintClass
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindRow:
    row: int
    station: str
    place: Point
    at: datetime
    direction: float
    speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraRow:
    row: int
    code: str
    uscc: str
    site_code: str


# Telephone and identity numbers, which have no place in the words of a clue.
NUMBERS = re.compile(r"(?<!\d)(?:1\d{10}|\d{17}[\dXx]|0\d{2,3}-?\d{7,8})(?!\d)", re.ASCII)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "patrol": ("时间", "经度", "纬度", "坐标系", "车速"),
    "drone": ("航次", "操作执照", "时间", "经度", "纬度", "坐标系", "类别", "影像摘要"),
    "video": ("摄像头编号", "时间", "类别", "置信度", "帧数", "片段摘要"),
    "complaint": ("工单号", "时间", "渠道", "内容", "地点"),
    "wind": ("站名", "经度", "纬度", "坐标系", "时间", "风向", "风速"),
    "cameras": ("摄像头编号", "统一社会信用代码"),
}
KNOWN = {*COLUMNS["patrol"], "航向", "风向", "风速", "风的基准", "质控"}
COMPLAINTS: tuple[tuple[ComplaintClass, str], ...] = (
    (ComplaintClass.ODOUR, "臭 异味 刺鼻 气味 恶臭"),
    (ComplaintClass.DUST, "扬尘 粉尘 灰尘 黑烟 冒烟"),
    (ComplaintClass.WATER, "污水 废水 排水 水体 鱼"),
    (ComplaintClass.NOISE, "噪声 噪音 扰民 轰鸣"),
)
FAMILY: Mapping[ComplaintClass, PollutantFamily] = {
    ComplaintClass.ODOUR: PollutantFamily.ODOUR,
    ComplaintClass.DUST: PollutantFamily.DUST,
    ComplaintClass.WATER: PollutantFamily.WATER,
    ComplaintClass.NOISE: PollutantFamily.NOISE,
    ComplaintClass.OTHER: PollutantFamily.WORKING,
}
DRONE_FAMILY: Mapping[DroneClass, PollutantFamily] = {
    DroneClass.OPEN_BURNING: PollutantFamily.DUST,
    DroneClass.BARE_PILE: PollutantFamily.DUST,
    DroneClass.HIDDEN_OUTLET: PollutantFamily.WATER,
    DroneClass.BLACK_SMOKE: PollutantFamily.DUST,
}


def sample(row: int, cells: Cells, to_wgs84: ToWgs84) -> Sample:
    """A moment of a patrol run; a species is a column named with its unit, `TVOC(µg/m³)`."""
    if cells.get("质控", "合格") not in ("合格", "", "N"):
        raise BadCell("质控", cells["质控"], "不是“合格”，这一行没有采用")
    values = {}
    for column in cells:
        name = column.split("(")[0].split("（")[0].strip()
        if column not in KNOWN and name != column and cells[column]:
            values[name] = number(cells, column, -1e6, 1e9)
    speed = number(cells, "车速", 0, 60)
    return Sample(
        row=row,
        at=moment(cells, "时间"),
        place=place(cells, to_wgs84),
        speed=speed,
        wind=_wind(cells, speed),
        values=values,
    )


def _wind(cells: Cells, speed: float) -> Wind | None:
    """The true wind; what was measured on the moving car needs its heading."""
    if not cells.get("风向") or not cells.get("风速"):
        return None
    felt = number(cells, "风向", 0, 360), number(cells, "风速", 0, 80)
    basis = cells.get("风的基准", "真风")
    if basis == "真风":
        return Wind(*felt, "走航车")
    if basis != "相对风":
        raise BadCell("风的基准", basis, "应为“真风”或“相对风”")
    return Wind(*true_wind(felt, number(cells, "航向", 0, 360), speed), "走航车")


def drone_row(row: int, cells: Cells, to_wgs84: ToWgs84) -> DroneRow:
    """What was seen on the ground: where the ray meets it, if height and gimbal are given."""
    start = place(cells, to_wgs84)
    height = maybe_number(cells, "离地高度", 1, 1000)
    target = start
    if height is not None:
        pitch = number(cells, "云台俯仰", -90, -5)
        yaw = number(cells, "云台方位", 0, 360)
        away = 0.0 if pitch <= -89.9 else height / tan(radians(-pitch))
        target = moved(start, yaw, away)
    words = {w.label: w.value for w in DroneClass} | {w.value: w.value for w in DroneClass}
    return DroneRow(
        row=row,
        flight=needed(cells, "航次"),
        licence=needed(cells, "操作执照"),
        at=moment(cells, "时间"),
        target=target,
        kind=DroneClass(word(cells, "类别", words)),
        warmer_by=maybe_number(cells, "温差", -50, 500),
        image=sha256(cells, "影像摘要"),
    )


def is_worth_looking(seen: DroneRow, rule: InletRule) -> bool:
    return is_warm_enough(seen.kind, seen.warmer_by, rule)


def is_warm_enough(kind: DroneClass, warmer_by: float | None, rule: InletRule) -> bool:
    """A hidden outlet is told by its warmth; the other classes by the picture."""
    if kind is DroneClass.HIDDEN_OUTLET:
        return warmer_by is not None and warmer_by > rule.warmer_by
    return True


def is_sure(confidence: float, frames: int, rule: InletRule) -> bool:
    """Whether a camera's program is sure enough, for long enough, to trouble a person."""
    return confidence >= rule.confidence and frames >= rule.frames


def video_row(row: int, cells: Cells) -> VideoRow:
    return VideoRow(
        row=row,
        camera=needed(cells, "摄像头编号"),
        at=moment(cells, "时间"),
        kind=needed(cells, "类别")[:40],
        confidence=number(cells, "置信度", 0, 1),
        frames=int(number(cells, "帧数", 0, 1e6)),
        clip=sha256(cells, "片段摘要"),
    )


def complaint_row(row: int, cells: Cells, to_wgs84: ToWgs84) -> ComplaintRow:
    says = NUMBERS.sub("（号码略）", needed(cells, "内容"))
    where = NUMBERS.sub("（号码略）", needed(cells, "地点"))
    return ComplaintRow(
        row=row,
        ticket=needed(cells, "工单号")[:60],
        at=moment(cells, "时间"),
        channel=needed(cells, "渠道")[:20],
        says=says[:800],
        where=where[:200],
        place=maybe_place(cells, to_wgs84),
        unit=cells.get("被反映单位", "")[:200],
        uscc=cells.get("统一社会信用代码", "").upper(),
        kind=complaint_class(says),
        group=cells.get("重复件组", "")[:60],
    )


def complaint_class(says: str) -> ComplaintClass:
    """By the words people use; a person corrects it when confirming."""
    for kind, words in COMPLAINTS:
        if any(one in says for one in words.split()):
            return kind
    return ComplaintClass.OTHER


def wind_row(row: int, cells: Cells, to_wgs84: ToWgs84) -> WindRow:
    return WindRow(
        row=row,
        station=needed(cells, "站名")[:40],
        place=place(cells, to_wgs84),
        at=moment(cells, "时间"),
        direction=number(cells, "风向", 0, 360),
        speed=number(cells, "风速", 0, 80),
    )


def camera_row(row: int, cells: Cells) -> CameraRow:
    return CameraRow(
        row=row,
        code=needed(cells, "摄像头编号")[:40],
        uscc=needed(cells, "统一社会信用代码").upper(),
        site_code=cells.get("固定污染源编码", "").upper(),
    )
