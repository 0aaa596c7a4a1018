"""A moment as somebody types it in a hurry: `17022022 0800`, `0800`, `8：00`, `2月17日 8点`.

All readings are found; one is taken, several are told, none is said. The same rules stand in
`frontend/src/times.js`; both are held to `tests/core/typed_times.json`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from gongchou.core.plain import SHANGHAI
from gongchou.core.refusals import Invalid

YEARS = range(2000, 2100)
LONGEST = 40
ANY_DAY = date(2022, 2, 17)
EXAMPLES = "请写成“8:00”“0800”“2月17日 8点”或“2022-02-17 08:00”。"

Parts = tuple[str, ...]
Clock = tuple[int, int, int]

# Written without marks: how long, and what may be meant by it.
_BARE = {8: ("YYYYMMDD", "DDMMYYYY", "MMDDYYYY"), 6: ("YYMMDD", "DDMMYY"), 4: ("MMDD",)}
_WHOLE_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_SHORT_DATE = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_TIME = re.compile(
    r"(凌晨|早上|上午|中午|下午|傍晚|晚上)?"
    r"(?:(\d{1,2}):(\d{2})(?::(\d{2}))?|(\d{1,2})(\d{2})|(\d{1,2})[点时](?:整|钟|(半)|(\d{1,2})分?)?)"
)
_LATE = ("下午", "傍晚", "晚上")


def moment_said(text: str, on: date | None) -> datetime:
    """The one moment that `text` can mean; `on` is the day meant where none is written."""
    plain = _normal(text)
    found = sorted(set(_readings(plain, on)))
    if len(plain) > LONGEST or not found:
        raise Invalid(_unread(text, plain, on))
    if len(found) > 1:
        says = "，也可以读作".join(written_moment(one) for one in found)
        first = found[0]
        example = f"{first.year}-{first.month:02}-{first.day:02} {first:%H:%M}"
        raise Invalid(f"“{text}”可以读作{says}，请写成“{example}”这样。")
    return found[0]


def written_moment(at: datetime) -> str:
    """2022年2月17日 08:00, with seconds where there are any."""
    here = at.astimezone(SHANGHAI)
    hour = f"{here:%H:%M:%S}" if here.second else f"{here:%H:%M}"
    return f"{here.year}年{here.month}月{here.day}日 {hour}"


def _normal(text: str) -> str:
    """Half-width, with one space where something stands between."""
    spaced = re.sub(r"(?<=\d)[Tt](?=\d)|[,，、\s]+", " ", unicodedata.normalize("NFKC", text))
    return spaced.strip()


def _unread(text: str, plain: str, on: date | None) -> str:
    if on is None and any(_readings(plain, ANY_DAY)):
        return f"“{text}”没有写明哪一天，请连年月日一起写，如“2022-02-17 08:00”。"
    if any(_days(plain.replace(" ", ""), on)):
        return f"“{text}”只写了日期，请写明几点，如“8:00”。"
    return f"“{text[:LONGEST]}”看不出是什么时间，{EXAMPLES}"


def _readings(plain: str, on: date | None) -> Iterator[datetime]:
    for left, right in _halves(plain):
        meant = () if on is None else (on,)
        for day in _days(left, on) if left else meant:
            for clock in _clocks(right):
                yield datetime(day.year, day.month, day.day, *clock, tzinfo=SHANGHAI)


def _halves(plain: str) -> Iterator[tuple[str, str]]:
    """Where the day may end: nowhere, at a space, after 日, after eight of many digits."""
    yield "", plain.replace(" ", "")
    ends = {at.start() for at in re.finditer(" ", plain)}
    ends |= {at.end() for at in re.finditer("[日号]", plain)}
    if re.fullmatch(r"\d{11,12}", plain):
        ends.add(8)
    for end in sorted(ends):
        yield plain[:end].replace(" ", ""), plain[end:].replace(" ", "")


def _days(text: str, on: date | None) -> Iterator[date]:
    if found := _WHOLE_DATE.fullmatch(text):
        yield from _real([tuple(map(int, found.groups()))])
    elif found := _SHORT_DATE.fullmatch(text):
        yield from _nearest(int(found[1]), int(found[2]), on)
    elif text.isdecimal() and text.isascii():
        for form in _BARE.get(len(text), ()):
            parts = {letter: _digits(text, form, letter) for letter in "YMD"}
            year, month, day = parts["Y"], parts["M"], parts["D"]
            if "Y" not in form:
                yield from _nearest(month, day, on)
            else:
                yield from _real([(year + (0 if "YYYY" in form else 2000), month, day)])


def _digits(text: str, form: str, letter: str) -> int:
    return int("".join(one for one, name in zip(text, form, strict=True) if name == letter) or "0")


def _nearest(month: int, day: int, on: date | None) -> Iterator[date]:
    """Without a year: the one that lies nearest to the day in question."""
    if on is None:
        return
    found = list(_real((on.year + step, month, day) for step in (-1, 0, 1)))
    if found:
        yield min(found, key=lambda one: abs(one - on))


def _real(parts: Iterable[tuple[int, ...]]) -> Iterator[date]:
    for year, month, day in parts:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found.year in YEARS:
            yield found


def _clocks(text: str) -> Iterator[Clock]:
    found = _TIME.fullmatch(text)
    if not found:
        return
    part, h1, m1, s1, h2, m2, h3, half, m3 = found.groups()
    hour, minute = int(h1 or h2 or h3), 30 if half else int(m1 or m2 or m3 or 0)
    hour, second = _of_day(part, hour), int(s1 or 0)
    if hour in range(24) and minute in range(60) and second in range(60):
        yield hour, minute, second


def _of_day(part: str | None, hour: int) -> int:
    """下午2点 is 14; what no clock shows is told by -1."""
    if part in _LATE:
        return hour + 12 if hour in range(1, 12) else hour if hour in range(13, 24) else -1
    if part == "中午":
        return hour + 12 if hour in (1, 2) else hour if hour in range(11, 15) else -1
    if part is None:
        return hour
    # 凌晨12点 may be the beginning or the end of that day.
    return hour if hour < 12 else -1
