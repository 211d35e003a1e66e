"""The keys of the contract (docs/mapping.md) with their types and words, and the functions of a script's world."""

# Name with "?" when it may be left out, LuaCATS type, Japanese, English.
ROW = [
    ("to?", "string", "書く先：見出し、道すじ", "where it goes: heading or path; the prefix of a group"),
    ("from?", "shikaku.Path|shikaku.EntryPath|shikaku.OtherRecordPath", "記録の項目", "a path of the record"),
    ("as?", "shikaku.As|shikaku.As[]", "変換、または変換の並び", "a helper, or helpers applied in order"),
    ("with?", "fun(value: any, rec: shikaku.Record, entry: any): string|integer|boolean|nil",
     "値を作る関数", "makes the value"),
    ("value?", "string|integer|boolean", "決まった値", "a constant"),
    ("required?", "boolean", "値がないとき止まる", "absent or empty stops"),
    ("max_bytes?", "integer", "出力の文字コードでの上限", "limit in bytes of the target encoding"),
    ("max_chars?", "integer", "文字数の上限", "limit in characters"),
    ("width?", "integer", "この長さまで詰める", "fills up to this length; never cuts"),
    ("unit?", '"bytes"|"chars"', "width の数え方", "what width counts"),
    ("pad?", "string", "詰める文字", "what to fill with"),
    ("align?", '"left"|"right"', "文字を寄せる側", "where the text stands"),
    ("empty?", '"omit"|"element"|"nil"', "XML：値がないとき", "XML: absent values of this row"),
    ("kind?", '"text"|"number"|"boolean"', "JSON：値の種類", "JSON: kind of the value"),
    ("unmappable?", "shikaku.Unmappable", "文字コードにない字", "characters that the target lacks"),
    ("when?", "string|fun(rec: shikaku.Record, entry: any): any",
     "この項目に中身があるとき（! はないとき）だけ書く", "written only when this path has content (!: has none)"),
    ("each?", "shikaku.List", "並びの各件に fields をくり返す", "repeats fields for each entry of a list"),
    ("fields?", "shikaku.Row[]", "組の行", "the rows of a group"),
]

SCRIPT = [
    ("contract", "1", "この約束の版", "version of this contract"),
    ("id", "string", "スクリプトの名前", "the script's own name"),
    ("format", "shikaku.Format", "形式", "format"),
    ("encoding", "shikaku.Encoding", "出力の文字コード", "encoding of the output"),
    ("file?", "string|fun(rec: shikaku.Record): string?", "ファイル名（sql のほかは必須）", "a name or a function that gives it; needed but for sql"),
    ("fields?", "shikaku.Row[]", "行の並び（face のほかは必須）", "the rows; needed but for face"),
    ("newline?", '"crlf"|"lf"|"cr"|"none"', "改行", "line ends"),
    ("unmappable?", "shikaku.Unmappable", "文字コードにない字", "characters that the target lacks"),
    ("substitute?", "table<string, string>", "字の置きかえ", "characters written instead, each one reported"),
    ("repertoire?", '"encoding"|"cp932"|"jis-x-0208"|"jis-x-0213"|"ascii"', "使える字の範囲", "what counts as lacking"),
    ("check?", "fun(out: table<string, string>, rec: shikaku.Record): string|boolean|nil", "最後の点検", "a last look"),
    ("adapter?", "string", "渡し先の名前の覚え書き", "a note: the adapter this is meant for"),
    ("per?", '"record"|"answer"', "記録ごとに1つ、または回答全体で1つの文書", "one document a record or one an answer"),
    ("uses?", "shikaku.Uses[]", "スクリプトが読める項目", "what the script may see of a record"),
    ("header?", "boolean", "CSV：見出し行", "CSV: heading line"),
    ("quote?", '"needed"|"always"|"never"', "CSV：引用符", "CSV: quotes"),
    ("separator?", "string", "CSV：区切り", "between values"),
    ("root?", "string", "XML：一番外の要素", "XML: the outer element"),
    ("declaration?", 'boolean|"yes"|"no"|"standalone"', "XML：宣言", "XML: declaration"),
    ("indent?", "integer", "字下げ", "indentation"),
    ("empty?", '"omit"|"element"|"nil"', "XML：値がない要素", "XML: absent values"),
    ("leaf_attribute?", "string[]", "XML：末端の要素すべてに書く属性（名前, 値）", "XML: attribute of every leaf: name, value"),
    ("group_attribute?", "string[]", "XML：子を持つ要素すべてに書く属性（名前, 値）",
     "XML: attribute of every element with children: name, value"),
    ("statements?", "shikaku.Statement[]", "SQL：文の並び", "SQL: the statements"),
    ("find?", "string", "SQL：患者を調べる文", "SQL: the statement that asks for patients"),
]

