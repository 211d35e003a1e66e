-- 患者一覧（CSV）の列の対応：一括の資格再確認と照会番号の登録に使います。docs/bulk.md に説明があります。
-- Which column of the table of patients means what, for asking again in bulk and for registering
-- patient numbers. docs/bulk.md explains it.
--
-- 右側には、お使いのレセコンが出力したCSVの見出しを書きます。見出しがない表では、左からの列の番号を書きます。
-- On the right stands the heading of your program's CSV; in a table without a heading, the number of the
-- column, counted from 1.

return {
  -- "csv" か "tsv"（タブ区切り）。
  -- "csv", or "tsv" for tabs.
  format = "csv",

  -- "auto"（UTF-8かシフトJISかを中身で判断）、"utf-8"、"cp932"（シフトJIS）。
  -- "auto" decides by the bytes.
  encoding = "auto",

  -- 1行目が見出しなら true。
  -- true when the first line is the heading.
  header = true,

  -- 日付が 3600312 のような7桁（1明治 2大正 3昭和 4平成 5令和、年月日）なら "era7"。ほかの書き方は "usual" で読めます。
  -- "era7" also reads 3600312: a digit for the era, then year, month and day.
  dates = "usual",

  -- true にすると、一覧が空欄の項目は「変更あり」にしません。枝番などの記入もれを見つけたいときは false のままにします。
  -- true: an empty cell is never a change.
  ignore_empty = false,

  -- true なら、differences.csv の数字だけの患者番号を ="000123" と書き、表計算ソフトで先頭の 0 が消えないようにします。
  -- ほかのソフトに取り込むときは false にします。
  -- true: a spreadsheet keeps the zeros of patient numbers in differences.csv; false for other programs.
  excel = true,

  -- 結果に書き写す、お使いのソフトの患者番号。
  -- Your own number of the patient; it is copied into the results.
  id = "患者番号",

  -- 照会番号の登録（register）のときだけ使います。
  -- Only for registering.
  reference_number = "患者番号",

  -- 限度額適用認定証の情報提供に本人が同意した列があれば、行頭の -- を消します。値が 1 の人だけ同意となります。
  -- A column that says 1 when the patient agrees to the limit certificate.
  -- limit_consent = "限度額同意",

  columns = {
    -- 照会に使う項目です。保険者番号・番号・生年月日は必ず要ります。記号と枝番は、ない方は空欄でかまいません。
    -- Asked with these. Insurer number, number and date of birth are needed; the others may be empty.
    insurer_number = "保険者番号",
    symbol = "記号",
    number = "番号",
    branch_number = "枝番",
    birth_date = "生年月日",

    -- 照会には使わず、回答と比べるだけの項目です。docs/fields.md のどの項目でも書き足せます。
    -- Only compared with the answer. Any field of docs/fields.md can be added.
    name = "氏名",
    name_kana = "氏名カナ",
    sex = "性別",
    -- address = "住所",
    -- relation = "本人家族",
    -- valid_until = "有効終了日",
  },

  -- 表の書き方を、回答の書き方に読みかえます。ここにない値はそのまま比べます。
  -- How the table's words are read. What is not listed is compared as it is.
  values = {
    sex = { ["男"] = "male", ["女"] = "female", ["1"] = "male", ["2"] = "female" },
    -- relation = { ["本人"] = "self", ["家族"] = "family" },
  },
}
