#!/usr/bin/python3
"""The Debian packages of the build: they install with what they need, work, and leave nothing behind.

The packages are made, and a fresh Debian for them (tests/setup/debian-root.sh). Then, beside a pcscd of its own:
in an overlay over this machine's root, where the build folder is hidden, every host of examples/ is built and run
against the installed copy; in an overlay over the fresh root the packages are installed by apt without a network,
the hosts that need no more than it has run there, and after the removal every file is as it was before.
"""
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ["SHIKAKU_BUILD"])
PACKAGES = BUILD / "packages"
CALLERS = ROOT / "tests/callers"
# Those that the fresh root can run; it has Python beside Debian's smallest set.
PLAIN_LANGUAGES = {"c", "cpp", "python"}
# Where installing and removing any package leaves its traces.
HOUSEKEEPING = ("var/lib/dpkg/", "var/lib/apt/", "var/cache/", "var/log/", "tmp/", "run/", "root/")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("SHIKAKU_LIB", "SHIKAKU_INCLUDE", "LD_"))} | {
    "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}


def run(*command, **more):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, env=ENVIRONMENT, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def expect(condition, *words):
    if not condition:
        sys.exit("\n".join(map(str, words)))


def field(package, name):
    return run("dpkg-deb", "-f", package, name).strip()


def debs():
    return {field(p, "Package"): p for p in sorted(PACKAGES.glob("*.deb"))}


def make_packages():
    shutil.rmtree(PACKAGES, ignore_errors=True)
    run("cpack", "-G", "DEB", "--config", BUILD / "CPackConfig.cmake", "-B", PACKAGES)
    shutil.rmtree(PACKAGES / "_CPack_Packages")
    expect(set(debs()) == {"libshikaku1", "libshikaku-dev", "shikaku", "shikaku-common"}, *debs())


def look_at_packages():
    """What Debian wants of any package."""
    for name, package in debs().items():
        control, listed = PACKAGES / name, run("dpkg-deb", "-c", package)
        run("dpkg-deb", "-e", package, control)
        sums = (control / "md5sums").read_text(encoding="utf-8")
        for line in listed.splitlines():
            rights, owner, path = line.split()[0], line.split()[1], line.split(None, 5)[5].split(" -> ")[0]
            expect(owner == "root/root" and (rights[0] == "l" or "w" not in rights[5] + rights[8]), line)
            expect(path in ("./usr/", "./") or path.startswith(("./usr/bin/", "./usr/include/", "./usr/lib/", "./usr/share/")), line)
            expect(not re.search(r"/man\d/[^/]+\.\d$", path), f"{path} is not compressed")
            expect(rights[0] != "-" or path[2:] in sums, f"{path} has no checksum")
            expect(path.endswith("/") or "shikaku" in path or "/shk_" in path, f"{path} is not ours")
        for place in (f"./usr/share/doc/{name}/copyright", f"./usr/share/doc/{name}/changelog.Debian.gz"):
            expect(place in listed, f"{name} lacks {place}")
        expect("Lua.org" in run("sh", "-c", f"dpkg-deb --fsys-tarfile '{package}' | tar -xO ./usr/share/doc/{name}/copyright"), name)
        expect(not (control / "conffiles").exists(), f"{name} has configuration files")
    library = debs()["libshikaku1"]
    changelog = (ROOT / "plugin/cmake/linux/debian/changelog").read_text(encoding="utf-8")
    expect(changelog.startswith(f"shikaku ({field(library, 'Version')}) "), "the changelog is of another version")
    needs = field(library, "Depends")
    for wanted in ("libc6 (>=", "libcurl4", "libxml2", "libsqlite3-0", "libjansson4", "libarchive13", "libssl3", "libpcsclite1"):
        expect(wanted in needs, f"libshikaku1 does not depend on {wanted}: {needs}")
    for late in ("libpq", "odbc"):
        expect(late not in needs and late in field(library, "Suggests"), f"{late} is loaded at run time alone")
    expect("ldconfig" in (PACKAGES / "libshikaku1/triggers").read_text(encoding="utf-8"), "no trigger for ldconfig")
    expect("libshikaku 1 libshikaku1" in (PACKAGES / "libshikaku1/shlibs").read_text(encoding="utf-8"), "shlibs")


def fresh_root():
    needs = re.findall(r"(?:^|, )([a-z0-9.+-]+)", field(debs()["libshikaku1"], "Depends"))
    made = run("sh", ROOT / "tests/setup/debian-root.sh", run("dpkg", "--print-architecture").strip(), "python3",
               " ".join(sorted(set(needs) - {"libc6"})))
    return pathlib.Path(made.strip())


class Overlay:
    """Another root: what lies below is seen and stays as it is. It ends with our mount namespace."""

    def __init__(self, lower, base, shared):
        self.lower, self.upper, self.root = lower, base / "upper", base / "root"
        base.mkdir()
        run("mount", "-t", "tmpfs", "shikaku", base)
        for folder in (self.upper, base / "work", self.root):
            folder.mkdir()
        run("mount", "-t", "overlay", "shikaku", "-o",
            f"lowerdir={lower},upperdir={self.upper},workdir={base / 'work'}", self.root)
        for place in ("/proc", "/dev", "/sys", "/run/pcscd", shared):
            self.show(pathlib.Path(place))

    def show(self, place):
        there = self.root / place.relative_to("/")
        there.mkdir(parents=True, exist_ok=True)
        run("mount", "--rbind", place, there)

    def hide(self, place):
        there = self.root / place.relative_to("/")
        if there.exists():
            run("mount", "-t", "tmpfs", "shikaku", there)

    def run(self, *command):
        return run("chroot", self.root, *command)

    def differences(self):
        """What is otherwise than below, but for housekeeping and empty folders that were made to mount on."""
        for path in sorted(self.upper.rglob("*")):
            name = path.relative_to(self.upper).as_posix()
            kind = path.lstat()
            if name.startswith(HOUSEKEEPING) or stat.S_ISDIR(kind.st_mode):
                continue
            below = self.lower / name
            if stat.S_ISCHR(kind.st_mode) and kind.st_rdev == 0:
                yield f"{name} is gone"
            elif not os.path.lexists(below):
                yield f"{name} was left behind"
            elif path.is_symlink() and os.readlink(path) != os.readlink(below):
                yield f"{name} points elsewhere"
            elif path.is_file() and not path.is_symlink() and path.read_bytes() != below.read_bytes():
                yield f"{name} was changed"

    def folders(self):
        """The folders that are not below, and not ours."""
        for path in sorted(p for p in self.upper.rglob("*") if p.is_dir() and not p.is_symlink()):
            name = path.relative_to(self.upper).as_posix()
            if not (self.lower / name).exists() and not f"{name}/".startswith(HOUSEKEEPING):
                yield name


def look_inside(root):
    """The installed copy, by its own means."""
    expect("libshikaku.so.1 " in root.run("ldconfig", "-p"), "ldconfig does not know the library")
    said = root.run("shikaku", "--version", "--lang", "en")
    expect("/usr/" in said and "libshikaku.so.1" in said, said)
    scripts = "/usr/share/shikaku/scripts"
    root.run("shikaku", "pack", "list", scripts)
    root.run("shikaku", "pack", "test", f"{scripts}/generic-csv")
    verified = root.run("dpkg", "--verify", *debs())
    expect(verified == "", verified)


def run_callers(root, languages, out, shared):
    said = run("/usr/bin/python3", "-B", CALLERS / "callers.py", *sorted(languages), "--out", out, "--no-build", "--work", shared,
               "--under", f"chroot {root.root}")
    print(said, end="")


def over_this_machine(base, shared, languages):
    root = Overlay(pathlib.Path("/"), base / "machine", shared)
    root.show(ROOT)
    # A container's image may leave pages out; the index of the manual is not rebuilt for this.
    root.run("dpkg", "--path-include=/usr/share/*", "--no-triggers", "-i", *copies(shared))
    for page, words in (("shk_open", "shk_set"), ("shikaku", "shikaku readers"), ("shikaku.lua", "gateway.url")):
        expect(words in root.run("man", page), f"man {page}")
    root.hide(BUILD)
    for language in sorted(languages):
        root.run("sh", CALLERS / f"build-{language}.sh", shared / "out" / language)
    run_callers(root, languages, shared / "out", shared)
    look_inside(root)


def over_the_fresh_root(lower, base, shared, languages):
    root = Overlay(lower, base / "fresh", shared)
    before = root.run("dpkg-query", "-W")
    made_to_mount = set(root.folders())
    root.run("apt-get", "-q", "-y", "--no-install-recommends", "install", *copies(shared))
    look_inside(root)
    run_callers(root, languages & PLAIN_LANGUAGES, shared / "out", shared)
    root.run("apt-get", "-q", "-y", "--purge", "remove", *debs())
    left = [d for d in root.differences() if "shikaku" in d]
    expect(not left, "after the removal:", *left)
    root.run("apt-get", "-q", "-y", "--purge", "autoremove")
    expect(root.run("dpkg-query", "-W") == before, "other packages are installed than before")
    left = [*root.differences(), *sorted(set(root.folders()) - made_to_mount)]
    expect(not left, "after the removal of all that was needed:", *left)


def copies(shared):
    return [shared / package.name for package in debs().values()]


def inside(lower):
    with tempfile.TemporaryDirectory(prefix="shikaku-packages-", ignore_cleanup_errors=True) as folder:
        base = pathlib.Path(folder)
        shared = base / "shared"
        shared.mkdir()
        for package in debs().values():
            shutil.copy(package, shared)
        languages = {p.stem.removeprefix("build-") for p in CALLERS.glob("build-*.sh")}
        try:
            over_this_machine(base, shared, languages)
            over_the_fresh_root(lower, base, shared, languages)
        finally:
            for place in ("machine", "fresh"):
                subprocess.run(["umount", "-R", "-l", base / place], capture_output=True, check=False)


def main():
    if sys.argv[1:2] == ["--inside"]:
        inside(pathlib.Path(sys.argv[2]))
        return
    make_packages()
    look_at_packages()
    lower = fresh_root()
    # What the builds fetch: in there is no network.
    if (CALLERS / "build-node.sh").exists():
        run("sh", ROOT / "tests/setup/npm.sh", ROOT / "examples/node")
    os.execvpe("sh", ["sh", str(ROOT / "tests/stack/with-pcscd.sh"), "--", "unshare", "--mount", "--propagation", "private",
                      "/usr/bin/python3", "-B", __file__, "--inside", str(lower)], ENVIRONMENT)


main()
