"""A card with a P-384 key, as planned for the card after today's: from the reader to the document."""
import unittest

from stack import Card, Folder, check, configuration, make_once, profile, shared_gateway


def setUpModule():
    make_once()
    profile(1, tag="-p384", algorithm="p384")


class NextCard(Folder, unittest.TestCase):
    def proves(self, tag, **lines):
        gateway = shared_gateway()
        card = Card(self, profile(1, tag=tag, algorithm="p384", **lines)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual((code, said["outcome"]), (0, "eligible"), said)
        self.assertEqual(said["records"][0]["name"], "見本　太郎")
        self.assertEqual(len(card.verifies()), 1)
        sign = [a for a in card.apdus() if a["header"].startswith("802A")]
        self.assertEqual([(a["lc"], a["sw"]) for a in sign], [("48", "9000")])
        return sign[0]

    def test_two_halves(self):
        self.assertEqual(self.proves("-p384")["len"], "96")

    def test_der(self):
        self.assertGreater(int(self.proves("-p384-der", ecdsa_form="der")["len"]), 96)

    def test_the_kind_of_key_can_be_switched_off(self):
        gateway = shared_gateway()
        card = Card(self, profile(1, tag="-p384", algorithm="p384")).place()
        code, said = check(self, configuration(self, gateway.url, token={"p384": "no"}))
        self.assertEqual((code, said["fault"]["name"]), (3, "CERTIFICATE"), said)
        self.assertEqual(card.verifies(), [])


if __name__ == "__main__":
    unittest.main()
