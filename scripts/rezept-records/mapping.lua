-- レセプト電算処理（医科・入院外）のレコードのうち、資格確認の回答から書けるもの：RE（患者）、HO（保険者）、
-- KO（公費：医療扶助）、SN（資格確認）。日数、点数、金額など、診療の中身は空のままです。
-- What an eligibility answer can fill of the electronic claim (医科, out-patients): the person, the insurer, public
-- expense and the confirmation. Days, points and amounts stay empty; every comma is kept.

-- ---- 設定 / settings ------------------------------------------------------------------------------------------

-- レセプト種別を書くか。入院外（4桁目が偶数）だけを作る医院では true。入院もあるときは false（空になります）。
-- Whether レセプト種別 is written: true where only out-patients are claimed for; false leaves it empty.
local OUTPATIENT = true

-- 給付割合を書くのは国保だけか（レセプトを書く2つの公開プログラムはそうしています）。false ならどの保険でも、回答に割合があれば書きます。
-- Only 国保 gets 給付割合, as two public programs do; false: every insurance whose answer states a share.
local RATE_FOR_KOKUHO_ONLY = true

-- 枝番がないとき SN を書くか。プログラムによって違います：書かない（false）、枝番を空にして書く（true）。
-- Without 枝番: no SN (false), or an SN with an empty 枝番 (true). Programs differ.
local SN_WITHOUT_BRANCH = false

-- SN の確認区分。01 は窓口など。
-- How the entitlement was confirmed; 01 is at the counter.
local CONFIRMED = "01"

-- 照会番号をカルテ番号等に書くか。医院の患者番号でないなら false。
-- Whether 照会番号 is the number of the chart.
local CHART_NUMBER = true

-- 氏名に ● があるか、JIS第1・第2水準にない字があるとき："stop" は止まる（下の substitute にある字は置きかえる）、"kana" はカナ氏名を書く。
-- A name with ● or a character beyond JIS X 0208: stop (after the substitutes below), or write the name in kana.
local HARD_NAME = "stop"

-- 資格が有効でない回答では止まるか。
-- Whether an answer without a valid entitlement stops.
local STOP_WHEN_NOT_VALID = true

-- ---- 保険 / insurance -----------------------------------------------------------------------------------------

local HEALTH = { -- 医療保険の法別番号 / 法別番号 of health insurance
  ["01"] = true, ["02"] = true, ["03"] = true, ["04"] = true, ["06"] = true, ["07"] = true,
  ["31"] = true, ["32"] = true, ["33"] = true, ["34"] = true, ["63"] = true,
  ["72"] = true, ["73"] = true, ["74"] = true, ["75"] = true,
}

local function filled(value)
  return value ~= nil and value ~= ""
end

local function is_aid(rec) -- 医療扶助 / medical aid
  return rec.derived.is_medical_aid == "1"
end

local function covers(rec) -- 資格確認日に及ぶ / covers the day of confirmation
  return rec.derived.not_covering_date ~= "1"
end

local function any_covers(rec)
  for _, one in ipairs(rec.records) do
    if covers(one) then
      return true
    end
  end
  return false
end

-- 喪失した資格、期限の切れた資格は、及ぶ資格が並んでいれば書かない。一つも及ばなければ点検で止まる。
-- A lost or expired record is left out beside one that covers the day; where none does, the last look stops.
local function is_used(rec)
  return covers(rec) or not any_covers(rec)
end

local function used_aid(rec)
  return is_aid(rec) and is_used(rec)
end

local function used_insurance(rec)
  return not is_aid(rec) and is_used(rec)
end

local function is_late_elderly(rec) -- 後期高齢者 / 39
  return text.law(rec.insurer_number) == "39"
end

local function has_confirmation(rec)
  if not used_insurance(rec) then
    return false
  end
  return SN_WITHOUT_BRANCH or (filled(text.branch2(rec.branch_number)) and not is_late_elderly(rec))
end

local function count(rec, want)
  local n, first = 0, nil
  for _, one in ipairs(rec.records) do
    if want(one) then
      n = n + 1
      first = first or one
    end
  end
  return n, first
end

-- 患者を書く記録：医療保険、なければ医療扶助の1つめ。
-- The record that names the person: the insurance, else the first medical aid.
local function main(rec)
  local _, insured = count(rec, used_insurance)
  local _, aid = count(rec, used_aid)
  return insured or aid or rec
end

