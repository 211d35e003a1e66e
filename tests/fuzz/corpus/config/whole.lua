return {
  route = "gateway",
  institution_code = "9919999999",
  gateway = { url = "https://gateway.example:8443", ca_file = "ca.pem", client_cert = "device.pem",
    client_key = "/etc/device.key", pin = "sha256//AAAA=", proxy_environment = "yes", timeout_ms = 9000 },
  folder = { root = "C:\\OQS", encoding = "shift_jis", identifier = "long", poll_ms = 500 },
  app = { source = "file", file = "app.txt", words = "app_words.lua" },
  bulk = { batch = 100 },
  deliveries = {
    { script = "scripts/uketsuke_csv.lua", folder = "out", mode = "append", when = "found" },
    { script = "scripts/kanja_xml.lua", folder = "//server/out", mode = "file", file = "見本.xml" },
  },
  log = { file = "shikaku.log", level = "debug" },
}
