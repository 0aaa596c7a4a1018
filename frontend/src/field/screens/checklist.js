// The checklist: one tap an item; a problem opens its own fields, what was not touched stays open.
import { addFile, answer, answerOf, answered, askedItems, book, dropUnasked, keep } from "../book.js";
import { button, choices, field, h, typed } from "../dom.js";
import { thumbnail } from "../picture.js";
import { findings } from "./findings.js";
import { later } from "./later.js";

const RESULTS = [["no_problem", "未发现问题"], ["problem", "发现问题"], ["na", "不涉及"]];

export function checklistScreen(context) {
  const { row, held, step } = context;
  if (held.isUnvisitable || held.record.unvisitable) return unvisitable(context);
  const items = askedItems(row, held);
  const groups = grouped(items);
  const left = items.length - answered(held);
  const onward = button(left ? `还有 ${left} 项没有选择` : "下一步：说明和意见", () => {
    dropBlank(held);
    return step("opinion");
  }, "primary");
  return [
    h("h1", {}, "检查表"),
    [...groups].map(([name, items]) => h("section", {}, h("h2", {}, name), items.map((item) => itemCard(context, item, onward)))),
    h("p", {}, button("现场无法检查", () => {
      held.isUnvisitable = true;
      return step("checklist");
    })),
    h("div", { class: "thumb" }, onward),
  ];
}

// A box that stayed empty is no finding, unless it is all there is to a problem: then it is asked for.
function dropBlank(held) {
  const { findings } = held.record;
  const isSaid = (one) => one.says.trim() !== "";
  const hasSaid = (code) => findings.some((one) => one.item === code && isSaid(one));
  const first = (one) => findings.find((other) => other.item === one.item) === one;
  held.record.findings = findings.filter((one) => isSaid(one) || (!hasSaid(one.item) && first(one)));
}

function grouped(items) {
  const found = new Map();
  for (const item of items) found.set(item.group_name, [...(found.get(item.group_name) ?? []), item]);
  return found;
}

function itemCard(context, item, onward) {
  const { held, row, ref, app } = context;
  const more = h("div");
  const paint = () => {
    const given = answerOf(held, item.code);
    more.replaceChildren(...[given?.result === "problem" ? findings(context, item, paint) : "", proofs(context, item, given?.result)].flat(2));
    const left = askedItems(row, held).length - answered(held);
    onward.textContent = left ? `还有 ${left} 项没有选择` : "下一步：说明和意见";
  };
  const choose = context.guarded(async (result) => {
    const before = askedItems(row, held).length;
    answer(held, item.code, { result });
    dropUnasked(row, held);
    if (result === "problem" && !held.record.findings.some((one) => one.item === item.code)) {
      held.record.findings.push({ item: item.code, says: "", legal_basis: item.legal_basis, evidence: [] });
    }
    if (result !== "problem") held.record.findings = held.record.findings.filter((one) => one.item !== item.code || one.says);
    paint();
    await keep(ref);
    if (askedItems(row, held).length !== before) await app.show();
    app.refreshTop();
  });
  const card = h(
    "div",
    { class: "item" },
    choices(item.name, RESULTS, answerOf(held, item.code)?.result, choose),
    item.asked_on ? h("p", { class: "hint" }, item.asked_on[2]) : "",
    h("p", { class: "hint" }, item.point, item.evidence_required ? `（应取证据：${item.evidence_required}）` : ""),
    item.law_text || item.legal_basis ? h("details", {}, h("summary", {}, "依据"), h("p", {}, item.legal_basis), h("p", { class: "law" }, item.law_text)) : "",
    more,
  );
  paint();
  return card;
}

function proofs(context, item, result) {
  const { held } = context;
  const files = held.files.filter((file) => file.item === item.code);
  const wants = item.evidence_required && !files.length && result && result !== "na";
  return h("div", { class: "proofs" }, wants ? h("p", { class: "wants" }, `还没有证据：${item.evidence_required}`) : "", files.map((file) => h("span", { class: "file" }, `${file.kind === "photo" ? "照片" : "文件"} ${file.sha256.slice(0, 8)}`)), takers(context, item.code));
}

const KINDS = [["photo", "拍照", "image/jpeg,image/png,image/webp", "environment"], ["video", "录像", "video/*", "environment"], ["audio", "录音", "audio/*", null], ["copy", "文件", "image/jpeg,image/png,image/webp,application/pdf", null]];

// The first is one tap away; the others unfold.
export function takers(context, code) {
  const inputs = KINDS.map((kind) => taker(context, code, kind));
  return [inputs[0], h("details", { class: "others" }, h("summary", {}, "录像、录音、文件"), inputs.slice(1))];
}

function taker(context, code, [kind, label, accept, capture]) {
  const { app, ref, row, held } = context;
  const input = h("input", { type: "file", accept, capture, class: "hidden-input" });
  input.addEventListener("change", context.guarded(async () => {
    const file = input.files[0];
    if (!file) return;
    app.say("正在保存");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const thumb = kind === "photo" ? await thumbnail(bytes, `${row.subject_name} ${row.ref}`) : null;
    const id = await addFile(ref, { bytes, name: file.name || `${label}.bin`, kind, item: code, thumb });
    const one = held.record.findings.findLast((found) => found.item === code);
    if (id && one) {
      one.evidence.push(id);
      await keep(ref);
    }
    await app.show();
  }));
  return h("label", { class: "button taker" }, label, input);
}

function unvisitable(context) {
  const { held, step, app } = context;
  const { record } = held;
  const undo = () => {
    held.isUnvisitable = false;
    record.unvisitable = "";
    return step(record.identity_shown_at ? "checklist" : "identity");
  };
  const onward = () => {
    if (!record.unvisitable || !record.unvisitable_reason.trim()) return app.fail(new Error("请选择属于哪种情形，并写明现场看到的情况和理由。"));
    return step("opinion");
  };
  return [
    h("h1", {}, "现场无法检查"),
    h("p", {}, "选择情形并写明理由后，不需要逐项填写检查表。"),
    choices("属于哪种情形", book.words.unvisitable, record.unvisitable, (value) => { record.unvisitable = value; context.keep(); }),
    field("现场看到的情况和理由", typed(record.unvisitable_reason, (event) => { record.unvisitable_reason = event.target.value; later(context); }, { rows: 3 })),
    h("div", { class: "proofs" }, takers(context, "")),
    h("div", { class: "thumb" }, button("可以检查，回到检查表", undo), button("下一步：说明和意见", onward, "primary")),
  ];
}

