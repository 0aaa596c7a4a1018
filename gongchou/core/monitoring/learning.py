"""The states of a line learned from a fortnight: two components of log power, for a person to see.

Never one threshold for all lines. A line that shows one state only gives no proposal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt

from gongchou.core.monitoring.series import LineStates

LEAST_SHARE, LEAST_RATIO, ROUNDS = 0.03, 3.0, 40
LEAST_SLOTS = 14 * 96 * 3 // 4
NARROWEST = 0.05
FLOOR_SHARE = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class StateProposal:
    """What the mixture found: means in kW, the share of time in the higher state, the states."""

    low_kw: float
    high_kw: float
    high_share: float
    slots: int
    states: LineStates


def proposal(powers: Sequence[float], rated_kw: float) -> StateProposal | None:
    """From the mean powers of quarter hours; None with too little data or one state only."""
    if len(powers) < LEAST_SLOTS or rated_kw <= 0:
        return None
    floor = rated_kw * FLOOR_SHARE
    logs = sorted(log(max(power, floor)) for power in powers)
    low, high, share = _mixture(logs)
    if not LEAST_SHARE <= share <= 1 - LEAST_SHARE or high[0] - low[0] < log(LEAST_RATIO):
        return None
    middle = exp((low[0] + high[0]) / 2)
    # Half load is still running: only what lies far below the usual counts as idle.
    run = min(max(middle, 0.25 * exp(high[0])), 0.5 * exp(high[0]))
    off = min(run, max(exp(low[0] + 3 * low[1]), 0.03 * exp(high[0])), 0.12 * exp(high[0]))
    return StateProposal(
        low_kw=exp(low[0]),
        high_kw=exp(high[0]),
        high_share=share,
        slots=len(powers),
        states=LineStates(off_kw=off, run_kw=max(run, off), source="学习"),
    )


def rated_states(rated_kw: float) -> LineStates:
    """Before anything is learned: stands below a twentieth of the rated power."""
    return LineStates(off_kw=0.05 * rated_kw, run_kw=0.2 * rated_kw, source="额定功率")


def _mixture(logs: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float], float]:
    """(mean, deviation) of the lower and higher component and the share of the higher.

    Thinned to a few hundred points: the states of a line lie far apart or are none.
    """
    step = max(1, len(logs) // 400)
    points = logs[step // 2 :: step]
    spread = points[-1] - points[0]
    if spread <= 0:
        return (points[0], NARROWEST), (points[0], NARROWEST), 0.0
    one, two = points[0] + spread / 5, points[-1] - spread / 5
    dev_one = dev_two = max(NARROWEST, spread / 5)
    share = 0.5
    for _ in range(ROUNDS):
        weights = [_chance(p, one, dev_one, two, dev_two, share) for p in points]
        heavy = sum(weights)
        light = len(points) - heavy
        if heavy < 1 or light < 1:
            break
        two = sum(w * p for w, p in zip(weights, points, strict=True)) / heavy
        one = sum((1 - w) * p for w, p in zip(weights, points, strict=True)) / light
        dev_two = _deviation(points, weights, two, heavy)
        dev_one = _deviation(points, [1 - w for w in weights], one, light)
        share = heavy / len(points)
    return (one, dev_one), (two, dev_two), share


def _chance(
    p: float, one: float, dev_one: float, two: float, dev_two: float, share: float
) -> float:
    """How likely a point belongs to the higher component."""
    a = (1 - share) * _density(p, one, dev_one)
    b = share * _density(p, two, dev_two)
    if a + b <= 0:
        return 1.0 if p > (one + two) / 2 else 0.0
    return b / (a + b)


def _density(p: float, mean: float, deviation: float) -> float:
    z = (p - mean) / deviation
    return exp(-z * z / 2) / (deviation * sqrt(2 * pi)) if abs(z) < 30 else 0.0


def _deviation(
    points: Sequence[float], weights: Sequence[float], mean: float, total: float
) -> float:
    square = sum(w * (p - mean) ** 2 for w, p in zip(weights, points, strict=True))
    return max(NARROWEST, sqrt(square / total))
