'use strict';
// A reception desk in Node.js: node reception.js CONFIG
//
// Waits for a card, asks for the PIN, shows the answer and the document that was delivered.
// Exit code: 0 eligible, 1 not eligible, 2 usage, 3 anything else.
const { Session, ShikakuError, abi, nameOf, Job, Event, FaultCode, Outcome } = require('./shikaku');

const WORDS = ['確認できません', '資格あり', '資格なし', '有効・無効の記載なし'];
const FIELDS = ['name', 'name_kana', 'birth_date', 'sex', 'insurer_number', 'symbol', 'number', 'branch_number',
  'reference_number'];

function say(...words) {
  process.stdout.write(words.join(' ') + '\n');
}

function warn(words) {
  process.stderr.write(words);
}

function value(session, path) {
  const text = session.text(path);
  return text === null ? '-' : text;
}

function sayFault(title, fault) {
  say(title, fault.name, fault.code);
  say(' ', fault.message);
  say(' ', fault.messageEn);
}

/** The line without what the backspace took back: a terminal in raw mode leaves that to the program. */
function edited(typed) {
  const line = Buffer.alloc(typed.length);
  let length = 0;
  for (const byte of typed) {
    if (byte !== 8 && byte !== 127) {
      line[length] = byte;
      length += 1;
    } else if (length > 0) {
      length -= 1;
      line[length] = 0;
    }
  }
  return line.subarray(0, length);
}

/** What was typed, byte by byte, in Buffers that are wiped as they are taken. */
class Keys {
  #rest = Buffer.alloc(0);
  #wanted = null;
  #ended = false;

  constructor() {
    process.stdin.on('data', (piece) => {
      const both = Buffer.concat([this.#rest, piece]);
      piece.fill(0);
      this.#rest.fill(0);
      this.#rest = both;
      this.#look();
    });
    process.stdin.on('end', () => {
      this.#ended = true;
      this.#look();
    });
  }

  /** One line; on a terminal without echo. */
  async line() {
    const hidden = process.stdin.isTTY;
    if (hidden) {
      warn('暗証番号 / PIN: ');
      process.stdin.setRawMode(true);
    }
    const line = await new Promise((resolve) => {
      this.#wanted = resolve;
      this.#look();
    });
    if (hidden) {
      process.stdin.setRawMode(false);
      warn('\n');
    }
    return line;
  }

  #look() {
    const end = this.#rest.findIndex((byte) => byte === 10 || byte === 13 || byte === 3); // Enter, or Ctrl-C in raw mode
    if (this.#wanted === null || (end < 0 && !this.#ended)) {
      return;
    }
    const wanted = this.#wanted;
    this.#wanted = null;
    const length = end < 0 ? this.#rest.length : end; // the last line may have no end
    const line = edited(this.#rest.subarray(0, length));
    const stopped = this.#rest[length] === 3;
    const skip = this.#rest[length] === 13 && this.#rest[length + 1] === 10 ? 2 : 1;
    const rest = Buffer.from(this.#rest.subarray(length + skip));
    this.#rest.fill(0);
    this.#rest = rest;
    wanted(stopped ? line.fill(0).subarray(0, 0) : line);
  }
}

async function answerPin(session, keys) {
  if (session.number('pin.last_try') === 1) {
    warn('あと1回まちがえるとロックされます。中止します。 / One try is left; stopped.\n');
    session.cancel(); // a real desk asks the person, and passes spendLastTry true for a yes
  } else if (session.number('pin.pad') === 1) {
    warn('リーダーのキーで暗証番号を入力してください。 / Type the PIN on the reader.\n');
  } else {
    const pin = await keys.line();
    try {
      session.answerPin(pin); // wipes it
    } catch (error) {
      if (!(error instanceof ShikakuError)) {
        throw error;
      }
      session.cancel(); // a real desk says what is wrong and asks again
    }
  }
}

async function onEvent(session, keys, event) {
  const title = 'event ' + nameOf(Event, event);
  if (event === Event.PIN) {
    say(title, 'tries_left', value(session, 'pin.tries_left'));
    await answerPin(session, keys);
  } else if (event === Event.FAULT) {
    sayFault(title, session.fault());
  } else {
    say(title);
  }
}

function sayAnswer(session) {
  for (const field of FIELDS) {
    say('record.' + field, value(session, 'record.' + field));
  }
  say('records', session.count('records'));
  if (session.count('delivery') > 0) {
    say('delivery[1].file', value(session, 'delivery[1].file').split(/[/\\]/).pop());
    const document = session.read('delivery[1].document');
    if (document !== null) {
      say('document', document.length);
      process.stdout.write(document);
    }
  }
}

async function check(session, keys) {
  session.start(Job.CHECK);
  for await (const event of session.events()) {
    await onEvent(session, keys, event);
  }
  const outcome = session.number('outcome') || Outcome.NONE;
  say('outcome', outcome, WORDS[outcome] || '?');
  if (outcome !== Outcome.NONE) {
    sayAnswer(session);
  }
  return outcome;
}

/** What fn gives, or what it throws of ours, said under a title; then undefined. */
async function saying(sayIt, fn) {
  try {
    return await fn();
  } catch (error) {
    if (!(error instanceof ShikakuError)) {
      throw error;
    }
    sayIt(error);
    return undefined;
  }
}

async function reception(config) {
  const fault = (error) => sayFault('fault', error);
  say('abi', abi());
  const session = await saying(fault, () => new Session(config));
  if (session === undefined) {
    return 3;
  }
  await saying(fault, () => session.set('no.such.key', '1')); // a mistake on purpose, to show what a fault looks like
  const outcome = await saying(fault, () => check(session, new Keys()));
  say('close', session.close());
  await saying((error) => say('stale', nameOf(FaultCode, error.code), error.code), () => session.text('version'));
  return outcome === Outcome.ELIGIBLE ? 0 : outcome === Outcome.NOT_ELIGIBLE ? 1 : 3;
}

async function main() {
  if (process.argv.length !== 3) {
    warn('使い方 / usage: node reception.js CONFIG\n');
    return 2;
  }
  return reception(process.argv[2]);
}

main().then((code) => {
  process.exitCode = code;
  process.stdin.destroy(); // nothing more is read
});
