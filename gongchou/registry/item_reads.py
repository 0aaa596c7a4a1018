"""The item list: which version is in force, its groups, its items as a checklist."""

from dataclasses import dataclass
from datetime import date

from gongchou.core import roster, terms
from gongchou.core.asking import condition_of
from gongchou.core.refusals import Refused
from gongchou.registry import models

GROUP_FIELDS = ("unit", "pollutant_types", "permit_categories", "monitoring_types")
ITEM_FIELDS = (
    "tier", "legal_basis", "method", "content", "evidence_required", "law_text", "asked_when",
    "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item as the public list and the checklist show it."""

    code: str
    item_group: str
    group_name: str
    unit: str
    name: str
    tier: terms.ItemTier
    legal_basis: str
    method: str
    point: str
    note: str
    evidence_required: str = ""
    law_text: str = ""
    asked_when: str = ""

    @property
    def asked_says(self) -> str:
        """When the question is asked, as a person reads it."""
        condition = condition_of(self.asked_when)
        return condition.says if condition else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListRow:
    """One version of the list with its groups and items."""

    ref: str
    version: int
    state: terms.ItemListState
    drafted_by: str
    drafted_by_ref: str
    approved_by: str
    approved_on: date | None
    published_on: date | None
    groups: tuple[roster.ItemGroup, ...]
    items: tuple[ItemRow, ...]
    change: str
    void_reason: str
    voided_by: str

    def of_group(self, code: str) -> tuple[ItemRow, ...]:
        """The checklist of one group."""
        return tuple(item for item in self.items if item.item_group == code)


def _group(row: models.ItemGroup) -> roster.ItemGroup:
    return roster.ItemGroup(
        code=row.code,
        name=row.name,
        unit=row.unit,
        pollutant_types=tuple(terms.PollutantType(v) for v in row.pollutant_types),
        permit_categories=tuple(terms.PermitCategory(v) for v in row.permit_categories),
        monitoring_types=tuple(terms.MonitoringType(v) for v in row.monitoring_types),
    )


def _items(group: models.ItemGroup) -> list[ItemRow]:
    rows = sorted(group.items.all(), key=lambda item: item.pk)
    return [
        ItemRow(
            code=f"{group.code}-{number:02}",
            item_group=group.code,
            group_name=group.name,
            unit=group.unit,
            name=item.name,
            tier=terms.ItemTier(item.tier),
            legal_basis=item.legal_basis,
            method=item.method,
            point=item.content or item.name,
            note=item.note,
            evidence_required=item.evidence_required,
            law_text=item.law_text,
            asked_when=item.asked_when,
        )
        for number, item in enumerate(rows, start=1)
    ]


def _row(found: models.ItemList) -> ItemListRow:
    groups = list(found.groups.order_by("code").prefetch_related("items"))
    return ItemListRow(
        ref=found.ref,
        version=found.version,
        state=terms.ItemListState(found.state),
        drafted_by=found.change.by_name,
        drafted_by_ref=found.drafted_by_ref,
        approved_by=found.approved_by_name,
        approved_on=found.approved_on,
        published_on=found.published_on,
        groups=tuple(_group(group) for group in groups),
        items=tuple(item for group in groups for item in _items(group)),
        change=found.change.ref,
        void_reason=found.void_reason,
        voided_by=found.voided_by_name,
    )


def item_list_in_force(bureau: str, on: date) -> ItemListRow | None:
    """The latest list approved on or before a day."""
    rows = models.ItemList.objects.filter(bureau__code=bureau, approved_on__lte=on)
    found = rows.select_related("change").order_by("-version").first()
    return _row(found) if found else None


def item_lists(bureau: str) -> tuple[ItemListRow, ...]:
    """All versions, the newest first."""
    rows = models.ItemList.objects.filter(bureau__code=bureau).select_related("change")
    return tuple(_row(row) for row in rows.order_by("-version"))


def item_list(ref: str, bureau: str) -> ItemListRow:
    """One version, in whatever state."""
    rows = models.ItemList.objects.filter(ref=ref, bureau__code=bureau)
    found = rows.select_related("change").first()
    if found is None:
        raise Refused(f"本机构没有编号为 {ref} 的抽查事项清单，请从清单页面进入。")
    return _row(found)


def checklist(bureau: str, version: str, groups: tuple[str, ...]) -> tuple[ItemRow, ...]:
    """The items of some groups of one version, in the order of the list."""
    rows = models.ItemList.objects.filter(bureau__code=bureau, version=int(version))
    found = rows.select_related("change").first()
    return tuple(i for i in _row(found).items if i.item_group in groups) if found else ()
