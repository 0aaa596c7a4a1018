"""The joint task of the demonstration: this bureau leads, two departments come along."""

from datetime import datetime

from gongchou.config.demo_agenda import person
from gongchou.config.demo_bureau import CODE, PARTNERS
from gongchou.core.terms import Stratum
from gongchou.planning import actions as planning

NAME = "重点企业部门联合抽查"
MARKET, SAFETY = (code for code, _ in PARTNERS)
BODIES = (
    planning.PartnerDraft(
        dept=CODE, items=("排污许可", "治理设施运行"), inspectors_count=2, is_lead=True
    ),
    planning.PartnerDraft(
        dept=MARKET,
        items=("登记事项（演示）", "特种设备使用登记（演示）"),
        inspectors_count=1,
    ),
    planning.PartnerDraft(
        dept=SAFETY, items=("危险化学品台账（演示）",), inspectors_count=1, counts={Stratum.KEY: 2}
    ),
)


def add_task(plan: str, when: datetime) -> str:
    """Put the joint task into a plan before it is approved."""
    draft = planning.TaskDraft(
        name=NAME,
        initiating_unit="zd",
        counts={Stratum.KEY: 3, Stratum.GENERAL_UNLISTED: 2},
        sessions=1,
        partners=BODIES,
    )
    return planning.create_task(plan, draft, by=person("ding", when), at=when)
