-- 汎用CSV：1人を1行にします。書き方を一度ずつ使った、手本のスクリプトです。
-- A generic CSV, one line a person; every way to write a row is used once and explained.
--
-- 使い方：このフォルダーを写し、見出し（to）と列の順を相手のソフトに合わせて直します。写さずに列だけ変えるときは、
-- 変更ファイル（overlay）を使います。説明は README.md と docs/mapping.md にあります。
-- Copy this folder and change headings and order, or change single columns by an overlay.
--
-- このファイルはUTF-8です。できるCSVはCP932（WindowsのシフトJIS）、改行はCRLFです。
-- This file is UTF-8; the CSV that it makes is code page 932 with CRLF.

-- ---- 設定 / Settings ------------------------------------------------------------------------------------------------

-- 氏名に ●（送られなかった字）がある人をどうするか。true：渡さずに止める（違う名前で登録しないため）、false：● のまま渡す。
-- A name with ● for a character that could not be sent: true stops, false writes it as it came.
local stop_at_missing_character = true

-- ---- 関数 / Functions -----------------------------------------------------------------------------------------------
-- データの行だけで足りないところにだけ書きます。ない値は nil、空で届いた値は "" です。
-- Only where rows of data are not enough. Absent is nil, empty is "".

-- when に書く関数：真を返した行だけに値が入ります。医療扶助では、同じ項目に公費負担者番号と受給者番号が入ってきます。
-- For `when`: a row has its value only where this is true. With 医療扶助 the same fields hold other numbers.
local function is_aid(rec)
  return rec.derived.is_medical_aid ~= nil
end

local function is_insurance(rec)
  return rec.derived.is_medical_aid == nil
end

-- with に書く関数：値（from がなければ nil）と記録を受け取り、書く値を返します。
-- For `with`: gets the value (nil without `from`) and the record, returns what is written.
local function kind_of(_, rec)
  if is_aid(rec) then
    return "医療扶助"
  end
  return text.first(rec.card_class, rec.insurer_number) and "医療保険"
end

-- 割合は 10、20、30 だけです。000 など、ほかの値は書かれていないものとします。空で届いた割合は "" です。
-- A share is 10, 20 or 30; anything else, as 000, counts as not stated.
local shares = { [10] = 10, [20] = 20, [30] = 30 }

local function share_tenths(percent)
  return text.tenths(shares[percent or 0])
end

-- 負担割合（割）：後期高齢者の割合、なければ高齢受給者証の割合。どちらもなければ空欄です。年齢から推測はしません。
-- The share in tenths from either certificate; nothing is derived from the age.
local function burden(_, rec)
  return text.first(share_tenths(rec.burden_percent), share_tenths(rec.elderly.burden_percent))
end

-- unmappable に書く関数：CP932にない字の代わりを返します。nil なら止まります。住所は読みかえても人を取り違えないので、
-- 1字だけ〓にします。使えば必ず報告されます。氏名の行には書きません。
-- For `unmappable`: what stands for a letter that code page 932 lacks; nil stops. Every use is reported.
local function geta_in_address(_, letter)
  if text.match(letter, "^[㐀-鿿𠀀-𯿿]$") then
    return "〓"
  end
  return nil
end

-- ---- 表 / The table -------------------------------------------------------------------------------------------------

