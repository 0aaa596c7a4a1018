// The day's way as the server drew it: outline, stops by number, the line from one to the next.
import { book } from "../book.js";
import { dayText, h, section } from "../dom.js";

const SVG = "http://www.w3.org/2000/svg";
const drawn = (name, attributes, text = "") => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(text);
  return made;
};

export const waySections = () => (book.ways ?? []).map((way) => section(`${dayText(way.on)}的路线`, picture(way), stops(way)));

function picture(way) {
  const made = drawn("svg", { viewBox: `0 0 ${way.width} ${way.height}`, class: "way", role: "img", "aria-label": "路线图，次序见下面的清单" });
  made.append(
    ...way.paths.map((d) => drawn("path", { d, class: "outline", "fill-rule": "evenodd" })),
    drawn("polyline", { points: way.line, class: "track" }),
    ...way.marks.flatMap(({ x, y, text }) => [drawn("circle", { cx: x, cy: y, r: 22 }), drawn("text", { x, y: Number(y) + 10, "text-anchor": "middle" }, text)]),
    drawn("path", { d: `M20,${way.scale_y}v-6m0,6H${way.scale_end}v-6`, class: "scale" }),
    drawn("text", { x: way.scale_end, dx: 8, y: way.scale_y, class: "scale-text" }, way.scale_text),
  );
  return made;
}

const stops = (way) => h("ol", {}, way.stops.map(({ name, is_placed: isPlaced }) => h("li", {}, isPlaced ? name : `${name}（名录中没有经纬度，不在图上）`)));
