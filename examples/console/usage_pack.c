#include "args.h"

#define COMMON_JA                                                                                  \
    "共通のオプションは shikaku --help で見られます。--json では一つの JSON を出力します。\n"
#define COMMON_EN "The common options are in shikaku --help. With --json one object is printed.\n"

static const char pack_ja[] =
    "使い方: shikaku pack 仕事 [オプション] …\n"
    "変換パック(スクリプト、説明、見本をまとめたフォルダー)を扱います。\n"
    "\n"
    "仕事:\n"
    "  list フォルダー          フォルダーの中のパックの一覧\n"
    "  check パック             読めるか、署名が合うかを調べる\n"
    "  test パック              見本を全部変換して、結果が同じかを調べる\n"
    "  show パック              作った人、使うソフト、見ることのできる項目、出力の項目\n"
    "  new 見本 --out フォルダー  ソフトの CSV の見出しか XML の見本から、下書きを作る\n"
    "  sign パック --key 鍵     署名する\n"
    "\n"
    "shikaku pack 仕事 --help で詳しく見られます。\n" COMMON_JA;

static const char pack_en[] =
    "Usage: shikaku pack WHAT [OPTIONS] …\n"
    "Works on packs: folders with a mapping script, its description and its samples.\n"
    "\n"
    "What:\n"
    "  list FOLDER             the packs in a folder\n"
    "  check PACK              can it be read, and does its signature fit?\n"
    "  test PACK               map all samples and compare with what is expected\n"
    "  show PACK               vendor, hosts, what it may see, its fields\n"
    "  new SAMPLE --out FOLDER a draft from the heading of a host's CSV or from a sample XML\n"
    "  sign PACK --key KEY     sign it\n"
    "\n"
    "shikaku pack WHAT --help says more.\n" COMMON_EN;

static const char list_ja[] =
    "使い方: shikaku pack list [オプション] フォルダー\n"
    "フォルダーの中のパックを、id、版、名前、署名、使えるかどうかとその理由の表にします。\n"
    "見本は試しません(shikaku pack test で試します)。\n" COMMON_JA
    "終了コード: 0 全部使える  1 使えないパックがある  2 使い方の誤り  3 読めない  130 取り消し\n";

static const char list_en[] =
    "Usage: shikaku pack list [OPTIONS] FOLDER\n"
    "Lists the packs in a folder: id, version, name, signature, and whether each can be used.\n"
    "Samples are not run (shikaku pack test does that).\n" COMMON_EN
    "Exit codes: 0 all can be used  1 some cannot  2 usage  3 fault  130 cancelled\n";

static const char check_ja[] =
    "使い方: shikaku pack check [オプション] パック\n"
    "pack.lua とスクリプトと署名を調べます。見本は試しません。\n" COMMON_JA
    "終了コード: 0 使える  2 使い方の誤り  3 使えない、または読めない  130 取り消し\n";

static const char check_en[] =
    "Usage: shikaku pack check [OPTIONS] PACK\n"
    "Checks pack.lua, the script and the signature. Samples are not run.\n" COMMON_EN
    "Exit codes: 0 can be used  2 usage  3 cannot be used or read  130 cancelled\n";

static const char test_ja[] =
    "使い方: shikaku pack test [オプション] パック\n"
    "見本(samples)を全部変換し、あるべき結果と1バイトずつくらべます。\n"
    "違うときは、最初の違いの行と項目を示します。中身は表示しません。\n" COMMON_JA
    "終了コード: 0 全部合格  1 不合格の見本がある、見本がない  2 使い方の誤り\n"
    "            3 パックを読めない  130 取り消し\n";

static const char test_en[] =
    "Usage: shikaku pack test [OPTIONS] PACK\n"
    "Maps every sample and compares the result byte by byte with what is expected. Of one that\n"
    "fails, line and field of the first difference are told, and nothing of what stands "
    "there.\n" COMMON_EN "Exit codes: 0 all passed  1 a sample failed, or there is none  2 usage\n"
    "            3 the pack cannot be read  130 cancelled\n";

