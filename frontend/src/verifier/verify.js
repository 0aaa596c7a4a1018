// The checks of a record, in order, up to the first that fails; each says what was found.

import { BallotDraw, checkBalls, rollHead } from "./ballot.js";
import { canon, Complaint, demand, isMap, parse } from "./canon.js";
import { Draw } from "./draw.js";
import { readBallotRecord, readRecord } from "./form.js";
import { JointDraw, readJointRecord } from "./joint.js";
import { fromHex, HASHES, hex, root, rootByPath, tagged, utf8 } from "./hashes.js";

const HEADS = ["名录", "人员表", "回避表"];
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const tidy = (digest) => digest.replace(/\s/g, "").toLowerCase();

class Verifier {
  constructor(content, anchors) {
    this.content = content;
    this.anchors = anchors;
  }

  get version() {
    return "DR1";
  }

  form() {
    this.record = readRecord(parse(this.content));
    this.hash = HASHES[this.record.announcement.hash];
    this.isRehearsal = this.record.announcement.draw.startsWith("TEST");
    return "字段齐全，格式、次序都合规则。";
  }

  number() {
    return this.isRehearsal ? "演练，不是真实抽取。" : "编号不是演练编号。";
  }

  roots() {
    const { announcement, roster, people, avoid } = this.record;
    [roster, people, avoid].forEach((rows, i) => {
      const found = hex(root(this.hash, rows.map((row) => canon(row.plain))));
      demand(same([rows.length, found], announcement.heads[i]), `${HEADS[i]}与公告的根不符。`);
    });
    return `名录 ${roster.length} 家、人员 ${people.length} 人、回避 ${avoid.length} 条，与公告一致。`;
  }

  shares() {
    const { announcement, reveals } = this.record;
    const tag = `${this.version}/commit`;
    const roles = (pairs) => pairs.map(([role]) => role);
    const named = reveals.map(({ role }) => [role]);
    demand(same(roles(named), roles(announcement.commits)), "揭示的各方与公告的承诺不一致。");
    reveals.forEach(({ role, nonce, share }, i) => {
      const parts = [utf8(announcement.draw), utf8(role), fromHex(nonce), fromHex(share)];
      const found = hex(tagged(this.hash, tag, ...parts));
      demand(found === announcement.commits[i][1], `“${role}”揭示的份额与其承诺不符。`);
    });
    return `${reveals.length} 方揭示的份额都与公告时的承诺相符。`;
  }

  seed() {
    const { announcement, reveals, closing } = this.record;
    this.digest = tagged(this.hash, `${this.version}/announce`, canon(announcement.plain));
    const shares = reveals.map(({ share }) => fromHex(share));
    const found = tagged(this.hash, `${this.version}/seed`, this.digest, utf8(closing), ...shares);
    demand(hex(found) === this.record.seed, "种子与公告、收口值和各方份额不符。");
    return "由公告、收口值和各方份额算出的种子与记录相同。";
  }

  avoidances() {
    const { announcement, avoid } = this.record;
    avoid.forEach(({ plain, path }, i) => {
      const found = rootByPath(this.hash, canon(plain), i, avoid.length, path.map(fromHex));
      demand(found && hex(found) === announcement.heads[2][1], `第 ${i} 条回避的路径不符。`);
    });
    return avoid.length ? `${avoid.length} 条回避都在公告之前登记。` : "没有登记回避。";
  }

  again() {
    this.draw = new Draw(this.hash, this.record);
    const count = this.record.substitutions.length;
    return `已按公告的规则重新抽取、排序、编组${count ? `，并补抽 ${count} 次` : ""}。`;
  }

  drawn() {
    const claimed = this.record.visits.map(({ pid }) => pid);
    const ours = this.draw.list;
    demand(same([...ours].sort(), [...claimed].sort()), "抽中对象与重算的结果不符。");
    demand(same(ours, claimed), "检查次序与重算结果不符。");
    return `抽中 ${ours.length} 家，与重算结果逐一相符。`;
  }

