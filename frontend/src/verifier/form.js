// Form, order and range of a public record (DR1 2.2 to 2.6, 2.10).

import { compare, demand, isAscii, isList, isMap, isText } from "./canon.js";

const HEX32 = /^[0-9a-f]{32}$/;
export const HEX64 = /^[0-9a-f]{64}$/;
const SHARE = /^([0-9a-f]{2}){16,}$/;
export const ID = /^[0-9A-Za-z-]{1,23}$/;
const PSEUDONYM = /^[0-9a-f]{22}$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
export const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3])(:[0-5]\d){2}[+-]([01]\d|2[0-3]):[0-5]\d$/;
export const RULE = /^(d6:25|d10:20|lottery:[1-9]\d{0,2}|drand:[1-9]\d{0,2})( [\s\S]*)?$/;
const SIDES = { d6: "[1-6]", d10: "[0-9]", lottery: "[0-9]", drand: "[0-9a-f]" };
const RECORD =
  "announcement roster inspectors reveals closing seed avoid substitutions visits sealed last";
const ANNOUNCEMENT =
  "v draw hash seq prev roster inspectors avoid rates team joint commits closing_rule announced";
const BALLOT_RECORD =
  "announcement roster inspectors avoid numbers people witnesses salt substitutions visits sealed";
const BALLOT_ANNOUNCEMENT =
  "v draw hash seq prev roster inspectors avoid rates team joint roll reserve manner announced";

const blank = (text) => /^[ \u3000]*$/.test(text);

// -- readers: each gives its value back, or complains where it stands

export function text(value, where) {
  demand(isText(value), `${where}应为文字。`);
  return value;
}

export function words(value, where) {
  demand(!blank(text(value, where)), `${where}不得为空。`);
  return value;
}

export function like(pattern, value, where) {
  demand(pattern.test(text(value, where)), `${where}“${value.slice(0, 80)}”的格式不对。`);
  return value;
}

export function whole(value, where, least = 0) {
  demand(typeof value === "number", `${where}应为整数。`);
  demand(value >= least, `${where}不得小于 ${least}。`);
  return value;
}

export function list(value, where, size) {
  demand(isList(value), `${where}应为数组。`);
  demand(size === undefined || value.length === size, `${where}应有 ${size} 项。`);
  return value;
}

export function fields(value, names, where) {
  demand(isMap(value), `${where}应为对象。`);
  const missing = names.filter((name) => !value.has(name));
  const extra = [...value.keys()].filter((name) => !names.includes(name));
  demand(!missing.length, `${where}缺少字段：${missing.join("、")}。`);
  demand(!extra.length, `${where}有多余的字段：${extra.join("、")}。`);
  return Object.fromEntries(value);
}

function rising(keys, where) {
  const sorted = keys.every((key, i) => !i || compare(keys[i - 1], key) < 0);
  demand(sorted, `${where}应按码点升序排列且不重复。`);
}

function texts(value, where) {
  list(value, where).forEach((item) => text(item, where));
  rising(value, where);
  return value;
}

