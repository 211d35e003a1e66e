#include "usage.h"

#define COMMON_JA "共通のオプションは shikaku --help で見られます。\n"
#define COMMON_EN "The common options are in shikaku --help.\n"

static const char import_ja[] =
    "使い方: shikaku import [オプション] ファイル|-\n"
    "もう手元にある回答を読みます。マイナ資格確認アプリからコピーした内容、\n"
    "資格確認端末の XML(個人、顔認証、一括)が読めます。- は標準入力です。\n"
    "設定に渡し先(deliveries)があれば、文書も渡します。\n"
    "\n"
    "オプション:\n"
    "  --from auto|app|oqs  内容の種類(既定は auto)\n"
    "  --show-document      渡した文書を表示する\n" USAGE_MATCH_JA
    "  --timeout 秒         制限時間\n" COMMON_JA
    "--json では一つの JSON を出力します: records、persons、drift(知らない項目)、faults\n"
    "(--match ask では、check と同じく一行ずつ)\n"
    "\n"
    "終了コード:\n"
    "  0    読めた\n"
    "  1    読めた。資格がない、または該当しない人がいる\n"
    "  2    使い方の誤り\n"
    "  3    読めない人がいる、または文書を渡せなかった\n"
    "  130  取り消し(Ctrl-C)\n";

static const char import_en[] =
    "Usage: shikaku import [OPTIONS] FILE|-\n"
    "Reads an answer that is there already: text copied from the official app, or XML of an\n"
    "eligibility terminal (one person, face push, bulk). - is the standard input.\n"
    "Documents are delivered when the configuration names deliveries.\n"
    "\n"
    "Options:\n"
    "  --from auto|app|oqs  what it is (default: auto)\n"
    "  --show-document      print each delivered document\n" USAGE_MATCH_EN
    "  --timeout SECONDS    time limit\n" COMMON_EN
    "With --json one object is printed: records, persons, drift (what was not understood), faults\n"
    "(with --match ask one a line, as check does)\n"
    "\n"
    "Exit codes:\n"
    "  0    read\n"
    "  1    read; someone is not insured or was not found\n"
    "  2    usage\n"
    "  3    fault: someone could not be read, or a document was not delivered\n"
    "  130  cancelled (Ctrl-C)\n";

#define PERSON_JA                                                                                  \
    "  --insurer 番号     保険者番号\n"                                                     \
    "  --symbol 記号      記号(ないときは書かない)\n"                                 \
    "  --number 番号      番号\n"                                                              \
    "  --branch 枝番      枝番(2桁。わからないときは書かない)\n"                 \
    "  --birth 日付       生年月日(1954-01-05、昭和29年1月5日 など)\n"

#define PERSON_EN                                                                                  \
    "  --insurer NUMBER   insurer number\n"                                                        \
    "  --symbol TEXT      symbol; leave it out when there is none\n"                               \
    "  --number TEXT      number\n"                                                                \
    "  --branch NN        branch number, when known\n"                                             \
    "  --birth DATE       date of birth: 1954-01-05, 昭和29年1月5日, …\n"

#define STDIN_JA                                                                                                           \
    "コマンド行の内容はほかの利用者からも見えます。共用のパソコンでは - と書いて、\n" \
    "標準入力に insurer_number=…、number=… のように一行ずつ渡してください。\n"

#define STDIN_EN                                                                                   \
    "Other users of the machine can see a command line. On a shared one say - and give the data\n" \
    "on the standard input, one name=value a line: insurer_number, symbol, number, …\n"

static const char query_ja[] =
    "使い方: shikaku query [オプション] [-]\n"
    "カードがないとき、保険証や資格確認書の記号・番号で資格を確認します。\n"
    "\n"
    "オプション:\n" PERSON_JA "  --query-date 日付  資格確認日(既定は今日)\n"
    "  --limit-consent 1  限度額適用認定証の提供に同意したとき\n"
    "  --identifier 文字  任意の識別子\n"
    "  --show-document    渡した文書を表示する\n" USAGE_MATCH_JA
    "  --secret-fd N      端末の証明書のパスワードを N 番のディスクリプタから読む\n"
    "  --timeout 秒       制限時間\n" COMMON_JA STDIN_JA "\n"
    "終了コード: 0 資格あり  1 資格なし・該当なし・複数該当  2 使い方の誤り\n"
    "            3 確認できなかった、または文書を渡せなかった  130 取り消し\n";

