// What the phone knows of its visits: the parcels of the server and, over them, what was filled in.
import * as store from "./store.js";
import * as vault from "./vault.js";
import { keepStep, request, stamp } from "./queue.js";
import { newName, sha256 } from "./seal.js";
import { sm3Hex } from "../sm3.js";

export const book = { parcels: [], ways: [], words: {}, asOf: "", states: {}, person: null };

export async function read() {
  book.person = await vault.opened("person");
  Object.assign(book, (await vault.opened("book")) ?? { parcels: [], ways: [], words: {}, asOf: "" });
  book.states = {};
  for (const name of await store.keys("kept")) {
    if (name.startsWith("state:")) book.states[name.slice(6)] = await vault.opened(name);
  }
}

// Fetch what is new. What somebody filled in here is never overwritten by what comes.
export async function refresh() {
  const { ok, told } = await request("visits");
  if (!ok) throw new Error(told.says);
  book.parcels = told.visits;
  book.ways = told.ways ?? [];
  book.words = told.words;
  book.asOf = stamp();
  book.person = { ...book.person, hasPin: told.has_pin };
  await vault.keep("book", { parcels: book.parcels, ways: book.ways, words: book.words, asOf: book.asOf });
  await vault.keep("person", book.person);
  await vault.mark();
}

// Visits that nobody has touched on this phone are shown anew as the server has them.
export async function forgetUntouched() {
  const kept = new Set(await store.keys("kept"));
  for (const ref of Object.keys(book.states)) if (!kept.has(`state:${ref}`)) delete book.states[ref];
}

export const parcel = (ref) => book.parcels.find((row) => row.ref === ref);

const STEPS = ["briefing", "arrive", "identity", "notice", "checklist", "opinion", "reading", "signing", "printing", "done"];

function stepOf(row) {
  if (row.record.notice_given_at) return "checklist";
  if (row.record.identity_shown_at) return "notice";
  return row.started_at ? "identity" : "briefing";
}

export function state(ref) {
  const row = parcel(ref);
  // A record begun under an older version of this page lacks what came later.
  const held = book.states[ref];
  if (held) return Object.assign(held, { cameras: held.cameras ?? [], copies: held.copies ?? [] });
  book.states[ref] = {
    step: stepOf(row),
    record: structuredClone(row.record),
    files: row.evidence.map(({ id, sha256: digest, kind, item, says }) => ({ id, sha256: digest, kind, item, says })),
    base: row.base,
    places: {},
    entryCode: "",
    cameras: [...(row.cameras ?? [])],
    copies: [],
    pins: {},
    marks: {},
    saved: JSON.stringify(row.record),
    paper: "",
    printed: "",
    isSubmitted: false,
    clues: 0,
    hasAccepted: row.state !== "dispatched",
    hasRead: row.briefing.read_by.includes(row.me),
  };
  return book.states[ref];
}

export const stepNumber = (name) => STEPS.indexOf(name);

// Keep what the screen shows, with the acts that belong to it.
export async function keep(ref, acts = [], replaces = []) {
  const held = structuredClone(state(ref));
  held.pins = {};
  await keepStep({ visit: ref, acts, shown: { [`state:${ref}`]: held }, replaces, draft: draft(ref, held) });
}

// What was filled in since the last act of this visit that holds its record.
function draft(ref, held) {
  const isOpen = held.record.started_at && !held.isSubmitted;
  return isOpen && JSON.stringify(held.record) !== held.saved ? act(ref, "save", { record: held.record, base: held.base }) : null;
}

export const act = (ref, kind, body = {}, more = {}) => ({ kind, visit: ref, body, ...more });

// The record as it stands, sent when it differs from what was sent before.
export async function keepRecord(ref) {
  const held = state(ref);
  const now = JSON.stringify(held.record);
  if (now === held.saved) return keep(ref);
  held.saved = now;
  return keep(ref, [act(ref, "save", { record: held.record, base: held.base })]);
}

export const answerOf = (held, code) => held.record.answers.find((row) => row.item === code);

