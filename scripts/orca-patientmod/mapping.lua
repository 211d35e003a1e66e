-- 日医標準レセプトソフト（日レセ、ORCA）の患者登録（/orca12/patientmodv2?class=01）に送る本文を作ります。
-- 1つの回答から1つの本文：患者、医療保険1つ、公費（医療扶助）4つまで。
-- Makes the body of the patient registration of ORCA (class=01): one request of one answer, with the patient, one
-- insurance and up to four 公費 (medical aid).
--
-- 直してよい所：すぐ下の「設定」。行を足す、消すなどは、医院の変更ファイル(overlay)でもできます。README.md を読んでください。
-- What to change: the settings below. README.md tells what each element is made of.

---------------------------------------------------------------------------------------------------------------------
-- 設定 / Settings
---------------------------------------------------------------------------------------------------------------------

-- 患者番号。"*" は自動採番で、患者番号の構成が「標準構成」のときだけ使えます。"照会番号" にすると、回答の照会番号を使います
-- （なければ止まります）。
-- "*" lets ORCA number the patient, which only the standard layout of numbers (標準構成) can; "照会番号" takes the
-- institution's own number from the answer and stops without one.
local PATIENT_NUMBER = "*"

-- 氏名に使うもの。"券面" は氏名、"通称" は氏名（その他）があればそれ。
-- "券面": the name; "通称": the other name where there is one.
local NAME_FROM = "券面"

-- 氏名に ● などの代わりの字があるとき。"止める" か "送る"。送ると、その字のまま登録されます。
-- A name with a mark for a character that could not be sent: stop, or send it as it is.
local MISSING_CHARACTER = "止める"

-- 氏名・カナ氏名の上限（全角の字数）。超えると止まります。日レセの氏名は25字（項目の長さ100は1字を4と数えた25字）とみています。
-- 項目の長さが許すとき（2バイトと数えて50字）まで送るには 50 にします。
-- Full-width characters of a name; longer stops. 25 is taken for what ORCA keeps: its 100 bytes are 25 characters of 4. `?`
local NAME_MOST = 25

-- 住所と郵便番号を送る。送らないときは false。
-- Send address and postal code.
local SEND_ADDRESS = true

-- 枝番を送る。2020-04-22 より前の日レセにはない項目です。
-- Send the branch number; ORCA before 2020-04-22 does not know it.
local SEND_BRANCH = true

-- 保険の種類（060 など）を送る。日レセは保険者番号から自分で決めるので、ふつうはいりません。
-- Send the class of insurance. ORCA finds it by the number itself.
local SEND_CLASS = false

-- 補助区分（負担割合）を、回答に割合がある70歳以上の方だけ送る。番号は日レセのマスター（insuranceinf1v2）で確かめてから true に
-- してください。送らないときは日レセが決めます。高齢者負担割（Rate_Class）は送りません。
-- Send the share of those from 70 on whose answer states it, by the table below; check the codes against insuranceinf1v2
-- first. Rate_Class is never sent.
local SEND_ASSISTANCE = false
local ASSISTANCE = {
  ["国保"] = { [10] = "1", [20] = "2", [30] = "3" },
  ["社保"] = { [10] = "9", [20] = "8", [30] = "7" },
  ["後期"] = { [10] = "1", [30] = "3" }, -- 2割の番号は確かめられていません / 2割 is unconfirmed
}

-- 医療扶助の期間。"医療券" は資格確認日を含む医療券の期間（なければ資格の期間）、"資格" は資格取得年月日から。
-- The period of medical aid: of the ticket that covers the confirmation date, or of the entitlement.
local AID_PERIOD = "医療券"

-- 日レセの漢字の範囲。ここにない字は、日レセでは ■ になります。新しい日レセで髙・﨑なども使えるなら "cp932" にします。
-- What ORCA can keep; other characters become ■ there. "cp932" for one that knows 髙 and 﨑. `?`
local REPERTOIRE = "jis-x-0208"

---------------------------------------------------------------------------------------------------------------------
-- 記録の選び方 / Which records
---------------------------------------------------------------------------------------------------------------------

