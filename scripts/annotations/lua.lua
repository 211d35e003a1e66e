---@meta shikaku.lua

-- 変換スクリプトを書くときに、エディター（Lua Language Server）が項目名を補い、書き間違いを知らせるための定義です。
-- 実行されることはありません。tests/contract/annotations.py --write で作られます。手で直さないでください。使い方は docs/editor.md。
-- What an editor needs to complete names and to warn about misspelt ones; it is never run. Made by
-- tests/contract/annotations.py --write; do not edit it. docs/editor.md says how to use it.

---@class shikaku.math
math = {}

---@class stringlib
string = {}

---@class shikaku.table
table = {}

---@class shikaku.utf8
utf8 = {}

---@generic T
---@param value? T
---@param message? any
---@return T
function assert(value, message) end

---@param message any
---@param level? integer
function error(message, level) end

---@generic T
---@param list T[]
---@return fun(list: T[], i?: integer): integer, T
---@return T[]
---@return integer
function ipairs(list) end

---@param x integer
---@return integer
function math.abs(x) end

---@param x number
---@return integer
function math.ceil(x) end

---@param x number
---@return integer
function math.floor(x) end

---@param x integer
---@param ... integer
---@return integer
function math.max(x, ...) end

---@param x integer
---@param ... integer
---@return integer
function math.min(x, ...) end

---@param x any
---@return integer?
function math.tointeger(x) end

---@generic K, V
---@param map table<K, V>
---@param key? K
---@return K?
---@return V?
function next(map, key) end

---@generic K, V
---@param map table<K, V>
---@return fun(map: table<K, V>, key?: K): K, V
---@return table<K, V>
function pairs(map) end

---@param index integer|"#"
---@param ... any
---@return any ...
function select(index, ...) end

---@param s string|number
---@param i? integer
---@param j? integer
---@return integer ...
function string.byte(s, i, j) end

---@param ... integer
---@return string
function string.char(...) end

---%d %i %x %X %s %% だけ / only these
---@param form string
---@param ... any
---@return string
function string.format(form, ...) end

---@param s string|number
---@return integer
function string.len(s) end

---@param s string|number
---@return string
function string.reverse(s) end

---バイトで数えます / counts bytes
---@param s string|number
---@param i integer
---@param j? integer
---@return string
function string.sub(s, i, j) end

---@param list table
---@param separator? string
---@param i? integer
---@param j? integer
---@return string
function table.concat(list, separator, i, j) end

---@overload fun(list: table, value: any)
---@param list table
---@param position integer
---@param value any
function table.insert(list, position, value) end

---@param list table
---@param position? integer
---@return any
function table.remove(list, position) end

---@generic T
---@param list T[]
---@param before? fun(a: T, b: T): boolean
function table.sort(list, before) end

---@param list table
---@param i? integer
---@param j? integer
---@return any ...
function table.unpack(list, i, j) end

---10進の整数だけ / whole decimal numbers only
---@param value any
---@return integer?
function tonumber(value) end

---@param value any
---@return string
function tostring(value) end

---@param value any
---@return "nil"|"number"|"string"|"boolean"|"table"|"function"|"userdata"
function type(value) end

---@param ... integer
---@return string
function utf8.char(...) end

---@param s string
---@param i? integer
---@param j? integer
---@param lax? boolean
---@return integer ...
function utf8.codepoint(s, i, j, lax) end

---@param s string
---@param lax? boolean
---@return fun(s: string, i?: integer): integer, integer
function utf8.codes(s, lax) end

---@param s string
---@param i? integer
---@param j? integer
---@param lax? boolean
---@return integer?
function utf8.len(s, i, j, lax) end

---@param s string
---@param n integer
---@param i? integer
---@return integer?
function utf8.offset(s, n, i) end
