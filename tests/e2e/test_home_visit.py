"""往診: an answer of the app comes while the host is out of reach. It waits sealed, and is delivered once the host is
there: by `shikaku outbox deliver`, by the next watch at its start, and by a watch that runs, by itself."""
import json
import os
import signal
import socket
import unittest

import clinic
import stack
from clinic import Pc, Service, app_text

CSV = stack.ROOT / "scripts/uketsuke_csv.lua"
PERSONAL = ("一郎", "二郎", "イチロウ", "ジロウ", "9900001", "1954-01-05")
SECOND = app_text(番号="13", 氏名="見本　二郎", フリガナ="ミホン　ジロウ")


def held_port(case):
    """A port of this test alone where nobody answers yet."""
    held = socket.socket()
    case.addCleanup(held.close)
    held.bind(("127.0.0.1", 0))
    return held


class Case(clinic.Case, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.pc = Pc(self)
        self.copied = self.folder / "copied.txt"

    def use_folder(self, **top):
        self.host = self.folder / "share"
        self.pc.config(deliveries=[{"script": CSV, "folder": self.host, "when": "found"}], route="app",
                       app={"source": "file", "file": self.copied}, outbox={"retry_s": 5}, **top)

    def put(self, text):
        aside = self.folder / "aside"
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, self.copied)

    def rows(self):
        files = list(self.host.glob("*.csv")) if self.host.exists() else []
        return files[0].read_bytes().decode("cp932").splitlines()[1:] if files else []

    def assert_waits(self, *names):
        waiting = self.pc.outbox()
        self.assertEqual([w["name"] for w in waiting], list(names))
        self.assertEqual({w["state"] for w in waiting}, {"ready"})
        self.assert_sealed(self.pc, *PERSONAL)
        return waiting


class Folder(Case):
    def test_it_waits_sealed_and_is_delivered_by_hand(self):
        self.use_folder()
        done = self.pc.bring(app_text(), SECOND)
        self.assertEqual((done.code, {f["name"] for f in done.last()["faults"]}), (3, {"FOLDER_MISSING"}))
        self.assertEqual([(d["waiting"], d["fault"]["stage"]) for d in done.last()["deliveries"]], [(True, 6)] * 2)
        self.assertEqual({w["fault"]["name"] for w in self.assert_waits("見本　一郎", "見本　二郎")}, {"FOLDER_MISSING"})
        self.assertEqual(self.pc.run("outbox", "deliver").code, 3, "it is still away")
        self.assert_waits("見本　一郎", "見本　二郎")
        self.host.mkdir()
        done = self.pc.run("outbox", "deliver")
        self.assertEqual((done.code, self.pc.outbox(), len(self.rows())), (0, [], 2), done.err)
        self.assertIn("見本　一郎", self.rows()[0])
        self.assertIn("今回渡したもの 2件", done.out)
        self.assert_sealed(self.pc, *PERSONAL)
        self.pc.verify()

    def test_the_same_text_brought_again_waits_once(self):
        self.use_folder()
        for _ in range(3):
            self.pc.bring(app_text())
        self.assert_waits("見本　一郎")
        self.host.mkdir()
        self.assertEqual(self.pc.bring(app_text()).code, 0)
        self.assertEqual((len(self.rows()), self.pc.outbox()), (1, []))

    def test_one_of_two_destinations_waits_alone(self):
        self.use_folder()
        there = {"script": CSV, "folder": self.out, "when": "found"}
        self.pc.config(deliveries=[there, {"script": CSV, "folder": self.host, "when": "found"}])
        self.assertEqual(self.pc.bring(app_text()).code, 3)
        self.assertEqual(len(self.delivered()), 1)
        [waits] = self.assert_waits("見本　一郎")
        self.assertEqual(waits["delivery"], 2)
        self.host.mkdir()
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual((len(self.rows()), len((self.out / self.delivered()[0]).read_bytes().splitlines())), (1, 2))

    def test_dropped_it_is_gone_and_the_history_says_so(self):
        self.use_folder()
        self.pc.bring(app_text())
        [waits] = self.assert_waits("見本　一郎")
        self.assertEqual(self.pc.run("outbox", "drop", "--yes", waits["id"]).code, 0)
        self.host.mkdir()
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual((self.rows(), self.pc.outbox()), ([], []))
        self.assertIn("dropped", [e["kind"] for e in self.pc.run("history", "list", "--json").last()["history"]])


