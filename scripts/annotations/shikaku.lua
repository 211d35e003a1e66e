---@meta shikaku.shikaku

-- 変換スクリプトを書くときに、エディター（Lua Language Server）が項目名を補い、書き間違いを知らせるための定義です。
-- 実行されることはありません。tests/contract/annotations.py --write で作られます。手で直さないでください。使い方は docs/editor.md。
-- What an editor needs to complete names and to warn about misspelt ones; it is never run. Made by
-- tests/contract/annotations.py --write; do not edit it. docs/editor.md says how to use it.

---そのような項目はありません。つづりを確かめてください。There is no such key: look at its spelling.
---@class (exact) shikaku.NoSuchKey

---@alias shikaku.Format "csv"|"tsv"|"fixed"|"xml"|"json"|"hl7"|"text"|"face"|"sql"

---@alias shikaku.Statement string|{ [1]: string, rows: integer|"any" }

---@alias shikaku.Encoding "utf-8"|"utf-8-bom"|"cp932"|"euc-jp"|"iso-2022-jp"

---@alias shikaku.Unmappable "stop"|"geta"|fun(to: string, character: string): string?

---@class (exact) shikaku.Row
---@field to? string 書く先：見出し、道すじ / where it goes: heading or path; the prefix of a group
---@field from? shikaku.Path|shikaku.EntryPath|shikaku.OtherRecordPath 記録の項目 / a path of the record
---@field as? shikaku.As|shikaku.As[] 変換、または変換の並び / a helper, or helpers applied in order
---@field with? fun(value: any, rec: shikaku.Record, entry: any): string|integer|boolean|nil 値を作る関数 / makes the value
---@field value? string|integer|boolean 決まった値 / a constant
---@field required? boolean 値がないとき止まる / absent or empty stops
---@field max_bytes? integer 出力の文字コードでの上限 / limit in bytes of the target encoding
---@field max_chars? integer 文字数の上限 / limit in characters
---@field width? integer この長さまで詰める / fills up to this length; never cuts
---@field unit? "bytes"|"chars" width の数え方 / what width counts
---@field pad? string 詰める文字 / what to fill with
---@field align? "left"|"right" 文字を寄せる側 / where the text stands
---@field empty? "omit"|"element"|"nil" XML：値がないとき / XML: absent values of this row
---@field kind? "text"|"number"|"boolean" JSON：値の種類 / JSON: kind of the value
---@field unmappable? shikaku.Unmappable 文字コードにない字 / characters that the target lacks
---@field when? string|fun(rec: shikaku.Record, entry: any): any この項目に中身があるとき（! はないとき）だけ書く / written only when this path has content (!: has none)
---@field each? shikaku.List 並びの各件に fields をくり返す / repeats fields for each entry of a list
---@field fields? shikaku.Row[] 組の行 / the rows of a group
---@field [string] shikaku.NoSuchKey

---@class (exact) shikaku.Script
---@field contract 1 この約束の版 / version of this contract
---@field id string スクリプトの名前 / the script's own name
---@field format shikaku.Format 形式 / format
---@field encoding shikaku.Encoding 出力の文字コード / encoding of the output
---@field file? string|fun(rec: shikaku.Record): string? ファイル名（sql のほかは必須） / a name or a function that gives it; needed but for sql
---@field fields? shikaku.Row[] 行の並び（face のほかは必須） / the rows; needed but for face
---@field newline? "crlf"|"lf"|"cr"|"none" 改行 / line ends
---@field unmappable? shikaku.Unmappable 文字コードにない字 / characters that the target lacks
---@field substitute? table<string, string> 字の置きかえ / characters written instead, each one reported
---@field repertoire? "encoding"|"cp932"|"jis-x-0208"|"jis-x-0213"|"ascii" 使える字の範囲 / what counts as lacking
---@field check? fun(out: table<string, string>, rec: shikaku.Record): string|boolean|nil 最後の点検 / a last look
---@field adapter? string 渡し先の名前の覚え書き / a note: the adapter this is meant for
---@field per? "record"|"answer" 記録ごとに1つ、または回答全体で1つの文書 / one document a record or one an answer
---@field uses? shikaku.Uses[] スクリプトが読める項目 / what the script may see of a record
---@field header? boolean CSV：見出し行 / CSV: heading line
---@field quote? "needed"|"always"|"never" CSV：引用符 / CSV: quotes
---@field separator? string CSV：区切り / between values
---@field root? string XML：一番外の要素 / XML: the outer element
---@field declaration? boolean|"yes"|"no"|"standalone" XML：宣言 / XML: declaration
---@field indent? integer 字下げ / indentation
---@field empty? "omit"|"element"|"nil" XML：値がない要素 / XML: absent values
---@field leaf_attribute? string[] XML：末端の要素すべてに書く属性（名前, 値） / XML: attribute of every leaf: name, value
---@field group_attribute? string[] XML：子を持つ要素すべてに書く属性（名前, 値） / XML: attribute of every element with children: name, value
---@field statements? shikaku.Statement[] SQL：文の並び / SQL: the statements
---@field find? string SQL：患者を調べる文 / SQL: the statement that asks for patients
---@field [string] shikaku.NoSuchKey