PACK = [
    ("pack", "1", "この約束の版", "version of this contract"),
    ("id", "string", "パックの名前（英数字）", "the pack's name"),
    ("version", "string", "パックの版", "the pack's version"),
    ("name", "string", "画面に出る名前", "name for people"),
    ("name_en", "string", "英語の名前", "English name"),
    ("vendor", "string", "作った会社", "who made it"),
    ("host", "string", "対象のレセコン", "the host it is for"),
    ("host_versions", "string[]", "試した版", "versions that were tried"),
    ("contract", "1", "スクリプトの約束の版", "version of the scripts' contract"),
    ("format", "shikaku.Format", "形式", "format"),
    ("encoding", "shikaku.Encoding", "出力の文字コード", "encoding of the output"),
    ("adapter", "string", "渡し先の種類", "host adapter"),
    ("script?", "string", "スクリプトのファイル名", "file of the script"),
    ("uses", "shikaku.Uses[]", "スクリプトが読める項目", "what the script may see of a record"),
    ("notes?", "string", "覚え書き", "notes"),
]

# Besides the keys of a row.
CHANGE = [
    ("remove?", "boolean", "この行を消す", "removes the row"),
    ("unset?", "string[]", "取りのぞく項目の名前", "keys of the vendor's row that go"),
    ("was?", "table<string, any>", "元の値（関数は true）", "what the vendor's row says; true for a function"),
]
ADDITION = [("after?", "string", "この行の後ろに足す", "stands behind this row")]

OVERLAY = [
    ("overlay", "1", "この約束の版", "version of this contract"),
    ("pack", "string", "変えるパックの id", "id of the pack that is changed"),
    ("uses?", "shikaku.Uses[]", "さらに読む項目", "further paths that may be seen"),
    ("fields?", "table<string, shikaku.Change>", "変える行", "rows that are changed, by their `to`"),
    ("add?", "shikaku.Addition[]", "足す行", "rows that are added"),
]

CLASSES = [
    "---そのような項目はありません。つづりを確かめてください。There is no such key: look at its spelling.\n"
    "---@class (exact) shikaku.NoSuchKey\n",
    '---@alias shikaku.Format "csv"|"tsv"|"fixed"|"xml"|"json"|"hl7"|"text"|"face"|"sql"\n',
    '---@alias shikaku.Statement string|{ [1]: string, rows: integer|"any" }\n',
    '---@alias shikaku.Encoding "utf-8"|"utf-8-bom"|"cp932"|"euc-jp"|"iso-2022-jp"\n',
    '---@alias shikaku.Unmappable "stop"|"geta"|fun(to: string, character: string): string?\n',
]

# Types of the parameters of text.* by their names; others are texts or whole numbers.
PARAMETERS = {
    "value": "string|integer|nil", "…": "string|integer|nil", "insurer": "string?", "symbol": "string?",
    "number": "string?", "branch": "string?", "birth": "string?", "on": "string?", "pattern": "string",
    "from": "string", "to": "string", "separator": "string", "length": "integer|string", "character": "string",
    "side": '"left"|"right"',
}

# Results of text.* that are no single text.
RESULTS = {
    "split": "string? family, string? given", "first": "string|integer|nil", "match": "string? ...",
    "check_digit": "boolean?", "fits": "boolean?", "school_age": "boolean?", "age": "integer?", "burden": "integer?",
    "width": "integer?", "bytes": "integer?", "count": "integer?",
    "elderly": '"preschool"|"general"|"elderly70"|"late75"|nil',
}

