#include "args.h"

#define COMMON_JA                                                                                  \
    "共通のオプションは shikaku --help で見られます。--json では一つの JSON を出力します。\n"
#define COMMON_EN "The common options are in shikaku --help. With --json one object is printed.\n"

#define FILTER_JA                                                                                  \
    "  --from 日付      この日から(西暦・和暦のどちらでも)\n"                    \
    "  --to 日付        この日まで\n"                                                       \
    "  --patient 番号   渡し先の患者番号がこの人のものだけ\n"

#define FILTER_EN                                                                                  \
    "  --from DATE      from this day on\n"                                                        \
    "  --to DATE        up to this day\n"                                                          \
    "  --patient NUMBER of this patient number of the host alone\n"

static const char history_ja[] =
    "使い方: shikaku history [仕事] [オプション] …\n"
    "いつ、誰を、どの経路で確認し、何をどこへ渡したかの記録です。それぞれの記録が前の記録の\n"
    "ハッシュを持つので、あとからの書きかえや抜けは verify でわかります。\n"
    "\n"
    "仕事:\n"
    "  list             一覧(仕事を書かないときも)\n"
    "  verify           書きかえや抜けがないか、全部を確かめる\n"
    "  export ファイル  CSV に書き出す(返戻の問い合わせなどに)\n"
    "\n"
    "shikaku history 仕事 --help で詳しく見られます。\n" COMMON_JA;

static const char history_en[] =
    "Usage: shikaku history [WHAT] [OPTIONS] …\n"
    "Who was checked when and by which route, and what was delivered where. Each entry carries\n"
    "the hash of the one before; verify finds what was altered or taken away.\n"
    "\n"
    "What:\n"
    "  list         the entries (also without a word)\n"
    "  verify       check all of it for changes and gaps\n"
    "  export FILE  write a CSV, such as for a dispute about a returned claim\n"
    "\n"
    "shikaku history WHAT --help says more.\n" COMMON_EN;

static const char list_ja[] =
    "使い方: shikaku history list [オプション]\n"
    "履歴を新しいほうから数えて表示します(古い順に並びます)。\n"
    "\n"
    "オプション:\n" FILTER_JA "  --limit 件数     新しいほうから何件か(既定は 100)\n" COMMON_JA
    "終了コード: 0 表示した  2 使い方の誤り  3 調べられなかった  130 取り消し\n";

static const char list_en[] =
    "Usage: shikaku history list [OPTIONS]\n"
    "Shows the newest entries, the oldest of them first.\n"
    "\n"
    "Options:\n" FILTER_EN "  --limit N        how many of the newest (default: 100)\n" COMMON_EN
    "Exit codes: 0 listed  2 usage  3 fault  130 cancelled\n";

static const char verify_ja[] =
    "使い方: shikaku history verify [オプション]\n"
    "履歴の全部をたどり、書きかえられたところ、抜けたところがないか確かめます。あれば、最初に\n"
    "合わない記録の番号を示します。その番号から後は証拠になりません。\n" COMMON_JA
    "終了コード: 0 書きかえも抜けもない  2 使い方の誤り\n"
    "            3 壊れている、または調べられなかった  130 取り消し\n";

static const char verify_en[] =
    "Usage: shikaku history verify [OPTIONS]\n"
    "Follows the whole chain and names the first entry that does not fit, if any: from there on\n"
    "the history is no evidence.\n" COMMON_EN
    "Exit codes: 0 whole  2 usage  3 broken, or it could not be read  130 cancelled\n";

static const char export_ja[] =
    "使い方: shikaku history export [オプション] ファイル\n"
    "履歴を CSV に書き出します。氏名などが入るので、扱いに注意してください。\n"
    "\n"
    "オプション:\n" FILTER_JA COMMON_JA
    "終了コード: 0 書き出した  2 使い方の誤り  3 書き出せなかった、または履歴が壊れている\n"
    "            130 取り消し\n";

static const char export_en[] =
    "Usage: shikaku history export [OPTIONS] FILE\n"
    "Writes the history as CSV. It holds names and numbers of patients.\n"
    "\n"
    "Options:\n" FILTER_EN COMMON_EN
    "Exit codes: 0 written  2 usage  3 not written, or the history is broken  130 cancelled\n";

const struct usage usage_history = {history_ja, history_en};
const struct usage usage_history_list = {list_ja, list_en};
const struct usage usage_history_verify = {verify_ja, verify_en};
const struct usage usage_history_export = {export_ja, export_en};
