// sikakuxml's own functions on the same text, in one process: node app_peer.js CHECKOUT TEXT ROUNDS > FACE
// Nothing of it is served or written: the web server is left out, and its settings are those of a new installation.
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const [checkout, text, rounds] = process.argv.slice(2);
const file = path.resolve(checkout, "routes/index.js");
const real = createRequire(file);
const nothing = () => {};
const settings = JSON.stringify({ filePath: "/nowhere", MedicalInstitutionCode: "9919999999" });
const files = { promises: { access: async () => {}, readFile: async () => settings } };
const stand = { express: { Router: () => ({ get: nothing, post: nothing }) }, fs: files };
const load = new Function("require", "module", "__dirname", "console",
  fs.readFileSync(file, "utf8") + "\nreturn { parseTextData, hasRequiredKeys, generateXml };");
const own = load((name) => stand[name] || real(name), {}, path.dirname(file), { log: nothing, error: nothing });
const xss = real("xss");
const iconv = real("iconv-lite");
const pasted = fs.readFileSync(text, "utf8");

function convert() {
  const data = own.parseTextData(xss(pasted, { whiteList: {} }));
  if (!own.hasRequiredKeys(data)) throw new Error("the text was not understood");
  return iconv.encode(own.generateXml(data), "Shift_JIS");
}

setImmediate(() => setTimeout(() => {
  let face = null;
  for (let i = 0; i < 200; i++) face = convert(); // until the compiler has warmed up
  const since = process.hrtime.bigint();
  for (let i = 0; i < Number(rounds); i++) face = convert();
  process.stderr.write(`${Number(process.hrtime.bigint() - since) / 1e3 / Number(rounds)}\n`);
  process.stdout.write(face);
}, 10));