# What of Lua a script reaches; NAME stands for the name.
WORLD = {
    "assert": "---@generic T\n---@param value? T\n---@param message? any\n---@return T\nfunction NAME(value, message) end",
    "error": "---@param message any\n---@param level? integer\nfunction NAME(message, level) end",
    "ipairs": "---@generic T\n---@param list T[]\n---@return fun(list: T[], i?: integer): integer, T\n"
              "---@return T[]\n---@return integer\nfunction NAME(list) end",
    "next": "---@generic K, V\n---@param map table<K, V>\n---@param key? K\n---@return K?\n---@return V?\n"
            "function NAME(map, key) end",
    "pairs": "---@generic K, V\n---@param map table<K, V>\n---@return fun(map: table<K, V>, key?: K): K, V\n"
             "---@return table<K, V>\nfunction NAME(map) end",
    "select": "---@param index integer|\"#\"\n---@param ... any\n---@return any ...\nfunction NAME(index, ...) end",
    "tonumber": "---10進の整数だけ / whole decimal numbers only\n---@param value any\n---@return integer?\nfunction NAME(value) end",
    "tostring": "---@param value any\n---@return string\nfunction NAME(value) end",
    "type": '---@param value any\n---@return "nil"|"number"|"string"|"boolean"|"table"|"function"|"userdata"\n'
            "function NAME(value) end",
    "string.byte": "---@param s string|number\n---@param i? integer\n---@param j? integer\n---@return integer ...\n"
                   "function NAME(s, i, j) end",
    "string.char": "---@param ... integer\n---@return string\nfunction NAME(...) end",
    "string.format": "---%d %i %x %X %s %% だけ / only these\n---@param form string\n---@param ... any\n---@return string\n"
                     "function NAME(form, ...) end",
    "string.len": "---@param s string|number\n---@return integer\nfunction NAME(s) end",
    "string.reverse": "---@param s string|number\n---@return string\nfunction NAME(s) end",
    "string.sub": "---バイトで数えます / counts bytes\n---@param s string|number\n---@param i integer\n---@param j? integer\n"
                  "---@return string\nfunction NAME(s, i, j) end",
    "table.concat": "---@param list table\n---@param separator? string\n---@param i? integer\n---@param j? integer\n"
                    "---@return string\nfunction NAME(list, separator, i, j) end",
    "table.insert": "---@overload fun(list: table, value: any)\n---@param list table\n---@param position integer\n"
                    "---@param value any\nfunction NAME(list, position, value) end",
    "table.remove": "---@param list table\n---@param position? integer\n---@return any\nfunction NAME(list, position) end",
    "table.sort": "---@generic T\n---@param list T[]\n---@param before? fun(a: T, b: T): boolean\nfunction NAME(list, before) end",
    "table.unpack": "---@param list table\n---@param i? integer\n---@param j? integer\n---@return any ...\n"
                    "function NAME(list, i, j) end",
    "math.abs": "---@param x integer\n---@return integer\nfunction NAME(x) end",
    "math.ceil": "---@param x number\n---@return integer\nfunction NAME(x) end",
    "math.floor": "---@param x number\n---@return integer\nfunction NAME(x) end",
    "math.max": "---@param x integer\n---@param ... integer\n---@return integer\nfunction NAME(x, ...) end",
    "math.min": "---@param x integer\n---@param ... integer\n---@return integer\nfunction NAME(x, ...) end",
    "math.tointeger": "---@param x any\n---@return integer?\nfunction NAME(x) end",
    "utf8.char": "---@param ... integer\n---@return string\nfunction NAME(...) end",
    "utf8.codepoint": "---@param s string\n---@param i? integer\n---@param j? integer\n---@param lax? boolean\n"
                      "---@return integer ...\nfunction NAME(s, i, j, lax) end",
    "utf8.codes": "---@param s string\n---@param lax? boolean\n---@return fun(s: string, i?: integer): integer, integer\n"
                  "function NAME(s, lax) end",
    "utf8.len": "---@param s string\n---@param i? integer\n---@param j? integer\n---@param lax? boolean\n---@return integer?\n"
                "function NAME(s, i, j, lax) end",
    "utf8.offset": "---@param s string\n---@param n integer\n---@param i? integer\n---@return integer?\nfunction NAME(s, n, i) end",
}