static const char show_ja[] =
    "使い方: shikaku pack show [オプション] パック\n"
    "作った人、使うソフト、確かめた版、署名、見ることのできる項目、出力の項目を表示します。"
    "\n" COMMON_JA
    "終了コード: 0 表示した  2 使い方の誤り  3 使えない、または読めない  130 取り消し\n";

static const char show_en[] =
    "Usage: shikaku pack show [OPTIONS] PACK\n"
    "Shows vendor, hosts, versions tested, signature, what the script may see, and its "
    "fields.\n" COMMON_EN "Exit codes: 0 shown  2 usage  3 cannot be used or read  130 cancelled\n";

static const char new_ja[] =
    "使い方: shikaku pack new 見本 --out フォルダー [オプション]\n"
    "ソフトの CSV(見出しの行。続けて何行かあればなおよい)か、XML の見本から、パックの\n"
    "下書きを作ります。見本の値はパックに入りません。- は標準入力です。\n"
    "\n"
    "オプション:\n"
    "  --out フォルダー  書き込み先\n"
    "  --id ID           パックの id(英数字と _ - .。なければフォルダーの名前)\n"
    "  --vendor 名前     作る人\n"
    "  --host 名前       使うソフト\n" COMMON_JA
    "終了コード: 0 作った  2 使い方の誤り  3 作れなかった  130 取り消し\n";

static const char new_en[] =
    "Usage: shikaku pack new SAMPLE --out FOLDER [OPTIONS]\n"
    "Drafts a pack from the heading line of a host's CSV (better with some rows) or from a sample\n"
    "of its XML. No value of the sample gets into the pack. - is the standard input.\n"
    "\n"
    "Options:\n"
    "  --out FOLDER   where to write\n"
    "  --id ID        the pack's id: letters, digits, _ - . (default: the folder's name)\n"
    "  --vendor NAME  who makes it\n"
    "  --host NAME    the program it is for\n" COMMON_EN
    "Exit codes: 0 made  2 usage  3 fault  130 cancelled\n";

static const char sign_ja[] =
    "使い方: shikaku pack sign パック --key 鍵.pem [オプション]\n"
    "見本が全部合格したパックに署名します(manifest.txt と manifest.sig)。鍵は Ed25519 の\n"
    "秘密鍵です: openssl genpkey -algorithm ed25519 -aes256 -out 鍵.pem\n"
    "\n"
    "オプション:\n"
    "  --key ファイル   秘密鍵(PEM)。パスワードは端末で聞く\n"
    "  --secret-fd N    鍵のパスワードを N 番のディスクリプタから読む\n" COMMON_JA
    "終了コード: 0 署名した  2 使い方の誤り  3 署名できなかった  130 取り消し\n";

static const char sign_en[] =
    "Usage: shikaku pack sign PACK --key KEY.pem [OPTIONS]\n"
    "Signs a pack whose samples all pass (manifest.txt and manifest.sig). The key is an Ed25519\n"
    "private key: openssl genpkey -algorithm ed25519 -aes256 -out KEY.pem\n"
    "\n"
    "Options:\n"
    "  --key FILE       private key, PEM; its passphrase is asked for at the terminal\n"
    "  --secret-fd N    read the key's passphrase from descriptor N\n" COMMON_EN
    "Exit codes: 0 signed  2 usage  3 fault  130 cancelled\n";

const struct usage usage_pack = {pack_ja, pack_en};
const struct usage usage_pack_list = {list_ja, list_en};
const struct usage usage_pack_check = {check_ja, check_en};
const struct usage usage_pack_test = {test_ja, test_en};
const struct usage usage_pack_show = {show_ja, show_en};
const struct usage usage_pack_new = {new_ja, new_en};
const struct usage usage_pack_sign = {sign_ja, sign_en};
