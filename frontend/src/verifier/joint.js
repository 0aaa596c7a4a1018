// A draw of several departments that share one ticket a site (DR2): its form, and what a seed decides.

import { canon, demand, isAscii, isMap } from "./canon.js";
import { ranked, Seating, share, ticketsOf } from "./draw.js";
import {
  checkClosing, commits, day, fields, head, HEX64, ID, INSTANT, like, list, rates, readLast,
  readLists, readReveal, readSubstitution, RULE, teamRule, text, whole, words,
} from "./form.js";
import { fromHex, hex, root, tagged, utf8 } from "./hashes.js";

const RECORD =
  "announcement departments reveals closing seed substitutions visits sealed last".split(" ");
const ANNOUNCEMENT =
  "v draw hash seq prev departments commits closing_rule announced".split(" ");
const DEPARTMENT = "dept roster inspectors avoid rates team".split(" ");
const LISTS = "roster inspectors avoid".split(" ");

const distinct = (values) => new Set(values).size === values.length;

function readDepartment(value) {
  const plain = fields(value, DEPARTMENT, "部门公告");
  const where = `部门 ${like(ID, plain.dept, "部门代码")} 的`;
  return {
    dept: plain.dept,
    heads: LISTS.map((name) => head(plain[name], `${where} ${name} 的根`)),
    rates: rates(plain.rates),
    team: teamRule(plain.team, `${where}检查组规则`),
  };
}

function readAnnouncement(value) {
  demand(isMap(value), "联合抽取公告应为对象。");
  const names = value.has("fresh") ? [...ANNOUNCEMENT, "fresh"] : ANNOUNCEMENT;
  const plain = fields(value, names, "联合抽取公告");
  demand(plain.v === "DR2", "协议版本应为 DR2。");
  demand(["sha256", "sm3"].includes(plain.hash), "摘要算法应为 sha256 或 sm3。");
  demand(isAscii(words(plain.draw, "抽取编号")), "抽取编号应为 ASCII 文字。");
  whole(plain.seq, "公告序号", 1);
  like(HEX64, plain.prev, "前一日志根");
  like(INSTANT, plain.announced, "公告时间");
  day(plain.announced.slice(0, 10), "公告日期");
  if (value.has("fresh")) text(plain.fresh, "新鲜值");
  const departments = list(plain.departments, "参加部门").map(readDepartment);
  demand(departments.length >= 2, "联合抽取至少应有两个部门。");
  demand(distinct(departments.map(({ dept }) => dept)), "部门代码不得重复。");
  demand(distinct(departments.map(({ team }) => team.org)), "各部门的组织应不相同。");
  return {
    plain: value,
    draw: plain.draw,
    hash: plain.hash,
    departments,
    announced: plain.announced,
    commits: commits(plain.commits),
    rule: like(RULE, plain.closing_rule, "收口规则"),
  };
}

function checkAgreement(lists) {
  const sites = new Map();
  for (const { pid, commitment } of lists.flatMap(({ roster }) => roster)) {
    const known = sites.get(pid) ?? commitment;
    demand(known === commitment, "同一家单位在各部门名录中的编号和承诺应当相同。");
    sites.set(pid, commitment);
  }
  demand(distinct([...sites.values()]), "同一家单位在各部门名录中的编号和承诺应当相同。");
  const people = lists.flatMap((own) => own.people);
  for (const name of ["iid", "commitment"]) {
    demand(distinct(people.map((row) => row[name])), "同一人员不得列入两个部门的人员表。");
  }
}

function readVisit(value, count) {
  const [pid, parts] = list(value, "检查", 2);
  like(ID, pid, "检查对象");
  let before = -1;
  for (const part of list(parts, "检查组")) {
    const [d, members] = list(part, "检查组", 2);
    demand(whole(d, "部门序号") < count && d > before, "一次检查的部门应按序号升序且在公告之内。");
    before = d;
    for (const number of list(members, "检查组")) whole(number, "人员序号");
  }
  demand(parts.length, "一次检查至少应有一个部门。");
  return { pid, parts };
}

export function readJointRecord(value) {
  const plain = fields(value, RECORD, "联合抽取记录");
  const announcement = readAnnouncement(plain.announcement);
  const { departments } = announcement;
  const count = departments.length;
  const lists = list(plain.departments, "各部门名册", count).map((own, d) =>
    readLists(fields(own, LISTS, `部门 ${departments[d].dept} 的名册`), departments[d]),
  );
  checkAgreement(lists);
  return {
    announcement,
    lists,
    reveals: list(plain.reveals, "揭示").map(readReveal),
    closing: checkClosing(announcement.rule, plain.closing),
    seed: like(HEX64, plain.seed, "种子"),
    substitutions: list(plain.substitutions, "补抽").map(readSubstitution),
    visits: list(plain.visits, "检查名单").map((visit) => readVisit(visit, count)),
    sealed: like(HEX64, plain.sealed, "密封根"),
    last: list(plain.last, "各部门末位抽签号", count).map((own, d) =>
      readLast(own, [...departments[d].rates.keys()]),
    ),
  };
}

