"""Separation of duties as one table."""

from itertools import combinations

import pytest

from gongchou.core.powers import (
    ADMINISTRATORS,
    APART,
    CONSOLE_POWERS,
    OUTSIDER_POWERS,
    POWERS,
    Actor,
    Power,
    check,
    console,
    holders,
    may,
    powers_of,
    roles_problem,
    system,
)
from gongchou.core.refusals import NotAllowed
from gongchou.core.terms import Role

SIGHTS = {power for power in Power if power.value.startswith("see_")}


def person(name: str, *roles: Role) -> Actor:
    return Actor(ref=f"U-{name}", name=name, bureau="990173", roles=frozenset(roles))


def test_every_role_is_in_the_table_and_every_power_has_a_holder():
    assert set(POWERS) == set(Role)
    by_the_system_alone = {Power.CLEAR_UPLOADS, Power.DISPATCH_BY_ORDER, Power.SEND_EVENTS}
    assert {p for p in Power if not holders(p)} == OUTSIDER_POWERS | by_the_system_alone


def test_power_labels_are_said_once():
    assert len({power.label for power in Power}) == len(Power)


@pytest.mark.parametrize(
    ("makes", "decides"),
    [
        (Power.MAKE_PLAN, Power.APPROVE_PLAN),
        (Power.EDIT_ITEMS, Power.APPROVE_ITEMS),
        (Power.DECLARE_RECUSAL, Power.CONFIRM_RECUSAL),
        (Power.FREEZE_DRAW, Power.WITNESS_DRAW),
        (Power.FREEZE_DRAW, Power.HOLD_KEY),
        (Power.WITNESS_DRAW, Power.HOLD_KEY),
        (Power.DO_VISIT, Power.REVIEW_RECORD),
        (Power.RECORD_OFFSITE, Power.CONCLUDE_OFFSITE),
        (Power.PROPOSE_PUBLICATION, Power.APPROVE_PUBLICATION),
        (Power.APPROVE_PUBLICATION, Power.PUBLISH),
        (Power.MANAGE_USERS, Power.GRANT_ROLES),
    ],
)
def test_no_role_both_makes_and_decides(makes, decides):
    assert not set(holders(makes)) & set(holders(decides))


def test_administrators_have_no_business_power():
    own = {Power.OWN_MATTERS}
    assert POWERS[Role.ADMIN] == own | {
        Power.MANAGE_USERS,
        Power.MANAGE_RECEIVER,
        Power.MANAGE_WEBHOOKS,
    }
    assert POWERS[Role.SECURITY] == own | {Power.GRANT_ROLES}
    assert POWERS[Role.AUDITOR] == SIGHTS | own | {
        Power.READ_AUDIT,
        Power.RAISE_ALARMS,
        Power.HANDLE_ALARM,
        Power.ORDER_RECHECK,
        Power.HANDLE_REPORT,
        Power.SET_TASK,
    }


def test_everybody_with_a_role_may_see_to_the_own_matters_but_the_superior_of_elsewhere():
    assert set(holders(Power.OWN_MATTERS)) == set(Role) - {Role.SUPERIOR}


@pytest.mark.parametrize(
    "pair",
    [*combinations((Power.APPROVE_PLAN, Power.FREEZE_DRAW, Power.WITNESS_DRAW, Power.PUBLISH), 2)],
)
def test_who_sets_quotas_draws_confirms_and_publishes_are_four_persons(pair):
    for one in holders(pair[0]):
        for other in holders(pair[1]):
            assert roles_problem(frozenset({one, other})) is not None


def test_the_superior_sees_statistics_and_granted_records_witnesses_the_log_and_decides_on_voids():
    held = {Power.SEE_STATISTICS, Power.WITNESS_LOG, Power.DECIDE_VOID, Power.CONSULT_RECORDS}
    assert POWERS[Role.SUPERIOR] == held


def test_leader_sees_everything_but_does_not_draw():
    assert POWERS[Role.LEADER] >= SIGHTS
    assert not may(person("领导", Role.LEADER), Power.FREEZE_DRAW)


@pytest.mark.parametrize(
    "power",
    [
        Power.FREEZE_DRAW,
        Power.CONTRIBUTE,
        Power.ANNOUNCE_DRAW,
        Power.ENTER_CLOSING,
        Power.WITNESS_DRAW,
        Power.CONFIRM_RECUSAL,
        Power.HOLD_KEY,
        Power.RELEASE_VISIT,
        Power.APPROVE_PLAN,
        Power.APPROVE_PUBLICATION,
        Power.PUBLISH,
    ],
)
def test_console_and_nightly_work_never_draw_confirm_release_or_publish(power):
    assert not may(console("990173", "deploy"), power)
    assert not may(system("990173"), power)


def test_console_keeps_registers_and_makes_plans():
    actor = console("990173", "deploy")
    assert powers_of(actor) == CONSOLE_POWERS
    assert may(actor, Power.IMPORT_REGISTER)
    assert may(actor, Power.MAKE_PLAN)


def test_two_roles_add_up():
    li = person("李执法", Role.INSPECTOR, Role.REVIEWER)
    assert powers_of(li) == POWERS[Role.INSPECTOR] | POWERS[Role.REVIEWER]


def test_stranger_is_refused_and_told_who_may():
    with pytest.raises(NotAllowed) as refusal:
        check(person("陌生人"), Power.APPROVE_PLAN)
    assert "陌生人没有“批准计划”的权限" in str(refusal.value)
    assert "批准领导" in str(refusal.value)


def test_the_command_line_is_told_to_let_a_person_sign_in():
    with pytest.raises(NotAllowed, match="批准领导本人登录后办理"):
        check(console("990173", "deploy"), Power.APPROVE_PLAN)


def test_chen_plans_without_being_refused():
    check(person("陈组长", Role.OFFICE), Power.MAKE_PLAN)


def test_nobody_holds_two_administrator_roles_or_a_business_role_beside_one():
    for role in ADMINISTRATORS:
        assert roles_problem(frozenset({role})) is None
        assert roles_problem(frozenset({role, Role.OFFICE})) is not None
    assert roles_problem(frozenset({Role.ADMIN, Role.AUDITOR})) is not None


@pytest.mark.parametrize("pair", APART)
def test_roles_that_watch_each_other_do_not_meet_in_one_person(pair):
    problem = roles_problem(frozenset(pair))
    assert problem is not None
    assert all(role.label in problem for role in pair)


def test_inspector_may_also_review_other_teams():
    assert roles_problem(frozenset({Role.INSPECTOR, Role.REVIEWER})) is None