-- 1割・2割・3割だけ。000 などは、ないのと同じ。
-- Only 10, 20 and 30 are shares; 000 and its like count as not stated.
local function one_to_three(percent)
  return (percent == 10 or percent == 20 or percent == 30) and percent or nil
end

-- 回答にある負担割合（％）。高齢受給者証は、資格確認日に有効なものだけ。年齢からは推測しません。
-- The share that the answer states; a certificate counts only on a day that it covers. Age decides nothing here.
local function stated_share(rec)
  local own = one_to_three(rec.burden_percent)
  local certificate, day = rec.elderly, rec.confirmation_date
  if own ~= nil or not filled(day) then
    return own
  end
  local begun = not filled(certificate.valid_from) or certificate.valid_from <= day
  local ended = filled(certificate.valid_until) and certificate.valid_until < day
  return begun and not ended and one_to_three(certificate.burden_percent) or nil
end

-- ---- レセプト種別 / レセプト種別 -----------------------------------------------------------------------------

local function payer_digit(rec)
  local law = text.law(rec.insurer_number)
  if law == "39" then
    return "3"
  elseif law == "67" then
    return "4"
  elseif HEALTH[law] or filled(text.insurer(rec.insurer_number, "6")) then
    return "1"
  end
  return nil
end

-- 入院外の4桁目。回答から一つに決まらないとき（70歳以上で割合がない、未就学の年齢なのに区分がない、など）は値なし。
-- The last digit for out-patients; absent where the answer leaves more than one.
local function age_digit(rec)
  local share, band = stated_share(rec), rec.derived.burden_band
  if rec.card_class == "05" then -- 特別療養費 / the patient pays all first
    return nil
  elseif is_late_elderly(rec) or band == "elderly" then
    return ({ [10] = "8", [20] = "8", [30] = "0" })[share or 0]
  elseif rec.preschool == "1" then
    return "4"
  elseif band == "general" then
    return ({ self = "2", family = "6" })[rec.relation or ""]
  end
  return nil
end

-- 医療券の単独・併用が、回答の保険の数と合わないとき true。
-- A ticket that says alone or combined, against the number of results.
local function contradicts(rec, insurances)
  for _, one in ipairs(rec.records) do
    for _, ticket in ipairs(is_used(one) and one.medical_aid.tickets or {}) do
      if ticket.combined_use == (insurances > 0 and "01" or "02") then
        return true
      end
    end
  end
  return false
end

local function receipt_type(_, rec)
  local insurances, insured = count(rec, used_insurance)
  local aids = count(rec, used_aid)
  if not OUTPATIENT or contradicts(rec, insurances) then
    return nil
  elseif insured == nil then
    return string.format("12%d2", aids) -- 公費単独 / public expense alone
  end
  local payer, age = payer_digit(insured), age_digit(insured)
  return payer and age and string.format("1%s%d%s", payer, 1 + aids, age) or nil
end

local function benefit_rate(_, rec)
  local _, insured = count(rec, used_insurance)
  if insured == nil or (RATE_FOR_KOKUHO_ONLY and not filled(insured.derived.insurer_number_6)) then
    return nil
  end
  return text.benefit_percent3(stated_share(insured))
end

-- ---- 文字 / text ----------------------------------------------------------------------------------------------

-- 続いた空白を1つに / one space where there are several
local function one_space(value, space)
  local two = space .. space
  while text.count(text.replace(value, two, space)) < text.count(value) do
    value = text.replace(value, two, space)
  end
  return value
end

-- 半角英字だけの氏名は半角、ほかは全角。全角で40バイトをこえ、半角にできるものは半角にします。
-- Half width for names of ASCII letters alone, else full width; Latin names too long for that go to half width.
local function name(value, rec)
  if not filled(value) then
    return nil
  end
  local narrow = one_space(text.trim(text.narrow(value)), " ")
  local latin = text.match(narrow, "^[A-Za-z][A-Za-z .'-]*$") ~= nil
  local wide = one_space(text.trim(text.wide(value)), "　")
  local as_sent = text.match(value, "^[ -~]+$") ~= nil
  if latin and (as_sent or text.bytes(wide) > 40) then
    return narrow
  end
  local hard = rec.derived.name_has_missing_character == "1" or text.jisx0208(wide) == "0"
  if HARD_NAME == "kana" and hard then
    return text.kana_full(rec.name_kana)
  end
  return wide
end

local function kana(value)
  return filled(value) and text.replace(text.kana_full(value), "　", "") or nil
end

