"""For whom a contributor speaks: a party of this bureau, or a department of a joint draw."""

from datetime import datetime

from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import NotAllowed
from gongchou.drawing import models
from gongchou.drawing.contributing import PARTY
from gongchou.drawing.frozen import thawed
from gongchou.registry.reads import inspector_of_person
from gongchou.web.clock import day_of


def check_contributor(row: models.Draw, by: Actor, at: datetime) -> str:
    """The name of the party; NotAllowed for whom is none of this draw."""
    if not may(by, Power.CONTRIBUTE_JOINT):
        check(by, Power.CONTRIBUTE)
        return next(label for role, label in PARTY.items() if role in by.roles)
    person = inspector_of_person(by.ref, by.bureau, day_of(at))
    lists = thawed(bytes(row.frozen_body))
    names = {one.dept: one.rules.team.org for one in lists.partners}
    if person is None or person.unit not in names:
        raise NotAllowed("您所在的部门不参加这次抽取，不能为它提交随机贡献。")
    return names[person.unit]
