// Checking an Ed25519 signature (RFC 8032) with nothing but whole numbers: a page opened from a disk
// may have no crypto.subtle, and older browsers know no Ed25519. Nothing secret passes through here.

import { firstPrimes, fraction, join } from "./hashes.js";

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => ((a % m) + m) % m;

function power(base, exponent) {
  let [found, square] = [1n, mod(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) found = (found * square) % P;
    square = (square * square) % P;
  }
  return found;
}

const inverse = (a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

// -- SHA-512 (FIPS 180-4). Words of 64 bits are two of 32: Safari 14 has no getBigUint64.

const MASK = 2n ** 64n - 1n;
const PRIMES = firstPrimes(80);
const START = PRIMES.slice(0, 8).map((p) => fraction(p, 2, 64));
const ROUND = PRIMES.map((p) => fraction(p, 3, 64));
const turned = (x, n) => ((x >> BigInt(n)) | (x << BigInt(64 - n))) & MASK;

export function sha512(data) {
  const blocks = new Uint8Array(((data.length + 144) >> 7) << 7);
  blocks.set(data);
  blocks[data.length] = 0x80;
  const view = new DataView(blocks.buffer);
  put(view, blocks.length - 8, BigInt(data.length) * 8n);
  const state = [...START];
  for (let at = 0; at < blocks.length; at += 128) mix(state, words(view, at));
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => put(out, 8 * i, word));
  return new Uint8Array(out.buffer);
}

function put(view, at, word) {
  view.setUint32(at, Number(word >> 32n));
  view.setUint32(at + 4, Number(word & 0xffffffffn));
}

const got = (view, at) => (BigInt(view.getUint32(at)) << 32n) | BigInt(view.getUint32(at + 4));

function words(view, at) {
  const w = Array.from({ length: 16 }, (_, i) => got(view, at + 8 * i));
  for (let i = 16; i < 80; i++) {
    const [x, y] = [w[i - 15], w[i - 2]];
    const low = turned(x, 1) ^ turned(x, 8) ^ (x >> 7n);
    const high = turned(y, 19) ^ turned(y, 61) ^ (y >> 6n);
    w.push((w[i - 16] + low + w[i - 7] + high) & MASK);
  }
  return w;
}

function mix(state, w) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 80; i++) {
    const high = turned(e, 14) ^ turned(e, 18) ^ turned(e, 41);
    const one = h + high + ((e & f) ^ (~e & MASK & g)) + ROUND[i] + w[i];
    const low = turned(a, 28) ^ turned(a, 34) ^ turned(a, 39);
    const two = low + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & MASK, c, b, a, (one + two) & MASK];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] + word) & MASK));
}

// -- points in extended coordinates

const ZERO = [0n, 1n, 1n, 0n];

function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * t1 * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(n, point) {
  let [found, doubled] = [ZERO, point];
  for (let left = n; left > 0n; left >>= 1n) {
    if (left & 1n) found = sum(found, doubled);
    doubled = sum(doubled, doubled);
  }
  return found;
}

const number = (bytes) => bytes.reduceRight((whole, byte) => (whole << 8n) | BigInt(byte), 0n);

// The point that 32 bytes stand for; null where they stand for none.
function pointOf(bytes) {
  const sign = BigInt(bytes[31] >> 7);
  const y = number(bytes) & (2n ** 255n - 1n);
  if (y >= P) return null;
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(v * x * x) !== u || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function bytesOf([x, y, z]) {
  const back = inverse(z);
  const [left, up] = [mod(x * back), mod(y * back)];
  const whole = up | ((left & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, (_, i) => Number((whole >> BigInt(8 * i)) & 255n));
}

const BASE = pointOf(Uint8Array.from({ length: 32 }, (_, i) => (i ? 0x66 : 0x58)));

// Whether the holder of the key signed exactly these bytes.
export function isSigned(key, content, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [first, s] = [signature.slice(0, 32), number(signature.slice(32))];
  const holder = pointOf(key);
  if (!holder || s >= ORDER) return false;
  const k = mod(number(sha512(join(first, key, content))), ORDER);
  const [x, y, z, t] = holder;
  const found = bytesOf(sum(times(s, BASE), times(k, [mod(-x), y, z, mod(-t)])));
  return found.every((byte, i) => byte === first[i]);
}