  joint() {
    for (const { pid, parts } of this.record.visits) {
      const ours = this.draw.teams(pid).length;
      demand(ours === parts.length, `对象 ${pid} 是否联合检查与重算结果不符。`);
    }
    return "哪些对象联合检查，与重算结果相同。";
  }

  teams() {
    for (const { pid, parts } of this.record.visits) {
      demand(same(this.draw.teams(pid), parts), `对象 ${pid} 的检查组与重算结果不符。`);
    }
    return "每个检查组的人员与重算结果相同。";
  }

  sealed() {
    demand(this.draw.sealed === this.record.sealed, "密封名单的根与重算结果不符。");
    return "抽取当时密封的名单就是重算出的名单。";
  }

  last() {
    for (const [stratum, ticket] of Object.entries(this.record.last)) {
      demand(this.draw.last(stratum) === ticket, `层“${stratum}”的末位抽签号与重算结果不符。`);
    }
    return "各层末位抽签号与重算结果相同。";
  }

  anchor() {
    const { announcement, sealed } = this.anchors;
    const ours = hex(this.digest);
    const differs = (given, found) => given && tidy(given) !== found;
    demand(!differs(announcement, ours), `给定的公告摘要与记录不符，记录为 ${ours}。`);
    const says = `给定的密封根与记录不符，记录为 ${this.record.sealed}。`;
    demand(!differs(sealed, this.record.sealed), says);
    this.isAnchored = Boolean(announcement && sealed);
    return this.isAnchored
      ? "与您给出的公告摘要和密封根一致。"
      : "未锚定：请把公告摘要、密封根与公示或签字的纸面核对。";
  }
}

class BallotVerifier extends Verifier {
  form() {
    this.record = readBallotRecord(parse(this.content));
    this.hash = HASHES[this.record.announcement.hash];
    this.isRehearsal = this.record.announcement.draw.startsWith("TEST");
    this.digest = tagged(this.hash, "BL1/announce", canon(this.record.announcement.plain));
    return "字段齐全，格式、次序都合规则。";
  }

  roll() {
    const found = rollHead(this.hash, this.record);
    demand(same(found, this.record.announcement.roll), "号码表与公告的根不符。");
    return `号码表 ${found[0]} 行，与公告一致。`;
  }

  numbers() {
    checkBalls(this.record);
    return "各层和人员摇出的号码，个数、范围都对，没有重复。";
  }

  again() {
    this.draw = new BallotDraw(this.hash, this.record);
    const count = this.record.substitutions.length;
    return `已按摇出的号码重新排序、编组${count ? `，并递补 ${count} 次` : ""}。`;
  }
}

class JointVerifier extends Verifier {
  get version() {
    return "DR2";
  }

  form() {
    this.record = readJointRecord(parse(this.content));
    this.hash = HASHES[this.record.announcement.hash];
    this.isRehearsal = this.record.announcement.draw.startsWith("TEST");
    return "字段齐全，格式、次序都合规则，各部门名册对同一家单位的编号一致。";
  }

  roots() {
    const { announcement, lists } = this.record;
    lists.forEach(({ roster, people, avoid }, d) => {
      const { dept, heads } = announcement.departments[d];
      [roster, people, avoid].forEach((rows, i) => {
        const found = hex(root(this.hash, rows.map((row) => canon(row.plain))));
        const says = `部门 ${dept} 的${HEADS[i]}与公告的根不符。`;
        demand(same([rows.length, found], heads[i]), says);
      });
    });
    return `${lists.length} 个部门的名录、人员、回避都与公告一致。`;
  }

