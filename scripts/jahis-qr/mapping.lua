-- JAHIS 院外処方箋2次元シンボルの、版の行、1（医療機関）、11〜31（患者と保険）。
-- 医師（5）、交付日（51）、処方（101 から）は、処方を書くプログラムが足します。
-- The version line, record 1 and records 11 to 31 of the prescription's code. The rest is the prescriber's.

-- ---- 設定 / settings ------------------------------------------------------------------------------------------

-- 1行目の版。JAHIS8 から JAHIS10（枝番のある版）。nil なら書かない。
-- The version line, JAHIS8 to JAHIS10; nil leaves it out.
local VERSION = "JAHIS10"

-- 医療機関の行。種別は 1 医科、3 歯科。ここは見本です：**自分の医院に書きかえてください**（見本のまま実在の保険者の患者を
-- 渡そうとすると止まります）。nil なら行を書かない。
-- Record 1. These are sample values: replace them. A real insurer's patient is refused until that is done.
local FACILITY = { kind = "1", code = "9999999", prefecture = "99", name = "見本医院" }

-- 照会番号を患者コードにするか。
-- Whether 照会番号 is the patient's code.
local PATIENT_CODE = true

-- 生年月日：false は西暦8桁、true は和暦7桁。
-- Birth in western digits, or as GYYMMDD.
local ERA_DATES = false

-- 漢字氏名が全角20字をこえるとき："kana" はカナ氏名だけ、"stop" は止まる。
-- A name of more than 20 characters: only the kana, or stop.
local LONG_NAME = "kana"

-- 氏名に ● があるか、書けない字があるとき："stop" は止まる、"kana" はカナ氏名だけ、"■" はその字を ■ にする（規約にある書き方）。
-- A name with ● or a character that cannot be written: stop, only the kana, or ■ for it as the rules allow.
local HARD_NAME = "stop"

-- 字の範囲。規約はレセプト電算処理に合わせる（jis-x-0208）。薬局が髙などを読めるなら "encoding"。
-- The rules follow the electronic claim; "encoding" also writes 髙 and its like.
local REPERTOIRE = "jis-x-0208"

-- レセプト種別（31）を書くか。ほかの公費を処方側で足すなら false。
-- Whether record 31 is written; false where the prescriber adds other public expense.
local RECEIPT_TYPE = true

-- 14（一部負担区分）が必要なのに、回答から決まらないとき止まるか。false なら書かない。
-- Where record 14 is due but the answer does not settle it: stop, or leave it out.
local STOP_WITHOUT_SHARE = true

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
  return not is_aid(rec) and text.law(rec.insurer_number) == "39"
end

local function count(rec, want)
  local n = 0
  for _, one in ipairs(rec.records) do
    n = want(one) and n + 1 or n
  end
  return n
end

local function first(rec, want)
  for _, one in ipairs(rec.records) do
    if want(one) then
      return one
    end
  end
  return nil
end

-- 主な記録：医療保険。医療扶助だけなら、その1つめ。
-- The record that names the person and that lines 14 to 24 and 31 speak of: the insurance, or the first medical aid
-- when it stands alone.
local function main(rec)
  return first(rec, used_insurance) or first(rec, used_aid) or rec
end

local function is_main(rec)
  return used_insurance(rec) or rec.record_index == main(rec).record_index
end

-- 1割・2割・3割だけ。000 などは、ないのと同じ。
-- Only 10, 20 and 30 are shares; 000 and its like count as not stated.
local function one_to_three(percent)
  return (percent == 10 or percent == 20 or percent == 30) and percent or nil
end

-- 回答にある負担割合（％）。高齢受給者証は、資格確認日に有効なものだけ。
-- The share that the answer states; a certificate counts only on a day that it covers.
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

-- 患者負担率：回答の割合、なければ年齢だけで一つに決まる割合（未就学 20、70歳未満 30）。公費があれば窓口の割合は分からない。
-- The stated share, or the one that age alone decides. With public expense the counter's share is not known.
local function share(rec)
  if count(rec, used_aid) > 0 then
    return nil
  end
  return stated_share(rec) or one_to_three(rec.derived.burden_percent)
end

-- ---- 14 一部負担区分、21 保険種別、31 レセプト種別 ---------------------------------------------------------------

local BANDS = { elderly = true, late_elderly = true, preschool = true }

local function needs_share_class(rec)
  return not is_aid(rec) and (is_late_elderly(rec) or BANDS[rec.derived.burden_band or ""] == true)
end

local function share_class(rec)
  local band, percent = rec.derived.burden_band, stated_share(rec) or 0
  if is_aid(rec) then
    return nil
  elseif is_late_elderly(rec) then
    return ({ [10] = "1", [20] = "5", [30] = "2" })[percent]
  elseif band == "preschool" then
    return "3"
  elseif band == "elderly" then
    return ({ [10] = "1", [20] = "1", [30] = "2" })[percent]
  end
  return nil
