// A code shown at a gate: `GC2.` content `.` signature, both in base64url; the whole address that a
// camera reads will do. Who holds the published key checks it without asking anybody.

import { demand } from "./canon.js";
import { isSigned } from "./ed25519.js";

const WRONG = "这不是检查人员出示的身份码，或者抄录不完整。请把扫描得到的文字整段粘贴进来。";
const KEY = "公钥应为 43 个字母、数字、“-”或“_”，请从公众门户“企业入口”或“抽查是怎样进行的”抄录。";
const FORGED = "身份码不是这把公钥的机关签发的，或者内容被改动过。请不要凭它放行，并拨打检查机关公布的电话核实。";

function bytesOf(letters) {
  const text = atob(letters.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function contentOf(bytes) {
  try {
    const { b, o, s, u, v } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (![b, s, v].every((text) => typeof text === "string") || !Number.isInteger(u)) return null;
    return { bureau: b, officers: o.map(([name, card]) => [String(name), String(card)]), subject: s, until: u * 1000, visit: v };
  } catch {
    return null;
  }
}

// What the code says, once its signature stands; a Complaint where it does not. `now` in ms.
export function checkGate(text, key, now) {
  const found = /GC2\.([\w-]+)\.([\w-]+)/.exec(text.replace(/\s/g, ""));
  demand(found && text.length <= 4000 && found[1].length % 4 !== 1 && found[2].length === 86, WRONG);
  demand(/^[\w-]{43}$/.test(key.trim()), KEY);
  const content = bytesOf(found[1]);
  demand(isSigned(bytesOf(key.trim()), content, bytesOf(found[2])), FORGED);
  const said = contentOf(content);
  demand(said, WRONG);
  return { ...said, isOver: now >= said.until };
}
