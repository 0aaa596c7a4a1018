// The page: files and digests in, sentences out. Nothing leaves the device.

import { Complaint } from "./canon.js";
import { checkOwn } from "./own.js";
import { verify } from "./verify.js";

const LAYERS = new Map([
  ["key", "重点"],
  ["special", "特殊"],
  ["general_listed", "一般（正面清单内）"],
  ["general_unlisted", "一般（正面清单外）"],
  ["fresh", "年内未查"],
  ["visited", "年内已查"],
  ["capped", "已达年度上限"],
]);
const ALGORITHMS = { sha256: "SHA-256", sm3: "国密 SM3" };

const part = (id) => document.getElementById(id);
let dropped = null;
let verified = null;

const grouped = (digest) => digest.match(/.{1,4}/g).join(" ");

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

const MARKS = { good: ["✓", "相符"], bad: ["✗", "不符"], open: ["○", "请您核对"] };

function stepRow({ name, ok, isOpen, says }, i) {
  const state = ok ? (isOpen ? "open" : "good") : "bad";
  const [mark, word] = MARKS[state];
  const row = element("li", "", state);
  row.append(
    element("span", mark, "mark"),
    element("span", `${i + 1}．${name}：${word}`, "name"),
    element("span", says, "says"),
  );
  return row;
}

function show(section, isGood, heading, text) {
  section.hidden = false;
  section.className = isGood ? "good" : "bad";
  heading.textContent = text;
}

function verdictOf(found) {
  if (!found.ok) return `核对不通过：第 ${found.steps.length} 步“${found.steps[found.steps.length - 1].name}”不符`;
  const steps = found.steps.filter(({ isOpen }) => !isOpen).length;
  if (found.isRehearsal) return `演练记录，${steps} 步逐一相符${found.isAnchored ? "" : "，尚未锚定"}`;
  return found.isAnchored ? "核对通过" : `记录自身 ${steps} 步相符，尚未锚定`;
}

function adviceOf(found) {
  if (!found.ok) return "后面的步骤没有再做。请确认文件取自公示页面且没有改动；仍不符的，可以向公布记录的机关提出。";
  if (found.isAnchored) return `这份记录与您给出的公告摘要、密封根一致，抽中对象、次序、检查组都由当时公开的规则和${found.byBalls ? "摇出的号码" : "随机数"}决定。`;
  return "记录自身没有矛盾。请把下面的公告摘要和密封根与公示页面或签字的纸面逐字核对，或填入上面两栏再核对一次。";
}

function fact(name, value, isDigest) {
  const holder = element("dd", "");
  holder.append(isDigest ? element("code", grouped(value)) : value);
  part("facts").append(element("dt", name), holder);
}

// key.fresh is 重点，年内未查; names this page does not know stay as they are.
const layerName = (stratum) =>
  stratum.split(".").map((name) => LAYERS.get(name) ?? name).join("，");

function showFacts(found) {
  part("facts").replaceChildren();
  const { announcement, visits, sealed } = found.record;
  fact("抽取编号", announcement.draw);
  fact("公告时间", announcement.announced.replace("T", " "));
  fact("摘要算法", ALGORITHMS[announcement.hash]);
  if (found.isJoint) {
    const orgs = announcement.departments.map(({ team }) => team.org);
    fact("抽取方式", `部门联合，${orgs.join("、")}共用抽签号，${orgs[0]}牵头`);
  }
  if (found.byBalls) fact("抽取方式", `人工摇号，${found.record.witnesses.length} 名见证人`);
  fact("抽中家数", `${visits.length} 家，其中联合检查 ${visits.filter((v) => v.parts.length > 1).length} 家`);
  if (found.announcement) fact("公告摘要", found.announcement, true);
  fact("密封根", sealed, true);
}

// One row a stratum; of a joint draw, of every department.
function strataRows(named, roster, rates, drawn) {
  return [...rates.keys()].sort().map((stratum) => {
    const own = roster.filter((row) => row.stratum === stratum);
    const row = element("tr", "");
    const hits = own.filter(({ pid }) => drawn.has(pid)).length;
    const texts = [named + layerName(stratum), own.length, hits];
    for (const text of texts) row.append(element("td", String(text)));
    return row;
  });
}

function showStrata({ roster, visits, announcement, lists }) {
  const of = (d) => visits.filter(({ parts }) => d === null || parts.some((part) => part[0] === d));
  const drawn = (d) => new Set(of(d).map(({ pid }) => pid));
  const rows = lists
    ? announcement.departments.flatMap(({ team, rates }, d) =>
        strataRows(`${team.org}：`, lists[d].roster, rates, drawn(d)),
      )
    : strataRows("", roster, announcement.rates, drawn(null));
  part("strata").tBodies[0].replaceChildren(...rows);
  part("strata").hidden = false;
}

