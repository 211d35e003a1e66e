-- 特定健診の決済XML（cc08）。資格確認の回答から書けるのは受診者（subjectPerson）だけです。
-- 健診機関、受診券、決済の欄は回答にないので、下の設定から書きます。
-- Only subjectPerson comes from an eligibility answer. The facility, the ticket and the settlement are settings.

-- ---- 設定 / settings ------------------------------------------------------------------------------------------
-- ここは全部、**見本**です（都道府県99、2099年12月31日、0円）。見本のまま実在の保険者の人を渡そうとすると止まります。
-- All of these are samples. A real insurer's person is refused as long as one of them still stands in the document.

-- 健診機関の番号、10桁。
-- The facility's number of 10 digits.
local FACILITY = "9919999999"

-- 決済の欄の見本：実施区分、請求区分、委託料単価区分、単価・窓口負担・請求の合計（円）。健診ソフトが決済の欄を作るなら nil。
-- nil のときは、受診者（subjectPerson）だけを一番外の要素にして書きます。
-- Sample settlement, without which the schema takes no document. nil writes subjectPerson alone, for hosts that build the rest.
local CLAIM = {
  service = "1", claim = "1", commission = "1", unit_amount = "0", payment_amount = "0", claim_amount = "0",
}

-- 受診券：整理番号11桁、有効期限。nil なら checkupCard は空。CLAIM が nil なら使いません。
-- The ticket: 11 digits and its last day; nil leaves checkupCard empty. Not used when CLAIM is nil.
local TICKET = { number = "99000000001", valid_until = "2099-12-31" }

-- 資格が有効でない回答では止まるか。
-- Whether an answer without a valid entitlement stops.
local STOP_WHEN_NOT_VALID = true

-- ---- 符号の体系 / code systems ------------------------------------------------------------------------------

local OID = "1.2.392.200119.6."

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

local function insured(rec) -- 医療保険の記録 / the insurance's record
  for _, one in ipairs(rec.records) do
    if is_used(one) then
      return one
    end
  end
  return rec
end

local function has_symbol(rec)
  return filled(rec.symbol) and filled(text.wide_plain(rec.symbol)) and not is_late_elderly(rec)
end

local function has_branch(rec)
  return filled(text.branch2(rec.branch_number)) and not is_late_elderly(rec)
end

-- 横線と波線はWindowsの字に / minus and wave dash as Windows has them
local function windows(value)
  return text.replace(text.replace(text.replace(value, "−", "－"), "–", "－"), "〜", "～")
end

local function plain(value) -- 全角、空白なし / full width without spaces
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

-- ---- 点検：スキーマが見ないところ / what the schema does not see ------------------------------------------------

local PERSON = CLAIM ~= nil and "subjectPerson/" or ""
local CARD = PERSON .. "insuranceCard[1]/"
local PROVIDER = PERSON .. "performerOrganization/id/@extension"
local TICKET_ID = "checkupCard/id/@extension"
local MISSING = "[●〓■□]" -- 送れなかった字の印 / marks for characters that could not be sent

local function is_sample(number) -- 都道府県番号99はない / prefecture 99 does not exist
  return (text.count(number) == 8 and string.sub(number, 3, 4) or string.sub(number, 1, 2)) == "99"
end

local function is_wide(value) -- 半角の字がない / nothing of half width
  return filled(value) and not text.match(value, "[ -~｡-ﾟ]")
end

-- 見本のままの設定 / a setting that is still the sample
local function sample_setting()
  if text.match(FACILITY, "^99") then
    return PROVIDER
  elseif CLAIM ~= nil and CLAIM.claim_amount == "0" and CLAIM.unit_amount == "0" then
    return "settlement/unitAmount/@value"
  elseif CLAIM ~= nil and TICKET ~= nil and (text.match(TICKET.number, "^99") or TICKET.valid_until == "2099-12-31") then
    return TICKET_ID
  end
  return nil
end

local function check_person(out)
  for _, field in ipairs({ CARD .. "symbol/@extension", CARD .. "number/@extension" }) do
    if filled(out[field]) and (not is_wide(out[field]) or text.match(out[field], MISSING)) then
      return field
    end
  end
  local branch, where = out[CARD .. "branchCode/@extension"], out[PERSON .. "addr/text()"]
  if filled(branch) and not text.match(branch, "^%d%d$") then
    return CARD .. "branchCode/@extension"
  elseif not is_wide(where) or text.match(where, MISSING) then
    return PERSON .. "addr/text()"
  elseif not text.match(out[PERSON .. "addr/postalCode"], "^%d%d%d%-%d%d%d%d$") then
    return PERSON .. "addr/postalCode"
  elseif not text.match(out[PERSON .. "name"], "^[ァ-ヺー・ヽヾ゛゜　]+$") then
    return PERSON .. "name"
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
    return CARD .. "insurerNumber/@extension"
  elseif not text.match(out[PROVIDER], "^%d%d%d%d%d%d%d%d%d%d$") then
    return PROVIDER
  elseif filled(out[TICKET_ID]) and not text.match(out[TICKET_ID], "^%d%d%d%d%d%d%d%d%d%d%d$") then
    return TICKET_ID
  end
  return check_person(out) or (not is_sample(number) and sample_setting() or nil)
