// What a seed decides (DR1 2.5, 2.6, 2.10 and section 4): selection, order, joint checks, teams.

import { canon, demand } from "./canon.js";
import { fromHex, hex, root, tagged, utf8 } from "./hashes.js";

const bySize = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// min(most, max(⌈n·num/den⌉, floor)) without losing a digit.
export function share(n, num, den, floor, most) {
  const [top, bottom] = [BigInt(n) * BigInt(num), BigInt(den)];
  const up = (top + bottom - 1n) / bottom;
  const wanted = up > BigInt(floor) ? up : BigInt(floor);
  return wanted > BigInt(most) ? most : Number(wanted);
}

export function ticketsOf(hash, seed, purpose, tag = "DR1/key") {
  const key = hex(tagged(hash, tag, seed, utf8(purpose))).slice(0, 32);
  const known = new Map();
  return (text) => {
    if (!known.has(text)) known.set(text, hex(hash(utf8(key + text))));
    return known.get(text);
  };
}

export const ranked = (ticket, ids) =>
  [...ids].sort((a, b) => bySize(ticket(a), ticket(b)) || bySize(a, b));

// Who sits where. A seat is one person in one part; parts are numbered in visit order.
export class Seating {
  constructor(people, ticket) {
    this.people = people;
    this.ticket = ticket;
    this.loads = people.map((person) => person.load);
    this.parts = [];
    this.sits = people.map(() => new Set());
    this.shut = new Set();
  }

  add(rule, row, barred) {
    const able = [];
    const expert = new Set();
    this.people.forEach((person, i) => {
      if (person.org !== rule.org || !person.areas.includes(row.area)) return;
      if (barred.has(`${person.iid} ${row.pid}`)) return;
      able.push(i);
      if (person.specialties.includes(row.specialty)) expert.add(i);
    });
    const p = this.parts.length;
    const byTicket = able
      .map((i) => [this.ticket(`${p}.${i}`), i])
      .sort((a, b) => bySize(a[0], b[0]) || a[1] - b[1])
      .map(([, i]) => i);
    this.parts.push({ need: rule.need, plain: rule.need - rule.experts, byTicket, expert, team: new Set() });
    return p;
  }

  // Everybody who may take a seat in part p, or the place of `leaving` in it, by ticket.
  suited(p, leaving) {
    const { plain, byTicket, expert, team } = this.parts[p];
    let laymen = 0;
    for (const i of team) if (!expert.has(i)) laymen++;
    const anybody = laymen < plain || (leaving !== undefined && !expert.has(leaving));
    return byTicket.filter((i) => !team.has(i) && (anybody || expert.has(i)));
  }

  hasRoom(i) {
    return this.loads[i] < this.people[i].cap;
  }

  lightest(ids) {
    let best = null;
    for (const i of ids) if (best === null || this.loads[i] < this.loads[best]) best = i;
    return best;
  }

  // Breadth first over swaps: the person found and how each was reached, or all who were reached.
  search(start, wanted) {
    const from = new Map(start.map((i) => [i, null]));
    for (let level = start; level.length; ) {
      const found = this.lightest(level.filter(wanted));
      if (found !== null) return { found, from };
      const next = [];
      for (const x of level) {
        for (const q of [...this.sits[x]].sort((a, b) => a - b)) {
          for (const j of this.suited(q, x)) {
            if (from.has(j) || this.shut.has(j)) continue;
            from.set(j, [x, q]);
            next.push(j);
          }
        }
      }
      level = next;
    }
    return { found: null, from };
  }

  // Hands each place along the chain on; gives the person of the first level, now free of it.
  handOn(last, from) {
    let current = last;
    for (let step = from.get(current); step; step = from.get(current)) {
      const [x, q] = step;
      this.parts[q].team.delete(x);
      this.parts[q].team.add(current);
      this.sits[x].delete(q);
      this.sits[current].add(q);
      current = x;
    }
    return current;
  }

  seat(p, i) {
    this.parts[p].team.add(i);
    this.sits[i].add(p);
  }

  fill(p) {
    const { found, from } = this.search(this.suited(p), (i) => this.hasRoom(i));
    demand(found !== null, `第 ${p + 1} 个检查组无人可派，这样的名单不成立。`);
    this.loads[found]++;
    this.seat(p, this.handOn(found, from));
  }

  // A seat filled afterwards: nobody else is moved.
  fillLate(p) {
    const found = this.lightest(this.suited(p).filter((i) => this.hasRoom(i)));
    demand(found !== null, `补抽后第 ${p + 1} 个检查组无人可派，这样的名单不成立。`);
    this.loads[found]++;
    this.seat(p, found);
  }