export function answer(held, code, changes) {
  const found = answerOf(held, code);
  if (found) Object.assign(found, changes);
  else held.record.answers.push({ item: code, result: "", note: "", ...changes });
}

// Questions that the answers given make needless are not on the screen; see `core/asking.py`.
export function askedItems(row, held) {
  const codes = new Map(row.items.map((item) => [item.code, item]));
  const isAsked = (item, seen = new Set()) => {
    const other = item.asked_on && codes.get(item.asked_on[0]);
    if (!other) return true;
    if (seen.has(item.code)) return false;
    return item.asked_on[1].includes(answerOf(held, other.code)?.result) && isAsked(other, seen.add(item.code));
  };
  return row.items.filter((item) => isAsked(item));
}

// What is no question any more leaves neither answer nor finding behind.
export function dropUnasked(row, held) {
  const asked = new Set(askedItems(row, held).map((item) => item.code));
  held.record.answers = held.record.answers.filter((one) => asked.has(one.item));
  held.record.findings = held.record.findings.filter((one) => asked.has(one.item));
  held.copies = held.copies.filter((one) => asked.has(one.item));
}

export const answered = (held) => held.record.answers.filter((row) => row.result).length;

// What a reader would ask of this record; `core/plausibility.py` asks the same.
export function doubts(row, held) {
  const { started_at: start, ended_at: end, unvisitable } = held.record;
  const says = [];
  if (!start) return says;
  // The day is the server's: an hour of the own clock is moved as the server will move it.
  const moved = start === row.record.started_at ? 0 : vault.clockError();
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date(Date.parse(start) + moved));
  if (day !== row.planned_on) says.push(`计划 ${row.planned_on} 检查，实际 ${day} 到场。`);
  const stay = new Date(end || Date.now()) - new Date(start);
  if (!unvisitable && stay < row.shortest_minutes * 60000) says.push(`从到场到检查结束不足 ${row.shortest_minutes} 分钟。`);
  for (const one of row.team) {
    const hasRead = row.briefing.read_by.includes(one.ref) || (one.ref === row.me && held.hasRead);
    if (!hasRead) says.push(`${one.name}在到场之前没有确认检查前学习。`);
  }
  return says;
}
export const hasProblem = (held) => held.record.answers.some((row) => row.result === "problem");

// A file is counted before anything else touches it; its bytes go into the queue as they are.
export async function addFile(ref, { bytes, name, kind, item = "", says = "", thumb = null }) {
  const estimate = await navigator.storage?.estimate?.();
  if (estimate?.quota && estimate.quota - estimate.usage < bytes.length * 1.2 + 5e6) throw new store.Full();
  const held = state(ref);
  const [digest, second] = [await sha256(bytes), await sm3Hex(bytes)];
  const twin = held.files.find((file) => file.sha256 === digest);
  if (twin && twin.item !== item) throw new Error("这个文件已经存在这次检查的另一项里，没有重复保存。请为这一项另拍一张。");
  if (twin) return;
  const id = newName();
  const body = { kind, item, says, name, size: bytes.length, sha256: digest, sm3: second, taken_at: stamp() };
  const before = held.files;
  held.files = [...before, { id, sha256: digest, kind, item, says }];
  const copy = structuredClone(held);
  copy.pins = {};
  try {
    const shown = { [`state:${ref}`]: copy, ...(thumb ? { [`thumb:${id}`]: thumb } : {}) };
    await keepStep({ visit: ref, acts: [act(ref, "evidence", body, { name: id, bytes })], shown, draft: draft(ref, copy) });
  } catch (error) {
    held.files = before;
    throw error;
  }
  return id;
}

// Everything the paper shows, as one text; its digest is printed and proves the paper later.
export function paperOf(ref) {
  const held = state(ref);
  const files = held.files.map(({ id, sha256: digest }) => [id, digest]).sort();
  return JSON.stringify({ visit: ref, record: held.record, files, cameras: held.cameras });
}
