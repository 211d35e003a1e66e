-- 汎用XML：1つの回答を1つのXMLにします。医療保険と医療扶助の両方がある人も、1つの文書の中に並びます。
-- 要素の入れ子、属性、くり返し、値がないときの3通りの書き方を、一度ずつ使った手本のスクリプトです。
-- A generic XML, one document for the whole answer: elements inside elements, attributes, repeated groups and
-- the three ways to write an absent value are used once and explained.
--
-- 使い方：このフォルダーを写し、root と to の名前を相手のソフトに合わせて直します。説明は README.md にあります。
-- Copy this folder and change the names in `root` and `to`. README.md says more.

-- ---- 設定 / Settings ------------------------------------------------------------------------------------------------

-- この形の版。相手と決めて、形を変えたら上げます。 The version of this form, agreed with the host.
local form = "1"

-- ---- 関数 / Functions -----------------------------------------------------------------------------------------------

-- 資格の種類：医療扶助か医療保険か。どちらとも分からなければ属性を書きません。
-- The kind of entitlement; no attribute where the answer does not tell.
local function kind_of(_, rec)
  if rec.derived.is_medical_aid then
    return "medical-aid"
  end
  return text.first(rec.card_class, rec.insurer_number) and "insurance"
end

-- くり返しの when：本当なら1つを書きます。何も言わない受療証は書きません。entry はいまの1つです。
-- `when` of a repeated group: an entry that names no disease is passed over.
local function names_a_disease(_, entry)
  return text.first(entry.disease) ~= nil
end

-- 割合は 10、20、30 だけです。000 など、ほかの値は書かれていないものとします。
-- A share is 10, 20 or 30; anything else, as 000, counts as not stated.
local shares = { [10] = 10, [20] = 20, [30] = 30 }

local function share(percent)
  return shares[percent or 0]
end

