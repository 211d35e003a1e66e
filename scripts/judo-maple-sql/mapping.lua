-- メープル（JSY96、柔整）の ClipData 表に、ODBC で1行書きます。パラメーターの名前は列の名前です。
-- One row of the table ClipData of メープル (JSY96), by ODBC. The parameters are called like the columns.
--
-- 値は judo-maple（CSV）と同じです。30列すべてがいつもあり、ない値は "" です（表の行を探す5つの列が NULL だと一致しないため）。
-- The values of judo-maple (CSV). All 30 columns are always there, "" for what is absent: a NULL would match no row.

---------------------------------------------------------------------------------------------------------------------
-- 設定：確認アプリの書き方は公開されていません。メープルで使っている書き方に合わせてください。
-- Settings: how the app writes things is not published; set what the host is used to.
---------------------------------------------------------------------------------------------------------------------

-- 日付：令和元年5月1日。1年と書くなら "EY年M月D日"。
-- Dates; "EY年M月D日" writes 1年 instead of 元年. `?`
local DATE_FORM = "Ey年M月D日"

-- 処理実行日時 / The time of processing. `?`
local TIME_FORM = "YYYY/MM/DD hh:mm:ss"

-- 負担割合：%d に割の数が入ります。半角の「2割」なら WIDE_RATIO を false に、「20%」なら加えて RATIO_FORM を "%d0%%" にします。
-- Shares: the number of tenths stands for %d; false for half width. `?`
local RATIO_FORM, WIDE_RATIO = "%d割", true

-- 被保険者証区分。2024-12-02 より前の言葉。その後の言葉（一般、退職 …）にするときは {} にします。
-- Classes by their names before 2024-12-02; {} for the newer ones (一般 …). `?`
local CARD_CLASSES = {
  ["01"] = "被保険者証（一般）", ["02"] = "被保険者証（退職）", ["03"] = "短期被保険者証（一般）", ["04"] = "短期被保険者証（退職）",
  ["05"] = "被保険者資格証明書", ["06"] = "特例退職被保険者証", ["07"] = "自衛官診療証",
}

-- 性別が券面にないとき / When the front of the card does not say the sex. `?`
local SEX_UNKNOWN = "未設定"

-- カナ："そのまま"、"全角"、"半角"。 / Kana: as sent, full width, half width. `?`
local KANA = "そのまま"

-- 資格有効性の列に「有効」などを書く。アプリの内容にはないので、その回答では空です。
-- Write 有効 and the like; the app's text does not say it.
local WRITE_VALIDITY = true

-- 有効でないと分かっている資格、資格確認日に及ばない資格："止める" か "書く"。
-- An entitlement that is known not to be valid, or does not cover the day.
local NOT_VALID = "止める"

-- 医療扶助の記録："止める" か "書く"。この表には公費の列がなく、書くと公費負担者番号が保険者番号の列に入ります。
-- A record of medical aid: the table has no columns for 公費, so its numbers would stand in those of the insurance.
local MEDICAL_AID = "止める"

-- 氏名に ● などの代わりの字があるとき："書く"（アプリの内容と同じ）か "止める"。
-- A name with a mark for a character that could not be sent: written as the app has it, or stopped.
local MISSING_CHARACTER = "書く"

---------------------------------------------------------------------------------------------------------------------

-- 書く前に Lock の USER に名前を書き、メープルが使っている間（USER が JSY96）は何も書かずに止まります。`?`
-- Before anything is written, Lock gets our name; while its USER is JSY96 the delivery stops. `?`
local TAKE_LOCK = [[
UPDATE [Lock] SET [USER] = 'Shikaku' WHERE [USER] IS NULL OR [USER] <> 'JSY96']]

