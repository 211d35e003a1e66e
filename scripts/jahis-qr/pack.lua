-- 院外処方箋の2次元シンボル（JAHIS）の、患者と保険の行。
-- The lines of the prescription's two-dimensional code (JAHIS) that are about the patient and the insurance.
return {
  pack = 1,
  id = "jahis-qr",
  version = "1.0.0",
  name = "院外処方箋2次元シンボル（11〜31行）",
  name_en = "Prescription QR code of JAHIS, lines 11 to 31",
  vendor = "Shikaku",
  host = "JAHIS 院外処方箋2次元シンボル",
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
    "derived.is_medical_aid", "derived.burden_band", "derived.burden_percent", "derived.sex",
    "derived.insurer_number_6", "derived.name_has_missing_character", "derived.not_covering_date",
  },
  notes = "薬局のプログラムでは試していません。処方の行（5、51、101 以下）は処方を書くプログラムが足します。1行目の医療機関は設定です。",
}