return {
  contract = 1,
  id = "generic-xml",
  adapter = "folder",

  format = "xml",
  encoding = "utf-8",
  newline = "lf",
  root = "EligibilityAnswer",
  declaration = "yes",      -- "standalone" なら standalone="no" も、"no" なら宣言なし
  indent = 2,

  -- 文書の単位：記録ごと（"record"）か、回答全体で1つ（"answer"）か。
  -- One document a record, or one for the whole answer.
  per = "answer",

  -- 値がないときの要素：作らない（omit）、空で作る（element）、xsi:nil を付ける（nil）。行ごとにも書けます。
  -- An absent value's element: none, an empty one, or xsi:nil; a row may say otherwise.
  empty = "omit",

  -- このスクリプトが見る項目。並びの名前（specific_diseases）は、その中の全部を表します。
  -- What this script sees; the name of a list stands for all in it.
  uses = {
    "confirmation_date", "processed_at", "reference_number", "name", "name_kana", "name_other",
    "name_other_kana", "birth_date", "postal_code", "address", "card_class", "insurer_number",
    "insurer_name", "symbol", "number", "branch_number", "relation", "insured_name",
    "qualification_date", "disqualification_date", "loss_reason", "valid_from", "valid_until",
    "burden_percent", "preschool", "elderly.valid_from", "elderly.valid_until", "elderly.burden_percent",
    "limit.category", "limit.valid_from", "limit.valid_until", "specific_diseases",
    "medical_aid.tickets", "validity", "derived.sex", "derived.is_medical_aid",
    "derived.name_has_missing_character",
  },

  -- ファイル名：資格確認日と処理した時刻。患者の情報は入れません。確認アプリの内容には時刻がないので app とし、
  -- 同じ名前があれば、渡すときに _2、_3 が付きます。
  -- Named by day and time, never by a person; a text that was copied from the app has no time.
  file = function(rec)
    local day = text.date(text.first(rec.confirmation_date, rec.processed_at), "YYYYMMDD")
    local time = text.date(text.first(rec.processed_at), "hhmmss")
    return day and "shikaku_" .. day .. "_" .. text.first(time, "app") .. ".xml"
  end,

  fields = {
    -- 「@」は属性です。その要素の中身より先に書きます。root の属性は「@名前」だけです。
    -- "@" is an attribute and stands before the content of its element; here it is one of the root.
    { to = "@version", value = form },
    { to = "@confirmed", from = "confirmation_date", required = true },
    { to = "@processed", from = "processed_at" },

    -- each = "records"：同じ回答の記録の1つずつに、中の行をくり返します。@index はその番号です。
    -- Repeats its rows for every record of the answer; "@index" is the number.
    { to = "Entitlement", each = "records", fields = {
      { to = "@no", from = "@index" },
      { to = "@kind", with = kind_of },
      { to = "@validity", from = "validity" },

      -- 続く行は、開いている親（Person）にまとまります。Rows that follow share their open parents.
      -- 確認アプリの内容では、値のない項目が空（""）で届きます。空の属性や日付の要素を作らないよう、when を付けます。
      -- A text that was copied from the app is full of empty values: `when` keeps empty attributes and dates away.
      { to = "Person/@number", from = "reference_number", when = "reference_number" },
      { to = "Person/Name/@incomplete", when = "derived.name_has_missing_character", value = "true" },
      { to = "Person/Name", from = "name", required = true },
      { to = "Person/Kana", from = "name_kana", as = "kana_full" },
      { to = "Person/OtherName", when = "name_other", fields = {
        { to = "Name", from = "name_other" },
        { to = "Kana", from = "name_other_kana", as = "kana_full" },
      } },
      { to = "Person/Sex", from = "derived.sex" },
      { to = "Person/Birth/@era", from = "birth_date", as = "wareki:Ey年M月D日" },
      { to = "Person/Birth", from = "birth_date", required = true },

      -- text()：子の要素の後ろに続く文字。この要素の中には字下げも改行も入りません。
      -- text(): text behind child elements; nothing is added inside such an element.
      { to = "Person/Address/PostalCode", from = "postal_code", as = "digits" },
      { to = "Person/Address/text()", from = "address" },

      { to = "Insurer/@number", from = "insurer_number", as = "insurer:bare" },
      { to = "Insurer", from = "insurer_name" },

      { to = "Card/@class", from = "card_class" },
      -- 記号がない人も、要素だけは要る相手のために。 For a host that wants the element even without a value.
      { to = "Card/Symbol", from = "symbol", empty = "element" },
      { to = "Card/Number", from = "number", empty = "element" },
      -- 枝番：ないことを xsi:nil で示します。00 にはしません。 Absent is told by xsi:nil and never becomes 00.
      { to = "Card/Branch", from = "branch_number", as = "branch2", empty = "nil" },
      { to = "Card/Relation", from = "relation" },
      { to = "Card/InsuredName", from = "insured_name" },

      { to = "Period/Qualified", from = "qualification_date", when = "qualification_date" },
      { to = "Period/Lost", when = "disqualification_date", fields = {
        { to = "@reason", from = "loss_reason", when = "loss_reason" },
        { to = "@date", from = "disqualification_date" },
      } },
      { to = "Period/From", from = "valid_from", when = "valid_from" },
      { to = "Period/Until", from = "valid_until", when = "valid_until" },

      { to = "Share", with = function(_, rec)
          return share(rec.burden_percent) or share(rec.elderly.burden_percent)
        end },
      { to = "Preschool", value = "true", when = "preschool" },

      { to = "ElderlyCertificate", when = "elderly.burden_percent", fields = {
        { to = "@percent", from = "elderly.burden_percent", with = share },
        { to = "From", from = "elderly.valid_from", when = "elderly.valid_from" },
        { to = "Until", from = "elderly.valid_until", when = "elderly.valid_until" },
      } },

      { to = "LimitCertificate", when = "limit.category", fields = {
        { to = "@category", from = "limit.category" },
        { to = "Label", from = "limit.category_label" },
        { to = "From", from = "limit.valid_from", when = "limit.valid_from" },
        { to = "Until", from = "limit.valid_until", when = "limit.valid_until" },
      } },

      -- each = 並びの名前：1つずつくり返します。中の from は、その1つから数えます。
      -- Repeats for every entry of a list; `from` is relative to the entry.
      { to = "SpecificDisease", each = "specific_diseases", when = names_a_disease, fields = {
        { to = "@no", from = "@index" },
        { to = "@code", from = "disease" },
        { to = "Name", from = "disease_label" },
        { to = "From", from = "valid_from" },
        { to = "Until", from = "valid_until", empty = "nil" },   -- 期限がないことを示す / says that there is no end
        { to = "SelfPay/@unit", value = "JPY", when = "self_pay_yen" },
        { to = "SelfPay", from = "self_pay_yen" },
      } },

      { to = "MedicalTicket", each = "medical_aid.tickets", fields = {
        { to = "@type", from = "ticket_type" },
        { to = "@month", from = "treatment_month" },
        { to = "IssueNumber", from = "issue_number" },
        { to = "From", from = "valid_from" },
        { to = "Until", from = "valid_until" },
        { to = "Institution", from = "institution_code" },
        { to = "Injury[1]", from = "injury_name_1" },
        { to = "Injury[2]", from = "injury_name_2" },
        { to = "Injury[3]", from = "injury_name_3" },
        { to = "SelfPay/@unit", value = "JPY", when = "self_pay_yen" },
        { to = "SelfPay", from = "self_pay_yen" },
      } },
    } },
  },
}
