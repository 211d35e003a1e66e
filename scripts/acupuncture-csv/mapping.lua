-- はり・きゅう、あん摩・マッサージの療養費支給申請書（様式第6号、第6号の2）の記号欄などを CSV にします。1つの回答（1人）を1行にします。
-- The coded boxes and the head of the claim forms of はり・きゅう and あん摩・マッサージ (様式第6号, 第6号の2) as CSV, one line for each answer.

-- 後ろの7列（患者カナ苗字 〜 本人家族）は、申請書ではなく、協会のデータベースの列の名前と番号です。
-- The last seven columns are those of an association's database, not of the form.

-- 分からない欄は空です。推測はしません。見出しは申請書の言葉です。README.md を読んでください。
-- What the answer does not tell stays empty; nothing is guessed. The headings are the form's words.

---------------------------------------------------------------------------------------------------------------------
-- 設定 / Settings
---------------------------------------------------------------------------------------------------------------------

-- 施術所の都道府県番号（2桁）と、登録記号番号または施術機関コード。どの行にも書かれます。
-- The prefecture and the registration of the practice itself, in every line.
local PREFECTURE, REGISTRATION = "", ""

-- 「記号・番号」の欄の区切り。"・"、" "、"―" など。記号の中にも ・ があれば、別の列の記号と番号を使ってください。
-- Between 記号 and 番号 in their one box. The columns 記号 and 番号 have them apart.
local SEPARATOR = "・"

-- 保険者番号："bare" 詰め物なし、"space" 前に空白で8桁、"zero" 前に0で8桁。
-- The insurer's number: bare, or in eight places with spaces or zeros.
local INSURER_FORM = "bare"

-- 保険種別：1 協、2 組、3 共、4 国、5 退、6 後期。法別番号から決めます（"00" は国保の6桁）。ここにない 02 船員、03 04 日雇、07 自衛官は空です。
-- 施術所で番号が決まっていれば、["02"] = "1" のように足してください。
-- The kind of insurance by its law number ("00": the six digits of 国保). Others stay empty; add them when they are known.
local INSURANCE_KINDS = {
  ["01"] = "1", ["06"] = "2", ["63"] = "2", ["31"] = "3", ["32"] = "3", ["33"] = "3", ["34"] = "3", ["72"] = "3", ["73"] = "3",
  ["74"] = "3", ["75"] = "3", ["00"] = "4", ["67"] = "5", ["39"] = "6",
}

-- 単併区分：回答に公費がないとき。回答に出る公費は医療扶助だけで、ほかの公費（子ども医療など）は分からないので、ふつうは空です。
-- いつも 1（単独）と書くときは "1" にします。
-- 単併区分 without 公費 in the answer, which knows of medical aid only: empty, or "1" to claim 単独.
local SINGLE = ""

-- 氏名に ● などの代わりの字があるとき："止める" か "書く"。
-- A name with a mark for a character that could not be sent: stop, or write it.
local MISSING_CHARACTER = "止める"

---------------------------------------------------------------------------------------------------------------------
-- 記録の選び方：医療保険1つと、公費（医療扶助） / Which records: one insurance, and medical aid
---------------------------------------------------------------------------------------------------------------------

local function is_aid(rec)
  return rec.derived.is_medical_aid == "1"
end

-- 有効でないと分かっている資格、資格確認日に及ばない資格は使いません。
-- An entitlement that is known not to be valid, or does not cover the day, is not used.
local function is_usable(rec)
  local validity = text.first(rec.validity)
  local valid = validity == nil or validity == "1" or (validity == "6" and is_aid(rec))
  return valid and rec.derived.not_covering_date ~= "1"
end

local function usable(rec, aid)
  local found = {}
  for _, one in ipairs(rec.records) do
    if is_aid(one) == aid and is_usable(one) then
      table.insert(found, one)
    end
  end
  return found
end

local function insurance(rec)
  return usable(rec, false)[1]
end

local function first_aid(rec)
  return usable(rec, true)[1]
end

-- 医療保険の記録の項目 / A field of the insurance
local function of_insurance(path, convert)
  return function(_, rec)
    local one = insurance(rec)
    local value = one and text.first(one[path])
    return value and convert and convert(value) or value
  end
end

---------------------------------------------------------------------------------------------------------------------
-- 欄の決め方 / The boxes
---------------------------------------------------------------------------------------------------------------------

