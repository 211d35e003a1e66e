#include "usage.h"

static const char overview_ja[] =
    "使い方: shikaku コマンド [オプション]\n"
    "マイナンバーカードを読み、医療保険の資格を確認します。\n"
    "\n"
    "コマンド:\n"
    "  readers   カードリーダーが使えるか、一台ずつ確かめる\n"
    "  check     カードを一枚読み、資格を確認して結果を渡す\n"
    "  watch     Ctrl-C まで、置かれたカード(または届いた回答)を順に確認する\n"
    "  import    手元の回答(アプリのコピー、端末の XML)を読んで渡す\n"
    "  query     カードなしで、記号・番号から確認する\n"
    "  register  照会番号を登録する\n"
    "  bulk      患者一覧の全員を確認し直す\n"
    "  person    カードの氏名・住所・生年月日・性別を読んで渡す(新しい患者の登録)\n"
    "  map       手元の回答を、変換パックやスクリプトで変換してみる\n"
    "  pack      変換パックを調べる、試す、作る、署名する\n"
    "  outbox    まだ渡し終えていない回答を見る、渡し直す\n"
    "  history   確認と受け渡しの履歴を見る、確かめる、書き出す\n"
    "  store     回答の保存先を調べる、鍵を替える\n"
    "\n"
    "共通のオプション:\n"
    "  --config FILE     設定ファイル(環境変数 SHIKAKU_CONFIG。なければ既定値)\n"
    "  --set KEY=VALUE   設定を一つ上書きする(何度でも)\n"
    "  --library PATH    プラグインの場所(環境変数 SHIKAKU_LIBRARY)\n"
    "  --json            一行に一つの JSON で出力する\n"
    "  --lang ja|en      画面の言葉(既定は ja)\n"
    "  --quiet           途中の案内を出さない\n"
    "  --help            説明(shikaku コマンド --help で詳しく)\n"
    "  --version         版\n"
    "\n"
    "終了コード: 0 資格あり  1 資格なし  2 使い方の誤り  3 確認できなかった  130 取り消し\n";

static const char overview_en[] =
    "Usage: shikaku COMMAND [OPTIONS]\n"
    "Reads a My Number Card and checks eligibility for health insurance.\n"
    "\n"
    "Commands:\n"
    "  readers   say of each card reader whether it can be used\n"
    "  check     read one card, check it and deliver the answer\n"
    "  watch     check card after card (or answer after answer) until Ctrl-C\n"
    "  import    read and deliver an answer: copied text, XML of a terminal\n"
    "  query     check without a card, by the data of an insurance card\n"
    "  register  register your own patient number\n"
    "  bulk      check everyone of a table of patients again\n"
    "  person    read name, address, birth date and sex from a card, for a new patient\n"
    "  map       map an answer with a pack or a script, to look at the document\n"
    "  pack      list, check, test, show, make and sign packs\n"
    "  outbox    list and deliver what is not delivered yet\n"
    "  history   list, verify and export what was checked and delivered\n"
    "  store     look after the store and its key\n"
    "\n"
    "Common options:\n"
    "  --config FILE     configuration (environment: SHIKAKU_CONFIG; else defaults)\n"
    "  --set KEY=VALUE   set one configuration key (repeatable)\n"
    "  --library PATH    the plugin (environment: SHIKAKU_LIBRARY)\n"
    "  --json            one JSON object a line\n"
    "  --lang ja|en      language of the screen (default: ja)\n"
    "  --quiet           no step-by-step messages\n"
    "  --help            help (shikaku COMMAND --help says more)\n"
    "  --version         version\n"
    "\n"
    "Exit codes: 0 eligible  1 not eligible  2 usage  3 fault  130 cancelled\n";

#define PIN_FD_JA                                                                                                        \
    "  --pin-fd N        暗証番号を N 番のディスクリプタから一行読む(端末では聞かない)。\n" \
    "                    間違った番号でも一度しか送らず、そこで終わる\n"

#define PIN_FD_EN                                                                                  \
    "  --pin-fd N        read the PIN, one line, from descriptor N; a wrong one ends the job,\n"   \
    "                    nothing is sent twice\n"

