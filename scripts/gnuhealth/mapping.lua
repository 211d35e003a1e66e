-- GNU Health：Tryton の画面の「取り込み（Import）」で読ませるCSVです。1つの回答が1つのファイルで、名前が取り込み先を示します。
--   gnuhealth_party_….csv      照会番号のない人：新しい人を、保険といっしょに登録する（party.party）
--   gnuhealth_insurance_….csv  照会番号のある人：その番号を PUID に持つ人に、保険を足す（gnuhealth.insurance）
-- 見出しは項目の内部名なので、取り込みの画面の「自動検出（Auto-Detect）」でそのまま選ばれます。GNU Health は1回の取り込みで
-- 新しい人を1人しか受け付けないため、1人ずつのファイルにします。
-- GNU Health: CSV files for Tryton's own import, one for each answer; the name says where it goes. Without a reference
-- number a new person is registered together with the insurance (party.party); with one the insurance is added to the
-- person who has that number as PUID (gnuhealth.insurance). GNU Health takes one new person an import.
--
-- format は "text"（行のならび）です。"csv" は記録ごとに1行で、新しい人の2つ目の保険を、前の行の続き（人の列が空の行）
-- として書けないためです。
-- The format is "text", lines of cells: a "csv" has one line a record, but the second insurance of a new person is a line
-- that continues the first one, with the columns of the person empty.
--
-- 使い方と注意は README.md にあります。 README.md says how to use it and what to mind.

-- ---- 設定 / Settings ------------------------------------------------------------------------------------------------

-- 資格喪失日（資格のない最初の日）を member_exp（資格のある最後の日）にするとき、前の日にする。
-- The day of the loss is the first one without cover, member_exp the last one with it: write the day before.
local end_is_day_before_loss = true

-- gnuhealth.insurance の「だれの保険か」の項目名。試した 4.1 では name です。新しい版では party のことがあります。
-- The field of gnuhealth.insurance that says whose it is: `name` in 4.1, which was tried; `party` in newer versions.
local owner_field = "name"

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

-- 姓と名。空白のない氏名は、分けられないので全部を名（name）に入れます。GNU Health は名のない人を登録できません。
-- A name without a space cannot be parted: all of it becomes the given name, which GNU Health insists on.
local function family_name(name)
  return text.first(text.given(name)) and text.family(name)
end

local function given_name(name)
  return text.first(text.given(name), name)
end

-- GNU Health の性別の記号。人には必ず要るので、回答から分からなければ u（Unknown）です。
-- A person needs one of these; `u` is "Unknown".
local function gender(sex)
  local letters = { male = "m", female = "f" }
  return letters[sex or ""] or "u"
end

-- 保険の番号：「記号:番号:枝番」。GNU Health では、1つの保険者の中で同じ番号は1回しか使えません。番号だけでは、家族や
-- 記号の違う人と重なります。書き方は被保険者個人識別子（FHIR JP Core）から保険者番号を除いたものです：半角で書けるなら
-- 半角、ほかの字があれば記号と番号の全部を全角にし、ない部分は空のまま「:」を残します。
-- 記号, 番号 and 枝番 in one: GNU Health takes a number only once for each company, and 番号 alone is shared by families.
-- It is the memberID of FHIR JP Core without its first part.
local function insurance_number(_, rec)
  if text.first(rec.number) == nil then
    return nil
  end
  local symbol, number, branch = text.narrow(text.first(rec.symbol)), text.narrow(rec.number), rec.branch_number
  if text.law(rec.insurer_number) == "39" then -- 後期高齢者に記号と枝番はない / 後期高齢者 have neither
    symbol, branch = nil, nil
  end
  return text.match(text.member_id(rec.insurer_number, symbol, number, branch), "^[^:]*:(.*)$")
end

-- 氏名の並べ方：漢字やかながあれば姓名（cjk）、なければ「姓, 名」（fg）。
-- How the name is shown: family and given name together for Japanese letters, "Family, Given" else.
local function representation(name)
  return text.match(name, "[ぁ-ヿ㐀-鿿豈-龎𠀀-𯿿]") and "cjk" or "fg"
end

local function is_known(rec)
  return text.first(rec.reference_number) ~= nil
end

local function is_new(rec)
  return not is_known(rec)
end

-- 人の列は最初の行だけに書き、続きの行では空にします（when ではなく値なしにします。text では、when に合わない列は場所も
-- なくなるためです）。
-- The columns of the person stand in the first line and are empty in the others: absent, since `when` would take the
-- column itself away in this format.
local function once(make)
  return function(value, rec)
    if rec.record_index == 1 then
      return make(value, rec)
    end
    return nil
  end
