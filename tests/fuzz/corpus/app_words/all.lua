-- マイナ資格確認アプリからコピーした内容を読むための、言葉の追加です。
-- アプリの文面が変わったときは、プログラムの更新を待たずに、ここへ書き足せば読めるようになります。
-- 設定ファイルに  app = { words = "app_words.lua" }  と書くと使われます。説明は docs/app-text.md にあります。
--
-- Further words for reading the text that the official app copies. When the app changes its text, add
-- them here; no new program is needed. Set  app = { words = "app_words.lua" }  in the configuration.
-- docs/app-text.md explains everything.
--
-- 下の行は見本です。先頭の -- を消すと働きます。The rows below are examples; remove the -- to use them.

return {
  -- 見出し：新しい見出しが、どの見出しと同じ意味か。
  -- 医療保険か医療扶助かが決まっているときは record にも書きます。
  -- Headings: which known one a new one means; with `record` when it belongs to one kind of record.
  headings = {
    ["高齢受給者証情報"] = "高齢受給者証",
    ["生活保護の資格情報"] = { section = "資格情報", record = "医療扶助" },
  },

  -- 項目：見出しの下の新しい項目名が、どの値か（右側の名前は docs/fields.md にあります）。
  -- 医療扶助の項目名は確かめられていません。違うときはここに足します。
  -- Keys below a heading and the path of their value (docs/fields.md). The keys of medical aid have not
  -- been confirmed; add the real ones here.
  keys = {
    ["資格情報"] = { ["負担の割合"] = "burden_percent" },
    ["資格情報(医療扶助)"] = { ["負担者番号"] = "insurer_number" },
    ["見出しの前"] = { ["患者番号"] = "reference_number" },
  },

  -- 値の言葉：右側はオンライン資格確認の XML と同じ書き方（割合は "030"、日付は "20240801"）。
  -- "" は「値なし」の意味になります。
  -- Words for values; on the right as the service's XML writes it. "" means that nothing is there.
  values = {
    burden_percent = { ["３割負担"] = "030", ["－"] = "" },
    sex = { ["記載なし"] = "3" },
    ["limit.category"] = { ["区分ウ"] = "A03" },
  },

  -- 読まなくてよい項目と見出し。書いておくと「読めなかった項目」に出なくなります。
  -- Keys and headings that need not be read; they are no longer reported.
  ignored = {
    ["資格情報"] = { "照会日時" },
    ["見出しの前"] = { "お知らせ" },
  },

  -- 日付の書き方：G 元号、y その年、Y 西暦4桁、M 月、D 日。ほかの文字はそのまま。
  -- Notations of dates: G era, y its year, Y western year, M month, D day; anything else as it is.
  dates = {
    "D.M.Y",
  },

  -- コピーした内容の最初の行に来るもの。これで始まらない内容には触れません。
  -- What a text may begin with. Texts that begin otherwise are not touched.
  beginnings = {
    "照会日時",
  },
}
