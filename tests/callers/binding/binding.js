'use strict';
// What the Node.js binding does beyond the reception desk: node --test binding.js, FOLDER with demo.lua and answer.xml in SHIKAKU_FOLDER.
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { Session, ShikakuError, load, nameOf, Job, Event, FaultCode, Outcome, Retry } = require('./shikaku');

const folder = process.env.SHIKAKU_FOLDER;
const config = path.join(folder, 'demo.lua');
const answer = fs.readFileSync(path.join(folder, 'answer.xml'));

function refused(name, call) {
  let found = null;
  assert.throws(call, (error) => {
    found = error;
    return error instanceof ShikakuError && error.name === name && error.code === FaultCode[name];
  });
  return found;
}

async function until(session, wanted) {
  for await (const event of session.events()) {
    if (event === wanted) {
      return;
    }
  }
  assert.fail('DONE before ' + nameOf(Event, wanted));
}

function withSession(what) {
  return async () => {
    const session = new Session(config);
    try {
      await what(session);
    } finally {
      session.close();
    }
  };
}

test('a library is not searched for', () => {
  assert.throws(() => load('shikaku.dll'), /absolute/); // before anything else loads it
});

test('faults are exceptions', withSession((session) => {
  refused('CONFIG_FILE', () => new Session(config + '.missing'));
  const fault = refused('CONFIG_VALUE', () => session.set('card_timeout_ms', 'soon'));
  assert.ok(fault.where === 'card_timeout_ms' && fault.message.endsWith('。') && fault.messageEn.endsWith('.'));
  session.set('card_timeout_ms', 5000);
  session.put('query.insurer_number', '06990015');
  session.put('query.number', '1001');
  session.put('query.birth_date', '1985-03-12');
  refused('CHECK_DIGIT', () => session.start(Job.QUERY));
  const { name, where, retry } = session.fault();
  assert.deepEqual([name, where, retry], ['CHECK_DIGIT', 'query.insurer_number', Retry.OPERATOR]);
}));

test('values are read by kind', withSession(async (session) => {
  assert.deepEqual([session.text('record.name'), session.number('pin.tries_left'), session.read('delivery[1].document'),
    session.fault()], [null, null, null, null]);
  refused('PATH', () => session.text('no.such.path'));
  refused('PATH', () => session.count('version'));
  refused('TYPE', () => session.number('version'));
  session.put('import.data', answer);
  session.start(Job.IMPORT);
  await until(session, Event.DONE);
  assert.deepEqual([session.text('record.name'), session.number('outcome'), session.count('records'), session.count('readers')],
    ['見本　太郎', Outcome.ELIGIBLE, 1, 0]);
  const document = session.read('delivery[1].document');
  assert.ok(document.length > 256);
  assert.equal(session.text('delivery[1].document_text'), document.toString('utf8'));
  session.forget();
  assert.equal(session.text('record.name'), null);
  session.put('import.data', answer);
  session.put('import.data', Buffer.alloc(0));
  refused('INPUT', () => session.start(Job.IMPORT));
}));

test('what is longer than the room is read whole', withSession(async (session) => {
  const script = path.join(folder, 'long.lua');
  fs.writeFileSync(script, 'return { contract = 1, id = "long", format = "csv", encoding = "utf-8", file = "long.csv",\n'
    + `  fields = { { to = "x", value = "${'あ'.repeat(3000)}" } } }\n`);
  session.put('import.data', answer);
  session.put('map.script', script);
  session.start(Job.MAP);
  await until(session, Event.DONE);
  assert.equal(session.read('delivery[1].document').toString(), 'あ'.repeat(3000) + '\r\n');
  assert.equal(session.text('delivery[1].document_text'), 'あ'.repeat(3000) + '\r\n');
}));

test('PINs are wiped', withSession(async (session) => {
  const pins = ['1234', 'words', '0000', '1234', '1234'].map((word) => Buffer.from(word));
  refused('STATE', () => session.answerPin(pins[0]));
  refused('STATE', () => session.put('secret', pins[1]));
  await assert.rejects(session.check(pins[2], false, 20000), { name: 'PIN_WRONG' });
  session.start(Job.CHECK);
  await until(session, Event.PIN);
  session.answerPin(pins[3]);
  await until(session, Event.DONE);
  assert.equal(session.number('outcome'), Outcome.ELIGIBLE);
  assert.equal(await session.check(pins[4], false, 20000), Outcome.ELIGIBLE);
  assert.ok(pins.every((pin) => pin.every((byte) => byte === 0)), 'a PIN is left');
}));

test('waiting does not block the event loop', withSession(async (session) => {
  let turns = 0;
  const ticking = setInterval(() => { turns += 1; }, 10);
  assert.equal(await session.nextEvent(300), Event.NONE);
  assert.ok(turns > 5, `${turns} turns`);
  turns = 0;
  fs.mkdirSync(path.join(folder, 'OQS', 'face'), { recursive: true });
  const other = new Session();
  other.set('route', 'folder');
  other.set('folder.root', path.join(folder, 'OQS'));
  await assert.rejects(other.check(null, false, 300), { name: 'TIMEOUT' });
  other.close();
  clearInterval(ticking);
  assert.ok(turns > 5, `${turns} turns in a check`);
}));

test('a cancel, and a close that ends a wait', async () => {
  const session = new Session(config);
  session.start(Job.CHECK);
  await until(session, Event.PIN);
  session.cancel();
  await until(session, Event.DONE);
  assert.equal(session.fault().name, 'CANCELLED');
  setTimeout(() => session.close(), 100);
  await assert.rejects(session.nextEvent(), { name: 'SESSION' });
  assert.equal(session.close(), FaultCode.SESSION);
  refused('SESSION', () => session.text('version'));
});

test('names', () => {
  assert.deepEqual([nameOf(Event, 3), nameOf(Event, 99)], ['PIN', '99']);
});
