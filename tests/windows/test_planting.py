"""A DLL that somebody put beside the host's program, or into the folder where it was started, is not loaded in place
of the system's."""
import shutil

from desk import BIN, Desk, stack, values, windows

# Whatever is looked for at run time.
NAMES = ("libpq.dll", "odbc32.dll", "winscard.dll")


class Planting(Desk):
    def setUp(self):
        super().setUp()
        self.markers = self.folder / "loaded"
        self.markers.mkdir()
        # Both: the program's own folder, and the one where it is started.
        self.place_of_work = self.folder / "work"
        self.programs = self.folder / "programs"
        for folder in (self.place_of_work, self.programs):
            folder.mkdir()
            for name in NAMES:
                shutil.copy(BIN / "planted.dll", folder / name)
        shutil.copy(BIN / "flow_host.exe", self.programs)

    def run_host(self, verb, *arguments, config=None):
        return self.host(verb, *arguments, config=config, program=self.programs / "flow_host.exe",
                         folder=self.place_of_work, SHIKAKU_PLANTED=windows(self.markers) + "\\",
                         # Without this Wine takes its own in place of any other.
                         WINEDLLOVERRIDES="winscard,libpq,odbc32=n,b").end()

    def loaded(self):
        return sorted(p.name for p in self.markers.iterdir())

    def test_a_careless_program_would_load_them(self):
        self.assertEqual(self.run_host("plain", *NAMES), "loaded 1\n" * len(NAMES))
        self.assertEqual(self.loaded(), [*NAMES])

    def test_what_the_plugin_loads_comes_from_the_system_or_not_at_all(self):
        self.place(self.card())
        config = self.configuration(deliveries=[{"pack": windows(stack.ROOT / "scripts/judo-maple-sql"), "adapter": "sql",
                                                 "dsn": "mihon"}])
        said = values(self.run_host("check", stack.PIN, config=config))
        # The card was read, so the readers' library was loaded. ODBC of the system knows no such source, or has no
        # driver manager behind it.
        self.assertEqual(bytes.fromhex(said["record.name"]).decode(), "見本　太郎")
        self.assertIn(said["fault.name"], ("DRIVER", "MEMORY"))
        config = self.configuration(store={"kind": "postgres", "connection": "host=localhost", "down_ms": 0})
        self.assertEqual(values(self.run_host("check", stack.PIN, config=config))["fault.name"], "STORE_LIBRARY")
        self.assertEqual(self.loaded(), [])
