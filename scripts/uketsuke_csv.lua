-- 受付CSV：1人を1行にして、その日のCSVファイルに渡します。
-- One line per person, for the CSV file of the day.
--
-- 直してよい所：fields の行の順番、"to" の見出し、"as" の変換。docs/mapping.md に全部の説明があります。
-- What to change: the order of the rows in `fields`, the headings in `to`, the conversions in `as`.
-- This file is UTF-8; the CSV that it makes is code page 932 (Shift_JIS of Windows).

-- 中身のある最初の値。回答の項目は、ないとき nil、空で届いたとき "" になります。Lua の or は "" を
-- 「ある」とみなすため、or の代わりにこれを使います。
-- The first value that holds something. Absent is nil, empty is ""; Lua's `or` takes "" for a value.
local function first(...)
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if value ~= nil and value ~= "" then
      return value
    end
  end
  return nil
end

-- 性別：表の性別が「未設定」のときは、裏面の性別を使います。コードは 1=男 2=女、どちらもなければ空欄。
-- Sex: when the front of the card says "unknown", the back decides. 1 male, 2 female, else empty.
local function sex_code(sex, rec)
  if sex == "unknown" then
    sex = rec.sex_other
  end
  if sex == "male" then
    return "1"
  elseif sex == "female" then
    return "2"
  end
  return nil
end

-- 本人・家族：1=本人 2=家族。療養費の申請書の「本人2・家族6」とは数字が違うので、取り違えに注意します。
-- 1 insured person, 2 family. Claim forms use other numbers (2 and 6); do not mix them up.
local function relation_code(relation)
  if relation == "self" then
    return "1"
  elseif relation == "family" then
    return "2"
  end
  return nil
end

-- 割合は 10、20、30 だけです。000 など、ほかの値は書かれていないものとします。
-- A share is 10, 20 or 30; anything else, as 000, counts as not stated.
local tenths = { [10] = 1, [20] = 2, [30] = 3 }

-- 負担割合（割）：後期高齢者の割合、なければ高齢受給者証の割合。どちらもない方は空欄にし、
-- レセコンが年齢から決めます。ここで推測はしません。
-- Share in tenths: from the late-elderly insurance, else from the elderly certificate. Without either
-- it stays empty and the host derives it from the age; nothing is guessed here.
local function burden(_, rec)
  return tenths[rec.burden_percent or 0] or tenths[rec.elderly.burden_percent or 0]
end

-- 患者番号：患者一覧などと照らし合わせてわかった番号、なければ照会番号。
-- The host's own number as matching found it, else the registered one.
local function patient_number(number, rec)
  return first(rec.patient.id, number)
end

return {
  contract = 1,
  id = "uketsuke_csv",
  format = "csv",
  encoding = "cp932",
  newline = "crlf",
  header = true,

  -- このスクリプトが見る項目。ここにない項目は、関数から読めません。
  -- What this script sees. A function cannot read any other field.
  uses = {
    "confirmation_date", "processed_at", "patient.id", "reference_number", "name", "name_kana", "birth_date",
    "sex", "sex_other", "postal_code", "address", "insurer_number", "insurer_name", "symbol",
    "number", "branch_number", "relation", "insured_name", "qualification_date",
    "disqualification_date", "valid_from", "valid_until", "burden_percent",
    "elderly.burden_percent", "limit.category", "validity",
  },

  -- CP932にない漢字（𠮷など）があれば、違う字で登録されないように止めます。受付で手入力してください。
  -- 〓に置きかえて渡すには "geta" にします。
  -- A character that CP932 lacks stops the delivery, so that nobody is registered under a wrong name.
  unmappable = "stop",

  -- ファイル名：資格確認日の日付。患者の情報は入れません。
  -- Named by the day, never by a person.
  file = function(rec)
    local day = text.date(first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    return day and "uketsuke_" .. day .. ".csv"
  end,

  fields = {
    { to = "資格確認日",       from = "confirmation_date", as = "date" },
    { to = "患者番号",         from = "reference_number", with = patient_number },
    { to = "氏名",             from = "name", required = true, max_chars = 50 },
    { to = "氏名カナ",         from = "name_kana", as = "kana_half", max_bytes = 100 },
    { to = "生年月日",         from = "birth_date", as = "date", required = true },
    { to = "生年月日（和暦）", from = "birth_date", as = "wareki" },
    { to = "性別",             from = "sex", with = sex_code },
    { to = "郵便番号",         from = "postal_code", as = "digits" },
    { to = "住所",             from = "address" },
    { to = "保険者番号",       from = "insurer_number", max_bytes = 8 },
    { to = "保険者名",         from = "insurer_name" },
    { to = "記号",             from = "symbol", as = "wide" },
    { to = "番号",             from = "number", as = "wide" },
    { to = "枝番",             from = "branch_number", as = "digits" },
    { to = "本人家族",         from = "relation", with = relation_code },
    { to = "被保険者氏名",     from = "insured_name" },
    { to = "資格取得日",       from = "qualification_date", as = "date" },
    { to = "資格喪失日",       from = "disqualification_date", as = "date" },
    { to = "有効開始日",       from = "valid_from", as = "date" },
    { to = "有効終了日",       from = "valid_until", as = "date" },
    { to = "負担割合",         with = burden },
    { to = "限度額区分",       from = "limit.category_label" },
    { to = "資格有効性",       from = "validity_label" },
  },

  -- 最後の点検。見出しの名前を返すと、その項目を示して止まります。
  -- A last look at the line: returning a heading stops the delivery and names that field.
  check = function(out)
    local number = first(out["保険者番号"])
    if number and not tonumber(number) then
      return "保険者番号"
    end
  end,
}
