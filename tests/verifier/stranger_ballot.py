"""The same stranger reads `docs/spec/ballot.md`: numbered balls instead of a seed."""

from tests.verifier.stranger import Bytes, Teams, Visits, text_of

CHOSEN = (
    "announcement", "roster", "inspectors", "numbers", "people", "witnesses", "salt",
    "substitutions",
)  # fmt: skip


def roll(given):  # §2
    """The balls: every row of a stratum by its id, from one."""
    found = []
    for stratum in sorted({row[2] for row in given["roster"]}):
        own = sorted(row[0] for row in given["roster"] if row[2] == stratum)
        found += [[stratum, n + 1, pid] for n, pid in enumerate(own)]
    return found


class Ballot(Visits):
    def __init__(self, given, barred):
        self.given, self.a, self.barred = given, given["announcement"], {row[0] for row in barred}
        self.bytes = Bytes(self.a["hash"])
        self.rows = {row[0]: row for row in given["roster"]}
        self.place = {number - 1: n for n, number in enumerate(given["people"])}
        # §4.3: only who came out earlier; neither the part nor the levelling enters.
        self.teams = Teams(given["inspectors"], lambda _, text: self.place[int(text.split(".")[1])])
        self.parts_of, self.queue = {}, {}

    def drawn(self):  # §3, §4.1
        balls, visits = {(s, n): pid for s, n, pid in roll(self.given)}, []
        for stratum in sorted(self.a["rates"]):
            num, den, floor = self.a["rates"][stratum]
            size = sum(s == stratum for s, _ in balls)
            k = min(size, max((size * num + den - 1) // den, floor))
            fallen = [balls[stratum, n] for n in self.given["numbers"][stratum]]
            visits += fallen[:k]
            self.queue[stratum] = fallen[k:]
        return visits

    def run(self):
        visits = self.drawn()
        num, den, rule = self.a["joint"]
        most = min(len(visits), (len(visits) * num + den - 1) // den)
        joint = [pid for pid in visits if len(self.rows[pid][5]) >= 2][:most]
        for pid in visits:
            rules = [self.a["team"]] + ([rule] if pid in joint else [])
            self.parts_of[pid] = [self.seats(pid, one) for one in rules]
        for p in range(len(self.teams.parts)):
            self.teams.fill(p)
        self.teams.level()
        self.sealed = self.bytes.root(self.leaves(visits)).hex()
        for out, _, _ in self.given["substitutions"]:
            self.substitute(visits, out)
        return visits

    def hidden(self, what):
        salt = bytes.fromhex(self.given["salt"])
        return self.bytes.tagged("BL1/visit", salt, what.encode()).hex()

    def leaves(self, visits):  # §4.4
        found = [[j, self.hidden(pid), pid, self.team(pid)] for j, pid in enumerate(visits)]
        balls = [self.given["numbers"], self.given["people"]]
        return [text_of(leaf) for leaf in [*found, [len(visits), self.hidden("numbers"), *balls]]]

    def substitute(self, visits, out):  # §6
        visits.remove(out)
        gone = self.parts_of.pop(out)
        for p in gone:
            for i in self.teams.parts[p]["in"]:
                self.teams.load[i] -= 1
        queue = self.queue[self.rows[out][2]]
        if not queue:
            return
        pid = queue.pop(0)
        is_joint = len(gone) == 2 and len(self.rows[pid][5]) >= 2
        self.parts_of[pid] = []
        for rule in [self.a["team"]] + ([self.a["joint"][2]] if is_joint else []):
            p = self.seats(pid, rule)
            self.teams.fill(p, may_move=False)
            self.parts_of[pid].append(p)
        visits.append(pid)


def record(given, avoid):  # §7
    """The public record from the announcement, the frozen rows, and the balls as they fell."""
    ballot = Ballot(given, avoid)
    visits, leaves = ballot.run(), [text_of(row) for row in avoid]
    return {
        **{name: given[name] for name in CHOSEN},
        "avoid": [
            {"row": row, "index": n, "path": ballot.bytes.path(leaves, n)}
            for n, row in enumerate(avoid)
        ],
        "visits": [[pid, ballot.team(pid)] for pid in visits],
        "sealed": ballot.sealed,
    }
