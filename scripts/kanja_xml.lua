-- 患者XML：1人を1つのXMLファイルにして渡します。
-- One XML file per person.
--
-- "to" は要素の道すじです。"Patient/Name" は Patient の中の Name、最後の "@" は属性になります。
-- "to" is a path of elements: "Patient/Name" is Name inside Patient, an "@" at the end an attribute.
-- 値がない項目の要素は作りません。空の要素がほしい行には empty = "element" と書きます。
-- A value that is absent makes no element; empty = "element" in a row asks for an empty one.

-- 中身のある最初の値。回答の項目は、ないとき nil、空で届いたとき "" になります。Lua の or は "" を
-- 「ある」とみなすため、or の代わりにこれを使います。
-- The first value that holds something. Absent is nil, empty is ""; Lua's `or` takes "" for a value.
local function first(...)
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if value ~= nil and value ~= "" then
      return value
    end
  end
  return nil
end

-- 姓と名は最初の空白で分けます。空白がなければ全体が姓です。
-- Family and given name part at the first space; without a space the whole is the family name.

-- 性別：表の性別が「未設定」のときは、裏面の性別を使います。
-- Sex: when the front of the card says "unknown", the back decides.
local function sex(value, rec)
  if value == "unknown" then
    return first(rec.sex_other, value)
  end
  return value
end

-- 割合は 10、20、30 だけです。000 など、ほかの値は書かれていないものとします。
-- A share is 10, 20 or 30; anything else, as 000, counts as not stated.
local shares = { [10] = 10, [20] = 20, [30] = 30 }

-- 負担割合（％）。どちらの証にもなければ要素を作りません。
-- The share in percent; without either certificate there is no element.
local function burden(_, rec)
  return shares[rec.burden_percent or 0] or shares[rec.elderly.burden_percent or 0]
end

-- 患者番号：照らし合わせてわかったレセコンの番号、なければ照会番号。
-- The host's own number as matching found it, else the registered one.
local function patient_number(number, rec)
  return first(rec.patient.id, number)
end

return {
  contract = 1,
  id = "kanja_xml",
  format = "xml",
  encoding = "utf-8",
  newline = "lf",
  root = "EligibilityRecord",

  -- このスクリプトが見る項目。まとまり(limit)は中の全部です。ここにない項目は、関数から読めません。
  -- What this script sees; a group such as limit stands for all in it. A function cannot read any other field.
  uses = {
    "confirmation_date", "processed_at", "file_identifier", "patient.id", "reference_number", "name", "name_kana",
    "birth_date", "sex", "sex_other", "postal_code", "address", "validity", "card_class",
    "insurer_name", "insurer_number", "symbol", "number", "branch_number", "relation",
    "insured_name", "qualification_date", "disqualification_date", "valid_from", "valid_until",
    "burden_percent", "elderly.burden_percent", "limit", "specific_diseases",
  },

  -- ファイル名：資格確認日と、照会の識別子または処理日時。氏名は使いません。確認アプリからコピーした
  -- 内容にはどちらもないので「app」とし、同じ日の2人目からは、渡すときに _2、_3 が付きます。
  -- 1つの回答に資格が2つあるとき（医療保険と医療扶助）は、末尾の番号で分かれます。
  -- Day and the inquiry's identifier, or the time of processing; never a name. A text that was copied from
  -- the app has neither: it is called "app", and the second person of a day gets _2 when it is delivered.
  -- Two entitlements in one answer are told apart by the number at the end.
  file = function(rec)
    local day = text.date(first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(first(rec.processed_at), "hhmmss")
    local mark = first(rec.file_identifier, time, "app")
    return day and string.format("kanja_%s_%s_%d.xml", day, text.file_safe(mark), rec.record_index)
  end,

  fields = {
    { to = "@version", value = "1" },
    { to = "@confirmed", from = "confirmation_date", required = true },

    { to = "Patient/@number", from = "reference_number", with = patient_number },
    { to = "Patient/Name/Full", from = "name", required = true },
    { to = "Patient/Name/Family", from = "name", as = "family" },
    { to = "Patient/Name/Given", from = "name", as = "given" },
    { to = "Patient/Name/Kana", from = "name_kana", as = "kana_full" },
    { to = "Patient/Birth/Date", from = "birth_date", required = true },
    { to = "Patient/Birth/Era", from = "birth_date",
      with = function(v) return text.wareki(v, "Ey年M月D日") end },
    { to = "Patient/Sex", from = "sex", with = sex },
    { to = "Patient/PostalCode", from = "postal_code", as = "digits" },
    { to = "Patient/Address", from = "address" },

    { to = "Insurance/@validity", from = "validity" },
    { to = "Insurance/@class", from = "card_class" },
    { to = "Insurance/Insurer/@name", from = "insurer_name" },
    { to = "Insurance/Insurer", from = "insurer_number" },
    { to = "Insurance/Symbol", from = "symbol" },
    { to = "Insurance/Number", from = "number" },
    { to = "Insurance/Branch", from = "branch_number", as = "digits" },
    { to = "Insurance/Relation", from = "relation" },
    { to = "Insurance/InsuredName", from = "insured_name" },
    { to = "Insurance/QualifiedOn", from = "qualification_date" },
    { to = "Insurance/LostOn", from = "disqualification_date" },
    { to = "Insurance/ValidFrom", from = "valid_from" },
    { to = "Insurance/ValidUntil", from = "valid_until" },
    { to = "Insurance/BurdenPercent", with = burden },
    { to = "Insurance/Limit/@category", from = "limit.category" },
    { to = "Insurance/Limit/Label", from = "limit.category_label" },
    { to = "Insurance/Limit/ValidUntil", from = "limit.valid_until" },

    -- 特定疾病は3種類までです。[1] [2] [3] は別々の要素になり、番号そのものは書かれません。
    -- There are three kinds of specific disease. [1] [2] [3] make separate elements; the number itself
    -- is not written.
    { to = "SpecificDisease[1]/@category", from = "specific_diseases[1].disease" },
    { to = "SpecificDisease[1]/ValidFrom", from = "specific_diseases[1].valid_from" },
    { to = "SpecificDisease[1]/ValidUntil", from = "specific_diseases[1].valid_until" },
    { to = "SpecificDisease[1]/SelfPayYen", from = "specific_diseases[1].self_pay_yen" },
    { to = "SpecificDisease[2]/@category", from = "specific_diseases[2].disease" },
    { to = "SpecificDisease[2]/ValidFrom", from = "specific_diseases[2].valid_from" },
    { to = "SpecificDisease[2]/ValidUntil", from = "specific_diseases[2].valid_until" },
    { to = "SpecificDisease[2]/SelfPayYen", from = "specific_diseases[2].self_pay_yen" },
    { to = "SpecificDisease[3]/@category", from = "specific_diseases[3].disease" },
    { to = "SpecificDisease[3]/ValidFrom", from = "specific_diseases[3].valid_from" },
    { to = "SpecificDisease[3]/ValidUntil", from = "specific_diseases[3].valid_until" },
    { to = "SpecificDisease[3]/SelfPayYen", from = "specific_diseases[3].self_pay_yen" },
  },
}