class Watch(Case):
    def watch(self):
        run = self.pc.start("watch", "--json")
        told = []

        def read(event, **wanted):
            for line in run.stdout:
                told.append(json.loads(line))
                if told[-1]["event"] == event and wanted.items() <= told[-1].items():
                    return told[-1]
            self.fail(f"it ended before {event}: {told}")
        return run, read

    def end(self, run):
        run.send_signal(signal.SIGINT)
        self.assertEqual(self.pc.wait(run).code, 0)

    def test_a_watch_delivers_by_itself_when_the_host_is_back(self):
        self.use_folder()
        run, read = self.watch()
        read("waiting")
        self.put(app_text())
        self.assertEqual(read("done")["deliveries"][0]["fault"]["name"], "FOLDER_MISSING")
        self.assert_waits("見本　一郎")
        self.host.mkdir()
        told = read("outbox", waiting=0)
        self.assertEqual((told["delivered"], len(self.rows())), (1, 1))
        self.put(SECOND)
        self.assertTrue(read("done")["deliveries"][0]["file"])
        self.end(run)
        self.assertEqual((len(self.rows()), self.pc.outbox()), (2, []))

    def test_the_next_watch_delivers_what_waits_first(self):
        self.use_folder()
        self.pc.bring(app_text(), SECOND)
        self.host.mkdir()
        run, read = self.watch()
        # One turn has an end in time; what it does not reach is the next one's.
        delivered = 0
        while delivered < 2:
            delivered += read("outbox")["delivered"]
        self.assertEqual((delivered, len(self.rows())), (2, 2))
        self.end(run)
        self.assertEqual(self.pc.outbox(), [])

    def test_the_next_import_delivers_it_too(self):
        self.use_folder()
        self.pc.bring(app_text())
        self.host.mkdir()
        self.assertEqual(self.pc.bring(SECOND).code, 0)
        self.assertEqual((len(self.rows()), self.pc.outbox()), (2, []))


class Server(Case):
    def use_server(self, port):
        self.pc.config(deliveries=[{"script": CSV, "adapter": "http", "url": f"http://127.0.0.1:{port}/patients",
                                    "when": "found"}], outbox={"retry_s": 5})

    def test_a_server_that_is_away_gets_it_later(self):
        held = held_port(self)
        self.use_server(held.getsockname()[1])
        done = self.pc.bring(app_text(), SECOND)
        self.assertEqual((done.code, {f["name"] for f in done.last()["faults"]}), (3, {"HOST_UNREACHABLE"}))
        waiting = self.assert_waits("見本　一郎", "見本　二郎")
        service = Service(self, held)
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual(sorted(service.done), sorted(w["id"] for w in waiting), "the id is the idempotency key")
        self.assertIn("見本　一郎".encode("cp932"), b"".join(service.done.values()))
        self.assertEqual(self.pc.outbox(), [])
        self.assert_sealed(self.pc, *PERSONAL)

    def test_a_server_whose_answers_get_lost_has_it_once(self):
        service = Service(self)
        service.lose = 2
        self.use_server(service.port)
        done = self.pc.bring(app_text())
        self.assertEqual((done.code, done.last()["faults"][0]["name"]), (3, "DELIVERY_UNSURE"))
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual((len(service.done), len(set(service.tries)), len(service.tries)), (1, 1, 3))


if __name__ == "__main__":
    unittest.main()