---@class (exact) shikaku.Pack
---@field pack 1 この約束の版 / version of this contract
---@field id string パックの名前（英数字） / the pack's name
---@field version string パックの版 / the pack's version
---@field name string 画面に出る名前 / name for people
---@field name_en string 英語の名前 / English name
---@field vendor string 作った会社 / who made it
---@field host string 対象のレセコン / the host it is for
---@field host_versions string[] 試した版 / versions that were tried
---@field contract 1 スクリプトの約束の版 / version of the scripts' contract
---@field format shikaku.Format 形式 / format
---@field encoding shikaku.Encoding 出力の文字コード / encoding of the output
---@field adapter string 渡し先の種類 / host adapter
---@field script? string スクリプトのファイル名 / file of the script
---@field uses shikaku.Uses[] スクリプトが読める項目 / what the script may see of a record
---@field notes? string 覚え書き / notes
---@field [string] shikaku.NoSuchKey

---@class (exact) shikaku.Change: shikaku.Row
---@field remove? boolean この行を消す / removes the row
---@field unset? string[] 取りのぞく項目の名前 / keys of the vendor's row that go
---@field was? table<string, any> 元の値（関数は true） / what the vendor's row says; true for a function
---@field [string] shikaku.NoSuchKey

---@class (exact) shikaku.Addition: shikaku.Row
---@field after? string この行の後ろに足す / stands behind this row
---@field [string] shikaku.NoSuchKey

---@class (exact) shikaku.Overlay
---@field overlay 1 この約束の版 / version of this contract
---@field pack string 変えるパックの id / id of the pack that is changed
---@field uses? shikaku.Uses[] さらに読む項目 / further paths that may be seen
---@field fields? table<string, shikaku.Change> 変える行 / rows that are changed, by their `to`
---@field add? shikaku.Addition[] 足す行 / rows that are added
---@field [string] shikaku.NoSuchKey