local PERSON = "patientmodreq/"
local CARD = "patientmodreq/HealthInsurance_Information[1]/"

local function public(number)
  return CARD .. "PublicInsurance_Information/PublicInsurance_Information_child[" .. number .. "]/"
end

local function is_aid(rec)
  return rec.derived.is_medical_aid == "1"
end

-- 有効でないと分かっている資格、資格確認日に及ばない資格は送りません。有効かどうかが書かれていない回答（アプリの内容）は送ります。
-- An entitlement that is known not to be valid, or does not cover the day, is not sent; one that says nothing is.
local function is_usable(rec)
  local validity = text.first(rec.validity)
  local valid = validity == nil or validity == "1" or (validity == "6" and is_aid(rec))
  return valid and rec.derived.not_covering_date ~= "1"
end

local function any_usable(rec)
  for _, one in ipairs(rec.records) do
    if is_usable(one) then
      return true
    end
  end
  return false
end

-- 1つも使えないときは、点検(check)で止めるために、どれも選びます。
-- When none can be used all are taken, and the check stops.
local function is_taken(rec)
  return is_usable(rec) or not any_usable(rec)
end

local function insurance(rec)
  for _, one in ipairs(rec.records) do
    if not is_aid(one) and is_taken(one) then
      return one
    end
  end
  return nil
end

-- 使える医療保険の数。2つ以上なら、どちらを送るか決められないので、点検(check)で止めます。
-- How many insurances can be used; which of several is meant cannot be told, and the check stops.
local function count_usable_insurance(rec)
  local n = 0
  for _, one in ipairs(rec.records) do
    n = n + ((not is_aid(one) and is_usable(one)) and 1 or 0)
  end
  return n
end

local function is_the_insurance(rec)
  local one = insurance(rec)
  return one ~= nil and one.record_index == rec.record_index
end

local function is_taken_aid(rec)
  return is_aid(rec) and is_taken(rec)
end

local function count_aid(rec)
  local n = 0
  for _, one in ipairs(rec.records) do
    n = n + (is_taken_aid(one) and 1 or 0)
  end
  return n
end

---------------------------------------------------------------------------------------------------------------------
-- 値の作り方 / Values
---------------------------------------------------------------------------------------------------------------------

local function patient_number(_, rec)
  if PATIENT_NUMBER == "照会番号" then
    return text.first(rec.reference_number)
  end
  return PATIENT_NUMBER
end

local function uses_other_name(rec)
  return NAME_FROM == "通称" and text.first(rec.name_other) ~= nil
end

local function name(value, rec)
  return text.wide(uses_other_name(rec) and rec.name_other or value)
end

-- 通称を使うときのカナは、通称のカナだけです。
-- With the other name only its own kana.
local function kana(value, rec)
  if uses_other_name(rec) then
    value = rec.name_other_kana
  end
  return text.kana_full(value)
end

local function has_missing_character(rec)
  if uses_other_name(rec) then
    return rec.derived.name_other_has_missing_character == "1"
  end
  return rec.derived.name_has_missing_character == "1"
end

-- 50字を超える住所は、超えた分を「番地番号」に送ります。失われる字はありません。
-- What is longer than 50 characters goes on in the second element; nothing is lost.
local ADDRESS_MOST = 50

local function address_head(value)
  return text.first(text.cut(text.wide(value), ADDRESS_MOST))
end