function isDay(year, month, day) {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

export function day(value, where) {
  const [, ...parts] = DAY.exec(like(DAY, value, where));
  demand(isDay(...parts.map(Number)), `${where}“${value}”不存在。`);
  return value;
}

// -- announcement

export function head(value, where) {
  const [size, digest] = list(value, where, 2);
  return [whole(size, where), like(HEX64, digest, where)];
}

export function teamRule(value, where) {
  const [org, need, experts] = list(value, where, 3);
  words(org, `${where}的组织`);
  whole(need, `${where}的席位`, 1);
  demand(whole(experts, `${where}的专长席位`) <= need, `${where}的专长席位多于席位。`);
  return { org, need, experts };
}

export function rates(value) {
  demand(isMap(value), "抽取比例应为对象。");
  const found = new Map();
  for (const [stratum, rate] of value) {
    const where = `层“${words(stratum, "层名")}”的比例`;
    const [num, den, floor] = list(rate, where, 3);
    found.set(stratum, [whole(num, where), whole(den, where, 1), whole(floor, where)]);
  }
  return found;
}

export function commits(value) {
  const found = list(value, "承诺").map((pair) => {
    const [role, digest] = list(pair, "承诺", 2);
    return [text(role, "承诺人"), like(HEX64, digest, "承诺值")];
  });
  demand(found.length >= 2, "随机数至少应由两方贡献。");
  demand(new Set(found.map(([role]) => role)).size === found.length, "承诺人不得重复。");
  return found;
}

// Lists, rates and teams of an announcement of either protocol.
function readRules(value, plain) {
  demand(["sha256", "sm3"].includes(plain.hash), "摘要算法应为 sha256 或 sm3。");
  demand(isAscii(words(plain.draw, "抽取编号")), "抽取编号应为 ASCII 文字。");
  const [num, den, joint] = list(plain.joint, "联合检查规则", 3);
  const found = {
    plain: value,
    draw: plain.draw,
    hash: plain.hash,
    heads: ["roster", "inspectors", "avoid"].map((name) => head(plain[name], `${name} 的根`)),
    rates: rates(plain.rates),
    team: teamRule(plain.team, "检查组规则"),
    joint: teamRule(joint, "联合检查规则"),
    jointShare: [whole(num, "联合检查比例"), whole(den, "联合检查比例", 1)],
    announced: like(INSTANT, plain.announced, "公告时间"),
  };
  demand(found.team.org !== found.joint.org, "联合检查的组织应与检查组的不同。");
  whole(plain.seq, "公告序号", 1);
  like(HEX64, plain.prev, "前一日志根");
  day(found.announced.slice(0, 10), "公告日期");
  return found;
}

export function readAnnouncement(value) {
  demand(isMap(value), "抽取公告应为对象。");
  const names = ANNOUNCEMENT.split(" ");
  const plain = fields(value, value.has("fresh") ? [...names, "fresh"] : names, "抽取公告");
  demand(plain.v === "DR1", "协议版本应为 DR1。");
  if (value.has("fresh")) text(plain.fresh, "新鲜值");
  return {
    ...readRules(value, plain),
    commits: commits(plain.commits),
    rule: like(RULE, plain.closing_rule, "收口规则"),
  };
}

export function checkClosing(rule, value) {
  const [kind, count] = rule.split(" ")[0].split(":");
  const pattern = new RegExp(`^${SIDES[kind]}{${count}}$`);
  demand(pattern.test(text(value, "收口值")), "收口值与公告的收口规则不符。");
  return value;
}

// -- rows

function identity(id, digest, where) {
  like(ID, id, `${where}编号`);
  like(HEX64, digest, `${where}承诺`);
  demand(!PSEUDONYM.test(id) || digest.startsWith(id), `${where}编号 ${id} 与其承诺不符。`);
}

export function readRow(value) {
  const [pid, commitment, stratum, area, specialty, items] = list(value, "名录行", 6);
  identity(pid, commitment, "名录");
  words(stratum, "层名");
  words(area, "片区");
  text(specialty, "专长");
  texts(items, "事项");
  return { plain: value, pid, commitment, stratum, area, specialty, items };
}

function readPerson(value) {
  const [iid, commitment, org, areas, specialties, load, cap] = list(value, "人员行", 7);
  identity(iid, commitment, "人员");
  words(org, "组织");
  texts(areas, "人员片区");
  texts(specialties, "人员专长");
  whole(load, "已有次数");
  whole(cap, "次数上限");
  return { plain: value, iid, commitment, org, areas, specialties, load, cap };
}

function readAvoidance(value, index) {
  const plain = fields(value, ["row", "index", "path"], "回避");
  demand(whole(plain.index, "回避序号") === index, "回避序号应从 0 起逐一递增。");
  const [pair, reason, salt] = list(plain.row, "回避行", 3);
  const ids = text(pair, "回避双方").split(" ");
  demand(ids.length === 2, "回避双方应以一个空格分隔。");
  words(reason, "回避理由");
  like(HEX32, salt, "回避盐值");
  list(plain.path, "回避路径").forEach((digest) => like(HEX64, digest, "回避路径"));
  return { plain: plain.row, pair, iid: ids[0], pid: ids[1], path: plain.path };
}

export function readReveal(value) {
  const plain = fields(value, ["role", "nonce", "share"], "揭示");
  text(plain.role, "揭示人");
  like(HEX32, plain.nonce, "随机盐");
  like(SHARE, plain.share, "份额");
  return plain;
}

export function readSubstitution(value) {
  const [out, reason, on] = list(value, "补抽", 3);
  words(reason, "补抽理由");
  day(on, "补抽日期");
  return like(ID, out, "补抽所替换的对象");
}

function readVisit(value) {
  const [pid, parts] = list(value, "检查", 2);
  like(ID, pid, "检查对象");
  for (const part of list(parts, "检查组")) {
    for (const number of list(part, "检查组")) whole(number, "人员序号");
  }
  return { pid, parts };
}

function distinct(rows, where) {
  const found = new Set(rows.map((row) => row.commitment));
  demand(found.size === rows.length, `${where}中的承诺不得重复。`);
}

export function readLast(value, strata) {
  const last = fields(value, strata, "各层末位抽签号");
  for (const ticket of Object.values(last)) like(/^([0-9a-f]{64})?$/, ticket, "末位抽签号");
  return last;
}

// Roster, people and avoidances, as both protocols have them.
export function readLists(plain, announcement) {
  const roster = list(plain.roster, "名录").map(readRow);
  const people = list(plain.inspectors, "人员表").map(readPerson);
  const avoid = list(plain.avoid, "回避表").map(readAvoidance);
  rising(roster.map((row) => row.pid), "名录");
  rising(people.map((row) => row.iid), "人员表");
  rising(avoid.map((row) => row.pair), "回避表");
  distinct(roster, "名录");
  distinct(people, "人员表");
  const pids = new Set(roster.map((row) => row.pid));
  const iids = new Set(people.map((row) => row.iid));
  for (const { iid, pid } of avoid) {
    demand(pids.has(pid) && iids.has(iid), `回避“${iid} ${pid}”不在名录或人员表中。`);
  }
  for (const { stratum } of roster) {
    demand(announcement.rates.has(stratum), `层“${stratum}”没有抽取比例。`);
  }
  return { roster, people, avoid };
}

function readList(plain) {
  return {
    substitutions: list(plain.substitutions, "补抽").map(readSubstitution),
    visits: list(plain.visits, "检查名单").map(readVisit),
    sealed: like(HEX64, plain.sealed, "密封根"),
  };
}

export function readRecord(value) {
  const plain = fields(value, RECORD.split(" "), "抽取记录");
  const announcement = readAnnouncement(plain.announcement);
  return {
    announcement,
    ...readLists(plain, announcement),
    ...readList(plain),
    reveals: list(plain.reveals, "揭示").map(readReveal),
    closing: checkClosing(announcement.rule, plain.closing),
    seed: like(HEX64, plain.seed, "种子"),
    last: readLast(plain.last, [...announcement.rates.keys()]),
  };
}

// -- a draw by numbered balls (BL1)

const numbers = (value, where) => list(value, where).map((item) => whole(item, where, 1));

function readBalls(value, strata) {
  const found = fields(value, strata, "各层号码");
  return new Map(strata.map((s) => [s, numbers(found[s], `层“${s}”的号码`)]));
}

function readWitnesses(value) {
  const marks = list(value, "见证人").map((pair) => {
    const [role, mark] = list(pair, "见证人", 2);
    words(role, "见证人身份");
    return like(HEX64, mark, "见证凭据");
  });
  demand(marks.length >= 2, "见证人至少应有两名。");
  demand(new Set(marks).size === marks.length, "见证凭据不得重复。");
  return marks;
}

export function readBallotRecord(value) {
  const plain = fields(value, BALLOT_RECORD.split(" "), "摇号记录");
  demand(isMap(plain.announcement), "摇号公告应为对象。");
  const announced = fields(plain.announcement, BALLOT_ANNOUNCEMENT.split(" "), "摇号公告");
  const announcement = {
    ...readRules(plain.announcement, announced),
    roll: head(announced.roll, "号码表的根"),
    reserve: whole(announced.reserve, "备选个数"),
    manner: words(announced.manner, "摇号方式"),
  };
  return {
    announcement,
    ...readLists(plain, announcement),
    ...readList(plain),
    balls: readBalls(plain.numbers, [...announcement.rates.keys()]),
    order: numbers(plain.people, "人员号码"),
    witnesses: readWitnesses(plain.witnesses),
    salt: like(HEX64, plain.salt, "盐"),
    plainBalls: [plain.numbers, plain.people],
  };
}