-- 同じ行かどうかは5つの列で決まります。あれば消して書き直します。`?`
-- Five columns tell a row from another; an older one is replaced. `?`
local REPLACE = [[
DELETE FROM ClipData WHERE QualificationConfirmationDate = :QualificationConfirmationDate
  AND InsurerNumber = :InsurerNumber
  AND InsuredCardSymbol = :InsuredCardSymbol
  AND InsuredIdentificationNumber = :InsuredIdentificationNumber
  AND InsuredBranchNumber = :InsuredBranchNumber]]

local WRITE = [[
INSERT INTO ClipData (
  ProcessExecutionTime, QualificationConfirmationDate, QualificationValidity,
  InsuredCardClassification, InsurerNumber, InsuredCardSymbol, InsuredIdentificationNumber,
  InsuredBranchNumber, PersonalFamilyClassification, InsuredName, Name, NameOfOther, NameKana,
  NameOfOtherKana, Sex1, Sex2, Birthdate, Address, PostNumber, QualificationDate,
  InsuredCardValidDate, InsuredCardExpirationDate, InsuredPartialContributionRatio,
  PreschoolClassification, InsurerName, ElderlyRecipientValidStartDate,
  ElderlyRecipientValidEndDate, ElderlyRecipientContributionRatio, ReferenceNumber, RawData
) VALUES (
  :ProcessExecutionTime, :QualificationConfirmationDate, :QualificationValidity,
  :InsuredCardClassification, :InsurerNumber, :InsuredCardSymbol, :InsuredIdentificationNumber,
  :InsuredBranchNumber, :PersonalFamilyClassification, :InsuredName, :Name, :NameOfOther,
  :NameKana, :NameOfOtherKana, :Sex1, :Sex2, :Birthdate, :Address, :PostNumber, :QualificationDate,
  :InsuredCardValidDate, :InsuredCardExpirationDate, :InsuredPartialContributionRatio,
  :PreschoolClassification, :InsurerName, :ElderlyRecipientValidStartDate,
  :ElderlyRecipientValidEndDate, :ElderlyRecipientContributionRatio, :ReferenceNumber, :RawData
)]]

local GIVE_LOCK = [[
UPDATE [Lock] SET [USER] = '' WHERE [USER] = 'Shikaku']]

---------------------------------------------------------------------------------------------------------------------

