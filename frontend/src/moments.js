// Beside a typed moment: what it is read as, and the device's own clock for who would rather choose.
import { dayOf, readAs, writtenMoment } from "./times.js";

// Told while one types, never when the field is left: what moves under a finger is not pressed.
const PAUSE = 700;

export function explainMoment(input) {
  const says = document.createElement("div");
  says.setAttribute("role", "status");
  const explain = () => {
    const found = readAs(input.value, dayOf(input.dataset.moment));
    says.textContent = found.text;
    says.className = found.isWrong ? "moment-says field-error" : "moment-says";
  };
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(explain, PAUSE);
  });
  input.after(...clock(input, explain), says);
}

function clock(input, explain) {
  if (!HTMLInputElement.prototype.showPicker) return [];
  const chosen = document.createElement("input");
  Object.assign(chosen, { type: "datetime-local", tabIndex: -1 });
  chosen.setAttribute("aria-hidden", "true");
  chosen.addEventListener("change", () => {
    if (!chosen.value) return;
    input.value = writtenMoment(`${chosen.value}:00`.slice(0, 19));
    explain();
  });
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn-sm", textContent: "选时间" });
  button.setAttribute("aria-label", `${input.labels?.[0]?.textContent ?? ""}：选时间`);
  button.addEventListener("click", () => chosen.showPicker());
  const place = document.createElement("span");
  place.className = "moment-clock";
  place.append(button, chosen);
  return [place];
}
