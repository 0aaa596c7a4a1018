// One visit, one thing a screen: before the gate, at the gate, the checklist, the end.
import { act, keep, keepRecord, parcel, state } from "../book.js";
import { iso, stamp } from "../queue.js";
import { button, dayText, field, h, hourText, list, section, typed } from "../dom.js";
import { place } from "../place.js";
import { dayOf, momentSaid, readAs } from "../../times.js";
import { checklistScreen } from "./checklist.js";
import { squares } from "../qr.js";
import { opinionScreen, readingScreen } from "./closing.js";
import { doneScreen, printingScreen } from "./handing.js";
import { cosignScreen, signingScreen } from "./signing.js";

const SCREENS = { briefing, arrive, identity, notice, checklist: checklistScreen, opinion: opinionScreen, reading: readingScreen, signing: signingScreen, printing: printingScreen, done: doneScreen };
const ORDER = Object.keys(SCREENS);

export async function visitScreen(app, ref) {
  const held = state(ref);
  const context = { app, ref, row: parcel(ref), held, ...moves(app, ref) };
  const isBehind = context.row.record.started_at && !held.isSubmitted && !held.isCosigning;
  if (held.isCosigning) return [cosignScreen(context), h("nav", { class: "more", "aria-label": "其他" }, h("a", { class: "button", href: "#" }, "检查清单"))];
  const screen = await SCREENS[held.step](context);
  const at = ORDER.indexOf(held.step);
  const back = at > 0 && held.step !== "done" ? button("上一步", () => context.step(ORDER[at - 1])) : "";
  return [screen, h("nav", { class: "more", "aria-label": "其他" }, back, held.record.started_at && !held.isSubmitted ? [button("旁边有线索", () => clue(context)), button("录像编号", () => recording(context))] : "", isBehind ? button("给同事的记录签字", () => { held.isCosigning = true; return app.show(); }) : "", h("a", { class: "button", href: "#" }, "检查清单"))];
}

function moves(app, ref) {
  const held = state(ref);
  const guarded = (work) => async (...args) => {
    app.busy(1);
    try {
      await work(...args);
      app.say("已保存在本机");
    } catch (error) {
      app.fail(error);
    } finally {
      app.busy(-1);
    }
  };
  return {
    guarded,
    keep: guarded(() => keep(ref)),
    step: guarded(async (name) => {
      held.step = name;
      await keepRecord(ref);
      await app.show();
    }),
    // A step that is an act of its own: the screen goes on when it is on disk.
    done: guarded(async (name, ...acts) => {
      held.step = name;
      await keep(ref, acts);
      await app.show();
    }),
  };
}

function briefing({ ref, row, held, done, step }) {
  const acts = [];
  if (!held.hasAccepted) acts.push(act(ref, "accept"));
  if (!held.hasRead) acts.push(act(ref, "briefing"));
  const read = () => {
    Object.assign(held, { hasAccepted: true, hasRead: true });
    return done("arrive", ...acts);
  };
  return [
    h("h1", {}, "检查前学习"),
    h("p", {}, `${row.kind_label}，计划${dayText(row.planned_on)}。检查组：${row.team.map((one) => one.name).join("、")}。`),
    h("p", { class: "hint" }, `名录内容截至${dayText(row.briefing.as_of)}，事项清单第 ${row.item_list_version} 版。`),
    row.ground ? section("检查理由", h("p", {}, row.ground)) : "",
    row.briefing.sections.map((part) => section(part.title, list(part.lines))),
    section("检查事项和依据", row.items.map((item) => h("details", {}, h("summary", {}, item.name), h("p", {}, item.point), item.legal_basis ? h("p", {}, `依据：${item.legal_basis}`) : "", item.law_text ? h("p", { class: "law" }, item.law_text) : ""))),
    h("div", { class: "thumb" }, acts.length ? button("我已学习以上内容", read, "primary") : button("去现场", () => step("arrive"), "primary")),
  ];
}

function arrive({ ref, row, held, done, app }) {
  const code = typed(held.entryCode, (event) => (held.entryCode = event.target.value), { maxlength: 80 });
  const blocked = row.hindrances.filter(() => !held.record.started_at);
  const arrived = async (event) => {
    if (row.wants_entry_code && !held.entryCode.trim()) return app.fail(new Error("进入企业须扫码登记，请填写登记号。"));
    event.target.disabled = true;
    held.record.started_at = stamp();
    held.places.arrival = await place();
    held.saved = JSON.stringify(held.record);
    const body = { arrived_at: held.record.started_at, entry_code: held.entryCode, place: held.places.arrival };
    await done("identity", act(ref, "arrive", body));
  };
  return [
    h("h1", {}, "到场"),
    h("p", {}, "到达检查现场时按下面的按钮，记下时间和此刻的位置。之后不再取位置，检查结束时再取一次。"),
    blocked.length ? h("div", { class: "alert" }, blocked.map((says) => h("p", {}, says)), h("p", {}, "紧急情况可以先到场检查：记录留在手机上，批准或通知补办以后自动上传。")) : "",
    row.wants_entry_code ? field("入企扫码登记号", code) : "",
    h("div", { class: "thumb" }, button("登记到场", arrived, "primary")),
  ];
}

