// Elements by name, attributes and children; text is always text.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let count = 0;
export const newId = () => `f${(count += 1)}`;

export const button = (label, onclick, kind = "", more = {}) => h("button", { type: "button", class: kind, onclick, ...more }, label);

export function field(label, input, hint = "") {
  input.id ||= newId();
  if (!hint) return h("div", { class: "field" }, h("label", { for: input.id }, label), input);
  const told = h("p", { class: "hint", id: `${input.id}h` }, hint);
  input.setAttribute("aria-describedby", told.id);
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input, told);
}

export function typed(value, oninput, { rows = 0, ...more } = {}) {
  return rows ? h("textarea", { rows, value, oninput, maxlength: 1000, ...more }) : h("input", { value, oninput, maxlength: 200, autocomplete: "off", ...more });
}

export function choices(legend, words, chosen, choose) {
  const name = newId();
  const options = words.map(([value, label]) => {
    const input = h("input", { type: "radio", name, value, onchange: () => choose(value) });
    input.checked = value === chosen;
    return h("label", { class: "choice" }, input, h("span", {}, label));
  });
  return h("fieldset", {}, h("legend", {}, legend), h("div", { class: "choices" }, options));
}

export function tick(label, isOn, change) {
  const input = h("input", { type: "checkbox", onchange: () => change(input.checked) });
  input.checked = isOn;
  return h("label", { class: "choice" }, input, h("span", {}, label));
}

export const list = (rows) => h("ul", {}, rows.map((row) => h("li", {}, row)));
export const section = (title, ...children) => h("section", {}, h("h2", {}, title), children);
export const alertBox = (says) => h("p", { class: "alert", role: "alert" }, says);

const DAY = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", weekday: "short", timeZone: "Asia/Shanghai" });
const HOUR = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
export const dayText = (value) => DAY.format(new Date(value));
export const hourText = (value) => (value ? HOUR.format(new Date(value)) : "未登记");