  avoidances() {
    this.record.lists.forEach(({ avoid }, d) => {
      const { dept, heads } = this.record.announcement.departments[d];
      avoid.forEach(({ plain, path }, i) => {
        const found = rootByPath(this.hash, canon(plain), i, avoid.length, path.map(fromHex));
        demand(found && hex(found) === heads[2][1], `部门 ${dept} 第 ${i} 条回避的路径不符。`);
      });
    });
    return "各部门的回避都在公告之前登记。";
  }

  again() {
    this.draw = new JointDraw(this.hash, this.record);
    const count = this.record.substitutions.length;
    return `已按共用的抽签号为各部门重新抽取、编组${count ? `，并补抽 ${count} 次` : ""}。`;
  }

  joint() {
    const numbers = (parts) => parts.map(([d]) => d);
    for (const { pid, parts } of this.record.visits) {
      const ours = numbers(this.draw.teams(pid));
      demand(same(ours, numbers(parts)), `到对象 ${pid} 的部门与重算结果不符。`);
    }
    const joint = this.record.visits.filter(({ parts }) => parts.length > 1).length;
    return `${joint} 家由两个以上部门一次检查，与重算结果相同。`;
  }

  last() {
    this.record.last.forEach((own, d) => {
      const { dept } = this.record.announcement.departments[d];
      for (const [stratum, ticket] of Object.entries(own)) {
        const says = `部门 ${dept} 层“${stratum}”的末位抽签号与重算结果不符。`;
        demand(this.draw.departments[d].last(stratum) === ticket, says);
      }
    });
    return "各部门各层末位抽签号与重算结果相同。";
  }
}

const BALLOT_STEPS = [
  ["格式与次序", "form"],
  ["抽取编号", "number"],
  ["名册根", "roots"],
  ["号码表", "roll"],
  ["回避", "avoidances"],
  ["号码", "numbers"],
  ["重算", "again"],
  ["抽中对象与次序", "drawn"],
  ["联合检查", "joint"],
  ["检查组", "teams"],
  ["密封根", "sealed"],
  ["锚定", "anchor"],
];

// Which protocol a file says it follows; whatever cannot be read goes the ordinary way and fails.
function versionOf(content) {
  try {
    const announced = parse(content).get("announcement");
    return isMap(announced) ? announced.get("v") : "";
  } catch {
    return "";
  }
}

const STEPS = [
  ["格式与次序", "form"],
  ["抽取编号", "number"],
  ["名册根", "roots"],
  ["份额与承诺", "shares"],
  ["种子", "seed"],
  ["回避", "avoidances"],
  ["重算", "again"],
  ["抽中对象与次序", "drawn"],
  ["联合检查", "joint"],
  ["检查组", "teams"],
  ["密封根", "sealed"],
  ["末位抽签号", "last"],
  ["锚定", "anchor"],
];

// `content` is the file, as bytes or text; anchors are digests copied from paper or the portal.
export function verify(content, anchors = {}) {
  const version = versionOf(content);
  const byBalls = version === "BL1";
  const kinds = { BL1: BallotVerifier, DR2: JointVerifier };
  const check = new (Object.hasOwn(kinds, version) ? kinds[version] : Verifier)(content, anchors);
  const order = byBalls ? BALLOT_STEPS : STEPS;
  const steps = [];
  let isSound = true;
  for (const [name, act] of order) {
    try {
      const says = check[act]();
      steps.push({ name, ok: true, isOpen: act === "anchor" && !check.isAnchored, says });
    } catch (fault) {
      if (!(fault instanceof Complaint || fault instanceof RangeError)) throw fault;
      const says = fault instanceof Complaint ? fault.message : "数据过大或嵌套过深，无法核对。";
      steps.push({ name, ok: false, says });
      isSound = false;
      break;
    }
  }
  return {
    steps,
    ok: isSound,
    of: order.length,
    byBalls,
    isJoint: version === "DR2",
    record: check.record,
    isRehearsal: Boolean(check.isRehearsal),
    isAnchored: Boolean(check.isAnchored),
    announcement: check.digest ? hex(check.digest) : "",
  };
}
