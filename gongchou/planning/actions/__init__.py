"""Every change of plans, tasks and the words of clauses."""

from gongchou.planning.actions.annual import (
    approve_annual_plan,
    make_annual_plan,
    void_annual_plan,
)
from gongchou.planning.actions.calendar import set_calendar_year
from gongchou.planning.actions.clauses import ClauseDraft, add_clause_text
from gongchou.planning.actions.plans import approve_plan, compute_plan, void_plan
from gongchou.planning.actions.proposals import confirm_classification, propose_classification
from gongchou.planning.actions.tasks import (
    PartnerDraft,
    TaskDraft,
    approve_task,
    create_task,
    void_task,
)

__all__ = [
    "ClauseDraft",
    "PartnerDraft",
    "TaskDraft",
    "add_clause_text",
    "approve_annual_plan",
    "approve_plan",
    "approve_task",
    "compute_plan",
    "confirm_classification",
    "create_task",
    "make_annual_plan",
    "propose_classification",
    "set_calendar_year",
    "void_annual_plan",
    "void_plan",
    "void_task",
]
