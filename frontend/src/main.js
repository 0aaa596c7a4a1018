// Every page works without this file; it only saves a click or a mistake.
import { explainMoment } from "./moments.js";

// A form that answers with a file, or through htmx, leaves the page standing: let it be sent anew.
const SECONDS_UNTIL_NEXT_CLICK = 3;

function guardAgainstSecondClick(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method.toLowerCase() !== "post") return;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.setAttribute("aria-busy", "true");
  }
  setTimeout(allowSendingAgain, SECONDS_UNTIL_NEXT_CLICK * 1000);
}

function allowSendingAgain() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
}

async function copyDigest(event) {
  const button = event.target.closest?.("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.textContent;
  button.textContent = "已复制";
  setTimeout(() => (button.textContent = before), 2000);
}

// The file stays where it is: only its digest goes into the form. A browser reads it as a whole.
const MOST_BYTES = 500 * 1024 * 1024;

async function digestOfFile(event) {
  const input = event.target;
  const file = input.files?.[0];
  if (!input.dataset?.digestInto || !file) return;
  const box = document.getElementById(input.dataset.digestInto);
  const says = input.form.querySelector("[data-digest-says]");
  box.value = "";
  says.textContent = "正在计算……";
  const found = await digestOf(file);
  // Meanwhile another file may have been chosen: its digest goes into the box, not this one.
  if (input.files[0] !== file) return;
  box.value = found;
  says.textContent = found
    ? `已算出“${file.name}”的摘要。`
    : "这个文件在浏览器里算不了，请按下面的说明算出后粘贴。";
}

// Empty where the browser cannot: too large, an old browser, a file that is gone or unreadable.
async function digestOf(file) {
  if (!window.crypto?.subtle || file.size > MOST_BYTES) return "";
  try {
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

function focusSearch(event) {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
}

// A drop-down closes when one looks elsewhere; without this file its own summary closes it.
function closeDrops(event) {
  for (const drop of document.querySelectorAll("details.drop[open]")) {
    if (event.type === "click" ? !drop.contains(event.target) : event.key === "Escape") {
      drop.open = false;
    }
  }
}

// Questions that other answers make needless step back; the server leaves them out either way.
function askOnlyWhatIsAsked(form) {
  const chosen = (name) => form.querySelector(`input[name="${CSS.escape(name)}"]:checked`)?.value ?? "";
  const items = [...form.querySelectorAll(".check-item")];
  const own = (item) => item.querySelector("input[type=radio]")?.name;
  const hidden = new Set();
  // A chain of conditions is as long as the list at most.
  for (let round = 0; round < items.length; round++) {
    const before = hidden.size;
    for (const item of items) {
      const on = item.dataset.askedOn;
      if (!on) continue;
      if (hidden.has(on) || !item.dataset.askedResults.split(" ").includes(chosen(on))) hidden.add(own(item));
    }
    if (hidden.size === before) break;
  }
  for (const item of items) item.hidden = hidden.has(own(item));
  countAnswers(form, items, chosen, own);
}

function countAnswers(form, items, chosen, own) {
  const told = (rows) => `${rows.filter((item) => chosen(own(item))).length}／${rows.length} 项已填`;
  const shown = items.filter((item) => !item.hidden);
  for (const fold of form.querySelectorAll("[data-fold]")) {
    fold.querySelector("[data-fold-state]").textContent = told(shown.filter((item) => fold.contains(item)));
  }
  const line = form.querySelector("[data-progress]");
  if (line) line.textContent = told(shown);
}

for (const form of document.querySelectorAll(".record-form")) {
  askOnlyWhatIsAsked(form);
  form.addEventListener("change", () => askOnlyWhatIsAsked(form));
}

for (const input of document.querySelectorAll("[data-moment]")) explainMoment(input);

// What needs a script to work is hidden where there is none.
document.documentElement.classList.add("has-script");
document.addEventListener("click", closeDrops);
document.addEventListener("keydown", closeDrops);
document.addEventListener("submit", guardAgainstSecondClick);
document.addEventListener("htmx:afterRequest", allowSendingAgain);
document.addEventListener("click", copyDigest);
document.addEventListener("change", digestOfFile);
document.addEventListener("keydown", focusSearch);
window.addEventListener("pageshow", (event) => event.persisted && allowSendingAgain());
