-- 特定健診XML（hc08）。資格確認の回答から書けるのは受診者（recordTarget）と、受診券（participant）の保険者番号だけです。
-- 健診機関、日付、受診券の番号と期限は回答にないので、下の設定から書きます。検査・問診結果の区画は空です。
-- Only the person and the insurer of the ticket come from an eligibility answer. The facility, the dates and the ticket
-- are settings; the section of results is empty.

-- ---- 設定 / settings ------------------------------------------------------------------------------------------
-- ここは全部、**見本**です（都道府県99、2099年12月31日、99で始まる整理番号）。見本のまま実在の保険者の人を渡そうとすると止まります。
-- All of these are samples. A real insurer's person is refused as long as one of them still stands here.

-- 健診機関（作成者と実施者）。番号は10桁、住所は全角。
-- The facility that examines and writes. 10 digits; the address in full width.
local FACILITY = {
  number = "9919999999", name = "見本健診センター", phone = "0000000000",
  postal = "000-0000", address = "見本県見本市見本町４－５－６",
}

-- 文書の作成日。nil なら資格確認日。
-- The day the document is made; nil: the day the answer speaks of.
local MADE = "2099-12-31"

-- 健診の実施日。nil なら書かない（取り込む側で入れる）。
-- The day of the checkup; nil leaves it to the host.
local DONE = "2099-12-31"

-- 受診券：種別 1 受診券、2 利用券、整理番号11桁、有効期限。nil なら participant を書かない（取り込む側で入れる）。
-- The ticket: 1 受診券 or 2 利用券, 11 digits, last day; nil leaves the participant to the host.
local TICKET = { kind = "1", number = "99000000001", valid_until = "2099-12-31" }

-- 報告区分。10 は特定健診。
-- What is reported; 10 is 特定健診.
local REPORT = "10"

-- 資格が有効でない回答では止まるか。
-- Whether an answer without a valid entitlement stops.
local STOP_WHEN_NOT_VALID = true

-- ---- 符号の体系 / code systems ------------------------------------------------------------------------------

local OID = "1.2.392.200119.6."
local INSURER, FACILITIES, SYMBOL, NUMBER, BRANCH = OID .. "101", OID .. "102", OID .. "204", OID .. "205", OID .. "211"
local TICKETS = { ["1"] = OID .. "209.1", ["2"] = OID .. "210.1" }

-- ---- 変換 / conversion ----------------------------------------------------------------------------------------

local function filled(value)
  return value ~= nil and value ~= ""
end

local function is_insurance(rec) -- 医療扶助の人は特定健診の対象ではない / not for medical aid
  return rec.derived.is_medical_aid ~= "1"
end

local function covers(rec) -- 資格確認日に及ぶ / covers the day of confirmation
  return rec.derived.not_covering_date ~= "1"
end

local function any_covers(rec) -- 医療保険のうちで / among the insurances
  for _, one in ipairs(rec.records) do
    if is_insurance(one) and covers(one) then
      return true
    end
  end
  return false
end

-- 喪失した保険は、及ぶ保険が並んでいれば書かない。一つも及ばなければ点検で止まる。
-- A lost insurance is left out beside one that covers the day; where none does, the last look stops.
local function is_used(rec)
  return is_insurance(rec) and (covers(rec) or not any_covers(rec))
end

local function is_late_elderly(rec) -- 後期高齢者に記号と枝番はない / 39 has neither 記号 nor 枝番
  return text.law(rec.insurer_number) == "39"
end

local function has_symbol(rec)
  return filled(rec.symbol) and filled(text.wide_plain(rec.symbol)) and not is_late_elderly(rec)
end

local function has_branch(rec)
  return filled(text.branch2(rec.branch_number)) and not is_late_elderly(rec)
end

-- 全角、空白なし。横線と波線はWindowsの字に。
-- Full width without spaces; minus and wave dash as Windows has them.
local function windows(value)
  return text.replace(text.replace(text.replace(value, "−", "－"), "–", "－"), "〜", "～")
end

local function plain(value)
  return filled(value) and windows(text.wide_plain(value)) or nil
end

local function address(value)
  return filled(value) and windows(text.trim(text.wide(value))) or nil
end

-- 全角カナ、続いた空白は1つに / full-width kana, one space between the parts
local function kana(value)
  if not filled(value) then
    return nil
  end
  local name = text.trim(text.kana_full(value))
  while text.count(text.replace(name, "　　", "　")) < text.count(name) do
    name = text.replace(name, "　　", "　")
  end
  return name
end

local function day(value)
  return text.date(value, "YYYYMMDD")
end

local function made(_, rec)
  return day(text.first(MADE, rec.confirmation_date, rec.processed_at))
end

local function has_ticket(rec)
  return TICKET ~= nil and is_used(rec)
end

local function ticket_root(_, rec)
  return TICKETS[TICKET.kind] .. text.insurer(rec.insurer_number, "zero")
end

-- ---- 点検：スキーマが見ないところ / what the schema does not see ------------------------------------------------

