"""What a new classification changes against the last one, site by site, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongchou.core.classify import Classification, ClassRow
from gongchou.core.terms import Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChange:
    """One site that stands elsewhere than before; None where it was or is not in the register."""

    ref: str
    name: str
    was: Stratum | None
    new: Stratum | None
    was_in_base: bool
    is_in_base: bool
    why: str

    @property
    def kind(self) -> str:
        """What happened to the site, in two words."""
        if self.was is None:
            return "新进名录"
        if self.new is None:
            return "退出名录"
        if self.was is not self.new:
            return "换层"
        return "进入基数" if self.is_in_base else "退出基数"


def _why(row: ClassRow) -> str:
    if not row.is_in_base:
        return row.out_reason
    reason = row.reasons[0]
    on = f"，{reason.fact_on}" if reason.fact_on else ""
    return f"{reason.evidence}（{reason.clause.number}{on}）"


def class_changes(
    before: Classification | None, now: Classification, names: Mapping[str, str]
) -> tuple[ClassChange, ...]:
    """The sites whose stratum or place in the base differs, those of today first, by ref.

    Without a classification before, there is nothing to compare with and the list is empty.
    """
    if before is None:
        return ()
    old, held = ({row.ref: row for row in c.rows} for c in (before, now))
    found = [_change(ref, old.get(ref), row, names) for ref, row in sorted(held.items())]
    found += [_gone(row, names) for ref, row in sorted(old.items()) if ref not in held]
    return tuple(change for change in found if change)


def _change(
    ref: str, was: ClassRow | None, now: ClassRow, names: Mapping[str, str]
) -> ClassChange | None:
    if was and (was.stratum, was.is_in_base) == (now.stratum, now.is_in_base):
        return None
    return ClassChange(
        ref=ref,
        name=names.get(ref, ref),
        was=was.stratum if was else None,
        new=now.stratum,
        was_in_base=bool(was and was.is_in_base),
        is_in_base=now.is_in_base,
        why=_why(now),
    )


def _gone(was: ClassRow, names: Mapping[str, str]) -> ClassChange:
    return ClassChange(
        ref=was.ref,
        name=names.get(was.ref, was.ref),
        was=was.stratum,
        new=None,
        was_in_base=was.is_in_base,
        is_in_base=False,
        why="名录中已无这一对象",
    )
