"""A gateway to test against: the whole protocol of docs/gateway-protocol.md, with invented persons.

Written from the paper alone; it shares no code with the plugin, so that one misreading cannot hide on both sides.
It remembers everything in memory and is no service for real patients.

To use it from another test: make a PKI with tests/pki/make-pki.sh FOLDER, start it with --port 0, --port-file and
--pki FOLDER, wait for the port file, and end it with SIGTERM. The device is FOLDER/device.pem with device.key, the
facility 9919999999, the persons those of --persons (tests/gateway/persons.json), found by the CN of their card or by
the data of their insurance. Without --card-ca every card is unknown; questions by card data need none.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from calls import Gateway, Settings
from handler import Handler
from memory import RateLimit
from misbehave import TRICKS, Mischief, parse_rule
from server import GatewayServer, Log, PortTaken, TlsFiles

EXIT_PORT = 3
EXIT_SETTINGS = 2


def _arguments() -> argparse.ArgumentParser:
    tricks = "\n".join(f"  {name:<15} {text}" for name, text in TRICKS.items())
    parser = argparse.ArgumentParser(
        prog="gateway.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"""--fail and the lines of the control file: CALL=WHAT or CALL=WHAT*COUNT
CALL: challenges, checks, bulk (handing in), results (of bulk), status, all.
WHAT: a status (503), a problem type (challenge-expired), delay-MS (delay-300), ahead-S or behind-S (the server's
clock by that many seconds), or one of
{tricks}

exit: 0 ended by SIGTERM or SIGINT, 2 wrong settings, {EXIT_PORT} port taken""")
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=8443, help="0 = any free one (see --port-file)")
    add("--port-file", type=Path, help="written in one step once the server listens; removed at the end")
    add("--pki", type=Path, required=True, help="folder made by tests/pki/make-pki.sh")
    add("--card-ca", type=Path, action="append", default=[], help="CA of the cards, PEM; may stand several times")
    add("--persons", type=Path, default=Path(__file__).with_name("persons.json"))
    add("--encoding", choices=("utf-8", "shift_jis"), default="utf-8", help="of the XML answers")
    add("--unordered", action="store_true", help="elements of the answers in another order")
    add("--log", type=Path, help="appended to; holds no personal value")
    add("--server-cert", type=Path, help="default: server.pem of --pki")
    add("--server-key", type=Path, help="default: server.key of --pki")
    add("--soft-device", action="store_true",
        help="a device of stranger-ca.pem, or without certificate, gets 403 device-unknown instead of a TLS alert")
    add("--challenge-lifetime", type=float, default=120.0, metavar="SECONDS")
    add("--bulk-seconds", type=float, default=1.0, metavar="SECONDS", help="how long a bulk request works")
    add("--bulk-pending", type=int, default=0, metavar="N", help="so many answers 202 for every result, at least")
    add("--bulk-size", type=int, default=0, metavar="N",
        help="results of at least N people, those asked for in turn; written as a stream")
    add("--delay-ms", type=int, default=0, help="added to every answer")
    add("--rate-limit", type=int, default=0, metavar="N", help="requests per facility and minute; 0 = no limit")
    add("--base-path", default="", help="path before /v1")
    add("--fail", action="append", default=[], metavar="CALL=WHAT[*COUNT]")
    add("--control", type=Path, metavar="FILE", help="further rules, looked at for every request")
    return parser


def _build(options: argparse.Namespace) -> GatewayServer:
    pki: Path = options.pki
    tls = TlsFiles(
        server_cert=options.server_cert or pki / "server.pem", server_key=options.server_key or pki / "server.key",
        device_authorities=[pki / "device-ca.pem"],
        soft_authorities=[pki / "stranger-ca.pem"] if options.soft_device else [], soft=options.soft_device)
    gateway = Gateway(Settings(
        persons=options.persons, card_authorities=options.card_ca, encoding=options.encoding,
        unordered=options.unordered, challenge_lifetime=options.challenge_lifetime,
        bulk_seconds=options.bulk_seconds, bulk_pending=options.bulk_pending, bulk_size=options.bulk_size))
    mischief = Mischief([parse_rule(rule) for rule in options.fail], options.control)
    return GatewayServer((options.host, options.port), Handler, tls, gateway, mischief,
                         RateLimit(options.rate_limit), Log(options.log), options.delay_ms, options.base_path)


def _write_port(path: Path, port: int) -> None:
    """Whole or not there: whoever waits for the file may read it at once."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(f"{port}\n", encoding="ascii")
    temporary.replace(path)


def main() -> int:
    options = _arguments().parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        server = _build(options)
    except PortTaken as error:
        print(f"ポート {options.port} で待ち受けできません（{error}）。--port に別の番号を指定するか、--port 0 で自動に選ばせてください。\n"
              f"Cannot listen on {options.host}:{options.port} ({error}). "
              f"Give another --port, or --port 0 to have a free one chosen.", file=sys.stderr)
        return EXIT_PORT
    except (OSError, ValueError, KeyError) as error:
        print(f"設定に誤りがあります: {error}\nWrong settings: {error}", file=sys.stderr)
        return EXIT_SETTINGS
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    if options.port_file:
        _write_port(options.port_file, server.server_port)
    print(f"https://{options.host}:{server.server_port}{server.base_path}/v1/", flush=True)
    stop.wait()
    server.server_close()
    if options.port_file:
        options.port_file.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