local function ratio(percent)
  if type(percent) ~= "number" then
    return nil
  end
  local written = string.format(RATIO_FORM, percent // 10)
  return WIDE_RATIO and text.wide(written) or written
end

local function card_class(code, rec)
  return CARD_CLASSES[code] or rec.card_class_label or code
end

local function sex(value, label)
  return value == "unknown" and SEX_UNKNOWN or label
end

local function front_sex(value, rec)
  return sex(value, rec.sex_label)
end

local function back_sex(value, rec)
  return sex(value, rec.sex_other_label)
end

local function kana(value)
  if KANA == "全角" then
    return text.kana_full(value)
  elseif KANA == "半角" then
    return text.kana_half(value)
  end
  return value
end

local function preschool(code)
  return code == "1" and "義務教育就学前" or code
end

local function validity(label)
  return WRITE_VALIDITY and label or nil
end

local function day(value)
  return text.wareki(value, DATE_FORM)
end

local function time(value)
  return text.date(value, TIME_FORM)
end

-- ない値は "" にします。 / What is absent becomes "".
local function given(convert)
  return function(value, rec)
    if convert then
      value = convert(value, rec)
    end
    return text.first(value) or ""
  end
end

local function is_not_valid(rec)
  local code = text.first(rec.validity)
  return (code ~= nil and code ~= "1" and code ~= "6") or rec.derived.not_covering_date == "1"
end

local function check(_, rec)
  if MEDICAL_AID ~= "書く" and rec.derived.is_medical_aid == "1" then
    return "InsurerNumber"
  end
  if NOT_VALID ~= "書く" and is_not_valid(rec) then
    return "QualificationValidity"
  end
  if MISSING_CHARACTER == "止める" and rec.derived.name_has_missing_character == "1" then
    return "Name"
  end
end

return {
  contract = 1,
  id = "judo-maple-sql",
  format = "sql",
  encoding = "utf-8",
  adapter = "sql",

  uses = {
    "processed_at", "confirmation_date", "validity", "validity_label", "card_class", "card_class_label", "insurer_number", "symbol",
    "number", "branch_number", "relation_label", "insured_name", "name", "name_other", "name_kana", "name_other_kana", "sex",
    "sex_label", "sex_other", "sex_other_label", "birth_date", "address", "postal_code", "qualification_date", "valid_from",
    "valid_until", "burden_percent", "preschool", "insurer_name", "elderly.valid_from", "elderly.valid_until",
    "elderly.burden_percent", "reference_number", "derived.is_medical_aid", "derived.not_covering_date",
    "derived.name_has_missing_character",
  },

  -- ファイル名：資格確認日と処理の時刻、記録の番号。患者の情報は入れません。 / Day, time and number of the record.
  file = function(rec)
    local time_of_day = text.date(text.first(rec.processed_at), "hhmmss") or "app"
    return string.format("maple_%s_%s_%d.json", text.date(rec.confirmation_date, "YYYYMMDD"), time_of_day, rec.record_index)
  end,

  statements = {
    { TAKE_LOCK, rows = 1 },
    { REPLACE, rows = "any" },
    { WRITE, rows = 1 },
    { GIVE_LOCK, rows = 1 },
  },

  fields = {
    { to = "ProcessExecutionTime",                from = "processed_at", with = given(time) },
    { to = "QualificationConfirmationDate",       from = "confirmation_date", with = given(day), required = true },
    { to = "QualificationValidity",               from = "validity_label", with = given(validity) },
    { to = "InsuredCardClassification",           from = "card_class", with = given(card_class) },
    { to = "InsurerNumber",                       from = "insurer_number", with = given() },
    { to = "InsuredCardSymbol",                   from = "symbol", with = given() },
    { to = "InsuredIdentificationNumber",         from = "number", with = given() },
    { to = "InsuredBranchNumber",                 from = "branch_number", with = given() },
    { to = "PersonalFamilyClassification",        from = "relation_label", with = given() },
    { to = "InsuredName",                         from = "insured_name", with = given() },
    { to = "Name",                                from = "name", with = given(), required = true },
    { to = "NameOfOther",                         from = "name_other", with = given() },
    { to = "NameKana",                            from = "name_kana", with = given(kana) },
    { to = "NameOfOtherKana",                     from = "name_other_kana", with = given(kana) },
    { to = "Sex1",                                from = "sex", with = given(front_sex) },
    { to = "Sex2",                                from = "sex_other", with = given(back_sex) },
    { to = "Birthdate",                           from = "birth_date", with = given(day) },
    { to = "Address",                             from = "address", with = given() },
    { to = "PostNumber",                          from = "postal_code", with = given() },
    { to = "QualificationDate",                   from = "qualification_date", with = given(day) },
    { to = "InsuredCardValidDate",                from = "valid_from", with = given(day) },
    { to = "InsuredCardExpirationDate",           from = "valid_until", with = given(day) },
    { to = "InsuredPartialContributionRatio",     from = "burden_percent", with = given(ratio) },
    { to = "PreschoolClassification",             from = "preschool", with = given(preschool) },
    { to = "InsurerName",                         from = "insurer_name", with = given() },
    { to = "ElderlyRecipientValidStartDate",      from = "elderly.valid_from", with = given(day) },
    { to = "ElderlyRecipientValidEndDate",        from = "elderly.valid_until", with = given(day) },
    { to = "ElderlyRecipientContributionRatio",   from = "elderly.burden_percent", with = given(ratio) },
    { to = "ReferenceNumber",                     from = "reference_number", with = given() },
    { to = "RawData",                             value = "" },
  },

  check = check,
}
