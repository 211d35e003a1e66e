-- 特定健診XML（hc08）：受診者（recordTarget）と受診券（participant）の入った、最小の文書。
-- A minimal document of 特定健診 (hc08) with the person and the ticket.
return {
  pack = 1,
  id = "tokutei-kenshin",
  version = "1.0.0",
  name = "特定健診XML（hc08）受診者情報",
  name_en = "特定健診 XML (hc08), the person's part",
  vendor = "Shikaku",
  host = "特定健診・特定保健指導の電子データ（hc08 V08）",
  host_versions = {},
  contract = 1,
  format = "xml",
  encoding = "utf-8",
  adapter = "folder",
  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "insurer_number", "symbol", "number",
    "branch_number", "name_kana", "birth_date", "postal_code", "address",
    "derived.is_medical_aid", "derived.sex", "derived.not_covering_date",
  },
  notes = "健診の結果は入りません。健診機関、日付、受診券は設定の見本で、取り込む側で入れます。提出先の受付では試していません。",
}
