// The field app: which screen stands, the line on top, and the start with or without a network.
import * as queue from "./queue.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import { askedItems, book, forgetUntouched, parcel, read, refresh, state } from "./book.js";
import { alertBox, button, h } from "./dom.js";
import { startScreen, unlockScreen } from "./screens/start.js";
import { listScreen, queueScreen, settingsScreen } from "./screens/lists.js";
import { visitScreen } from "./screens/visit.js";
import { paperScreen } from "./screens/paper.js";

const main = document.querySelector("main");
const top = document.querySelector("header");
const saved = h("span", { class: "saved" });
let fresh = null;
let working = 0;

export const app = {
  go(path) {
    if (location.hash === `#${path}`) return app.show();
    location.hash = path;
  },
  async show() {
    const [name = "", ref = "", part = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
    if (!vault.current()) return draw(await startScreen(app));
    if (!vault.isOpen()) return draw(unlockScreen(app));
    const known = ref && (parcel(ref) || book.states[ref]);
    if (name === "queue") return draw(await queueScreen(app));
    if (name === "settings") return draw(settingsScreen(app));
    if (name === "paper" && known) return draw(paperScreen(app, ref, part));
    if (name === "visit" && parcel(ref)) return own(ref, async () => draw(await visitScreen(app, ref)));
    return draw(await listScreen(app));
  },
  async entered() {
    await read();
    queue.tell();
    await app.show();
    await app.fetch();
    queue.send();
    setTimeout(keepFont, FONT_AFTER);
  },
  // Ask for what is new; without a network what is here goes on.
  async fetch() {
    try {
      await refresh();
      await queue.tell({ isOnline: true });
      if (!location.hash || location.hash === "#") await app.show();
    } catch (error) {
      if (error instanceof queue.Over) await over();
      else await queue.tell({ isOnline: false });
    }
  },
  busy(change) {
    working += change;
    main.setAttribute("aria-busy", String(working > 0));
  },
  refreshTop() {
    drawTop(queue.status);
  },
  say(text) {
    saved.textContent = text;
  },
  fail(error) {
    console.warn(error);
    // Behind an open dialogue nobody would read it.
    const place = main.querySelector("dialog[open]") ?? main;
    place.querySelector(":scope > .alert")?.remove();
    place.prepend(alertBox(error?.message && /[一-龥]/.test(error.message) ? error.message : "这一步没有存好，请再按一次；仍不行请不要关闭页面，联系管理员。"));
    place.scrollIntoView();
  },
};

// The font of the papers comes when there is time, so that a print without a network has no gaps.
const FONT = "/field/paper-font.1.otf";
const FONT_AFTER = 4000;
async function keepFont() {
  try {
    // Fetched first: a face that failed to load once is not asked for again by the browser.
    const answer = await fetch(FONT);
    if (answer.ok) await document.fonts.load('16px "gongchou-paper"', "中");
  } catch {
    // Without a network the phone's own font prints; it is asked for again next time.
  }
}

let held = null;
// One visit is open in one window at a time: two could overwrite what is shown.
async function own(ref, show) {
  if (held?.ref === ref) return show();
  held?.release();
  held = null;
  return new Promise((resolve, reject) => {
    navigator.locks.request(`gongchou-field-visit-${ref}`, { ifAvailable: true }, async (lock) => {
      if (!lock) {
        draw([h("h1", {}, "这次检查已在另一个窗口打开"), h("p", {}, "请在那个窗口继续，或者关闭它以后再打开。"), button("回到检查清单", () => app.go(""), "primary")]);
        return resolve();
      }
      const kept = new Promise((release) => (held = { ref, release }));
      await read();
      Promise.resolve(show()).then(resolve, reject);
      return kept;
    });
  });
}

// Whether the lease still stands and the clock still goes forward.
async function look() {
  await vault.mark();
  if (vault.isOver()) return over();
  if (!vault.isOpen() || !vault.isBehind()) return;
  vault.shut();
  await app.show();
}

async function over() {
  await vault.wipe();
  await queue.tell({ isOver: true });
  await app.show();
}

// A screen that is drawn again stays where it was; a new one begins at its title.
function draw(content) {
  const before = main.querySelector("h1")?.textContent;
  const height = scrollY;
  main.replaceChildren(...[content].flat(9));
  if (fresh) main.prepend(h("div", { class: "notice", role: "status" }, "现场检查有新版本，已填写的内容都在。", button("现在更新", renew)));
  const title = main.querySelector("h1");
  drawTop(queue.status);
  if (title && title.textContent === before) return scrollTo(0, height);
  if (title) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    document.title = `${title.textContent} · 现场检查`;
  }
  scrollTo(0, 0);
}

function drawTop(status) {
  const ref = decodeURIComponent(location.hash.slice(1)).split("/")[1];
  const row = vault.isOpen() && ref ? parcel(ref) : null;
  const total = row ? askedItems(row, state(ref)).length : 0;
  const done = row ? state(ref).record.answers.filter((one) => one.result).length : 0;
  const unsent = status.unsent ? `还有 ${status.unsent} 项未上传` : "全部已上传";
  top.replaceChildren(
    h("a", { href: "#", class: "home" }, row ? row.subject_name : "现场检查"),
    row && total ? h("span", { class: "battery" }, `${done}／${total} 项已查`) : "",
    h("div", { class: "state" }, saved, h("a", { href: "#queue", class: status.unsent ? "unsent" : "sent" }, status.isOnline ? unsent : `${unsent}（没有网络）`)),
  );
}

// Screens that say how far the sending is follow it.
function isWatching() {
  const [name = "", ref = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
  return vault.isOpen() && (name === "queue" || (name === "visit" && parcel(ref) && state(ref).step === "done"));
}

function renew() {
  fresh.postMessage("renew");
}

async function serviceWorker() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
  const watch = (worker) => {
    if (!worker) return;
    const ready = () => {
      if (worker.state !== "installed" || !navigator.serviceWorker.controller) return;
      fresh = worker;
      main.prepend(h("div", { class: "notice", role: "status" }, "现场检查有新版本，已填写的内容都在。", button("现在更新", renew)));
    };
    worker.addEventListener("statechange", ready);
    ready();
  };
  watch(registration.waiting);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  let hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hadOne) location.reload();
    hadOne = true;
  });
}

async function begin() {
  if (!globalThis.isSecureContext || !crypto.subtle || !navigator.locks) {
    return draw([h("h1", {}, "这个浏览器不能用于现场检查"), h("p", {}, "请用 https 地址和较新的手机浏览器打开；微信中请选择“在浏览器打开”。")]);
  }
  serviceWorker().catch(() => {});
  navigator.storage?.persist?.();
  queue.onChange(drawTop);
  queue.onChange(() => isWatching() && app.show());
  queue.onChange((status) => status.isOver && vault.current() && over());
  queue.onEarlierSent(async () => {
    await app.fetch();
    await forgetUntouched();
    await app.show();
  });
  addEventListener("hashchange", () => app.show().catch(app.fail));
  addEventListener("online", () => vault.isOpen() && (queue.soon(0), app.fetch(), setTimeout(keepFont, FONT_AFTER)));
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !vault.current()) return;
    await look();
    queue.soon(0);
  });
  setInterval(() => vault.current() && look(), 60000);
  await store.open();
  await vault.load();
  await queue.tell();
  await app.show();
}

begin().catch(app.fail);