---@alias shikaku.As
---| "kana_half" # 半角カナ。ひらがなも。空白も半角。半角のない字はそのまま / Half-width kana, from hiragana too, and half-width spaces; what has no half form stays
---| "kana_full" # 全角カナ。濁点・半濁点は1字にまとまり、付かない濁点は残る。空白も全角 / Full-width kana and spaces; dakuten join, a mark that does not join stays
---| "digits" # 数字だけ半角 / Digits to half width, nothing else
---| "wide" # 全部を全角 / Everything to full width
---| "narrow" # 半角のある字を全部半角。ひらがなはそのまま / Everything that has a half form to half width; hiragana stays
---| "upper" # 半角英字を大文字 / ASCII letters to upper case
---| "lower" # 半角英字を小文字 / ASCII letters to lower case
---| "hyphen" # 横線の仲間（- − ‐ ‑ ‒ – — ― ─ －）を1つの字に。ー と ｰ は英数字にはさまれたときだけ（カナの長音は変えない） / Hyphens of every kind to one; ー and ｰ only between letters or digits, so kana keep their long mark
---| "hyphen:－"
---| "date" # 年月日・年月・日時を好きな形に / A date, month or time in another form
---| "date:YYYYMMDD"
---| "date:YYYYMM"
---| "date:YYYY/MM"
---| "date:YYYY年M月"
---| "date:YYYYMMDDhhmmss"
---| "date:YYYY/MM/DD hh:mm"
---| "date:YYYY/MM/DD hh:mm:ss"
---| "date:YYYY/MM/DD"
---| "date:YYYY/M/D"
---| "date:YYYY-MM-DD"
---| "date:YYYY-M-D"
---| "date:YYYY.MM.DD"
---| "date:YYYY.M.D"
---| "date:YYYY年MM月DD日"
---| "date:YYYY年M月D日"
---| "wareki" # 和暦。改元の日で正しく切りかわる。1873-01-01より前はエラー / By Japanese era, exact to the day; before 1873-01-01 is an error
---| "wareki:Ey年M月D日"
---| "wareki:GYYMMDD"
---| "wareki:gYYMMDD"
---| "wareki:GY.MM.DD"
---| "wareki:GY.M.D"
---| "wareki:GY/MM/DD"
---| "wareki:GY/M/D"
---| "wareki:GY-MM-DD"
---| "wareki:GY-M-D"
---| "wareki:GYY.MM.DD"
---| "wareki:GYY.M.D"
---| "wareki:GYY/MM/DD"
---| "wareki:GYY/M/D"
---| "wareki:GYY-MM-DD"
---| "wareki:GYY-M-D"
---| "wareki:EY年MM月DD日"
---| "wareki:EY年M月D日"
---| "wareki:EYY年MM月DD日"
---| "wareki:EYY年M月D日"
---| "wareki:Ey年MM月DD日"
---| "era7" # 元号の番号と年月日の7桁 / Seven digits: the era's number, year, month, day
---| "era_code" # 元号の番号（1明治 2大正 3昭和 4平成 5令和） / The era's number: 1 Meiji, 2 Taisho, 3 Showa, 4 Heisei, 5 Reiwa
---| "western" # 和暦や西暦のいろいろな書き方を YYYY-MM-DD に。その元号にない日、読めない日付はエラー / Dates of either calendar in the usual notations to YYYY-MM-DD; a day outside its era is an error
---| "family" # 姓：最初の空白の前。空白がなければ全体 / Family name: before the first space; all without one
---| "given" # 名：最初の空白の後ろ。空白がなければ空 / Given name: behind the first space; empty without one
---| "trim" # 前後の空白を取る / Takes the spaces off both ends
---| "cut:3" # 字数（1〜65535） / Characters, 1 to 65535
---| "insurer:bare" # `bare` 数字だけ、`zero`（または `8`）前に0を詰めて8桁、`space` 前に空白を詰めて8桁、`6` 国保の6桁だけ（ほかは値なし） / `bare` the digits, `zero` or `8` eight with zeros, `space` eight with spaces, `6` the six digits of 国保, else absent
---| "insurer:zero" # `bare` 数字だけ、`zero`（または `8`）前に0を詰めて8桁、`space` 前に空白を詰めて8桁、`6` 国保の6桁だけ（ほかは値なし） / `bare` the digits, `zero` or `8` eight with zeros, `space` eight with spaces, `6` the six digits of 国保, else absent
---| "insurer:space" # `bare` 数字だけ、`zero`（または `8`）前に0を詰めて8桁、`space` 前に空白を詰めて8桁、`6` 国保の6桁だけ（ほかは値なし） / `bare` the digits, `zero` or `8` eight with zeros, `space` eight with spaces, `6` the six digits of 国保, else absent
---| "insurer:6" # `bare` 数字だけ、`zero`（または `8`）前に0を詰めて8桁、`space` 前に空白を詰めて8桁、`6` 国保の6桁だけ（ほかは値なし） / `bare` the digits, `zero` or `8` eight with zeros, `space` eight with spaces, `6` the six digits of 国保, else absent
---| "check_digit" # 検証番号が合えば `1`、合わなければ `0`。4桁の古い番号は値なし。回答のほうが計算より確かなので、`0` は警告にとどめます / `1` when the check digit is right, else `0`; absent for the old numbers of four digits. Take `0` for a warning only
---| "law_number" # 法別番号：8桁の先頭2桁。国保の6桁にはない（値なし） / 法別番号: the first two of eight digits; absent for the six digits of 国保
---| "wide_plain" # 全角にして空白を全部取る（ORCA、特定健診の記号・番号） / Full width without any space (記号 and 番号 of ORCA and 特定健診)
---| "one_mode" # 半角英数字だけならそのまま、ほかの字があれば全部を全角に。空白は取る（レセ電、FHIRの記号・番号） / Half-width letters and digits stay; with any other character all becomes full width; no spaces (claims, FHIR)
---| "branch2" # 枝番を2桁に。枝番がないときは `00` にせず値なしのまま / 枝番 in two digits; without one it stays absent and never becomes `00`
---| "sex12" # 性別：`male` を 1、`female` を 2。ほかは値なし / Sex: 1 for `male`, 2 for `female`; else absent
---| "relation12" # 本人1・家族2（オンライン資格確認、ORCA、JAHIS） / 1 insured, 2 family (eligibility service, ORCA, JAHIS)
---| "relation26" # 本人2・家族6（柔整の申請書、レセプト種別） / 2 insured, 6 family (柔整 form, レセプト種別)
---| "relation15" # 本人1・家族5（出産育児一時金） / 1 insured, 5 family (childbirth claims)
---| "postal7" # 郵便番号を数字7桁に。7桁でなければエラー / A postal code as seven digits; anything else is an error
---| "postal_hyphen" # 郵便番号を 999-9999 の形に / A postal code as 999-9999
---| "tenths" # 負担割合（％）を割に / The patient's share, from percent to tenths
---| "benefit_tenths" # 負担割合（％）から給付割合（割） / What is left for the insurer, in tenths
---| "benefit_percent3" # 負担割合（％）から給付割合（3桁の％） / What is left for the insurer, in percent with three digits
---| "pad:8" # `長さ`、`長さ,字`、`長さ,字,right`。字はふつう空白、文字はふつう左（`left`）に寄せる。長さは1000まで / `length`, `length,character`, `length,character,right`; usual: a space, text at the left; 1000 at most
---| "pad:8,0,right" # `長さ`、`長さ,字`、`長さ,字,right`。字はふつう空白、文字はふつう左（`left`）に寄せる。長さは1000まで / `length`, `length,character`, `length,character,right`; usual: a space, text at the left; 1000 at most
---| "pad:8,,right" # `長さ`、`長さ,字`、`長さ,字,right`。字はふつう空白、文字はふつう左（`left`）に寄せる。長さは1000まで / `length`, `length,character`, `length,character,right`; usual: a space, text at the left; 1000 at most
---| "pad_chars:4,　" # `pad` と同じ / As `pad`
---| "jisx0208" # JIS X 0208の字と半角英数字だけなら `1`、ほかの字があれば `0` / `1` when all is JIS X 0208 or ASCII, else `0`
---| "jisx0213" # JIS X 0213の字と半角英数字だけなら `1`、ほかの字があれば `0` / `1` when there is nothing but JIS X 0213 and half-width letters and digits, else `0`
---| "cp932" # CP932（WindowsのシフトJIS）の字だけなら `1`、ほかの字があれば `0` / `1` when all is in code page 932, else `0`
---| "csv_safe" # 表計算ソフトが式として読む値の前に ' を付ける。人が開くファイルだけに使う / Puts ' before what a spreadsheet would run; only for files that people open
---| "file_safe" # ファイル名に使えない字を `_` に / What a file's name must not hold becomes `_`

