"""A draw made by a stranger: written from `docs/spec/draw.md` alone, with nothing of the project.

It knows neither the core nor the verifier, shares no line with them, and makes the record from
what decides it, where the verifier only judges one. Sections of the specification are named.
"""

import hashlib
import json

CHOSEN = ("announcement", "roster", "inspectors", "reveals", "closing", "substitutions")


class Hopeless(Exception):
    """No lawful teams exist, or a substitute finds nobody with room."""


def text_of(value):  # §2.1
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Bytes:  # §2.1
    def __init__(self, name):
        self.name = name

    def h(self, data):
        return hashlib.new(self.name, data).digest()

    def tagged(self, tag, *parts):
        lengths = [len(part).to_bytes(8, "big") + part for part in parts]
        return self.h(tag.encode() + b"\0" + b"".join(lengths))

    def levels(self, rows):
        """The tree from its leaves up; a node without a neighbour rises as it is."""
        level = [self.h(b"\0" + row) for row in rows]
        yield level
        while len(level) > 1:
            twos = [level[n : n + 2] for n in range(0, len(level), 2)]
            level = [self.h(b"\1" + two[0] + two[1]) if two[1:] else two[0] for two in twos]
            yield level

    def root(self, rows):
        return [*self.levels(rows)][-1][0] if rows else self.h(b"")

    def path(self, rows, n):
        found = []
        for level in self.levels(rows):
            if n ^ 1 < len(level):
                found.append(level[n ^ 1].hex())
            n //= 2
        return found


class Teams:  # §4
    def __init__(self, people, ticket):
        self.people, self.ticket, self.parts = people, ticket, []
        self.load = [person[5] for person in people]

    def add(self, need, experts, may, expert):
        self.parts.append(
            {"need": need, "plain": need - experts, "may": may, "x": expert, "in": []}
        )
        return len(self.parts) - 1

    def by_ticket(self, p, who):
        return sorted(who, key=lambda i: (self.ticket("assign", f"{p}.{i}"), i))

    def has_room(self, i):
        return self.load[i] < self.people[i][6]

    def takes_plain(self, part):
        return sum(i not in part["x"] for i in part["in"]) < part["plain"]

    def sitters(self, p):
        part = self.parts[p]
        return [
            i
            for i in self.by_ticket(p, part["may"])
            if i not in part["in"] and (i in part["x"] or self.takes_plain(part))
        ]

    def sit(self, p, i):
        self.parts[p]["in"].append(i)
        self.load[i] += 1

    def fill(self, p, may_move=True):
        while len(self.parts[p]["in"]) < self.parts[p]["need"]:
            level = self.sitters(p)
            free = [i for i in level if self.has_room(i)]
            if free:
                self.sit(p, min(free, key=lambda i: self.load[i]))
                continue
            if not may_move:
                raise Hopeless
            chain, _ = self.walk(level, self.has_room, set())
            if chain is None:
                raise Hopeless
            self.sit(p, self.shift(chain))

    def walk(self, level, suits, closed):
        """Level by level over who may hand a place on; the chain to the first level that suits."""
        whence = dict.fromkeys(level)
        while level:
            following = []
            for x, q in [(one, place) for one in level for place in self.held_by(one)]:
                for j in self.heirs(x, q):
                    if j not in whence and j not in closed:
                        whence[j] = (x, q)
                        following.append(j)
            ends = [j for j in following if suits(j)]
            if ends:
                last = min(ends, key=lambda j: self.load[j])
                return self.back(whence, last), set(whence)
            level = following
        return None, set(whence)

    def held_by(self, x):
        return [q for q, part in enumerate(self.parts) if x in part["in"]]

    def heirs(self, x, q):
        """Who may take the place of x in part q, by ticket."""
        part = self.parts[q]
        anybody = x not in part["x"] or self.takes_plain(part)
        others = [j for j in part["may"] if j not in part["in"] and (anybody or j in part["x"])]
        return self.by_ticket(q, others)

    @staticmethod
    def back(whence, last):
        chain = [(last, whence[last])]
        while whence[chain[-1][1][0]] is not None:
            before = chain[-1][1][0]
            chain.append((before, whence[before]))
        return chain

    def shift(self, chain):
        """Each takes the place of whom it was reached by; returns who is free now."""
        for j, (x, q) in chain:
            self.parts[q]["in"].remove(x)
            self.parts[q]["in"].append(j)
            self.load[x] -= 1
            self.load[j] += 1
        return chain[-1][1][0]

    def level(self):
        closed = set()
        while len(closed) < len(self.people):
            still = [i for i in range(len(self.people)) if i not in closed]
            i = min(still, key=lambda i: (-self.load[i], self.ticket("assign", f"level.{i}"), i))
            most = self.load[i] - 2
            suits = lambda j, most=most: self.load[j] <= most and self.has_room(j)  # noqa: E731
            chain, reached = self.walk([i], suits, closed)
            if chain is None:
                closed |= reached
            else:
                self.shift(chain)

    def place_of(self, places, i):
        return next(p for p in places if i in self.parts[p]["in"])

    def hand(self, places, out, into):
        """What the log says of an earlier reseat."""
        part = self.parts[self.place_of(places, out)]
        part["in"][part["in"].index(out)] = into
        self.load[out] -= 1
        self.load[into] += 1

    def late(self, places, out, left):
        """Who takes the place of `out`: nobody who has left this visit, nobody is moved."""
        p = self.place_of(places, out)
        self.parts[p]["in"].remove(out)
        free = [i for i in self.sitters(p) if i not in left and self.has_room(i)]
        if not free:
            raise Hopeless
        return min(free, key=lambda i: self.load[i])


