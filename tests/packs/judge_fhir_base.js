#!/usr/bin/env node
/* Base R4 judged by the package fhir: judge_fhir_base.js fhir-json|fhir-xml FOLDER... or --self-test.
 * Its warnings, about codes of Japan that it does not know, are no refusals. See with-npm.sh. */
"use strict";

const fs = require("fs");
const path = require("path");
const { Fhir } = require(path.join(process.env.SHIKAKU_NPM, "fhir"));

const fhir = new Fhir();
const STARTS = { "fhir-json": "{", "fhir-xml": "<" };

function complaints(text) {
  const input = text.startsWith("{") ? JSON.parse(text) : text;
  return fhir
    .validate(input, { errorOnUnexpected: true })
    .messages.filter((m) => m.severity === "error" || m.severity === "fatal")
    .map((m) => `${m.resourceId || ""} ${m.location || ""}: ${m.message}`);
}

function documents(kind, folders) {
  const found = [];
  for (const folder of folders) {
    const samples = path.join(folder, "samples");
    const names = fs.existsSync(samples) ? fs.readdirSync(samples).sort() : [];
    for (const name of names.filter((n) => n.endsWith(".expected"))) {
      const text = fs.readFileSync(path.join(samples, name), "utf8");
      if (text.startsWith(STARTS[kind])) found.push({ name: path.join(folder, name), text });
    }
  }
  return found;
}

function judge(kind, folders) {
  const all = documents(kind, folders);
  const told = all.flatMap((d) => complaints(d.text).map((c) => `${d.name}: ${c}`));
  if (!all.length) told.push(`no document of the kind ${kind} in ${folders.join(" ")}`);
  return told;
}

function selfTest() {
  const good = (name) => fs.readFileSync(path.join(__dirname, "good", name), "utf8");
  const spoils = [
    ["fhir.json", '"gender": "male"', '"gender": "man"'],
    ["fhir.json", '"birthDate": "1985-03-12"', '"birthDate": "R7.3.12"'],
    ["fhir.json", '"status": "active"', '"state": "active"'],
    ["fhir.json", '"payor"', '"payer"'],
    ["fhir.json", '"beneficiary"', '"patient"'],
    ["fhir.xml", 'gender value="male"', 'gender value="man"'],
    ["fhir.xml", '<status value="active"/>', ""],
    ["fhir.xml", 'status value="active"', 'status value="valid"'],
  ];
  const told = ["fhir.json", "fhir.xml"].flatMap((n) => complaints(good(n)).map((c) => `${n} is refused: ${c}`));
  for (const [name, old, spoilt] of spoils) {
    if (!good(name).includes(old)) told.push(`${name} has no ${old}`);
    if (!complaints(good(name).replace(old, spoilt)).length) told.push(`${name} passes with ${spoilt || "no " + old}`);
  }
  return told;
}

const [kind, ...folders] = process.argv.slice(2);
if (kind !== "--self-test" && (!STARTS[kind] || !folders.length)) {
  console.error("usage: judge_fhir_base.js fhir-json|fhir-xml FOLDER... | --self-test");
  process.exit(2);
}
const told = kind === "--self-test" ? selfTest() : judge(kind, folders);
console.log(told.length ? told.join("\n") : `${kind}: as it should be`);
process.exit(told.length ? 1 : 0);
