"""Files from outside: rows with their slips, patrol peaks without traffic, places on the ground."""

from datetime import UTC, datetime, timedelta

import pytest

from gongchou.core import inlets
from gongchou.core.clue_terms import ComplaintClass
from gongchou.core.coordinates import SCALE
from gongchou.core.inlet_rows import BadCell, parsed
from gongchou.core.patrol import Sample, peaks, thresholds, without_exhaust
from gongchou.core.plumes import metres, moved
from gongchou.core.refusals import Invalid
from gongchou.law.load import load_inlet_rule
from gongchou.offsite.inlet_files import read_file

RULE = load_inlet_rule()
AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
HERE = (round(118.2 * SCALE), round(39.63 * SCALE))
HEAD = "时间,经度,纬度,坐标系,车速,风向,风速,TVOC(µg/m³)\n"


def same(at, system):
    return at


def run(values: list[float], *, start: int = 0, speed: float = 8, **more: list[float]):
    """One sample every five seconds, each a little further east."""
    return [
        Sample(
            row=start + n + 2,
            at=AT + timedelta(seconds=5 * (start + n)),
            place=moved(HERE, 90, 0 if speed < 1 else 5 * speed * n),
            speed=speed,
            wind=None,
            values={"TVOC": value, **{name: series[n] for name, series in more.items()}},
        )
        for n, value in enumerate(values)
    ]


# --- rows


def test_a_csv_with_a_slip_keeps_its_good_rows_and_says_where_the_bad_one_is():
    good = "2026-01-05 09:00:00,118.2,39.63,WGS84,8,0,3,120\n"
    bad = "2026-01-05 09:00:05,118.2,39.63,,8,0,3,120\n"
    found = read_file("走航.csv", (HEAD + good + bad).encode("gb18030"))
    rows, problems = parsed(
        found, inlets.COLUMNS["patrol"], lambda n, cells: inlets.sample(n, cells, same)
    )
    assert rows[0].values == {"TVOC": 120}
    assert rows[0].at == AT
    assert [p.says for p in problems] == ["第 3 行“坐标系”为“”，不能空着，请填写。"]


def test_json_says_the_same_as_csv():
    text = (
        '[{"时间":"2026-01-05T09:00:00+08:00","经度":118.2,"纬度":39.63,"坐标系":"WGS84","车速":8}]'
    )
    found = read_file("run.json", text.encode())
    assert inlets.sample(*found.rows[0], same).at == AT


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "第一行"),
        (b"\xff\xff\xff", "编码"),
        ("时间,经度\n".encode(), "没有数据行"),
        (b"[1", "JSON"),
    ],
)
def test_a_file_that_is_none_says_what_to_mend(content, says):
    with pytest.raises(Invalid, match=says):
        read_file("x", content)


def test_a_missing_column_is_named():
    found = read_file("x.csv", "时间,车速\n2026-01-05 09:00,1\n".encode())
    with pytest.raises(Invalid, match="经度”“纬度”“坐标系"):
        parsed(found, inlets.COLUMNS["patrol"], lambda n, cells: inlets.sample(n, cells, same))


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"坐标系": "本地坐标"}, "坐标系"),
        ({"经度": "39.6", "纬度": "118.2"}, "经度、纬度"),
        ({"车速": "快"}, "车速"),
        ({"车速": "99"}, "车速"),
        ({"质控": "不合格"}, "质控"),
        ({"风的基准": "车上"}, "风的基准"),
        ({"时间": "昨天"}, "时间"),
    ],
)
def test_each_slip_names_its_column(cells, column):
    good = {
        "时间": "2026-01-05 09:00:00",
        "经度": "118.2",
        "纬度": "39.63",
        "坐标系": "GCJ-02",
        "车速": "8",
        "风向": "10",
        "风速": "2",
    }
    with pytest.raises(BadCell) as slip:
        inlets.sample(2, {**good, **cells}, same)
    assert slip.value.column == column


# --- patrol


def test_a_peak_is_three_samples_above_three_times_the_background_and_the_floor():
    base = [100.0] * 20
    assert peaks(run([*base, 499, 499, 499, *base]), RULE.patrol) == ()
    assert peaks(run([*base, 900, 900, *base]), RULE.patrol) == ()
    [peak] = peaks(run([*base, 600, 900, 700, *base]), RULE.patrol)
    assert (peak.value, peak.threshold, peak.samples) == (900, 500, 3)
    assert peak.confirmed_by == ""