---@class shikaku.text
text = {}

---半角カナ。ひらがなも。空白も半角。半角のない字はそのまま / Half-width kana, from hiragana too, and half-width spaces; what has no half form stays
---例 / example: `text.kana_half("ミホン　バナコ")`
---例 / example: `text.kana_half("みほん・ヴァ")`
---@param value string|integer|nil
---@return string?
function text.kana_half(value) end

---全角カナ。濁点・半濁点は1字にまとまり、付かない濁点は残る。空白も全角 / Full-width kana and spaces; dakuten join, a mark that does not join stays
---例 / example: `text.kana_full("ﾐﾎﾝ ﾊﾟﾅｺ")`
---例 / example: `text.kana_full("ｱﾞ")`
---@param value string|integer|nil
---@return string?
function text.kana_full(value) end

---数字だけ半角 / Digits to half width, nothing else
---例 / example: `text.digits("１２Ａ")`
---@param value string|integer|nil
---@return string?
function text.digits(value) end

---全部を全角 / Everything to full width
---例 / example: `text.wide("Ab1 ｶﾞ-")`
---@param value string|integer|nil
---@return string?
function text.wide(value) end

---半角のある字を全部半角。ひらがなはそのまま / Everything that has a half form to half width; hiragana stays
---例 / example: `text.narrow("Ａｂ１　ガ－漢")`
---@param value string|integer|nil
---@return string?
function text.narrow(value) end

