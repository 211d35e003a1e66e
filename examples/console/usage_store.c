#include "args.h"

#define COMMON_JA                                                                                  \
    "共通のオプションは shikaku --help で見られます。--json では一つの JSON を出力します。\n"
#define COMMON_EN "The common options are in shikaku --help. With --json one object is printed.\n"

static const char store_ja[] =
    "使い方: shikaku store [仕事] [オプション] …\n"
    "回答と履歴の保存先を調べ、手入れをします。個人の情報は暗号化して保存されています。\n"
    "\n"
    "仕事:\n"
    "  show                 何件あるか、版、鍵(仕事を書かないときも)\n"
    "  purge                保存期間(store.keep_days)を過ぎたものをいま消す\n"
    "  rotate               鍵を新しくして、保存したものを全部書き直す\n"
    "  export-key ファイル  鍵の控えを書き出す\n"
    "  import-key ファイル  鍵を取り込む(別のパソコンで同じ保存先を使うとき、控えから戻すとき)\n"
    "\n"
    "shikaku store 仕事 --help で詳しく見られます。\n" COMMON_JA;

static const char store_en[] =
    "Usage: shikaku store [WHAT] [OPTIONS] …\n"
    "Looks after the place where answers and the history are kept, sealed.\n"
    "\n"
    "What:\n"
    "  show             what there is (also without a word)\n"
    "  purge            remove now what is older than store.keep_days\n"
    "  rotate           make a new key and seal everything anew\n"
    "  export-key FILE  write a copy of the key\n"
    "  import-key FILE  take a key in: on another PC of the same store, or from the copy\n"
    "\n"
    "shikaku store WHAT --help says more.\n" COMMON_EN;

static const char show_ja[] =
    "使い方: shikaku store show [オプション]\n"
    "送信待ち、渡し終えたもの、履歴の件数、保存先の版、鍵の番号を表示します。\n" COMMON_JA
    "終了コード: 0 表示した  2 使い方の誤り  3 調べられなかった  130 取り消し\n";

static const char show_en[] =
    "Usage: shikaku store show [OPTIONS]\n"
    "Shows how much waits, was delivered and is in the history, the schema, and the number of the\n"
    "key.\n" COMMON_EN "Exit codes: 0 shown  2 usage  3 fault  130 cancelled\n";

static const char purge_ja[] =
    "使い方: shikaku store purge [オプション]\n"
    "保存期間(設定の store.keep_days)を過ぎた、渡し終えた回答と履歴を消します。送信待ちは\n"
    "消しません。元には戻せません。\n" COMMON_JA
    "終了コード: 0 消した  2 使い方の誤り  3 消せなかった  130 取り消し\n";

static const char purge_en[] =
    "Usage: shikaku store purge [OPTIONS]\n"
    "Removes what is done and the history older than store.keep_days; what waits stays. It cannot\n"
    "be undone.\n" COMMON_EN "Exit codes: 0 done  2 usage  3 fault  130 cancelled\n";

static const char rotate_ja[] =
    "使い方: shikaku store rotate [オプション]\n"
    "新しい鍵を作り、保存したものを全部、新しい鍵で書き直します。途中で止まっても失われる\n"
    "ものはなく、もう一度実行すれば終わります。\n" COMMON_JA
    "終了コード: 0 替えた  2 使い方の誤り  3 替えられなかった  130 取り消し\n";

static const char rotate_en[] =
    "Usage: shikaku store rotate [OPTIONS]\n"
    "Makes a new key and seals everything with it. Interrupted, nothing is lost; run it "
    "again.\n" COMMON_EN "Exit codes: 0 changed  2 usage  3 fault  130 cancelled\n";

static const char export_key_ja[] =
    "使い方: shikaku store export-key [オプション] ファイル\n"
    "鍵の控えを書き出します。鍵をなくすと保存したものは二度と開けません。控えがあれば、保存した\n"
    "ものを誰でも開けます。受付パソコンとは別の、鍵のかかる場所に保管してください。\n" COMMON_JA
    "終了コード: 0 書き出した  2 使い方の誤り  3 書き出せなかった  130 取り消し\n";

static const char export_key_en[] =
    "Usage: shikaku store export-key [OPTIONS] FILE\n"
    "Writes a copy of the key. Without the key nothing that is kept can be opened again; with the\n"
    "copy anybody can open it. Store it elsewhere, locked away.\n" COMMON_EN
    "Exit codes: 0 written  2 usage  3 fault  130 cancelled\n";

static const char import_key_ja[] =
    "使い方: shikaku store import-key [オプション] ファイル\n"
    "書き出した鍵を、この受付パソコンに取り込みます。保存先に合わない鍵は取り込みません。"
    "\n" COMMON_JA "終了コード: 0 取り込んだ  2 使い方の誤り  3 取り込めなかった  130 取り消し\n";

static const char import_key_en[] =
    "Usage: shikaku store import-key [OPTIONS] FILE\n"
    "Takes an exported key in on this PC. A key that does not fit the store is refused.\n" COMMON_EN
    "Exit codes: 0 taken in  2 usage  3 fault  130 cancelled\n";

const struct usage usage_store = {store_ja, store_en};
const struct usage usage_store_show = {show_ja, show_en};
const struct usage usage_store_purge = {purge_ja, purge_en};
const struct usage usage_store_rotate = {rotate_ja, rotate_en};
const struct usage usage_store_export_key = {export_key_ja, export_key_en};
const struct usage usage_store_import_key = {import_key_ja, import_key_en};
