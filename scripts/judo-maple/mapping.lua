-- メープル（JSY96、柔整）の ClipData 表と同じ列の CSV を作ります。1つの資格を1行にします。
-- A CSV with exactly the columns of the table ClipData of メープル (JSY96), one line for each entitlement.
--
-- 値は、マイナ資格確認アプリがコピーする書き方（和暦、男・女、本人・家族、割）です。氏名、記号、番号などは届いたままです。
-- Values are written as the official app copies them: Japanese dates, words for codes; names and numbers as sent.
-- 同じ値を SQL で渡すためのパックが judo-maple-sql です。 / judo-maple-sql has the same values for an SQL adapter.

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

local DAY = "wareki:" .. DATE_FORM
local TIME = "date:" .. TIME_FORM

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
  id = "judo-maple",
  format = "csv",
  encoding = "cp932",
  newline = "crlf",
  header = true,
  quote = "needed",
  adapter = "folder",
  unmappable = "stop",

  -- CP932 にない字のうち、置きかえてよいもの（使えば必ず報告されます）。ここにない字は止まります。
  -- What may stand for a character that CP932 lacks; every use is reported. Others stop.
  substitute = { ["𠮷"] = "吉", ["𠀋"] = "丈", ["𡈽"] = "土", ["𣘺"] = "橋" },

  uses = {
    "processed_at", "confirmation_date", "validity", "validity_label", "card_class", "card_class_label", "insurer_number", "symbol",
    "number", "branch_number", "relation_label", "insured_name", "name", "name_other", "name_kana", "name_other_kana", "sex",
    "sex_label", "sex_other", "sex_other_label", "birth_date", "address", "postal_code", "qualification_date", "valid_from",
    "valid_until", "burden_percent", "preschool", "insurer_name", "elderly.valid_from", "elderly.valid_until",
    "elderly.burden_percent", "reference_number", "derived.is_medical_aid", "derived.not_covering_date",
    "derived.name_has_missing_character",
  },

  -- ファイル名：資格確認日。患者の情報は入れません。 / The day, nothing about the person.
  file = function(rec)
    return "maple_" .. text.date(rec.confirmation_date, "YYYYMMDD") .. ".csv"
  end,

  -- 列の名前と順番は、表のとおりです。変えないでください。 / Names and order are the table's: do not change them.
  fields = {
    { to = "ProcessExecutionTime",                from = "processed_at", as = TIME },
    { to = "QualificationConfirmationDate",       from = "confirmation_date", as = DAY, required = true },
    { to = "QualificationValidity",               from = "validity_label", with = validity },
    { to = "InsuredCardClassification",           from = "card_class", with = card_class },
    { to = "InsurerNumber",                       from = "insurer_number" },
    { to = "InsuredCardSymbol",                   from = "symbol" },
    { to = "InsuredIdentificationNumber",         from = "number" },
    { to = "InsuredBranchNumber",                 from = "branch_number" },
    { to = "PersonalFamilyClassification",        from = "relation_label" },
    { to = "InsuredName",                         from = "insured_name" },
    { to = "Name",                                from = "name", required = true },
    { to = "NameOfOther",                         from = "name_other" },
    { to = "NameKana",                            from = "name_kana", with = kana },
    { to = "NameOfOtherKana",                     from = "name_other_kana", with = kana },
    { to = "Sex1",                                from = "sex", with = front_sex },
    { to = "Sex2",                                from = "sex_other", with = back_sex },
    { to = "Birthdate",                           from = "birth_date", as = DAY },
    { to = "Address",                             from = "address" },
    { to = "PostNumber",                          from = "postal_code" },
    { to = "QualificationDate",                   from = "qualification_date", as = DAY },
    { to = "InsuredCardValidDate",                from = "valid_from", as = DAY },
    { to = "InsuredCardExpirationDate",           from = "valid_until", as = DAY },
    { to = "InsuredPartialContributionRatio",     from = "burden_percent", with = ratio },
    { to = "PreschoolClassification",             from = "preschool", with = preschool },
    { to = "InsurerName",                         from = "insurer_name" },
    { to = "ElderlyRecipientValidStartDate",      from = "elderly.valid_from", as = DAY },
    { to = "ElderlyRecipientValidEndDate",        from = "elderly.valid_until", as = DAY },
    { to = "ElderlyRecipientContributionRatio",   from = "elderly.burden_percent", with = ratio },
    { to = "ReferenceNumber",                     from = "reference_number" },
    { to = "RawData",                             value = "" },
  },

  check = check,
}
