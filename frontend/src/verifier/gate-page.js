// The page for a gate without a network: a code and the published key in, who came out.

import { Complaint } from "./canon.js";
import { checkGate } from "./gate.js";

const part = (id) => document.getElementById(id);
const WHOLE = new Intl.DateTimeFormat("zh-CN", { dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: "Asia/Shanghai" });
const OVER = "这个身份码已经过期，不能证明来人正在执行检查。请检查人员刷新手机后重新出示。";
const UNABLE = part("fault").textContent;
const REFUSED = "链接里带的公钥不是本机关的，没有采用。给您这个链接的人可能冒充检查人员，请拨打检查机关公布的电话核实。";
const FOREIGN = "您填的不是本机关的公钥。用它核对成立的身份码，不能证明来人是本机关的检查人员。";
const CARRIED = "公钥是随链接带来的，不一定是检查机关的。请先与公众门户“企业入口”公布的公钥逐字核对，一致的才可以使用。";
const UNSERVED = "本网页没有写入公钥，链接里带的没有采用。请从公众门户“企业入口”打开，或者自己抄录公布的公钥。";
const COMPARE = "请与来人和执法证件逐项核对，有一项不符的，可以拒绝检查并向检查机关核实。";

function fact(name, value) {
  const holders = [document.createElement("dt"), document.createElement("dd")];
  [name, value].forEach((text, i) => (holders[i].textContent = text));
  part("facts").append(...holders);
}

function show({ officers, subject, visit, until, isOver }) {
  part("result").className = isOver ? "bad" : "good";
  part("verdict").textContent = isOver ? "身份码已过期" : "身份码有效";
  part("advice").textContent = isOver ? OVER : COMPARE;
  part("facts").replaceChildren();
  for (const [name, card] of officers) fact(name, `执法证号 ${card || "未登记"}`);
  fact("被检查单位", `${subject}。不是这家单位的，这个码不能用于进入。`);
  fact("检查编号", visit);
  fact("有效期至", WHOLE.format(until));
  part("result").hidden = false;
  part("verdict").focus();
}

function check(event) {
  event.preventDefault();
  part("fault").textContent = "";
  part("result").hidden = true;
  try {
    show(checkGate(part("code").value, part("key").value, Date.now()));
  } catch (fault) {
    part("fault").textContent = fault instanceof Complaint ? fault.message : UNABLE;
  }
}

function note(text) {
  part("note").textContent = text;
  part("note").hidden = !text;
}

// Where the page comes from its bureau, the bureau's key stands in it and no link puts in another.
const own = document.querySelector('meta[name="gate-key"]').content;
const carried = /^#key=([\w-]{43})$/.exec(location.hash)?.[1] ?? "";
const isDisk = location.protocol === "file:";
part("key").value = own || (isDisk ? carried : "");
if (carried && carried !== own) note(own ? REFUSED : isDisk ? CARRIED : UNSERVED);
part("key").addEventListener("input", () => note(own && part("key").value.trim() !== own ? FOREIGN : ""));
part("check").addEventListener("submit", check);
part("fault").textContent = "";
