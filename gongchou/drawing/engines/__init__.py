"""The same selection on four machines: Python, DuckDB, PostgreSQL, Spark (draw.md §5).

Each engine is one module with `select(rows, key, rates, manner)`; all give the identical list.
Only the engine that was asked for is imported, since each but `python` needs an optional package.
"""

import importlib
from functools import partial

from gongchou.core.draw import Selector
from gongchou.core.refusals import Refused
from gongchou.drawing.engines.manner import Manner

ENGINES = {
    "python": "",
    "duckdb": "duckdb",
    "postgresql": "pg",
    "spark": "spark",
}


def engine(name: str, manner: Manner) -> Selector:
    """The engine of that name; Refused with what to install where its package is missing."""
    try:
        module = importlib.import_module(f"gongchou.drawing.engines.{name}")
    except ModuleNotFoundError as error:
        extra = ENGINES.get(name, "")
        raise Refused(
            f"引擎“{name}”需要的程序包 {error.name} 没有安装，请先安装 gongchou[{extra}]。"
        ) from error
    return partial(module.select, manner=manner)
