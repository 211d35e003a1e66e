-- マイナ資格確認アプリからコピーした内容を受け取る設定です(資格確認限定型の施設)。
-- Settings for a desk that copies from the official app (limited type). See docs/app-text.md.
return {
  route = "app",
  app = {
    source = "clipboard",          -- Windows。Linux では "file" にして file を書きます / "file" elsewhere
    -- file = "copied.txt",
    -- words = "app_words.lua",    -- アプリの言葉が変わったとき / when the app's words change
    clear_clipboard = "no",
  },
  deliveries = {
    -- コピーした内容には有効・無効が書かれていません。アプリの画面で確かめたものとして渡すなら "found"。
    -- The text does not say whether the entitlement is valid; "found" hands it over all the same.
    { script = "../../scripts/uketsuke_csv.lua", folder = "out", when = "found" },
  },
  log = { file = "shikaku.log" },
}