end

local function as_it_is(value)
  return text.first(value)
end

local function always(value)
  return function() return value end
end

-- 見出しの行。 The line of headings.
local function heading_of(columns)
  local heading = {}
  for i, column in ipairs(columns) do
    heading[i] = { to = column.to, value = column.to }
  end
  return heading
end

-- ---- 列 / Columns ---------------------------------------------------------------------------------------------------

local person = {
  { to = "lastname", from = "name", with = once(family_name) },
  { to = "name", from = "name", with = once(given_name) },
  { to = "name_representation", from = "name", with = once(representation) },
  { to = "gender", from = "derived.sex", with = once(gender) },
  { to = "dob", from = "birth_date", with = once(as_it_is) },
  { to = "is_person", with = once(always("True")) },
  { to = "is_patient", with = once(always("True")) },
  -- Federation ID の前に付く国：患者ではなく、登録する医療機関の国です。これがないと GNU Health は取り込めません。
  -- The prefix of the Federation ID: the country of the institution, not of the person. Without it the import fails.
  { to = "fed_country", with = once(always("JPN")) },
}

-- PUID が照会番号と同じ人。 The person whose PUID is the reference number.
local owner = {
  { to = owner_field, required = true, with = function(_, rec)
      return text.first(rec.reference_number, rec.records[1].reference_number)
    end },
}

local insurance = {
  { to = "number", with = insurance_number, required = true },
  -- 保険者：その保険者番号を PUID に持つ、登録済みの保険者。
  -- The insurer: a company that is registered already, with this number as its PUID.
  { to = "company", from = "insurer_number", as = "insurer:bare", required = true },
  -- 制度の名前（組合健保、国民健康保険 …）。 The name of the scheme.
  { to = "category", from = "derived.law_number_label" },
  -- state、labour_union、private のどれか。日本の制度にどれを使うかは決まっていないので、空にします。
  -- Which of state, labour_union and private suits the Japanese schemes is not settled: empty.
  { to = "insurance_type", value = "" },
  { to = "member_since", with = function(_, rec)
      return text.first(rec.qualification_date, rec.valid_from)
    end },
  { to = "member_exp", with = function(_, rec) return end_of(rec) end },
}

-- 人の列の後ろに保険の列。party.party の中の保険は「insurance/」で始まります。
-- The columns of the insurance behind those of the person; inside a party they begin with "insurance/".
local function joined(first, prefix)
  local columns = {}
  for _, column in ipairs(first) do
    columns[#columns + 1] = column
  end
  for _, column in ipairs(insurance) do
    columns[#columns + 1] = { to = prefix .. column.to, from = column.from, as = column.as, with = column.with,
                              value = column.value, required = column.required }
  end
  return columns
end

local new_person, known_person = joined(person, "insurance/"), joined(owner, "")

return {
  contract = 1,
  id = "gnuhealth",
  adapter = "folder",
  format = "text",
  encoding = "utf-8",
  newline = "lf",
  separator = ",",
  per = "answer",

  uses = {
    "confirmation_date", "processed_at", "reference_number", "name", "birth_date", "insurer_number",
    "symbol", "number", "branch_number", "qualification_date", "disqualification_date", "valid_from",
    "valid_until", "validity", "derived.sex", "derived.law_number",
    "derived.name_has_missing_character",
  },

  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    local target = is_known(rec) and "insurance" or "party"
    return day and "gnuhealth_" .. target .. "_" .. day .. "_" .. text.first(time, "app") .. ".csv"
  end,

  fields = {
    { when = is_new, fields = {
      { to = "heading", fields = heading_of(new_person) },
      { to = "line", each = "records", fields = new_person },
    } },
    { when = is_known, fields = {
      { to = "known_heading", fields = heading_of(known_person) },
      { to = "known_line", each = "records", fields = known_person },
    } },
  },

  -- 新しい人の違う名前と、有効でないのに過ぎた終わりの日がない資格は渡しません。引用符は、この形では書けません。
  -- No wrong names of new persons, and no entitlement that is not valid but shows no end. Quotes cannot be written in
  -- this form.
  check = function(_, rec)
    if is_new(rec) then
      if text.first(rec.birth_date) == nil then
        return "heading/dob"
      end
      local name = text.first(rec.name)
      if name == nil or rec.derived.name_has_missing_character or text.match(name, '"') then
        return "heading/name"
      end
    end
    for _, one in ipairs(rec.records) do
      if invalid_but_open(one, rec) then
        return is_new(rec) and "heading/insurance/member_exp" or "known_heading/member_exp"
      end
    end
    return nil
  end,
}