class Visits:
    """Who goes where, however the sites came out."""

    def seats(self, pid, rule):
        org, need, experts = rule
        row, people = self.rows[pid], self.given["inspectors"]
        may = {
            n
            for n, person in enumerate(people)
            if person[2] == org and row[3] in person[3]
            and f"{person[0]} {pid}" not in self.barred
        }  # fmt: skip
        return self.teams.add(need, experts, may, {n for n in may if row[4] in people[n][4]})

    def team(self, pid):
        return [sorted(self.teams.parts[p]["in"]) for p in self.parts_of[pid]]

    def places(self, pid):
        return self.parts_of.get(pid, [])


class Draw(Visits):
    def __init__(self, given, barred):
        self.given, self.a = given, given["announcement"]
        self.bytes, self.barred = Bytes(self.a["hash"]), {row[0] for row in barred}
        self.seed = self.seeded()
        self.keys = {}
        self.rows = {row[0]: row for row in given["roster"]}
        self.teams = Teams(given["inspectors"], self.ticket)
        self.parts_of, self.excused, self.last = {}, [], dict.fromkeys(self.a["rates"], "")

    def seeded(self):  # §2.3, §2.4
        shares = [bytes.fromhex(one["share"]) for one in self.given["reveals"]]
        announced = self.bytes.tagged("DR1/announce", text_of(self.a))
        return self.bytes.tagged("DR1/seed", announced, self.given["closing"].encode(), *shares)

    def ticket(self, purpose, text):
        if purpose not in self.keys:
            key = self.bytes.tagged("DR1/key", self.seed, purpose.encode()).hex()[:32]
            self.keys[purpose] = key
        return self.bytes.h((self.keys[purpose] + text).encode())

    def sorted(self, purpose, pids):
        return sorted(pids, key=lambda pid: (self.ticket(purpose, pid), pid))

    def select(self):  # §2.5
        self.queue, visits = {}, []
        for stratum, (num, den, floor) in self.a["rates"].items():
            own = [pid for pid, row in self.rows.items() if row[2] == stratum]
            k = min(len(own), max((len(own) * num + den - 1) // den, floor))
            queue = self.sorted("select", own)
            self.note(stratum, queue[:k])
            visits += queue[:k]
            self.queue[stratum] = queue[k:]
        return self.sorted("order", visits)

    def note(self, stratum, pids):
        for pid in pids:
            self.last[stratum] = max(self.last[stratum], self.ticket("select", pid).hex())

    def joint_rule(self):
        return self.a["joint"][2]

    def run(self):
        visits = self.select()
        num, den, _ = self.a["joint"]
        wide = [pid for pid in visits if len(self.rows[pid][5]) >= 2]
        most = min(len(visits), (len(visits) * num + den - 1) // den)
        joint = set(self.sorted("joint", wide)[:most])
        for pid in visits:
            self.parts_of[pid] = [self.seats(pid, self.a["team"])]
            if pid in joint:
                self.parts_of[pid].append(self.seats(pid, self.joint_rule()))
        for p in range(len(self.teams.parts)):
            self.teams.fill(p)
        self.teams.level()
        self.sealed = self.bytes.root([self.leaf(j, pid) for j, pid in enumerate(visits)]).hex()
        for out, _, _ in self.given["substitutions"]:
            self.substitute(visits, out)
        return visits

    def leaf(self, j, pid):
        salt = self.bytes.tagged("DR1/visit", self.seed, pid.encode()).hex()
        return text_of([j, salt, pid, self.team(pid)])

    def substitute(self, visits, out):  # §2.6
        visits.remove(out)
        gone = self.parts_of.pop(out)
        for p in gone:
            for i in self.teams.parts[p]["in"]:
                self.teams.load[i] -= 1
        stratum = self.rows[out][2]
        if not self.queue[stratum]:
            return
        pid = self.queue[stratum].pop(0)
        self.note(stratum, [pid])
        rules = [self.a["team"]]
        if len(gone) == 2 and len(self.rows[pid][5]) >= 2:
            rules.append(self.joint_rule())
        self.parts_of[pid] = []
        for rule in rules:
            p = self.seats(pid, rule)
            self.teams.fill(p, may_move=False)
            self.parts_of[pid].append(p)
        visits.append(pid)


def reseat(drawn, earlier, pid, out):  # §2.6
    """Who goes to a site instead of `out`, after what the log says of reseats before."""
    for site, gone, into in earlier:
        if drawn.places(site):
            drawn.teams.hand(drawn.places(site), gone, into)
    left = {gone for site, gone, _ in earlier if site == pid} | {out}
    return drawn.teams.late(drawn.places(pid), out, left)


def record(given, avoid):  # §2.10
    """The public record from the announcement, the frozen rows, and what was said and noted."""
    draw = Draw(given, avoid)
    visits = draw.run()
    leaves = [text_of(row) for row in avoid]
    return {
        **{name: given[name] for name in CHOSEN},
        "seed": draw.seed.hex(),
        "avoid": [
            {"row": row, "index": n, "path": draw.bytes.path(leaves, n)}
            for n, row in enumerate(avoid)
        ],
        "visits": [[pid, draw.team(pid)] for pid in visits],
        "sealed": draw.sealed,
        "last": draw.last,
    }