end

-- ---- 文書 / the document ---------------------------------------------------------------------------------------

local claim, ticket = CLAIM or {}, TICKET or {}

local function has_claim()
  return CLAIM ~= nil
end

local function has_ticket()
  return CLAIM ~= nil and TICKET ~= nil
end

local function has_no_ticket()
  return CLAIM ~= nil and TICKET == nil
end

return {
  contract = 1,
  id = "tokutei-kenshin-claim",
  format = "xml",
  encoding = "utf-8",
  per = "answer", -- 医療扶助の記録もある回答で、医療保険だけを書く / writes the insurance of an answer that also has medical aid
  adapter = "folder",
  root = CLAIM ~= nil and "checkupClaim" or "subjectPerson",

  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "insurer_number", "symbol", "number",
    "branch_number", "name_kana", "birth_date", "postal_code", "address",
    "derived.is_medical_aid", "derived.sex", "derived.not_covering_date",
  },

  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    return string.format("kessai_%s_%s.xml", day or "0", text.file_safe(text.first(rec.file_identifier, time, "app")))
  end,

  check = check,

  fields = {
    { to = "@xmlns", value = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html" },
    { to = "encounter/serviceEventType/@code", when = has_claim, value = claim.service or "" },

    -- 受診者。順番は生年月日、性別で、hc08 とは逆です / the person; birthTime stands first, unlike in hc08
    { to = CLAIM ~= nil and "subjectPerson" or nil, fields = {
      { to = "performerOrganization/id/@root", value = OID .. "102" },
      { to = "performerOrganization/id/@extension", value = FACILITY },
      { to = "insuranceCard", each = "records", when = is_used, fields = {
        { to = "insurerNumber/@root", value = OID .. "101" },
        { to = "insurerNumber/@extension", from = "insurer_number", as = "insurer:zero", required = true, max_chars = 8 },
        { to = "symbol", when = has_symbol, fields = {
          { to = "@root", value = OID .. "204" },
          { to = "@extension", from = "symbol", with = plain, max_chars = 20 },
        } },
        { to = "number/@root", value = OID .. "205" },
        { to = "number/@extension", from = "number", with = plain, required = true, max_chars = 20 },
        { to = "branchCode", when = has_branch, fields = {
          { to = "@root", value = OID .. "211" },
          { to = "@extension", from = "branch_number", as = "branch2" },
        } },
      } },
      { to = "name", from = "name_kana", required = true, with = function(_, rec) return kana(insured(rec).name_kana) end },
      { to = "addr/postalCode", from = "postal_code", required = true, with = function(_, rec)
        return text.postal_hyphen(insured(rec).postal_code)
      end },
      -- 全角だけなので、40字がシフトJISの80バイト / full width only: 40 characters are 80 bytes of Shift_JIS
      { to = "addr/text()", from = "address", required = true, max_chars = 40, with = function(_, rec)
        return address(insured(rec).address)
      end },
      { to = "birthTime/@value", from = "birth_date", required = true, with = function(_, rec)
        return text.date(insured(rec).birth_date, "YYYYMMDD")
      end },
      { to = "administrativeGender/@code", from = "derived.sex", required = true, with = function(_, rec)
        return text.sex12(insured(rec).derived.sex)
      end },
    } },

    -- 受診券 / the ticket
    { to = "checkupCard", when = has_no_ticket, value = "" },
    { to = "checkupCard", when = has_ticket, fields = {
      { to = "id/@root", value = OID .. "209" },
      { to = "id/@extension", value = ticket.number or "" },
      { to = "effectiveTime/high/@value", with = function() return text.date(ticket.valid_until, "YYYYMMDD") end },
    } },

    -- 決済 / the settlement
    { to = "settlement", when = has_claim, fields = {
      { to = "claimType/@code", value = claim.claim or "" },
      { to = "commissionType/@code", value = claim.commission or "" },
      { to = "unitAmount/@value", value = claim.unit_amount or "" },
      { to = "paymentAmount/@value", value = claim.payment_amount or "" },
      { to = "claimAmount/@value", value = claim.claim_amount or "" },
    } },
  },
}
