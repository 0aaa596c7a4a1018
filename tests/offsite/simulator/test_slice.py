"""A small slice of a simulated quarter, whole: made, replayed, judged, scored."""

import hashlib
import json
from pathlib import Path

import pytest

from gongchou.config import cli
from gongchou.core.refusals import Refused
from gongchou.offsite.simulator.chance import Chance
from gongchou.offsite.simulator.judged import SAYS, judge_folder
from gongchou.offsite.simulator.planting import Planter
from gongchou.offsite.simulator.population import world
from gongchou.offsite.simulator.power_violations import late_start
from gongchou.offsite.simulator.process import normal_unit
from gongchou.offsite.simulator.writing import chosen, simulate

SEED, QUARTER, UNITS, DAYS = 1, "2026Q2", 6, 18


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("simulated") / "one"
    simulate(SEED, QUARTER, made, units=UNITS, days=DAYS)
    return made


@pytest.fixture(scope="module")
def scored(folder):
    return judge_folder(folder)


def digest(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    for seed, name in ((4, "one"), (4, "two"), (5, "other")):
        simulate(seed, QUARTER, tmp_path / name, units=2, days=3)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    assert digest(tmp_path / "one") != digest(tmp_path / "other")


def test_the_slice_is_judged_above_its_floors(scored):
    assert scored["recall"]["easy"] >= 0.8
    assert scored["decoys_fired"] <= 0.05
    assert scored["false_clues_a_subject"] <= 0.5
    assert scored["says"] == SAYS


def test_the_wire_is_read_apart_from_the_rules(scored):
    wire = scored["transport"]
    assert wire["faults"] > wire["must_be_quarantined"] > 0
    assert wire["quarantined"] >= wire["must_be_quarantined"]
    assert set(wire["by_fault"]) <= {"crc", "crc_impossible", "modbus", "head", "cut", "length"}


def test_patrols_and_complaints_point_at_their_source_and_at_no_other(scored):
    for name in ("走航", "信访"):
        row = scored["other_sources"][name]
        assert row["planted"] >= 1
        assert row["source_among_candidates"] == row["planted"]
        assert (row["named_another"], row["decoys_named"]) == (0, 0)


def test_what_a_camera_or_a_drone_sees_plainly_is_seen_and_a_decoy_is_not(scored):
    for name in ("视频", "无人机"):
        row = scored["other_sources"][name]
        seen = dict(map(share_of, row["seen"].items()))
        assert (seen["easy"], seen["medium"]) == (1, 1)
        assert row["decoys"] >= UNITS
        assert (row["named_another"], row["decoys_named"]) == (0, 0)


def share_of(pair: tuple[str, str]) -> tuple[str, float]:
    hit, of = map(int, pair[1].split("/"))
    return pair[0], hit / of


def test_no_rule_reads_the_truth(folder, tmp_path):
    """Without the truth the same is found; only the score needs it."""
    before = judge_folder(folder)["rules"]
    truth = folder / "truth.jsonl"
    kept = truth.read_text("utf-8")
    truth.write_text("", "utf-8")
    try:
        without = judge_folder(folder)["rules"]
    finally:
        truth.write_text(kept, "utf-8")
    assert {k: v["events"] for k, v in without.items()} == {
        k: v["events"] for k, v in before.items()
    }


def test_a_folder_in_use_is_left_alone(folder):
    with pytest.raises(Refused, match="不是空的"):
        simulate(SEED, QUARTER, folder)


def test_what_is_no_simulation_is_refused_with_what_to_do(tmp_path, capsys):
    assert cli.main(["offsite", "judge", str(tmp_path)]) == 1
    assert "gongchou offsite simulate" in capsys.readouterr().err


def test_the_commands_say_what_a_score_is_worth(tmp_path, capsys):
    out = tmp_path / "q"
    given = ["--seed", "3", "--quarter", QUARTER, "--out", str(out), "--units", "2", "--days", "3"]
    assert cli.main(["offsite", "simulate", *given, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["units"] == 2
    assert cli.main(["offsite", "judge", str(out)]) == 0
    assert "不代表实际工作中的准确率" in capsys.readouterr().out


def test_streams_do_not_depend_on_the_order_of_asking():
    one, two = Chance(7), Chance(7)
    first = one.normals("a", 5)
    one.uniforms("b", 3)
    two.uniforms("b", 3)
    assert two.normals("a", 5) == first
    assert Chance(8).normals("a", 5) != first


def test_the_only_incinerator_is_always_among_those_who_violate():
    for seed in range(1, 6):
        chance = Chance(seed)
        made = world(chance, QUARTER, units=7, days=2)
        signals = [normal_unit(chance, made, unit) for unit in made.units]
        assert "incinerator" in {signal.unit.kind for signal in chosen(chance, signals)}


@pytest.mark.parametrize("strength", ["easy", "medium"])
def test_a_treatment_planted_as_late_starts_later_than_it_may(strength):
    chance = Chance(3)
    made = world(chance, QUARTER, units=4, days=40)
    unit = next(unit for unit in made.units if unit.kind == "coating")
    signal = normal_unit(chance, made, unit)
    before = {ref: list(row) for ref, row in signal.power.items()}
    planter = Planter(chance, made, {unit.ref: signal})
    assert any(late_start(planter, f"late/{n}", strength, signal) for n in range(9))
    changed = {ref: row for ref, row in signal.power.items() if row != before[ref]}
    ((ref, row),) = changed.items()
    on = signal.on[int(ref[-1])]
    late = sum(a != b for slot, (a, b) in enumerate(zip(row, before[ref], strict=True)) if on[slot])
    starts = sum(
        on[slot] and not on[slot - 1] and row[slot] != before[ref][slot]
        for slot in range(1, len(row))
    )
    assert late * 15 > starts * unit.lead