#define PIN_OPTIONS_JA                                                                                                 \
    "  --last-try        残り1回でも暗証番号を送る(間違えると暗証番号がロックされます)\n" \
    "  --show-document   渡した文書を表示する(--json とは一緒に使えない)\n"                         \
    "  --secret-fd N     端末の証明書のパスワードを N 番のディスクリプタから読む\n"

#define PIN_OPTIONS_EN                                                                             \
    "  --last-try        send the PIN even when a mistake would block the card\n"                  \
    "  --show-document   print each delivered document (not together with --json)\n"               \
    "  --secret-fd N     read the passphrase of the device's key from descriptor N\n"

static const char readers_ja[] =
    "使い方: shikaku readers [オプション]\n"
    "カードリーダーを一台ずつ確かめ、使えるか、使えないなら何をすればよいかを表示します。\n"
    "マイナンバーカードを置いてから使ってください。暗証番号は使わず、個人の情報は読みません。\n"
    "\n"
    "オプション:\n"
    "  --quick           カードに触れずに、リーダーの名前とカードの有無だけを表示する\n"
    "共通のオプションは shikaku --help で見られます。\n"
    "終了コード: 0 使えるリーダーがある(--quick では表示した)  1 使えるとわかったリーダーがない\n"
    "            2 使い方の誤り  3 調べられなかった  130 取り消し\n";

static const char readers_en[] =
    "Usage: shikaku readers [OPTIONS]\n"
    "Tries each card reader and says whether it can be used, and if not, what to do.\n"
    "Put a My Number Card on it first. No PIN is used, and nothing of the person is read.\n"
    "\n"
    "Options:\n"
    "  --quick           only list the readers and whether a card lies on them; no card is "
    "touched\n"
    "The common options are in shikaku --help.\n"
    "Exit codes: 0 a reader can be used (with --quick: listed)  1 none is known to be usable\n"
    "            2 usage  3 fault  130 cancelled\n";

static const char check_ja[] =
    "使い方: shikaku check [オプション]\n"
    "カードを一枚待って資格を確認し、結果を設定どおりに渡します。\n"
    "設定の route が folder のときは資格確認端末からの回答を、app のときは確認アプリから\n"
    "コピーした内容を、一つ待ちます(カードと暗証番号は使いません)。\n"
    "暗証番号は端末で表示せずに入力します。コマンド行には書けません。\n"
    "\n"
    "オプション:\n" PIN_FD_JA PIN_OPTIONS_JA USAGE_MATCH_JA
    "  --timeout 秒      確認全体の制限時間\n"
    "共通のオプションは shikaku --help で見られます。\n"
    "\n"
    "終了コード:\n"
    "  0    資格あり。文書もすべて渡した。route が app のときは、有効・無効の記載がないときも\n"
    "       (--json では outcome が unstated)。有効かどうかはアプリの画面で確かめる\n"
    "  1    回答があり、資格なし\n"
    "  2    使い方の誤り\n"
    "  3    確認できなかった、または文書を渡せなかった\n"
    "  130  取り消し(Ctrl-C)\n";

static const char check_en[] =
    "Usage: shikaku check [OPTIONS]\n"
    "Waits for one card, checks it and delivers the answer as configured.\n"
    "With route = \"folder\" it waits for one answer of an eligibility terminal, with \"app\" for "
    "one\n"
    "text copied from the official app, and needs neither card nor PIN.\n"
    "The PIN is typed at the terminal without echo, never on the command line.\n"
    "\n"
    "Options:\n" PIN_FD_EN PIN_OPTIONS_EN USAGE_MATCH_EN
    "  --timeout SECONDS time limit of the whole check\n"
    "The common options are in shikaku --help.\n"
    "\n"
    "Exit codes:\n"
    "  0    eligible, and every document is delivered; with the app also a text that does not say\n"
    "       whether it is valid (outcome unstated with --json): look at the app's screen\n"
    "  1    an answer came: not eligible\n"
    "  2    usage\n"
    "  3    fault: no answer, or a document was not delivered\n"
    "  130  cancelled (Ctrl-C)\n";

