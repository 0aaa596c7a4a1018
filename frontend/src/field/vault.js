// The lease of this phone: until when it may read, and the key that the officer's digits unwrap.
import * as store from "./store.js";
import { encode, random, unbase64 } from "./seal.js";

const ROUNDS = 310000;
export const MOST_WRONG = 5;
// Names of records that no act holds yet; see `keepStep`.
export const DRAFT = "draft:";
// A clock set back further than this is not believed.
const SLACK = 5 * 60 * 1000;
let key = null;
let lease = null;

export const current = () => lease;
export const isOpen = () => key !== null;
// The server's time as far as this phone can know it.
export const serverNow = () => Date.now() + (lease?.offset ?? 0);

// How far this clock is from the server's, where it is far enough to be told.
export const clockError = () => (Math.abs(lease?.offset ?? 0) > SLACK ? lease.offset : 0);

async function wrapper(pin, salt, deviceKey) {
  const digits = await crypto.subtle.importKey("raw", encode(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, digits, 256);
  const mixed = await crypto.subtle.sign("HMAC", deviceKey, slow);
  return crypto.subtle.importKey("raw", mixed, "AES-GCM", false, ["encrypt", "decrypt"]);
}

const usable = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

export async function load() {
  lease = (await store.get("meta", "lease")) ?? null;
  if (lease && isOver()) await wipe();
  return lease;
}

export const isOver = () => serverNow() >= lease.until;
// A clock that was set back opens nothing until it is right again: it may be the network that
// corrected it, so nothing is taken from the officer, and nothing is read meanwhile.
export const isBehind = () => serverNow() < lease.seen - SLACK;
export const behind = () => ({ minutes: Math.round((lease.seen - serverNow()) / 60000), opens: lease.seen - SLACK - lease.offset });
export const shut = () => (key = null);

// The highest hour seen: a clock that is set back does not lengthen the lease.
export async function mark() {
  if (!lease || serverNow() <= lease.seen) return;
  lease = { ...lease, seen: serverNow() };
  await store.put("meta", "lease", lease, { isUrgent: true });
}

export async function take(told, pin) {
  const raw = random(32);
  const salt = random(16);
  const deviceKey = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const iv = random(12);
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await wrapper(pin, salt, deviceKey), raw);
  key = await usable(raw);
  raw.fill(0);
  const server = Date.parse(told.server_time);
  const until = Date.parse(told.until);
  lease = { ref: told.lease, until, serverKey: unbase64(told.public_key), salt, iv, wrapped, deviceKey, tries: 0, offset: server - Date.now(), seen: server };
  const person = await closed("person", { ...told.person, token: told.token, hasPin: told.has_pin });
  await store.write(["meta", "kept"], (s) => {
    s.kept.clear();
    s.kept.put(person, "person");
    s.meta.put(lease, "lease");
  });
}

export async function unlock(pin) {
  lease = { ...lease, tries: lease.tries + 1 };
  await store.put("meta", "lease", lease, { isUrgent: true });
  try {
    const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: lease.iv }, await wrapper(pin, lease.salt, lease.deviceKey), lease.wrapped);
    key = await usable(raw);
  } catch {
    if (lease.tries >= MOST_WRONG) await wipe();
    return false;
  }
  lease = { ...lease, tries: 0 };
  await store.put("meta", "lease", lease, { isUrgent: true });
  return true;
}

// What can be read goes; what is not yet sent stays, shut for the server alone.
export async function wipe() {
  key = null;
  lease = null;
  const empty = (s) => {
    s.kept.clear();
    s.meta.delete("lease");
    const drafts = IDBKeyRange.bound(DRAFT, `${DRAFT}\uffff`);
    s.meta.getAll(drafts).onsuccess = (event) => {
      for (const row of event.target.result) s.queue.add(row);
      s.meta.delete(drafts);
    };
  };
  await store.write(["meta", "kept", "queue"], empty, { isUrgent: true });
}

export async function closed(name, value) {
  const iv = random(12);
  const plain = value instanceof Uint8Array ? value : encode(JSON.stringify(value));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encode(name) }, key, plain);
  return { iv, data };
}

export async function opened(name) {
  const bytes = await openedBytes(name);
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

export async function openedBytes(name) {
  const held = await store.get("kept", name);
  if (!held) return undefined;
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: held.iv, additionalData: encode(name) }, key, held.data);
}

export async function keep(name, value) {
  return store.put("kept", name, await closed(name, value));
}
