#include "usage.h"

#define COMMON_JA                                                                                  \
    "共通のオプションは shikaku --help で見られます。--json では一つの JSON を出力します。\n"
#define COMMON_EN "The common options are in shikaku --help. With --json one object is printed.\n"

static const char outbox_ja[] =
    "使い方: shikaku outbox [仕事] [オプション] …\n"
    "まだ渡し終えていない回答(送信待ち)を見て、渡し直します。回答は暗号化して保存してあり、\n"
    "watch が待っているあいだにも自動的に渡し直されます。\n"
    "\n"
    "仕事:\n"
    "  list             送信待ちの一覧(仕事を書かないときも)\n"
    "  deliver [番号]   いますぐ渡し直す(番号があればその一件だけ)\n"
    "  ask [番号]       渡し直す。患者が決まっていないものは聞く\n"
    "  drop 番号        取り除く(渡さない)。元には戻せない\n"
    "\n"
    "shikaku outbox 仕事 --help で詳しく見られます。\n" COMMON_JA;

static const char outbox_en[] =
    "Usage: shikaku outbox [WHAT] [OPTIONS] …\n"
    "Answers that are not delivered yet: they are kept sealed, and a watch delivers them by\n"
    "itself while it waits.\n"
    "\n"
    "What:\n"
    "  list             what waits (also without a word)\n"
    "  deliver [ID]     deliver now; with an id that one alone\n"
    "  ask [ID]         the same, and ask where the patient is not decided\n"
    "  drop ID          take one away undelivered; cannot be undone\n"
    "\n"
    "shikaku outbox WHAT --help says more.\n" COMMON_EN;

static const char list_ja[] =
    "使い方: shikaku outbox list [オプション]\n"
    "送信待ちの回答を、番号、状態、いつから、回数、渡し先、氏名、生年月日、渡せなかった理由の\n"
    "表にします。\n" COMMON_JA
    "終了コード: 0 表示した  2 使い方の誤り  3 調べられなかった  130 取り消し\n";

static const char list_en[] =
    "Usage: shikaku outbox list [OPTIONS]\n"
    "Lists what waits: id, state, since when, attempts, for which host, name, date of birth, and\n"
    "why it was not delivered.\n" COMMON_EN
    "Exit codes: 0 listed  2 usage  3 fault  130 cancelled\n";

static const char deliver_ja[] =
    "使い方: shikaku outbox deliver [オプション] [番号]\n"
    "送信待ちの回答をいますぐ渡し直します。患者が決まっていないものは、そのまま待ちます。\n"
    "一度渡したものが二重に渡ることはありません。\n"
    "\n"
    "オプション:\n" USAGE_MATCH_JA "  --show-document  渡した文書を表示する\n"
    "  --timeout 秒     制限時間\n"
    "共通のオプションは shikaku --help で見られます。\n"
    "終了コード: 0 渡せなかったものはない  2 使い方の誤り  3 渡せなかったものがある\n"
    "            130 取り消し\n";

static const char deliver_en[] =
    "Usage: shikaku outbox deliver [OPTIONS] [ID]\n"
    "Delivers what waits, now. What waits for a decision about the patient stays. Nothing is\n"
    "delivered twice.\n"
    "\n"
    "Options:\n" USAGE_MATCH_EN "  --show-document   print each delivered document\n"
    "  --timeout SECONDS time limit\n"
    "The common options are in shikaku --help.\n"
    "Exit codes: 0 nothing that was tried failed  2 usage  3 something was not delivered\n"
    "            130 cancelled\n";

static const char ask_ja[] =
    "使い方: shikaku outbox ask [オプション] [番号]\n"
    "送信待ちの回答を渡し直し、患者が決まっていないものについて、どの患者の回答かを聞きます。\n"
    "\n"
    "オプション:\n" USAGE_MATCH_JA "  --show-document  渡した文書を表示する\n"
    "  --timeout 秒     制限時間\n"
    "共通のオプションは shikaku --help で見られます。\n"
    "終了コード: 0 すべて渡した、または何もなかった  2 使い方の誤り\n"
    "            3 渡せなかった、または決まらなかったものがある  130 取り消し\n";

static const char ask_en[] =
    "Usage: shikaku outbox ask [OPTIONS] [ID]\n"
    "Delivers what waits, and asks whose answer it is where that is not decided.\n"
    "\n"
    "Options:\n" USAGE_MATCH_EN "  --show-document   print each delivered document\n"
    "  --timeout SECONDS time limit\n"
    "The common options are in shikaku --help.\n"
    "Exit codes: 0 everything is delivered, or nothing waited  2 usage\n"
    "            3 something was not delivered or not decided  130 cancelled\n";

static const char drop_ja[] =
    "使い方: shikaku outbox drop [オプション] 番号\n"
    "送信待ちの回答を一件、渡さずに取り除きます。元には戻せません。取り除いたことは履歴に\n"
    "残ります。番号は shikaku outbox list で見られます。端末で確かめてから取り除きます。\n"
    "\n"
    "オプション:\n"
    "  --yes  確かめずに取り除く(端末がないときは必要)\n" COMMON_JA
    "終了コード: 0 取り除いた  2 使い方の誤り  3 取り除けなかった  130 取り消し、「いいえ」\n";

static const char drop_en[] =
    "Usage: shikaku outbox drop [OPTIONS] ID\n"
    "Takes one answer out of the outbox, undelivered. It cannot be undone, and the history tells\n"
    "of it. shikaku outbox list has the ids. A person at the terminal is asked first.\n"
    "\n"
    "Options:\n"
    "  --yes  do not ask; needed where there is no terminal\n" COMMON_EN
    "Exit codes: 0 dropped  2 usage  3 fault  130 cancelled, or the answer was no\n";

const struct usage usage_outbox = {outbox_ja, outbox_en};
const struct usage usage_outbox_list = {list_ja, list_en};
const struct usage usage_outbox_deliver = {deliver_ja, deliver_en};
const struct usage usage_outbox_ask = {ask_ja, ask_en};
const struct usage usage_outbox_drop = {drop_ja, drop_en};
