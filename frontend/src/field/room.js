// Whether the phone has room for a step, found out before the database is touched: a browser whose
// database met a full disk in mid-write may throw the whole database away at its next start.
// The trial goes into the cache, whose files stand for themselves.
const NAME = "gongchou-room";
const RESERVE = "/field/room/reserve";
const RESERVE_BYTES = 4 * 1024 * 1024;
export const STEP_BYTES = 2 * 1024 * 1024;
// So many urgent steps, a few lines each, fit where the reserve was.
const URGENT_STEPS = 200;
let count = 0;
let hasReserve = false;
let urgentLeft = 0;

const filler = (bytes) => new Response(new Uint8Array(bytes));

async function put(cache, path, bytes) {
  try {
    await cache.put(path, filler(bytes));
    return true;
  } catch {
    await cache.delete(path);
    return false;
  }
}

// True where `bytes` more can be written. What frees room or opens the app may take the reserve.
export async function hasRoom(bytes, isUrgent) {
  const cache = await caches.open(NAME);
  const path = `/field/room/${(count += 1)}`;
  const fits = await put(cache, path, bytes);
  await cache.delete(path);
  if (fits && !hasReserve) hasReserve = Boolean(await cache.match(RESERVE)) || (await put(cache, RESERVE, RESERVE_BYTES));
  if (fits || !isUrgent) return fits;
  hasReserve = false;
  if (await cache.delete(RESERVE)) urgentLeft = URGENT_STEPS;
  return urgentLeft-- > 0;
}
