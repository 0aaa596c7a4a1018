"""The bytes a logger sends, with the faults of the wire, and the moment each stretch arrives."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gongchou.core.hj212.crc import crc_of, modbus_of
from gongchou.core.hj212.factors import FACTORS
from gongchou.core.hj212.words import PacketVersion
from gongchou.core.monitoring.moments import instant
from gongchou.core.monitoring.words import OutletKind
from gongchou.offsite.hj212.cipher import encrypt
from gongchou.offsite.simulator.chance import Chance
from gongchou.offsite.simulator.population import SimOutlet, World
from gongchou.offsite.simulator.process import OutletSignal

FLAG_WORDS = {
    PacketVersion.OF_2005: "",
    PacketVersion.OF_2017: "Flag=5;",
    PacketVersion.OF_2025: "Flag=9;",
}
OLD = {factor.code: factor.old or factor.code for factor in FACTORS.values()}
DECIMALS = {"a00000": 2, "w00000": 2, "a01012": 1, "w21003": 3, "w21011": 3}
# How often each fault of the wire happens, per frame.
FAULTS = (
    ("lower_crc", 0.004),
    ("line_feed_only", 0.004),
    ("no_line_end", 0.002),
    ("two_in_one", 0.01),
    ("in_pieces", 0.005),
    ("head_cut", 0.0005),
    ("modbus", 0.0003),
    ("impossible_crc", 0.0005),
    ("comma_header", 0.002),
    ("single_mark", 0.001),
    ("loose_separator", 0.003),
    ("time_digits", 0.001),
    ("repeated", 0.002),
    ("gbk", 0.0005),
    ("odd_value", 0.0005),
    ("length_over", 0.0002),
    ("length_under", 0.0002),
    ("length_short", 0.0002),
    ("no_flag", 0.0005),
    ("glued_flag", 0.0005),
    ("piece_unnumbered", 0.001),
    ("serial_again", 0.002),
    ("sent_twice", 0.002),
    ("login", 0.0005),
    ("empty", 0.0005),
    ("total_as_mean", 0.0005),
    ("old_sample", 0.0005),
    ("vendor_names", 0.0005),
)
SERIAL = len("QN=20260401000000000")
LENGTHS = {"length_over": 3, "length_under": -3, "length_short": -200}
RESENT_AFTER_FAULT = frozenset({"head_cut", "modbus", "impossible_crc", *LENGTHS})
ON_THE_WIRE = frozenset({"", "two_in_one", "in_pieces", "line_feed_only", "sent_twice"})
ODD_VALUES = ("--", "NaN", "1.#QNAN", "-0.00", "")


class Sent(NamedTuple):
    """Bytes that arrive together, at a second since 2000-01-01 of Beijing."""

    second: int
    content: bytes


class Fault(NamedTuple):
    mn: str
    fault: str
    second: int
    is_lost: bool


def digits(minute: int, second: int = 0) -> str:
    found = _DAY.get(minute // 1440)
    if found is None:
        local = instant(minute // 1440 * 1440 + 720)
        found = _DAY[minute // 1440] = f"{local:%Y%m%d}"
    return f"{found}{minute // 60 % 24:02}{minute % 60:02}{second:02}"


_DAY: dict[int, str] = {}


class Logger:
    """One device: makes its frames and gathers what arrives when."""

    def __init__(self, chance: Chance, world: World, made: OutletSignal) -> None:
        self.outlet: SimOutlet = made.outlet
        self.sent: list[Sent] = []
        self.faults: list[Fault] = []
        self._world, self._made = world, made
        self._chance = chance
        count = len(made.flags) * 2 + 20_000
        self._luck = chance.uniforms(f"wire/{made.outlet.mn}", count)
        self._more = chance.uniforms(f"wire more/{made.outlet.mn}", count)
        self._number = 0
        self._serial = ""
        self._st = "32" if made.outlet.kind is OutletKind.WATER else "31"
        self._names = _names(made.outlet)

    def send(self, cn: str, minute: int, arrives: int, body: str, *, resent: bool = False) -> None:
        """A frame whose content is `body`, arriving at a minute of true time."""
        second = arrives * 60 + 5 + self._number % 50
        off = next((o for a, b, o in self._made.clock if a <= arrives < b), 0)
        stamp = (second + off) // 60
        qn = f"{digits(stamp, (second + off) % 60)}{self._number % 1000:03}"
        version = self.outlet.version
        rf = "RF=1;" if resent and version is PacketVersion.OF_2025 else ""
        head = (
            f"QN={qn};ST={self._st};CN={cn};PW=123456;MN={self.outlet.mn};{FLAG_WORDS[version]}{rf}"
        )
        self._wire(head, f"DataTime={digits(minute)};{body}", second)
        self._number += 1

    def _wire(self, head: str, content: str, second: int) -> None:
        luck = self._luck[self._number % len(self._luck)]
        fault = _fault(luck, self._more[self._number % len(self._more)])
        if self.outlet.key and fault not in ON_THE_WIRE:
            fault = ""
        if fault == "serial_again" and self._serial:
            head = self._serial + head[SERIAL:]
        self._serial = head[:SERIAL]
        frame = self._frame(head, content, fault)
        if fault:
            self.faults.append(Fault(self.outlet.mn, fault, second, fault in RESENT_AFTER_FAULT))
        self._put(frame, fault, second)
        if beside := _beside(head, fault):
            self.sent.append(Sent(second + 1, self._frame(beside, "", "")))
        if fault in RESENT_AFTER_FAULT:
            self.sent.append(Sent(second + 10, self._frame(head, content, "")))

    def _put(self, frame: bytes, fault: str, second: int) -> None:
        """As many stretches of bytes as arrive apart."""
        if fault == "two_in_one" and self.sent and second - self.sent[-1].second < 3600:
            self.sent.append(Sent(second, self.sent.pop().content + frame))
        elif fault == "in_pieces":
            half = len(frame) // 2
            self.sent += [Sent(second, frame[:half]), Sent(second + 1, frame[half:])]
        elif fault == "sent_twice":
            self.sent += [Sent(second, frame), Sent(second + 2, frame)]
        else:
            self.sent.append(Sent(second, frame))

    def _frame(self, head: str, content: str, fault: str) -> bytes:
        segment = _body(head, content, fault)
        crc = crc_of(segment)
        code = b"%04X" % crc
        if fault == "lower_crc":
            code = code.lower()
        elif fault == "modbus":
            code = b"%04X" % modbus_of(segment)
        elif fault == "impossible_crc":
            code = b"%04X" % (crc ^ 0x0003)
        wire = self._ciphered(segment) if self.outlet.key else segment
        end = b"\n" if fault == "line_feed_only" else b"" if fault == "no_line_end" else b"\r\n"
        declared = max(1, len(segment) + LENGTHS.get(fault, 0))
        frame = b"##%04d" % declared + wire + code + end
        return frame[7:] if fault == "head_cut" else frame

    def _ciphered(self, segment: bytes) -> bytes:
        at = segment.find(b"CP=&&") + 5
        content = segment[at:-2]
        whole = len(content) // 16 * 16
        key = bytes.fromhex(self.outlet.key)
        return segment[:at] + encrypt(key, content[:whole]) + content[whole:] + segment[-2:]

    def body(self, values: list[str], flags: list[str]) -> str:
        return ";".join(
            f"{name}-Avg={value},{name}-Flag={flag}"
            for name, value, flag in zip(self._names, values, flags, strict=True)
        )


def _names(outlet: SimOutlet) -> list[str]:
    """The factor codes as this logger writes them, in the order of its values."""
    return [
        OLD.get(f, f) if outlet.version is PacketVersion.OF_2005 else f for f in factors(outlet)
    ]


def factors(outlet: SimOutlet) -> list[str]:
    if outlet.kind is OutletKind.WATER:
        return [*sorted(outlet.limits), "w01001", "w00000"]
    conditions = ["a01011", "a01012", "a01014", "a00000"]
    if outlet.o2_ref is not None:
        conditions.insert(0, "a19001")
    return [*sorted(outlet.limits), *conditions]


def _fault(luck: float, more: float) -> str:
    if luck > 0.05:
        return ""
    # Two streams together are fine enough for the rare ones.
    x = luck + more / 65536
    for name, share in FAULTS:
        if x < share:
            return name
        x -= share
    return ""


def _beside(head: str, fault: str) -> str:
    """The head of a packet without content that some loggers send beside their data."""
    if fault not in ("login", "empty"):
        return ""
    words = head.split(";")
    command = "CN=9021" if fault == "login" else "CN=9015"
    return ";".join(command if word.startswith("CN=") else word for word in words)


CONTENTS: dict[str, Callable[[str], str]] = {
    "time_digits": lambda content: content.replace(";", "000;", 1),
    "loose_separator": lambda content: f"{content};",
    "repeated": lambda content: f"{content};{content.rpartition(';')[2]}",
    "odd_value": lambda content: f"{content};a99999-Avg={_odd(content)},a99999-Flag=N",
    "total_as_mean": lambda content: f"{content};a99998-Avg=12.5,a99998-Avg=45000",
    "old_sample": lambda content: f"{content};a99997-Avg=1.0,a99997-SampleTime=20190101000000",
    "vendor_names": lambda content: f"{content};CONC-Rtd=3.1;FANSTATUS-Rtd=1;POWER=12",
    "gbk": lambda content: f"{content};Note=正常",
}
HEADS: dict[str, Callable[[str], str]] = {
    "comma_header": lambda head: head.replace(";ST=", ",ST=", 1),
    "no_flag": lambda head: _other_flag(head, "no_flag"),
    "glued_flag": lambda head: _other_flag(head, "glued_flag"),
    "piece_unnumbered": lambda head: _other_flag(head, "piece_unnumbered"),
}


def _odd(content: str) -> str:
    return ODD_VALUES[sum(content.encode()) % len(ODD_VALUES)]


def _body(head: str, content: str, fault: str) -> bytes:
    head = HEADS.get(fault, str)(head)
    if content:
        content = CONTENTS.get(fault, str)(content)
    mark = "&" if fault == "single_mark" else "&&"
    return f"{head}CP={mark}{content}{mark}".encode("gbk" if fault == "gbk" else "utf-8")


def _other_flag(head: str, fault: str) -> str:
    """The flag left out, without its separator, or speaking of pieces that have no number."""
    before, _, rest = head.partition("Flag=")
    if not rest:
        return head
    value, _, after = rest.partition(";")
    if fault == "no_flag":
        return before + after
    if fault == "glued_flag":
        return f"{before}{after}Flag={value}"
    return f"{before}Flag={int(value) | 2};{after}"


def shown(factor: str, value: float) -> str:
    return f"{value:.{DECIMALS.get(factor, 2)}f}"


def frames_of(chance: Chance, world: World, made: OutletSignal) -> Logger:
    """Everything one monitor sends in the quarter, in order of arrival."""
    logger = Logger(chance, world, made)
    _send_minutes(logger, world, made)
    _send_hours(logger, world, made)
    _send_settings(logger, world, made)
    if "a01901" in made.values:
        _send_furnace(logger, world, made)
    logger.sent.sort(key=lambda sent: sent.second)
    return logger


def _arrival(made: OutletSignal, world: World, minute: int) -> tuple[int, bool]:
    """When what is sent at a minute arrives, and whether as history."""
    hour = (minute - world.start) // 60
    for since, until in made.held:
        if since <= hour < until:
            return world.start + until * 60 + 10 + (minute - world.start) % 50, True
    return minute, False


def _send_minutes(logger: Logger, world: World, made: OutletSignal) -> None:
    names, step = factors(made.outlet), made.outlet.interval
    rows = [made.values[name] for name in names]
    places = [DECIMALS.get(name, 2) for name in names]
    is_emission = [name in made.outlet.limits for name in names]
    for slot, flag in enumerate(made.flags):
        if slot in made.lost:
            continue
        minute = world.start + slot * step
        arrives, is_late = _arrival(made, world, minute + step)
        values = [f"{row[slot]:.{place}f}" for row, place in zip(rows, places, strict=True)]
        flags = [flag if emits or flag == "F" else "N" for emits in is_emission]
        logger.send("2051", minute, arrives, logger.body(values, flags), resent=is_late)


def hour_flag(flags: list[str]) -> str:
    """As loggers fold it: normal from three quarters on, else the mark that prevails."""
    odd = [flag for flag in flags if flag != "N"]
    if len(odd) * 4 <= len(flags):
        return "N"
    return max(sorted(set(odd)), key=odd.count)


def _send_hours(logger: Logger, world: World, made: OutletSignal) -> None:
    again: dict[int, list[tuple[str, float, int, bool]]] = {}
    for hour, factor, value, later, marked in made.sent_again:
        again.setdefault(hour, []).append((factor, value, later, marked))
    luck = logger._chance.uniforms(f"hours/{made.outlet.mn}", world.days * 24)
    for hour in range(world.days * 24):
        if hour in made.lost_hours or luck[hour] < 0.004:
            continue
        values, flags = _hour_values(made, hour)
        minute = world.start + hour * 60
        arrives, is_late = _arrival(made, world, minute + 62)
        if hour in made.partial:
            part = [value * 0.93 for value in values]
            logger.send("2061", minute, minute + 50, _hour_body(logger, made, hour, part, flags))
        body = _hour_body(logger, made, hour, values, flags)
        logger.send("2061", minute, arrives, body, resent=is_late)
        for factor, value, later, marked in again.get(hour, []):
            changed = list(values)
            changed[factors(made.outlet).index(factor)] = value
            body = _hour_body(logger, made, hour, changed, flags)
            _send_changed(logger, minute, arrives + later, body, marked)


def _send_changed(logger: Logger, minute: int, arrives: int, body: str, marked: bool) -> None:
    """A mark of resending exists since 2025 only; older loggers have none to give."""
    logger.send("2061", minute, arrives, body, resent=marked)


def _hour_values(made: OutletSignal, hour: int) -> tuple[list[float], list[str]]:
    per = made.per_hour
    first = hour * per
    marks = made.flags[first : first + per]
    flag = hour_flag(marks)
    kept = [k for k in range(first, first + per) if made.flags[k] == "N"] if flag == "N" else []
    slots = kept or list(range(first, first + per))
    values, flags = [], []
    for name in factors(made.outlet):
        row = made.values[name]
        values.append(sum(row[k] for k in slots) / len(slots))
        flags.append(flag if name in made.outlet.limits or flag == "F" else "N")
    return values, flags


def _hour_body(
    logger: Logger, made: OutletSignal, hour: int, values: list[float], flags: list[str]
) -> str:
    names = factors(made.outlet)
    by_name = dict(zip(names, values, strict=True))
    parts = []
    for name, code, value, flag in zip(names, logger._names, values, flags, strict=True):
        words = [f"{code}-Avg={shown(name, value)}"]
        if made.outlet.o2_ref is not None and name in made.outlet.limits:
            o2 = float(shown("a19001", by_name["a19001"]))
            whole = (
                float(shown(name, value)) * (21 - made.outlet.o2_ref) / (21 - o2)
                if o2 < 21
                else 9999.99
            )
            words.append(f"{code}-ZsAvg={whole:.3f}")
        if name == "w00000":
            words.append(f"{code}-Cou={float(shown(name, value)) * 3.6:.2f}")
        if made.outlet.kind is OutletKind.WATER and name in made.outlet.limits:
            taken = logger._world.start + hour // 2 * 120
            words.append(f"{code}-SampleTime={digits(taken)}")
        words.append(f"{code}-Flag={flag}")
        parts.append(",".join(words))
    return ";".join(parts)


def _send_settings(logger: Logger, world: World, made: OutletSignal) -> None:
    """The instrument's settings once a day, and when one has changed."""
    now = {"i13007": "1.000", "i13010": "1.000", "i32001": "0"}
    changes = sorted(made.settings)
    for day in range(world.days):
        begun = world.start + day * 1440 + 31
        for minute, name, value in _between(changes, begun - 1440, begun):
            now[name] = value
            body = ";".join(f"{key}-Info={text}" for key, text in sorted(now.items()))
            logger.send("3020", minute, minute + 1, body)
        body = ";".join(f"{key}-Info={text}" for key, text in sorted(now.items()))
        logger.send("3020", begun, begun + 1, body)


def _between(
    changes: list[tuple[int, str, str]], since: int, until: int
) -> Iterator[tuple[int, str, str]]:
    return (change for change in changes if since <= change[0] < until)


def _send_furnace(logger: Logger, world: World, made: OutletSignal) -> None:
    for slot, heat in enumerate(made.values["a01901"]):
        minute = world.start + slot * 5
        flag = made.flags[slot // 2]
        mark = "F" if flag == "F" else "N"
        arrives, is_late = _arrival(made, world, minute + 5)
        body = f"a01901-Avg={heat:.1f},a01901-Flag={mark}"
        logger.send("2111", minute, arrives, body, resent=is_late)
