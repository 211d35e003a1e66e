#!/usr/bin/python3
"""`cmake --install` into a prefix with blanks and letters beyond ASCII, and into a DESTDIR: hosts are built with
pkg-config and with find_package from there, also after the tree was moved, and the console finds its library."""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/contract"))
import links  # noqa: E402

BUILD = pathlib.Path(os.environ["SHIKAKU_BUILD"])
HOST = """#include <shikaku/shikaku.h>
#include <stdio.h>

int main(void) {
    shk_session s = 0;
    int32_t rc = shk_open("", 0, &s);
    printf("%d %d %d %d\\n", shk_abi() == SHK_ABI, rc, s > 0, shk_close(s));
    return 0;
}
"""
PROJECT = """cmake_minimum_required(VERSION 3.22)
project(host LANGUAGES C)
find_package(shikaku ${WANTED} REQUIRED)
add_executable(host host.c)
target_link_libraries(host PRIVATE shikaku::shikaku)
if(NOT EXISTS ${shikaku_SCRIPTS_DIR}/generic-csv/pack.lua)
  message(FATAL_ERROR "no scripts in ${shikaku_SCRIPTS_DIR}")
endif()
"""
PLAIN = {k: v for k, v in os.environ.items() if not k.startswith(("SHIKAKU", "LD_", "PKG_CONFIG", "DESTDIR", "CMAKE_"))}


def run(*command, **more):
    environment = PLAIN | {k: str(v) for k, v in more.items()}
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=environment, check=False,
                          errors="surrogateescape")
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def files(top):
    return sorted(p.relative_to(top).as_posix() for p in top.rglob("*") if not p.is_dir())