function showResult(found) {
  verified = found.ok ? found.record : null;
  part("band").hidden = !found.isRehearsal;
  show(part("result"), found.ok, part("verdict"), verdictOf(found));
  part("advice").textContent = adviceOf(found);
  part("facts").replaceChildren();
  part("strata").hidden = true;
  if (found.record) showFacts(found);
  if (found.ok) showStrata(found.record);
  part("steps").replaceChildren(...found.steps.map(stepRow));
  part("own").hidden = !found.ok || found.byBalls;
  part("own-result").hidden = true;
  part("verdict").focus();
}

function choose(file) {
  if (!file) return;
  part("chosen").textContent = `已选择“${file.name}”。`;
  part("fault").textContent = "";
}

// Read when asked to check, not when chosen: what is judged is the file as it is now.
async function contentOf(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Complaint(`“${file.name}”读不出来，可能选择之后又有改动。请重新选择这个文件。`);
  }
}

async function check(event) {
  event.preventDefault();
  const file = dropped ?? part("file").files[0];
  if (!file) {
    part("fault").textContent = "还没有选择抽取记录。请先选择或拖入 record.json。";
    return;
  }
  const [announcement, sealed] = ["announcement", "sealed"].map((id) => part(id).value.trim());
  part("result").hidden = true;
  part("fault").textContent = "正在核对……";
  try {
    const content = await contentOf(file);
    await new Promise(setTimeout);
    showResult(verify(content, { announcement, sealed }));
    part("fault").textContent = "";
  } catch (fault) {
    if (!(fault instanceof Complaint)) throw fault;
    part("fault").textContent = fault.message;
  }
}

const placeOf = ({ dept, last }) =>
  `${dept ? `${dept}：` : ""}${last ? `本层末位抽签号 ${grouped(last)}` : "本层没有抽取"}`;

const listedIn = ({ dept, row }) => `${dept ? `${dept}的` : ""}“${layerName(row.stratum)}”`;

function ownSteps({ commitment, row, ticket, answers, isDrawn, isListed }) {
  const [places, layers] = [answers.map(placeOf).join("；"), answers.map(listedIn).join("、")];
  return [
    { name: "承诺", says: `由登记内容和盐值算出 ${grouped(commitment)}` },
    { name: "名录", says: `名录中有这一行，底册编号 ${row.pid}，属于${layers}` },
    { name: "抽签号", says: `本企业 ${grouped(ticket)}；${places}` },
    { name: "结论", says: ownSentence(isDrawn, isListed) },
  ].map((step) => ({ ...step, ok: true }));
}

function ownSentence(isDrawn, isListed) {
  if (!isDrawn) return "抽签号大于末位，没有抽中。";
  return isListed ? "抽签号不大于末位，已抽中。" : "曾被抽中，后来按规定免查，由下一号补抽。";
}

function checkSelf(event) {
  event.preventDefault();
  part("own-fault").textContent = "";
  part("own-result").hidden = true;
  try {
    const found = checkOwn(verified, part("private").value.trim(), part("salt").value.trim());
    const heading = found.isDrawn ? (found.isListed ? "已抽中" : "曾抽中，已免查") : "没有抽中";
    show(part("own-result"), true, part("own-verdict"), heading);
    part("own-steps").replaceChildren(...ownSteps(found).map(stepRow));
  } catch (fault) {
    if (!(fault instanceof Complaint)) throw fault;
    part("own-fault").textContent = fault.message;
  }
}

function dragged(event) {
  event.preventDefault();
  part("drop").classList.toggle("over", event.type === "dragover");
  if (event.type !== "drop") return;
  [dropped = null] = event.dataTransfer.files;
  part("file").value = "";
  choose(dropped);
}

part("file").addEventListener("change", () => {
  dropped = null;
  choose(part("file").files[0]);
});
for (const kind of ["dragover", "dragleave", "drop"]) part("drop").addEventListener(kind, dragged);
part("check").addEventListener("submit", check);
part("own-form").addEventListener("submit", checkSelf);

// For whoever wants to check many records: verifyRecord(text, {announcement, sealed}).
window.verifyRecord = (text, anchors) => {
  const { ok, steps, of, isRehearsal, isAnchored, announcement } = verify(text, anchors);
  return { ok, steps, of, isRehearsal, isAnchored, announcement };
};
