-- OpenEMR：1つの回答を1つのJSONにします。名前は OpenEMR の表の列の名前です（patient_data、insurance_companies、
-- insurance_data）。OpenEMR に入れるには、小さな取り込みプログラムが要ります。README.md を見てください。
-- OpenEMR: one JSON document for the whole answer, with the names of OpenEMR's tables and columns. A small program has to
-- put it into OpenEMR; README.md says how.

-- ---- 設定 / Settings ------------------------------------------------------------------------------------------------

-- 番号と枝番の間の字。policy_number は「番号＋枝番」ですが、つなぎ方に決まりはありません。
-- What stands between 番号 and 枝番 in policy_number; nobody has fixed it.
local branch_separator = "-"

-- 家族のときの続柄（subscriber_relationship）。回答は「家族」としか言わないので、spouse と child は分かりません。
-- nil：書かない。"other" などにしてもよい。
-- The relationship of a family member: the answer does not tell spouse from child. nil writes none.
local family_relationship = nil

-- 資格喪失日（資格のない最初の日）を date_end（資格のある最後の日）にするとき、前の日にする。
-- The day of the loss is the first one without cover, date_end the last one with it: write the day before.
local end_is_day_before_loss = true

-- ---- 関数 / Functions -----------------------------------------------------------------------------------------------

local function two(number)
  return text.pad(number, 2, "0", "right")
end

local function last_of_month(year, month)
  if month == 2 then
    local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
    return leap and 29 or 28
  end
  return (month == 4 or month == 6 or month == 9 or month == 11) and 30 or 31
end

local function day_before(day)
  local year, month, date = text.match(day, "^(%d%d%d%d)-(%d%d)-(%d%d)$")
  year, month, date = tonumber(year), tonumber(month), tonumber(date) - 1
  if date == 0 then
    month = month - 1
    if month == 0 then
      year, month = year - 1, 12
    end
    date = last_of_month(year, month)
  end
  return year .. "-" .. two(month) .. "-" .. two(date)
end

-- 資格のある最後の日：喪失日の前の日と有効終了日の早いほう。どちらもなければ nil（期限なし）。
-- The last day with cover: the earlier one of both; nil without an end.
local function last_day(rec, is_day_before_loss)
  local lost = text.first(rec.disqualification_date)
  local valid_until = text.first(rec.valid_until)
  if lost and is_day_before_loss then
    lost = day_before(lost)
  end
  if lost and valid_until then
    return lost < valid_until and lost or valid_until
  end
  return lost or valid_until
end

local function end_of(rec)
  return last_day(rec, end_is_day_before_loss)
end

-- 有効でないのに、資格確認日までに終わっていない。 Not valid, yet not over by the confirmation date.
local function invalid_but_open(one, rec)
  local validity, day = text.first(one.validity), text.first(rec.confirmation_date)
  if validity == nil or validity == "1" or validity == "6" then
    return false
  end
  local last = last_day(one, true)
  return last == nil or (day ~= nil and last >= day)
end

local function is_late_elderly(rec)
  return text.law(rec.insurer_number) == "39"
end

-- だれの証か：本人か家族。後期高齢者（39）はいつも本人、医療扶助も区分がなければ本人です（家族がないため）。
-- Whose card it is. 後期高齢者 and 医療扶助 know no family: there the patient is the insured person.
local function holder(rec)
  local relation = text.first(rec.relation)
  if is_late_elderly(rec) or (relation == nil and rec.derived.is_medical_aid) then
    return "self"
  end
  return relation
end

local function subscriber_name(rec)
  local who = holder(rec)
  if who == "self" then
    return rec.name
  elseif who == "family" then
    return rec.insured_name
  end
  return nil
end

-- 本人のときだけ、患者の値を被保険者の値として書きます。家族のときの被保険者の生年月日などは回答にありません。
-- Only where the patient is the insured person the patient's data are those of the subscriber.
local function of_self(value, rec)
  if holder(rec) == "self" then
    return text.first(value)
  end
  return nil
end

-- OpenEMR の性別の言葉。The words of OpenEMR's list `sex`.
local function sex_word(sex)
  local words = { male = "Male", female = "Female" }
  return sex and words[sex]
end

-- 資格確認日に資格のあるものが先、その中では医療保険が先。小さいほうが先です。
-- What covers the confirmation date comes first, and among those 医療保険; the smaller the earlier.
local function rank(rec)
  return (rec.derived.not_covering_date == "1" and 2 or 0) + (rec.derived.is_medical_aid and 1 or 0)
end

-- 医療保険が primary、続いて医療扶助、そのあとに終わった資格。1つしかなければ、それが primary です。
-- 医療保険 comes first, then 医療扶助, then what is over; what stands alone is primary.
local function type_of(_, rec)
  local types, place = { "primary", "secondary", "tertiary" }, 1
  local mine = rank(rec)
  for index, other in ipairs(rec.records) do
    local its = rank(other)
    if its < mine or (its == mine and index < rec.record_index) then
      place = place + 1
    end
  end
  return types[place]
