#!/usr/bin/python3
"""The C of README.md and docs/host.md compiles, README's program and host.md's Python run: `doc_code.py CC LIBRARY [FLAGS]`.

README's program is run with the demo card and the demo route, and with a copied text, in a folder of its own.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CC, FLAGS = sys.argv[1], sys.argv[3:]
LIBRARY = pathlib.Path(sys.argv[2]).resolve()


def blocks(page, language="c"):
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)


def compile_c(source, *arguments):
    command = [CC, "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include", *FLAGS, "-x", "c", "-",
               *arguments]
    done = subprocess.run([str(c) for c in command], input=source, text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(done.stderr)


def watches(process):
    """Whether it has asked for notices of a folder."""
    descriptors = pathlib.Path(f"/proc/{process.pid}/fd")
    try:
        return any(os.readlink(d) == "anon_inode:inotify" for d in descriptors.iterdir())
    except OSError:  # one was closed meanwhile, or the process has ended
        return False


def copy_to_watcher(process, folder):
    """What lies there when the program begins to watch is old to it, however long it takes until then."""
    end = time.monotonic() + 60
    while not watches(process) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1)  # it looks at the file once more, right behind
    shutil.copy(ROOT / "tests/data/app/t1.txt", folder / "copied.txt")


def run_program(folder, settings, code, words, later=None):
    (folder / "shikaku.lua").write_text(f"return {{ {settings} }}\n")
    with subprocess.Popen([str(folder / "program")], cwd=folder, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=os.environ | {"LC_ALL": "C.UTF-8"}) as process:
        try:
            if later is not None:
                later(process, folder)
            told, errors = process.communicate(timeout=180)  # it waits for 60 seconds itself
        finally:
            process.kill()  # nothing when it has ended
    if process.returncode != code or words not in told:
        sys.exit(f"README's program said {process.returncode} {told!r} {errors!r}")


def run_readme(source, folder):
    compile_c(source, "-o", folder / "program", "-x", "none", LIBRARY, f"-Wl,-rpath,{LIBRARY.parent}")
    run_program(folder, f'route = "demo", card = "demo", demo = {{ folder = "{ROOT}/tests/data/demo" }}', 0,
                "資格あり: 見本　太郎")
    # A copied text does not say whether it is valid; that must not look like "not eligible".
    run_program(folder, 'route = "app", app = { source = "file", file = "copied.txt" }', 1, "有効・無効の記載なし",
                copy_to_watcher)


def run_python(source, folder):
    """The sanitizers must be there before Python is; that of threads will not."""
    if "-fsanitize=thread" in FLAGS:
        return
    environment = os.environ | {"PYTHONUTF8": "1"}
    if any("address" in flag for flag in FLAGS):
        asan = subprocess.run([CC, "-print-file-name=libasan.so"], text=True, capture_output=True, check=True)
        environment |= {"LD_PRELOAD": asan.stdout.strip(), "ASAN_OPTIONS": "detect_leaks=0"}
    (folder / "host.py").write_text(source, encoding="utf-8")
    (folder / "demo.lua").write_text(
        f'return {{ route = "demo", card = "demo", demo = {{ folder = "{ROOT}/tests/data/demo" }} }}\n')
    done = subprocess.run([sys.executable, "host.py", str(LIBRARY), "demo.lua"], cwd=folder, text=True, input="1234\n",
                          capture_output=True, timeout=180, env=environment)
    if done.returncode != 0 or "資格あり 見本　太郎 None" not in done.stdout:
        sys.exit(f"docs/host.md's Python said {done.returncode} {done.stdout!r} {done.stderr!r}")


def main():
    host, readme = blocks("docs/host.md"), blocks("README.md")
    if len(host) != 2 or len(readme) != 1:
        sys.exit("one C example in README.md and two in docs/host.md are expected")
    for source in host:
        compile_c(source, "-fsyntax-only")
    lines = len([l for l in readme[0].splitlines() if l.strip()])
    if lines > 22:
        sys.exit(f"README promises 20 lines; they are {lines}")
    python = blocks("docs/host.md", "python")
    if len(python) != 1:
        sys.exit("docs/host.md has not one example in Python")
    with tempfile.TemporaryDirectory() as folder:
        run_python(python[0], pathlib.Path(folder))
        run_readme(readme[0], pathlib.Path(folder))


main()
