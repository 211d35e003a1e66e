-- 資格確認端末の OQS フォルダーを使う設定です(医療機関・薬局)。
-- Settings for the folders of an eligibility terminal. See docs/folder-route.md.
return {
  route = "folder",
  institution_code = "9919999999", -- 見本です。自院の10桁に変えてください / replace it by your own
  folder = {
    root = "OQS",                  -- 中に req、res、face / with req, res and face in it
  },
  deliveries = {
    { script = "../../scripts/uketsuke_csv.lua", folder = "out" },
  },
  log = { file = "shikaku.log" },
}
