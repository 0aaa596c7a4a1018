// The queue: acts in the order they were done, shut for the server, sent until it answers with
// the digest of what it received.
import * as store from "./store.js";
import * as vault from "./vault.js";
import { base64, encode, newName, sealer, sha256 } from "./seal.js";

export const PIECE = 1024 * 1024 - 128;
const SLOWEST = 60000;
const listeners = new Set();
const late = new Set();
let waiting = 2000;
let timer;
let running = false;
let isWanted = false;
export const status = { unsent: 0, isOnline: true, says: "", isOver: false };

export const onChange = (listener) => listeners.add(listener);
export const onEarlierSent = (listener) => late.add(listener);
export async function tell(changes = {}) {
  Object.assign(status, changes, { unsent: await store.count("queue") });
  for (const listener of listeners) listener(status);
}

export const iso = (ms) => `${new Date(ms + 8 * 3600000).toISOString().slice(0, 19)}+08:00`;
export const stamp = () => iso(Date.now());

// Two windows must not give one number twice: the number is taken where the act is stored.
async function written(act, name) {
  const held = { id: name, number: act.number, kind: act.kind, visit: act.visit, after: act.after, made_at: stamp(), body: act.body };
  const text = JSON.stringify(held);
  const seal = await sealer(vault.current().serverKey, name);
  const sealed = await seal(encode(JSON.stringify({ text, pins: act.pins ?? {} })));
  return { id: name, kind: act.kind, visit: act.visit, after: act.after, lease: vault.current().ref, sealed, digest: await sha256(encode(text)), made: Date.now(), pieces: act.pieces ?? 0, says: "" };
}

async function piecesOf(name, bytes) {
  const total = Math.max(1, Math.ceil(bytes.length / PIECE));
  const seal = await sealer(vault.current().serverKey, name);
  const found = [];
  for (let i = 0; i < total; i++) found.push(await seal(bytes.subarray(i * PIECE, (i + 1) * PIECE), i, total));
  return found;
}

// Store the acts of one step, their files and what the screen shows, all or nothing. `draft` is the
// record of a visit as far as no act holds it: it is shut for the server too, and goes into the
// queue when what can be read goes.
export function keepStep({ visit, acts = [], shown = {}, replaces = [], draft = null }) {
  return navigator.locks.request("gongchou-field-write", () => keep(visit, acts, shown, replaces, draft));
}

async function keep(visit, acts, shown, replaces, draft) {
  const lease = vault.current().ref;
  const order = await store.get("meta", "order");
  const isSame = order?.lease === lease;
  let number = isSame ? order.number : 0;
  const last = isSame ? { ...order.last } : {};
  const rows = [];
  const files = [];
  for (const act of acts) {
    const name = act.name ?? newName();
    number += 1;
    const after = act.after ?? last[act.visit] ?? "";
    last[act.visit] = name;
    const parts = act.bytes ? await piecesOf(name, act.bytes) : [];
    const body = act.bytes ? { ...act.body, pieces: parts.length } : act.body;
    rows.push(await written({ ...act, number, after, body, pieces: parts.length }, name));
    parts.forEach((part, index) => files.push([`${name}/${index}`, part]));
  }
  const left = draft && (await written({ ...draft, number: (number += 1), after: last[visit] ?? "" }, newName()));
  const closed = [];
  for (const [name, value] of Object.entries(shown)) closed.push([name, await vault.closed(name, value)]);
  const all = (s) => {
    for (const n of replaces) s.queue.delete(n);
    for (const row of rows) s.queue.add(row);
    for (const [name, part] of files) s.pieces.put(part, name);
    for (const [name, value] of closed) s.kept.put(value, name);
    s.meta.put({ lease, number, last }, "order");
    if (left) s.meta.put(left, `${vault.DRAFT}${visit}`);
    else s.meta.delete(`${vault.DRAFT}${visit}`);
  };
  const bytes = files.reduce((sum, [, part]) => sum + part.length, 0);
  await store.write(["meta", "kept", "queue", "pieces"], all, { bytes });
  await tell();
  if (rows.length) soon(0);
}

