// A QR code of version 6, level M, mask 0: room for 106 bytes, enough for a digest and its mark.
const VERSION = 6;
const SIZE = 17 + 4 * VERSION;
const BLOCKS = 4;
const DATA = 27;
const CHECKS = 16;
const EXP = [];
const LOG = [];
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = x;
  LOG[x] = i;
  x = x < 128 ? x * 2 : (x * 2) ^ 0x11d;
}
const times = (a, b) => (a && b ? EXP[(LOG[a] + LOG[b]) % 255] : 0);

function generator() {
  let poly = [1];
  for (let i = 0; i < CHECKS; i++) {
    const next = new Array(poly.length + 1).fill(0);
    poly.forEach((value, k) => {
      next[k] ^= value;
      next[k + 1] ^= times(value, EXP[i]);
    });
    poly = next;
  }
  return poly;
}

function checks(data, poly) {
  const rest = [...data, ...new Array(CHECKS).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i];
    poly.forEach((value, k) => (rest[i + k] ^= times(value, factor)));
  }
  return rest.slice(data.length);
}

function codewords(bytes) {
  if (bytes.length > BLOCKS * DATA - 2) throw new Error("too long for the code");
  const bits = [];
  const push = (value, length) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  push(4, 4);
  push(bytes.length, 8);
  for (const byte of bytes) push(byte, 8);
  push(0, Math.min(4, BLOCKS * DATA * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let i = 0; i < bits.length; i += 8) words.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0; words.length < BLOCKS * DATA; pad++) words.push(pad % 2 ? 0x11 : 0xec);
  const poly = generator();
  const blocks = Array.from({ length: BLOCKS }, (_, b) => words.slice(b * DATA, (b + 1) * DATA));
  const ends = blocks.map((block) => checks(block, poly));
  const out = [];
  for (let i = 0; i < DATA; i++) for (const block of blocks) out.push(block[i]);
  for (let i = 0; i < CHECKS; i++) for (const end of ends) out.push(end[i]);
  return out;
}

function frame() {
  const grid = Array.from({ length: SIZE }, () => new Array(SIZE).fill(null));
  const square = (top, left) => {
    for (let y = -1; y < 8; y++) {
      for (let x = -1; x < 8; x++) {
        if (!(top + y in grid) || left + x < 0 || left + x >= SIZE) continue;
        const edge = Math.max(Math.abs(y - 3), Math.abs(x - 3));
        grid[top + y][left + x] = Number(edge !== 2 && edge !== 4);
      }
    }
  };
  square(0, 0);
  square(0, SIZE - 7);
  square(SIZE - 7, 0);
  for (let y = -2; y < 3; y++) for (let x = -2; x < 3; x++) grid[34 + y][34 + x] = Number(Math.max(Math.abs(x), Math.abs(y)) !== 1);
  for (let i = 8; i < SIZE - 8; i++) grid[6][i] = grid[i][6] = Number(i % 2 === 0);
  const format = [1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0];
  const first = [[8, 0], [8, 1], [8, 2], [8, 3], [8, 4], [8, 5], [8, 7], [8, 8], [7, 8], [5, 8], [4, 8], [3, 8], [2, 8], [1, 8], [0, 8]];
  format.forEach((bit, i) => {
    grid[first[i][0]][first[i][1]] = bit;
    if (i < 7) grid[SIZE - 1 - i][8] = bit;
    else grid[8][SIZE - 15 + i] = bit;
  });
  grid[SIZE - 8][8] = 1;
  return grid;
}

export function matrix(text) {
  const grid = frame();
  const bits = codewords(new TextEncoder().encode(text)).flatMap((word) => Array.from({ length: 8 }, (_, i) => (word >> (7 - i)) & 1));
  let at = 0;
  for (let right = SIZE - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right -= 1;
    for (let step = 0; step < SIZE; step++) {
      const y = up ? SIZE - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid[y][x] !== null) continue;
        grid[y][x] = (bits[at++] ?? 0) ^ Number((x + y) % 2 === 0);
      }
    }
  }
  return grid;
}

const SVG = "http://www.w3.org/2000/svg";
export function squares(rows, label, kind = "") {
  const size = rows.length + 8;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("class", `qr ${kind}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", rows.flatMap((row, y) => [...row].map((dark, x) => (Number(dark) ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join(""));
  svg.append(path);
  return svg;
}

export const picture = (text) => squares(matrix(text), "记录摘要二维码");
