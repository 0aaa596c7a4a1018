// What the phone keeps. Everything a step changes goes into one transaction that is on disk
// before the step is said to be done.
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
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
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

// `work` gets the stores by name and must not wait for anything but them.
export async function write(names, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    transaction.onerror = () => {};
    result = work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
  });
}

export const put = (store, key, value) => write([store], (s) => void s[store].put(value, key));