---半角英字を大文字 / ASCII letters to upper case
---例 / example: `text.upper("abｃ-1")`
---@param value string|integer|nil
---@return string?
function text.upper(value) end

---半角英字を小文字 / ASCII letters to lower case
---例 / example: `text.lower("ABＣ-1")`
---@param value string|integer|nil
---@return string?
function text.lower(value) end

---横線の仲間（- − ‐ ‑ ‒ – — ― ─ －）を1つの字に。ー と ｰ は英数字にはさまれたときだけ（カナの長音は変えない） / Hyphens of every kind to one; ー and ｰ only between letters or digits, so kana keep their long mark
---例 / example: `text.hyphen("1ー2－3 コーポ")`
---例 / example: `text.hyphen("1-2", "の")`
---@param value string|integer|nil
---@param argument? string|integer 使う字（1字）。ふつうは - / The wanted character; usual: -
---@return string?
function text.hyphen(value, argument) end

---年月日・年月・日時を好きな形に / A date, month or time in another form
---例 / example: `text.date("1989-01-07")`
---例 / example: `text.date("1989-01-07", "YYYYMMDD")`
---@param value string|integer|nil
---@param argument? string|integer 形（下の説明）。ふつうは YYYY/MM/DD / The form, see below; usual: YYYY/MM/DD
---@return string?
function text.date(value, argument) end

---和暦。改元の日で正しく切りかわる。1873-01-01より前はエラー / By Japanese era, exact to the day; before 1873-01-01 is an error
---例 / example: `text.wareki("2025-06-02")`
---例 / example: `text.wareki("2025-06-02", "GYY.MM.DD")`
---@param value string|integer|nil
---@param argument? string|integer 形（下の説明）。ふつうは GY.MM.DD / The form, see below; usual: GY.MM.DD
---@return string?
function text.wareki(value, argument) end

---元号の番号と年月日の7桁 / Seven digits: the era's number, year, month, day
---例 / example: `text.era7("1985-03-15")`
---例 / example: `text.era7("2019-04-30")`
---@param value string|integer|nil
---@return string?
function text.era7(value) end

---元号の番号（1明治 2大正 3昭和 4平成 5令和） / The era's number: 1 Meiji, 2 Taisho, 3 Showa, 4 Heisei, 5 Reiwa
---例 / example: `text.era_code("1989-01-07")`
---例 / example: `text.era_code("1989-01-08")`
---@param value string|integer|nil
---@return string?
function text.era_code(value) end

---和暦や西暦のいろいろな書き方を YYYY-MM-DD に。その元号にない日、読めない日付はエラー / Dates of either calendar in the usual notations to YYYY-MM-DD; a day outside its era is an error
---例 / example: `text.western("S60.3.15")`
---例 / example: `text.western("昭和60年3月15日")`
---@param value string|integer|nil
---@return string?
function text.western(value) end

---姓：最初の空白の前。空白がなければ全体 / Family name: before the first space; all without one
---例 / example: `text.family("見本　太郎")`
---@param value string|integer|nil
---@return string?
function text.family(value) end

