#!/usr/bin/python3
"""Version and manifest of a program or DLL of ours; `resources.py VERSION FILE`."""
import pathlib
import sys

import pe

MANIFEST_IDS = {".exe": 1, ".dll": 2}


def problems(image, version, name):
    found = {path[:2]: block for path, block in image.resources()}
    manifest = (24, MANIFEST_IDS[pathlib.Path(name).suffix])
    if set(found) != {(16, 1), manifest}:
        yield f"resources: {sorted(found)}"
        return
    numbers = [*map(int, version.split(".")), 0]
    file_version, product_version, words = pe.version(found[16, 1])
    if file_version != numbers or product_version != numbers:
        yield f"file version {file_version}, product version {product_version}, not {numbers}"
    expected = {"FileVersion": version, "ProductVersion": version, "ProductName": "Shikaku (資格)",
                "OriginalFilename": name, "InternalName": "shikaku"}
    yield from (f"{key}: {words.get(key)}, not {value}" for key, value in expected.items() if words.get(key) != value)
    if "非公式" not in words.get("FileDescription", ""):
        yield "the description does not say that it is unofficial"
    if b'version="%s.0"' % version.encode() not in found[manifest] or b'level="asInvoker"' not in found[manifest]:
        yield "another manifest"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path = pathlib.Path(sys.argv[2])
    said = list(problems(pe.Pe(path.read_bytes()), sys.argv[1], path.name))
    print("\n".join(said) if said else f"{path.name}: version and manifest as they should be")
    sys.exit(1 if said else 0)


if __name__ == "__main__":
    main()
