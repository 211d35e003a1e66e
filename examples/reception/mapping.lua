-- 受付の見本の変換:1人を1つの小さな XML にします。日時が入らないので、同じ回答なら毎日同じ文書です。
-- The mapping of the sample hosts: one small XML per person. Nothing of the clock is in it, so the same
-- answer is the same document every day.
return {
  contract = 1,
  id = "reception",
  format = "xml",
  encoding = "utf-8",
  newline = "lf",
  root = "Patient",
  uses = { "name", "name_kana", "birth_date", "insurer_number", "symbol", "number", "branch_number" },
  file = "patient.xml",
  fields = {
    { to = "Name", from = "name", required = true },
    { to = "Kana", from = "name_kana", as = "kana_full" },
    { to = "Birth", from = "birth_date", as = "wareki" },
    { to = "Insurer", from = "insurer_number" },
    { to = "Symbol", from = "symbol" },
    { to = "Number", from = "number" },
    { to = "Branch", from = "branch_number" },
  },
}