def test_over_a_high_background_three_times_the_tenth_percentile_counts():
    limits = thresholds(run([300.0] * 30), "TVOC", RULE.patrol)
    assert limits[-1] == 900


def test_the_background_is_that_of_the_last_ten_minutes():
    samples = run([1000.0] * 130 + [100.0] * 130)
    assert thresholds(samples, "TVOC", RULE.patrol)[-1] == 500


def test_a_second_pass_at_the_place_confirms_and_one_elsewhere_does_not():
    base = [100.0] * 40
    first = run([*base, 600, 900, 700, *base])
    again = run([*base, 600, 900, 700, *base], start=100)
    assert {p.confirmed_by for p in peaks([*first, *again], RULE.patrol)} == {"第二遍经过"}
    away = [
        Sample(
            row=s.row,
            at=s.at,
            place=moved(s.place, 0, 900),
            speed=s.speed,
            wind=None,
            values=s.values,
        )
        for s in again
    ]
    assert {p.confirmed_by for p in peaks([*first, *away], RULE.patrol)} == {""}


def test_standing_still_a_minute_confirms():
    [peak] = peaks(run([100.0] * 40 + [900.0] * 13 + [100.0] * 5, speed=0), RULE.patrol)
    assert peak.confirmed_by == "停车复测"


def test_a_truck_in_front_is_left_out_and_a_stack_is_not():
    base = [100.0] * 40
    fumes = [1.0] * 40
    truck = run([*base, 900, *base], CO=[*fumes, 30, *fumes], NOx=[*fumes, 40, *fumes])
    left, dropped = without_exhaust(truck, RULE.patrol)
    assert (len(left), dropped) == (80, 1)
    long = run(
        [*base, *[900.0] * 4, *base],
        CO=[*fumes, *[30.0] * 4, *fumes],
        NOx=[*fumes, *[40.0] * 4, *fumes],
    )
    assert without_exhaust(long, RULE.patrol)[1] == 0
    assert len(peaks(long, RULE.patrol)) == 1


# --- drone, video, complaints


def drone(**cells: str) -> inlets.DroneRow:
    ordinary = {
        "航次": "F1",
        "操作执照": "虚构执照",
        "时间": "2026-01-05 09:00:00",
        "经度": "118.2",
        "纬度": "39.63",
        "坐标系": "WGS84",
        "类别": "偷排口",
        "影像摘要": "ab" * 32,
    }
    return inlets.drone_row(2, {**ordinary, **cells}, same)


@pytest.mark.parametrize(("warmer", "worth"), [("", False), ("3", False), ("3.1", True)])
def test_a_hidden_outlet_is_warmer_than_what_is_around_it(warmer, worth):
    assert inlets.is_worth_looking(drone(温差=warmer), RULE) is worth
    assert inlets.is_worth_looking(drone(类别="露天焚烧"), RULE)


def test_the_cameras_ray_meets_the_ground_where_height_and_angle_say():
    seen = drone(离地高度="100", 云台俯仰="-45", 云台方位="90")
    assert metres(HERE, seen.target) == pytest.approx(100, abs=0.1)
    down = drone(离地高度="100", 云台俯仰="-90", 云台方位="0")
    assert metres(HERE, down.target) < 0.1


def test_a_digest_that_is_none_is_refused():
    with pytest.raises(BadCell, match="SHA-256"):
        drone(影像摘要="xyz")


def test_numbers_of_people_are_taken_out_of_a_complaints_words():
    cells = {
        "工单号": "12345-1",
        "时间": "2026-01-05 09:00",
        "渠道": "12345",
        "内容": "夜里有刺鼻气味，请回电13900000000或0315-1234567",
        "地点": "河西路",
    }
    row = inlets.complaint_row(2, cells, same)
    assert row.says == "夜里有刺鼻气味，请回电（号码略）或（号码略）"
    assert row.kind is ComplaintClass.ODOUR


@pytest.mark.parametrize(
    ("says", "kind"),
    [("机器轰鸣", "noise"), ("排污水到河里", "water"), ("粉尘很大", "dust"), ("占道", "other")],
)
def test_what_a_complaint_is_about_is_read_from_its_words(says, kind):
    assert inlets.complaint_class(says) == kind