local function address_tail(value)
  local whole = text.wide(value)
  return whole and text.first(string.sub(whole, #text.cut(whole, ADDRESS_MOST) + 1))
end

-- 後期高齢者：記号、枝番、本人家族は送りません。
-- 後期: neither 記号, 枝番 nor 本人・家族.
local function is_late_elderly(rec)
  return rec.derived.law_number == "39"
end

local function unless_late_elderly(value, rec)
  if is_late_elderly(rec) then
    return nil
  end
  return text.first(value)
end

local function wide_plain(value)
  return text.first(text.wide_plain(value))
end

local function symbol(value, rec)
  return wide_plain(unless_late_elderly(value, rec))
end

local function branch(value, rec)
  return SEND_BRANCH and text.branch2(text.narrow(unless_late_elderly(value, rec))) or nil
end

local function relation(value, rec)
  return text.relation12(unless_late_elderly(value, rec))
end

-- 保険の種類：国保 060、協会けんぽ 009、ほかは 0 と法別番号。
-- The class: 060 for 国保, 009 for 協会けんぽ, else 0 and the 法別番号.
local function class(_, rec)
  local law = text.first(rec.derived.law_number)
  if not SEND_CLASS or law == nil then
    return nil
  end
  local special = { ["00"] = "060", ["01"] = "009" }
  return special[law] or "0" .. law
end

-- 割合は 10、20、30 だけです。000 など、ほかの値は書かれていないものとします。
-- A share is 10, 20 or 30; anything else, as 000, counts as not stated.
local SHARES = { [10] = 10, [20] = 20, [30] = 30 }

local function assistance(_, rec)
  local percent = SHARES[rec.burden_percent or 0] or SHARES[rec.elderly.burden_percent or 0]
  local group = "社保"
  if is_late_elderly(rec) then
    group = "後期"
  elseif rec.derived.law_number == "00" then
    group = "国保"
  end
  return SEND_ASSISTANCE and ASSISTANCE[group][percent or 0] or nil
end

-- 被保険者名は任意の項目で、全角25字までです。超えるとき、● があるときは送りません（患者の氏名のように止めることはしません）。
-- The insured person's name need not be there and has 25 characters at most: longer or with ● it is left out.
local INSURED_NAME_MOST = 25

local function insured_name(value, rec)
  local wide = text.wide(text.first(value))
  if wide == nil or text.count(wide) > INSURED_NAME_MOST or rec.derived.insured_name_has_missing_character == "1" then
    return nil
  end
  return wide
end

-- 前の日 / The day before
local function day_before(date)
  local year, month, day = text.match(date, "^(%d+)-(%d+)-(%d+)$")
  year, month, day = tonumber(year), tonumber(month), tonumber(day) - 1
  if day == 0 then
    month = month - 1
    if month == 0 then
      year, month = year - 1, 12
    end
    local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
    day = ({ 31, leap and 29 or 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 })[month]
  end
  return string.format("%d-%s-%s", year, text.pad(tostring(month), 2, "0", "right"), text.pad(tostring(day), 2, "0", "right"))
end

-- 始まり：有効開始、なければ資格取得。終わり：有効終了。喪失が先に決まっているときは、その前の日。終わりがなければ送りません
-- （日レセでは 9999-12-31）。
-- From the first day of validity, else of the entitlement. To the last day of validity, or the day before a loss.
local function first_day(value, rec)
  return text.first(value, rec.qualification_date)
end

local function last_day(value, rec)
  local last, loss = text.first(value), text.first(rec.disqualification_date)
  if loss then
    loss = day_before(loss)
    last = (last == nil or loss < last) and loss or last
  end
  return last
end

-- 資格確認日を含む医療券 / The ticket that covers the confirmation date
local function ticket(rec)
  local today = text.first(rec.confirmation_date)
  for _, one in ipairs(rec.medical_aid.tickets) do
    local from, to = text.first(one.valid_from), text.first(one.valid_until)
    if AID_PERIOD == "医療券" and one.ticket_type == "01" and today and from and from <= today and (to == nil or today <= to) then
      return one
    end
  end
  return nil
end

local function aid_first_day(value, rec)
  local one = ticket(rec)
  return one and text.first(one.valid_from) or first_day(value, rec)
end

local function aid_last_day(value, rec)
  local one = ticket(rec)
  if one then
    return text.first(one.valid_until)
  end
  return last_day(value, rec)
end

local function payer_number(value, rec)
  return text.insurer(text.first(value, rec.medical_aid.payer_number), "bare")
end

local function recipient_number(value, rec)
  return text.narrow(text.first(value, rec.medical_aid.recipient_number))
end

---------------------------------------------------------------------------------------------------------------------
-- 点検：日レセの画面と同じ理由で止めます / The checks that ORCA's own screen makes
---------------------------------------------------------------------------------------------------------------------

local function check_insurance(out, one, count)
  local number = out[CARD .. "InsuranceProvider_Number"]
  if count == 0 then
    return CARD .. "Certificate_ExpiredDate"
  end
  if count > 1 then
    return CARD .. "InsuranceProvider_Number"
  end
  if #number ~= 4 and #number ~= 6 and #number ~= 8 then
    return CARD .. "InsuranceProvider_Number"
  end
  -- 00 で始まる6桁：4桁の番号に 0 を詰めたもので、国保と読まれてしまいます（都道府県番号に 00 はありません）。
  -- Six digits from 00: a number of four filled up with zeros, which would be read as 国保 (there is no prefecture 00).
  if #number == 6 and string.sub(number, 1, 2) == "00" then
    return CARD .. "InsuranceProvider_Number"
  end
  -- 特別療養費：番号だけでは、ふつうの保険として登録されてしまいます。 / 特別療養費 would become an ordinary insurance.
  if one.card_class == "05" then
    return CARD .. "InsuranceProvider_Class"
  end
  -- 65歳以上の退職国保 / 退職国保 from 65 on
  if one.derived.law_number == "67" and (one.derived.age or 0) >= 65 then
    return CARD .. "InsuranceProvider_Number"
  end
  local first, last = out[CARD .. "Certificate_StartDate"], out[CARD .. "Certificate_ExpiredDate"]
  if first and last and first > last then
    return CARD .. "Certificate_StartDate"
  end
end

local function check_aid(out, place, rec)
  if #out[place .. "PublicInsurer_Number"] ~= 8 then
    return place .. "PublicInsurer_Number"
  end
  if not text.match(out[place .. "PublicInsuredPerson_Number"], "^%d%d%d%d%d%d%d$") then
    return place .. "PublicInsuredPerson_Number"
  end
  return not any_usable(rec) and place .. "Certificate_ExpiredDate" or nil
end

local function check(out, rec)
  if has_missing_character(rec) and MISSING_CHARACTER ~= "送る" then
    return PERSON .. "WholeName"
  end
  if not text.match(out[PERSON .. "WholeName_inKana"], "^[ァ-ヶー・ヽヾ゛゜　]+$") then
    return PERSON .. "WholeName_inKana"
  end
  local today = text.first(rec.confirmation_date)
  if today and rec.birth_date > today then
    return PERSON .. "BirthDate"
  end
  for number = 1, count_aid(rec) do
    local wrong = check_aid(out, public(number), rec)
    if wrong or number > 4 then
      return wrong or public(number) .. "PublicInsurer_Number"
    end
  end
  local one = insurance(rec)
  return one and check_insurance(out, one, count_usable_insurance(rec)) or nil
end

---------------------------------------------------------------------------------------------------------------------

return {
  contract = 1,
  id = "orca-patientmod",
  format = "xml",
  encoding = "utf-8",
  newline = "lf",
  root = "data",
  leaf_attribute = { "type", "string" },
  group_attribute = { "type", "record" },
  adapter = "orca",
  per = "answer",
  repertoire = REPERTOIRE,
  unmappable = "stop",

  -- 日レセにない字のうち、置きかえてよいもの（使えば必ず報告されます）。ここにない字は止まります。
  -- What may stand for a character that ORCA lacks; every use is reported. Others stop.
  substitute = {
    ["𠮷"] = "吉", ["髙"] = "高", ["﨑"] = "崎", ["德"] = "徳", ["濵"] = "浜", ["栁"] = "柳", ["增"] = "増", ["寬"] = "寛",
    ["桒"] = "桑", ["淸"] = "清", ["黑"] = "黒", ["瀨"] = "瀬", ["緖"] = "緒", ["郞"] = "郎", ["曻"] = "昇", ["＇"] = "’",
  },

  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "reference_number", "name", "name_kana", "name_other",
    "name_other_kana", "birth_date", "postal_code", "address", "card_class", "insurer_number", "symbol", "number",
    "branch_number", "relation", "insured_name", "qualification_date", "disqualification_date", "valid_from", "valid_until",
    "burden_percent", "elderly.burden_percent", "medical_aid.payer_number", "medical_aid.recipient_number",
    "medical_aid.tickets", "derived.sex", "derived.age", "derived.law_number", "derived.is_medical_aid",
    "derived.not_covering_date", "derived.name_has_missing_character", "derived.name_other_has_missing_character",
    "derived.insured_name_has_missing_character",
  },

  -- ファイル名：資格確認日と、照会の識別子または処理の時刻。患者の情報は入れません。
  -- The day, and the inquiry's identifier or the time; nothing about the person.
  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local mark = text.first(rec.file_identifier, text.date(text.first(rec.processed_at), "hhmmss"), "app")
    return day and string.format("orca_patientmod_%s_%s.xml", day, text.file_safe(mark))
  end,

  -- 行の順番が要素の順番です。日レセの項目の順に並べてあります。 / The order of the rows is that of ORCA's own list.
  fields = {
    { to = "patientmodreq", fields = {
      { to = "Patient_ID",       with = patient_number, required = true, max_bytes = 20 },
      { to = "WholeName",        from = "name", with = name, required = true, max_chars = NAME_MOST },
      { to = "WholeName_inKana", from = "name_kana", with = kana, required = true, max_chars = NAME_MOST },
      { to = "BirthDate",        from = "birth_date", required = true },
      { to = "Sex",              from = "derived.sex", as = "sex12", required = true },

      { to = "Home_Address_Information", when = function() return SEND_ADDRESS end, fields = {
        { to = "Address_ZipCode", from = "postal_code", as = "postal7", when = "postal_code" },
        { to = "WholeAddress1",   from = "address", with = address_head },
        { to = "WholeAddress2",   from = "address", with = address_tail, max_chars = ADDRESS_MOST },
      } },

      { to = "HealthInsurance_Information", each = "records", when = is_the_insurance, fields = {
        { to = "InsuranceProvider_Class",            with = class },
        { to = "InsuranceProvider_Number",           from = "insurer_number", as = "insurer:bare", required = true, max_bytes = 8 },
        { to = "HealthInsuredPerson_Symbol",         from = "symbol", with = symbol, max_chars = 20 },
        { to = "HealthInsuredPerson_Number",         from = "number", with = wide_plain, required = true, max_chars = 20 },
        { to = "HealthInsuredPerson_Branch_Number",  from = "branch_number", with = branch, max_bytes = 2 },
        { to = "HealthInsuredPerson_Assistance",     with = assistance },
        { to = "RelationToInsuredPerson",            from = "relation", with = relation },
        { to = "HealthInsuredPerson_WholeName",      from = "insured_name", with = insured_name },
        { to = "Certificate_StartDate",              from = "valid_from", with = first_day },
        { to = "Certificate_ExpiredDate",            from = "valid_until", with = last_day },
        { to = "Certificate_GetDate",                from = "qualification_date", when = "qualification_date" },
      } },

      -- 公費：医療扶助。医療保険がない方も、同じ場所に入れます。
      -- 公費 of medical aid, in the same place for those without insurance.
      { to = "HealthInsurance_Information[1]/PublicInsurance_Information",
        when = function(rec) return count_aid(rec) > 0 end, fields = {
        { to = "@type", value = "array" },
        { to = "PublicInsurance_Information_child", each = "records", when = is_taken_aid, fields = {
          { to = "PublicInsurer_Number",       from = "insurer_number", with = payer_number, required = true, max_bytes = 8 },
          { to = "PublicInsuredPerson_Number", from = "number", with = recipient_number, required = true, max_bytes = 20 },
          { to = "Certificate_IssuedDate",     from = "valid_from", with = aid_first_day },
          { to = "Certificate_ExpiredDate",    from = "valid_until", with = aid_last_day },
        } },
      } },
    } },
  },

  check = check,
}