static const char query_en[] =
    "Usage: shikaku query [OPTIONS] [-]\n"
    "Checks eligibility without a card, by the data of an insurance card.\n"
    "\n"
    "Options:\n" PERSON_EN "  --query-date DATE  day to ask for (default: today)\n"
    "  --limit-consent 1  the patient agrees to the limit certificate\n"
    "  --identifier TEXT  your own identifier, echoed\n"
    "  --show-document    print each delivered document\n" USAGE_MATCH_EN
    "  --secret-fd N      read the passphrase of the device's key from descriptor N\n"
    "  --timeout SECONDS  time limit\n" COMMON_EN STDIN_EN "\n"
    "Exit codes: 0 eligible  1 not eligible, not found or several found  2 usage\n"
    "            3 fault: no answer, or a document was not delivered  130 cancelled\n";

static const char register_ja[] =
    "使い方: shikaku register [オプション] [-]\n"
    "照会番号(この医療機関での患者番号)を一人分登録します。資格確認端末(route = \"folder\")だけで\n"
    "使えます。\n"
    "\n"
    "オプション:\n" PERSON_JA "  --reference 番号   登録する照会番号(50文字まで)\n"
    "  --timeout 秒       制限時間\n" COMMON_JA STDIN_JA "\n"
    "終了コード: 0 登録した  2 使い方の誤り  3 登録できなかった  130 取り消し\n";

static const char register_en[] =
    "Usage: shikaku register [OPTIONS] [-]\n"
    "Registers your own patient number (照会番号) for one person; only with the folders of an\n"
    "eligibility terminal (route = \"folder\").\n"
    "\n"
    "Options:\n" PERSON_EN "  --reference TEXT   the number to register, up to 50 characters\n"
    "  --timeout SECONDS  time limit\n" COMMON_EN STDIN_EN "\n"
    "Exit codes: 0 registered  2 usage  3 fault  130 cancelled\n";

static const char bulk_ja[] =
    "使い方: shikaku bulk --columns 列.lua --out フォルダー [オプション] 患者一覧.csv\n"
    "患者一覧の全員について、資格をまとめて確認し直します。途中で止まっても、同じ\n"
    "コマンドで続きから始まります。結果は results.jsonl と differences.csv です。\n"
    "\n"
    "オプション:\n"
    "  --columns FILE    列の対応を書いた Lua ファイル(scripts/bulk_columns.lua が見本)\n"
    "  --out FOLDER      結果のフォルダー\n"
    "  --kind check|register  register は照会番号の一括登録(既定は check)\n"
    "  --date 日付       資格確認日(既定は今日)\n"
    "  --secret-fd N     端末の証明書のパスワードを N 番のディスクリプタから読む\n"
    "  --timeout 秒      この時間で止める(あとで続けられる)\n" COMMON_JA "\n"
    "終了コード:\n"
    "  0    全員の資格があった\n"
    "  1    喪失、複数該当、該当なしの人がいる\n"
    "  2    使い方の誤り\n"
    "  3    確認できない人がいる、または最後まで進めなかった\n"
    "  130  取り消し(Ctrl-C。あとで続けられる)\n";

static const char bulk_en[] =
    "Usage: shikaku bulk --columns COLUMNS.lua --out FOLDER [OPTIONS] TABLE.csv\n"
    "Checks everyone of a table of patients again. After an interruption the same command goes\n"
    "on where it stopped. The results are results.jsonl and differences.csv.\n"
    "\n"
    "Options:\n"
    "  --columns FILE    Lua file that names the columns (example: scripts/bulk_columns.lua)\n"
    "  --out FOLDER      folder for the results\n"
    "  --kind check|register  register registers patient numbers (default: check)\n"
    "  --date DATE       day to ask for (default: today)\n"
    "  --secret-fd N     read the passphrase of the device's key from descriptor N\n"
    "  --timeout SECONDS stop after this time; can be continued\n" COMMON_EN "\n"
    "Exit codes:\n"
    "  0    everyone is eligible\n"
    "  1    someone's entitlement is lost, not found, or several were found\n"
    "  2    usage\n"
    "  3    fault: someone could not be asked, or the run did not end\n"
    "  130  cancelled (Ctrl-C; can be continued)\n";

const struct usage usage_import = {import_ja, import_en};
const struct usage usage_query = {query_ja, query_en};
const struct usage usage_register = {register_ja, register_en};
const struct usage usage_bulk = {bulk_ja, bulk_en};
