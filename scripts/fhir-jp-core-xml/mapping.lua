-- FHIR JP Core(R4)の Bundle:回答1つを1つのXMLにします。中身は JP_Patient が1つ、資格(医療保険、医療扶助)ごとに
-- JP_Coverage と、その保険者の JP_Organization が1つずつです。
-- One answer becomes one FHIR R4 Bundle: a JP_Patient, and for each entitlement a JP_Coverage with its payer.

---------------------------------------------------------------------------------------------------
-- 設定:受け取る側の決まりに合わせます / settings: what the receiver wants

-- 医療機関コード10桁。nil なら回答の医療機関コード。確認アプリの内容にはコードがないので、そのときはここに書きます。
-- The institution's 10 digits; nil takes those of the answer. Texts copied from the app have none.
local INSTITUTION = nil
local PATIENT_NUMBER = "urn:oid:1.2.392.100495.20.3.51.1" -- この後ろに10桁が付く / the 10 digits follow

-- 患者の識別子に被保険者個人識別子も書くか。"needed" 患者番号(照会番号)がないときだけ、"always" いつも(JP-CLINS)、
-- "never" 書かない(患者番号がなければ止まる)
-- memberID as a patient's identifier: only without a patient number, always (JP-CLINS), never (then it stops).
local MEMBER_ID = "needed"

-- 保険の種類。"both" 別表11と PUBLICPOL、"table11" 別表11だけ、"act" PUBLICPOL だけ(JP Core の公式の例)
-- Coverage.type: both codings, 別表11 alone, or PUBLICPOL alone as in JP Core's example.
local TYPE = "both"
local TABLE_11 = "urn:oid:1.2.392.100495.20.2.61"
-- 同じ表のURLの形 / the same table as a URL: http://jpfhir.jp/fhir/core/mhlw/CodeSystem/InsuranceMajorCategory

-- 資格有効性が回答にないとき(確認アプリの内容)の status。有効かどうかを送られていないので、下書きにします。
-- Coverage.status when the answer does not say whether the entitlement is valid: draft, or "active".
local UNSTATED = "draft"

-- 資格喪失のときの period.end。"before" 資格喪失年月日の前日(FHIRでは終わりの日も期間に入るため)、"day" その日のまま
-- period.end of a lost entitlement: the day before the loss, as FHIR counts the end in, or the day as it was sent.
local LOSS = "before"

-- 被保険者識別子のCSV形式(JP_Coverage_id)も書くか / the identifier in CSV form too
local CSV_IDENTIFIER = false

-- 保険者番号(JP_Organization)。"bare" 券面のとおり、"zero" 前に0を詰めて8桁 / as on the card, or 8 digits
local INSURER = "bare"

-- 氏名に送れなかった字(●)があるとき。"stop" 渡さない、"write" そのまま書く / a name with ●: stop, or write it
local MISSING = "stop"

-- 上にない言葉は、読み込むときに止まります / any other word stops while the script is loaded
local function setting(value, ...)
  for _, word in ipairs({ ... }) do
    if value == word then return end
  end
  error("設定の言葉が違います / no such word of a setting", 2)
end

setting(MEMBER_ID, "needed", "always", "never")
setting(TYPE, "both", "table11", "act")
setting(UNSTATED, "draft", "active", "cancelled", "entered-in-error")
setting(LOSS, "before", "day")
setting(INSURER, "bare", "zero")
setting(MISSING, "stop", "write")

---------------------------------------------------------------------------------------------------
-- 名前の空間 / systems and profiles

local CORE = "http://jpfhir.jp/fhir/core/"
local PROFILE = CORE .. "StructureDefinition/"
local EXTENSION = CORE .. "Extension/StructureDefinition/JP_Coverage_InsuredPerson"
local WRITING = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
local MEMBER = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID"
local CSV = CORE .. "IdSystem/JP_Coverage_id"
local INSURER_NUMBER = CORE .. "mhlw/IdSystem/InsurerNumber"
local PAYER_NUMBER = CORE .. "mhlw/IdSystem/PublicPayerNumber"              -- 公費負担者番号
local RECIPIENT_NUMBER = CORE .. "mhlw/IdSystem/PublicInsuredPersonNumber"  -- 公費受給者番号
local RELATION = CORE .. "mhlw/CodeSystem/InsuredPersonCategory"            -- 別表12
local ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
local COPAY = "http://terminology.hl7.org/CodeSystem/coverage-copay-type"
local ORGANIZATION = "http://terminology.hl7.org/CodeSystem/organization-type"
local UNITS = "http://unitsofmeasure.org"