---名：最初の空白の後ろ。空白がなければ空 / Given name: behind the first space; empty without one
---例 / example: `text.given("見本 太郎")`
---例 / example: `text.given("見本")`
---@param value string|integer|nil
---@return string?
function text.given(value) end

---姓と名の2つ / Both as two values
---例 / example: `text.split("見本　太郎 二")`
---@param value string|integer|nil
---@return string? family, string? given
function text.split(value) end

---前後の空白を取る / Takes the spaces off both ends
---例 / example: `text.trim("　見本 ")`
---@param value string|integer|nil
---@return string?
function text.trim(value) end

---前からこの字数だけ残す。**後ろは黙って捨てます**。濁点の付いた字は途中で切らない / Keeps this many characters and **drops the rest on purpose, without a word**; a letter never loses its mark
---例 / example: `text.cut("ﾐﾎﾞﾝ", 2)`
---例 / example: `text.cut("見本", 20)`
---@param value string|integer|nil
---@param argument string|integer 字数（1〜65535） / Characters, 1 to 65535
---@return string?
function text.cut(value, argument) end

---中身のある最初の値。nil と "" を飛ばす / The first value that holds something; nil and "" are skipped
---例 / example: `text.first(nil, "", "見本", "B")`
---例 / example: `text.first(nil, 0)`
---@param value string|integer|nil
---@param ... string|integer|nil
---@return string|integer|nil
function text.first(value, ...) end

---そのままの文字を全部置きかえ / Plain text, all of them
---例 / example: `text.replace("123-4567", "-", "")`
---@param value string|integer|nil
---@param from string
---@param to? string
---@return string?
function text.replace(value, from, to) end

---型に合うところを取り出す（下の説明）。( ) があればその中身、なければ全体。合わなければ nil / What fits a pattern, see below: the parts in ( ), or the whole; nil when nothing fits
---例 / example: `text.match("見本市1-2", "%d+")`
---例 / example: `text.match("2025-06", "^(%d%d%d%d)-(%d%d)$")`
---@param value string|integer|nil
---@param pattern string
---@return string? ...
function text.match(value, pattern) end

---保険者番号を渡し先の形に。前の空白と、6桁の前の `00` は詰め物とみなす。数字でない、9桁以上はエラー / The insurer's number as a host wants it; spaces, and `00` before six digits, count as padding
---例 / example: `text.insurer("990010", "8")`
---例 / example: `text.insurer("00990010", "6")`
---@param value string|integer|nil
---@param argument string|integer `bare` 数字だけ、`zero`（または `8`）前に0を詰めて8桁、`space` 前に空白を詰めて8桁、`6` 国保の6桁だけ（ほかは値なし） / `bare` the digits, `zero` or `8` eight with zeros, `space` eight with spaces, `6` the six digits of 国保, else absent
---@return string?
function text.insurer(value, argument) end

---同じ検査を true と false で。値がない、4桁のときは nil / The same as true or false; nil without a number and for four digits
---例 / example: `text.check_digit("1234566")`
---例 / example: `text.check_digit("12345678")`
---@param number string?
---@return boolean?
function text.check_digit(number) end

---法別番号：8桁の先頭2桁。国保の6桁にはない（値なし） / 法別番号: the first two of eight digits; absent for the six digits of 国保
---例 / example: `text.law_number("39990015")`
---例 / example: `text.law_number("990010")`
---@param value string|integer|nil
---@return string?
function text.law_number(value) end

---`law_number` の短い名前 / A short name of `law_number`
---例 / example: `text.law("06990014")`
---@param number string?
---@return string?
function text.law(number) end

---全角にして空白を全部取る（ORCA、特定健診の記号・番号） / Full width without any space (記号 and 番号 of ORCA and 特定健診)
---例 / example: `text.wide_plain("見本 12-3")`
---@param value string|integer|nil
---@return string?
function text.wide_plain(value) end

---半角英数字だけならそのまま、ほかの字があれば全部を全角に。空白は取る（レセ電、FHIRの記号・番号） / Half-width letters and digits stay; with any other character all becomes full width; no spaces (claims, FHIR)
---例 / example: `text.one_mode("AB 12")`
---例 / example: `text.one_mode("12-3")`
---@param value string|integer|nil
---@return string?
function text.one_mode(value) end

