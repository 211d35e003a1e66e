#!/usr/bin/python3
"""`run.py ROOT -- PROGRAM...` makes keys and two servers that ask for the device's certificate, and gives
their places to the program: P12 PASSPHRASE BLOB CA URL-TLS-1.2 URL-TLS-1.3. The servers, too, must have seen it."""
import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading

from cryptography.hazmat.primitives import serialization

PASSPHRASE = "himitsu-p12"
ROOT = pathlib.Path(sys.argv[1])
PROGRAM = sys.argv[sys.argv.index("--") + 1:]
seen = []


def context(pki, version):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = made.maximum_version = version
    made.load_cert_chain(pki / "server.pem", pki / "server.key")
    made.load_verify_locations(pki / "device-ca.pem")
    made.verify_mode = ssl.CERT_REQUIRED
    return made


def serve(listener, tls):
    while True:
        raw, _ = listener.accept()
        try:
            with tls.wrap_socket(raw, server_side=True) as line:
                subject = dict(pair[0] for pair in line.getpeercert()["subject"])
                seen.append((line.version(), subject["commonName"]))
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        except OSError as problem:
            print(f"     server: {problem}", flush=True)


def start(pki, version):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, context(pki, version)), daemon=True).start()
    return f"https://localhost:{listener.getsockname()[1]}/"


def blob(path):
    """A key as CNG imports it: BCRYPT_RSAPRIVATE_BLOB."""
    key = serialization.load_pem_private_key(path.read_bytes(), None).private_numbers()
    numbers = [key.public_numbers.e, key.public_numbers.n, key.p, key.q]
    sizes = [(number.bit_length() + 7) // 8 for number in numbers]
    head = struct.pack("<4sLLLLL", b"RSA2", key.public_numbers.n.bit_length(), *sizes)
    return head + b"".join(number.to_bytes(size, "big") for number, size in zip(numbers, sizes))


def main():
    with tempfile.TemporaryDirectory() as folder:
        pki = pathlib.Path(folder)
        subprocess.run(["sh", ROOT / "tests/pki/make-pki.sh", pki], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["openssl", "pkcs12", "-export", "-legacy", "-inkey", pki / "device.key", "-in", pki / "device.pem",
                        "-certfile", pki / "device-ca.pem", "-passout", "pass:" + PASSPHRASE, "-out", pki / "old.p12"],
                       check=True)
        (pki / "key.blob").write_bytes(blob(pki / "device.key"))
        servers = [start(pki, version) for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)]
        done = subprocess.run([*PROGRAM, pki / "old.p12", PASSPHRASE, pki / "key.blob",
                               pki / "server-ca.pem", *servers], check=False)
        wanted = [("TLSv1.2", "mihon-desk-1")] * 3 + [("TLSv1.3", "mihon-desk-1")]
        if done.returncode == 0 and seen != wanted:
            print(f"the servers saw {seen}, not {wanted}")
        return done.returncode or seen != wanted


sys.exit(main())
