// After the checklist: what follows from a problem, what the enterprise says, and reading it all back.
import { askedItems, book, doubts, hasProblem } from "../book.js";
import { stamp } from "../queue.js";
import { button, choices, field, h, tick, typed, wholeText } from "../dom.js";
import { place } from "../place.js";
import { unseenCopies } from "./findings.js";
import { later } from "./later.js";

const RESULTS = { no_problem: "未发现问题", problem: "发现问题", na: "不涉及" };

export function opinionScreen(context) {
  const { row, held, step } = context;
  const { record } = held;
  if (!record.unvisitable && !hasProblem(held)) record.handling = "";
  return [
    h("h1", {}, "说明和意见"),
    !record.unvisitable && hasProblem(held) ? choices("怎样处理", book.words.handling, record.handling, (value) => { record.handling = value; context.keep(); }) : "",
    field("被检查单位的说明和意见（选填）", typed(record.opinion, (event) => { record.opinion = event.target.value; later(context); }, { rows: 4 }), "没有意见的可以不填，签字前还会宣读。"),
    row.state === "returned" ? field("补正理由", typed(held.reason ?? "", (event) => { held.reason = event.target.value; later(context); }, { rows: 2 }), `退回理由：${row.return_reason}`) : "",
    h("div", { class: "thumb" }, button("下一步：核对记录", () => step("reading"), "primary")),
  ];
}

// What stands in the way of signing, said before anybody signs.
export function lacking(row, held) {
  const { record } = held;
  const says = [];
  if (record.unvisitable) {
    if (!record.unvisitable_reason.trim()) says.push("还没有写明现场看到的情况和理由。");
    return says;
  }
  for (const item of askedItems(row, held)) {
    const given = record.answers.find((one) => one.item === item.code);
    if (!given?.result) says.push(`“${item.name}”还没有选择检查结果。`);
    else if (given.result === "problem" && !record.findings.some((one) => one.item === item.code && one.says.trim())) says.push(`“${item.name}”选择了“发现问题”，请写明问题。`);
    else if (item.evidence_required && given.result !== "na" && !held.files.some((file) => file.item === item.code)) says.push(`“${item.name}”应取证据：${item.evidence_required}。`);
  }
  says.push(...unseenCopies(askedItems(row, held), held));
  if (hasProblem(held) && !record.handling) says.push("发现了问题，请选择怎样处理。");
  return says;
}

// On paper every question stands, with what makes it one.
export function readBack(row, held, { isWhole = false } = {}) {
  const { record } = held;
  const word = (kind, value) => book.words[kind].find(([one]) => one === value)?.[1] ?? "";
  return [
    h("dl", { class: "facts" }, [["到场", record.started_at], ["亮证", record.identity_shown_at], ["告知", record.notice_given_at], ["检查结束", record.ended_at]].map(([label, at]) => [h("dt", {}, label), h("dd", {}, wholeText(at))])),
    record.unvisitable ? h("p", {}, `${word("unvisitable", record.unvisitable)}：${record.unvisitable_reason}`) : h("ol", { class: "answers" }, asked(row, held, isWhole)),
    record.handling ? h("p", {}, `处理：${word("handling", record.handling)}`) : "",
    h("p", {}, `被检查单位的说明和意见：${record.opinion || "无"}`),
    held.cameras?.length ? h("p", {}, `执法记录仪录像：${held.cameras.join("、")}`) : "",
    h("p", {}, `证据 ${held.files.filter((file) => !file.says.startsWith("签名")).length} 件`),
  ];
}

function asked(row, held, isWhole) {
  const found = new Set(askedItems(row, held));
  const skipped = (item) => h("li", {}, `${item.name}：不需要填写（${item.asked_on[2]}）`);
  return (isWhole ? row.items : [...found]).map((item) => (found.has(item) ? readItem(item, held.record) : skipped(item)));
}

function readItem(item, record) {
  const given = record.answers.find((one) => one.item === item.code);
  const findings = record.findings.filter((one) => one.item === item.code && given?.result === "problem");
  return h("li", {}, `${item.name}：${RESULTS[given?.result] ?? "未选择"}`, findings.map((one) => h("p", { class: "problem" }, `${one.says}（${one.legal_basis || item.legal_basis}）`)));
}

export function readingScreen(context) {
  const { row, held, step, app } = context;
  const { record } = held;
  const says = lacking(row, held);
  const asks = doubts(row, { ...held, record: { ...record, ended_at: null } });
  const ended = async (event) => {
    if (!record.is_read_back && !record.unvisitable) return app.fail(new Error("签字前请把记录交被检查单位核对，或者向其宣读。"));
    if (doubts(row, { ...held, record: { ...record, ended_at: stamp() } }).length && !(held.reason ?? "").trim()) return app.fail(new Error("请先写明需要说明的情况是什么原因。"));
    event.target.disabled = true;
    record.ended_at = stamp();
    held.places.leaving = await place();
    await step("signing");
  };
  return [
    h("h1", {}, "核对记录"),
    says.length ? h("div", { class: "alert", role: "alert" }, h("p", {}, "还不能签字："), h("ul", {}, says.map((one) => h("li", {}, one))), button("回到检查表", () => step("checklist"))) : "",
    h("section", {}, readBack(row, held)),
    tick("记录已交被检查单位核对，或者已向其宣读", Boolean(record.is_read_back), (isOn) => { record.is_read_back = Number(isOn); context.keep(); }),
    asks.length ? h("section", { class: "notice" }, h("h2", {}, "需要说明的情况"), h("ul", {}, asks.map((one) => h("li", {}, one))), field("原因", typed(held.reason ?? "", (event) => { held.reason = event.target.value; later(context); }, { rows: 2, maxlength: 500 }), "随记录提交，审核人员会看到。")) : "",
    says.length ? "" : h("div", { class: "thumb" }, button("检查结束，去签字", ended, "primary")),
  ];
}

