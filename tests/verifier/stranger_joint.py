"""The same stranger reads `docs/spec/draw2.md`: departments that share one ticket a site."""

from tests.verifier.stranger import Bytes, Teams, text_of

CHOSEN = ("announcement", "reveals", "closing", "substitutions")


class Department:
    """What one department draws and whom it sends; the others do not enter."""

    def __init__(self, announced, lists, barred, ticket):
        self.a, self.people, self.ticket = announced, lists["inspectors"], ticket
        self.rows = {row[0]: row for row in lists["roster"]}
        self.barred = {row[0] for row in barred}
        key = f"assign.{announced['dept']}"
        self.teams = Teams(self.people, lambda _, text: ticket(key, text))
        self.part_of, self.queue, self.last = {}, {}, dict.fromkeys(announced["rates"], "")

    def sorted(self, purpose, pids):
        return sorted(pids, key=lambda pid: (self.ticket(purpose, pid), pid))

    def draw(self):  # §2.4.1, §2.4.3
        drawn = []
        for stratum, (num, den, floor) in self.a["rates"].items():
            queue = self.sorted("select", [p for p, row in self.rows.items() if row[2] == stratum])
            k = min(len(queue), max((len(queue) * num + den - 1) // den, floor))
            for _ in range(k):
                drawn.append(self.use(stratum, queue))
            self.queue[stratum] = queue
        for pid in self.sorted("order", drawn):
            self.part_of[pid] = self.seats(pid)
        for p in range(len(self.teams.parts)):
            self.teams.fill(p)
        self.teams.level()

    def use(self, stratum, queue):
        pid = queue.pop(0)
        self.last[stratum] = self.ticket("select", pid).hex()
        return pid

    def seats(self, pid):
        org, need, experts = self.a["team"]
        row = self.rows[pid]
        may = {
            n
            for n, person in enumerate(self.people)
            if person[2] == org and row[3] in person[3]
            and f"{person[0]} {pid}" not in self.barred
        }  # fmt: skip
        return self.teams.add(need, experts, may, {n for n in may if row[4] in self.people[n][4]})

    def leave(self, pid):
        for i in self.teams.parts[self.part_of.pop(pid)]["in"]:
            self.teams.load[i] -= 1

    def follow(self, stratum, gone):  # §2.5.2
        """The next site of the stratum, seated late; nothing where there is none."""
        queue = self.queue[stratum]
        while queue:
            pid = self.use(stratum, queue)
            if pid not in gone:
                self.part_of[pid] = self.seats(pid)
                self.teams.fill(self.part_of[pid], may_move=False)
                return pid
        return None

    def places(self, pid):
        return [self.part_of[pid]] if pid in self.part_of else []


class Joint:
    def __init__(self, given, barred):
        self.given, self.a = given, given["announcement"]
        self.bytes, self.keys, self.gone = Bytes(self.a["hash"]), {}, set()
        shares = [bytes.fromhex(one["share"]) for one in given["reveals"]]
        announced = self.bytes.tagged("DR2/announce", text_of(self.a))
        closing = given["closing"].encode()
        self.seed = self.bytes.tagged("DR2/seed", announced, closing, *shares)
        self.own = [
            Department(announced, lists, avoid, self.ticket)
            for announced, lists, avoid in zip(
                self.a["departments"], given["departments"], barred, strict=True
            )
        ]

    def ticket(self, purpose, text):  # §2.3
        if purpose not in self.keys:
            key = self.bytes.tagged("DR2/key", self.seed, purpose.encode()).hex()[:32]
            self.keys[purpose] = key
        return self.bytes.h((self.keys[purpose] + text).encode())

    def run(self):
        for own in self.own:
            own.draw()
        drawn = {pid for own in self.own for pid in own.part_of}
        visits = sorted(drawn, key=lambda pid: (self.ticket("order", pid), pid))
        self.sealed = self.bytes.root([self.leaf(j, pid) for j, pid in enumerate(visits)]).hex()
        for out, _, _ in self.given["substitutions"]:
            self.substitute(visits, out)
        return visits

    def team(self, pid):
        return [
            [d, sorted(own.teams.parts[own.part_of[pid]]["in"])]
            for d, own in enumerate(self.own)
            if pid in own.part_of
        ]

    def leaf(self, j, pid):  # §2.4.4
        salt = self.bytes.tagged("DR2/visit", self.seed, pid.encode()).hex()
        return text_of([j, salt, pid, self.team(pid)])

    def substitute(self, visits, out):  # §2.5
        visits.remove(out)
        self.gone.add(out)
        left = [own for own in self.own if out in own.part_of]
        for own in left:
            own.leave(out)
        for own in left:
            pid = own.follow(own.rows[out][2], self.gone)
            if pid is not None and pid not in visits:
                visits.append(pid)


def record(given, avoid):  # §2.6
    """The public record from the announcement, every department's rows, and what was said."""
    joint = Joint(given, avoid)
    visits = joint.run()
    departments = []
    for lists, rows in zip(given["departments"], avoid, strict=True):
        leaves = [text_of(row) for row in rows]
        paths = [joint.bytes.path(leaves, n) for n in range(len(rows))]
        listed = [
            {"row": row, "index": n, "path": path}
            for n, (row, path) in enumerate(zip(rows, paths, strict=True))
        ]
        departments.append({**lists, "avoid": listed})
    return {
        **{name: given[name] for name in CHOSEN},
        "departments": departments,
        "seed": joint.seed.hex(),
        "visits": [[pid, joint.team(pid)] for pid in visits],
        "sealed": joint.sealed,
        "last": [own.last for own in joint.own],
    }
