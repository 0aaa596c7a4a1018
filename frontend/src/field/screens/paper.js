// The record on paper, without a network: A4 or the strip of a pocket printer, with the digest of
// all answers and files as text and as a code.
import { keep, paperOf, parcel, state } from "../book.js";
import { button, h, wholeText } from "../dom.js";
import { picture } from "../qr.js";
import { encode, hex } from "../seal.js";
import { readBack } from "./closing.js";

const WIDTHS = { a4: "A4 纸", 80: "80 毫米热敏纸", 58: "58 毫米热敏纸" };
const STATUS = { signed: "已签字", stamped: "已盖章", refused: "拒绝", absent: "不在场", unable: "无法签章" };

export function paperScreen(app, ref, size) {
  const held = state(ref);
  const row = parcel(ref) ?? held.row;
  const back = () => app.go(parcel(ref) ? `visit/${ref}` : "");
  // Before it is handed in, only what everybody signed goes on paper.
  if (!held.isSubmitted && (!held.paper || held.paper !== paperOf(ref))) return [h("h1", {}, "现在还不能打印"), h("p", {}, "请在全部签字以后，从“打印记录”一步打印。"), button("返回", back, "primary")];
  const sheet = h("article", { class: `sheet sheet-${size in WIDTHS ? size : "a4"}` });
  crypto.subtle.digest("SHA-256", encode(held.paper)).then((digest) => sheet.replaceChildren(...content(row, held, hex(digest)).flat(9)));
  return [
    h("div", { class: "screen-only" }, h("h1", {}, "打印检查记录"), h("p", {}, `纸张：${WIDTHS[size] ?? WIDTHS.a4}。在打印窗口中选择同样的纸张。`), h("div", { class: "row" }, button("打印", () => printed(ref, held), "primary"), button("返回", back))),
    sheet,
  ];
}

// The pages are set with the kept font, or not before it is clear that there is none.
async function printed(ref, held) {
  if (!held.isSubmitted && held.printed !== held.paper) {
    held.printed = held.paper;
    await keep(ref);
  }
  const late = new Promise((go) => setTimeout(go, 3000));
  await Promise.race([document.fonts.load('16px "gongchou-paper"', "中㙍").catch(() => {}), late]);
  print();
}

function content(row, held, digest) {
  return [
    h("h2", {}, "现场检查记录"),
    h("p", {}, row.subject_name),
    h("p", { class: "small" }, `${row.uscc ? `统一社会信用代码 ${row.uscc}　` : ""}检查编号 ${row.ref}`),
    h("p", { class: "small" }, `检查人员：${row.team.map((one) => `${one.name}（${one.card || "证号未登记"}）`).join("、")}`),
    readBack(row, held, { isWhole: true }),
    h("h3", {}, "签字"),
    held.record.signatures.map((one) => h("p", {}, `${one.role === "inspector" ? "检查人员" : "被检查单位"} ${one.name}：${STATUS[one.sign_status] ?? ""}${one.reason ? `，${one.reason}；见证人 ${one.witness}；音像记录 ${one.recording}` : ""}`)),
    h("p", { class: "line" }, "被检查单位签字或盖章："),
    h("p", { class: "line" }, "检查人员签字："),
    h("div", { class: "proof" }, picture(`GC1:${digest}`), h("div", {}, h("p", { class: "small" }, "记录和全部证据的摘要，可在系统“核对纸质记录”页核对："), h("p", { class: "digest" }, digest.match(/.{4}/g).join(" ")))),
    h("p", { class: "small" }, `打印时间 ${wholeText(Date.now())}`),
  ];
}
