#!/usr/bin/env python3
# fmt: off
# ruff: noqa: B905, E401, E501, E731, I001, RUF007
"""核验一次随机抽取的公开记录（协议 DR1）。只需 Python 3.8 以上，不引用抽取程序的任何代码。
用法：python3 verify_draw.py record.json [--announcement 公告摘要] [--sealed 密封根] [--real]
两个摘要请从公示页面、日志或签字纸面上抄录。退出码 0 为通过，1 为不通过；规则见 docs/spec/draw.md。"""
import argparse, datetime, functools, hashlib, json, re, sys, unicodedata

HEX, ANY, FULL, ID = "[0-9a-f]{64}", "(?s).*", "(?s).*[^ \u3000].*", "[0-9A-Za-z-]{1,23}"
HEAD, RULE, TIME = (0, HEX), (FULL, 1, 0), "([01][0-9]|2[0-3]):[0-5][0-9]"
OTHERS = {"DR2": "部门联合抽取，请改用 verify_joint.py", "BL1": "人工摇号，请改用 verify_ballot.py"}
ALPHABET = {"d6": "[1-6]", "d10": "[0-9]", "lottery": "[0-9]", "drand": "[0-9a-f]"}
ANNOUNCED = {
    "v": "DR1", "draw": "[\x00-\x7f]*[!-~][\x00-\x7f]*", "hash": "sha256|sm3", "seq": 1,
    "prev": HEX, "roster": HEAD, "inspectors": HEAD, "avoid": HEAD, "team": RULE,
    "joint": (0, 1, RULE), "commits": [(ANY, HEX)],
    "closing_rule": "(d6:25|d10:20|(lottery|drand):[1-9][0-9]{0,2})( .*)?",
    "announced": f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{TIME}:[0-5][0-9][+-]{TIME}"}
RECORD = {
    "roster": [(ID, HEX, FULL, FULL, ANY, [ANY])], "closing": ANY, "seed": HEX, "sealed": HEX,
    "inspectors": [(ID, HEX, FULL, [ANY], [ANY], 0, 0)], "visits": [(ID, [[0]])],
    "reveals": [{"role": ANY, "nonce": "[0-9a-f]{32}", "share": "([0-9a-f]{2}){16,}"}],
    "avoid": [{"row": (f"{ID} {ID}", FULL, "[0-9a-f]{32}"), "index": 0, "path": [HEX]}],
    "substitutions": [(ID, FULL, "[0-9]{4}-[0-9]{2}-[0-9]{2}")]}

class Complaint(ValueError):
    """记录的一处不符，附一句说明。"""
def demand(condition, says):
    if not condition:
        raise Complaint(says)
def rising(texts, where):
    demand(all(a < b for a, b in zip(texts, texts[1:])), f"{where} 应按码点升序且不重复。")
def canon(x):
    return json.dumps(x, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def sm3_plain(data):
    """GB/T 32905-2016，供 Python 所带 OpenSSL 没有 SM3 时使用。"""
    rol = lambda x, n: (x << n % 32 | x >> 32 - n % 32) & 0xFFFFFFFF
    mix = lambda x: x ^ rol(x, 15) ^ rol(x, 23)
    iv = "7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e"
    v = [int(iv[i : i + 8], 16) for i in range(0, 64, 8)]
    data += b"\x80" + bytes((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for at in range(0, len(data), 64):
        w = [int.from_bytes(data[i : i + 4], "big") for i in range(at, at + 64, 4)]
        for _ in range(52):
            w.append(mix(w[-16] ^ w[-9] ^ rol(w[-3], 15)) ^ rol(w[-13], 7) ^ w[-6])
        a, b, c, d, e, f, g, h = v
        for j, t in enumerate([0x79CC4519] * 16 + [0x7A879D8A] * 48):
            ss = rol(rol(a, 12) + e + rol(t, j) & 0xFFFFFFFF, 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else (a & b | a & c | b & c, e & f | ~e & g)
            t1 = ff + d + (ss ^ rol(a, 12)) + (w[j] ^ w[j + 4]) & 0xFFFFFFFF
            t2 = gg + h + ss + w[j] & 0xFFFFFFFF
            t2 ^= rol(t2, 9) ^ rol(t2, 17)
            a, b, c, d, e, f, g, h = t1, a, rol(b, 9), c, t2, e, rol(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)
def sm3(data):
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        return sm3_plain(data)
def clean(x, depth=0):
    """2.1：规范数据只有文字、整数、数组和对象。"""
    demand(depth < 100 and type(x) in (str, int, list, dict), "数据含有不允许的类型或嵌套过深。")
    if isinstance(x, str):
        plain = not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", x)
        demand(plain and unicodedata.normalize("NFC", x) == x, f"文字不规范：{ascii(x)[:60]}。")
    elif isinstance(x, int):
        demand(abs(x) < 2**53, "整数超出范围。")
    else:
        for item in [*x, *x.values()] if isinstance(x, dict) else x:
            clean(item, depth + 1)
        demand(isinstance(x, list) or all(map(str.isascii, x)), "字段名应为 ASCII 文字。")
    return x
def load(path):
    def fields(pairs):
        demand(len(dict(pairs)) == len(pairs), "同一对象中有重复字段。")
        return dict(pairs)
    def number(text):
        demand(re.fullmatch("0|-?[1-9][0-9]{0,16}", text), f"数字 {text[:20]} 不是普通整数。")
        return int(text)
    with open(path, "rb") as file:
        return clean(json.loads(file.read().decode("utf-8"), object_pairs_hook=fields,
                                parse_int=number, parse_float=number, parse_constant=number))

def form(x, shape, where):
    """形状：正则文字、整数下限、[同形数组]、(定长数组)、{恰有的字段}。"""
    if isinstance(shape, str):
        fits = isinstance(x, str) and re.fullmatch(shape, x)
    elif isinstance(shape, int):
        fits = type(x) is int and x >= shape
    elif isinstance(shape, dict):
        fits = isinstance(x, dict) and set(x) == set(shape)
    else:
        fits = isinstance(x, list) and (isinstance(shape, list) or len(x) == len(shape))
    demand(fits, f"{where} 的形式不对：{ascii(x)[:60]}。")
    for k in shape if isinstance(shape, dict) else range(len(x)) if isinstance(x, list) else ():
        form(x[k], shape[0 if isinstance(shape, list) else k], f"{where}[{k}]")

class Draw:
    """由记录逐步重算；step_ 开头的方法各是一步，不符时抛出 Complaint。"""
    def __init__(self, options):
        self.options, self.part, self.visit = options, [], {}
    def step_forms(self):
        """格式"""
        r = self.r = load(self.options.record)
        a = self.a = r.get("announcement") if isinstance(r, dict) else None
        other = OTHERS.get(str(a.get("v"))) if isinstance(a, dict) else None
        demand(not other, f"这份记录是{other}。")
        demand(isinstance(a, dict) and isinstance(a.get("rates"), dict), "缺少公告或抽取比例。")
        head = {**ANNOUNCED, "rates": dict.fromkeys(a["rates"], (0, 1, 0))}
        head.update({"fresh": ANY} if "fresh" in a else {})
        form(r, {**RECORD, "announcement": head, "last": dict.fromkeys(head["rates"], HEX + "|")}, "记录")
        form(list(a["rates"]), [FULL], "层名")
        team, partner, roles = a["team"], a["joint"][2], {role for role, _ in a["commits"]}
        fits = team[2] <= team[1] and partner[2] <= partner[1] and team[0] != partner[0]
        demand(fits, "专长席位多于席位，或联合检查的组织与检查组相同。")
        demand(2 <= len(roles) == len(a["commits"]), "承诺应有两方以上，且各方不重复。")
        kind, count = a["closing_rule"].split(" ")[0].split(":")
        form(r["closing"], f"{ALPHABET[kind]}{{{count}}}", "按收口规则，记录.closing")
        datetime.datetime.fromisoformat(a["announced"])
        [datetime.date.fromisoformat(day) for _, _, day in r["substitutions"]]
    def step_order(self):
        """抽取编号与名册次序"""
        is_test = self.a["draw"].startswith("TEST")
        demand(not (is_test and self.options.real), "演练，不是真实抽取。")
        self.staff, self.rows = self.r["inspectors"], {row[0]: row for row in self.r["roster"]}
        for name, rows, places in ("roster", self.r["roster"], (5,)), ("inspectors", self.staff, (3, 4)):
            rising([row[0] for row in rows], name)
            demand(len({row[1] for row in rows}) == len(rows), f"{name} 的承诺有重复。")
            for row in rows:
                secret = re.fullmatch("[0-9a-f]{22}", row[0])
                demand(not secret or row[1].startswith(row[0]), f"编号 {row[0]} 与其承诺不符。")
                [rising(row[k], f"{row[0]} 的第 {k} 项") for k in places]
        demand({row[2] for row in self.r["roster"]} <= set(self.a["rates"]), "有的层没有抽取比例。")
        rising([entry["row"][0] for entry in self.r["avoid"]], "avoid")
        self.apart, known = set(), {row[0] for row in self.staff}
        for i, entry in enumerate(self.r["avoid"]):
            iid, pid = entry["row"][0].split(" ")
            fits = iid in known and pid in self.rows and entry["index"] == i
            demand(fits, f"回避“{iid} {pid}”不在名册中，或序号不连续。")
            self.apart.add((iid, pid))
        return "演练，不是真实抽取。" if is_test else ""
    def tagged(self, tag, *parts):
        return self.H(tag.encode() + b"\0" + b"".join(len(p).to_bytes(8, "big") + p for p in parts))
    def tree(self, leaves, ways=False):
        """RFC 9162 的根；需要时还有每片叶子自下而上的路径。"""
        if len(leaves) < 2:
            return self.H(b"\0" + leaves[0] if leaves else b""), [[] for _ in leaves]
        half = 1 << (len(leaves) - 1).bit_length() - 1
        (a, left), (b, right) = self.tree(leaves[:half], ways), self.tree(leaves[half:], ways)
        paths = [[*p, b.hex()] for p in left] + [[*p, a.hex()] for p in right] if ways else []
        return self.H(b"\1" + a + b), paths
    @functools.lru_cache(None)  # noqa: B019
    def ticket(self, use, text):
        return self.H((self.keys[use] + text).encode())
    def by_ticket(self, use, pids):
        return sorted(pids, key=lambda pid: (self.ticket(use, pid), pid))
    def step_roots(self):
        """名册、人员、回避与公告的根"""
        self.H = sm3 if self.a["hash"] == "sm3" else lambda data: hashlib.sha256(data).digest()
        lists = self.r["roster"], self.staff, [entry["row"] for entry in self.r["avoid"]]
        for head, rows in zip(("roster", "inspectors", "avoid"), lists):
            root, paths = self.tree([canon(row) for row in rows], head == "avoid")
            demand([len(rows), root.hex()] == self.a[head], f"{head} 的行数或根与公告不符。")
        demand(paths == [entry["path"] for entry in self.r["avoid"]], "回避的路径不符。")
    def step_shares(self):
        """各方份额、承诺与种子"""
        draw, found, shares = self.a["draw"].encode(), [], []
        for x in self.r["reveals"]:
            shares.append(bytes.fromhex(x["share"]))
            parts = x["role"].encode(), bytes.fromhex(x["nonce"]), shares[-1]
            found.append([x["role"], self.tagged("DR1/commit", draw, *parts).hex()])
        demand(found == self.a["commits"], "揭示的份额与公告中的承诺不符。")
        self.digest = self.tagged("DR1/announce", canon(self.a))
        self.seed = self.tagged("DR1/seed", self.digest, self.r["closing"].encode(), *shares)
        demand(self.seed.hex() == self.r["seed"], "种子与公告、收口值和份额不符。")
        self.keys = {use: self.tagged("DR1/key", self.seed, use.encode()).hex()[:32]
                     for use in ("select", "order", "joint", "assign")}
    def step_select(self):
        """重算抽取与联合检查"""
        up = lambda n, num, den, floor=0: min(n, max((n * num + den - 1) // den, floor))
        self.queue = {s: [] for s in self.a["rates"]}
        for pid in self.by_ticket("select", self.rows):
            self.queue[self.rows[pid][2]].append(pid)
        self.used = {s: up(len(self.queue[s]), *rate) for s, rate in self.a["rates"].items()}
        drawn = [pid for s, queue in self.queue.items() for pid in queue[: self.used[s]]]
        self.list = self.by_ticket("order", drawn)
        two = self.by_ticket("joint", [pid for pid in drawn if len(self.rows[pid][5]) > 1])
        self.joint = set(two[: up(len(drawn), *self.a["joint"][:2])])
    def fits(self, p, leaving=None):
        """按抽签号排列的可坐进席位 p 的人；leaving 为让出席位者。"""
        spare, able, expert, team = self.part[p]
        anyone = len(team - expert) < spare or (leaving is not None and leaving not in expert)
        people = [i for i in able if i not in team and (anyone or i in expert)]
        return sorted(people, key=lambda i: (self.ticket("assign", f"{p}.{i}"), i))
    def search(self, level, below=2**53):
        """逐层换位到有余量且少于 below 次者；返回（空出手者，多担一次者）或（None，所及）。"""
        came = dict.fromkeys(level)
        while level:
            found = [i for i in level if self.load[i] < min(self.staff[i][6], below)]
            if found:
                i = chosen = min(found, key=lambda i: self.load[i])
                while came[i]:
                    x, q = came[i]
                    self.part[q][3].symmetric_difference_update((x, i))
                    self.serves[x].remove(q)
                    self.serves[i].add(q)
                    i = x
                return i, chosen
            ways, level = [(x, q) for x in level for q in sorted(self.serves[x])], []
            for x, q in ways:
                new = [j for j in self.fits(q, x) if j not in came and j in self.movable]
                came.update((j, (x, q)) for j in new)
                level += new
        return None, came
    def fill(self, pid):
        (_, _, _, area, specialty, _), self.visit[pid] = self.rows[pid], []
        for org, need, experts in [self.a["team"]] + [self.a["joint"][2]] * (pid in self.joint):
            able = [i for i, (iid, _, own, areas, *_) in enumerate(self.staff)
                    if own == org and area in areas and (iid, pid) not in self.apart]
            expert, p = {i for i in able if specialty in self.staff[i][4]}, len(self.part)
            self.visit[pid].append(set())
            self.part.append((need - experts, able, expert, self.visit[pid][-1]))
            for _ in range(need):
                i, j = self.search(self.fits(p))
                demand(i is not None, f"对象 {pid} 的检查组无人可派，名单不成立。")
                self.load[j] += 1
                self.part[p][3].add(i)
                self.serves[i].add(p)
    def teams(self, pid):
        return [sorted(team) for team in self.visit[pid]]
    def step_teams(self):
        """重算检查组与密封根"""
        self.load, self.serves = [person[5] for person in self.staff], [set() for _ in self.staff]
        self.movable = set(range(len(self.staff)))
        for pid in self.list:
            self.fill(pid)
        self.movable = {i for part in self.part for i in part[1]}
        while self.movable:  # 拉平次数；结束时谁也不再可动，补抽即不换位
            i = min(self.movable, key=lambda i: (-self.load[i], self.ticket("assign", f"level.{i}"), i))
            found, j = self.search([i], self.load[i] - 1)
            if found is None:
                self.movable -= j.keys()
            else:
                self.load[i], self.load[j] = self.load[i] - 1, self.load[j] + 1
        hide = lambda pid: self.tagged("DR1/visit", self.seed, pid.encode()).hex()
        leaves = [canon([j, hide(pid), pid, self.teams(pid)]) for j, pid in enumerate(self.list)]
        demand(self.tree(leaves)[0].hex() == self.r["sealed"], "密封名单的根与重算结果不符。")
    def step_substitutes(self):
        """补抽"""
        for out, _, _ in self.r["substitutions"]:
            demand(out in self.list, f"补抽所替换的 {out} 不在当时的名单中。")
            self.list.remove(out)
            for i in [i for team in self.visit[out] for i in team]:
                self.load[i] -= 1
            s = self.rows[out][2]
            for pid in self.queue[s][self.used[s] : self.used[s] + 1]:
                self.used[s] += 1
                self.list.append(pid)
                self.joint |= {pid} if out in self.joint and len(self.rows[pid][5]) > 1 else set()
                self.fill(pid)
    def step_visits(self):
        """抽中对象、次序、检查组与各层末位抽签号"""
        demand([v[0] for v in self.r["visits"]] == self.list, "抽中对象或检查次序与重算结果不符。")
        for pid, teams in self.r["visits"]:
            demand(self.teams(pid) == teams, f"对象 {pid} 的检查组或联合检查与重算结果不符。")
        for s, k in self.used.items():
            found = self.ticket("select", self.queue[s][k - 1]).hex() if k else ""
            demand(found == self.r["last"][s], f"层“{s}”的末位抽签号与重算结果不符。")
    def step_anchor(self):
        """与公示或纸面核对"""
        ours = {"公告摘要": self.digest.hex(), "密封根": self.r["sealed"]}
        given_two = self.options.announcement, self.options.sealed
        for (name, found), given in zip(ours.items(), given_two):
            same = "".join((given or found).split()).lower() == found
            demand(same, f"给定的{name}与记录不符，记录为 {found}。")
        return "" if all(given_two) else "未锚定，请自行核对" + "，".join(map(" ".join, ours.items()))
class Parser(argparse.ArgumentParser):
    error = lambda self, message: self.exit(1, print(f"用法不对：{message}"))
def main(argv=None):
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    parser = Parser(description="核验一次随机抽取的公开记录（DR1）")
    parser.add_argument("record", help="公开记录文件")
    for name, says in ("--announcement", "公告摘要"), ("--sealed", "密封根"):
        parser.add_argument(name, metavar="HEX", help=f"公示或纸面上的{says}")
    parser.add_argument("--real", action="store_true", help="演练记录一律不通过")
    draw = Draw(parser.parse_args(argv))
    steps = [getattr(draw, name) for name in vars(Draw) if name.startswith("step_")]
    for number, step in enumerate(steps, 1):
        try:
            print(f"第 {number} 步 {step.__doc__}：{step() or '相符。'}")
        except (ValueError, OSError, RecursionError) as error:
            says = error if isinstance(error, Complaint) else f"文件或其中的值读不出（{error}）。"
            print(f"第 {number} 步 {step.__doc__}：不符。{says}\n核验不通过。")
            return 1
    bare = "，但没有锚定：记录自身前后一致，公告摘要和密封根没有与公示或签字纸面核对。"
    return print("核验通过" + ("。" if draw.options.announcement and draw.options.sealed else bare)) or 0
if __name__ == "__main__":
    sys.exit(main())
