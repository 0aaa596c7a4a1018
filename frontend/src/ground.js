// The map of clues: outline, sites, clues, wind; and the hours played back. No tiles, nothing from
// outside. All it shows stands in the tables below it, so it may fail without a loss.
import * as L from "leaflet/dist/leaflet-src.esm.js";

const HOUR = 3600;
const STEP_MS = 350;
const WIND_AGE = 2 * HOUR;
const data = JSON.parse(document.getElementById("ground-data").textContent);
const box = document.getElementById("ground");

function element(name, text, address) {
  const made = document.createElement(name);
  made.textContent = text;
  if (address) made.href = address;
  return made;
}

function card(thing, lines) {
  const made = document.createElement("div");
  made.append(element("a", thing.name, thing.url), ...lines.map((line) => element("div", line)));
  return made;
}

// Beijing has no summer time: eight hours added once are its clock for good.
function clock(seconds) {
  const at = new Date((seconds + 8 * HOUR) * 1000);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function startMap() {
  box.replaceChildren();
  const map = L.map(box, { zoomControl: false, attributionControl: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

function drawGround(map) {
  const still = { className: "ground-area", interactive: false };
  for (const polygon of data.rings) L.polygon(polygon, still).addTo(map);
  if (data.centre) {
    const ring = { radius: data.radius, className: "ground-ring", interactive: false };
    L.circle(data.centre, ring).addTo(map);
  }
  for (const site of data.sites) {
    const dot = L.circleMarker(site.at, { radius: 4, className: "ground-site" }).addTo(map);
    dot.bindPopup(card(site, [])).bindTooltip(element("span", site.name));
  }
}

function showAll(map) {
  // The circle asked for, else the whole outline with what lies outside of it.
  if (data.centre) {
    map.fitBounds(L.latLng(data.centre).toBounds(2 * data.radius), { padding: [12, 12] });
    return;
  }
  const points = [...data.clues, ...data.sites, ...data.winds].map((thing) => thing.at);
  const found = [...points, ...data.rings.flat(2)];
  if (found.length) map.fitBounds(found, { padding: [24, 24], maxZoom: 15 });
  else map.setView([35, 105], 4);
}

// Clues of one place lie over one another: put those after the first on a ring around it.
function spread(clues) {
  const seen = new Map();
  return clues.map((clue) => {
    const key = clue.at.join();
    const turn = seen.get(key) || 0;
    seen.set(key, turn + 1);
    return { ...clue, turn };
  });
}

function besides(map, clue) {
  if (!clue.turn) return clue.at;
  const angle = (clue.turn - 1) * (Math.PI / 3);
  return map.layerPointToLatLng(
    map.latLngToLayerPoint(clue.at).add([18 * Math.cos(angle), 18 * Math.sin(angle)]),
  );
}

function drawClues(map, layer, at) {
  layer.clearLayers();
  const count = { now: 0, past: 0 };
  for (const clue of spread(data.clues)) {
    if (at !== null && clue.from >= at + HOUR) continue;
    const kind = at === null || clue.to >= at ? "now" : "past";
    count[kind] += 1;
    const dot = L.circleMarker(besides(map, clue), { radius: 8, className: `ground-${kind}` });
    const lines = [`${clock(clue.from)} 至 ${clock(clue.to)}`, clue.state];
    dot.bindPopup(card(clue, lines)).bindTooltip(element("span", clue.name));
    layer.addLayer(dot);
  }
  return count;
}

// What each station measured last, not older than two hours; without a moment, the last of all.
function windsAt(at) {
  const last = new Map();
  for (const wind of data.winds) {
    const isThen = at === null || (wind.time < at + HOUR && wind.time > at - WIND_AGE);
    if (isThen) last.set(wind.station, wind);
  }
  return [...last.values()];
}

function arrow(wind) {
  const shape = '<svg viewBox="-18 -18 36 36" aria-hidden="true"><path transform="rotate(ANGLE)" d="M0,15V-15M-7,-6L0,-15L7,-6"/></svg>';
  const html = shape.replace("ANGLE", String((Number(wind.from) + 180) % 360));
  return L.divIcon({ className: "ground-wind", iconSize: [36, 36], html });
}

function windWords(wind) {
  return `${wind.station} ${wind.side}风 ${wind.speed.toFixed(1)} 米/秒`;
}

function drawWinds(layer, at) {
  layer.clearLayers();
  const found = windsAt(at);
  for (const wind of found) {
    const mark = L.marker(wind.at, { icon: arrow(wind), interactive: false, keyboard: false });
    const words = element("span", `${windWords(wind)}${at === null ? `（${clock(wind.time)}）` : ""}`);
    mark.bindTooltip(words, { permanent: true, direction: "right", offset: [16, 0] });
    layer.addLayer(mark);
  }
  return found;
}

function say(at, count, winds) {
  if (at === null) return `全部时段：线索 ${count.now} 条。拖动时刻或者播放，看先后和当时的风。`;
  const blown = winds.length ? winds.map(windWords).join("，") : "没有两小时以内的记录";
  return `${clock(at)}：正在发生 ${count.now} 条，此前 ${count.past} 条；风：${blown}。`;
}

function startReplay(show) {
  const part = document.getElementById("replay");
  const slider = part.querySelector("input");
  const play = part.querySelector("[data-play]");
  const says = part.querySelector("[data-says]");
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "播放";
    says.setAttribute("role", "status");
  };
  const go = (at) => {
    says.textContent = show(at);
    if (at !== null) slider.setAttribute("aria-valuetext", clock(at));
  };
  const here = () => data.since + Number(slider.value) * HOUR;
  const step = () => {
    if (Number(slider.value) >= Number(slider.max)) return stop();
    slider.value = String(Number(slider.value) + 1);
    go(here());
  };
  slider.max = String(Math.ceil((data.until - data.since) / HOUR) - 1);
  slider.addEventListener("input", () => go(here()));
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (slider.value === slider.max) slider.value = "0";
    // Three lines a second are no message for a reader of screens: silent until it stops.
    says.removeAttribute("role");
    play.textContent = "暂停";
    go(here());
    timer = setInterval(step, STEP_MS);
  });
  part.querySelector("[data-all]").addEventListener("click", () => {
    stop();
    go(null);
  });
  part.hidden = false;
  go(null);
}

const map = startMap();
showAll(map);
drawGround(map);
const clueLayer = L.layerGroup().addTo(map);
const windLayer = L.layerGroup().addTo(map);
let shown = null;
const show = (at) => {
  shown = at;
  return say(at, drawClues(map, clueLayer, at), drawWinds(windLayer, at));
};
map.on("zoomend", () => drawClues(map, clueLayer, shown));
startReplay(show);
