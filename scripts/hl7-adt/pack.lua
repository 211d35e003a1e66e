-- HL7 v2.5 ADT のパック
return {
  pack = 1,
  id = "hl7-adt",
  version = "1.0.0",
  name = "HL7 v2.5 ADT(SS-MIX2、JAHIS)",
  name_en = "HL7 v2.5 ADT (SS-MIX2, JAHIS)",
  vendor = "Shikaku",
  host = "HL7 v2.5 の ADT^A08 を受け取るシステム",
  host_versions = {},
  contract = 1,
  format = "hl7",
  encoding = "iso-2022-jp",
  adapter = "folder",
  uses = {
    "processed_at", "confirmation_date", "institution_code", "file_identifier", "validity", "reference_number",
    "insurer_number", "insurer_name", "symbol", "number", "branch_number", "relation", "name", "name_kana", "sex",
    "birth_date", "postal_code", "address", "qualification_date", "disqualification_date", "valid_from", "valid_until",
    "derived.law_number", "derived.sex", "derived.name_has_missing_character",
  },
  notes = "実際の受け取り側では試していません。記号と番号の場所(IN1-10、IN1-11)はプログラムによって違うので、設定で選びます。",
}
