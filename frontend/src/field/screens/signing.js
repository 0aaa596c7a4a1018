// Signatures on the glass: two officers, each by the own proof, and the enterprise or why not.
import { act, addFile, book, keep, keepRecord, refresh } from "../book.js";
import { encode, sha256 } from "../seal.js";
import { alertBox, button, choices, field, h, section, typed } from "../dom.js";
import { pad } from "../signature.js";
import { later } from "./later.js";
import { readBack } from "./closing.js";

const STANDS = ["signed", "stamped"];
const representative = (record) => record.signatures.find((one) => one.role !== "inspector");
export const signed = (record, ref) => record.signatures.find((one) => one.role === "inspector" && one.ref === ref);
const blank = { name: "", role: "", ref: "", sign_status: "", authorisation: "", reason: "", witness: "", recording: "" };

// What a signature is set under: everything but the signatures.
async function contentDigest(held) {
  return sha256(encode(JSON.stringify({ ...held.record, signatures: [] })));
}

async function keepPicture(context, who, bytes) {
  const digest = await contentDigest(context.held);
  context.held.signedUnder = digest;
  const says = `签名：${who}，所签内容摘要 ${digest.slice(0, 32)}`;
  await addFile(context.ref, { bytes, name: `签名-${who}.png`, kind: "copy", says });
}

// Who signed has signed what was read; whatever changed afterwards is signed again.
async function dropWhatChanged({ ref, held }) {
  if (!held.signedUnder || held.signedUnder === (await contentDigest(held))) return "";
  held.record.signatures = held.record.signatures.filter((one) => one.role !== "inspector");
  Object.assign(held, { signedUnder: "", hasMark: false, pins: {}, remote: {} });
  await keep(ref);
  return "签字以后记录有改动，以前的签字作废，请全部重新签字。";
}

export async function signingScreen(context) {
  const { row, held } = context;
  const changed = await dropWhatChanged(context);
  const officers = row.team.map((one) => officer(context, one));
  return [
    h("h1", {}, "签字"),
    changed ? alertBox(changed) : "",
    section("检查人员", h("p", {}, "须有 2 名以上检查人员签字，各人签各人的：同事在这部手机上签字须输入本人的签字口令，也可以在自己的手机上签。"), officers),
    section("被检查单位", enterprise(context)),
    h("div", { class: "thumb" }, button("核对签字，去打印", () => toPrint(context), "primary")),
  ];
}

