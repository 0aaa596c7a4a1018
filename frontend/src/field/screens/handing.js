// After the signatures: the paper is printed for the enterprise, then the record is handed in.
import { act, keep, paperOf } from "../book.js";
import * as store from "../store.js";
import { alertBox, button, h, section } from "../dom.js";
import { pinAgain, problems, signed } from "./signing.js";

const SIZES = [["a4", "A4 纸"], ["80", "80 毫米热敏纸"], ["58", "58 毫米热敏纸"]];
const papers = (ref) => h("ul", { class: "papers" }, SIZES.map(([size, label]) => h("li", {}, h("a", { class: "button", href: `#paper/${ref}/${size}` }, label))));

function printedSays({ printed, paper }) {
  if (printed === paper) return h("p", { class: "done", role: "status" }, "已打印这一份记录。");
  if (printed) return alertBox("打印以后又有新的内容，先前打印的纸与记录不一致。请收回作废，重新打印。");
  return h("p", { class: "hint" }, "还没有打印。现场没有打印机的，可以先提交，提交以后打印的是同一份记录。");
}

export async function printingScreen(context) {
  const { ref, row, held } = context;
  const paper = paperOf(ref);
  if (held.paper !== paper) {
    held.paper = paper;
    await keep(ref);
  }
  const nameless = row.team.filter((one) => one.ref !== row.me && signed(held.record, one.ref) && !held.pins[one.ref] && !held.remote?.[one.ref]);
  return [
    h("h1", {}, "打印记录"),
    h("p", {}, "请打印后交被检查单位核对、签字或盖章，双方各留一份，再提交。纸上的二维码可以核对记录和证据是否被改动。"),
    papers(ref),
    printedSays(held),
    nameless.map((one) => pinAgain(context, one, `${one.name}（证号 ${one.card || "未登记"}）`)),
    h("div", { class: "thumb" }, button("提交记录", () => submit(context), "primary")),
  ];
}

// A second tap while the first is at work is the same submission.
const submitting = new Set();

const submit = (context) =>
  context.guarded(async () => {
    const { app, ref, held } = context;
    if (held.isSubmitted || submitting.has(ref)) return;
    const says = problems(context);
    if (says.length) throw new Error(says.join(""));
    submitting.add(ref);
    try {
      await handIn(context);
    } finally {
      submitting.delete(ref);
    }
    await app.show();
  })();

async function handIn({ ref, row, held }) {
  held.paper = paperOf(ref);
  // Once the server has it the visit leaves the phone's list, and can still be printed again.
  held.row = { ...structuredClone(row), briefing: null, gate: null };
  held.saved = JSON.stringify(held.record);
  const body = { record: held.record, base: held.base, paper: held.paper, place: held.places.leaving, reason: held.reason ?? "" };
  // A submission that the server could not take yet is replaced, not sent beside the new one.
  const stuck = (await store.all("queue")).filter((one) => one.visit === ref && one.kind === "submit");
  const more = { pins: { ...held.pins }, ...(stuck.length ? { after: stuck[0].after } : {}) };
  Object.assign(held, { isSubmitted: true, step: "done" });
  await keep(ref, [act(ref, "submit", body, more)], stuck.map((one) => one.n));
}

export async function doneScreen(context) {
  const { app, ref, held, step } = context;
  const mine = (await store.all("queue")).filter((one) => one.visit === ref);
  const stuck = mine.find((one) => one.isStuck);
  const again = () => {
    Object.assign(held, { isSubmitted: false, pins: {}, remote: {} });
    return step("signing");
  };
  return [
    h("h1", {}, mine.length ? "已提交，等待上传" : "已提交并上传"),
    mine.length ? h("p", {}, `这次检查还有 ${mine.length} 项未上传，已加密保存在手机上，有网络时自动上传。`) : h("p", {}, "服务器已收到全部内容，记录已锁定，等待审核。"),
    stuck ? h("div", { class: "alert" }, h("p", {}, stuck.says), stuck.kind === "submit" ? button("回到签字，改正后重新提交", again) : "") : "",
    section("打印", h("p", {}, "还没有打印的，请打印后交被检查单位签字或盖章，纸上的二维码可以核对记录是否被改动。"), papers(ref)),
    h("div", { class: "thumb" }, button("离场，回到检查清单", () => app.go(""), "primary")),
  ];
}
