"""Every change of policies, Rulings and plans."""

from gongchou.planning.actions.plans import approve_plan, compute_plan, void_plan
from gongchou.planning.actions.policies import Answer, adopt_policy, record_ruling

__all__ = ["Answer", "adopt_policy", "approve_plan", "compute_plan", "record_ruling", "void_plan"]