static const char watch_ja[] =
    "使い方: shikaku watch [オプション]\n"
    "置かれたカードを順に確認します。Ctrl-C で終わります。\n"
    "設定の route が folder のときは資格確認端末からの回答を、app のときは確認アプリから\n"
    "コピーした内容を、届くたびに受け取ります。コピーした内容には有効・無効の記載がありません\n"
    "(--json では outcome が unstated)。有効かどうかはアプリの画面で確かめます。\n"
    "\n"
    "オプション:\n" PIN_FD_JA
    "                    (watch では、聞かれてから届いた一行だけを使う)\n" PIN_OPTIONS_JA
        USAGE_MATCH_JA "  --timeout 秒      この時間で終わる\n"
    "共通のオプションは shikaku --help で見られます。\n"
    "\n"
    "終了コード: 0 Ctrl-C または時間で終わった  2 使い方の誤り  3 続けられなくなった\n";

static const char watch_en[] =
    "Usage: shikaku watch [OPTIONS]\n"
    "Checks card after card and ends with Ctrl-C.\n"
    "With route = \"folder\" it takes every answer of an eligibility terminal, with \"app\" every "
    "text\n"
    "copied from the official app, which does not say whether it is valid (outcome unstated with\n"
    "--json): look at the app's screen.\n"
    "\n"
    "Options:\n" PIN_FD_EN
    "                    (watch takes only a line that comes after its question)\n" PIN_OPTIONS_EN
        USAGE_MATCH_EN "  --timeout SECONDS end after this time\n"
    "The common options are in shikaku --help.\n"
    "\n"
    "Exit codes: 0 ended by Ctrl-C or in time  2 usage  3 could not go on\n";

const char *usage_text(enum command command, bool english) {
    static const struct usage overview = {overview_ja, overview_en},
                              readers = {readers_ja, readers_en}, check = {check_ja, check_en},
                              watch = {watch_ja, watch_en};
    static const struct usage *const usages[COMMAND_LAST + 1] = {
        [COMMAND_NONE] = &overview,
        [COMMAND_READERS] = &readers,
        [COMMAND_CHECK] = &check,
        [COMMAND_WATCH] = &watch,
        [COMMAND_IMPORT] = &usage_import,
        [COMMAND_QUERY] = &usage_query,
        [COMMAND_REGISTER] = &usage_register,
        [COMMAND_BULK] = &usage_bulk,
        [COMMAND_PERSON] = &usage_person,
        [COMMAND_MAP] = &usage_map,
        [COMMAND_PACK] = &usage_pack,
        [COMMAND_PACK_LIST] = &usage_pack_list,
        [COMMAND_PACK_CHECK] = &usage_pack_check,
        [COMMAND_PACK_TEST] = &usage_pack_test,
        [COMMAND_PACK_SHOW] = &usage_pack_show,
        [COMMAND_PACK_NEW] = &usage_pack_new,
        [COMMAND_PACK_SIGN] = &usage_pack_sign,
        [COMMAND_OUTBOX] = &usage_outbox,
        [COMMAND_OUTBOX_LIST] = &usage_outbox_list,
        [COMMAND_OUTBOX_DELIVER] = &usage_outbox_deliver,
        [COMMAND_OUTBOX_ASK] = &usage_outbox_ask,
        [COMMAND_OUTBOX_DROP] = &usage_outbox_drop,
        [COMMAND_HISTORY] = &usage_history,
        [COMMAND_HISTORY_LIST] = &usage_history_list,
        [COMMAND_HISTORY_VERIFY] = &usage_history_verify,
        [COMMAND_HISTORY_EXPORT] = &usage_history_export,
        [COMMAND_STORE] = &usage_store,
        [COMMAND_STORE_SHOW] = &usage_store_show,
        [COMMAND_STORE_PURGE] = &usage_store_purge,
        [COMMAND_STORE_ROTATE] = &usage_store_rotate,
        [COMMAND_STORE_EXPORT_KEY] = &usage_store_export_key,
        [COMMAND_STORE_IMPORT_KEY] = &usage_store_import_key,
    };
    return english ? usages[command]->english : usages[command]->japanese;
}
