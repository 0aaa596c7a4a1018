"""A joint task of three departments on the stage of a draw, up to its approval."""

from collections.abc import Mapping

from gongchou.accounts import actions as accounts
from gongchou.core.powers import console
from gongchou.core.terms import BureauLevel, ImportKind, Role, Stratum
from gongchou.planning import actions as planning
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony

MARKET, SAFETY = "990180", "990181"
NAMES = {MARKET: "临溪市市场监管局（虚构）", SAFETY: "临溪市应急局（虚构）"}
ITEMS = {BUREAU: ("废气",), MARKET: ("登记事项", "特种设备"), SAFETY: ("危化品台账",)}
PEOPLE_OF = {MARKET: "市监", SAFETY: "应急"}
SEATS = {BUREAU: 2, MARKET: 1, SAFETY: 1}
COUNTS = {Stratum.KEY: 3, Stratum.GENERAL_UNLISTED: 2}


def departments() -> None:
    root = console(BUREAU, "root")
    for code, name in NAMES.items():
        accounts.create_bureau(
            code, name, level=BureauLevel.DISTRICT, is_partner=True, by=root, at=AT
        )


def partner_people(stage: ceremony.Stage, each: int = 3) -> None:
    """Each department's people under its code, the first of each with an account of its own."""
    root, lines = console(BUREAU, "root"), []
    for code, short in PEOPLE_OF.items():
        for n in range(1, each + 1):
            login = f"{'sc' if code == MARKET else 'yj'}{n}"
            lines.append(f"{short}检查员{n},{code},{login},{short}{n:04},是,2030-12-31,,东片,在岗")
            accounts.create_user(login, f"{short}检查员{n}", password="长口令-not-secret-1",
                                 by=root, at=AT)  # fmt: skip
            accounts.grant_role(f"U-{login}", Role.PARTNER, since=day_of(AT), by=root, at=AT)
    ceremony._take(ImportKind.INSPECTORS, ceremony.PERSON, lines, stage.chen, AT)


def draft(
    lead: str = BUREAU,
    seats: Mapping[str, int] = SEATS,
    own_counts: Mapping[str, Mapping[Stratum, int]] = {},
    **fields,
) -> planning.TaskDraft:
    given = {
        "name": "化工企业部门联合抽查", "initiating_unit": "zd", "reason": "年度联合计划",
        "counts": COUNTS, "sessions": 1,
        "partners": tuple(
            planning.PartnerDraft(
                dept=code, items=ITEMS[code], inspectors_count=seats[code],
                is_lead=code == lead, counts=own_counts.get(code, {}),
            )
            for code in (BUREAU, MARKET, SAFETY)
        ),
    }  # fmt: skip
    return planning.TaskDraft(**{**given, **fields})


def approved(stage: ceremony.Stage, **fields) -> ceremony.Stage:
    """The same people, and the joint task in place of the ordinary one."""
    task = planning.create_task(stage.plan, draft(**fields), by=stage.ding, at=AT)
    planning.approve_task(task, by=stage.lin, at=AT)
    return ceremony.Stage(task=task, plan=stage.plan, quarter=stage.quarter, cast=stage.cast)


def joint_stage(stage: ceremony.Stage, **fields) -> ceremony.Stage:
    departments()
    partner_people(stage)
    return approved(stage, **fields)