return {
  contract = 1,
  id = "generic-csv",
  adapter = "folder",

  format = "csv",
  encoding = "cp932",
  newline = "crlf",
  header = true,            -- 1行目に見出し / a heading line
  quote = "needed",         -- 引用符は要るときだけ。"always" なら全部 / quotes where needed
  separator = ",",

  -- このスクリプトが見る項目。ここにない項目は、関数からも読めません。まとまりの名前は中の全部を表します。
  -- What this script sees. A function cannot read anything else.
  uses = {
    "confirmation_date", "processed_at", "reference_number", "name", "name_kana", "name_other",
    "name_other_kana", "birth_date", "postal_code", "address", "insurer_number", "insurer_name",
    "symbol", "number", "branch_number", "relation", "insured_name", "card_class", "qualification_date",
    "disqualification_date", "loss_reason", "valid_from", "valid_until", "burden_percent", "preschool",
    "elderly.valid_from", "elderly.valid_until", "elderly.burden_percent", "limit.category",
    "limit.valid_until", "specific_diseases", "medical_aid.payer_number", "medical_aid.recipient_number",
    "medical_aid.office_name", "validity", "derived.age", "derived.sex", "derived.is_medical_aid",
    "derived.name_has_missing_character",
  },

  -- CP932にない字があれば渡さずに止めます。下の表にある字だけは置きかえ、置きかえた字は必ず報告されます。
  -- 髙 﨑 はCP932にあるので、置きかえずにそのまま書きます。
  -- A character that code page 932 lacks stops the delivery, but for these variants; 髙 and 﨑 are in it.
  unmappable = "stop",
  substitute = {
    ["𠮷"] = "吉", ["𣘺"] = "橋", ["𡈽"] = "土", ["𥔎"] = "崎",
  },

  -- ファイル名：資格確認日ごとに1つ。患者の情報は入れません。
  -- Named by the day, never by a person.
  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    return day and "shikaku_" .. day .. ".csv"
  end,

  -- 行の順番が列の順番です。empty（xml）、kind（json）、each（xml json hl7 text）はCSVにはありません。
  -- The order of rows is the order of columns. `empty`, `kind` and `each` belong to other formats.
  fields = {
    -- from だけ、または from と as（変換の名前）。「:」の後ろは変換への指示です。
    -- `from`, or `from` with a helper; what stands behind ":" is its argument.
    { to = "資格確認日", from = "confirmation_date", as = "date:YYYY/MM/DD", required = true },
    { to = "患者番号", from = "reference_number" },

    -- width：この長さになるまで pad で詰めます。長すぎれば切らずに止まります。ふつうはCP932でのバイト数、unit = "chars" なら字数。
    -- `width` fills up with `pad`; what is longer stops and is never cut. In bytes, with unit = "chars" in characters.
    { to = "資格の順番", with = function(_, rec) return rec.record_index end,
      width = 2, pad = "0", align = "right" },
    { to = "資格の種類", with = kind_of },

    -- required：なければ止まる。max_chars：文字数、max_bytes：CP932でのバイト数の上限。
    -- `required` stops without a value; limits in characters and in bytes of code page 932.
    { to = "氏名", from = "name", required = true, max_chars = 50, max_bytes = 100 },

    -- as に並べた変換は、順に通ります。Helpers in a list are applied one after the other.
    { to = "氏名カナ", from = "name_kana", as = { "kana_half", "trim" }, max_bytes = 100 },

    -- when = "項目"：その項目に中身があるときだけ。"!項目" なら、ないときだけ。
    -- `when` with a path: only where that has content; with "!" before it, where it has none.
    { to = "通称", from = "name_other", max_chars = 50 },
    { to = "通称カナ", from = "name_other_kana", as = "kana_half", when = "name_other" },

    { to = "性別", from = "derived.sex", as = "sex12" },
    { to = "生年月日", from = "birth_date", as = "date:YYYYMMDD", required = true },
    { to = "生年月日（和暦）", from = "birth_date", as = "wareki:Ey年M月D日" },
    { to = "生年月日（元号7桁）", from = "birth_date", as = "era7" },
    { to = "年齢", from = "derived.age" },
    { to = "郵便番号", from = "postal_code", as = { "digits", "hyphen" } },
    { to = "住所", from = "address", max_bytes = 200, unmappable = geta_in_address },

    -- まとまり（fields を持つ行）：when は中の行すべてにかかります。合わないとき、CSVでは列は残り、空になります。
    -- A group: its `when` counts for all of its rows. In a CSV the columns stay and are empty.
    { when = is_insurance, fields = {
      { to = "保険者番号", from = "insurer_number", as = "insurer:bare", max_bytes = 8 },
      { to = "保険者番号（8桁）", from = "insurer_number", as = "insurer:space" },
      { to = "検証番号の判定", from = "insurer_number", as = "check_digit" },
      { to = "法別番号", from = "insurer_number", as = "law_number" },
      { to = "保険者名", from = "insurer_name" },
      { to = "記号", from = "symbol", as = "wide" },
      { to = "番号", from = "number", as = "wide" },
      { to = "枝番", from = "branch_number", as = "branch2" },
      { to = "記号・番号", with = function(_, rec)
          return text.wide(text.symbol_number(rec.symbol, rec.number))
        end },
      { to = "本人家族", from = "relation", as = "relation12" },
      { to = "被保険者氏名", from = "insured_name" },
    } },
    { when = is_aid, fields = {
      { to = "公費負担者番号", with = function(_, rec)
          return text.first(rec.insurer_number, rec.medical_aid.payer_number)
        end },
      { to = "公費受給者番号", with = function(_, rec)
          return text.first(rec.number, rec.medical_aid.recipient_number)
        end },
      { to = "福祉事務所", with = function(_, rec)
          return text.first(rec.insurer_name, rec.medical_aid.office_name)
        end },
    } },

    { to = "資格取得日", from = "qualification_date", as = "date:YYYYMMDD" },
    { to = "資格喪失日", from = "disqualification_date", as = "date:YYYYMMDD" },
    -- コードの項目は、名前に _label を付けると日本語になります。
    -- A coded field has its Japanese label at the name with `_label`.
    { to = "喪失事由", from = "loss_reason_label" },
    { to = "有効開始日", from = "valid_from", as = "date:YYYYMMDD" },
    { to = "有効終了日", from = "valid_until", as = "date:YYYYMMDD" },
    { to = "負担割合（割）", with = burden },

    -- value：決まった値。`value` is a constant.
    { to = "未就学", value = "1", when = "preschool" },

    -- to のあるまとまり：見出しの前に付きます（「限度額/適用区分」）。
    -- A group with `to`: it stands before the headings.
    { to = "高齢受給者証", fields = {
      { to = "割合（割）", from = "elderly.burden_percent", with = share_tenths },
      { to = "有効開始日", from = "elderly.valid_from", as = "date:YYYYMMDD" },
      { to = "有効終了日", from = "elderly.valid_until", as = "date:YYYYMMDD" },
    } },
    { to = "限度額", fields = {
      { to = "適用区分", from = "limit.category_label" },
      { to = "有効終了日", from = "limit.valid_until", as = "date:YYYYMMDD" },
    } },

    -- 並びの1つ目、2つ目。くり返しのまとまり（each）は、CSVでは使えません（generic-xml を見てください）。
    -- The first and second entry of a list. Repeating groups are for other formats: see generic-xml.
    { to = "特定疾病1", from = "specific_diseases[1].disease_label" },
    { to = "特定疾病1限度額", from = "specific_diseases[1].self_pay_yen" },
    { to = "特定疾病2", from = "specific_diseases[2].disease_label" },
    { to = "特定疾病2限度額", from = "specific_diseases[2].self_pay_yen" },

    { to = "資格有効性", from = "validity" },
    { to = "資格有効性（言葉）", from = "validity_label" },
    -- 確認アプリの内容には、有効かどうかがありません。アプリの画面で確かめます。
    -- A text that was copied from the app does not say it: somebody looks at the app's screen.
    { to = "画面で確認", value = "1", when = "!validity" },
    { to = "取込元", value = "資格確認" },
  },

  -- 最後の点検：見出しの名前を返すと、その項目を示して止まります。何も返さなければ合格です。
  -- A last look: returning a heading stops the delivery and names that field.
  check = function(_, rec)
    if stop_at_missing_character and rec.derived.name_has_missing_character then
      return "氏名"
    end
    return nil
  end,
}
