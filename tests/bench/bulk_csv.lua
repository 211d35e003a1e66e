-- Twelve columns for a measurement, of which bulk_peer.py and bulk_peer.xsl write the same bytes.
local function sex_code(sex)
  return sex == "male" and "1" or sex == "female" and "2" or nil
end

return {
  contract = 1,
  id = "bulk_csv",
  format = "csv",
  encoding = "cp932",
  header = true,
  file = "bulk.csv",
  fields = {
    { to = "照会番号", from = "reference_number" },
    { to = "氏名", from = "name", required = true },
    { to = "氏名カナ", from = "name_kana" },
    { to = "生年月日", from = "birth_date", as = "date" },
    { to = "性別", from = "sex", with = sex_code },
    { to = "保険者番号", from = "insurer_number", max_bytes = 8 },
    { to = "保険者名", from = "insurer_name" },
    { to = "記号", from = "symbol" },
    { to = "番号", from = "number" },
    { to = "枝番", from = "branch_number" },
    { to = "有効開始日", from = "valid_from", as = "date" },
    { to = "有効終了日", from = "valid_until", as = "date" },
  },
}
