"""A reception PC of a clinic: its folder, its configuration, the console host on it, and made-up patients."""
import csv
import http.server
import io
import json
import os
import subprocess
import threading

import stack

ENVIRONMENT = {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"}
PERSON = {"照会番号": "", "確認日": "令和7年6月2日", "保険者番号": "01990019", "保険者名": "見本協会", "記号": "9900001", "番号": "12",
          "枝番": "00", "フリガナ": "ミホン　イチロウ", "氏名": "見本　一郎", "生年月日": "昭和29年1月5日", "性別": "男",
          "証区分": "被保険者証（一般）", "有効開始日": "令和4年4月1日", "有効終了日": "", "資格取得年月日": "令和4年4月1日",
          "本人・家族の別": "本人", "被保険者氏名": "見本　一郎"}
COLUMNS = """return {
  format = "csv", header = true, id = "患者番号",
  columns = { insurer_number = "保険者番号", symbol = "記号", number = "番号", branch_number = "枝番",
    birth_date = "生年月日", name = "氏名", name_kana = "氏名カナ", sex = "性別" },
  values = { sex = { ["男"] = "male", ["女"] = "female" } },
}
"""
LIMITS = {"script": {"wall_ms": 60000}, "store": {"busy_ms": 60000}}
HEADINGS = ("患者番号", "保険者番号", "記号", "番号", "枝番", "生年月日", "氏名", "氏名カナ", "性別")


def app_text(**given):
    """What the app gives to be copied, of one person."""
    person = PERSON | given
    person.setdefault("被保険者氏名", person["氏名"])
    reference = person.pop("照会番号")
    lines = [f"照会番号\t{reference}"] if reference else []
    lines += ["資格情報(医療保険)", f"確認日 : \t{person.pop('確認日')}"] + [f"{key}\t{value}" for key, value in person.items()]
    return "\n".join(lines) + "\n"


class Done:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def last(self):
        return self.lines()[-1]


class Pc:
    """One PC; `case` is a stack.Folder test."""

    def __init__(self, case, name="pc", **top):
        self.case, self.folder = case, case.folder / name
        self.folder.mkdir()
        self.config(**top)

    def config(self, **top):
        # Limits of time that leave a busy machine its time, unless the test sets them.
        top = {**top, **{key: value for key, value in LIMITS.items() if key not in top}}
        self.path = self.folder / "shikaku.lua"
        self.path.write_text("return " + stack.lua(top) + "\n", encoding="utf-8")

    def file(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def patients(self, *rows):
        """The host's table of patients and its columns, as two settings of a delivery."""
        text = io.StringIO()
        csv.writer(text).writerows([HEADINGS, *rows])
        return {"patients": self.file("patients.csv", text.getvalue()),
                "patients_columns": self.file("columns.lua", COLUMNS)}

    def start(self, *arguments, **more):
        command = [*stack.HOST, arguments[0], "--config", self.path, *arguments[1:]]
        if arguments[0] in ("outbox", "store", "history"):
            command = [*stack.HOST, *arguments[:2], "--config", self.path, *arguments[2:]]
        run = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=os.environ | ENVIRONMENT | more, cwd=self.folder)
        self.case.addCleanup(self.end, run)
        return run

    @staticmethod
    def end(run):
        if run.poll() is None:
            run.kill()
            run.communicate()
        for pipe in (run.stdin, run.stdout, run.stderr):
            pipe.close()

    def wait(self, run, given="", timeout=180):
        if run.stdin.closed:
            out, err = run.stdout.read(), run.stderr.read()
            run.wait(timeout=timeout)
        else:
            out, err = run.communicate(given.encode(), timeout=timeout)
        done = Done(run.returncode, out.decode(), err.decode())
        for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
            self.case.assertNotIn(word, done.err)
        return done

    def run(self, *arguments, given="", timeout=180, **more):
        return self.wait(self.start(*arguments, **more), given, timeout)

    def bring(self, *texts, options=("--json",), name="copied.txt"):
        """`shikaku import` of copied texts."""
        return self.run("import", *options, self.file(name, "".join(texts)))

    def outbox(self):
        return self.run("outbox", "list", "--json").last()["outbox"]

    def verify(self):
        done = self.run("history", "verify", "--json")
        self.case.assertEqual(done.code, 0, done.err + done.out)
        return done.last()

    def talk(self, answers, *arguments):
        """Runs it and answers its questions, one after another, with lines of JSON; then nobody is there any more. The run,
        the questions, the other lines."""
        run, asked, told, answers = self.start(*arguments), [], [], list(answers)
        for line in run.stdout:
            one = json.loads(line)
            (asked if one.get("event") == "match" else told).append(one)
            if one.get("event") == "match" and answers:
                run.stdin.write((json.dumps(answers.pop(0), ensure_ascii=False) + "\n").encode())
                run.stdin.flush()
            if not answers and not run.stdin.closed:
                run.stdin.close()
        return self.wait(run), asked, told

    def data_files(self):
        return [p for p in (self.folder / "shikaku-data").iterdir() if p.is_file()]


class Case(stack.Folder):
    """Mixin: nothing that is kept shows a person."""

    def assert_sealed(self, pc, *words):
        for path in pc.data_files():
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # one beside the database, which goes when the last program closes it
            for word in words:
                for encoding in ("utf-8", "cp932", "utf-16-le"):
                    self.assertNotIn(word.encode(encoding), content, path.name)


class Service:
    """A host's own HTTP service, which does each document once for each key. `lose`: so many answers get lost. `held`:
    a bound socket that it listens on, so that nobody else could take its port before."""

    def __init__(self, case, held=None, patients=()):
        self.done, self.tries, self.asked, self.lose, self.patients = {}, [], [], 0, list(patients)
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                if self.path == "/find":
                    service.asked.append(json.loads(body))
                    return self.answer(json.dumps({"patients": service.patients}).encode())
                key = self.headers["Idempotency-Key"]
                service.tries.append(key)
                service.done.setdefault(key, body)
                if service.lose > 0:
                    service.lose -= 1
                    return self.connection.close()
                return self.answer(b"{}")

            def answer(self, body):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=held is None)
        if held is not None:
            self.server.socket.close()
            self.server.socket, self.server.server_address = held, held.getsockname()
            self.server.server_activate()
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        case.addCleanup(self.stop)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