end

local function scheme(rec)
  local law = text.law(rec.insurer_number)
  if is_aid(rec) or HEALTH[law] then
    return "1"
  elseif law == "39" then
    return "7"
  elseif filled(rec.derived.insurer_number_6) then -- 国保、退職国保 / also 67
    return "2"
  end
  return nil
end

local function age_digit(rec)
  local percent, band = stated_share(rec), rec.derived.burden_band
  if rec.card_class == "05" then -- 特別療養費 / the patient pays all first
    return nil
  elseif is_late_elderly(rec) or band == "elderly" then
    return ({ [10] = "8", [20] = "8", [30] = "0" })[percent or 0]
  elseif rec.preschool == "1" then
    return "4"
  elseif band == "general" then
    return ({ self = "2", family = "6" })[rec.relation or ""]
  end
  return nil
end

local function payer_digit(rec)
  local law = text.law(rec.insurer_number)
  if law == "39" then
    return "3"
  elseif law == "67" then
    return "4"
  end
  return scheme(rec) ~= nil and "1" or nil
end

-- 医療券の単独・併用が、回答の保険の数と合わないとき true。
-- A ticket that says alone or combined, against the number of results.
local function contradicts(rec)
  local against = count(rec, used_insurance) > 0 and "01" or "02"
  for _, one in ipairs(rec.records) do
    for _, ticket in ipairs(is_used(one) and one.medical_aid.tickets or {}) do
      if ticket.combined_use == against then
        return true
      end
    end
  end
  return false
end

-- 院外処方なので入院外。回答から一つに決まるときだけ。
-- Out-patients, since the medicine is dispensed outside; only where the answer leaves one value.
local function receipt_type(rec)
  local kind, aids = FACILITY and FACILITY.kind or "1", count(rec, used_aid)
  if not RECEIPT_TYPE or contradicts(rec) then
    return nil
  elseif is_aid(rec) then
    return string.format("%s2%d2", kind, aids)
  end
  local payer, age = payer_digit(rec), age_digit(rec)
  return payer and age and string.format("%s%s%d%s", kind, payer, 1 + aids, age) or nil
end

-- ---- 公費 / public expense ------------------------------------------------------------------------------------

local function payer_number(rec)
  return text.digits(text.trim(text.first(rec.insurer_number, rec.medical_aid.payer_number)))
end

local function recipient_number(rec)
  return text.digits(text.trim(text.first(rec.number, rec.medical_aid.recipient_number)))
end

local function is_regular(rec) -- 8桁と7桁までの数字 / 8 and up to 7 digits
  local recipient = recipient_number(rec)
  return text.match(payer_number(rec), "^%d%d%d%d%d%d%d%d$") ~= nil
    and (recipient == nil or (text.match(recipient, "^%d+$") ~= nil and text.count(recipient) <= 7))
end

local function public(rec, regular, k)
  local n = 0
  for _, one in ipairs(rec.records) do
    if used_aid(one) and is_regular(one) == regular then
      n = n + 1
      if n == k then
        return one
      end
    end
  end
  return nil
end

local function public_line(line, k)
  return { to = line, when = function(rec) return public(rec, true, k) ~= nil end, fields = {
    { to = "番号", value = line },
    { to = "負担者番号", with = function(_, rec) return payer_number(public(rec, true, k)) end, required = true },
    { to = "受給者番号", with = function(_, rec)
      return text.pad(recipient_number(public(rec, true, k)), 7, "0", "right")
    end, max_bytes = 7 },
  } }
end

-- ---- 文字 / text ----------------------------------------------------------------------------------------------

local MISSING = "[●〓■□]" -- 送れなかった字の印 / marks for characters that could not be sent

-- 続いた空白を1つに / one space where there are several
local function one_space(value, space)
  local two = space .. space
  while text.count(text.replace(value, two, space)) < text.count(value) do
    value = text.replace(value, two, space)
  end
  return value
end

local function name(value, rec)
  if not filled(value) then
    return nil
  end
  local wide = one_space(text.trim(text.wide(value)), "　")
  local hard = rec.derived.name_has_missing_character == "1"
    or (REPERTOIRE == "jis-x-0208" and text.jisx0208(wide) == "0") or not text.fits(wide)
  if (LONG_NAME == "kana" and text.count(wide) > 20) or (HARD_NAME == "kana" and hard) then
    return nil
  elseif HARD_NAME == "■" then
    for _, mark in ipairs({ "●", "〓", "□" }) do
      wide = text.replace(wide, mark, "■")
    end
  end
  return wide
end

