#!/usr/bin/python3
"""odd_dates.py PKI FROM NAME OLD NEW: the certificate FROM with the date OLD replaced by NEW, which may be none, signed
by the server CA again. Writes NAME.pem and NAME.key. No tool makes such a certificate on request."""
import base64
import pathlib
import re
import shutil
import subprocess
import sys


def element(der):
    """Header and content of the first element, whose length has at most two bytes."""
    extra = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2:2 + extra], "big") if extra else der[1]
    return der[:2 + extra + length]


def wrapped(tag, content):
    n = len(content)
    length = bytes([n]) if n < 128 else b"\x82" + n.to_bytes(2, "big")
    return bytes([tag]) + length + content


def main():
    pki, source, name, old, new = pathlib.Path(sys.argv[1]), *sys.argv[2:]
    pem = (pki / f"{source}.pem").read_text()
    der = base64.b64decode(re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", pem, flags=re.S)[1])
    inner = der[len(der) - (int.from_bytes(der[2:4], "big")):]
    body = element(inner)
    kind = element(inner[len(body):])
    if len(old) != len(new) or body.count(old.encode()) != 1:
        sys.exit(f"{source} has no date {old}")
    body = body.replace(old.encode(), new.encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", pki / "server-ca.key"], input=body,
                               capture_output=True, check=True).stdout
    made = wrapped(0x30, body + kind + wrapped(0x03, b"\0" + signature))
    text = base64.encodebytes(made).decode()
    (pki / f"{name}.pem").write_text(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
    shutil.copy(pki / f"{source}.key", pki / f"{name}.key")


main()
