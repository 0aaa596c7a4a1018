// A draw by numbered balls (BL1): the numbers take the place of the seed.

import { canon, compare, demand } from "./canon.js";
import { Draw, share } from "./draw.js";
import { hex, root } from "./hashes.js";

// Strata by code point; rows of each by id, numbered from 1.
export function rollOf({ announcement, roster }) {
  const strata = [...announcement.rates.keys()].sort(compare);
  return new Map(
    strata.map((s) => [s, roster.filter((row) => row.stratum === s).map((row) => row.pid)]),
  );
}

export function rollHead(hash, record) {
  const leaves = [...rollOf(record)].flatMap(([stratum, pids]) =>
    pids.map((pid, i) => canon([stratum, i + 1, pid])),
  );
  return [leaves.length, hex(root(hash, leaves))];
}

// Of each stratum: rows, balls that draw, balls in reserve.
function due({ announcement, roster }) {
  return new Map(
    [...rollOf({ announcement, roster })].map(([stratum, pids]) => {
      const [num, den, floor] = announcement.rates.get(stratum);
      const k = share(pids.length, num, den, floor, pids.length);
      return [stratum, [pids.length, k, k ? Math.min(pids.length - k, announcement.reserve) : 0]];
    }),
  );
}

function checkNumbers(where, numbers, size, count) {
  demand(numbers.length === count, `${where}应摇出 ${count} 个号，记录有 ${numbers.length} 个。`);
  demand(new Set(numbers).size === numbers.length, `${where}的号码有重复。`);
  demand(numbers.every((n) => n <= size), `${where}的号码应在 1 至 ${size} 之间。`);
}

export function checkBalls(record) {
  for (const [stratum, [n, k, r]] of due(record)) {
    checkNumbers(`层“${stratum}”`, record.balls.get(stratum), n, k + r);
  }
  const size = record.people.length;
  checkNumbers("人员", record.order, size, size);
}

export class BallotDraw extends Draw {
  secret() {
    return this.record.salt;
  }

  get tag() {
    return "BL1/visit";
  }

  // In place of tickets: where a person came out, written so that text order is that order.
  seats() {
    const places = new Map(this.record.order.map((number, place) => [number - 1, place]));
    return (text) =>
      String(places.get(Number(text.slice(text.lastIndexOf(".") + 1)))).padStart(12, "0");
  }

  choose() {
    const { announcement, balls } = this.record;
    const [roll, owed] = [rollOf(this.record), due(this.record)];
    this.queues = new Map(
      [...roll].map(([s, pids]) => [s, balls.get(s).map((number) => pids[number - 1])]),
    );
    this.taken = new Map([...owed].map(([s, [, k]]) => [s, k]));
    this.list = [...this.queues].flatMap(([s, queue]) => queue.slice(0, this.taken.get(s)));
    const able = this.list.filter((pid) => this.rows.get(pid).items.length > 1);
    const count = share(this.list.length, ...announcement.jointShare, 0, this.list.length);
    this.joint = new Set(able.slice(0, count));
  }

  // One leaf more binds the reserve and the order of the people.
  moreLeaves() {
    return [canon([this.list.length, this.hidden("numbers"), ...this.record.plainBalls])];
  }
}
