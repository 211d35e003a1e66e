-- HL7 v2.5 ADT^A08(患者情報の更新):SS-MIX2 の ADT-00 と JAHIS の形で、MSH EVN PID PV1 と、資格ごとに IN1 を書きます。
-- HL7 v2.5 ADT^A08 as SS-MIX2 (ADT-00) and JAHIS have it: MSH, EVN, PID, PV1, and an IN1 for each entitlement.

---------------------------------------------------------------------------------------------------
-- 設定 / settings

-- 記号・番号・枝番の場所。プログラムによって違います。
-- "repeat"  IN1-10 を繰り返す:記号~番号~枝番
-- "field11" IN1-10 に記号、IN1-11 に番号(枝番を書く場所はない)
-- "both"    IN1-10 の繰り返しと、IN1-11 の番号
-- Where 記号, 番号 and 枝番 go; programs differ: repeats of IN1-10, 番号 in IN1-11 (no place for 枝番), or both.
local SPLIT = "repeat"

-- 送信側と受信側(MSH-3 から MSH-6)。nil は空。FACILITY の nil は回答の医療機関コード
-- Sender and receiver; nil is empty. FACILITY: nil takes the institution's code of the answer.
local APPLICATION, FACILITY = "SHIKAKU", nil
local RECEIVING_APPLICATION, RECEIVING_FACILITY = nil, nil

local SET_ID = "1"        -- PID-1、PV1-1。SS-MIX2 の例は "0001" / SS-MIX2's examples have "0001"
local PROCESSING = "P"    -- MSH-11:P 本番、T 試験、D デバッグ / production, training, debugging
local PATIENT_CLASS = "N" -- PV1-2:N 該当なし(受診の情報はない)。nil なら PV1 を書かない / not applicable; nil: no PV1

-- 本人でないときの続柄(IN1-17)。回答は「家族」としか言わないので「その他」。nil なら空
-- IN1-17 of family members: the answer does not say which relation; nil leaves it empty.
local FAMILY = { "OTH", "その他" }

-- 資格喪失のときの IN1-13。"before" 喪失年月日の前日(資格のある最後の日)、"day" 喪失年月日そのまま
-- IN1-13 of a lost entitlement: the day before the loss, which is the last one with cover, or the day as it was sent.
local LOSS = "before"

-- 氏名に送れなかった字(●)があるとき。"stop" 渡さない、"write" そのまま書く / a name with ●: stop, or write it
local MISSING = "stop"

-- 上にない言葉は、読み込むときに止まります / any other word stops while the script is loaded
local function setting(value, ...)
  for _, word in ipairs({ ... }) do
    if value == word then return end
  end
  error("設定の言葉が違います / no such word of a setting", 2)
end

setting(SPLIT, "repeat", "field11", "both")
setting(PROCESSING, "P", "T", "D")
setting(LOSS, "before", "day")
setting(MISSING, "stop", "write")

-- ISO-2022-JP(JIS X 0208)にない氏名の字の置きかえ。使えば報告されます。ほかの字は止まります。
-- Name characters that JIS X 0208 lacks, with their common form; every use is reported, any other character stops.
local SUBSTITUTE = { ["髙"] = "高", ["﨑"] = "崎", ["𠮷"] = "吉", ["德"] = "徳", ["濵"] = "濱", ["瀨"] = "瀬",
                     ["栁"] = "柳", ["增"] = "増", ["寬"] = "寛", ["黑"] = "黒" }

---------------------------------------------------------------------------------------------------
-- JHSD0001:国保は C0、ほかは法別番号 / 国保 is C0, all others their 法別番号

local SCHEMES = {
  ["01"] = "全国健康保険協会管掌健康保険", ["02"] = "船員保険", ["03"] = "日雇特例被保険者（一般療養）",
  ["04"] = "日雇特例被保険者（特別療養費）", ["06"] = "組合管掌健康保険", ["07"] = "自衛官等の療養の給付",
  ["31"] = "国家公務員共済組合", ["32"] = "地方公務員等共済組合", ["33"] = "警察共済組合",
  ["34"] = "公立学校共済組合・私立学校共済", ["39"] = "後期高齢者医療", ["63"] = "特定健康保険組合",
  ["67"] = "国民健康保険退職者", ["72"] = "国家公務員特定共済組合", ["73"] = "地方公務員等特定共済組合",
  ["74"] = "警察特定共済組合", ["75"] = "公立学校特定共済組合・私立学校特定共済", ["12"] = "生活保護法による医療扶助",
  ["25"] = "中国残留邦人等の医療支援給付",
  C0 = "国民健康保険", D0 = "地方公費", OT = "その他",
}

