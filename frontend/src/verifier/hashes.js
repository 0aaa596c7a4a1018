// SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016), written out: a page opened from a disk or over
// plain http has no crypto.subtle.

import { sm3Words } from "../sm3.js";

const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

export const fromHex = (text) =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.substr(2 * i, 2), 16));

export function join(...pieces) {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

// Both functions take blocks of 64 bytes, with the same padding.
function padded(data) {
  const blocks = new Uint8Array(((data.length + 72) >> 6) << 6);
  blocks.set(data);
  blocks[data.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(data.length / 0x20000000));
  view.setUint32(blocks.length - 4, (data.length << 3) >>> 0);
  return view;
}

function bytesOf(words) {
  const out = new DataView(new ArrayBuffer(32));
  words.forEach((word, i) => out.setUint32(4 * i, word));
  return new Uint8Array(out.buffer);
}

// The constants of SHA-2 are the first bits of roots of the first primes.
export function firstPrimes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
}

// So many bits behind the point of the root of given degree, exactly.
export function fraction(prime, degree, bits) {
  const scaled = BigInt(prime) << BigInt(bits * degree);
  let low = 0n;
  let high = 1n << BigInt(bits + 8);
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= scaled) low = middle;
    else high = middle;
  }
  return BigInt.asUintN(bits, low);
}

const PRIMES = firstPrimes(64);
const word = (prime, degree) => Number(fraction(prime, degree, 32)) | 0;
const SHA_START = PRIMES.slice(0, 8).map((p) => word(p, 2));
const SHA_ROUND = Int32Array.from(PRIMES, (p) => word(p, 3));
const shaWords = new Int32Array(64);

export function sha256(data) {
  const view = padded(data);
  const state = Int32Array.from(SHA_START);
  const w = shaWords;
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + SHA_ROUND[i] + w[i]) | 0;
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
  }
  return bytesOf(state);
}

export const sm3 = (data) => bytesOf(sm3Words(data));

export const HASHES = { sha256, sm3 };

// Digest of parts under a tag: H(tag ‖ 00 ‖ len64(part) ‖ part ‖ …).
export function tagged(hash, tag, ...parts) {
  const pieces = [utf8(tag), Uint8Array.of(0)];
  for (const part of parts) {
    const size = new DataView(new ArrayBuffer(8));
    size.setUint32(4, part.length);
    pieces.push(new Uint8Array(size.buffer), part);
  }
  return hash(join(...pieces));
}

// -- Merkle trees of RFC 9162

const node = (hash, left, right) => hash(join(Uint8Array.of(1), left, right));
export const leaf = (hash, data) => hash(join(Uint8Array.of(0), data));

export function root(hash, leaves) {
  if (!leaves.length) return hash(new Uint8Array(0));
  let level = leaves.map((data) => leaf(hash, data));
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i < level.length; i += 2) {
      above.push(i + 1 < level.length ? node(hash, level[i], level[i + 1]) : level[i]);
    }
    level = above;
  }
  return level[0];
}

// The root a path of siblings leads to, null where the path has the wrong length.
export function rootByPath(hash, data, index, size, siblings) {
  if (!(index >= 0 && index < size)) return null;
  let found = leaf(hash, data);
  let used = 0;
  for (let last = size - 1, at = index; last > 0; last >>= 1, at >>= 1) {
    if (!(at & 1) && at === last) continue;
    if (used === siblings.length) return null;
    const sibling = siblings[used++];
    found = at & 1 ? node(hash, sibling, found) : node(hash, found, sibling);
  }
  return used === siblings.length ? found : null;
}