class Prefix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="shikaku-install-")
        cls.top = pathlib.Path(cls.temporary.name)
        cls.prefix = cls.top / "資格 program files"
        run("cmake", "--install", BUILD, "--strip", "--prefix", cls.prefix)
        (cls.library,) = cls.prefix.glob("lib/**/libshikaku.so.1")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_a_destdir_gets_the_same_files(self):
        there = self.top / "dest dir"
        run("cmake", "--install", BUILD, "--strip", "--prefix", "/usr", DESTDIR=there)
        self.assertEqual(files(there / "usr"), files(self.prefix))
        self.assertEqual([p.name for p in there.iterdir()], ["usr"])

    def test_everything_has_its_place(self):
        have = files(self.prefix)
        for name in ("bin/shikaku", "include/shikaku/shikaku.h", "include/shikaku/adapter.h", "share/man/man1/shikaku.1",
                     "share/man/man5/shikaku.lua.5", "share/man/man3/shikaku.h.3", "share/man/man3/shk_open.3",
                     "share/bash-completion/completions/shikaku", "share/shikaku/scripts/uketsuke_csv.lua",
                     "share/shikaku/scripts/generic-csv/mapping.lua", "share/doc/shikaku/docs/LICENSE",
                     "share/doc/shikaku/docs/third-party.md", "share/doc/shikaku/examples/config/app.lua",
                     "share/doc/shikaku/examples/adapter/line.c", "share/doc/shikaku/README.md"):
            self.assertIn(name, have)
        self.assertEqual([n for n in have if n.endswith(".sh")], [])  # they need the rest of the tree
        self.assertEqual([n for n in have if "__pycache__" in n or "CMakeLists" in n or ".gitignore" in n], [])
        scripts = {p.relative_to(ROOT / "scripts").as_posix() for p in (ROOT / "scripts").rglob("*") if p.is_file()}
        self.assertEqual({n for n in files(self.prefix / "share/shikaku/scripts") if "__pycache__" not in n}, scripts)

    def test_the_pages_find_each_other(self):
        self.assertEqual(list(links.broken(self.prefix / "share/doc/shikaku")), [])

    def test_the_sample_configurations_find_the_scripts(self):
        config = self.prefix / "share/doc/shikaku/examples/config"
        self.assertTrue((config / "../../scripts/uketsuke_csv.lua").resolve().is_file())

    def test_the_library_is_the_one_that_is_promised(self):
        said = run("readelf", "-d", self.library)
        self.assertIn("Library soname: [libshikaku.so.1]", said)
        self.assertTrue(self.library.is_symlink() and self.library.with_suffix("").is_symlink())
        run("/usr/bin/python3", "-B", ROOT / "tests/contract/exports.py", self.library)

    def test_nothing_tells_where_it_was_built(self):
        for name in ("bin/shikaku", self.library):
            said = run("readelf", "-d", self.prefix / name)
            self.assertNotIn("RUNPATH", said)
            self.assertNotIn("RPATH", said)
        for path in (p for p in self.prefix.rglob("*") if p.is_file()):
            data = path.read_bytes()
            for place in (ROOT, BUILD, pathlib.Path.home() / ".cache", self.prefix):
                self.assertFalse(os.fsencode(place) in data, f"{place} stands in {path}")

    def test_the_console_finds_the_library_beside_it(self):
        said = run(self.prefix / "bin/shikaku", "--version", "--lang", "en")
        self.assertIn(str(self.prefix / "bin"), said)
        self.assertIn("libshikaku.so.1", said)
        scripts = self.prefix / "share/shikaku/scripts"
        said = run(self.prefix / "bin/shikaku", "map", "--pack", scripts / "generic-csv",
                   scripts / "generic-csv/samples/minimum.xml", "--out", self.top / "made.csv")
        self.assertEqual((self.top / "made.csv").read_bytes(), (scripts / "generic-csv/samples/minimum.expected").read_bytes())

    def build_with_pkg_config(self, prefix, name):
        folder = next(prefix.glob("lib/**/pkgconfig"))
        run("pkg-config", "--validate", "shikaku", PKG_CONFIG_PATH=folder)
        version = run("pkg-config", "--modversion", "shikaku", PKG_CONFIG_PATH=folder).strip()
        self.assertIn(f"shikaku {version} ", run(prefix / "bin/shikaku", "--version", "--lang", "en"))
        (self.top / "host.c").write_text(HOST)
        flags = shlex.split(run("pkg-config", "--cflags", "--libs", "shikaku", PKG_CONFIG_PATH=folder))
        run("cc", "-std=c11", "-Wall", "-Werror", "-o", self.top / name, self.top / "host.c", *flags)
        self.assertEqual(run(self.top / name, LD_LIBRARY_PATH=folder.parent), "1 0 1 0\n")
        scripts = run("pkg-config", "--variable=scriptsdir", "shikaku", PKG_CONFIG_PATH=folder).strip()
        self.assertTrue(pathlib.Path(*shlex.split(scripts), "generic-csv/pack.lua").is_file(), scripts)

    def build_with_cmake(self, prefix, name):
        folder = self.top / name
        folder.mkdir()
        (folder / "host.c").write_text(HOST)
        (folder / "CMakeLists.txt").write_text(PROJECT)
        run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "b", f"-DCMAKE_PREFIX_PATH={prefix}", "-DWANTED=0.2")
        run("cmake", "--build", folder / "b")
        self.assertEqual(run(folder / "b/host"), "1 0 1 0\n")

    def test_hosts_are_built_from_there(self):
        self.build_with_pkg_config(self.prefix, "with_pkg_config")
        self.build_with_cmake(self.prefix, "with_cmake")
        with self.assertRaisesRegex(AssertionError, "compatible with requested version"):
            run("cmake", "-G", "Ninja", "-S", self.top / "with_cmake", "-B", self.top / "other",
                f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DWANTED=99")

    def test_and_after_the_tree_was_moved(self):
        moved = self.top / "elsewhere 別の所"
        shutil.copytree(self.prefix, moved, symlinks=True)
        self.prefix.rename(self.top / "away")
        self.addCleanup((self.top / "away").rename, self.prefix)
        self.build_with_pkg_config(moved, "moved_pkg_config")
        self.build_with_cmake(moved, "moved_cmake")


if __name__ == "__main__":
    unittest.main(verbosity=2)
