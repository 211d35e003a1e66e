"""xml2: every element says its type; members of a list are called after it with "_child"."""
import xml.etree.ElementTree as ET


class Bad(Exception):
    """Not xml2."""


def read(body, root):
    """The request below `data`, as dictionaries, lists and texts."""
    if b"<!DOCTYPE" in body:
        raise Bad
    try:
        top = ET.fromstring(body)
    except ET.ParseError:
        raise Bad from None
    if top.tag != "data" or len(top) != 1 or top[0].tag != root or top[0].get("type") != "record":
        raise Bad
    return value(top[0])


def value(element):
    kind = element.get("type")
    if kind == "string":
        if len(element):
            raise Bad
        return (element.text or "").strip()
    if kind == "array":
        if any(child.tag != element.tag + "_child" or child.get("type") != "record" for child in element):
            raise Bad
        return [value(child) for child in element]
    if kind != "record":
        raise Bad
    names = [child.tag for child in element]
    if len(set(names)) != len(names):
        raise Bad
    return {child.tag: value(child) for child in element}


def write(root, content, padded=None):
    """padded: members that lists of these names are filled up to."""
    top = ET.Element("xmlio2")
    put(top, root, content, padded or {})
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="utf-8")


def put(parent, name, content, padded):
    if isinstance(content, str):
        if content:
            ET.SubElement(parent, name, type="string").text = content
    elif isinstance(content, dict):
        if content:
            fill(ET.SubElement(parent, name, type="record"), content, padded)
    else:
        box = ET.SubElement(parent, name, type="array")
        for member in content + [{}] * max(0, padded.get(name, 0) - len(content)):
            fill(ET.SubElement(box, name + "_child", type="record"), member, padded)


def fill(element, content, padded):
    for key, below in content.items():
        put(element, key, below, padded)
