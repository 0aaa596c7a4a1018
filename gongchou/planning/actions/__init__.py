"""Every change of policies, Rulings, plans and tasks."""

from gongchou.planning.actions.plans import approve_plan, compute_plan, void_plan
from gongchou.planning.actions.policies import Answer, adopt_policy, record_ruling
from gongchou.planning.actions.tasks import (
    PartnerDraft,
    TaskDraft,
    approve_task,
    create_task,
    void_task,
)

__all__ = [
    "Answer",
    "PartnerDraft",
    "TaskDraft",
    "adopt_policy",
    "approve_plan",
    "approve_task",
    "compute_plan",
    "create_task",
    "record_ruling",
    "void_plan",
    "void_task",
]