// One department: its queues by the common ticket, its people by a key of its own.
class Department {
  constructor(own, lists, select, seats) {
    this.own = own;
    this.select = select;
    this.rows = new Map(lists.roster.map((row) => [row.pid, row]));
    this.barred = new Set(lists.avoid.map(({ pair }) => pair));
    this.seating = new Seating(lists.people, seats);
    this.numbers = new Map();
    this.queues = new Map([...own.rates.keys()].map((stratum) => [stratum, []]));
    this.taken = new Map();
    for (const { pid, stratum } of lists.roster) this.queues.get(stratum).push(pid);
    for (const [stratum, [num, den, floor]] of own.rates) {
      const queue = ranked(select, this.queues.get(stratum));
      this.queues.set(stratum, queue);
      this.taken.set(stratum, share(queue.length, num, den, floor, queue.length));
    }
  }

  drawn() {
    return [...this.queues].flatMap(([s, queue]) => queue.slice(0, this.taken.get(s)));
  }

  add(pid) {
    this.numbers.set(pid, this.seating.add(this.own.team, this.rows.get(pid), this.barred));
    return this.numbers.get(pid);
  }

  seat(pids) {
    for (const pid of pids) this.add(pid);
    this.seating.parts.forEach(({ need }, p) => {
      for (let k = 0; k < need; k++) this.seating.fill(p);
    });
    this.seating.level();
  }

  team(pid) {
    return this.seating.team(this.numbers.get(pid));
  }

  excuse(pid) {
    for (const i of this.team(pid)) this.seating.loads[i]--;
    this.numbers.delete(pid);
  }

  // The next ticket of a stratum; those excused before are passed over, and used up.
  next(stratum, gone) {
    const queue = this.queues.get(stratum);
    for (let k = this.taken.get(stratum); k < queue.length; k++) {
      this.taken.set(stratum, k + 1);
      if (!gone.has(queue[k])) return queue[k];
    }
    return null;
  }

  seatLate(pid) {
    const p = this.add(pid);
    for (let k = 0; k < this.own.team.need; k++) this.seating.fillLate(p);
  }

  last(stratum) {
    const k = this.taken.get(stratum);
    return k ? this.select(this.queues.get(stratum)[k - 1]) : "";
  }
}

export class JointDraw {
  constructor(hash, record) {
    this.hash = hash;
    this.seed = fromHex(record.seed);
    const tickets = (purpose) => ticketsOf(hash, this.seed, purpose, "DR2/key");
    const select = tickets("select");
    this.departments = record.announcement.departments.map(
      (own, d) => new Department(own, record.lists[d], select, tickets(`assign.${own.dept}`)),
    );
    const drawn = this.departments.map((own) => new Set(own.drawn()));
    const all = new Set(drawn.flatMap((own) => [...own]));
    this.list = ranked(tickets("order"), all);
    this.departments.forEach((own, d) => own.seat(this.list.filter((pid) => drawn[d].has(pid))));
    this.seal();
    this.gone = new Set();
    for (const out of record.substitutions) this.substitute(out);
  }

  teams(pid) {
    return this.departments.flatMap((own, d) => (own.numbers.has(pid) ? [[d, own.team(pid)]] : []));
  }

  seal() {
    const hidden = (pid) => hex(tagged(this.hash, "DR2/visit", this.seed, utf8(pid)));
    const leaves = this.list.map((pid, j) => canon([j, hidden(pid), pid, this.teams(pid)]));
    this.sealed = hex(root(this.hash, leaves));
  }

  substitute(out) {
    demand(this.list.includes(out), `补抽所替换的对象 ${out} 不在当时的名单中。`);
    this.list = this.list.filter((pid) => pid !== out);
    this.gone.add(out);
    const had = this.departments.filter((own) => own.numbers.has(out));
    for (const own of had) own.excuse(out);
    for (const own of had) {
      const next = own.next(own.rows.get(out).stratum, this.gone);
      if (next === null) continue;
      if (!this.list.includes(next)) this.list.push(next);
      own.seatLate(next);
    }
  }
}