local function scheme(x)
  local law = x.derived.law_number
  if not law then return nil end
  if law == "00" then return "C0" end
  if law >= "80" then return "D0" end
  return (SCHEMES[law] or x.derived.law_number_label) and law or "OT"
end

local function scheme_name(x)
  local code = scheme(x)
  return code and (SCHEMES[code] or x.derived.law_number_label)
end

---------------------------------------------------------------------------------------------------
-- 値を作る関数。x は1つの資格 / functions that make values; x is one entitlement

-- 半角カナは JIS X 0208 にないので全角に / half-width kana have no place in JIS X 0208
local function jis(v)
  v = text.first(v)
  return v and (text.fits(v) and v or text.kana_full(v))
end

-- 時刻は回答の処理実行日時。確認アプリの内容では資格確認日 / the answer's own time, never a clock's
local function time(_, rec)
  local at = text.first(rec.processed_at)
  return at and text.date(at, "YYYYMMDDhhmmss") or text.date(text.first(rec.confirmation_date), "YYYYMMDD")
end

local function patient_number(rec)
  for _, x in ipairs(rec.records) do
    if text.first(x.reference_number) then return x.reference_number end
  end
  return nil
end

-- 制御番号(20字まで):月日と、時刻、ファイル識別子、患者番号から計算した16桁。同じ回答なら同じ番号、一括照会の中でも
-- 人ごとに違う番号です。ファイル識別子だけでは、一括照会の全員が同じ番号になります。
-- Control id: month, day and 16 digits (FNV-1a) of time, file identifier and patient number. The file identifier alone
-- would be the same for all people of a bulk result, and receivers would drop all but one as duplicates.
local function control_id(_, rec)
  local at = time(nil, rec)
  if not at then return nil end
  local parts = { rec.institution_code or "", at, rec.file_identifier or "", patient_number(rec) or "" }
  local whole = table.concat(parts, "\n")
  local hash = 0xcbf29ce484222325
  for i = 1, #whole do
    hash = (hash ~ string.byte(whole, i)) * 0x100000001b3
  end
  return text.match(at, "^%d%d%d%d(%d%d%d%d)") .. string.format("%08X%08X", hash >> 32, hash & 0xffffffff)
end

local SEX = { male = "M", female = "F" }

local function sex(_, rec)
  return SEX[rec.derived.sex] or (text.first(rec.sex) and "U")
end

local function start_day(_, x)
  return text.date(text.first(x.valid_from, x.qualification_date), "YYYYMMDD")
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

-- 有効終了と資格喪失の早いほう。なければ nil / the earlier of both days; nil when it is open
local function last_day(x, loss)
  local till, lost = text.first(x.valid_until), text.first(x.disqualification_date)
  if lost and loss == "before" then
    lost = day_before(lost)
  end
  if till and lost then
    return till < lost and till or lost
  end
  return till or lost
end

local function end_day(_, x)
  return text.date(last_day(x, LOSS), "YYYYMMDD")
end

-- 有効でないのに、資格確認日までに終わっていない / not valid, yet not over by the confirmation date
local function invalid_but_open(x, rec)
  local validity, day = text.first(x.validity), text.first(rec.confirmation_date)
  if not validity or validity == "1" or validity == "6" then
    return false
  end
  local last = last_day(x, "before")
  return not last or (day ~= nil and last >= day)
end

-- 後期高齢者(39)には記号も枝番も家族もない / 後期高齢者 know no 記号, no 枝番 and no family
local function is_late_elderly(x)
  return x.derived.law_number == "39"
end

local function symbol(v, x)
  return not is_late_elderly(x) and jis(v) or nil
end

local function branch(v, x)
  return not is_late_elderly(x) and text.branch2(v) or nil
end

local function repeated(with)
  return function(v, x) return SPLIT ~= "field11" and with(v, x) or nil end
end

local function number11(v)
  return SPLIT ~= "repeat" and jis(v) or nil
end

local RELATION = { self = { "SEL", "本人" }, family = FAMILY }

local function relation(part)
  return function(_, x)
    local found = RELATION[is_late_elderly(x) and "self" or text.first(x.relation) or ""]
    return found and (found[part] or "HL70063")
  end
end

---------------------------------------------------------------------------------------------------

