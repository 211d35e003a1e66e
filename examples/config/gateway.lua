-- 中継サーバー(docs/gateway-protocol.md)に問い合わせる設定です。
-- Settings for a gateway that speaks docs/gateway-protocol.md.
return {
  route = "gateway",
  institution_code = "9919999999", -- 見本です。自施設の10桁に変えてください / replace it by your own
  gateway = {
    url = "https://gateway.example:8443",
    client_cert = "device.p12",    -- パスワードは起動時に聞かれます / its passphrase is asked for
    -- ca_file = "gateway-ca.pem", -- 空ならシステムのもの / the system's when empty
    -- pin = "sha256//…=",         -- サーバーの公開鍵 / the server's public key
    -- proxy = "http://proxy.example:3128", proxy_user = "…", proxy_password = "…",
  },
  deliveries = {
    -- 場所はこの設定ファイルから見たもの。写したら直し、out は先に作ります
    -- Seen from this file: put them right in a copy, and make "out" first
    { script = "../../scripts/uketsuke_csv.lua", folder = "out" },
    { script = "../../scripts/kanja_xml.lua", folder = "out" },
  },
  log = { file = "shikaku.log" },
}
