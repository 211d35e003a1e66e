-- 出産育児一時金等の請求（直接支払制度、専用請求書CSV）の請求レコード30項目のうち、資格確認の回答から書ける7つ：
-- 保険者番号、加入制度区分、本人家族区分、記号、番号、妊婦氏名、生年月日。ほかは空のままです。
-- Seven of the thirty items of the claim of 出産育児一時金; the others stay empty for the facility to fill.

-- ---- 設定 / settings ------------------------------------------------------------------------------------------

-- 改行："crlf" か "cr"。日レセは CR を書く。
-- Line end; the program whose layout this is writes CR.
local NEWLINE = "crlf"

-- 妊婦氏名のカナ："full" 全角（日レセの書き方、20字まで）、"half" 半角（40字まで）。
-- The name in kana: full width as that program writes it, 20 characters, or half width, 40.
local KANA = "full"

-- 記号と番号：true は全部全角（日レセの書き方）、false は半角英数字だけなら半角。
-- 記号 and 番号: all full width as that program has them, or half width for letters and digits alone.
local WIDE_NUMBERS = true

-- 加入制度区分を番号から決めるか：社保 1、国保（6桁と67）2。false なら空。
-- Whether the scheme is told from the number: 1, or 2 for 国保; false leaves it empty.
local SCHEME_FROM_NUMBER = true

-- 医療機関等番号（都道府県2＋点数表1＋7の10桁）と分娩機関管理番号（10桁）。nil なら空。
-- The facility's own numbers; nil leaves them empty.
local INSTITUTION = nil
local MANAGEMENT = nil

-- 資格が有効でない回答では止まるか。資格喪失後6か月以内の出産を前の保険者に請求するときだけ false。
-- Whether an answer without a valid entitlement stops; false for claims to the former insurer after a loss.
local STOP_WHEN_NOT_VALID = true

-- ---- 変換 / conversion ----------------------------------------------------------------------------------------

local function filled(value)
  return value ~= nil and value ~= ""
end

local function is_insurance(rec) -- 医療扶助には出産育児一時金がない / medical aid has none
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

-- 喪失した保険は、及ぶ保険が並んでいれば書かない（前の保険者に請求する設定では、2つあれば止まる）。
-- A lost insurance is left out beside one that covers the day; claims to the former insurer stop at two.
local function is_used(rec)
  return is_insurance(rec) and (covers(rec) or not STOP_WHEN_NOT_VALID or not any_covers(rec))
end

local function scheme(_, rec)
  if not SCHEME_FROM_NUMBER then
    return nil
  end
  return filled(rec.derived.insurer_number_6) and "2" or "1"
end

local function plain(value)
  if not filled(value) then
    return nil
  end
  return WIDE_NUMBERS and text.wide_plain(value) or text.one_mode(value)
end

-- 続いた空白は1つに、前後の空白は取る / one space between the parts, none at the ends
local function kana(value)
  if not filled(value) then
    return nil
  end
  local space = KANA == "full" and "　" or " "
  local two, short = space .. space, text.trim(KANA == "full" and text.kana_full(value) or text.kana_half(value))
  while text.count(text.replace(short, two, space)) < text.count(short) do
    short = text.replace(short, two, space)
  end
  return short
end

-- ---- 点検 / last look -----------------------------------------------------------------------------------------

local LETTERS = { full = "^[ァ-ヶー・ヽヾ゛゜　]+$", half = "^[ｦ-ﾟ･ ]+$" }

-- 資格有効性が有効でも、日付が及ばなければ有効ではない / valid by its code is not enough, the dates must cover the day
local function not_valid(rec)
  local refused = filled(rec.validity) and rec.validity ~= "1" and rec.validity ~= "6"
  return refused or not any_covers(rec)
end

local function check(out, rec)
  local insurances = 0
  for _, one in ipairs(rec.records) do
    insurances = is_used(one) and insurances + 1 or insurances
  end
  local number = text.trim(out["請求[1]/保険者番号"] or "")
  local digits = text.count(number)
  if insurances ~= 1 or (STOP_WHEN_NOT_VALID and not_valid(rec)) then
    return "請求[1]/保険者番号"
  elseif text.match(number, "^00%d%d%d%d$") then -- 4桁の番号に0を足したもの / four digits, padded with zeros
    return "請求[1]/保険者番号"
  elseif (digits ~= 6 and digits ~= 8) or text.law(number) == "39" then -- 後期高齢者にはない / 39 has none
    return "請求[1]/保険者番号"
  elseif not text.match(out["請求[1]/妊婦氏名"], LETTERS[KANA]) then
    return "請求[1]/妊婦氏名"
  end
  for _, field in ipairs({ "請求[1]/記号", "請求[1]/番号" }) do
    if filled(out[field]) and text.match(out[field], "[●〓■□]") then -- 送れなかった字 / a character that could not be sent
      return field
    end
  end
  return nil
end

return {
  contract = 1,
  id = "childbirth-csv",
  format = "text",
  encoding = "cp932",
  newline = NEWLINE,
  separator = ",",
  per = "answer", -- 医療扶助の記録もある回答で、医療保険だけを書く / writes the insurance of an answer that also has medical aid
  adapter = "folder",

  substitute = { ["–"] = "－" }, -- 使えば必ず報告されます / every use is reported

  uses = {
    "confirmation_date", "processed_at", "file_identifier", "validity", "name_kana", "birth_date",
    "insurer_number", "symbol", "number", "relation",
    "derived.is_medical_aid", "derived.insurer_number_6", "derived.not_covering_date",
  },

  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    return string.format("shussan_%s_%s.csv", day or "0", text.file_safe(text.first(rec.file_identifier, time, "app")))
  end,

  check = check,

  fields = {
    { to = "請求", each = "records", when = is_used, fields = {
      { to = "保険者番号", from = "insurer_number", as = "insurer:space", required = true, max_bytes = 8 },
      { to = "請求年月", value = "" },
      { to = "分娩区分", value = "" },
      { to = "医療機関等番号", with = function() return INSTITUTION end, max_bytes = 10 },
      { to = "分娩機関管理番号", with = function() return MANAGEMENT end, max_bytes = 10 },
      { to = "加入制度区分", with = scheme },
      { to = "本人家族区分", from = "relation", as = "relation15" },
      { to = "記号", from = "symbol", with = plain, max_bytes = 38 },
      { to = "番号", from = "number", with = plain, required = true, max_bytes = 38 },
      { to = "妊婦氏名", from = "name_kana", with = kana, required = true, max_bytes = 40 },
      { to = "生年月日", from = "birth_date", as = "era7", required = true },
      { to = "在胎週数", value = "" },
      { to = "出産年月日", value = "" },
      { to = "死産有無", value = "" },
      { to = "出産数", value = "" },
      { to = "入院日数", value = "" },
      { to = "産科医療補償制度", value = "" },
      { to = "入院料", value = "" },
      { to = "室料差額", value = "" },
      { to = "分娩介助料", value = "" },
      { to = "分娩料", value = "" },
      { to = "新生児管理保育料", value = "" },
      { to = "検査・薬剤料", value = "" },
      { to = "処置・手当料", value = "" },
      { to = "産科医療補償制度掛金", value = "" },
      { to = "その他", value = "" },
      { to = "一部負担金等", value = "" },
      { to = "妊婦合計負担額", value = "" },
      { to = "代理受取額", value = "" },
      { to = "備考", value = "" },
    } },
  },
}
