"""Every change of policies, Rulings, plans and tasks."""

from gongchou.planning.actions.annual import (
    approve_annual_plan,
    make_annual_plan,
    void_annual_plan,
)
from gongchou.planning.actions.clauses import ClauseDraft, add_clause_text
from gongchou.planning.actions.plans import approve_plan, compute_plan, void_plan
from gongchou.planning.actions.policies import Answer, adopt_policy, record_ruling
from gongchou.planning.actions.proposals import confirm_classification, propose_classification
from gongchou.planning.actions.tasks import (
    PartnerDraft,
    TaskDraft,
    approve_task,
    create_task,
    void_task,
)

__all__ = [
    "Answer",
    "ClauseDraft",
    "PartnerDraft",
    "TaskDraft",
    "add_clause_text",
    "adopt_policy",
    "approve_annual_plan",
    "approve_plan",
    "approve_task",
    "compute_plan",
    "confirm_classification",
    "create_task",
    "make_annual_plan",
    "propose_classification",
    "record_ruling",
    "void_annual_plan",
    "void_plan",
    "void_task",
]
