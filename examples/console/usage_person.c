#include "usage.h"

static const char person_ja[] =
    "使い方: shikaku person [オプション]\n"
    "カードを一枚待ち、氏名・住所・生年月日・性別を読んで、設定どおりに渡します。新しい患者を\n"
    "打ち直さずに登録するためのもので、資格は確認しません。渡し先(deliveries)には\n"
    "when = \"found\" を書きます。\n"
    "設定の attributes が code_b なら照合番号B(カードの表から14桁)、pin なら券面事項入力補助用の\n"
    "暗証番号(4桁)を、端末で表示せずに入力します。コマンド行には書けません。\n"
    "個人番号は読みません。12桁の番号は受け付けません。\n"
    "\n"
    "オプション:\n"
    "  --code-fd N       照合番号Bを N 番のディスクリプタから一行読む(端末では聞かない)\n"
    "  --pin-fd N        暗証番号を N 番のディスクリプタから一行読む。どちらも、間違った番号でも\n"
    "                    一度しか送らず、そこで終わる\n"
    "  --last-try        残り1回でも、残りの回数がわからなくても送る(間違えるとロックされます)\n"
    "  --show-document   渡した文書を表示する(--json とは一緒に使えない)\n" USAGE_MATCH_JA
    "  --timeout 秒      全体の制限時間\n"
    "共通のオプションは shikaku --help で見られます。くわしくは docs/person.md。\n"
    "\n"
    "終了コード: 0 読めて、すべて渡した  2 使い方の誤り  3 読めなかった、または渡せなかった\n"
    "            130 取り消し(Ctrl-C)\n";

static const char person_en[] =
    "Usage: shikaku person [OPTIONS]\n"
    "Waits for one card, reads name, address, birth date and sex and delivers them as configured,\n"
    "to register a new patient without retyping. It checks no eligibility. The deliveries need\n"
    "when = \"found\".\n"
    "With attributes = \"code_b\" it asks for the number on the card's face (照合番号B, 14 "
    "digits),\n"
    "with \"pin\" for the PIN of that application (4 digits), at the terminal without echo, never "
    "on\n"
    "the command line. The individual number is not read; 12 digits are refused.\n"
    "\n"
    "Options:\n"
    "  --code-fd N       read the number, one line, from descriptor N\n"
    "  --pin-fd N        read the PIN, one line, from descriptor N; with both, a wrong one ends "
    "the\n"
    "                    job, nothing is sent twice\n"
    "  --last-try        send it even when a mistake would block it, or may\n"
    "  --show-document   print each delivered document (not together with --json)\n" USAGE_MATCH_EN
    "  --timeout SECONDS time limit of the whole job\n"
    "The common options are in shikaku --help; docs/person.md says more.\n"
    "\n"
    "Exit codes: 0 read and delivered  2 usage  3 not read or not delivered  130 cancelled\n";

const struct usage usage_person = {person_ja, person_en};