---枝番を2桁に。枝番がないときは `00` にせず値なしのまま / 枝番 in two digits; without one it stays absent and never becomes `00`
---例 / example: `text.branch2("1")`
---例 / example: `text.branch2("")`
---@param value string|integer|nil
---@return string?
function text.branch2(value) end

---被保険者個人識別子。番号は8桁に0詰め、記号と番号は両方とも半角英数字なら半角、ほかは両方全角 / The memberID of FHIR JP Core; 記号 and 番号 both half width, or both full width
---例 / example: `text.member_id("990010", "あいう", "187", "5")`
---例 / example: `text.member_id("06990014", nil, "１８７", nil)`
---@param insurer string?
---@param symbol string?
---@param number string?
---@param branch string?
---@return string?
function text.member_id(insurer, symbol, number, branch) end

---記号と番号を1つに。ふつうは ・ でつなぐ。片方だけならそれだけ / 記号 and 番号 in one, usually with ・ between; one alone without it
---例 / example: `text.symbol_number("見本", "123")`
---例 / example: `text.symbol_number(nil, "123", " ")`
---@param symbol string?
---@param number string?
---@param separator? string
---@return string?
function text.symbol_number(symbol, number, separator) end

---性別：`male` を 1、`female` を 2。ほかは値なし / Sex: 1 for `male`, 2 for `female`; else absent
---例 / example: `text.sex12("female")`
---例 / example: `text.sex12("unknown")`
---@param value string|integer|nil
---@return string?
function text.sex12(value) end

---本人1・家族2（オンライン資格確認、ORCA、JAHIS） / 1 insured, 2 family (eligibility service, ORCA, JAHIS)
---例 / example: `text.relation12("self")`
---@param value string|integer|nil
---@return string?
function text.relation12(value) end

---本人2・家族6（柔整の申請書、レセプト種別） / 2 insured, 6 family (柔整 form, レセプト種別)
---例 / example: `text.relation26("self")`
---@param value string|integer|nil
---@return string?
function text.relation26(value) end

---本人1・家族5（出産育児一時金） / 1 insured, 5 family (childbirth claims)
---例 / example: `text.relation15("family")`
---@param value string|integer|nil
---@return string?
function text.relation15(value) end

---郵便番号を数字7桁に。7桁でなければエラー / A postal code as seven digits; anything else is an error
---例 / example: `text.postal7("〒999-1234")`
---@param value string|integer|nil
---@return string?
function text.postal7(value) end

---郵便番号を 999-9999 の形に / A postal code as 999-9999
---例 / example: `text.postal_hyphen("９９９１２３４")`
---@param value string|integer|nil
---@return string?
function text.postal_hyphen(value) end

---負担割合（％）を割に / The patient's share, from percent to tenths
---例 / example: `text.tenths(20)`
---@param value string|integer|nil
---@return string?
function text.tenths(value) end

---負担割合（％）から給付割合（割） / What is left for the insurer, in tenths
---例 / example: `text.benefit_tenths(20)`
---@param value string|integer|nil
---@return string?
function text.benefit_tenths(value) end

---負担割合（％）から給付割合（3桁の％） / What is left for the insurer, in percent with three digits
---例 / example: `text.benefit_percent3(20)`
---@param value string|integer|nil
---@return string?
function text.benefit_percent3(value) end

---満年齢。誕生日に1つ増える。生まれる前は nil / Whole years, one more on the birthday itself; nil before birth
---例 / example: `text.age("1956-04-02", "2026-04-01")`
---例 / example: `text.age("1956-04-02", "2026-04-02")`
---@param birth string?
---@param on string?
---@return integer?
function text.age(birth, on) end

---義務教育に入っていれば true（6歳の誕生日の後の4月1日から。4月1日生まれは前の学年） / True from 1 April after the sixth birthday on; births on 1 April go with the year before
---例 / example: `text.school_age("2020-04-01", "2026-04-01")`
---例 / example: `text.school_age("2020-04-02", "2026-04-01")`
---@param birth string?
---@param on string?
---@return boolean?
function text.school_age(birth, on) end

