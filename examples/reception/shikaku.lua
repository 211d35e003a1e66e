-- 受付の見本の設定です。テスト用の中継サーバー(tests/gateway)に、仮想カードの証明書で問い合わせます。
-- 場所は、このファイルのあるフォルダーから見たものです。
-- Settings of the sample hosts: the gateway simulator (tests/gateway) and the certificates of the tests.
-- Paths are seen from the folder of this file.
return {
  route = "gateway",
  institution_code = "9919999999",
  gateway = {
    url = "https://localhost:8443",
    ca_file = "pki/server-ca.pem",
    client_cert = "pki/device.pem",
    client_key = "pki/device.key",
  },
  deliveries = {
    { script = "mapping.lua", folder = "out", mode = "file" },
  },
  log = { file = "shikaku.log" },
}
