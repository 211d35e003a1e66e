-- 見本のパック：テストに使います。
-- A pack for tests.
return {
  pack = 1,
  id = "mihon-csv",
  version = "1.2.3",
  name = "見本CSV",
  name_en = "Sample CSV",
  vendor = "見本ソフト",
  host = "見本レセコン",
  host_versions = { "5.0", "5.1" },
  contract = 1,
  format = "csv",
  encoding = "cp932",
  adapter = "folder",
  uses = { "confirmation_date", "insurer_number", "symbol", "number", "name", "name_kana", "birth_date", "elderly" },
  notes = "テストのためのパックです。",
}
