"""Libraries that are loaded when they are first needed: not before, and what is told when one is missing."""
import json
import pathlib
import subprocess
import unittest
import zipfile

import routes
import stack
from reception import PATIENCE, Desk

MISSING = "LIBRARY"


def setUpModule():
    stack.make_once()
    stack.profile(1)


def mapped(process):
    """The libraries that a process holds, without what stands behind ".so"."""
    files = pathlib.Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8").split()
    return {pathlib.Path(one).name.split(".so")[0] for one in files if ".so" in one}


def last(done):
    return json.loads(done.stdout.splitlines()[-1])


class Late(stack.Folder, unittest.TestCase):
    def spoil(self, library, like=None):
        """Found first by the loader, and no library; or another one under its name."""
        place = self.folder / "libraries"
        place.mkdir()
        if like is None:
            (place / library).write_bytes(b"")
        else:
            (place / library).symlink_to(like)
        return {"LD_LIBRARY_PATH": str(place)}

    def run_host(self, *arguments, changed=None, given=b""):
        done = subprocess.run([*stack.HOST, *map(str, arguments)], input=given, capture_output=True,
                              timeout=120 * PATIENCE, env=routes.ENVIRONMENT | (changed or {}))
        self.assertNotRegex(done.stderr.decode(), "Sanitizer|runtime error")
        return done

    def ask(self, config, changed=None, *options):
        return self.run_host("query", "--config", config, *options, "-", changed=changed, given=routes.person_lines())

    @unittest.skipIf(len(stack.HOST) > 1, "the tool has libraries of its own")
    def test_a_watch_loads_libcurl_with_the_first_card(self):
        desk = Desk(self, stack.configuration(self, stack.shared_gateway().url))
        desk.until("waiting")
        before = mapped(desk.process)
        self.assertIn("libshikaku", before)
        self.assertFalse({"libcurl", "libgnutls", "libldap-2.5", "libarchive"} & before, before)
        stack.Card(self, stack.profile(1)).place()
        desk.done()
        self.assertIn("libcurl", mapped(desk.process))
        self.assertEqual(desk.end(), 0)

    def test_what_cannot_be_used_is_told_before_it_is_needed(self):
        """The settings are looked at without libcurl."""
        changed = self.spoil("libcurl.so.4")
        for wrong, name in (({"client_key": self.folder / "absent.key"}, "DEVICE_KEY"),
                            ({"pin": "sha256//short"}, "CONFIG_VALUE"), ({"proxy": "localhost"}, "CONFIG_VALUE")):
            config = stack.configuration(self, "https://localhost:9", pki=wrong)
            done = self.ask(config, changed, "--json")
            self.assertEqual(last(done)["fault"]["name"], name, (wrong, done.stdout))

    def test_a_missing_libcurl_is_named_in_both_languages(self):
        gateway = stack.Gateway(self)
        config = stack.configuration(self, gateway.url)
        changed = self.spoil("libcurl.so.4")
        done = self.ask(config, changed, "--json")
        fault = last(done)["fault"]
        self.assertEqual((done.returncode, fault["name"], fault["where"]), (3, MISSING, "libcurl.so.4"), fault)
        for language, word in (("ja", "部品"), ("en", "library")):
            said = self.ask(config, changed, "--lang", language)
            self.assertIn(word, (said.stdout + said.stderr).decode())
        self.assertEqual((gateway.calls(), self.delivered()), ([], []))

    def test_a_libcurl_that_lacks_a_function_is_as_good_as_none(self):
        like = next(pathlib.Path("/usr/lib").glob("*-linux-gnu*/libz.so.1"))
        done = self.ask(stack.configuration(self, "https://localhost:9"), self.spoil("libcurl.so.4", like), "--json")
        self.assertEqual(last(done)["fault"]["name"], MISSING, done.stdout)

    def test_a_zip_of_the_terminal_is_not_waited_for(self):
        config = routes.folder_settings(self, routes.Terminal(self, "--zip", "all"))
        self.assertEqual(self.ask(config, None, "--json").returncode, 0)
        done = self.ask(config, self.spoil("libarchive.so.13"), "--json")
        fault = last(done)["fault"]
        self.assertEqual((done.returncode, fault["name"], fault["where"]), (3, MISSING, "libarchive.so.13"), fault)

    def test_a_missing_libarchive_is_told_of_a_zip_alone(self):
        packed = self.folder / "answer.zip"
        plain = stack.ROOT / "tests/data/oqs/insurance_and_aid.xml"
        with zipfile.ZipFile(packed, "w") as made:
            made.write(plain, "answer.xml")
        changed = self.spoil("libarchive.so.13")
        whole, zipped, spoilt = (last(self.run_host("import", "--json", *one, changed=change)) for one, change in
                                 (((plain,), changed), ((packed,), None), ((packed,), changed)))
        self.assertEqual((len(whole["records"]), whole["faults"]), (len(zipped["records"]), []))
        self.assertEqual([(f["name"], f["where"]) for f in spoilt["faults"]], [(MISSING, "libarchive.so.13")])