function officer(context, one) {
  const { app, row, held, guarded } = context;
  const title = `${one.name}（证号 ${one.card || "未登记"}）`;
  if (held.remote?.[one.ref]) return waiting(context, one, title);
  if (signed(held.record, one.ref) && (one.ref === row.me || held.pins[one.ref])) return h("p", { class: "done" }, `${title}：已签字`);
  if (signed(held.record, one.ref)) return pinAgain(context, one, title);
  const pin = h("input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12 });
  const says = h("div");
  const done = async (bytes, wrong) => {
    const noPin = one.ref !== row.me && !/^\d{6,12}$/.test(pin.value) ? `请${one.name}输入本人的签字口令，6 至 12 位数字。` : "";
    if (wrong || noPin) return says.replaceChildren(alertBox(wrong || noPin));
    return guarded(async () => {
      await keepPicture(context, one.name, bytes);
      held.record.signatures.push({ ...blank, name: one.name, role: "inspector", ref: one.ref, sign_status: "signed" });
      if (one.ref !== row.me) held.pins[one.ref] = pin.value;
      await keep(context.ref);
      await app.show();
    })();
  };
  return h("div", { class: "signer" }, h("h3", {}, title), one.ref === row.me ? "" : field(`${one.name}的签字口令`, pin), pad(one.name, done), says, one.ref === row.me ? "" : button(`${one.name}在自己的手机上签`, () => elsewhere(context, one)));
}

// The colleague signs on the own phone what the server has of this record; the submission waits.
const elsewhere = (context, one) =>
  context.guarded(async () => {
    const { app, held, ref } = context;
    held.record.signatures.push({ ...blank, name: one.name, role: "inspector", ref: one.ref, sign_status: "signed" });
    held.remote = { ...held.remote, [one.ref]: true };
    held.signedUnder ||= await contentDigest(held);
    await keepRecord(ref);
    await app.show();
  })();

function waiting({ app, held, ref, guarded }, one, title) {
  const back = guarded(async () => {
    held.record.signatures = held.record.signatures.filter((row) => row.ref !== one.ref);
    delete held.remote[one.ref];
    await keep(ref);
    await app.show();
  });
  return h("div", { class: "signer" }, h("p", { class: "done" }, `${title}：在自己的手机上签`), h("p", {}, `请${one.name}打开自己的手机，进入这次检查，按“给同事的记录签字”。两部手机都上传以后，提交才办理。`), button("改在这部手机上签", back));
}

// On the colleague's phone: what the server keeps, read and signed.
export function cosignScreen(context) {
  const { app, ref, row, held, guarded } = context;
  const says = h("div");
  const done = async (bytes, wrong) => {
    if (wrong) return says.replaceChildren(alertBox(wrong));
    return guarded(async () => {
      const me = row.team.find((one) => one.ref === row.me);
      const body = await sha256(encode(JSON.stringify({ ...row.record, signatures: [] })));
      await addFile(ref, { bytes, name: `签名-${me.name}.png`, kind: "copy", says: `签名：${me.name}，所签内容摘要 ${body.slice(0, 32)}` });
      held.cosigned = JSON.stringify(row.record);
      await keep(ref, [act(ref, "sign", { record: row.record })]);
      await app.show();
    })();
  };
  const hasSigned = held.cosigned === JSON.stringify(row.record);
  return [
    h("h1", {}, "给同事的记录签字"),
    row.record.ended_at ? "" : alertBox("同事的手机还没有上传完整的记录。请在同事签字、上传以后按“刷新”。"),
    h("section", {}, readBack(row, { record: row.record, files: row.evidence.map((file) => ({ says: file.says })), cameras: row.cameras })),
    hasSigned ? h("p", { class: "done", role: "status" }, "您已签字，上传以后同事的提交就会办理。") : row.record.ended_at ? h("div", { class: "signer" }, pad(row.team.find((one) => one.ref === row.me).name, done), says) : "",
    h("div", { class: "row" }, button("刷新", guarded(async () => { await refresh(); await app.show(); })), button("返回", () => { held.isCosigning = false; return app.show(); })),
  ];
}

// The digits are never kept on the phone, so after a restart they are asked for again.
export function pinAgain({ held, app }, one, title) {
  const pin = h("input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12 });
  return h("div", {}, h("p", { class: "done" }, `${title}：已签名`), field(`${one.name}的签字口令`, pin), button("确认口令", () => {
    if (!/^\d{6,12}$/.test(pin.value)) return app.fail(new Error("签字口令为 6 至 12 位数字。"));
    held.pins[one.ref] = pin.value;
    return app.show();
  }));
}

function enterprise(context) {
  const { app, held, guarded } = context;
  const { record } = held;
  let who = representative(record);
  const change = (changes) => {
    if (!who) record.signatures.push((who = { ...blank }));
    Object.assign(who, changes);
  };
  const text = (name, label, hint = "") => field(label, typed(who?.[name] ?? "", (event) => { change({ [name]: event.target.value }); later(context); }), hint);
  const choose = (name) =>
    guarded(async (value) => {
      change({ [name]: value });
      await keep(context.ref);
      await app.show();
    });
  const says = h("div");
  const done = async (bytes, wrong) => {
    if (!wrong && !who?.name.trim()) wrong = "请先填写签字人姓名。";
    if (wrong) return says.replaceChildren(alertBox(wrong));
    return guarded(async () => {
      await keepPicture(context, who.name, bytes);
      held.hasMark = true;
      await keep(context.ref);
      await app.show();
    })();
  };
  const stands = STANDS.includes(who?.sign_status);
  return [
    choices("签字或盖章", book.words.sign_status, who?.sign_status, choose("sign_status")),
    stands ? [text("name", "签字人姓名"), choices("身份", book.words.signer_role, who?.role, choose("role")), who?.role === "site_manager" ? text("authorisation", "授权情况", "授权书编号，或者电话确认的情况。") : ""] : "",
    who?.sign_status === "signed" ? (held.hasMark ? h("p", { class: "done" }, "被检查单位已签字") : h("div", { class: "signer" }, pad("被检查单位", done), says)) : "",
    who?.sign_status && !stands ? [h("p", {}, "没有签字或盖章的，三项都要写明，并保留现场录像。"), text("reason", "没有签字或盖章的原因"), text("witness", "见证人", "姓名和单位；现场没有见证人的，写明这一情况。"), text("recording", "现场音像记录编号", held.cameras.length ? `已登记的录像：${held.cameras.join("、")}` : "")] : "",
  ];
}

export function problems({ row, held }) {
  const { record } = held;
  const says = [];
  const officers = row.team.filter((one) => signed(record, one.ref));
  if (officers.length < 2) says.push(`须有 2 名以上检查人员签字，现有 ${officers.length} 名。`);
  for (const one of officers) if (one.ref !== row.me && !held.pins[one.ref] && !held.remote?.[one.ref]) says.push(`请${one.name}输入本人的签字口令。`);
  const who = representative(record);
  if (record.unvisitable === "closed_or_moved" && !who) return says;
  if (!who?.sign_status) return [...says, "请登记被检查单位签字或盖章的情况。"];
  if (!STANDS.includes(who.sign_status)) {
    for (const [name, label] of [["reason", "原因"], ["witness", "见证人"], ["recording", "现场音像记录编号"]]) if (!who[name].trim()) says.push(`没有签字或盖章的，请写明${label}。`);
    return says;
  }
  if (!who.name.trim()) says.push("请写明签字人姓名。");
  if (!who.role) says.push("请选择签字人的身份。");
  if (who.role === "site_manager" && !who.authorisation.trim()) says.push("由现场负责人签章的，请写明授权情况。");
  if (who.sign_status === "signed" && !held.hasMark) says.push("请被检查单位在方框内签字。");
  return says;
}

// Signed by everybody: what the paper shows is fixed, and printed before it is handed in.
const toPrint = (context) =>
  context.guarded(async () => {
    const says = problems(context);
    if (says.length) throw new Error(says.join(""));
    await context.done("printing");
  })();