local function kana(value)
  return filled(value) and one_space(text.trim(text.kana_half(value)), " ") or nil
end

local function code(value)
  return PATIENT_CODE and filled(value) and text.narrow(text.trim(value)) or nil
end

local function of_main(path, convert)
  return function(_, rec)
    local one = main(rec)
    return convert(one[path], one)
  end
end

-- 記号・番号は届いたまま（全角半角の混在でよい）。前後の空白を取り、半角カンマは全角に。
-- As sent, mixed width is allowed; no spaces at the ends, and no comma of half width.
local function as_sent(value)
  return filled(value) and text.replace(text.trim(value), ",", "，") or nil
end

-- ---- 点検 / last look -----------------------------------------------------------------------------------------

-- 都道府県番号99はない：見本の患者 / prefecture 99 does not exist: a sample person
local function is_sample(number)
  local bare = text.digits(text.trim(number or ""))
  return (text.count(bare) == 8 and string.sub(bare, 3, 4) or string.sub(bare, 1, 2)) == "99"
end

local function is_sample_facility()
  return FACILITY ~= nil
    and (FACILITY.prefecture == "99" or FACILITY.code == "9999999" or FACILITY.name == "見本医院")
end

-- 資格有効性が有効でも、日付が及ばなければ有効ではない / valid by its code is not enough, the dates must cover the day
local function not_valid(rec)
  local refused = filled(rec.validity) and rec.validity ~= "1" and rec.validity ~= "6"
  return refused or not any_covers(rec)
end

-- 00 で始まる6桁は、4桁の番号に0を足したもの / six digits that begin with 00 are four, padded with zeros
local function is_insurer(number)
  local digits = text.count(number)
  return digits == 4 or digits == 8 or (digits == 6 and not text.match(number, "^00"))
end

local function check_names(out)
  if not filled(out["11/漢字氏名"]) and not filled(out["11/カナ氏名"]) then
    return "11/漢字氏名"
  elseif HARD_NAME ~= "■" and filled(out["11/漢字氏名"]) and text.match(out["11/漢字氏名"], MISSING) then
    return "11/漢字氏名"
  elseif filled(out["11/カナ氏名"]) and not text.match(out["11/カナ氏名"], "^[0-9A-Za-z .ｦ-ﾟ･-]+$") then
    return "11/カナ氏名"
  elseif filled(out["11/患者コード"]) and not text.match(out["11/患者コード"], "^[0-9A-Za-z.-]+$") then
    return "11/患者コード"
  end
  return nil
end

local function check_card(out)
  for _, field in ipairs({ "23[1]/記号", "23[1]/被保険者番号" }) do
    if filled(out[field]) and text.match(out[field], MISSING) then
      return field
    end
  end
  return nil
end

local function check(out, rec)
  local insurances = count(rec, used_insurance)
  if STOP_WHEN_NOT_VALID and not_valid(rec) then
    return "22[1]/保険者番号"
  elseif insurances > 1 or public(rec, true, 4) ~= nil or public(rec, false, 2) ~= nil then
    return "22[1]/保険者番号"
  end
  local problem = check_names(out) or check_card(out)
  if problem ~= nil then
    return problem
  end
  for _, one in ipairs(rec.records) do
    if is_sample_facility() and not is_sample(one.insurer_number) then
      return "1/医療機関コード"
    elseif used_insurance(one) then
      if not is_insurer(out["22[1]/保険者番号"] or "") then
        return "22[1]/保険者番号"
      elseif not filled(out["23[1]/被保険者番号"]) then
        return "23[1]/被保険者番号"
      elseif STOP_WITHOUT_SHARE and needs_share_class(one) and share_class(one) == nil then
        return "22[1]/保険者番号"
      end
    end
  end
  return nil
end

