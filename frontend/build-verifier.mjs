// The verifiers are files that work from a disk with the network off: script and style inside,
// readable, and a policy that lets exactly these two run and nothing be fetched.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const SOURCE = new URL("src/verifier/", import.meta.url);
const OUT = new URL("../gongchou/web/static/dist/", import.meta.url);
const ALONE = new URL("../verifier/", import.meta.url);
const PAGES = [["page", "verify.html"], ["gate-page", "gate.html"]];
const PROGRAMS = ["verify_draw.py", "verify_joint.py", "verify_ballot.py"];
const read = (name) => readFileSync(new URL(name, SOURCE), "utf8");
const hashed = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

async function made(name) {
  const built = await build({
    entryPoints: [new URL(`${name}.js`, SOURCE).pathname],
    bundle: true,
    write: false,
    format: "iife",
    charset: "utf8",
    target: "es2020",
  });
  const script = `\n${built.outputFiles[0].text}`;
  const style = `\n${read("page.css")}`;
  if (/<\/script/i.test(script)) throw new Error("the script would end its own element");
  const policy = [
    "default-src 'none'",
    `script-src ${hashed(script)}`,
    `style-src ${hashed(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const parts = { policy, style, script };
  return read(`${name}.html`).replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
}

mkdirSync(OUT, { recursive: true });
for (const [name, file] of PAGES) writeFileSync(new URL(file, OUT), await made(name));
// The programs that need nothing but Python, for whoever would rather not trust a browser.
for (const name of PROGRAMS) copyFileSync(new URL(name, ALONE), new URL(name, OUT));