-- 年齢は、資格確認日の月（施術の月）の終わりで数えます。 / Age counts at the end of the month of treatment.
local function month_end(rec)
  local year, month = text.match(rec.confirmation_date, "^(%d%d%d%d)-(%d%d)")
  local y = tonumber(year)
  local leap = y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
  local days = { 31, leap and 29 or 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
  return year .. "-" .. month .. "-" .. days[tonumber(month)]
end

local function month_begin(rec)
  return string.sub(rec.confirmation_date, 1, 8) .. "01"
end

-- 割合は 10、20、30 だけです。000 など、ほかの値は書かれていないものとします。
-- A share is 10, 20 or 30; anything else, as 000, counts as not stated.
local SHARES = { [10] = 10, [20] = 20, [30] = 30 }

-- 施術の月にかかる高齢受給者証の割合 / The share of a certificate (高齢受給者証) that reaches into the month
local function certificate_share(rec, one)
  local from, to = text.first(one.elderly.valid_from), text.first(one.elderly.valid_until)
  local in_month = (from == nil or from <= month_end(rec)) and (to == nil or to >= month_begin(rec))
  return in_month and SHARES[one.elderly.burden_percent or 0] or nil
end

-- 回答そのものの割合：保険の割合（後期高齢者）、なければ高齢受給者証の割合。
-- The share that the answer itself states: of the insurance (後期), else of the certificate.
local function own_share(rec, one)
  return SHARES[one.burden_percent or 0] or certificate_share(rec, one)
end

-- 負担割合（％）。回答の割合、なければ年齢だけで決まるとき（未就学20、70歳未満30）。70歳からは回答の割合がなければ分かりません。
-- 特別療養費の方（区分05）は全額を払うので空です。
-- The share in percent: the answer's own, else what age alone decides. From 70 on it is unknown without the answer's own.
local function share(rec)
  local one = insurance(rec)
  if one == nil or one.card_class == "05" then
    return nil
  end
  -- 施術の月にかからない高齢受給者証、割合でない値（000）があるときも、年齢で決まります（後期高齢者のほか）。
  -- A certificate of another month, or a value that is no share, leaves it to age, but for 後期.
  local stated = one.elderly.burden_percent ~= nil or (one.burden_percent ~= nil and one.derived.law_number ~= nil)
  local by_age = stated and one.derived.law_number ~= "39" and text.burden(one.birth_date, month_end(rec)) or nil
  return own_share(rec, one) or one.derived.burden_percent or by_age
end

local function benefit(_, rec)
  return text.benefit_tenths(share(rec))
end

local function insurance_kind(_, rec)
  local one = insurance(rec)
  return one and INSURANCE_KINDS[one.derived.law_number or ""]
end

-- 単併区分：1 単独、2 2併、3 3併。医療保険がなければ、施術の月の医療券が単独と言うときだけ 1。
-- 1 alone, 2 and 3 with 公費; without insurance only the ticket of the month can say 1.
local function combination(_, rec)
  local aids = usable(rec, true)
  if insurance(rec) and #aids > 0 then
    return #aids == 1 and "2" or "3"
  end
  if #aids == 0 then
    return insurance(rec) and SINGLE
  end
  for _, ticket in ipairs(aids[1].medical_aid.tickets) do
    local from, to = text.first(ticket.valid_from), text.first(ticket.valid_until)
    if ticket.combined_use == "01" and from and from <= month_end(rec) and (to == nil or to >= month_begin(rec)) then
      return "1"
    end
  end
  return nil
end

-- 本家区分：4 六歳（未就学）、8 高一・0 高7（70歳から。7割給付なら0）、2 本人、6 家族。
-- 本家区分: 4 before school, 8 or 0 from 70 on (0 with 3割), else 2 and 6.
local function family_box(_, rec)
  local one = insurance(rec)
  if one == nil then
    return nil
  end
  local group = text.elderly(one.birth_date, month_end(rec))
  local late = one.derived.law_number == "39" or group == "late75"
  if not late and (one.preschool == "1" or group == "preschool") then
    return "4"
  end
  if late or group == "elderly70" or certificate_share(rec, one) then
    return ({ [10] = "8", [20] = "8", [30] = "0" })[own_share(rec, one)]
  end
  return text.relation26(text.first(one.relation))
end

local function symbol_number(_, rec)
  local one = insurance(rec)
  return one and text.symbol_number(text.first(one.symbol), text.first(one.number), SEPARATOR)
end

-- ● のある被保険者氏名は空にします（患者の氏名では止まります）。
-- The insured person's name with ● stays empty; that of the patient stops.
local function insured_name(_, rec)
  local one = insurance(rec)
  local missing = one and one.derived.insured_name_has_missing_character == "1" and MISSING_CHARACTER ~= "書く"
  return one and not missing and one.insured_name or nil
end

local function payer_number(_, rec)
  local one = first_aid(rec)
  return one and text.first(one.insurer_number, one.medical_aid.payer_number)
end

local function recipient_number(_, rec)
  local one = first_aid(rec)
  return one and text.first(one.number, one.medical_aid.recipient_number)
end

-- 協会のデータベースの本人家族：1 本人、2 六歳、3 家族、4 高一、5 高七。
-- The same box in the numbers of an association's database.
local ASSOCIATION = { ["2"] = "1", ["4"] = "2", ["6"] = "3", ["8"] = "4", ["0"] = "5" }

local function association_box(_, rec)
  return ASSOCIATION[family_box(nil, rec) or ""]
end

local function tenths(_, rec)
  return text.tenths(share(rec))
end

local function law_number(_, rec)
  local one = insurance(rec)
  return one and text.law_number(text.first(one.insurer_number))
end

local function check(_, rec)
  if rec.derived.name_has_missing_character == "1" and MISSING_CHARACTER ~= "書く" then
    return "氏名"
  end
  -- 使える資格が1つもない / Nothing that can be used
  if insurance(rec) == nil and first_aid(rec) == nil then
    return "保険者番号"
  end
  -- 使える医療保険が2つ以上：どちらか決められません。 / Which of several insurances is meant cannot be told.
  if #usable(rec, false) > 1 then
    return "保険者番号"
  end
  -- 00 で始まる6桁：4桁の番号に 0 を詰めたもので、国保と読まれてしまいます（都道府県番号に 00 はありません）。
  -- Six digits from 00: a number of four filled up with zeros, which would be read as 国保 (there is no prefecture 00).
  local one = insurance(rec)
  if one and text.match(text.insurer(text.first(one.insurer_number), "bare") or "", "^00%d%d%d%d$") then
    return "保険者番号"
  end
end

---------------------------------------------------------------------------------------------------------------------

return {
  contract = 1,
  id = "acupuncture-csv",
  format = "csv",
  encoding = "cp932",
  newline = "crlf",
  header = true,
  quote = "needed",
  adapter = "folder",
  per = "answer",
  unmappable = "stop",

  -- CP932 にない字のうち、置きかえてよいもの（使えば必ず報告されます）。ここにない字は止まります。
  -- What may stand for a character that CP932 lacks; every use is reported. Others stop.
  substitute = { ["𠮷"] = "吉", ["𠀋"] = "丈", ["𡈽"] = "土", ["𣘺"] = "橋" },

  uses = {
    "confirmation_date", "validity", "reference_number", "name", "name_kana", "birth_date", "postal_code", "address", "card_class",
    "insurer_number", "insurer_name", "symbol", "number", "branch_number", "relation", "insured_name", "qualification_date",
    "preschool", "burden_percent", "elderly.burden_percent", "elderly.valid_from", "elderly.valid_until",
    "medical_aid.payer_number", "medical_aid.recipient_number", "medical_aid.tickets", "derived.sex", "derived.law_number",
    "derived.is_medical_aid", "derived.burden_percent", "derived.not_covering_date", "derived.name_has_missing_character",
    "derived.insured_name_has_missing_character",
  },

  -- ファイル名：資格確認日。患者の情報は入れません。 / The day, nothing about the person.
  file = function(rec)
    return "shinkyu_" .. text.date(rec.confirmation_date, "YYYYMMDD") .. ".csv"
  end,

  fields = {
    { to = "施術年月",         from = "confirmation_date", as = "wareki:EY年M月", required = true },
    { to = "都道府県番号",     value = PREFECTURE },
    { to = "施術機関コード",   value = REGISTRATION },
    { to = "保険種別",         with = insurance_kind },
    { to = "単併区分",         with = combination },
    { to = "本家区分",         with = family_box },
    { to = "給付割合",         with = benefit },
    { to = "請求区分",         value = "" }, -- 新規・継続は回答にありません / not in an answer
    { to = "保険者番号",       with = of_insurance("insurer_number", function(v) return text.insurer(v, INSURER_FORM) end) },
    { to = "保険者名",         with = of_insurance("insurer_name") },
    { to = "記号・番号",       with = symbol_number },
    { to = "記号",             with = of_insurance("symbol") },
    { to = "番号",             with = of_insurance("number") },
    { to = "枝番",             with = of_insurance("branch_number") },
    { to = "公費負担者番号",   with = payer_number },
    { to = "公費受給者番号",   with = recipient_number },
    { to = "被保険者氏名",     with = insured_name },
    { to = "氏名",             from = "name", required = true },
    { to = "氏名カナ",         from = "name_kana", as = "kana_half" },
    { to = "性別",             from = "derived.sex", as = "sex12" },
    { to = "元号",             from = "birth_date", as = "era_code" },
    { to = "生年月日（年）",   from = "birth_date", as = "wareki:YY" },
    { to = "生年月日（月）",   from = "birth_date", as = "date:MM" },
    { to = "生年月日（日）",   from = "birth_date", as = "date:DD" },
    { to = "生年月日（西暦）", from = "birth_date", as = "date:YYYYMMDD" },
    { to = "郵便番号",         from = "postal_code" },
    { to = "住所",             from = "address" },
    { to = "資格取得年月日",   with = of_insurance("qualification_date", function(v) return text.date(v, "YYYYMMDD") end) },
    { to = "資格確認日",       from = "confirmation_date", as = "date:YYYYMMDD" },
    { to = "患者番号",         from = "reference_number" },
    { to = "患者カナ苗字",     from = "name_kana", as = { "kana_half", "family" } },
    { to = "患者カナ名前",     from = "name_kana", as = { "kana_half", "given" } },
    { to = "患者苗字",         from = "name", as = "family" },
    { to = "患者名前",         from = "name", as = "given" },
    { to = "法制番号",         with = law_number },
    { to = "負担割合",         with = tenths },
    { to = "本人家族",         with = association_box },
  },

  check = check,
}
