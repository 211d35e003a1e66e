-- 特定健診の決済XML（cc08）の受診者（subjectPerson）。
-- The person (subjectPerson) of a claim of 特定健診 (cc08).
return {
  pack = 1,
  id = "tokutei-kenshin-claim",
  version = "1.0.0",
  name = "特定健診 決済XML（cc08）受診者情報",
  name_en = "Claim XML of 特定健診 (cc08), the person's part",
  vendor = "Shikaku",
  host = "特定健診・特定保健指導の電子データ（cc08 V08）",
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
  notes = "金額は入りません。健診機関、受診券、決済の欄は設定の見本で、取り込む側で入れます。提出先の受付では試していません。",
}
