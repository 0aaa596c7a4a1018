"""What a database holds, in the few numbers by which a copy is judged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from gongchou.core.chain import Checkpoint, Link, first_break
from gongchou.core.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Rows of each table, last entry of each bureau's chain, and the migrations applied."""

    counts: Mapping[str, int]
    heads: Mapping[str, tuple[int, str]]
    migrations: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        return {
            "tables": dict(self.counts),
            "chains": {b: {"size": n, "digest": d} for b, (n, d) in self.heads.items()},
            "migrations": list(self.migrations),
        }


def from_plain(data: Mapping[str, Any]) -> Holdings:
    return Holdings(
        counts=data["tables"],
        heads={b: (head["size"], head["digest"]) for b, head in data["chains"].items()},
        migrations=tuple(data["migrations"]),
    )


def compare(told: Holdings, found: Holdings) -> None:
    """Refused where a copy does not hold what its manifest says."""
    names = sorted(set(told.counts) | set(found.counts))
    for name in names:
        one, other = told.counts.get(name, 0), found.counts.get(name, 0)
        if one != other:
            raise Refused(f"数据表 {name} 应有 {one} 行，实有 {other} 行。请换另一份备份。")
    if told.heads != found.heads or told.migrations != found.migrations:
        raise Refused("备份中的留痕链尾或数据表版本与清单不符。请换另一份备份。")


def check_chains(links: Iterable[Link], heads: Mapping[str, tuple[int, str]]) -> None:
    """Refused, naming the bureau and the entry, where a chain does not hold up to its head."""
    seen = set()
    for bureau, chain in _by_bureau(links):
        seen.add(bureau)
        size, digest = heads.get(bureau, (0, ""))
        outside = Checkpoint(bureau=bureau, size=size, digest=digest)
        if broken := first_break(chain, outside):
            raise Refused(f"机构 {bureau} 的留痕：{broken.says}")
    if missing := {bureau for bureau, (size, _) in heads.items() if size} - seen:
        raise Refused(f"机构 {'、'.join(sorted(missing))} 的留痕全部缺失。")


def _by_bureau(links: Iterable[Link]) -> Iterator[tuple[str, Iterator[Link]]]:
    return groupby(links, key=lambda link: link.event.bureau)
