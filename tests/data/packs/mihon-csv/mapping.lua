-- 1人を1行にします。
-- One line per person.
return {
  contract = 1,
  id = "mihon-csv",
  format = "csv",
  encoding = "cp932",
  header = true,

  file = function(rec)
    local day = text.date(rec.confirmation_date, "YYYYMMDD")
    return day and "mihon_" .. day .. ".csv"
  end,

  fields = {
    { to = "氏名", from = "name", required = true, max_bytes = 20 },
    { to = "カナ", from = "name_kana", as = { "kana_half", "trim" } },
    { to = "生年月日", from = "birth_date", as = "date" },
    { to = "保険者番号", from = "insurer_number", max_chars = 8 },
    { to = "記号番号", with = function(_, rec)
        return (rec.symbol or "") .. "-" .. (rec.number or "")
      end },
  },
}
