#!/usr/bin/env python3
"""独立核验程序：按 DR1 协议重算一份公开抽取记录，逐步报告是否相符。

用法：python3 verify_draw.py 记录.json [--announcement 十六进制] [--sealed 十六进制] [--real]
只用 Python 标准库（3.8 以上），不联网，不写文件。全部相符退出码为 0，否则为 1。
公告摘要和密封根请从公示页面、日志或签字纸面抄录；不给出时只能证明记录自身前后一致。
协议全文见 docs/spec/draw.md。本程序与系统本身的代码互不引用，是第二份独立实现。
"""

import argparse
import datetime
import hashlib
import json
import re
import struct
import sys
import unicodedata


class Wrong(Exception):
    """One sentence that says what does not hold."""


def must(holds, sentence):
    if not holds:
        raise Wrong(sentence)


# ---- digests


def rol(x, n):
    return ((x << n % 32) | (x >> (32 - n % 32))) & 0xFFFFFFFF


def sm3_plain(message):
    """SM3 of GB/T 32905-2016, step by step, for a Python whose OpenSSL leaves it out."""
    state = list(struct.unpack(">8I", bytes.fromhex(
        "7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e")))  # fmt: skip
    size = struct.pack(">Q", len(message) * 8)
    stream = message + b"\x80" + bytes((55 - len(message)) % 64) + size
    for at in range(0, len(stream), 64):
        w = list(struct.unpack(">16I", stream[at : at + 64]))
        for _ in range(52):
            x = w[-16] ^ w[-9] ^ rol(w[-3], 15)
            w.append(x ^ rol(x, 15) ^ rol(x, 23) ^ rol(w[-13], 7) ^ w[-6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            early = j < 16
            s = rol(rol(a, 12) + e + rol(0x79CC4519 if early else 0x7A879D8A, j) & 0xFFFFFFFF, 7)
            u = (a ^ b ^ c) if early else (a & b | a & c | b & c)
            v = (e ^ f ^ g) if early else (e & f | ~e & 0xFFFFFFFF & g)
            t = u + d + (s ^ rol(a, 12)) + (w[j] ^ w[j + 4]) & 0xFFFFFFFF
            p = v + h + s + w[j] & 0xFFFFFFFF
            a, b, c, d, e, f, g, h = (
                t, a, rol(b, 9), c, p ^ rol(p, 9) ^ rol(p, 17), e, rol(f, 19), g)  # fmt: skip
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905
    return struct.pack(">8I", *state)


def sm3(message):
    try:
        return hashlib.new("sm3", message).digest()
    except ValueError:
        return sm3_plain(message)


HASH = {"sha256": lambda message: hashlib.sha256(message).digest(), "sm3": sm3}


def canon(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def tagged(h, tag, *parts):
    return h(tag.encode() + b"\0" + b"".join(struct.pack(">Q", len(p)) + p for p in parts))


def tree(h, leaves):
    """RFC 9162 root, by the recursive definition."""
    if len(leaves) < 2:
        return h(b"\0" + leaves[0]) if leaves else h(b"")
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return h(b"\1" + tree(h, leaves[:k]) + tree(h, leaves[k:]))


def trail(h, leaves, i):
    """The inclusion path of leaf i, from the leaf upwards."""
    if len(leaves) < 2:
        return []
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    if i < k:
        return [*trail(h, leaves[:k], i), tree(h, leaves[k:]).hex()]
    return [*trail(h, leaves[k:], i - k), tree(h, leaves[:k]).hex()]


# ---- reading and form: a shape is a pattern (text), a number (least integer), [shape] (list),
# ---- (shape, …) (list of that length), {name: shape} (object) or {None: shape} (any keys)

TEXT, WORDS = re.compile(r"(?s).*"), re.compile(r"(?s).*[^ \u3000].*")
HEX64, HEX32 = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{32}")
ID, DAY = re.compile("[0-9A-Za-z-]{1,23}"), re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
TIME = re.compile(DAY.pattern + "T" + CLOCK + ":[0-5][0-9][+-]" + CLOCK)
RULE = re.compile(r"(d6:25|d10:20|(lottery|drand):[1-9][0-9]{0,2})( .*)?", re.S)
DIGITS = {"d6": "[1-6]", "d10": "[0-9]", "lottery": "[0-9]", "drand": "[0-9a-f]"}
SEATS = (WORDS, 1, 0)
ANNOUNCEMENT = {
    "v": re.compile("DR1"), "draw": re.compile("[ -~]*[!-~][ -~]*"),
    "hash": re.compile("sha256|sm3"), "seq": 1, "prev": HEX64, "roster": (0, HEX64),
    "inspectors": (0, HEX64), "avoid": (0, HEX64), "rates": {None: (0, 1, 0)}, "team": SEATS,
    "joint": (0, 1, SEATS), "commits": [(TEXT, HEX64)], "closing_rule": RULE, "announced": TIME,
}  # fmt: skip
RECORD = {
    "announcement": ANNOUNCEMENT, "roster": [(ID, HEX64, WORDS, WORDS, TEXT, [TEXT])],
    "inspectors": [(ID, HEX64, WORDS, [TEXT], [TEXT], 0, 0)],
    "reveals": [{"role": TEXT, "nonce": HEX32, "share": re.compile("([0-9a-f]{2}){16,}")}],
    "closing": TEXT, "seed": HEX64, "substitutions": [(ID, WORDS, DAY)],
    "avoid": [{"row": (TEXT, WORDS, HEX32), "index": 0, "path": [HEX64]}],
    "visits": [(ID, [[0]])], "sealed": HEX64, "last": {None: TEXT},
}  # fmt: skip


def is_clean(text):
    """NFC, and neither control characters nor lone surrogates."""
    bad = re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", text)
    return not bad and unicodedata.normalize("NFC", text) == text


def fits(value, shape, at):
    if isinstance(shape, re.Pattern):
        good = isinstance(value, str) and is_clean(value) and shape.fullmatch(value)
        must(good, f"{at} 的文字不合格式。")
    elif isinstance(shape, int):
        good = type(value) is int and shape <= value < 2**53
        must(good, f"{at} 应为不小于 {shape} 的整数。")
    elif isinstance(shape, dict):
        good = isinstance(value, dict) and (None in shape or set(value) == set(shape))
        must(good, f"{at} 应为对象，字段不缺不多。")
        for key, item in value.items():
            must(key.isascii() and is_clean(key), f"{at} 的键应为 ASCII 文字。")
            fits(item, shape[None] if None in shape else shape[key], f"{at}.{key}")
    else:
        is_row = isinstance(shape, tuple)
        good = isinstance(value, list) and (not is_row or len(value) == len(shape))
        must(good, f"{at} 应为数组，项数不缺不多。")
        for n, item in enumerate(value):
            fits(item, shape[n] if is_row else shape[0], f"{at}[{n}]")


def whole(text):
    must(re.fullmatch("0|-?[1-9][0-9]{0,15}", text), "文件中有不是普通整数的数字。")
    return int(text)


def unique(pairs):
    must(len(dict(pairs)) == len(pairs), "文件中同一对象有重复的键。")
    return dict(pairs)


def rising(keys, what):
    must(keys == sorted(set(keys)), f"{what}应按码点升序且不重复。")


def read(raw):
    try:
        record = json.loads(raw.decode("utf-8"), object_pairs_hook=unique, parse_int=whole,
                            parse_float=whole, parse_constant=whole)  # fmt: skip
    except (ValueError, RecursionError):
        raise Wrong("文件不是 UTF-8 编码的 JSON，请重新下载。") from None
    a = record.get("announcement") if isinstance(record, dict) else None
    extra = {"fresh": TEXT} if isinstance(a, dict) and "fresh" in a else {}
    fits(record, {**RECORD, "announcement": {**ANNOUNCEMENT, **extra}}, "记录")
    check_announcement(a)
    check_lists(record, a)
    kind, size = a["closing_rule"].split(" ")[0].split(":")
    must(re.fullmatch(DIGITS[kind] + "{" + size + "}", record["closing"]), "收口值不合收口规则。")
    for n, (_, _, day) in enumerate(record["substitutions"]):
        existing(datetime.date, day, f"第 {n + 1} 次补抽的日期")
    must(set(record["last"]) == set(a["rates"]), "末位抽签号的层与公告不符。")
    must(all(t == "" or HEX64.fullmatch(t) for t in record["last"].values()), "抽签号格式不对。")
    return record, a


def existing(kind, text, what):
    try:
        kind.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{what}“{text}”不存在。") from None


def check_announcement(a):
    roles = [role for role, _ in a["commits"]]
    must(len(roles) >= 2 and len(set(roles)) == len(roles), "承诺至少两方，且不得重复。")
    must(all(WORDS.fullmatch(stratum) for stratum in a["rates"]), "层的名称不得为空。")
    for org, seats, experts in (a["team"], a["joint"][2]):
        must(experts <= seats, f"{org} 的专长席位多于席位。")
    must(a["team"][0] != a["joint"][2][0], "联合检查的组织应与检查组不同。")
    existing(datetime.datetime, a["announced"], "公告时间")


def check_lists(record, a):
    for name, rows in (("名录", record["roster"]), ("人员表", record["inspectors"])):
        rising([row[0] for row in rows], name)
        must(len({row[1] for row in rows}) == len(rows), f"{name}中的承诺不得重复。")
        for row in rows:
            fits_own = row[1][:22] == row[0] or not re.fullmatch("[0-9a-f]{22}", row[0])
            must(fits_own, f"{name}编号 {row[0]} 与其承诺不符。")
    for row in record["roster"]:
        rising(row[5], f"{row[0]} 的事项")
        must(row[2] in a["rates"], f"层“{row[2]}”没有公告抽取比例。")
    for row in record["inspectors"]:
        rising(row[3], f"{row[0]} 的片区")
        rising(row[4], f"{row[0]} 的专长")
    pids, iids = ({r[0] for r in record[name]} for name in ("roster", "inspectors"))
    rising([entry["row"][0] for entry in record["avoid"]], "回避表")
    for n, entry in enumerate(record["avoid"]):
        iid, _, pid = entry["row"][0].partition(" ")
        must(entry["index"] == n and iid in iids and pid in pids, f"第 {n} 条回避有误。")


# ---- teams


class Seating:
    """Loads and teams while they grow; a part is (seats, experts, eligible, expert set)."""

    def __init__(self, ticket, people):
        self.ticket, self.parts, self.teams = ticket, [], []
        self.load, self.cap = [p[5] for p in people], [p[6] for p in people]

    def sorted_for(self, p, people):
        return sorted(people, key=lambda i: (self.ticket(f"{p}.{i}"), i))

    def allowed(self, p, leaver=None):
        """Who may join part p, or take the place of a leaver: its expert seats stay kept."""
        seats, experts, eligible, skilled = self.parts[p]
        laymen = [i for i in self.teams[p] if i not in skilled]
        anybody = len(laymen) < seats - experts or leaver in laymen
        return [i for i in eligible if i not in self.teams[p] and (anybody or i in skilled)]

    def chain(self, level, most, shut=()):
        """(who has room and at most so much load, who came whence): along handed-on places."""
        whence = dict.fromkeys(level)
        while level:
            goals = [i for i in level if self.load[i] <= most and self.has_room(i)]
            if goals:
                return min(goals, key=lambda i: self.load[i]), whence
            reached = []
            for x in level:
                for q in (q for q, team in enumerate(self.teams) if x in team):
                    ask = [j for j in self.allowed(q, x) if j not in whence and j not in shut]
                    reached += self.sorted_for(q, ask)
                    whence.update(dict.fromkeys(ask, (x, q)))
            level = reached
        return None, whence

    def hand_on(self, end, whence):
        while whence[end]:
            giver, q = whence[end]
            self.teams[q] = [end if i == giver else i for i in self.teams[q]]
            end = giver
        return end

    def has_room(self, i):
        return self.load[i] < self.cap[i]

    def fill(self, part, swaps):
        p = len(self.parts)
        self.parts.append(part)
        self.teams.append([])
        for _ in range(part[0]):
            row = self.sorted_for(p, self.allowed(p))
            free = [i for i in row if self.has_room(i)]
            end, whence = min(free, key=lambda i: self.load[i], default=None), {}
            if end is None and swaps:
                end, whence = self.chain(row, max(self.load, default=0))
            must(end is not None, f"第 {p} 个检查组部分无人可派，记录无效。")
            self.load[end] += 1
            self.teams[p].append(self.hand_on(end, whence) if whence else end)

    def level(self):
        waiting = {i for part in self.parts for i in part[2]}
        rank = {i: (self.ticket(f"level.{i}"), i) for i in waiting}
        shut = set()
        while waiting - shut:
            top = min(waiting - shut, key=lambda i: (-self.load[i], rank[i]))
            end, whence = self.chain([top], self.load[top] - 2, shut)
            if end is None:
                shut |= set(whence)
            else:
                self.hand_on(end, whence)
                self.load[end] += 1
                self.load[top] -= 1


# ---- the draw


def parts_of(record, a, row, is_joint):
    barred = {entry["row"][0] for entry in record["avoid"]}
    found = []
    for org, seats, experts in [a["team"], a["joint"][2]][: 1 + is_joint]:
        who = [i for i, p in enumerate(record["inspectors"])
               if p[2] == org and row[3] in p[3] and f"{p[0]} {row[0]}" not in barred]  # fmt: skip
        skilled = {i for i in who if row[4] in record["inspectors"][i][4]}
        found.append((seats, experts, who, skilled))
    return found


def redraw(record, a):
    """Everything the seed decides: [(pid, part numbers)] at first and now, teams, last tickets."""
    h, seed = HASH[a["hash"]], bytes.fromhex(record["seed"])
    keys = {p: tagged(h, "DR1/key", seed, p.encode()).hex()[:32]
            for p in ("select", "order", "joint", "assign")}  # fmt: skip
    ticket = lambda purpose, text: h((keys[purpose] + text).encode())  # noqa: E731
    rows = {row[0]: row for row in record["roster"]}
    queues, last, drawn = {}, {}, []
    for stratum, (num, den, floor) in a["rates"].items():
        line = sorted((ticket("select", pid), pid) for pid in rows if rows[pid][2] == stratum)
        k = min(len(line), max((len(line) * num + den - 1) // den, floor))
        drawn += [pid for _, pid in line[:k]]
        queues[stratum], last[stratum] = line[k:], line[k - 1][0].hex() if k else ""
    drawn.sort(key=lambda pid: (ticket("order", pid), pid))
    num, den, _ = a["joint"]
    able = sorted((ticket("joint", pid), pid) for pid in drawn if len(rows[pid][5]) > 1)
    joint = {pid for _, pid in able[: (len(drawn) * num + den - 1) // den]}
    seating = Seating(lambda text: ticket("assign", text), record["inspectors"])

    def seat(pid, swaps):
        start = len(seating.parts)
        for part in parts_of(record, a, rows[pid], pid in joint):
            seating.fill(part, swaps)
        return pid, range(start, len(seating.parts))

    def shown():
        return [[pid, [sorted(seating.teams[p]) for p in numbers]] for pid, numbers in now]

    now = [seat(pid, swaps=True) for pid in drawn]
    seating.level()
    sealed = tree(h, [canon([j, tagged(h, "DR1/visit", seed, v[0].encode()).hex(), *v])
                      for j, v in enumerate(shown())])  # fmt: skip
    for out, _, _ in record["substitutions"]:
        gone = next((visit for visit in now if visit[0] == out), None)
        must(gone, f"补抽的 {out} 不在当时的名单中。")
        now.remove(gone)
        for i in (i for p in gone[1] for i in seating.teams[p]):
            seating.load[i] -= 1
        stratum = rows[out][2]
        if queues[stratum]:
            number, pid = queues[stratum].pop(0)
            last[stratum] = number.hex()
            joint |= {pid} if out in joint and len(rows[pid][5]) > 1 else set()
            now.append(seat(pid, swaps=False))
    return shown(), sealed.hex(), last


# ---- the steps

NAMES = ("读取与格式", "抽取编号", "名录、人员、回避的根", "回避的路径", "各方份额与承诺",
         "收口值与种子", "按种子重算", "抽中对象与次序", "联合检查", "检查组", "密封名单的根",
         "各层末位抽签号", "锚定")  # fmt: skip


def roots_and_shares(record, a):
    h, avoid = HASH[a["hash"]], [canon(entry["row"]) for entry in record["avoid"]]
    lists = {name: [canon(row) for row in record[name]] for name in ("roster", "inspectors")}
    for name, leaves in {**lists, "avoid": avoid}.items():
        must(a[name] == [len(leaves), tree(h, leaves).hex()], f"{name} 与公告的行数和根不符。")
    yield ""
    for n, entry in enumerate(record["avoid"]):
        must(entry["path"] == trail(h, avoid, n), f"第 {n} 条回避的路径不符。")
    yield ""
    shares, found = [], []
    for one in record["reveals"]:
        nonce, share = bytes.fromhex(one["nonce"]), bytes.fromhex(one["share"])
        c = tagged(h, "DR1/commit", a["draw"].encode(), one["role"].encode(), nonce, share)
        shares.append(share)
        found.append([one["role"], c.hex()])
    must(found == a["commits"], "揭示的份额与公告中的承诺不符。")
    yield ""
    seed = tagged(h, "DR1/seed", announced(a), record["closing"].encode(), *shares).hex()
    must(seed == record["seed"], "种子与公告、收口值和各方份额不符。")
    yield ""


def results(record, a):
    visits, sealed, last = redraw(record, a)
    yield ""
    pids, said = [pid for pid, _ in visits], [pid for pid, _ in record["visits"]]
    must(sorted(pids) == sorted(said), "抽中对象与按抽签号重算的不符。")
    must(pids == said, "检查次序与重算的不符。")
    yield f"共 {len(pids)} 家。"
    pairs = list(zip(visits, record["visits"]))  # noqa: B905
    for own, given in pairs:
        must(len(own[1]) == len(given[1]), f"{own[0]} 是否联合检查与重算的不符。")
    yield ""
    for own, given in pairs:
        must(own == given, f"{own[0]} 的检查组与重算的不符。")
    yield ""
    must(sealed == record["sealed"], "密封根与重算的不符。")
    yield ""
    must(last == record["last"], "末位抽签号与重算的不符。")
    yield ""


def announced(a):
    return tagged(HASH[a["hash"]], "DR1/announce", canon(a))


def steps(path, said, is_real):
    """Yields a note after each step that holds; Wrong is raised by the one that fails."""
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except (OSError, ValueError):
        raise Wrong(f"读不到文件 {path}。") from None
    record, a = read(raw)
    yield ""
    is_test = a["draw"].startswith("TEST")
    must(not (is_test and is_real), "演练，不是真实抽取。")
    yield "演练，不是真实抽取。" if is_test else ""
    yield from roots_and_shares(record, a)
    yield from results(record, a)
    found = (announced(a).hex(), record["sealed"])
    for name, given, own in zip(("公告摘要", "密封根"), said, found):  # noqa: B905
        must(given in (None, own), f"{name}应为 {given}，记录算得 {own}。")
    if all(said):
        yield "公告摘要、密封根与所给一致。"
    yield f"未锚定。请与公示或纸面核对：\n    公告摘要 {found[0]}\n    密封根   {found[1]}"


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"用法不对：{message}")
        sys.exit(1)


def main(arguments):
    parser = Parser(description="重算一份公开抽取记录并逐步核对。")
    parser.add_argument("record", help="公开抽取记录（JSON 文件）")
    parser.add_argument("--announcement", metavar="HEX", help="公示或纸面上的公告摘要")
    parser.add_argument("--sealed", metavar="HEX", help="公示或纸面上的密封根")
    parser.add_argument("--real", action="store_true", help="不接受演练")
    args = parser.parse_args(arguments)
    said = [text and "".join(text.split()).lower() for text in (args.announcement, args.sealed)]
    running = steps(args.record, said, args.real)
    for number, name in enumerate(NAMES, 1):
        try:
            print(f"第 {number} 步 {name}：相符。{next(running)}")
        except Wrong as wrong:
            print(f"第 {number} 步 {name}：不符。{wrong}\n核验不通过。")
            return 1
    print("核验通过。")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