local PERSON = "recordTarget[1]/patientRole"
local AUTHOR = "author/assignedAuthor/representedOrganization"
local PERFORMER = "documentationOf/serviceEvent/performer/assignedEntity/representedOrganization"
local HOLDER = "participant[1]"

local MISSING = "[●〓■□]" -- 送れなかった字の印 / marks for characters that could not be sent

local function is_sample(number) -- 都道府県番号99はない / prefecture 99 does not exist
  return (text.count(number) == 8 and string.sub(number, 3, 4) or string.sub(number, 1, 2)) == "99"
end

local function is_wide(value) -- 半角の字がない / nothing of half width
  return filled(value) and not text.match(value, "[ -~｡-ﾟ]")
end

local function fits(out, field, pattern)
  return not filled(out[field]) or text.match(out[field], pattern) ~= nil
end

-- 見本のままの設定 / a setting that is still the sample
local function sample_setting(out)
  if text.match(FACILITY.number, "^99") or FACILITY.name == "見本健診センター" or FACILITY.phone == "0000000000"
      or FACILITY.postal == "000-0000" then
    return AUTHOR .. "/id/@extension"
  elseif MADE == "2099-12-31" then
    return "effectiveTime/@value"
  elseif DONE == "2099-12-31" then
    return "documentationOf/serviceEvent/effectiveTime/@value"
  elseif TICKET ~= nil and (text.match(TICKET.number, "^99") or TICKET.valid_until == "2099-12-31") then
    return HOLDER .. "/associatedEntity/id/@extension"
  end
  return nil
end

local function check_facility(out, place)
  if not text.match(out[place .. "/id/@extension"], "^%d%d%d%d%d%d%d%d%d%d$") then
    return place .. "/id/@extension"
  elseif not text.match(out[place .. "/addr/postalCode"], "^%d%d%d%-%d%d%d%d$") then
    return place .. "/addr/postalCode"
  elseif not is_wide(out[place .. "/addr/text()"]) then
    return place .. "/addr/text()"
  elseif not text.match(out[place .. "/telecom/@value"], "^tel:[0-9-]+$") then
    return place .. "/telecom/@value"
  end
  return nil
end

local function check_person(out)
  for _, id in ipairs({ "/id[2]/@extension", "/id[3]/@extension" }) do
    local value = out[PERSON .. id]
    if filled(value) and (not is_wide(value) or text.match(value, MISSING)) then
      return PERSON .. id
    end
  end
  local where = out[PERSON .. "/addr/text()"]
  if not is_wide(where) or text.match(where, MISSING) then
    return PERSON .. "/addr/text()"
  elseif not text.match(out[PERSON .. "/addr/postalCode"], "^%d%d%d%-%d%d%d%d$") then
    return PERSON .. "/addr/postalCode"
  elseif not fits(out, PERSON .. "/id[4]/@extension", "^%d%d$") then
    return PERSON .. "/id[4]/@extension"
  elseif not fits(out, PERSON .. "/patient/name", "^[ァ-ヺー・ヽヾ゛゜　]+$") then
    return PERSON .. "/patient/name"
  end
  return nil
end

-- 資格有効性が有効でも、日付が及ばなければ有効ではない / valid by its code is not enough, the dates must cover the day
local function not_valid(rec)
  local refused = filled(rec.validity) and rec.validity ~= "1" and rec.validity ~= "6"
  return refused or not any_covers(rec)
end

-- 00 で始まる6桁は、4桁の番号に0を足したもの / six digits that begin with 00 are four, padded with zeros
local function is_insurer(number)
  local digits = text.count(number or "")
  return digits == 8 or (digits == 6 and not text.match(number, "^00"))
end

local function check(out, rec)
  local insurances, number = 0, nil
  for _, one in ipairs(rec.records) do
    if is_used(one) then
      insurances, number = insurances + 1, text.insurer(one.insurer_number, "bare")
    end
  end
  if insurances ~= 1 or not is_insurer(number) or (STOP_WHEN_NOT_VALID and not_valid(rec)) then
    return PERSON .. "/id[1]/@extension"
  elseif not fits(out, HOLDER .. "/associatedEntity/id/@extension", "^%d%d%d%d%d%d%d%d%d%d%d$") then
    return HOLDER .. "/associatedEntity/id/@extension"
  end
  return check_person(out) or check_facility(out, AUTHOR) or check_facility(out, PERFORMER)
    or (not is_sample(number) and sample_setting(out) or nil)
end

-- ---- 文書 / the document ---------------------------------------------------------------------------------------

local function facility(place)
  return { to = place, fields = {
    { to = "id/@root", value = FACILITIES },
    { to = "id/@extension", value = FACILITY.number },
    { to = "name", value = FACILITY.name },
    { to = "telecom/@value", value = "tel:" .. FACILITY.phone },
    { to = "addr/postalCode", value = FACILITY.postal },
    { to = "addr/text()", value = FACILITY.address, max_chars = 40 },
  } }
end