end

-- 番号と記号は、半角で書けるなら半角に、ほかの字があれば全部を全角にします（８８ → 88、見・１２ → 見・１２）。
-- 番号 and 記号 in half width where that is possible, else all in full width.
local function policy_number(_, rec)
  local number = text.one_mode(text.narrow(text.first(rec.number)))
  local branch = not is_late_elderly(rec) and text.branch2(rec.branch_number) or nil -- 後期高齢者に枝番はない / none
  if number and branch then
    return number .. branch_separator .. branch
  end
  return number
end

-- 後期高齢者に記号はありません。 後期高齢者 have none.
local function group_number(symbol, rec)
  return not is_late_elderly(rec) and text.one_mode(text.narrow(text.first(symbol))) or nil
end

return {
  contract = 1,
  id = "openemr",
  adapter = "folder",
  format = "json",
  encoding = "utf-8",
  per = "answer",

  uses = {
    "confirmation_date", "processed_at", "reference_number", "name", "birth_date", "postal_code",
    "address", "insurer_number", "insurer_name", "symbol", "number", "branch_number", "relation",
    "insured_name", "qualification_date", "disqualification_date", "valid_from", "valid_until",
    "validity", "derived.sex", "derived.is_medical_aid", "derived.law_number", "derived.not_covering_date",
    "derived.name_has_missing_character", "derived.insured_name_has_missing_character",
  },

  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    return day and "openemr_" .. day .. "_" .. text.first(time, "app") .. ".json"
  end,

  fields = {
    -- だれのことか。照会番号（pubpid）があれば、それで患者を見つけられます。
    -- Who it is about; with a reference number (pubpid) the patient can be found by it.
    { to = "patient_data", fields = {
      { to = "pubpid", from = "reference_number", when = "reference_number", max_chars = 255 },
      { to = "lname", from = "name", as = "family", required = true, max_chars = 255 },
      { to = "fname", from = "name", with = function(v) return text.first(text.given(v)) end, max_chars = 255 },
      { to = "DOB", from = "birth_date", required = true },
      { to = "sex", from = "derived.sex", with = sex_word },
      { to = "street", from = "address", when = "address", max_chars = 255 },
      { to = "postal_code", from = "postal_code", when = "postal_code", max_chars = 255 },
    } },

    -- 保険者。k 番目の insurance_data の provider は、k 番目の insurance_companies の id です。
    -- The insurers: the provider of insurance_data k is the id of insurance_companies k.
    { to = "insurance_companies", each = "records", fields = {
      { to = "name", from = "insurer_name", when = "insurer_name", max_chars = 255 },
      { to = "cms_id", from = "insurer_number", as = "insurer:bare", when = "insurer_number", max_chars = 15 },
    } },

    { to = "insurance_data", each = "records", fields = {
      { to = "type", with = type_of, required = true },
      { to = "plan_name", from = "derived.law_number_label", max_chars = 255 },
      { to = "policy_number", with = policy_number, required = true, max_chars = 255 },
      { to = "group_number", from = "symbol", with = group_number, max_chars = 255 },
      { to = "subscriber_lname", with = function(_, rec) return text.first(text.family(subscriber_name(rec))) end,
        max_chars = 255 },
      { to = "subscriber_fname", with = function(_, rec) return text.first(text.given(subscriber_name(rec))) end,
        max_chars = 255 },
      { to = "subscriber_relationship", with = function(_, rec)
          local who = holder(rec)
          return who == "family" and family_relationship or who == "self" and "self" or nil
        end },
      { to = "subscriber_DOB", from = "birth_date", with = of_self },
      { to = "subscriber_sex", with = function(_, rec) return sex_word(of_self(rec.derived.sex, rec)) end },
      { to = "subscriber_street", from = "address", with = of_self, max_chars = 255 },
      { to = "subscriber_postal_code", from = "postal_code", with = of_self, max_chars = 255 },
      { to = "date", with = function(_, rec) return text.first(rec.valid_from, rec.qualification_date) end },
      { to = "date_end", with = function(_, rec) return end_of(rec) end },
    } },
  },

  -- 違う名前や、有効でないのに過ぎた終わりの日がない資格は渡しません。
  -- No wrong names, and no entitlement that is not valid but shows no end in the past.
  check = function(_, rec)
    for index, one in ipairs(rec.records) do
      local place = "insurance_data[" .. index .. "]/"
      if one.derived.name_has_missing_character then
        return "patient_data/lname"
      end
      if holder(one) == "family" and one.derived.insured_name_has_missing_character then
        return place .. "subscriber_lname"
      end
      if invalid_but_open(one, rec) then
        return place .. "policy_number"
      end
    end
    return nil
  end,
}