function identity({ row, held, step, app }) {
  const shown = () => {
    held.record.identity_shown_at = stamp();
    return step("notice");
  };
  return [
    h("h1", {}, "出示执法证"),
    h("p", {}, `请向被检查单位出示执法证件。到场时间${hourText(held.record.started_at)}。`),
    row.gate ? h("section", {}, h("h2", {}, "身份码"), h("p", {}, "企业用手机扫描即可核对检查人员和任务，不需要登录。"), squares(row.gate.rows, "检查人员身份码", "gate"), h("p", { class: "hint" }, `有效期至${hourText(row.gate.until)}`)) : "",
    section(row.subject_name, h("dl", { class: "cards-of" }, row.team.map((one) => [h("dt", {}, one.name), h("dd", {}, `执法证号 ${one.card || "未登记"}`)]), h("dt", {}, "检查编号"), h("dd", {}, row.ref))),
    h("div", { class: "thumb" }, button("已出示执法证", shown, "primary")),
    nobody(held, step, app),
  ];
}

function nobody(held, step, app) {
  return h("p", {}, button("现场无法检查（停产、关闭、搬迁、拒绝等）", () => {
    held.isUnvisitable = true;
    return step("checklist");
  }));
}

function notice({ row, held, step }) {
  const given = () => {
    held.record.notice_given_at = stamp();
    return step("checklist");
  };
  return [
    h("h1", {}, "告知"),
    h("p", {}, "请向被检查单位说明："),
    list([
      `检查依据：${[...new Set(row.items.map((item) => item.legal_basis).filter(Boolean))].join("；") || "见检查通知书"}`,
      `检查内容：${row.group_names.join("、") || row.kind_label}`,
      `检查人员：${row.team.map((one) => one.name).join("、")}，须有 2 人以上`,
      "检查程序：查看现场和资料、询问、拍照取证、制作记录、核对签字",
      "权利：认为检查人员与本单位有利害关系的，可以申请回避；对记录和检查结论可以陈述、申辩",
      "义务：如实提供情况和资料，协助检查",
    ]),
    row.notice_number ? h("p", {}, `检查通知书：${row.notice_number}`) : "",
    h("div", { class: "thumb" }, button("已告知", given, "primary")),
  ];
}

// The body camera keeps its films elsewhere; only their numbers are noted here.
function recording({ app, ref, held, guarded }) {
  const number = typed("", () => {}, { maxlength: 80 });
  const device = typed(held.camera ?? "", () => {}, { maxlength: 40 });
  const says = typed("", () => {}, { maxlength: 200 });
  const began = typed("", () => {}, { maxlength: 60 });
  const told = h("p", { class: "hint", role: "status" });
  const day = dayOf(iso(Date.parse(held.record.started_at)));
  began.addEventListener("input", () => (told.textContent = readAs(began.value, day).text));
  const box = h("dialog", { "aria-label": "登记录像编号" });
  const sent = guarded(async () => {
    const text = number.value.trim();
    if (!text) throw new Error("请填写录像文件的编号。");
    const beganAt = began.value.trim() ? momentSaid(began.value.trim(), day) : "";
    if (beganAt && Date.parse(beganAt) > Date.now()) throw new Error("录像的开始时间晚于现在，请核对。");
    if (!held.cameras.includes(text)) {
      held.cameras.push(text);
      held.camera = device.value.trim();
      await keep(ref, [act(ref, "recording", { number: text, device: held.camera, says: says.value, began_at: beganAt })]);
    }
    box.remove();
    await app.show();
  });
  box.append(h("h2", {}, "执法记录仪录像"), held.cameras.length ? h("p", {}, `已登记：${held.cameras.join("、")}`) : "", field("录像文件编号", number), field("执法记录仪编号（选填）", device), field("开始时间（选填）", began, "如“0800”“8:00”“2月17日 8点”。"), told, field("记录内容（选填）", says, "如：亮证、现场勘查、拒绝签字的经过。"), h("div", { class: "row" }, button("取消", () => box.remove()), button("登记编号", sent, "primary")));
  document.querySelector("main").append(box);
  box.showModal();
}

function clue({ app, ref, held, guarded }) {
  const where = typed("", () => {});
  const says = typed("", () => {}, { rows: 3, maxlength: 500 });
  const box = h("dialog", { "aria-label": "登记线索" });
  const sent = guarded(async () => {
    if (!says.value.trim()) throw new Error("请写明看到的情况。");
    held.clues += 1;
    await keep(ref, [act(ref, "clue", { place: where.value, says: says.value })]);
    box.remove();
    await app.show();
  });
  box.append(h("h2", {}, "旁边有线索"), h("p", {}, "记下在别处看到的情况，交负责科室核实，不写入这家单位的记录。"), field("看到的情况", says), field("地点或单位（选填）", where), h("div", { class: "row" }, button("取消", () => box.remove()), button("登记线索", sent, "primary")));
  document.querySelector("main").append(box);
  box.showModal();
}

