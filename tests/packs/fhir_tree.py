"""One shape for FHIR in JSON and in XML: nodes with a name, a text or children. A resource has its type."""
import json
import re
import xml.etree.ElementTree as ET

FHIR = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"


class Node:
    def __init__(self, name, value=None, kind=None):
        self.name, self.value, self.kind = name, value, kind
        self.children = []

    def many(self, *path):
        """All nodes at the path, through lists."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def one(self, *path):
        found = self.many(*path)
        return found[0] if found else Node(path[-1])

    def text(self, *path):
        """The only value at the path; the empty text when there is none or several."""
        found = self.many(*path)
        return (found[0].value or "") if len(found) == 1 else ""

    def all(self):
        yield self
        for child in self.children:
            yield from child.all()


def read(raw):
    text = raw.decode("utf-8").removeprefix("\ufeff")
    return from_json(text) if text.lstrip().startswith("{") else from_xml(text)


def no_repeats(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a member twice")
    return dict(pairs)


def from_json(text):
    return json_node("resource", json.loads(text, object_pairs_hook=no_repeats))


def json_node(name, value):
    if not isinstance(value, dict):
        plain = {True: "true", False: "false", None: ""}[value] if value is None or isinstance(value, bool) else str(value)
        return Node(name, plain)
    node = Node(name, kind=value.get("resourceType"))
    for key, below in value.items():
        if below == []:
            raise ValueError("an empty array")
        if key != "resourceType":
            node.children += [json_node(key, b) for b in (below if isinstance(below, list) else [below])]
    return node


def from_xml(text):
    text = re.sub(r"^<\?xml[^>]*\?>", "", text.lstrip())
    return resource_node("resource", ET.fromstring(text))


def resource_node(name, element):
    if not element.tag.startswith(FHIR):
        raise ValueError("a resource without FHIR's namespace")
    node = xml_node(name, element)
    node.kind = element.tag.removeprefix(FHIR)
    return node


def xml_node(name, element):
    if element.attrib.keys() - {"value", "url", "id"} or (element.tag == f"{FHIR}extension" and "url" not in element.attrib):
        raise ValueError("attributes that do not belong there")
    node = Node(name, element.get("value"))
    if "url" in element.attrib:
        node.children.append(Node("url", element.get("url")))
    for child in element:
        if child.tag.startswith(XHTML):
            continue
        if not child.tag.startswith(FHIR):
            raise ValueError("an element without FHIR's namespace")
        below = child.tag.removeprefix(FHIR)
        holds_resource = below == "resource" and len(child) == 1
        node.children.append(resource_node(below, child[0]) if holds_resource else xml_node(below, child))
    return node
