"""An entry read back: everything that was entered, nothing that was left open."""

from datetime import UTC, datetime

import pytest

from gongchou.core.monitoring.entry_words import words
from gongchou.core.monitoring.moments import minute_at
from gongchou.core.monitoring.words import EntryKind

EIGHT, NOON = (minute_at(datetime(2026, 1, 5, hour, tzinfo=UTC)) for hour in (0, 4))
SAID = {
    EntryKind.OUTLET: (
        {
            "kind": "air",
            "factors": {"a21026": {"limit": "35", "day_limit": "", "floor": "0.5"}},
            "o2_ref": "6",
            "lines": ["一号线"],
            "is_shared": 1,
            "is_batch": 0,
        },
        "废气排放口，二氧化硫小时 35、检出限 0.5，基准氧含量 6%，生产线 一号线，与其他单位共用",
    ),
    EntryKind.METER: (
        {"kind": "treating", "rated_kw": "75", "is_vfd": 1, "is_security_load": 0},
        "治污设施，额定 75 kW，变频",
    ),
    EntryKind.GROUP: (
        {
            "producers": ["P1", "P2"],
            "treatments": ["T1"],
            "need": "all",
            "lead": 10,
            "lag": 0,
            "is_treatment_shared": 0,
        },
        "产污 P1、P2，治污 T1（全部运行），可滞后 10 分钟开启",
    ),
    EntryKind.STATES: (
        {"off_kw": "5", "run_kw": "20"},
        "低于 5 kW 为停机，达到 20 kW 为运行",
    ),
    EntryKind.FILING: (
        {"filing": "fault", "since": EIGHT, "until": NOON, "filed": EIGHT},
        "故障，2026年1月5日 08:00 至 2026年1月5日 12:00，2026年1月5日 08:00报备",
    ),
    EntryKind.ORDER: (
        {
            "document": "虚构令1号",
            "order": "limit",
            "percent": 30,
            "since": EIGHT,
            "until": NOON,
            "received": EIGHT,
            "exempt": ["P2"],
        },
        "虚构令1号，限产 30%，2026年1月5日 08:00 至 2026年1月5日 12:00，"
        "2026年1月5日 08:00送达，豁免 P2",
    ),
    EntryKind.SITE: (
        {"shifts": [8, 9], "unmetered_percent": 10, "is_tariff_driven": 1},
        "报备的生产钟点 8、9，没有装表的负荷 10%，按峰谷电价安排生产",
    ),
}


@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_kind_of_entry_can_be_read_back(kind):
    body, says = SAID[kind]
    assert words(kind, body) == says
