// What the phone keeps. Everything a step changes goes into one transaction that is on disk
// before the step is said to be done.
import { STEP_BYTES, hasRoom } from "./room.js";

const STORES = { meta: {}, kept: {}, queue: { keyPath: "n", autoIncrement: true }, pieces: {} };
let opening;

export function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("gongchou-field", 1);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, options);
      }
    };
    request.onsuccess = () => {
      const again = () => (opening = undefined);
      // A browser that runs out of space may shut the database: the next step opens it again.
      request.result.onclose = again;
      request.result.onversionchange = () => (request.result.close(), again());
      resolve(request.result);
    };
    request.onerror = () => reject(told(request.error));
  });
  opening.catch(() => (opening = undefined));
  return opening;
}

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export async function get(store, key) {
  return answer((await open()).transaction(store).objectStore(store).get(key));
}

export async function all(store) {
  return answer((await open()).transaction(store).objectStore(store).getAll());
}

export async function keys(store) {
  return answer((await open()).transaction(store).objectStore(store).getAllKeys());
}

export async function count(store) {
  return answer((await open()).transaction(store).objectStore(store).count());
}

// No room on the phone: nothing of this step was stored, everything before it is as it was.
export class Full extends Error {
  constructor() {
    super("手机存储空间不足，这一步没有保存；以前保存的内容不受影响。请清理手机空间，或者连接网络把已存的上传，再按一次。");
  }
}

// What browsers say when the disk takes no more: by quota, or (Chromium) as a failed write.
const NO_ROOM = ["QuotaExceededError", "DataError", "UnknownError"];
const told = (error) => (NO_ROOM.includes(error?.name) ? new Full() : (error ?? new Error("aborted")));

// `work` gets the stores by name and must not wait for anything but them. `bytes` is what it adds
// beyond a few lines; what is urgent frees room or opens the app, and may use the reserve.
export async function write(names, work, { bytes = 0, isUrgent = false } = {}) {
  if (!(await hasRoom(STEP_BYTES + bytes, isUrgent))) throw new Full();
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(told(transaction.error));
    transaction.onerror = () => {};
    try {
      result = work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    } catch (error) {
      reject(told(transaction.error ?? error));
      // Half a step is none.
      if (!transaction.error) transaction.abort();
    }
  });
}

export const put = (store, key, value, options = {}) => write([store], (s) => void s[store].put(value, key), options);
