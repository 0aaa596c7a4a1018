"""Clues: how they merge, what their score is term by term, and what outcomes teach."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from gongchou.core.clue_learning import Outcome, precisions, weights
from gongchou.core.clue_score import Item, Standing, joined, root, score
from gongchou.core.clue_terms import (
    Channel,
    ClueOrigin,
    ClueState,
    PollutantFamily,
    ScoreColour,
    UnconfirmedReason,
)
from gongchou.core.clues import (
    Held,
    case_for,
    channel_of,
    extended_by,
    family_of,
    may_expire,
    triage_due,
)
from gongchou.core.states import may_move
from gongchou.law.load import load_calendar, load_clue_rules

RULES = load_clue_rules()
AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
NOBODY = Standing(weights={})
HOUR = timedelta(hours=1)


def item(**fields) -> Item:
    ordinary = {
        "ref": "C1",
        "channel": Channel.POWER,
        "rule": "E01",
        "family": PollutantFamily.WORKING,
        "outlet": "",
        "severity": 4,
        "started_at": AT,
        "ended_at": AT + timedelta(minutes=10),
        "threshold": timedelta(minutes=10),
        "completeness": Fraction(1),
        "grade": Fraction(1),
    }
    return Item(**{**ordinary, **fields})


def held(**fields) -> Held:
    ordinary = {
        "ref": "C1",
        "case": "C1",
        "origin": ClueOrigin.RULE,
        "rule": "A04",
        "outlet": "排口一",
        "factor": "a21026",
        "family": PollutantFamily.GAS,
        "started_at": AT,
        "ended_at": AT + HOUR,
        "state": ClueState.PENDING,
    }
    return Held(**{**ordinary, **fields})


# --- merging


@pytest.mark.parametrize(("hours", "same"), [(0, True), (24, True), (25, False)])
def test_one_rule_outlet_and_factor_within_a_day_is_one_clue(hours, same):
    start = AT + HOUR + timedelta(hours=hours)
    new = held(ref="", started_at=start, ended_at=start)
    assert (extended_by(new, [held()], RULES.extend) is not None) is same


@pytest.mark.parametrize("other", [{"rule": "A05"}, {"outlet": "排口二"}, {"factor": "a21002"}])
def test_another_rule_outlet_or_factor_is_another_clue(other):
    assert extended_by(held(ref="", **other), [held()], RULES.extend) is None


def test_what_was_settled_is_not_made_longer():
    settled = held(state=ClueState.UNCONFIRMED)
    assert extended_by(held(ref=""), [settled], RULES.extend) is None


@pytest.mark.parametrize(("hours", "case"), [(72, "C1"), (73, "")])
def test_one_family_within_three_days_is_one_case(hours, case):
    start = AT + HOUR + timedelta(hours=hours)
    new = held(ref="", rule="A01", started_at=start, ended_at=start)
    assert case_for(new, [held()], RULES.case) == case


def test_how_a_plant_works_goes_with_everything_and_water_not_with_gas():
    water = held(ref="", rule="A09", family=PollutantFamily.WATER)
    assert case_for(water, [held()], RULES.case) == ""
    assert case_for(replace(water, family=PollutantFamily.WORKING), [held()], RULES.case) == "C1"


def test_a_case_goes_by_its_first_clue_and_an_excluded_one_gathers_nothing():
    member, gone = held(ref="C2", case="C1"), held(ref="C3", state=ClueState.EXCLUDED)
    assert case_for(held(ref="", rule="A01"), [member, gone], RULES.case) == "C1"
    assert case_for(held(ref="", rule="A01"), [gone], RULES.case) == ""


def test_a_factor_says_its_family_before_the_rule_does():
    default = PollutantFamily.WORKING
    assert family_of("a24088", default) is PollutantFamily.ODOUR
    assert family_of("a34013", default) is PollutantFamily.DUST
    assert family_of("a21026", default) is PollutantFamily.GAS
    assert family_of("w01018", default) is PollutantFamily.WATER
    assert family_of("", default) is default


def test_electricity_and_emissions_are_two_channels():
    assert channel_of(ClueOrigin.RULE, "E04") is Channel.POWER
    assert channel_of(ClueOrigin.RULE, "A14") is Channel.MONITORING
    assert channel_of(ClueOrigin.LETTER, "") is Channel.COMPLAINT


# --- life


def test_only_a_light_clue_under_watch_ends_by_time():
    ends = {(s, state) for s in range(1, 5) for state in ClueState if may_expire(s, state)}
    assert ends == {(1, ClueState.WATCHED), (2, ClueState.WATCHED)}


def test_what_was_found_is_never_taken_back_to_the_desk():
    for state in (ClueState.CONFIRMED, ClueState.UNCONFIRMED, ClueState.UNVERIFIABLE):
        assert [to for to in ClueState if may_move(state, to)] == [ClueState.ARCHIVED]


def test_two_working_days_are_counted_over_a_weekend():
    friday = date(2026, 1, 9)
    assert triage_due(friday, RULES.triage_days, load_calendar()) == date(2026, 1, 13)


# --- score


def test_one_event_at_its_threshold_scores_its_base():
    found = score([item()], NOBODY, RULES.score)
    assert (found.value, found.colour) == (Fraction(40), ScoreColour.ORANGE)
    assert [term.how for term in found.terms] == ["基础分 40 × 持续 1 × 质量 1"]


@pytest.mark.parametrize(("severity", "base"), [(1, 5), (2, 12), (3, 25), (4, 40)])
def test_base_points_are_by_severity(severity, base):
    assert score([item(severity=severity)], NOBODY, RULES.score).value == base


@pytest.mark.parametrize(
    ("minutes", "factor"),
    [
        (0, Fraction(0)),
        (5, Fraction(707, 1000)),
        (10, Fraction(1)),
        (15, Fraction(1225, 1000)),
        (600, Fraction(1225, 1000)),
    ],
)
def test_duration_counts_by_its_root_up_to_one_and_a_half(minutes, factor):
    lasting = item(ended_at=AT + timedelta(minutes=minutes))
    assert score([lasting], NOBODY, RULES.score).value == 40 * factor


def test_the_root_is_the_nearest_thousandth():
    assert root(Fraction(3, 2)) == Fraction(1225, 1000)  # 1.22474…
    assert root(Fraction(1, 4)) == Fraction(1, 2)
    assert root(Fraction(2)) == Fraction(1414, 1000)


@pytest.mark.parametrize(
    ("complete", "grade", "quality"),
    [("1", "1", "1"), ("4/5", "1/2", "2/5"), ("1/10", "1", "3/10"), ("0", "0", "3/10")],
)
def test_quality_is_data_times_place_and_never_below_its_least(complete, grade, quality):
    one = item(completeness=Fraction(complete), grade=Fraction(grade))
    assert score([one], NOBODY, RULES.score).value == 40 * Fraction(quality)


def test_ten_alarms_of_one_channel_are_one_and_two_channels_add_eight():
    ten = [item(ref=f"C{n}", rule="A04", channel=Channel.MONITORING) for n in range(10)]
    assert score(ten, NOBODY, RULES.score).value == 40
    both = score([*ten, item()], NOBODY, RULES.score)
    assert (both.value, both.channels) == (Fraction(88), 2)
    assert both.colour is ScoreColour.RED


def test_history_and_consequence_are_terms_of_their_own_and_the_sum_stays_in_bounds():
    known = replace(NOBODY, was_confirmed=True, is_sensitive=True, is_key_unit=True)
    found = score([item(severity=2)], known, RULES.score)
    assert [term.value for term in found.terms] == [12, 10, 10, 5]
    assert found.value == 37
    least = score([item(severity=1)], replace(NOBODY, twice_unconfirmed=True), RULES.score)
    assert least.value == 0
    three = [item(channel=channel) for channel in (Channel.POWER, Channel.MOBILE, Channel.DRONE)]
    assert score(three, NOBODY, RULES.score).value == 100


@pytest.mark.parametrize(
    ("severity", "complete", "colour"),
    [
        (4, "1", ScoreColour.ORANGE),
        (4, "1/2", ScoreColour.YELLOW),
        (3, "4/5", ScoreColour.YELLOW),
        (3, "79/100", ScoreColour.GREY),
    ],
)
def test_colours_begin_at_their_limits(severity, complete, colour):
    one = item(severity=severity, completeness=Fraction(complete))
    assert score([one], NOBODY, RULES.score).colour is colour


def test_only_signed_weights_change_the_base():
    signed = replace(NOBODY, weights={"E01": Fraction(1, 2)})
    assert score([item()], signed, RULES.score).value == 20


# --- what bears on one matter


def test_channels_join_within_the_window_around_the_gravest():
    late = item(
        channel=Channel.COMPLAINT,
        severity=2,
        started_at=AT + timedelta(minutes=10, hours=24),
        ended_at=AT + timedelta(minutes=10, hours=24),
    )
    assert len(joined([item(), late], RULES.before, RULES.after)) == 2
    later = replace(late, started_at=late.started_at + HOUR, ended_at=late.ended_at + HOUR)
    assert len(joined([item(), later], RULES.before, RULES.after)) == 1
    early = replace(late, started_at=AT - 3 * HOUR, ended_at=AT - 3 * HOUR)
    assert len(joined([item(), early], RULES.before, RULES.after)) == 1


def test_two_known_outlets_are_two_matters_and_an_unknown_one_joins():
    one = item(outlet="排口一")
    other = item(outlet="排口二", channel=Channel.MONITORING, severity=3)
    assert joined([one, other], RULES.before, RULES.after) == (one,)
    unknown = replace(other, outlet="")
    assert joined([one, unknown], RULES.before, RULES.after) == (one, unknown)
    assert joined([], RULES.before, RULES.after) == ()


def test_of_two_as_grave_the_one_that_more_channels_speak_for_is_the_matter():
    gas = item(channel=Channel.MONITORING, family=PollutantFamily.GAS)
    odour = item(channel=Channel.MOBILE, family=PollutantFamily.ODOUR, severity=3)
    found = joined([gas, item(), odour], RULES.before, RULES.after)
    assert {one.channel for one in found} == {Channel.MONITORING, Channel.POWER, Channel.MOBILE}


# --- learning


def outcomes(confirmed: int, unconfirmed: int, rule: str = "A04") -> list[Outcome]:
    yes = Outcome(
        rule=rule, channel=Channel.MONITORING, state=ClueState.CONFIRMED, reason=None, hours=10
    )
    no = replace(yes, state=ClueState.UNCONFIRMED, reason=UnconfirmedReason.STOPPED, hours=30)
    return [yes] * confirmed + [no] * unconfirmed


@pytest.mark.parametrize(("confirmed", "unconfirmed", "count"), [(4, 5, 0), (5, 5, 1)])
def test_a_rule_is_learned_from_ten_verified_outcomes(confirmed, unconfirmed, count):
    found = weights(outcomes(confirmed, unconfirmed), RULES.score, RULES.least_outcomes)
    assert len(found) == count


def test_the_factor_is_the_posterior_mean_over_the_priors():
    [weight] = weights(outcomes(8, 2), RULES.score, RULES.least_outcomes)
    assert weight.mean == Fraction(10, 20)
    assert weight.factor == Fraction(5, 2)
    [noise] = weights(outcomes(0, 30), RULES.score, RULES.least_outcomes)
    assert noise.factor == Fraction(2, 40) / Fraction(1, 5)


def test_precision_leaves_out_what_could_not_be_verified_and_says_why_nothing_was_found():
    lost = replace(outcomes(1, 0)[0], state=ClueState.UNVERIFIABLE)
    [row] = precisions([*outcomes(3, 1), lost])
    assert row.precision == Fraction(3, 4)
    assert (row.unverifiable, row.reasons) == (1, ((UnconfirmedReason.STOPPED, 1),))
    [channel] = precisions(outcomes(1, 1), by_channel=True)
    assert (channel.name, channel.median_hours) == ("自动监测", 30)


def test_every_rule_of_the_specification_says_what_to_look_at_on_site():
    wanted = {f"E{n:02}" for n in range(1, 10)} | {f"A{n:02}" for n in range(1, 18)}
    assert set(RULES.rules) == wanted
    assert all(rule.points for rule in RULES.rules.values())
    assert set(RULES.origins) == set(ClueOrigin) - {ClueOrigin.RULE}
