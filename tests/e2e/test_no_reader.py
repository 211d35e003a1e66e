"""A machine whose card reader service runs without a reader."""
import json
import unittest

from stack import Folder, check, configuration, console, make_once


def setUpModule():
    make_once()


class NoReader(Folder, unittest.TestCase):
    def test_a_missing_reader_is_told_apart_from_a_stopped_service(self):
        code, said = check(self, configuration(self, "https://localhost:1"))
        self.assertEqual(code, 3, said)
        self.assertEqual(said["fault"]["name"], "NO_READER", said["fault"])
        self.assertIn("カードリーダー", said["fault"]["message"])

    def test_the_list_of_readers_says_so_too(self):
        done = console(self, "readers", "--json")
        self.assertEqual(done.returncode, 3, done.stdout.decode())
        said = json.loads(done.stdout.decode().splitlines()[-1])
        self.assertEqual(said["fault"]["name"], "NO_READER", said)


if __name__ == "__main__":
    unittest.main()
