"""The fictional area of the demonstration: an outline nobody has, and where its sites stand.

The ground is invented; it lies in open sea, so that no real boundary is drawn.
"""

import json

from gongchou.config.demo_agenda import pick

SOURCE = "演示用的虚构轮廓，与任何行政区划无关"
# Hundred-thousandths of a degree east and north of the corner.
CORNER = (12_150_000, 3_450_000)
SHAPE = (
    (1200, 400), (2600, 0), (4100, 500), (5600, 300), (7000, 900), (7900, 2100), (8800, 2500),
    (9300, 3900), (8700, 5200), (9100, 6300), (7900, 7300), (6400, 7000), (5400, 7700),
    (3900, 7500), (2900, 6600), (1500, 6700), (700, 5400), (900, 4100), (0, 2900), (500, 1300),
)  # fmt: skip
# Three industrial parks, one for each grid: centre and reach.
PARKS = ((6600, 4200, 1500), (2800, 3400, 1400), (4900, 5500, 1300))
FAR_OFF, UNKNOWN = 137, 11


def _written(hundred_thousandths: int) -> str:
    whole, rest = divmod(hundred_thousandths, 100_000)
    return f"{whole}.{rest:05}"


def _outline() -> bytes:
    ring = [(CORNER[0] + x, CORNER[1] + y) for x, y in (*SHAPE, SHAPE[0])]
    points = ",".join(f"[{_written(x)},{_written(y)}]" for x, y in ring)
    geometry = f'{{"type":"Polygon","coordinates":[[{points}]]}}'
    feature = {"type": "Feature", "properties": {"name": SOURCE}, "geometry": None}
    return json.dumps(feature, ensure_ascii=False).replace("null", geometry).encode()


OUTLINE = _outline()


def place(number: int) -> tuple[str, str, str]:
    """Longitude, latitude and system of a site; a few have none, one lies beyond the border."""
    if number % UNKNOWN == 0:
        return "", "", ""
    x, y, reach = PARKS[number % len(PARKS)]
    if number == FAR_OFF:
        x, y, reach = 11_000, 1_500, 10
    east = CORNER[0] + x + pick(f"east {number}", 2 * reach) - reach
    north = CORNER[1] + y + pick(f"north {number}", 2 * reach) - reach
    return _written(east), _written(north), "WGS84"
