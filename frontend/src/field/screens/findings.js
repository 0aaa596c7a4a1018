// The problems of one item. A copy of one stays beside the record, and is sent with nothing, until
// somebody has looked at it.
import { keep } from "../book.js";
import { button, field, h, typed } from "../dom.js";
import { later } from "./later.js";

const of = (rows, item) => rows.filter((one) => one.item === item.code);

// `paint` draws the card of the item anew.
export function findings(context, item, paint) {
  const { held, ref, guarded } = context;
  const { record } = held;
  const changed = (change) =>
    guarded(async () => {
      change();
      paint();
      await keep(ref);
    });
  const another = changed(() => {
    const last = record.findings.findLast((one) => one.item === item.code);
    record.findings.push({ item: item.code, says: "", legal_basis: last?.legal_basis ?? item.legal_basis, evidence: [] });
  });
  const copy = (one) =>
    changed(() => {
      if (!one.says.trim()) throw new Error("这个问题还没有写，写好以后再复制。");
      held.copies.push({ item: item.code, says: one.says, legal_basis: one.legal_basis });
    });
  const leave = (one) => {
    held.copies = held.copies.filter((other) => other !== one);
  };
  const take = (one) =>
    changed(() => {
      if (!one.says.trim()) throw new Error("复制来的问题没有文字，请写明，或者不要这一份。");
      leave(one);
      record.findings.push({ ...one, evidence: [] });
    });
  return [
    of(record.findings, item).map((one) => h("div", { class: "finding" }, boxes(context, one), button("复制这个问题", copy(one)))),
    of(held.copies, item).map((one) => h("div", { class: "finding copy" }, h("p", { class: "wants" }, "待确认：复制来的，请核对文字。照片没有复制，核对以后再拍。"), boxes(context, one), h("div", { class: "row" }, button("不要这一份", changed(() => leave(one))), button("已核对，记入", take(one), "primary")))),
    button("再记一个问题", another),
  ];
}

function boxes(context, one) {
  const box = (name, more) => typed(one[name], (event) => { one[name] = event.target.value; later(context); }, more);
  return [field("问题", box("says", { rows: 3 })), field("依据", box("legal_basis", { maxlength: 500 }))];
}

// What was copied and not looked at, for each item at which a problem was found.
export function unseenCopies(items, held) {
  return items.flatMap((item) => {
    const isProblem = held.record.answers.some((one) => one.item === item.code && one.result === "problem");
    const count = of(held.copies, item).length;
    return isProblem && count ? [`“${item.name}”有 ${count} 个复制来的问题待确认，请核对后记入，或者不要这一份。`] : [];
  });
}
