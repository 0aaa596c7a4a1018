// The way in: with a network one signs in and takes the visits along; without, the phone's digits.
import * as queue from "../queue.js";
import * as vault from "../vault.js";
import { alertBox, button, field, h, hourText, section } from "../dom.js";
import { newName } from "../seal.js";

const DIGITS = { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: 12, pattern: "[0-9]*" };

async function signedIn() {
  try {
    const answer = await fetch("/field/api/session", { cache: "no-store", redirect: "error" });
    return { isOnline: true, who: answer.ok ? await answer.json() : null };
  } catch {
    return { isOnline: false, who: null };
  }
}

export async function startScreen(app) {
  const { isOnline, who } = await signedIn();
  const { unsent } = queue.status;
  const left = unsent
    ? h("p", { class: "alert" }, `手机上还有 ${unsent} 项没有上传。它们已加密，只有服务器能打开；重新领取后会继续上传。`)
    : "";
  if (!who) {
    return [
      h("h1", {}, "现场检查"),
      left,
      h("p", {}, "出发前请在有网络时登录并领取检查，之后没有网络也能使用。领取 24 小时内有效，到期后手机上的内容自动清除，没有上传的会保留到上传为止。"),
      isOnline ? h("a", { class: "button primary", href: "/login/?next=/field/" }, "登录") : alertBox("现在没有网络，或服务器没有响应。请到有网络的地方再打开。"),
      button("再试一次", () => app.show()),
    ];
  }
  return [h("h1", {}, "领取检查"), left, taking(app, who)];
}

function taking(app, who) {
  const first = h("input", DIGITS);
  const second = h("input", DIGITS);
  const says = h("div");
  const submit = async (event) => {
    event.preventDefault();
    const wrong = problem(first.value, second.value);
    if (wrong) return says.replaceChildren(alertBox(wrong));
    try {
      await take(who, first.value);
      await app.entered();
    } catch (error) {
      says.replaceChildren(alertBox(/[一-龥]/.test(error.message) ? error.message : "没有领取成功，请检查网络后再试。"));
    }
  };
  return h(
    "form",
    { onsubmit: submit },
    h("p", {}, `${who.name}，请为这部手机设一个口令。没有网络时凭它打开检查；连续输错 ${vault.MOST_WRONG} 次，手机上可读的内容会清除。`),
    field("手机口令", first, "6 至 12 位数字"),
    field("再输一次", second),
    says,
    h("button", { class: "primary", type: "submit" }, "领取检查"),
  );
}

function problem(pin, again) {
  if (!/^\d{6,12}$/.test(pin) || new Set(pin).size < 3) return "手机口令应为 6 至 12 位数字，且至少有 3 个不同的数字。";
  return pin === again ? "" : "两次输入的口令不一样，请重新输入。";
}

async function take(who, pin) {
  let device = localStorage.getItem("gongchou-device");
  if (!device) localStorage.setItem("gongchou-device", (device = newName()));
  const answer = await fetch("/field/api/leases", {
    method: "POST",
    redirect: "error",
    headers: { "Content-Type": "application/json", "X-CSRFToken": who.csrf },
    body: JSON.stringify({ device }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.says);
  await vault.take(told, pin);
}

function clockScreen(app) {
  const { minutes, opens } = vault.behind();
  return [
    h("h1", {}, "手机时间不对"),
    alertBox(`手机时间比上次使用时早了 ${minutes} 分钟，暂时不能打开。已填写的内容都在。`),
    h("p", {}, `请在手机设置中打开“自动设置时间”，再按“再试一次”。如果手机时间已经是准的，${hourText(opens)}以后就能打开。`),
    button("再试一次", () => app.show(), "primary"),
  ];
}

export function unlockScreen(app) {
  if (vault.isBehind()) return clockScreen(app);
  const pin = h("input", DIGITS);
  const says = h("div");
  const submit = async (event) => {
    event.preventDefault();
    // The clock may have been set back while this screen stood.
    if (vault.isBehind()) return app.show();
    try {
      if (await vault.unlock(pin.value)) return await app.entered();
    } catch (error) {
      return app.fail(error);
    }
    if (!vault.current()) return app.show();
    const left = vault.MOST_WRONG - vault.current().tries;
    says.replaceChildren(alertBox(`手机口令不对，还可以再试 ${left} 次。`));
    pin.value = "";
  };
  return [
    h("h1", {}, "输入手机口令"),
    h("form", { onsubmit: submit }, field("手机口令", pin), says, h("button", { class: "primary", type: "submit" }, "打开")),
    section("忘记口令", h("p", {}, "清除手机上可读的内容后，可以登录重新领取。没有上传的内容会保留，重新领取后继续上传。"), button("清除并重新领取", async () => { await vault.wipe(); await app.show(); })),
  ];
}
