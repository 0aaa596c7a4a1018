// SM3 (GB/T 32905-2016), for the field app and the verifier; the same as `core/sm3.py`.
const IV = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
const turn = (x, n) => (x << n % 32) | (x >>> (32 - (n % 32)) % 32);
const T = Array.from({ length: 64 }, (_, j) => (j % 32 ? turn(j < 16 ? 0x79cc4519 : 0x7a879d8a, j) : j < 16 ? 0x79cc4519 : 0x7a879d8a));

function block(state, view, at, w) {
  for (let j = 0; j < 16; j++) w[j] = view.getInt32(at + 4 * j);
  for (let j = 16; j < 68; j++) {
    const x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15);
    w[j] = x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6];
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let j = 0; j < 64; j++) {
    const s1 = turn((turn(a, 12) + e + T[j]) | 0, 7);
    const s2 = s1 ^ turn(a, 12);
    const t1 = ((j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + s2 + (w[j] ^ w[j + 4])) | 0;
    const t2 = ((j < 16 ? e ^ f ^ g : (e & f) | (~e & g)) + h + s1 + w[j]) | 0;
    d = c;
    c = turn(b, 9);
    b = a;
    a = t1;
    h = g;
    g = turn(f, 19);
    f = e;
    e = t2 ^ turn(t2, 9) ^ turn(t2, 17);
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] ^= value));
}

const PIECE = 512 * 1024;

// The state after all bytes; it pauses after each piece, so that a long film need not hold up a
// screen.
function* digesting(bytes) {
  const state = Int32Array.from(IV);
  const w = new Int32Array(68);
  const whole = bytes.length - (bytes.length % 64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) {
    block(state, view, at, w);
    if (at % PIECE === PIECE - 64) yield;
  }
  const rest = bytes.subarray(whole);
  const end = new Uint8Array(rest.length < 56 ? 64 : 128);
  end.set(rest);
  end[rest.length] = 0x80;
  const last = new DataView(end.buffer);
  last.setUint32(end.length - 8, Math.floor(bytes.length / 0x20000000));
  last.setUint32(end.length - 4, (bytes.length * 8) >>> 0);
  for (let at = 0; at < end.length; at += 64) block(state, last, at, w);
  return state;
}

// Eight words of 32 bits, at once.
export function sm3Words(bytes) {
  const run = digesting(bytes);
  let step = run.next();
  while (!step.done) step = run.next();
  return step.value;
}

// Lower-case hex; every so often something else may run.
export async function sm3Hex(bytes) {
  const run = digesting(bytes);
  let step = run.next();
  while (!step.done) {
    await new Promise((go) => setTimeout(go));
    step = run.next();
  }
  return [...step.value].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