return {
  contract = 1,
  id = "hl7-adt",
  format = "hl7",
  encoding = "iso-2022-jp",
  newline = "cr",
  per = "answer",
  substitute = SUBSTITUTE,

  uses = {
    "processed_at", "confirmation_date", "institution_code", "file_identifier", "validity", "reference_number",
    "insurer_number", "insurer_name", "symbol", "number", "branch_number", "relation", "name", "name_kana", "sex",
    "birth_date", "postal_code", "address", "qualification_date", "disqualification_date", "valid_from", "valid_until",
    "derived.law_number", "derived.sex", "derived.name_has_missing_character",
  },

  -- 患者の項目は使いません / nothing of the person's
  file = function(rec)
    return "adt_" .. (time(nil, rec) or "shikaku") .. ".hl7"
  end,

  check = function(_, rec)
    if MISSING ~= "write" and rec.derived.name_has_missing_character then
      return "PID/5(1).1"
    end
    -- 有効でないのに過ぎた終わりの日がない IN1 は、有効な保険として登録されてしまう
    -- An entitlement that is not valid, without a last day in the past, would be registered as a valid one.
    for k, x in ipairs(rec.records) do
      if invalid_but_open(x, rec) then
        return "IN1[" .. k .. "]/13"
      end
    end
  end,

  fields = {
    { to = "MSH/3", with = function() return APPLICATION end },
    { to = "MSH/4", with = function(_, rec) return text.first(FACILITY, rec.institution_code) end },
    { to = "MSH/5", with = function() return RECEIVING_APPLICATION end },
    { to = "MSH/6", with = function() return RECEIVING_FACILITY end },
    { to = "MSH/7", required = true, with = time },
    { to = "MSH/9.1", value = "ADT" },
    { to = "MSH/9.2", value = "A08" },
    { to = "MSH/9.3", value = "ADT_A01" },
    { to = "MSH/10", required = true, max_chars = 20, with = control_id },
    { to = "MSH/11", value = PROCESSING },
    { to = "MSH/12", value = "2.5" },
    { to = "MSH/18(2)", value = "ISO IR87" },     -- 1つめは空(ASCII) / the first repeat is empty: ASCII
    { to = "MSH/20", value = "ISO 2022-1994" },

    { to = "EVN/2", with = time },

    { to = "PID/1", value = SET_ID },
    -- 患者番号がなければ、だれの更新か分からないので止まる / without the patient number it would update nobody: stop
    { to = "PID/3.1", required = true, with = function(_, rec) return patient_number(rec) end },
    { to = "PID/3.5", value = "PI" },
    { to = "PID/5(1).1", from = "name", required = true, with = function(v) return text.family(jis(text.trim(v))) end },
    { to = "PID/5(1).2", from = "name", with = function(v) return text.given(jis(text.trim(v))) end },
    { to = "PID/5(1).7", value = "L" },
    { to = "PID/5(1).8", value = "I" },
    { when = "name_kana", fields = {
      { to = "PID/5(2).1", from = "name_kana", as = { "kana_full", "trim", "family" } },
      { to = "PID/5(2).2", from = "name_kana", as = { "kana_full", "trim", "given" } },
      { to = "PID/5(2).7", value = "L" },
      { to = "PID/5(2).8", value = "P" },
    } },
    { to = "PID/7", from = "birth_date", required = true, as = "date:YYYYMMDD" },
    { to = "PID/8", with = sex },
    { when = function(rec) return text.first(rec.address, rec.postal_code) ~= nil end, fields = {
      { to = "PID/11.5", from = "postal_code", as = "postal_hyphen" },
      { to = "PID/11.6", value = "JPN" },
      { to = "PID/11.7", value = "H" },
      { to = "PID/11.8", from = "address", with = jis },
    } },
    { to = "PID/33", with = time },

    { when = function() return PATIENT_CLASS ~= nil end, fields = {
      { to = "PV1/1", value = SET_ID },
      { to = "PV1/2", with = function() return PATIENT_CLASS end },
    } },

    { to = "IN1", each = "records", fields = {
      { to = "1", from = "@index" },
      { to = "3", from = "insurer_number", required = true, as = "insurer:bare" },
      { to = "2.1", required = true, with = function(_, x) return scheme(x) end },
      { to = "2.2", with = function(_, x) return scheme_name(x) end },
      { to = "2.3", value = "JHSD0001" },
      { to = "4", from = "insurer_name", with = jis },
      { to = "10(1)", from = "symbol", with = symbol },
      { to = "10(2)", from = "number", with = repeated(jis) },
      { to = "10(3)", from = "branch_number", with = repeated(branch) },
      { to = "11", from = "number", with = number11 },
      { to = "12", with = start_day },
      { to = "13", with = end_day },
      { to = "17.1", with = relation(1) },
      { to = "17.2", with = relation(2) },
      { to = "17.3", with = relation(3) },
    } },
  },
}
