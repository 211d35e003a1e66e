#!/usr/bin/env node
/* HL7 v2 syntax judged by the package hl7v2: judge_hl7_parse.mjs FOLDER... or --self-test.
 * It is parsed and written again; both texts must be the same. Contents are judged by judge_text.py. See with-npm.sh. */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const home = path.join(process.env.SHIKAKU_NPM, "hl7v2/index.js");
const { HL7Message } = await import(pathToFileURL(home));
const good = new URL("good/hl7.txt", import.meta.url);

const withoutEmptyEnds = (text) => text.replace(/\|+\r/g, "\r");

function complaint(raw) {
  try {
    const text = new TextDecoder("iso-2022-jp", { fatal: true }).decode(raw);
    const message = HL7Message.parse(text);
    const types = message.segments.map((s) => s.segmentType).join(" ");
    const wanted = text.split("\r").filter((s) => s).map((s) => s.slice(0, 3)).join(" ");
    if (types !== wanted) return `segments ${types}, not ${wanted}`;
    if (withoutEmptyEnds(message.toHL7String()) !== withoutEmptyEnds(text)) return "is written differently";
    return message.version === "2.5" ? "" : `version ${message.version}`;
  } catch (error) {
    return `cannot be parsed: ${error.message}`;
  }
}

function judge(folders) {
  const told = [];
  let count = 0;
  for (const folder of folders) {
    const samples = path.join(folder, "samples");
    const names = fs.existsSync(samples) ? fs.readdirSync(samples).sort() : [];
    for (const name of names.filter((n) => n.endsWith(".expected"))) {
      count += 1;
      const said = complaint(fs.readFileSync(path.join(samples, name)));
      if (said) told.push(`${path.join(folder, name)}: ${said}`);
    }
  }
  if (!count) told.push(`no document in ${folders.join(" ")}`);
  return told;
}

function selfTest() {
  const raw = fs.readFileSync(good).toString("latin1");
  const spoils = [["MSH|", "MSX|"], ["\r", "\r\n"], ["|2.5|", "|2.4|"], ["^~\\&", "^~"], ["\x1b(B^", "^"]];
  const told = complaint(Buffer.from(raw, "latin1")) ? ["the good message is refused"] : [];
  for (const [old, spoilt] of spoils) {
    if (!raw.includes(old)) told.push(`no ${JSON.stringify(old)} in the good message`);
    const said = complaint(Buffer.from(raw.replace(old, spoilt), "latin1"));
    if (!said) told.push(`passes with ${JSON.stringify(spoilt)} for ${JSON.stringify(old)}`);
  }
  return told;
}

const [first, ...rest] = process.argv.slice(2);
if (!first) {
  console.error("usage: judge_hl7_parse.mjs FOLDER... | --self-test");
  process.exit(2);
}
const told = first === "--self-test" ? selfTest() : judge([first, ...rest]);
console.log(told.length ? told.join("\n") : "hl7: as it should be");
process.exit(told.length ? 1 : 0);