local function symbol(value, rec) -- 後期高齢者に記号はない / 後期 has none
  return filled(value) and not is_late_elderly(rec) and text.one_mode(value) or nil
end

local function chart(value)
  if not CHART_NUMBER or not filled(value) then
    return nil
  end
  return text.match(value, "^[!-~]+$") or text.wide_plain(value)
end

local function of_main(path, convert)
  return function(_, rec)
    local one = main(rec)
    return convert(one[path], one)
  end
end

local function payer(value, rec)
  return text.insurer(text.first(value, rec.medical_aid.payer_number), "space")
end

local function recipient(value, rec)
  return text.pad(text.digits(text.trim(text.first(value, rec.medical_aid.recipient_number))), 7, "0", "right")
end

-- ---- 点検 / last look -----------------------------------------------------------------------------------------

local MISSING = "[●〓■□]" -- 送れなかった字の印 / marks for characters that could not be sent

local function check_line(out, line)
  local insurer = text.trim(out[line .. "/保険者番号"])
  if text.count(insurer) ~= 4 and text.count(insurer) ~= 6 and text.count(insurer) ~= 8 then
    return line .. "/保険者番号"
  elseif text.match(insurer, "^00%d%d%d%d$") then -- 4桁の番号に0を足したもの / four digits, padded with zeros
    return line .. "/保険者番号"
  end
  for _, field in ipairs({ "/記号", "/番号" }) do
    if text.match(out[line .. field], MISSING) then
      return line .. field
    end
  end
  return nil
end

-- 資格有効性が有効でも、日付が及ばなければ有効ではない / valid by its code is not enough, the dates must cover the day
local function not_valid(rec)
  local refused = filled(rec.validity) and rec.validity ~= "1" and rec.validity ~= "6"
  return refused or not any_covers(rec)
end

local function check(out, rec)
  local insurances, aids = count(rec, used_insurance), count(rec, used_aid)
  if STOP_WHEN_NOT_VALID and not_valid(rec) then
    return insurances > 0 and "HO[1]/保険者番号" or "KO[1]/負担者番号"
  end
  if insurances > 1 then
    return "HO[2]/保険者番号"
  elseif aids > 4 then
    return "KO[5]/負担者番号"
  elseif text.match(out["RE/氏名"], MISSING) then
    return "RE/氏名"
  elseif filled(out["RE/カタカナ"]) and not text.match(out["RE/カタカナ"], "^[ァ-ヶー・ヽヾ゛゜]+$") then
    return "RE/カタカナ"
  end
  for k = 1, aids do
    local line = "KO[" .. k .. "]"
    if not text.match(out[line .. "/負担者番号"], "^%d%d%d%d%d%d%d%d$") then
      return line .. "/負担者番号"
    elseif not text.match(out[line .. "/受給者番号"], "^%d%d%d%d%d%d%d$") then
      return line .. "/受給者番号"
    end
  end
  return insurances == 1 and check_line(out, "HO[1]") or nil
end