export function soon(delay = waiting) {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

async function ask(path, options = {}) {
  const person = await vault.opened("person");
  const headers = { Authorization: `Field ${person.token}`, ...options.headers };
  const answer = await fetch(`/field/api/${path}`, { ...options, headers, redirect: "error", cache: "no-store" });
  if (answer.status === 401) throw new Over((await answer.json()).says);
  if (answer.status >= 500) throw new TypeError("server");
  return { ok: answer.ok, told: await answer.json() };
}

export class Over extends Error {}
export const request = (path, body) =>
  ask(path, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// One window sends at a time; the others see the queue shrink. What is stored while a sending is
// under way was not in its list: it is sent right after.
export async function send() {
  isWanted = running;
  if (running || !vault.isOpen()) return;
  running = true;
  try {
    await navigator.locks.request("gongchou-field-send", { ifAvailable: true }, async (lock) => {
      if (lock) await sendAll();
      else soon();
    });
  } catch (error) {
    if (error instanceof Over) await tell({ isOver: true, says: error.message });
    else await later();
  } finally {
    running = false;
    if (isWanted) soon(0);
    isWanted = false;
  }
}

async function later() {
  waiting = Math.min(waiting * 2, SLOWEST);
  await tell({ isOnline: false });
  soon();
}

async function sendAll() {
  const stopped = new Set();
  const rows = await store.all("queue");
  if (!rows.length) return;
  const own = vault.current().ref;
  let hasSentEarlier = false;
  for (const row of rows) {
    if (stopped.has(row.visit)) continue;
    const { outcome, says } = await sendOne(row);
    if (outcome === "gone") {
      hasSentEarlier ||= row.lease !== own;
      continue;
    }
    stopped.add(row.visit);
    await store.write(["queue"], (s) => void s.queue.put({ ...row, says, isStuck: outcome === "waiting" }));
    await tell({ isOnline: true });
  }
  waiting = 2000;
  await tell({ isOnline: true, says: "" });
  // What an earlier lease left has changed what the server says of these visits.
  if (hasSentEarlier) for (const listener of late) await listener();
  if (stopped.size) soon(15000);
}

async function sendOne(row) {
  const refusal = row.pieces ? await sendPieces(row) : "";
  if (refusal) return { outcome: "waiting", says: refusal };
  const body = { sent_at: stamp(), operations: [{ id: row.id, lease: row.lease, sealed: base64(row.sealed) }] };
  const { ok, told } = await request("operations", body);
  if (!ok) return { outcome: "waiting", says: told.says };
  const receipt = told.receipts[0];
  if (!["applied", "versioned", "aside"].includes(receipt.outcome)) return receipt;
  if (receipt.digest !== row.digest) return { outcome: "waiting", says: "服务器收到的内容与手机上的摘要不一致，原件已保留，请联系管理员。" };
  await arrived(row, receipt);
  return { outcome: "gone" };
}

async function sendPieces(row) {
  const held = await request(`pieces/${row.lease}/${row.id}`);
  if (!held.ok) return held.told.says;
  const there = new Set(held.told.held);
  for (let i = 0; i < row.pieces; i++) {
    if (there.has(i)) continue;
    const body = await store.get("pieces", `${row.id}/${i}`);
    const headers = { "Content-Type": "application/octet-stream" };
    const { ok, told } = await ask(`pieces/${row.lease}/${row.id}/${i}/${row.pieces}`, { method: "POST", headers, body });
    if (!ok) return told.says;
  }
  return "";
}

// Only now, with the server's receipt for exactly these bytes, may the phone let go of them.
async function arrived(row, receipt) {
  const gone = (s) => {
    s.queue.delete(row.n);
    for (let i = 0; i < row.pieces; i++) s.pieces.delete(`${row.id}/${i}`);
  };
  await store.write(["queue", "pieces"], gone, { isUrgent: true });
  const notes = (await vault.opened("notes")) ?? [];
  if (receipt.says) await vault.keep("notes", [...notes, { visit: row.visit, says: receipt.says, at: Date.now() }]);
  await tell({ isOnline: true });
}
