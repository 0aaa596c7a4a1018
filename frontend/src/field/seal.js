// Two closures: `sealer` shuts what only the server opens, the vault what this phone opens while
// its lease stands and its officer's digits are entered. `gongchou/inspection/sealing.py` is the
// other side of the first.
const text = new TextEncoder();
const INFO = "gongchou-field-1";
export const encode = (value) => text.encode(value);

export function base64(bytes) {
  let out = "";
  for (let i = 0; i < bytes.length; i += 32768) out += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(out);
}

export const unbase64 = (value) => Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
export const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");
export const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));
export const newName = () => hex(random(12));

function numbered(index) {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setUint32(8, index);
  return iv;
}

// One key for all pieces of a name; each piece has its own number, so no two share a nonce.
export async function sealer(serverKey, name) {
  const theirs = await crypto.subtle.importKey("raw", serverKey, { name: "ECDH", namedCurve: "P-256" }, false, []);
  const own = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: point, info: encode(`${INFO}|${name}`) },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  return async (plain, index = 0, total = 1) => {
    const additionalData = encode(`${name}|${index}|${total}`);
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: numbered(index), additionalData }, key, plain);
    const out = new Uint8Array(point.length + closed.byteLength);
    out.set(point);
    out.set(new Uint8Array(closed), point.length);
    return out;
  };
}
