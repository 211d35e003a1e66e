"""A bulk result of 100,000 persons through the console: the whole process stays under 32 MB."""
import os
import subprocess
import unittest

import routes
import stack
from test_import import BULK, PERSON

PEOPLE = 100000
MOST_KIB = 32 * 1000


class Memory(stack.Folder, unittest.TestCase):
    def test_a_hundred_thousand_persons_pass_through_little_memory(self):
        path = self.folder / "bulk.xml"
        head, tail = BULK.split("{}")
        # About 1,400 bytes a person, as a real result has.
        filler = "<Address>" + "見本県見本市見本町１－２－３" * 24 + "</Address><InsurerName>"
        with open(path, "w", encoding="utf-8") as file:
            file.write(head)
            for n in range(PEOPLE):
                file.write(PERSON.format(n=n, validity=1).replace("<InsurerName>", filler))
            file.write(tail)
        self.assertGreater(path.stat().st_size, 140_000_000)
        self.judge(str(path), subprocess.DEVNULL)
        with subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE) as pipe:
            self.judge("-", pipe.stdout)

    def judge(self, operand, given):
        with open(os.devnull, "wb") as nowhere:
            process = subprocess.Popen([*stack.HOST, "import", operand], stdin=given, stdout=nowhere,
                                       stderr=subprocess.PIPE, env=routes.ENVIRONMENT)
            errors = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stderr.close()
        self.assertEqual((process.returncode, errors), (0, b""))
        print(f"{usage.ru_maxrss} KiB, {usage.ru_utime + usage.ru_stime:.1f} s", flush=True)
        self.assertLess(usage.ru_maxrss, MOST_KIB)


if __name__ == "__main__":
    unittest.main()