return {
  contract = 1,
  id = "rezept-records",
  format = "text",
  encoding = "cp932",
  newline = "crlf",
  separator = ",",
  per = "answer", -- 医療保険と医療扶助を1つのレセプトに / insurance and medical aid make one claim
  adapter = "folder",

  repertoire = "jis-x-0208",
  -- JIS第1・第2水準にない、よくある字だけ。使えば必ず報告されます。ほかの字では止まります。
  -- Common variants that JIS X 0208 lacks; every use is reported. Any other character stops.
  substitute = {
    ["𠮷"] = "吉", ["髙"] = "高", ["﨑"] = "崎", ["德"] = "徳", ["濵"] = "濱", ["瀨"] = "瀬", ["栁"] = "柳", ["–"] = "－", ["＇"] = "’",
  },

  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "reference_number",
    "name", "name_kana", "birth_date", "card_class", "insurer_number", "symbol", "number",
    "branch_number", "relation", "preschool", "burden_percent", "elderly",
    "medical_aid.payer_number", "medical_aid.recipient_number", "medical_aid.tickets[1].combined_use",
    "derived.is_medical_aid", "derived.burden_band", "derived.sex", "derived.insurer_number_6",
    "derived.name_has_missing_character", "derived.not_covering_date",
  },

  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    return string.format("rezept_%s_%s.txt", day or "0", text.file_safe(text.first(rec.file_identifier, time, "app")))
  end,

  check = check,

  fields = {
    -- RE：レセプト共通（38項目）/ 38 items
    { to = "RE", fields = {
      { to = "識別", value = "RE" },
      { to = "レセプト番号", value = "" },
      { to = "レセプト種別", with = receipt_type },
      { to = "診療年月", value = "" },
      { to = "氏名", from = "name", with = of_main("name", name), required = true, max_bytes = 40 },
      { to = "男女区分", from = "derived.sex", as = "sex12", required = true },
      { to = "生年月日", from = "birth_date", as = "date:YYYYMMDD", required = true },
      { to = "給付割合", with = benefit_rate },
      { to = "入院年月日", value = "" },
      { to = "病棟区分", value = "" },
      { to = "一部負担金区分", value = "" },
      { to = "特記事項", value = "" },
      { to = "病床数", value = "" },
      { to = "カルテ番号等", from = "reference_number", with = of_main("reference_number", chart), max_bytes = 20 },
      { to = "割引点数単価", value = "" },
      { to = "予備1", value = "" },
      { to = "予備2", value = "" },
      { to = "予備3", value = "" },
      { to = "検索番号", value = "" },
      { to = "予備4", value = "" },
      { to = "請求情報", value = "" },
      { to = "診療科1 診療科名", value = "" },
      { to = "診療科1 人体の部位等", value = "" },
      { to = "診療科1 性別等", value = "" },
      { to = "診療科1 医学的処置", value = "" },
      { to = "診療科1 特定疾病", value = "" },
      { to = "診療科2 診療科名", value = "" },
      { to = "診療科2 人体の部位等", value = "" },
      { to = "診療科2 性別等", value = "" },
      { to = "診療科2 医学的処置", value = "" },
      { to = "診療科2 特定疾病", value = "" },
      { to = "診療科3 診療科名", value = "" },
      { to = "診療科3 人体の部位等", value = "" },
      { to = "診療科3 性別等", value = "" },
      { to = "診療科3 医学的処置", value = "" },
      { to = "診療科3 特定疾病", value = "" },
      { to = "カタカナ", from = "name_kana", with = of_main("name_kana", kana), max_bytes = 80 },
      { to = "患者の状態", value = "" },
    } },

    -- HO：保険者（15項目）。医療保険の記録があるときだけ / 15 items, for health insurance
    { to = "HO", each = "records", when = used_insurance, fields = {
      { to = "識別", value = "HO" },
      { to = "保険者番号", from = "insurer_number", as = "insurer:space", required = true, max_bytes = 8 },
      { to = "記号", from = "symbol", with = symbol, max_bytes = 38 },
      { to = "番号", from = "number", as = "one_mode", required = true, max_bytes = 38 },
      { to = "診療実日数", value = "" },
      { to = "合計点数", value = "" },
      { to = "予備", value = "" },
      { to = "食事回数", value = "" },
      { to = "食事金額", value = "" },
      { to = "職務上の事由", value = "" },
      { to = "証明書番号", value = "" },
      { to = "負担金額", value = "" },
      { to = "減免区分", value = "" },
      { to = "減額割合", value = "" },
      { to = "減額金額", value = "" },
    } },

    -- KO：公費（12項目）。医療扶助の記録があるときだけ / 12 items, for medical aid
    { to = "KO", each = "records", when = used_aid, fields = {
      { to = "識別", value = "KO" },
      { to = "負担者番号", from = "insurer_number", with = payer, required = true, max_bytes = 8 },
      { to = "受給者番号", from = "number", with = recipient, required = true, max_bytes = 7 },
      { to = "任意給付区分", value = "" },
      { to = "診療実日数", value = "" },
      { to = "合計点数", value = "" },
      { to = "負担金額", value = "" },
      { to = "外来一部負担金", value = "" },
      { to = "入院一部負担金", value = "" },
      { to = "予備", value = "" },
      { to = "食事回数", value = "" },
      { to = "食事金額", value = "" },
    } },

    -- SN：資格確認（9項目）。枝番があるときだけ。後期高齢者と公費にはない / 9 items, only with a 枝番
    { to = "SN", each = "records", when = has_confirmation, fields = {
      { to = "識別", value = "SN" },
      { to = "負担者種別", value = "1" },
      { to = "確認区分", value = CONFIRMED },
      { to = "保険者番号等", value = "" },
      { to = "記号", value = "" },
      { to = "番号", value = "" },
      { to = "枝番", from = "branch_number", with = function(value, rec)
        return not is_late_elderly(rec) and text.branch2(value) or nil
      end, max_bytes = 2 },
      { to = "受給者番号", value = "" },
      { to = "予備", value = "" },
    } },
  },
}
