-- マイナ資格確認アプリからコピーした内容を受け取る設定です(資格確認限定型の施設)。
-- はじめかたは docs/app-text.md にあります。始める前に、このファイルの隣にフォルダー out を作ります。
-- Settings for a desk that copies from the official app (limited type). docs/app-text.md begins with the
-- steps. Make the folder "out" beside this file first.
--
-- ファイルとフォルダーの場所は、この設定ファイルから見た場所です。別の場所に写したら、"../../scripts/" の
-- ところを直します(絶対パスでもかまいません)。
-- Paths are seen from this file. When you copy it elsewhere, put "../../scripts/" right, or write an
-- absolute path.
return {
  route = "app",
  app = {
    source = "file",               -- この版(Linux)で使えるもの / what this version, on Linux, can do
    file = "copied.txt",           -- 内容を貼り付けて保存するファイル。なくても始められます / may come later
    -- words = "app_words.lua",    -- アプリの言葉が変わったとき / when the app's words change

    -- Windows の版が出たら、上の source と file の代わりに書きます(この版では使えません)。
    -- Instead of source and file, once there is a version for Windows; not in this one.
    -- source = "clipboard",
    -- clear_clipboard = "no",     -- "yes": 取り込んだら消す / empties the clipboard after use
  },
  deliveries = {
    -- コピーした内容には、資格が有効かどうかが書かれていません。ふつうの when = "eligible" では何も渡らない
    -- ので "found" にします。有効かどうかは、アプリの画面で人が確かめます。
    -- The text does not say whether the entitlement is valid, so the usual "eligible" would deliver
    -- nothing. "found" hands it over; somebody looks at the app's screen for the validity.
    { script = "../../scripts/uketsuke_csv.lua", folder = "out", when = "found" },
  },
  log = { file = "shikaku.log" },
}
