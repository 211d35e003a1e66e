"""What the self-tests of the judges share: good documents about the person of persons/shaho.xml in good/, each
spoilt in one place at a time."""
import pathlib
import types
import unittest

import judging
import source

HERE = pathlib.Path(__file__).resolve().parent


def persons(name):
    found = [p for p in (HERE / f"persons/{name}.xml", HERE / f"persons/{name}.txt") if p.is_file()]
    return source.read(found[0])


def person(name="shaho"):
    return persons(name)[0]


def good(name):
    return (HERE / "good" / name).read_bytes()


class Trial(unittest.TestCase):
    def told(self, judge, raw, whose=None):
        whose = whose if isinstance(whose, list) else [whose or person()]
        document = types.SimpleNamespace(raw=raw, person=whose[0], persons=whose)
        return list(judging.problems_of(document, judge))

    def passes(self, judge, raw, whose=None):
        self.assertEqual(self.told(judge, raw, whose), [])

    def refuses(self, judge, raw, words, whose=None):
        self.assertIn(words, " / ".join(self.told(judge, raw, whose)))

    def each_spoilt(self, judge, raw, spoils, encoding="utf-8"):
        """spoils: (what stands there, what shall, words of the complaint). A spoil changes the first place only."""
        for old, new, words in spoils:
            with self.subTest(old=old, new=new):
                self.assertIn(old.encode(encoding), raw)
                self.refuses(judge, raw.replace(old.encode(encoding), new.encode(encoding), 1), words)
