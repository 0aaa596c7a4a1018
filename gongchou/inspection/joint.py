"""What a joint check of departments adds to a visit: their items, and who signs for whom."""

from gongchou.accounts import reads as accounts
from gongchou.core.terms import ItemTier, JointKind
from gongchou.inspection.rows import VisitRow
from gongchou.planning import reads as plans
from gongchou.registry.reads import ItemRow

HOW = "由该部门的检查人员按其职责检查"


def partner_items(found: VisitRow) -> tuple[ItemRow, ...]:
    """The partners' items as the task names them, at the end of the one form."""
    return tuple(
        ItemRow(
            code=f"{partner.dept}-{number}",
            item_group=partner.dept,
            group_name=partner.name,
            unit=partner.dept,
            name=item,
            tier=ItemTier.ORDINARY,
            legal_basis=f"{partner.name}抽查事项清单",
            method="现场检查",
            point=HOW,
            note="",
        )
        for partner in _partners(found)
        for number, item in enumerate(partner.items, start=1)
    )


def _partners(found: VisitRow) -> tuple[plans.PartnerRow, ...]:
    """Each partner department that goes along, once, of every joint task that the visit serves."""
    if found.joint_kind is not JointKind.JOINT_CROSS_DEPT:
        return ()
    going = {person.unit for person in found.inspectors}
    rows = {
        partner.dept: partner
        for ref in found.tasks
        for partner in plans.task(ref).partners
        if partner.dept in going
    }
    return tuple(rows.values())


def parties(found: VisitRow) -> dict[str, frozenset[str]]:
    """The departments whose officers are in the team, each with their refs."""
    partners = {partner.dept: partner.name for partner in _partners(found)}
    if not partners:
        return {}
    own = accounts.bureau(found.bureau).name
    names = {own: frozenset[str]()}
    for person in found.inspectors:
        name = partners.get(person.unit, own)
        names[name] = names.get(name, frozenset()) | {person.ref}
    return {name: people for name, people in names.items() if people}


def unit_names(bureau: str) -> dict[str, str]:
    """Names of the bureau's own units, and of the departments that may come along."""
    partners = {row.code: row.name for row in accounts.bureaus() if row.is_partner}
    return partners | {unit.code: unit.name for unit in accounts.units(bureau)}
