-- 8,192 short texts of one hash => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local pairs_of_blocks = {
      { "aaU", "asH" }, { "acU", "aer" }, { "aaa", "asj" }, { "acg", "aeT" }, { "aaV", "aom" },
      { "akJ", "amE" }, { "aaN", "aeh" }, { "asg", "auj" }, { "aai", "asr" }, { "apz", "apQ" },
      { "aaF", "as7" }, { "akI", "amF" }, { "afx", "aib" },
    }
    local all = { "" }
    for _, blocks in ipairs(pairs_of_blocks) do
      local longer = {}
      for _, tail in ipairs(all) do
        longer[#longer + 1] = blocks[1] .. tail
        longer[#longer + 1] = blocks[2] .. tail
      end
      all = longer
    end
    local t = {}
    for i = 1, #all do t[all[i]] = i end
    while true do
      for i = 1, #all do local x = all[i]:sub(1, -2) .. all[i]:sub(-1) end
    end
  end },
} }