return {
  contract = 1,
  id = "jahis-qr",
  format = "text",
  encoding = "cp932",
  newline = "crlf",
  separator = ",",
  per = "answer", -- 医療保険と医療扶助を1つに / insurance and medical aid in one code
  adapter = "folder",

  repertoire = REPERTOIRE,
  -- その範囲にない、よくある字だけ。使えば必ず報告されます。
  -- Common variants that are lacking; every use is reported.
  substitute = {
    ["𠮷"] = "吉", ["髙"] = "高", ["﨑"] = "崎", ["德"] = "徳", ["濵"] = "濱", ["瀨"] = "瀬", ["栁"] = "柳", ["–"] = "－", ["＇"] = "’",
  },
  unmappable = function()
    return HARD_NAME == "■" and "■" or nil
  end,

  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "reference_number",
    "name", "name_kana", "birth_date", "card_class", "insurer_number", "symbol", "number",
    "branch_number", "relation", "preschool", "burden_percent", "elderly",
    "medical_aid.payer_number", "medical_aid.recipient_number", "medical_aid.tickets[1].combined_use",
    "derived.is_medical_aid", "derived.burden_band", "derived.burden_percent", "derived.sex",
    "derived.insurer_number_6", "derived.name_has_missing_character", "derived.not_covering_date",
  },

  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    return string.format("jahis_%s_%s.txt", day or "0", text.file_safe(text.first(rec.file_identifier, time, "app")))
  end,

  check = check,

  fields = {
    { to = "版", with = function() return VERSION end },

    { to = "1", when = function() return FACILITY ~= nil end, fields = {
      { to = "番号", value = "1" },
      { to = "種別", with = function() return FACILITY.kind end },
      { to = "医療機関コード", with = function() return FACILITY.code end, required = true, max_bytes = 7 },
      { to = "都道府県", with = function() return FACILITY.prefecture end, required = true, max_bytes = 2 },
      { to = "名称", with = function() return FACILITY.name end, max_chars = 60 },
    } },

    { to = "11", fields = {
      { to = "番号", value = "11" },
      { to = "患者コード", from = "reference_number", with = of_main("reference_number", code), max_bytes = 15 },
      { to = "漢字氏名", from = "name", with = of_main("name", name), max_chars = 20 },
      { to = "カナ氏名", from = "name_kana", with = of_main("name_kana", kana), max_bytes = 40 },
    } },
    { to = "12", fields = {
      { to = "番号", value = "12" },
      { to = "性別", from = "derived.sex", as = "sex12", required = true },
    } },
    { to = "13", fields = {
      { to = "番号", value = "13" },
      { to = "生年月日", from = "birth_date", required = true, with = function(value)
        return ERA_DATES and text.era7(value) or text.date(value, "YYYYMMDD")
      end },
    } },

    -- 医療保険の記録（医療扶助だけなら、その記録）/ the insurance, or medical aid alone
    { to = "14", each = "records", when = function(rec) return is_main(rec) and share_class(rec) ~= nil end, fields = {
      { to = "番号", value = "14" },
      { to = "一部負担区分", with = function(_, rec) return share_class(rec) end },
    } },
    { to = "21", each = "records", when = function(rec) return is_main(rec) and scheme(rec) ~= nil end, fields = {
      { to = "番号", value = "21" },
      { to = "保険種別", with = function(_, rec) return scheme(rec) end },
    } },
    { to = "22", each = "records", when = is_main, fields = {
      { to = "番号", value = "22" },
      -- 有効な桁だけ。医療扶助だけなら空 / bare digits; empty with medical aid alone
      { to = "保険者番号", from = "insurer_number", max_bytes = 14, with = function(value, rec)
        return not is_aid(rec) and text.insurer(value, "bare") or nil
      end },
    } },
    { to = "23", each = "records", when = is_main, fields = {
      { to = "番号", value = "23" },
      { to = "記号", from = "symbol", max_chars = 20, with = function(value, rec)
        return not is_aid(rec) and not is_late_elderly(rec) and as_sent(value) or nil
      end },
      { to = "被保険者番号", from = "number", max_chars = 20, with = function(value, rec)
        return not is_aid(rec) and as_sent(value) or nil
      end },
      -- 後期高齢者と医療扶助だけの人は、いつも本人 / 39 and medical aid alone are always 1
      { to = "本人家族", from = "relation", required = true, with = function(value, rec)
        return text.relation12(value) or ((is_aid(rec) or is_late_elderly(rec)) and "1" or nil)
      end },
      { to = "枝番", from = "branch_number", max_bytes = 2, with = function(value, rec)
        return not is_aid(rec) and not is_late_elderly(rec) and text.branch2(value) or nil
      end },
    } },
    { to = "24", each = "records", when = function(rec) return is_main(rec) and share(rec) ~= nil end, fields = {
      { to = "番号", value = "24" },
      { to = "患者負担率", with = function(_, rec) return share(rec) end },
      { to = "保険給付率", with = function(_, rec) return 100 - share(rec) end },
    } },

    public_line("27", 1),
    public_line("28", 2),
    public_line("29", 3),
    { to = "30", when = function(rec) return public(rec, false, 1) ~= nil end, fields = {
      { to = "番号", value = "30" },
      { to = "負担者番号", max_chars = 20, with = function(_, rec)
        return text.wide(payer_number(public(rec, false, 1)))
      end },
      { to = "受給者番号", max_chars = 20, with = function(_, rec)
        return text.wide(recipient_number(public(rec, false, 1)))
      end },
    } },

    { to = "31", each = "records", when = function(rec) return is_main(rec) and receipt_type(rec) ~= nil end, fields = {
      { to = "番号", value = "31" },
      { to = "レセプト種別", with = function(_, rec) return receipt_type(rec) end },
    } },
  },
}
