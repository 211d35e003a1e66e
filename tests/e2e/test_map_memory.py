"""A bulk result of 100,000 persons through `shikaku map`: written, compared and into files, in little memory."""
import os
import subprocess
import unittest

import stack
from packs import ENVIRONMENT, HEADING, Case, person, row
from test_import import BULK

PEOPLE = 100000
# A child begins with the memory of this process, so nothing large is kept here.
MOST_KIB = 32 * 1000


class Memory(Case, unittest.TestCase):
    def test_a_hundred_thousand_documents_pass_through_little_memory(self):
        pack, source, out = self.pack(), self.folder / "bulk.xml", self.folder / "all.csv"
        head, tail = BULK.split("{}")
        with open(source, "w", encoding="utf-8") as file:
            file.write(head)
            for n in range(PEOPLE):
                file.write(person(n=n))
            file.write(tail)
        self.judge(0, "--pack", pack, source, "--out", out)
        self.assertEqual(out.stat().st_size, len(HEADING) + PEOPLE * len(row()))
        self.judge(0, "--pack", pack, source, "--diff", out)
        with open(out, "wb") as file:  # every row differs
            file.write(HEADING)
            file.writelines(row("06990022") for _ in range(PEOPLE))
        self.judge(1, "--pack", pack, source, "--diff", out)
        self.judge(0, "--pack", pack, source, "--explain")
        self.judge(0, "--pack", pack, source, "--json")

    def judge(self, code, *arguments):
        with open(os.devnull, "wb") as nowhere:
            process = subprocess.Popen([*stack.HOST, "map", "--quiet", *map(str, arguments)], stdout=nowhere,
                                       stderr=subprocess.PIPE, env=ENVIRONMENT)
            errors = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stderr.close()
        self.assertEqual(process.returncode, code, errors)
        print(f"{usage.ru_maxrss} KiB, {usage.ru_utime + usage.ru_stime:.1f} s", flush=True)
        self.assertLess(usage.ru_maxrss, MOST_KIB)


if __name__ == "__main__":
    unittest.main()
