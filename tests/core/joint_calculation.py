"""DR2 computed a second time, from its text alone: nothing of the product is called here.

`python -m tests.core.joint_calculation` writes the published vectors anew.
"""

import json
import random
from hashlib import new, sha256
from itertools import pairwise
from pathlib import Path

SPEC = Path(__file__).resolve().parents[2] / "docs" / "spec" / "draw2.vectors.json"
CLOSING = "6241356214532614536214362"
SHARES = (
    ("现场监督", "00" * 15 + "01", "五方到场第一份随机文字"),
    ("配合部门监督", "00" * 15 + "02", "五方到场第二份随机文字"),
    ("系统", "00" * 15 + "03", "00112233445566778899aabbccddeeff"),
)


def digest(profile):
    return (
        (lambda data: sha256(data).digest())
        if profile == "sha256"
        else (lambda data: new("sm3", data).digest())
    )


def written(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def tagged(h, tag, *parts):
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return h(tag.encode() + b"\0" + framed)


def tree(h, leaves):
    """Root and the paths of all leaves, level by level (RFC 9162 read from below)."""
    if not leaves:
        return h(b""), []
    nodes = [(h(b"\0" + leaf), [i]) for i, leaf in enumerate(leaves)]
    paths = [[] for _ in leaves]
    while len(nodes) > 1:
        joined = []
        for left, right in zip(nodes[::2], nodes[1::2], strict=False):
            for i in left[1]:
                paths[i].append(right[0].hex())
            for i in right[1]:
                paths[i].append(left[0].hex())
            joined.append((h(b"\1" + left[0] + right[0]), left[1] + right[1]))
        nodes = joined + nodes[len(joined) * 2 :]
    return nodes[0][0], paths


class People:
    """The people of one department being seated: section 4 of DR1, written as plain loops."""

    def __init__(self, h, key, people):
        self.h, self.key, self.people = h, key, people
        self.load = [person[5] for person in people]
        self.team, self.rule = [], []

    def ticket(self, text):
        return self.h((self.key + text).encode())

    def add(self, able, expert, need, experts):
        self.team.append([])
        self.rule.append((set(able), set(expert), need - experts))

    def free(self, i):
        return self.load[i] < self.people[i][6]

    def line(self, p, leaving=None):
        """Who may come into part p, in order of tickets."""
        able, expert, plain = self.rule[p]
        laymen = len([i for i in self.team[p] if i not in expert])
        open_to_all = laymen < plain or (leaving is not None and leaving not in expert)
        who = [i for i in able - set(self.team[p]) if open_to_all or i in expert]
        return sorted(who, key=lambda i: (self.ticket(f"{p}.{i}"), i))

    def chain(self, first, good, shut=frozenset()):
        """The chain of hand-overs that ends with somebody good, or everybody reached."""
        roads = [[(i, None)] for i in first]
        seen = set(first)
        while roads:
            ends = [road for road in roads if good(road[-1][0])]
            if ends:
                return min(ends, key=lambda road: self.load[road[-1][0]]), seen
            further = []
            for road in roads:
                x = road[-1][0]
                for q in [q for q, team in enumerate(self.team) if x in team]:
                    for j in self.line(q, x):
                        if j not in seen and j not in shut:
                            seen.add(j)
                            further.append([*road, (j, q)])
            roads = further
        return None, seen

    def hand_over(self, road):
        for (x, _), (j, q) in reversed(list(pairwise(road))):
            self.team[q][self.team[q].index(x)] = j
        return road[0][0]

    def seat(self, p):
        road, _ = self.chain(self.line(p), self.free)
        if road is None:
            raise ValueError("nobody")
        last = road[-1][0]
        self.team[p].append(self.hand_over(road))
        self.load[last] += 1

    def seat_late(self, p):
        who = [i for i in self.line(p) if self.free(i)]
        if not who:
            raise ValueError("nobody")
        chosen = min(who, key=lambda i: self.load[i])
        self.team[p].append(chosen)
        self.load[chosen] += 1

    def level(self):
        still = {i for able, _, _ in self.rule for i in able}
        shut = set()
        while still:
            i = min(still, key=lambda i: (-self.load[i], self.ticket(f"level.{i}"), i))
            most = self.load[i] - 2
            road, seen = self.chain(
                [i], lambda j, most=most: self.load[j] <= most and self.free(j), frozenset(shut)
            )
            if road is None:
                shut |= seen
                still -= seen
            else:
                last = road[-1][0]
                self.hand_over(road)
                self.load[i] -= 1
                self.load[last] += 1


class Calculation:
    """One draw, step by step as the text has it."""

    def __init__(self, announced, departments, shares, closing):
        self.h, self.announced, self.departments = digest(announced["hash"]), announced, departments
        self.shares, self.closing = shares, closing
        self.codes = [own["dept"] for own in announced["departments"]]

    def key(self, purpose):
        return tagged(self.h, "DR2/key", self.seed, purpose.encode()).hex()[:32]

    def ticket(self, purpose, text):
        return self.h((self.key(purpose) + text).encode())

    def line(self, purpose, pids):
        return sorted(pids, key=lambda pid: (self.ticket(purpose, pid), pid))

    def announce(self):
        for own, lists in zip(self.announced["departments"], self.departments, strict=True):
            for name in ("roster", "inspectors", "avoid"):
                root, _ = tree(self.h, [written(row) for row in lists[name]])
                own[name] = [len(lists[name]), root.hex()]
        about = self.announced["draw"].encode()
        self.announced["commits"] = [
            [role, self.promise(about, role, nonce, share)] for role, nonce, share in self.shares
        ]
        self.mark = tagged(self.h, "DR2/announce", written(self.announced))
        shares = [share.encode() for _, _, share in self.shares]
        self.seed = tagged(self.h, "DR2/seed", self.mark, self.closing.encode(), *shares)

    def promise(self, about, role, nonce, share):
        parts = about, role.encode(), bytes.fromhex(nonce), share.encode()
        return tagged(self.h, "DR2/commit", *parts).hex()

    def select(self):
        self.queues, self.used, self.drawn = [], [], []
        for own, lists in zip(self.announced["departments"], self.departments, strict=True):
            queue, count = {}, {}
            for s, (num, den, floor) in own["rates"].items():
                queue[s] = self.line("select", [r[0] for r in lists["roster"] if r[2] == s])
                n = len(queue[s])
                count[s] = min(n, max((n * num + den - 1) // den, floor))
            self.queues.append(queue)
            self.used.append(count)
            self.drawn.append({pid for s in queue for pid in queue[s][: count[s]]})
        self.order = self.line("order", set().union(*self.drawn))

    def seat(self):
        self.seats, self.places, self.rows, self.barred = [], [], [], []
        for d, (own, lists) in enumerate(
            zip(self.announced["departments"], self.departments, strict=True)
        ):
            self.seats.append(
                People(self.h, self.key(f"assign.{self.codes[d]}"), lists["inspectors"])
            )
            self.rows.append({row[0]: row for row in lists["roster"]})
            self.barred.append({row[0] for row in lists["avoid"]})
            self.places.append({})
            for pid in [pid for pid in self.order if pid in self.drawn[d]]:
                self.add(d, pid)
            for p in range(len(self.seats[d].team)):
                for _ in range(own["team"][1]):
                    self.seats[d].seat(p)
            self.seats[d].level()
        self.where = {p: [d for d, own in enumerate(self.places) if p in own] for p in self.order}

    def add(self, d, pid):
        own, row = self.announced["departments"][d], self.rows[d][pid]
        self.places[d][pid] = len(self.seats[d].team)
        add(self.seats[d], own, row, self.barred[d])

    def listed(self):
        return [
            [pid, [[d, sorted(self.seats[d].team[self.places[d][pid]])] for d in self.where[pid]]]
            for pid in self.order
        ]

    def sealed(self):
        hidden = [tagged(self.h, "DR2/visit", self.seed, pid.encode()).hex() for pid in self.order]
        rows = zip(hidden, self.listed(), strict=True)
        leaves = [written([j, mark, pid, parts]) for j, (mark, (pid, parts)) in enumerate(rows)]
        return tree(self.h, leaves)[0].hex()

    def excuse(self, out, gone):
        had = self.where.pop(out)
        self.order.remove(out)
        for d in had:
            for i in self.seats[d].team[self.places[d][out]]:
                self.seats[d].load[i] -= 1
        for d in had:
            pid = self.following(d, self.rows[d][out][2], gone)
            if pid is not None:
                self.join(d, pid)

    def following(self, d, s, gone):
        while self.used[d][s] < len(self.queues[d][s]):
            pid = self.queues[d][s][self.used[d][s]]
            self.used[d][s] += 1
            if pid not in gone:
                return pid
        return None

    def join(self, d, pid):
        self.add(d, pid)
        for _ in range(self.announced["departments"][d]["team"][1]):
            self.seats[d].seat_late(self.places[d][pid])
        if pid not in self.where:
            self.where[pid] = []
            self.order.append(pid)
        self.where[pid] = sorted([*self.where[pid], d])

    def last(self):
        return [
            {
                s: self.ticket("select", self.queues[d][s][k - 1]).hex() if k else ""
                for s, k in used.items()
            }
            for d, used in enumerate(self.used)
        ]


def whole(announced, departments, shares, closing, outs=()):
    """The record and the values on the way to it."""
    made = Calculation(announced, departments, shares, closing)
    made.announce()
    made.select()
    made.seat()
    first, sealed, gone = made.listed(), made.sealed(), set()
    for out, _, _ in outs:
        gone.add(out)
        made.excuse(out, gone)
    record = {
        "announcement": announced,
        "departments": [with_paths(made.h, lists) for lists in departments],
        "reveals": [
            {"role": role, "nonce": nonce, "share": share.encode().hex()}
            for role, nonce, share in shares
        ],
        "closing": closing,
        "seed": made.seed.hex(),
        "substitutions": [list(one) for one in outs],
        "visits": made.listed(),
        "sealed": sealed,
        "last": made.last(),
    }
    names = ("roster", "inspectors", "avoid")
    values = {
        "announcement": made.mark.hex(),
        "seed": made.seed.hex(),
        "key_select": made.key("select"),
        "key_order": made.key("order"),
        "key_assign": [made.key(f"assign.{code}") for code in made.codes],
        "heads": [[own[name] for name in names] for own in announced["departments"]],
        "first_visits": first,
        "sealed": sealed,
        "record": made.h(written(record)).hex(),
    }
    return record, values


def with_paths(h, lists):
    paths = tree(h, [written(row) for row in lists["avoid"]])[1]
    avoid = [
        {"row": row, "index": i, "path": path}
        for i, (row, path) in enumerate(zip(lists["avoid"], paths, strict=True))
    ]
    return {"roster": lists["roster"], "inspectors": lists["inspectors"], "avoid": avoid}


def add(people, own, row, barred):
    org, need, experts = own["team"]
    able = [
        i
        for i, person in enumerate(people.people)
        if person[2] == org and row[3] in person[3] and f"{person[0]} {row[0]}" not in barred
    ]
    expert = [i for i in able if row[4] in people.people[i][4]]
    people.add(able, expert, need, experts)


def example(profile, outs=2):
    """Three departments over thirty sites: shared ones, own ones, other strata, other sizes."""
    h, chance = digest(profile), random.Random(2)
    named = lambda kind, name: tagged(h, f"DR1/{kind}", bytes(16), written({"name": name})).hex()  # noqa: E731
    sites = [named("object", f"虚构企业{i:02}") for i in range(30)]
    shape = [
        ("990173", range(24), ("key", "general"), [3, 6, 0], 2, 1, "执法大队"),
        ("990180", range(6, 30), ("A", "B", "C"), [1, 4, 1], 1, 0, "市场监管"),
        ("990181", range(10, 20), ("fire",), [2, 10, 0], 1, 0, "应急管理"),
    ]
    departments, announced = [], []
    for dept, part, strata, rate, need, experts, org in shape:
        roster = sorted(
            [
                sites[i][:22], sites[i], strata[chance.randrange(len(strata))],
                chance.choice(["东片", "西片"]), chance.choice(["air", "water"]),
                sorted(chance.sample(["A01", "A02", "A03"], chance.randrange(3))),
            ]
            for i in part
        )  # fmt: skip
        people = []
        for i in range(7):
            c = named("inspector", f"{org}检查员{i}")
            areas = ["东片", "西片"] if i % 3 else ["东片"]
            trades = [["air", "water"], ["air"], ["water"]][i % 3]
            people.append([c[:22], c, org, sorted(areas), trades, i % 2, 20])
        people.sort()
        avoid = sorted([f"{people[k][0]} {roster[3 * k][0]}", "kin", f"{k:032x}"] for k in range(2))
        departments.append({"roster": roster, "inspectors": people, "avoid": avoid})
        rates = dict.fromkeys(strata, rate)
        announced.append({"dept": dept, "rates": rates, "team": [org, need, experts]})
    announcement = {
        "v": "DR2", "draw": "D2026Q4-LH1", "hash": profile, "seq": 7, "prev": "0" * 64,
        "departments": announced, "closing_rule": "d6:25 当众掷骰", "announced":
        "2026-10-12T09:00:00+08:00",
    }  # fmt: skip
    announcement["commits"] = []
    record, _ = whole(json.loads(json.dumps(announcement)), departments, SHARES, CLOSING)
    gone = [[visit[0], "已注销", "2026-10-20"] for visit in record["visits"][: 2 * outs : 2]]
    return whole(announcement, departments, SHARES, CLOSING, gone)


def vectors():
    found = {}
    for profile in ("sha256", "sm3"):
        record, values = example(profile)
        found[profile] = {"values": values, "record": record}
    return found


def published(found):
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    SPEC.write_text(published(vectors()), "utf-8")