---年齢だけで決まる負担割合（％）：未就学 20、70歳未満 30。70歳からは回答の割合が要るので nil / The share in percent that age alone decides: 20 before school, 30 below 70; nil from 70 on, where the answer has to say it
---例 / example: `text.burden("2020-04-02", "2026-04-01")`
---例 / example: `text.burden("1956-04-02", "2026-04-30")`
---@param birth string?
---@param on string?
---@return integer?
function text.burden(birth, on) end

---年齢の区分：`preschool` `general` `elderly70`（70歳の翌月から。1日生まれはその月から）`late75`（75歳の誕生日から） / The group: `preschool`, `general`, `elderly70` (from the month after the 70th birthday, births on the 1st from that month), `late75` (from the 75th birthday)
---例 / example: `text.elderly("1956-04-02", "2026-05-01")`
---例 / example: `text.elderly("1951-04-01", "2026-04-01")`
---@param birth string?
---@param on string?
---@return "preschool"|"general"|"elderly70"|"late75"|nil
function text.elderly(birth, on) end

---`as` の `pad` と同じ / As `pad` above
---例 / example: `text.pad("123", 8)`
---例 / example: `text.pad("123", 8, "0", "right")`
---@param value string|integer|nil
---@param length integer|string
---@param character? string
---@param side? "left"|"right"
---@return string?
function text.pad(value, length, character, side) end

---`as` の `pad_chars` と同じ / As `pad_chars` above
---例 / example: `text.pad_chars("見本", 4, "＊", "right")`
---@param value string|integer|nil
---@param length integer|string
---@param character? string
---@param side? "left"|"right"
---@return string?
function text.pad_chars(value, length, character, side) end

---桁数：全角は2桁 / Columns: full width counts 2
---例 / example: `text.width("見本ｱa")`
---@param value string|integer|nil
---@return integer?
function text.width(value) end

---出力の文字コードでのバイト数 / Bytes in the target encoding
---例 / example: `text.bytes("見本ｱa")`
---@param value string|integer|nil
---@return integer?
function text.bytes(value) end

---字数 / Characters
---例 / example: `text.count("見本ｱa")`
---@param value string|integer|nil
---@return integer?
function text.count(value) end

---出力の文字コードにある字だけなら true / True when all characters exist in the target encoding
---例 / example: `text.fits("見本髙")`
---例 / example: `text.fits("𠮷")`
---@param value string|integer|nil
---@return boolean?
function text.fits(value) end

---JIS X 0208の字と半角英数字だけなら `1`、ほかの字があれば `0` / `1` when all is JIS X 0208 or ASCII, else `0`
---例 / example: `text.jisx0208("見本 A-1")`
---例 / example: `text.jisx0208("髙橋")`
---@param value string|integer|nil
---@return string?
function text.jisx0208(value) end

---JIS X 0213の字と半角英数字だけなら `1`、ほかの字があれば `0` / `1` when there is nothing but JIS X 0213 and half-width letters and digits, else `0`
---例 / example: `text.jisx0213("𠮟る")`
---例 / example: `text.jisx0213("鷗")`
---@param value string|integer|nil
---@return string?
function text.jisx0213(value) end

---CP932（WindowsのシフトJIS）の字だけなら `1`、ほかの字があれば `0` / `1` when all is in code page 932, else `0`
---例 / example: `text.cp932("髙橋")`
---例 / example: `text.cp932("𠮷")`
---@param value string|integer|nil
---@return string?
function text.cp932(value) end

---表計算ソフトが式として読む値の前に ' を付ける。人が開くファイルだけに使う / Puts ' before what a spreadsheet would run; only for files that people open
---例 / example: `text.csv_safe("=1+1")`
---例 / example: `text.csv_safe("見本")`
---@param value string|integer|nil
---@return string?
function text.csv_safe(value) end

---ファイル名に使えない字を `_` に / What a file's name must not hold becomes `_`
---例 / example: `text.file_safe("A/b.c=1")`
---@param value string|integer|nil
---@return string?
function text.file_safe(value) end
