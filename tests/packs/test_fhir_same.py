#!/usr/bin/python3
"""The two packs of FHIR say the same of every sample: test_fhir_same.py JSON-PACK XML-PACK"""
import pathlib
import sys

import fhir_tree


def plain(node):
    return (node.name, node.kind, node.value, [plain(child) for child in node.children])


def documents(pack):
    return {path.name: path.read_bytes() for path in sorted((pathlib.Path(pack) / "samples").glob("*.expected"))}


def problems(json_pack, xml_pack):
    ours, theirs = documents(json_pack), documents(xml_pack)
    if not ours or ours.keys() != theirs.keys():
        yield "not the same samples"
    for name in ours.keys() & theirs.keys():
        if plain(fhir_tree.read(ours[name])) != plain(fhir_tree.read(theirs[name])):
            yield f"{name}: JSON and XML differ"


def self_test():
    here = pathlib.Path(__file__).parent / "good"
    one, other = (fhir_tree.read((here / name).read_bytes()) for name in ("fhir.json", "fhir.xml"))
    if plain(one) != plain(other):
        yield "good/fhir.json and good/fhir.xml differ"
    one.children[0].value = "batch"
    if plain(one) == plain(other):
        yield "a difference is not noticed"


told = [*self_test(), *problems(*sys.argv[1:3])]
print("\n".join(told) or "JSON and XML say the same")
sys.exit(1 if told else 0)