  level() {
    const open = new Set(this.parts.flatMap((part) => part.byTicket));
    const order = ranked((i) => this.ticket(`level.${i}`), [...open].sort((a, b) => a - b));
    while (open.size) {
      let heaviest = null;
      for (const i of order) {
        if (open.has(i) && (heaviest === null || this.loads[i] > this.loads[heaviest])) heaviest = i;
      }
      const most = this.loads[heaviest] - 2;
      const lighter = (j) => this.loads[j] <= most && this.hasRoom(j);
      const { found, from } = this.search([heaviest], lighter);
      if (found === null) {
        for (const i of from.keys()) {
          this.shut.add(i);
          open.delete(i);
        }
      } else {
        this.handOn(found, from);
        this.loads[found]++;
        this.loads[heaviest]--;
      }
    }
  }

  team(p) {
    return [...this.parts[p].team].sort((a, b) => a - b);
  }
}

// The whole draw again, from announcement, lists and seed.
export class Draw {
  constructor(hash, record) {
    this.hash = hash;
    this.record = record;
    this.seed = fromHex(this.secret());
    this.rows = new Map(record.roster.map((row) => [row.pid, row]));
    this.barred = new Set(record.avoid.map((row) => row.pair));
    this.choose();
    this.makeTeams();
    this.seal();
    for (const out of record.substitutions) this.substitute(out);
  }

  // What hides the sealed list, and under which tag.
  secret() {
    return this.record.seed;
  }

  get tag() {
    return "DR1/visit";
  }

  seats() {
    return ticketsOf(this.hash, this.seed, "assign");
  }

  // Leaves behind those of the visits.
  moreLeaves() {
    return [];
  }

  choose() {
    this.select = ticketsOf(this.hash, this.seed, "select");
    const { announcement, roster } = this.record;
    this.queues = new Map([...announcement.rates.keys()].map((stratum) => [stratum, []]));
    for (const row of roster) this.queues.get(row.stratum).push(row.pid);
    this.taken = new Map();
    for (const [stratum, [num, den, floor]] of announcement.rates) {
      const queue = ranked(this.select, this.queues.get(stratum));
      this.queues.set(stratum, queue);
      this.taken.set(stratum, share(queue.length, num, den, floor, queue.length));
    }
    const drawn = [...this.queues].flatMap(([s, queue]) => queue.slice(0, this.taken.get(s)));
    this.list = ranked(ticketsOf(this.hash, this.seed, "order"), drawn);
    const able = drawn.filter((pid) => this.rows.get(pid).items.length > 1);
    const jointCount = share(drawn.length, ...announcement.jointShare, 0, drawn.length);
    const byTicket = ranked(ticketsOf(this.hash, this.seed, "joint"), able);
    this.joint = new Set(byTicket.slice(0, jointCount));
  }

  // The numbers of a visit's parts, each put at the end of the row of parts.
  partsFor(pid) {
    const { team, joint } = this.record.announcement;
    const rules = this.joint.has(pid) ? [team, joint] : [team];
    return rules.map((rule) => this.seating.add(rule, this.rows.get(pid), this.barred));
  }

  makeTeams() {
    this.seating = new Seating(this.record.people, this.seats());
    this.numbers = new Map(this.list.map((pid) => [pid, this.partsFor(pid)]));
    this.seating.parts.forEach(({ need }, p) => {
      for (let k = 0; k < need; k++) this.seating.fill(p);
    });
    this.seating.level();
  }

  teams(pid) {
    return this.numbers.get(pid).map((p) => this.seating.team(p));
  }

  hidden(text) {
    return hex(tagged(this.hash, this.tag, this.seed, utf8(text)));
  }

  seal() {
    const leaves = this.list.map((pid, j) => canon([j, this.hidden(pid), pid, this.teams(pid)]));
    this.sealed = hex(root(this.hash, [...leaves, ...this.moreLeaves()]));
  }

  substitute(out) {
    demand(this.list.includes(out), `补抽所替换的对象 ${out} 不在当时的名单中。`);
    this.list = this.list.filter((pid) => pid !== out);
    for (const i of this.teams(out).flat()) this.seating.loads[i]--;
    const { stratum } = this.rows.get(out);
    const next = this.queues.get(stratum)[this.taken.get(stratum)];
    if (next === undefined) return;
    this.taken.set(stratum, this.taken.get(stratum) + 1);
    if (this.joint.has(out) && this.rows.get(next).items.length > 1) this.joint.add(next);
    this.list.push(next);
    this.numbers.set(next, this.partsFor(next));
    for (const p of this.numbers.get(next)) {
      for (let k = 0; k < this.seating.parts[p].need; k++) this.seating.fillLate(p);
    }
  }

  last(stratum) {
    const k = this.taken.get(stratum);
    return k ? this.select(this.queues.get(stratum)[k - 1]) : "";
  }
}
