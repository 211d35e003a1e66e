-- 出産育児一時金等の請求（直接支払制度）の、請求レコード30項目。
-- The claim record, 30 items, of 出産育児一時金 (direct payment).
return {
  pack = 1,
  id = "childbirth-csv",
  version = "1.0.0",
  name = "出産育児一時金 請求レコード",
  name_en = "Claim record of the childbirth lump sum",
  vendor = "Shikaku",
  host = "出産育児一時金等 専用請求書CSV（助産所・分娩施設）",
  host_versions = {},
  contract = 1,
  format = "text",
  encoding = "cp932",
  adapter = "folder",
  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "name_kana", "birth_date",
    "insurer_number", "symbol", "number", "relation",
    "derived.is_medical_aid", "derived.insurer_number_6", "derived.not_covering_date",
  },
  notes = "公開されている日レセのプログラム（2017年）が書く形に合わせました。支払基金と国保連では試していません。",
}
