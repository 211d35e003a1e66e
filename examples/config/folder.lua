-- 資格確認端末の OQS フォルダーを使う設定です(医療機関・薬局)。
-- 始める前に、このファイルの隣にフォルダー out を作ります。場所は、この設定ファイルから見た場所です。
-- Settings for the folders of an eligibility terminal. See docs/folder-route.md. Make the folder "out"
-- first. Paths are seen from this file.
return {
  route = "folder",
  institution_code = "9919999999", -- 見本です。自院の10桁に変えてください / replace it by your own
  folder = {
    root = "OQS",                  -- 中に req、res、face。共有なら "/mnt/OQS" など / with req, res, face in it
  },
  deliveries = {
    -- 別の場所に写したら "../../scripts/" を直します / put this path right when you copy this file
    { script = "../../scripts/uketsuke_csv.lua", folder = "out" },
  },
  log = { file = "shikaku.log" },
}
