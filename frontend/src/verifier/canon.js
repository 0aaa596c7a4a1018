// The one byte form of a value (DR1 2.1), and a reader of JSON that lets nothing else in.

import { utf8 } from "./hashes.js";

// What is wrong with a record, as a sentence for the person who reads it.
export class Complaint extends Error {}

export function demand(condition, says) {
  if (!condition) throw new Complaint(says);
}

const DEEPEST = 100;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;
const ASCII = /^[\u0000-\u007f]*$/;
const BLANKS = " \t\n\r";
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

export const isText = (value) => typeof value === "string";
export const isList = Array.isArray;
export const isMap = (value) => value instanceof Map;
export const isAscii = (text) => ASCII.test(text);

function checkText(text) {
  const says = `文字“${text.slice(0, 40)}”`;
  demand(!CONTROL.test(text) && !LONE.test(text), `${says}含控制字符或不成对的代理字符。`);
  demand(text.normalize("NFC") === text, `${says}不是 NFC 规范形式。`);
}

// Objects become Maps, so that no name in a file can touch what an object has by itself.
class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail() {
    throw new Complaint(`文件不是规范的 JSON：第 ${this.at + 1} 个字符处读不下去。`);
  }

  blanks() {
    while (this.at < this.text.length && BLANKS.includes(this.text[this.at])) this.at++;
  }

  take(mark) {
    this.blanks();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  must(mark) {
    if (!this.take(mark)) this.fail();
  }

  value(depth) {
    demand(depth <= DEEPEST, `数据嵌套超过 ${DEEPEST} 层。`);
    this.blanks();
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === "[") return this.list(depth);
    if (first === "{") return this.map(depth);
    return this.number();
  }

  list(depth) {
    const found = [];
    this.must("[");
    if (this.take("]")) return found;
    do found.push(this.value(depth + 1));
    while (this.take(","));
    this.must("]");
    return found;
  }

  map(depth) {
    const found = new Map();
    this.must("{");
    if (this.take("}")) return found;
    do {
      this.blanks();
      const name = this.string();
      demand(isAscii(name), `字段名“${name.slice(0, 40)}”应为 ASCII 文字。`);
      demand(!found.has(name), "同一对象中有重复的字段。");
      this.must(":");
      found.set(name, this.value(depth + 1));
    } while (this.take(","));
    this.must("}");
    return found;
  }

  string() {
    if (this.text[this.at] !== '"') this.fail();
    this.at++;
    let found = "";
    for (;;) {
      const c = this.text[this.at++];
      if (c === '"') break;
      if (c === undefined || c < " ") this.fail();
      found += c === "\\" ? this.escape() : c;
    }
    checkText(found);
    return found;
  }

  escape() {
    const c = this.text[this.at++];
    if (c !== "u") return ESCAPES[c] ?? this.fail();
    const digits = this.text.substr(this.at, 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail();
    this.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  number() {
    const found = /^[-+.0-9a-zA-Z]*/.exec(this.text.substr(this.at, 40))[0];
    if (!found) this.fail();
    demand(/^(0|-?[1-9][0-9]*)$/.test(found), `“${found.slice(0, 20)}”不是普通整数。`);
    demand(Number.isSafeInteger(Number(found)), "整数超出范围，绝对值应小于 2 的 53 次方。");
    this.at += found.length;
    return Number(found);
  }
}

// The value written in a file: bytes or text.
export function parse(content) {
  let text = content;
  if (!isText(content)) {
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    } catch {
      throw new Complaint("文件不是 UTF-8 文字。");
    }
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.blanks();
  if (reader.at < text.length) reader.fail();
  return value;
}

function written(value) {
  if (isText(value)) return `"${value.replace(/["\\]/g, "\\$&")}"`;
  if (isList(value)) return `[${value.map(written).join(",")}]`;
  if (!isMap(value)) return String(value);
  const names = [...value.keys()].sort();
  return `{${names.map((name) => `${written(name)}:${written(value.get(name))}`).join(",")}}`;
}

export const canon = (value) => utf8(written(value));

// Order by code point: UTF-16 order differs beyond the basic plane.
export function compare(a, b) {
  const [left, right] = [[...a], [...b]];
  const size = Math.min(left.length, right.length);
  for (let i = 0; i < size; i++) {
    const step = left[i].codePointAt(0) - right[i].codePointAt(0);
    if (step) return step;
  }
  return left.length - right.length;
}