return {
  contract = 1,
  id = "tokutei-kenshin",
  format = "xml",
  encoding = "utf-8",
  per = "answer", -- 医療扶助の記録もある回答で、医療保険だけを書く / writes the insurance of an answer that also has medical aid
  adapter = "folder",
  root = "ClinicalDocument",

  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "insurer_number", "symbol", "number",
    "branch_number", "name_kana", "birth_date", "postal_code", "address",
    "derived.is_medical_aid", "derived.sex", "derived.not_covering_date",
  },

  file = function(rec)
    local date = day(text.first(rec.confirmation_date, rec.processed_at))
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    return string.format("kenshin_%s_%s.xml", date or "0", text.file_safe(text.first(rec.file_identifier, time, "app")))
  end,

  check = check,

  fields = {
    { to = "@xmlns", value = "urn:hl7-org:v3" },
    { to = "typeId/@root", value = "2.16.840.1.113883.1.3" },
    { to = "typeId/@extension", value = "POCD_HD000040" },
    { to = "id/@nullFlavor", value = "NI" },
    { to = "code/@code", value = REPORT },
    { to = "code/@codeSystem", value = OID .. "1001" },
    { to = "effectiveTime/@value", with = made, required = true },
    { to = "confidentialityCode/@code", value = "N" },

    -- 受診者 / the person
    { to = "recordTarget", each = "records", when = is_used, fields = {
      { to = "patientRole/id[1]", fields = {
        { to = "@root", value = INSURER },
        { to = "@extension", from = "insurer_number", as = "insurer:zero", required = true, max_chars = 8 },
      } },
      { to = "patientRole/id[2]", when = has_symbol, fields = {
        { to = "@root", value = SYMBOL },
        { to = "@extension", from = "symbol", with = plain, max_chars = 20 },
      } },
      { to = "patientRole/id[3]", fields = {
        { to = "@root", value = NUMBER },
        { to = "@extension", from = "number", with = plain, required = true, max_chars = 20 },
      } },
      { to = "patientRole/id[4]", when = has_branch, fields = {
        { to = "@root", value = BRANCH },
        { to = "@extension", from = "branch_number", as = "branch2" },
      } },
      { to = "patientRole/addr/postalCode", from = "postal_code", as = "postal_hyphen", required = true },
      -- 全角だけなので、40字がシフトJISの80バイト / full width only: 40 characters are 80 bytes of Shift_JIS
      { to = "patientRole/addr/text()", from = "address", with = address, required = true, max_chars = 40 },
      { to = "patientRole/patient", fields = {
        { to = "name", from = "name_kana", with = kana, required = true },
        { to = "administrativeGenderCode/@code", from = "derived.sex", as = "sex12", required = true },
        { to = "administrativeGenderCode/@codeSystem", value = OID .. "1104" },
        { to = "birthTime/@value", from = "birth_date", as = "date:YYYYMMDD", required = true },
      } },
    } },

    -- 作成者 / the author
    { to = "author/time/@value", with = made },
    { to = "author/assignedAuthor/id/@nullFlavor", value = "NI" },
    facility(AUTHOR),
    { to = "custodian/assignedCustodian/representedCustodianOrganization/id/@nullFlavor", value = "NI" },

    -- 受診券 / the ticket
    { to = "participant", each = "records", when = has_ticket, fields = {
      { to = "@typeCode", value = "HLD" },
      { to = "functionCode/@code", with = function() return TICKET.kind end },
      { to = "functionCode/@codeSystem", value = OID .. "208" },
      { to = "time/high/@value", with = function() return day(TICKET.valid_until) end },
      { to = "associatedEntity/@classCode", value = "IDENT" },
      { to = "associatedEntity/id/@root", with = ticket_root },
      { to = "associatedEntity/id/@extension", with = function() return TICKET.number end },
      { to = "associatedEntity/scopingOrganization/id/@root", value = INSURER },
      { to = "associatedEntity/scopingOrganization/id/@extension", from = "insurer_number", as = "insurer:zero" },
    } },

    -- 健診の実施 / the checkup
    { to = "documentationOf/serviceEvent/code/@code", value = "010" },
    { to = "documentationOf/serviceEvent/code/@codeSystem", value = OID .. "1002" },
    { to = "documentationOf/serviceEvent/effectiveTime/@value", with = function() return day(DONE) end },
    { to = "documentationOf/serviceEvent/performer/@typeCode", value = "PRF" },
    { to = "documentationOf/serviceEvent/performer/assignedEntity/id/@nullFlavor", value = "NI" },
    facility(PERFORMER),

    -- 検査・問診結果：中身は取り込む側で入れる / the results are the host's
    { to = "component/structuredBody/component/section/code/@code", value = "01010" },
    { to = "component/structuredBody/component/section/code/@codeSystem", value = OID .. "1010" },
    { to = "component/structuredBody/component/section/code/@displayName", value = "検査・問診結果" },
    { to = "component/structuredBody/component/section/title", value = "検査・問診結果" },
  },
}
