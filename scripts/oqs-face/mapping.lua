-- 顔認証の形のXML：顔認証付きカードリーダーの結果として face フォルダーに届くファイルと同じ形を書きます。
-- このファイルを取り込むソフト（レセコンなど）に、ほかの方法で得た回答を渡すためのものです。
-- The face XML: the form in which the results of a card reader arrive in the folder `face`, for programs that import
-- such files.
--
-- 形式 face は、回答にあるものを全部、届いたとおりに書きます。下の行（fields）は、回答に**ないもの**だけを補い、
-- あるものは変えません。The format writes all that the answer holds; rows only fill gaps and replace nothing.
--
-- ---- 設定 / Settings ------------------------------------------------------------------------------------------------
-- 医療機関ごとの値は、このファイルを直さずに変更ファイル（overlay）で足します。直すと見本が合わなくなり、使えません。
-- Values of a clinic are added by an overlay; a change of this file would make its samples fail.
--
--   return {
--     overlay = 1, pack = "oqs-face",
--     fields = {
--       -- 確認アプリの内容には、資格が有効かどうかがありません。アプリの画面で「有効」を確かめてから渡すと決めたときだけ。
--       -- A text that was copied from the app does not say whether the entitlement is valid: only where somebody
--       -- looks at the app's screen first.
--       ["validity"] = { value = "1", unset = { "from" }, was = { from = "validity" } },
--     },
--     add = {
--       -- 医療機関コードもありません（都道府県2桁＋点数表1桁＋7桁）。 Nor has it the institution code.
--       { to = "institution_code", value = "9919999999" },
--     },
--   }

-- ファイル名の途中の部分（16進20桁）。同じ回答はいつも同じになり、中身から逆には読めません。取り込むソフトは、名前の
-- 形だけを見ます。名前が重なると後ろに _2 が付き、その形でなくなるので、人ごとに違う必要があります。
-- The middle part of the file's name: the same for the same answer, another one for every other person. A second
-- file of one name would get _2, and importing programs would not know it.
local function half_of_middle(words, start)
  local digits, hash, out = "0123456789abcdef", start, ""
  for i = 1, #words do
    hash = (hash ~ string.byte(words, i)) * 1099511628211
  end
  for shift = 60, 24, -4 do
    local digit = (hash >> shift) & 15
    out = out .. string.sub(digits, digit + 1, digit + 1)
  end
  return out
end

local function middle_of(rec)
  local words = ""
  local function add(value)
    words = words .. text.first(value, "-") .. "\n"
  end
  add(rec.processed_at)
  add(rec.file_identifier)
  add(rec.confirmation_date)
  add(rec.insurer_number)
  add(rec.symbol)
  add(rec.number)
  add(rec.branch_number)
  add(rec.birth_date)
  add(rec.name)
  return half_of_middle(words, -3750763034362895579) .. half_of_middle(words, 7809847782465536322)
end

-- 処理日時の14桁。確認アプリの内容には時刻がないので、資格確認日に 000000 を付けます（名前だけに使います）。
-- The 14 digits of the name; a text from the app has no time, and zeros stand there.
local function time_of(rec)
  local time = text.date(text.first(rec.processed_at), "YYYYMMDDhhmmss")
  local day = text.date(text.first(rec.confirmation_date), "YYYYMMDD")
  return time or day and day .. "000000"
end

return {
  contract = 1,
  id = "oqs-face",
  adapter = "folder",
  format = "face",

  -- CP932（宣言は Shift_JIS）。UTF-8 の端末に合わせたソフトなら "utf-8" にできますが、見本も作りなおします。
  encoding = "cp932",

  -- 全部の項目を見て、全部書きます。ここを狭めると、ない項目は書かれません。
  -- It sees and writes everything; a field that is not named here would not be written.
  uses = { "*" },

  -- CP932にない字があれば止めます。下の字だけは置きかえ、置きかえたことは必ず報告されます。
  -- A character that code page 932 lacks stops, but for these variants; every use is reported.
  unmappable = "stop",
  substitute = {
    ["𠮷"] = "吉", ["𣘺"] = "橋", ["𡈽"] = "土", ["𥔎"] = "崎",
  },

  -- OQSsiquc01res_face_ ＋ 医療機関コード10桁と16進20桁 ＋ _ ＋ 日時14桁。コードが回答になければ 0 を10個並べます。
  -- A name with the middle part that importing programs match; zeros where the answer has no institution code.
  file = function(rec)
    local code = text.match(rec.institution_code, "^%d%d%d%d%d%d%d%d%d%d$") or "0000000000"
    local time = time_of(rec)
    return time and "OQSsiquc01res_face_" .. code .. middle_of(rec) .. "_" .. time .. ".xml"
  end,

  fields = {
    -- when = "!項目" は、その項目がないときだけ、という意味です。 `when` with "!": only where the answer has none.

    -- 資格が有効かどうか。回答になければ渡しません（取り込むソフトが「有効」と読むおそれがあるため）。確認アプリの内容を
    -- 渡すには、上の変更ファイルでこの行に値を入れます。
    -- Whether the entitlement is valid: without a word about it nothing is written, but for the overlay above.
    { to = "validity", from = "validity", when = "!validity", required = true },

    -- 取り込むソフトが「正常に終わった、カードによる回答」を求めるため。確認アプリの内容にはありません。
    -- Importing programs take only answers that ended normally and came from a card; the app's text has none of it.
    { to = "result_segment", value = "1" },
    { to = "result_status", value = "1" },
    { to = "reference_class", value = "1" },

    -- いつもあるはずの5つの要素。氏名と生年月日がなければ渡しません。ほかの3つは、回答になければ、値を作らずに空の要素を
    -- 書きます。 Five elements that programs expect: without name and day of birth nothing is written, the others are
    -- empty where the answer has none, never a value.
    { to = "name", from = "name", when = "!name", required = true },
    { to = "birth_date", from = "birth_date", when = "!birth_date", required = true },
    { to = "card_class", value = "" },
    { to = "sex", value = "" },
    { to = "insurer_name", value = "" },
  },
}
