// The field app: script and style named by what is in them, a service worker that knows exactly
// these files, and a version that changes when any of them does.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const SOURCE = new URL("src/field/", import.meta.url);
const OUT = new URL("../gongchou/inspection/static/field/", import.meta.url);
const read = (name) => readFileSync(new URL(name, SOURCE), "utf8");
const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);
const filled = (text, parts) => text.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);

async function bundle(entry) {
  const built = await build({
    entryPoints: [new URL(entry, SOURCE).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    charset: "utf8",
    external: ["/field/*"],
    target: ["es2021", "chrome98", "firefox96", "safari15.4"],
  });
  return built.outputFiles[0].text;
}

const [script, style] = [await bundle("main.js"), await bundle("field.css")];
const js = `app.${digest(script)}.js`;
const css = `app.${digest(style)}.css`;
const page = filled(read("index.html"), { js, css });
const fixed = ["manifest.webmanifest", "icon.svg"];
const version = digest([page, script, style, read("sw.js"), ...fixed.map(read)].join("\n"));
const files = JSON.stringify(["/field/", ...[js, css, ...fixed].map((name) => `/field/${name}`)]);

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const put = (name, text) => writeFileSync(new URL(name, OUT), text);
put(js, script);
put(css, style);
put("index.html", page);
put("sw.js", filled(read("sw.js"), { version, files }));
for (const name of fixed) put(name, read(name));
