-- レセプト電算処理（医科・入院外）の、患者と保険のレコード。
-- The records of the electronic claim (医科, out-patients) that are about the person and the insurance.
return {
  pack = 1,
  id = "rezept-records",
  version = "1.0.0",
  name = "レセ電レコード（RE・HO・KO・SN）",
  name_en = "Records RE, HO, KO and SN of the electronic claim",
  vendor = "Shikaku",
  host = "レセプト電算処理（医科）",
  host_versions = {},
  contract = 1,
  format = "text",
  encoding = "cp932",
  adapter = "folder",
  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "reference_number",
    "name", "name_kana", "birth_date", "card_class", "insurer_number", "symbol", "number",
    "branch_number", "relation", "preschool", "burden_percent", "elderly",
    "medical_aid.payer_number", "medical_aid.recipient_number", "medical_aid.tickets",
    "derived.is_medical_aid", "derived.burden_band", "derived.sex", "derived.insurer_number_6",
    "derived.name_has_missing_character", "derived.not_covering_date",
  },
  notes = "審査支払機関の受付やレセコンでは試していません。レコードの一部だけで、レセプト全体ではありません。",
}
