"""Where the program of a patrol car, a drone, cameras, a hotline or a weather station hands in."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from gongchou.accounts.api import Refusal
from gongchou.core.clue_terms import InletKind
from gongchou.core.inlets import COLUMNS
from gongchou.offsite import actions

router = Router(tags=["外部数据"])
REFUSALS = dict.fromkeys((400, 401, 403, 409, 413, 422, 429), Refusal)
LISTED = "；".join(
    f"{kind.value} {kind.label}：{'、'.join(COLUMNS[kind.value])}" for kind in InletKind
)


class RowsIn(Schema):
    """一批行，列名与上传的文件相同，另加“来源编号”。"""

    source: str = Field(description="数据从哪个系统来，不超过 40 个字，每次写同一个")
    rows: list[dict[str, Any]] = Field(
        description=(
            f"一批最多 {actions.MOST_PUSHED} 行；每行必填“{actions.NUMBER}”"
            f"（来源系统给这一行的编号）和这一种的各列。{LISTED}。可以另填的列见“线索研判”一章的文件格式。"
        )
    )


class ProblemOut(Schema):
    row: int = Field(description="这一批的第几行，从 1 数起")
    column: str
    says: str = Field(description="一句中文：什么不对，怎样改")


class PushedOut(Schema):
    """这一批怎样了；原样再送一次，新采用的为 0，重复的为第一次采用的行数。"""

    ref: str = Field(description="收件编号；没有新采用的行时为空")
    accepted: int = Field(description="新采用的行数")
    duplicates: int = Field(description="以前收到过、内容相同的行数，不再处理")
    filtered: int = Field(description="采用的行中剔除的行数：车辆尾气，或者没有达到确认条件")
    sightings: int = Field(description="得到几处外部发现，等人确认")
    problems: list[ProblemOut] = Field(description="没有采用的行，逐行说明；改正后可以原编号再送")


@router.post("/inlets/{kind}", response={200: PushedOut, **REFUSALS}, summary="推送一批外部数据")
def push(request: HttpRequest, kind: InletKind, batch: RowsIn) -> actions.Pushed:
    return actions.receive_rows(kind, batch.source, batch.rows, by=request.auth, at=request.at)
