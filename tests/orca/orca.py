#!/usr/bin/python3
"""A server that answers like 日レセ (ORCA), written from the public item lists: patientlst3v2, patientgetv2,
patientmodv2 (01, 02, 04), patientmodv32 (00, 01, 02, 03, 99) and insuranceinf1v2. It misbehaves when told to.

orca.py [--port=8000]    starts one with two made-up patients, for trying by hand
"""
import base64
import http.server
import os
import select
import socket
import ssl
import sys
import threading
import urllib.parse

import xml2
from desk import AIDS, CARDS, PERSON, Desk
from rules import Refused

MESSAGES = {"00": "処理終了", "000": "処理終了"}
NOT_A_CODE = ("close-before", "close-after", "slow", "slow-after", "garbage", "huge", "type", "cut", "empty", "500",
              "500-after", "401", "403", "404")
PADDED = {"HealthInsurance_Info": CARDS, "PublicInsurance_Info": AIDS}
KINDS = [("009", "協会"), ("006", "組合"), ("039", "後期高齢者"), ("060", "国保")]


class Orca:
    def __init__(self, desk=None, user="ormaster", password="ormaster", prefix=""):
        self.desk = desk or Desk()
        self.user, self.password, self.prefix = user, password, prefix
        self.troubles, self.asked, self.guard = [], [], threading.Lock()

    def trouble(self, where, kind, times=1):
        """The next `times` requests that contain `where` ("patientmodv2?class=01", "patientmodv32 03") go wrong: a
        word of NOT_A_CODE, or a result code that is answered without doing anything."""
        self.troubles.append([where, kind, times])

    def take_trouble(self, name):
        for one in self.troubles:
            if one[0] in name and one[2] > 0:
                one[2] -= 1
                return one[1]
        return ""

    def may_enter(self, header):
        wanted = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return header == f"Basic {wanted}"

    def head(self, code, **more):
        return {"Information_Date": self.desk.today, "Information_Time": "09:15:30", "Api_Result": code,
                "Api_Result_Message": MESSAGES.get(code, f"結果 {code}"), "Reskey": "Patient Info", **more}

    # --- the calls: name of the answer's record and its content --------------------------------------------------
    def patientgetv2(self, query, _):
        try:
            return "patientinfores", self.head("00", Patient_Information=self.desk.get(query.get("id", "")))
        except Refused as refused:
            return "patientinfores", self.head(refused.code)

    def patientlst3v2(self, query, body):
        if query.get("class") != "01":
            return "patientlst2res", self.head("91")
        try:
            found = self.desk.search(xml2.read(body, "patientlst3req"))
        except xml2.Bad:
            return "patientlst2res", self.head("98")
        except Refused as refused:
            return "patientlst2res", self.head(refused.code)
        many = len(found) > 100
        return "patientlst2res", self.head("21" if many else "00", Target_Patient_Count=f"{min(len(found), 100):03}",
                                           Patient_Information=found[:100])

    def patientmodv2(self, query, body):
        work = {"01": self.desk.register, "02": self.desk.replace, "04": self.desk.add_first}.get(query.get("class"))
        if work is None:
            return "patientmodres", self.head("91")
        try:
            patient, code = work(xml2.read(body, "patientmodreq"))
        except xml2.Bad:
            return "patientmodres", self.head("98")
        except Refused as refused:
            return "patientmodres", self.head(refused.code)
        return "patientmodres", self.head(code, Patient_Information=self.desk.whole(patient))

    def patientmodv32(self, _, body):
        asked = {}
        try:
            asked = xml2.read(body, "patientmodv3req2")
            return "patientmodv3res2", self.v3(asked)
        except xml2.Bad:
            return "patientmodv3res2", self.head("E98")
        except Refused as refused:
            step = asked.get("Request_Number", "")
            return "patientmodv3res2", {"Request_Number": step, "Response_Number": step,
                                        "Karte_Uid": asked.get("Karte_Uid", ""), **self.head(refused.code)}

    def v3(self, asked):
        step, question, then = asked.get("Request_Number", ""), "", {"01": "02", "02": "03"}
        rows = None
        if step in ("00", "01"):
            patient, lock = self.desk.v3_read(asked, step == "01")
            rows = patient.cards, patient.aids
        elif step == "02":
            patient, lock, rows = self.desk.v3_check(asked)
        elif step == "03":
            patient, lock, rows, question = self.desk.v3_commit(asked)
            rows = rows or (patient.cards, patient.aids)
        elif step == "99":
            patient, lock = self.desk.v3_unlock(asked)
        else:
            raise Refused("E91")
        answer = {"Request_Number": step, "Response_Number": "03" if question else then.get(step, "00"),
                  "Karte_Uid": asked["Karte_Uid"], "Orca_Uid": lock, **self.head("S20" if question else "000"),
                  "Patient_Information": {k: patient.base[k] for k in PERSON}}
        if question:
            answer["Patient_Select_Information"] = {"Patient_Select": question, "Patient_Select_Message": "確認して下さい。"}
        if rows is not None:
            answer["HealthInsurance_Information"] = {"HealthInsurance_Info": [dict(c) for c in rows[0]]}
            answer["PublicInsurance_Information"] = {"PublicInsurance_Info": [dict(a) for a in rows[1]]}
        return answer

    def insuranceinf1v2(self, _, body):
        try:
            xml2.read(body, "insuranceinfreq")
        except xml2.Bad:
            return "insuranceinfres", self.head("98")
        return "insuranceinfres", self.head("00", HealthInsurance_Information=[
            {"InsuranceProvider_Class": kind, "InsuranceProvider_WholeName": name} for kind, name in KINDS])

    CALLS = {"GET /api01rv2/patientgetv2": patientgetv2, "POST /api01rv2/patientlst3v2": patientlst3v2,
             "POST /orca12/patientmodv2": patientmodv2, "POST /orca12/patientmodv32": patientmodv32,
             "POST /api01rv2/insuranceinf1v2": insuranceinf1v2}

    def name_of(self, target, body):
        """How tests call a request: "patientgetv2", "patientmodv2?class=01", "patientmodv32 03"."""
        name = target.rpartition("/")[2]
        step = body.partition(b"<Request_Number type=\"string\">")[2][:2].decode("ascii", "replace")
        return f"{name} {step}" if step else name.partition("?id=")[0]

    def work(self, method, target, body):
        """The answer's bytes, or None where there is no such call."""
        path, _, query = target.partition("?")
        if not path.startswith(self.prefix):
            return None
        call = self.CALLS.get(f"{method} {path[len(self.prefix):]}")
        if call is None:
            return None
        with self.guard:
            root, content = call(self, dict(urllib.parse.parse_qsl(query)), body)
        return xml2.write(root, content, PADDED)

    def refusal(self, name, code):
        root = "patientmodv3res2" if "v32" in name else "patientmodres" if "modv2" in name else \
            "patientlst2res" if "lst" in name else "patientinfores"
        return xml2.write(root, self.head(code))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    orca = None

    def log_message(self, *_):
        pass

    def setup(self):
        if isinstance(self.request, ssl.SSLSocket):
            try:
                self.request.do_handshake()
            except OSError:
                self.linger()
                raise
        super().setup()

    def linger(self):
        """Takes what the client still sends, so that the reason for the refusal reaches it."""
        with socket.socket(fileno=os.dup(self.request.fileno())) as rest:
            rest.settimeout(30)
            try:
                while rest.recv(4096):
                    pass
            except OSError:
                pass

    def answer(self, status, body, kind="application/xml", length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def until_left(self):
        """Longer than any client waits: it has nothing more to say before the answer."""
        select.select([self.connection], [], [], 60)

    def drop(self):
        self.close_connection = True
        self.connection.close()

    def serve(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = self.orca.name_of(self.path, body)
        self.orca.asked.append(name)
        trouble = self.orca.take_trouble(name)
        if trouble and trouble not in NOT_A_CODE:
            return self.answer(200, self.orca.refusal(name, trouble))
        if trouble in ("401", "403", "404", "500"):
            return self.answer(int(trouble), b"<html><body>no</body></html>", "text/html")
        if not self.orca.may_enter(self.headers.get("Authorization", "")):
            return self.answer(401, b"", "text/plain")
        if method == "POST" and self.headers.get("Content-Type", "").partition(";")[0] != "application/xml":
            return self.answer(200, self.orca.refusal(name, "98"))
        if trouble == "close-before":
            return self.drop()
        if trouble == "slow":
            self.until_left()
        said = self.orca.work(method, self.path, body)
        if said is None:
            return self.answer(404, b"<html><body>no such call</body></html>", "text/html")
        return self.misbehave(trouble, said)

    def misbehave(self, trouble, said):
        if trouble == "close-after":
            return self.drop()
        if trouble == "slow-after":
            self.until_left()
            return self.drop()
        if trouble == "cut":
            self.answer(200, said[:len(said) // 2], length=len(said))
            return self.drop()
        wrong = {"garbage": (200, b"<xmlio2><patientmodres", "application/xml"), "empty": (200, b"", "application/xml"),
                 "huge": (200, b"<xmlio2>" + b"<a>x</a>" * 1000000 + b"</xmlio2>", "application/xml"),
                 "500-after": (500, b"<html/>", "text/html"), "type": (200, b"<html><body>login</body></html>", "text/html")}
        return self.answer(*wrong.get(trouble, (200, said)))

    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is what the tests are about."""


def start(orca, pki=None, client_ca=None, port=0):
    """A running server: (server, address). pki: a folder with server.pem and server.key."""
    handler = type("Handler", (Handler,), {"orca": orca})
    server = Server(("127.0.0.1", port), handler)
    if pki is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pki / "server.pem", pki / "server.key")
        if client_ca is not None:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    scheme = "https" if pki is not None else "http"
    return server, f"{scheme}://localhost:{server.server_port}"


def main():
    port = next((int(a.partition("=")[2]) for a in sys.argv[1:] if a.startswith("--port=")), 8000)
    orca = Orca()
    patient = orca.desk.add("見本\u3000花子", "ミホン\u3000ハナコ", "1985-03-02", "2")
    orca.desk.insure(patient, InsuranceProvider_Number="06990014", HealthInsuredPerson_Symbol="見本",
                     HealthInsuredPerson_Number="123", RelationToInsuredPerson="1", Certificate_StartDate="2020-04-01")
    orca.desk.add("見本\u3000太郎", "ミホン\u3000タロウ", "1980-01-01", "1")
    _, address = start(orca, port=port)
    print(f"{address} ormaster/ormaster", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
