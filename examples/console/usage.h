/* Words that the help of several commands has. */
#ifndef CONSOLE_USAGE_H
#define CONSOLE_USAGE_H

#include "args.h"

#define USAGE_MATCH_JA                                                                                                   \
    "  --match 答え      どの患者の回答か確かでないときの答え: later(あとで決める)、\n"       \
    "                    skip(渡さない)、new(新しい患者)、patient:患者番号、ask(聞く)。\n"            \
    "                    書かなければ端末で聞き、端末がなければ later。--json では later で、\n" \
    "                    ask なら標準入力の一行の JSON で答える\n"

#define USAGE_MATCH_EN                                                                             \
    "  --match ANSWER    when it is not sure whose answer it is: later, skip, new,\n"              \
    "                    patient:NUMBER or ask. Default: asked at the terminal, later\n"           \
    "                    without one; with --json later, and ask takes a line of JSON\n"           \
    "                    from the standard input\n"

#endif