local MOST = 4 -- 1つの回答の資格の数の上限。超えたら止まる / entitlements of one answer; more stop

---------------------------------------------------------------------------------------------------
-- fullUrl:サーバーにまだない資源なので urn:uuid にします。回答の日時と本人の項目から計算する(RFC 4122 の第5版、SHA-1)ので、
-- 同じ回答ならいつも同じ値、一括照会の中でも人ごとに違う値です。番号や氏名は見えず、元に戻すこともできません。
-- Resources without a server yet: urn:uuid. Name-based (version 5), so that the same answer gives the same value and the
-- people of one bulk result differ. No number and no name can be read from it.

local function rol(x, n)
  return (x << n | x >> (32 - n)) & 0xffffffff
end

local function padded(message)
  local b = {}
  for i = 1, #message do
    b[i] = string.byte(message, i)
  end
  b[#b + 1] = 0x80
  while #b % 64 ~= 56 do
    b[#b + 1] = 0
  end
  for i = 7, 0, -1 do
    b[#b + 1] = #message * 8 >> 8 * i & 255
  end
  return b
end

local function mix(i, b, c, d)
  if i < 20 then return (b & c | ~b & d) + 0x5a827999 end
  if i < 40 then return (b ~ c ~ d) + 0x6ed9eba1 end
  if i < 60 then return (b & c | b & d | c & d) + 0x8f1bbcdc end
  return (b ~ c ~ d) + 0xca62c1d6
end

local function sha1(message)
  local bytes, w = padded(message), {}
  local h0, h1, h2, h3, h4 = 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0
  for at = 1, #bytes, 64 do
    local a, b, c, d, e = h0, h1, h2, h3, h4
    for i = 0, 79 do
      local p = at + 4 * i
      w[i] = i < 16 and (bytes[p] << 24 | bytes[p + 1] << 16 | bytes[p + 2] << 8 | bytes[p + 3])
        or rol(w[i - 3] ~ w[i - 8] ~ w[i - 14] ~ w[i - 16], 1)
      a, b, c, d, e = rol(a, 5) + (mix(i, b, c, d) & 0xffffffff) + e + w[i] & 0xffffffff, a, rol(b, 30), c, d
    end
    h0, h1, h2 = h0 + a & 0xffffffff, h1 + b & 0xffffffff, h2 + c & 0xffffffff
    h3, h4 = h3 + d & 0xffffffff, h4 + e & 0xffffffff
  end
  return h0, h1, h2, h3
end

-- 16バイトと、文字の形 / its 16 bytes, and as text
local function uuid5(space, name)
  local a, b, c, d = sha1(space .. name)
  b, c = b & 0xffff0fff | 0x5000, c & 0x3fffffff | 0x80000000
  local bytes = ""
  for _, word in ipairs({ a, b, c, d }) do
    bytes = bytes .. string.char(word >> 24, word >> 16 & 255, word >> 8 & 255, word & 255)
  end
  return bytes, string.format("%08x-%04x-%04x-%04x-%04x%08x", a, b >> 16, b & 0xffff, c >> 16, c & 0xffff, d)
end

local SPACE = "\x84\xb3\xfe\xe0\x4d\x42\x49\x50\x96\xf8\xe8\x6e\xfa\xff\x13\x27" -- このパックの空間 / of this pack
local known = {} -- 1人の間だけ覚える / kept for one person

local function remember(key, make)
  known[key] = known[key] or make()
  return known[key]
end

local function url(what)
  return function(_, rec)
    local name = { rec.institution_code or "", rec.processed_at or "", rec.confirmation_date or "",
                   rec.file_identifier or "", rec.name or "", rec.name_kana or "", rec.birth_date or "" }
    for _, x in ipairs(rec.records) do
      table.insert(name, x.insurer_number or "")
      table.insert(name, x.symbol or "")
      table.insert(name, x.number or "")
      table.insert(name, x.branch_number or "")
    end
    local whole = table.concat(name, "\n")
    return remember(whole .. "\n" .. what, function()
      local person = remember(whole, function() return (uuid5(SPACE, whole)) end)
      local _, written = uuid5(person, what)
      return "urn:uuid:" .. written
    end)
  end
end

---------------------------------------------------------------------------------------------------
-- 値を作る関数。x は1つの資格 / functions that make values; x is one entitlement

local function is_aid(x)
  return x.derived.is_medical_aid ~= nil
end

-- JP Core:漢字のない氏名も全角。text の区切りは半角の空白(SHALL)。姓名に分けられなければ text だけ
-- JP Core: names in full width, the parts of text joined by an ASCII space; text alone when there is one part only.
local function ideographic(name)
  return text.replace(text.wide(text.trim(name)), "　", " ")
end

local function syllabic(name)
  return ideographic(text.kana_full(name))
end

local function family(name)
  local first, rest = text.split(name)
  return rest ~= "" and first or nil
end

local function given(name)
  local _, rest = text.split(name)
  return rest ~= "" and rest or nil
end

local function whole(name)
  local first, rest = text.split(name)
  return rest ~= "" and first .. " " .. rest or first
end

-- 性別:券面が未設定なら券面裏。どちらにもなければ unknown / the back of the card when the front says nothing
local function gender(_, rec)
  return text.first(rec.derived.sex, text.first(rec.sex) and "unknown")
end

-- 後期高齢者(39)には記号も枝番も家族もない / 後期高齢者 know no 記号, no 枝番 and no family
local function is_late_elderly(x)
  return x.derived.law_number == "39"
end

local function symbol(x)
  return not is_aid(x) and not is_late_elderly(x) and text.wide_plain(text.first(x.symbol)) or nil
end

local function number(x)
  return not is_aid(x) and text.wide_plain(text.first(x.number)) or nil
end

local function branch(x)
  return not is_aid(x) and not is_late_elderly(x) and text.branch2(x.branch_number) or nil
end

-- 被保険者個人識別子 保険者番号:記号:番号:枝番 / memberID
local function member_id(x)
  if is_aid(x) or not text.first(x.insurer_number) or not text.first(x.number) then
    return nil
  end
  local late = is_late_elderly(x)
  return text.member_id(x.insurer_number, not late and x.symbol or nil, x.number, not late and x.branch_number or nil)
end

local function csv_identifier(x)
  if not CSV_IDENTIFIER or not member_id(x) then
    return nil
  end
  local parts = { text.insurer(x.insurer_number, "zero"), symbol(x) or "", number(x), branch(x) or "" }
  return '"' .. table.concat(parts, '","') .. '"'
end

local function recipient_number(x)
  return is_aid(x) and text.first(x.number) or nil
end

-- 患者番号:照会番号。system の10桁が分からなければ使わない / the patient number needs the institution's 10 digits
local function patient_number(rec)
  local code = text.first(INSTITUTION, rec.institution_code)
  local ten = code and text.match(code, "^%d%d%d%d%d%d%d%d%d%d$")
  if INSTITUTION and not ten then
    error("INSTITUTION:10桁ではありません / not 10 digits")
  end
  if not ten then
    return nil
  end
  for _, x in ipairs(rec.records) do
    if text.first(x.reference_number) then
      return x.reference_number, PATIENT_NUMBER .. ten
    end
  end
  return nil
end

-- 有効終了が資格確認日より前 / its validity ended before the confirmation date
local function is_expired(x, rec)
  local till, day = text.first(x.valid_until), text.first(rec.confirmation_date)
  return till ~= nil and day ~= nil and till < day
end

-- active 有効、cancelled 有効でない・喪失した・期限が切れた、draft まだ始まっていない、UNSTATED 送られていない
-- valid; not valid, lost or expired; not begun; not stated
local function status(x, rec)
  local validity = text.first(x.validity)
  local valid = validity == "1" or validity == "6"
  local lost = text.first(x.disqualification_date) and not x.derived.loss_in_future
  if lost or (validity and not valid) or is_expired(x, rec) then
    return "cancelled"
  end
  if x.derived.not_covering_date == "1" then
    return "draft"
  end
  return valid and "active" or UNSTATED
end

-- 終わった資格の番号は、ほかにないときだけ / the number of an entitlement that is over only when there is no other
local function patient_member_id(rec)
  if MEMBER_ID == "never" or (MEMBER_ID == "needed" and patient_number(rec)) then
    return nil
  end
  local over = nil
  for _, x in ipairs(rec.records) do
    local id = member_id(x)
    if id and status(x, rec) ~= "cancelled" then
      return id
    end
    over = over or id
  end
  return over
end

-- 別表11:1 医保 2 国保 7 後期高齢者 8 公費。法別番号から分からなければ書かない / absent when the number does not tell
local INSURANCE = { ["01"] = 1, ["02"] = 1, ["03"] = 1, ["04"] = 1, ["06"] = 1, ["07"] = 1, ["31"] = 1, ["32"] = 1,
                    ["33"] = 1, ["34"] = 1, ["63"] = 1, ["72"] = 1, ["73"] = 1, ["74"] = 1, ["75"] = 1 }

local function table_11(x)
  if TYPE == "act" then return nil end
  if is_aid(x) then return "8" end
  if x.derived.insurer_number_6 then return "2" end
  if x.derived.law_number == "39" then return "7" end
  return x.derived.law_number and INSURANCE[x.derived.law_number] and "1" or nil
end

local function act()
  return TYPE ~= "table11" and "PUBLICPOL" or nil
end

-- 記号:番号。記号がなければ空 / the part before the colon is empty without a symbol
local function subscriber_id(x)
  return number(x) and (symbol(x) or "") .. ":" .. number(x) or nil
end

-- 後期高齢者はいつも本人、ほかは送られたとおり / 後期高齢者 are insured themselves, all others as it was sent
local function holder(x)
  return is_late_elderly(x) and "self" or text.first(x.relation)
end

-- 別表12:1 被保険者 2 被扶養者 / the insured person, a family member
local function relation(x)
  return text.relation12(holder(x))
end

local function day_before(day)
  local y, m, d = text.match(day, "^(%d+)-(%d+)-(%d+)$")
  y, m, d = tonumber(y), tonumber(m), tonumber(d) - 1
  if d == 0 then
    y, m = m == 1 and y - 1 or y, m == 1 and 12 or m - 1
    local leap = y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0)
    d = ({ 31, leap and 29 or 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 })[m]
  end
  return string.format("%04d-%02d-%02d", y, m, d)
end

-- 有効終了と資格喪失の早いほう。どちらもなければ書かない / the earlier of both days; none when it is open
local function period_end(x)
  local until_day, lost = text.first(x.valid_until), text.first(x.disqualification_date)
  if lost and LOSS == "before" then
    lost = day_before(lost)
  end
  if until_day and lost then
    return until_day < lost and until_day or lost
  end
  return until_day or lost
end

-- 有効開始。なければ、または終わりより後なら(FHIRは許さない)資格取得 / FHIR allows no start behind the end
local function period_start(x)
  local last = period_end(x)
  for _, day in ipairs({ text.first(x.valid_from) or "", text.first(x.qualification_date) or "" }) do
    if day ~= "" and (not last or day <= last) then
      return day
    end
  end
  return nil
end

-- 公費がいくつもあるときだけ 1、2、3 / only when there are several of public expense
local function order(x, rec)
  local count, mine = 0, nil
  for _, one in ipairs(rec.records) do
    if is_aid(one) then
      count = count + 1
      mine = one.record_index == x.record_index and count or mine
    end
  end
  return count > 1 and mine or nil
end

-- 000 は割合ではない / 000 is no share
local function share(value)
  return (value == 10 or value == 20 or value == 30) and value or nil
end

-- 回答にある割合(%)だけ。高齢受給者証は資格確認日に有効なもの / only what the answer says, and is in force
local function percent(x, rec)
  if share(x.burden_percent) then
    return share(x.burden_percent)
  end
  local card, day = x.elderly, text.first(rec.confirmation_date)
  local from, till = text.first(card.valid_from), text.first(card.valid_until)
  local in_force = not day or ((not from or from <= day) and (not till or day <= till))
  return in_force and share(card.burden_percent) or nil
end

---------------------------------------------------------------------------------------------------
-- 行。FHIRのXMLは、値を value という属性に書き、要素の順番が決まっています。上の設定と関数は fhir-jp-core(JSON)と同じです。
-- Rows. In FHIR's XML a value is an attribute, and the order of elements is fixed. All above is that of fhir-jp-core.

-- 決まった値(system など)と、値。値がなければどちらも書かない / a constant and a value; without the value neither
local function both(to, constant_to, constant, to_value, with, more)
  local rows = { { to = constant_to, value = constant }, { to = to_value, with = with } }
  for _, row in ipairs(more or {}) do
    table.insert(rows, row)
  end
  return { to = to, when = function(rec) return with(nil, rec) ~= nil end, fields = rows }
end

local function name_rows(n, from, use, writing, form)
  return { to = "name[" .. n .. "]", when = from, fields = {
    { to = "extension/@url", value = WRITING },
    { to = "extension/valueCode/@value", value = writing },
    { to = "use/@value", value = use },
    { to = "text/@value", from = from, with = function(v) return whole(form(v)) end },
    { to = "family/@value", from = from, with = function(v) return family(form(v)) end },
    { to = "given/@value", from = from, with = function(v) return given(form(v)) end },
  } }
end

local function has_patient_number(rec) return patient_number(rec) ~= nil end
local function needs_member_id(rec) return not patient_number(rec) or patient_member_id(rec) ~= nil end
local function has_address(rec) return text.first(rec.address, rec.postal_code) ~= nil end

local function postal_code(v) return text.postal_hyphen(text.first(v)) end

local patient = { to = "entry[1]", fields = {
  { to = "fullUrl/@value", with = url("Patient") },
  { to = "resource/Patient", fields = {
    { to = "meta/profile/@value", value = PROFILE .. "JP_Patient" },
    { to = "identifier[1]", when = has_patient_number, fields = {
      { to = "system/@value", with = function(_, rec) local _, system = patient_number(rec); return system end },
      { to = "value/@value", with = function(_, rec) local value = patient_number(rec); return value end },
    } },
    -- 患者番号も番号もなければ、JP_Patient にならないので止まる / without any identifier it is no JP_Patient: stop
    { to = "identifier[2]", when = needs_member_id, fields = {
      { to = "system/@value", value = MEMBER },
      { to = "value/@value", required = true, with = function(_, rec) return patient_member_id(rec) end },
    } },
    name_rows(1, "name", "official", "IDE", ideographic),
    name_rows(2, "name_kana", "official", "SYL", syllabic),
    name_rows(3, "name_other", "usual", "IDE", ideographic),
    name_rows(4, "name_other_kana", "usual", "SYL", syllabic),
    { to = "gender/@value", with = gender },
    { to = "birthDate/@value", from = "birth_date", required = true },
    { to = "address", when = has_address, fields = {
      { to = "text/@value", from = "address", with = function(v) return text.first(v) end },
      { to = "postalCode/@value", from = "postal_code", with = postal_code },
      { to = "country/@value", value = "JP" },
    } },
  } },
} }

-- 資格 k の関数 / a function of entitlement k
local function of(k, f)
  return function(_, rec) return f(rec.records[k], rec) end
end

local function self(k)
  return function(rec) return holder(rec.records[k]) == "self" end
end

local function due(k)
  return function(rec) return #rec.records >= k end
end

local function payer(k)
  return { { to = "assigner/reference/@value", with = url("Organization/" .. k) } }
end

local function coverage(k)
  return { to = "entry[" .. 2 * k .. "]", when = due(k), fields = {
    { to = "fullUrl/@value", with = url("Coverage/" .. k) },
    { to = "resource/Coverage", fields = {
      { to = "meta/profile/@value", value = PROFILE .. "JP_Coverage" },
      both("extension[1]", "@url", EXTENSION .. "Symbol", "valueString/@value", of(k, symbol)),
      both("extension[2]", "@url", EXTENSION .. "Number", "valueString/@value", of(k, number)),
      both("extension[3]", "@url", EXTENSION .. "SubNumber", "valueString/@value", of(k, branch)),
      both("identifier[1]", "system/@value", MEMBER, "value/@value", of(k, member_id), payer(k)),
      both("identifier[2]", "system/@value", CSV, "value/@value", of(k, csv_identifier), payer(k)),
      both("identifier[3]", "system/@value", RECIPIENT_NUMBER, "value/@value", of(k, recipient_number)),
      { to = "status/@value", with = of(k, status) },
      both("type/coding[1]", "system/@value", TABLE_11, "code/@value", of(k, table_11)),
      both("type/coding[2]", "system/@value", ACT, "code/@value", act),
      { to = "subscriber/reference/@value", with = url("Patient"), when = self(k) },
      { to = "subscriberId/@value", with = of(k, subscriber_id) },
      { to = "beneficiary/reference/@value", with = url("Patient") },
      { to = "dependent/@value", with = of(k, branch) },
      both("relationship/coding", "system/@value", RELATION, "code/@value", of(k, relation)),
      { to = "period/start/@value", with = of(k, period_start) },
      { to = "period/end/@value", with = of(k, period_end) },
      { to = "payor/reference/@value", with = url("Organization/" .. k) },
      { to = "order/@value", with = of(k, order) },
      { to = "costToBeneficiary", when = function(rec) return percent(rec.records[k], rec) ~= nil end, fields = {
        { to = "type/coding/system/@value", value = COPAY },
        { to = "type/coding/code/@value", value = "copaypct" },
        { to = "valueQuantity/value/@value", with = of(k, percent) },
        { to = "valueQuantity/unit/@value", value = "%" },
        { to = "valueQuantity/system/@value", value = UNITS },
        { to = "valueQuantity/code/@value", value = "%" },
      } },
    } },
  } }
end

local function organization(k)
  local function insurer_number(x)
    return not is_aid(x) and text.insurer(text.first(x.insurer_number), INSURER) or nil
  end
  local function payer_number(x)
    return is_aid(x) and text.first(x.insurer_number) or nil
  end
  return { to = "entry[" .. 2 * k + 1 .. "]", when = due(k), fields = {
    { to = "fullUrl/@value", with = url("Organization/" .. k) },
    { to = "resource/Organization", fields = {
      { to = "meta/profile/@value", value = PROFILE .. "JP_Organization" },
      both("identifier[1]", "system/@value", INSURER_NUMBER, "value/@value", of(k, insurer_number)),
      both("identifier[2]", "system/@value", PAYER_NUMBER, "value/@value", of(k, payer_number)),
      { to = "type/coding/system/@value", value = ORGANIZATION },
      { to = "type/coding/code/@value", value = "pay" },
      { to = "name/@value", with = of(k, function(x) return text.first(x.insurer_name) end) },
    } },
  } }
end

local fields = {
  { to = "@xmlns", value = "http://hl7.org/fhir" },
  { to = "type/@value", value = "collection" },
  { to = "timestamp/@value", from = "processed_at", with = function(v) return text.first(v) and v .. "+09:00" end },
  patient,
}
for k = 1, MOST do
  table.insert(fields, coverage(k))
  table.insert(fields, organization(k))
end

return {
  contract = 1,
  id = "fhir-jp-core-xml",
  format = "xml",
  encoding = "utf-8",
  root = "Bundle",
  declaration = true,
  per = "answer",

  uses = {
    "processed_at", "confirmation_date", "institution_code", "file_identifier", "validity", "reference_number",
    "insurer_number", "insurer_name", "symbol", "number", "branch_number", "relation", "name", "name_kana",
    "name_other", "name_other_kana", "sex", "birth_date", "postal_code", "address", "qualification_date",
    "disqualification_date", "valid_from", "valid_until", "burden_percent", "elderly.valid_from", "elderly.valid_until",
    "elderly.burden_percent", "derived.is_medical_aid", "derived.law_number", "derived.insurer_number_6", "derived.sex",
    "derived.loss_in_future", "derived.not_covering_date", "derived.name_has_missing_character",
    "derived.name_other_has_missing_character",
  },

  -- 患者の項目は使いません / nothing of the person's
  file = function(rec)
    local time = text.first(rec.processed_at)
    local when = time and text.date(time, "YYYYMMDDhhmmss") or text.date(text.first(rec.confirmation_date), "YYYYMMDD")
    return "fhir_" .. (when or "shikaku") .. ".xml"
  end,

  check = function(_, rec)
    if MISSING ~= "write" and rec.derived.name_has_missing_character then
      return "entry[1]/resource/Patient/name[1]/text/@value"
    end
    if MISSING ~= "write" and rec.derived.name_other_has_missing_character then
      return "entry[1]/resource/Patient/name[3]/text/@value"
    end
    if #rec.records > MOST then
      return "entry[" .. 2 * MOST .. "]/fullUrl/@value"
    end
    for k, x in ipairs(rec.records) do -- 支払者は番号か名称がなければならない(FHIR) / a payer needs a number or a name
      if not text.first(x.insurer_number, x.insurer_name) then
        return "entry[" .. 2 * k + 1 .. "]/resource/Organization/name/@value"
      end
    end
  end,

  fields = fields,
}
