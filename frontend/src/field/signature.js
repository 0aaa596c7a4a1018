// A pad to sign on with finger or pen; what comes out is a picture with the strokes as drawn.
import { button, h } from "./dom.js";

const RATIO = 2;

export function pad(label, done) {
  const canvas = h("canvas", { class: "pad", width: 340 * RATIO, height: 150 * RATIO, role: "img", "aria-label": `${label}的手写签名区` });
  const ink = canvas.getContext("2d");
  let strokes = 0;
  let last = null;
  const clear = () => {
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, canvas.width, canvas.height);
    strokes = 0;
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    Object.assign(ink, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#10181f" });
    ink.beginPath();
    ink.moveTo(...last);
    ink.lineTo(...next);
    ink.stroke();
    last = next;
    strokes += 1;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (last = null));
  clear();
  const picture = () => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const accept = async () => {
    if (strokes < 4) return done(null, "还没有签名，请在方框内手写姓名。");
    return done(new Uint8Array(await (await picture()).arrayBuffer()), "");
  };
  return h("div", { class: "signing" }, canvas, h("div", { class: "row" }, button("重写", clear), button(`${label}签好了`, accept, "primary")));
}
