// The day's visits, what is not yet sent, and the settings of this phone.
import * as queue from "../queue.js";
import * as store from "../store.js";
import * as vault from "../vault.js";
import { answered, askedItems, book, state, stepNumber } from "../book.js";
import { waySections } from "./way.js";
import { alertBox, button, dayText, field, h, hourText, section } from "../dom.js";

const KINDS = { accept: "接收检查", briefing: "检查前学习", arrive: "登记到场", evidence: "证据", save: "检查记录", clue: "线索", recording: "录像编号", sign: "签字", submit: "提交记录" };

function progress(row) {
  const held = state(row.ref);
  if (held.isSubmitted) return "已提交";
  if (held.step === "printing") return "已签字，还没有提交";
  if (row.state === "returned") return `已退回：${row.return_reason}`;
  if (stepNumber(held.step) < stepNumber("checklist")) return held.record.started_at ? "已到场" : row.hindrances.length ? "还不能到场" : "未到场";
  return `${answered(held)}／${askedItems(row, held).length} 项已查`;
}

// Who reads hours of the own clock on the next screens should know that the record has others.
function clockNote() {
  const minutes = Math.round(vault.clockError() / 60000);
  if (!minutes) return "";
  const apart = Math.abs(minutes) < 120 ? `${Math.abs(minutes)} 分钟` : `${Math.round(Math.abs(minutes) / 60)} 小时`;
  return h("p", { class: "notice" }, `手机时钟比服务器${minutes > 0 ? "慢" : "快"}约 ${apart}。填写时显示手机的时间，记录上传以后按服务器的时间换算，两个时间都保留。`);
}

export async function listScreen(app) {
  const rows = [...book.parcels].sort((a, b) => a.planned_on.localeCompare(b.planned_on) || (a.near ?? 0) - (b.near ?? 0));
  const isSeveral = rows.some((row) => row.near > 0);
  const notes = (await vault.opened("notes")) ?? [];
  return [
    h("h1", {}, "我的检查"),
    h("p", { class: "hint" }, `${book.person.name}，内容截至${hourText(Date.parse(book.asOf) + vault.current().offset)}；手机可用到${hourText(vault.current().until)}。`),
    clockNote(),
    isSeveral ? h("p", { class: "hint" }, "同一天的按就近排列，只供安排路线。") : "",
    notes.length ? h("div", { class: "notice" }, notes.map((note) => h("p", {}, `${note.says}`)), button("知道了", async () => { await vault.keep("notes", []); await app.show(); })) : "",
    rows.length
      ? h("ul", { class: "cards" }, rows.map((row) => h("li", {}, h("a", { href: `#visit/${row.ref}` }, h("strong", {}, row.subject_name), h("span", {}, `${dayText(row.planned_on)} · ${row.grid || row.kind_label}`), h("span", { class: "progress" }, progress(row))))))
      : h("p", {}, "现在没有派给您的检查。任务在检查当日启封并派发后出现，请在有网络时刷新。"),
    waySections(),
    printable(),
    button("刷新", async () => { await app.fetch(); await app.show(); }),
    h("p", {}, h("a", { href: "#settings" }, "设置")),
  ];
}

// What was handed in from this phone, to print once more while the lease stands.
function printable() {
  const rows = Object.entries(book.states).filter(([ref, held]) => held.row && !book.parcels.some((one) => one.ref === ref));
  if (!rows.length) return "";
  const link = (ref, size, label) => h("a", { href: `#paper/${ref}/${size}` }, label);
  return section("已提交，可以再打印", rows.map(([ref, held]) => h("p", {}, `${held.row.subject_name}：`, link(ref, "a4", "A4"), "　", link(ref, "80", "80 毫米"), "　", link(ref, "58", "58 毫米"))));
}

export async function queueScreen(app) {
  const rows = await store.all("queue");
  const { isOnline } = queue.status;
  return [
    h("h1", {}, rows.length ? `还有 ${rows.length} 项未上传` : "全部已上传"),
    h("p", {}, rows.length ? "每一项都已加密保存在手机上，按办理的先后上传；服务器回执的摘要一致以后才从手机上删除。" : "手机上没有等待上传的内容。"),
    isOnline ? "" : alertBox("现在连不上服务器，有网络后自动上传。"),
    rows.length ? h("ol", { class: "queue" }, rows.map((row) => h("li", {}, h("strong", {}, KINDS[row.kind]), ` ${hourText(row.made)}`, row.says ? h("p", { class: "says" }, row.says) : ""))) : "",
    h("div", { class: "row" }, button("现在上传", async () => { await queue.send(); await app.show(); }, "primary"), button("回到检查清单", () => app.go(""))),
  ];
}

export function settingsScreen(app) {
  const pin = h("input", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12 });
  const says = h("div");
  const has = () => (book.person.hasPin ? "您已经设置过，可以在这里更换。" : "您还没有设置。");
  const hasText = h("span", {}, has());
  const change = async (event) => {
    event.preventDefault();
    try {
      const { ok, told } = await queue.request("pin", { pin: pin.value });
      if (ok) book.person.hasPin = true;
      hasText.textContent = has();
      says.replaceChildren(ok ? h("p", { role: "status" }, "签字口令已设置。") : alertBox(told.says));
    } catch {
      says.replaceChildren(alertBox("设置签字口令需要网络，请在有网络时再试。"));
    }
    pin.value = "";
  };
  const leave = async () => {
    try {
      await queue.request("leases/end", {});
    } catch {
      // Without a network the lease ends by itself; what can be read goes now.
    }
    await vault.wipe();
    await app.show();
  };
  return [
    h("h1", {}, "设置"),
    section("签字口令", h("p", {}, "在同事的手机上签字时，凭这个口令证明是您本人。", hasText), h("form", { onsubmit: change }, field("新的签字口令", pin, "6 至 12 位数字，不要与手机口令相同"), says, h("button", { class: "primary", type: "submit" }, "设置签字口令"))),
    section("交还手机", h("p", {}, "结束领取，清除手机上可读的内容。没有上传的内容仍加密保留，下次领取后上传。"), button("交还并清除", leave, "danger")),
    button("回到检查清单", () => app.go("")),
  ];
}
