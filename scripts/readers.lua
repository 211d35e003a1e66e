-- カードリーダーの一覧です。shikaku readers は、カードがなくて試せないときや、結果に説明を添えるときに使います。
-- この一覧はライブラリーに組み込まれています。設定ファイルに  reader_list = "readers.lua"  と書くと、プログラムを
-- 作り直さずに、書き足したものに取り替えられます。書き方は docs/readers.md にあります。
--
-- 組み込みの一覧は、公開されているドライバーの記述(libccid のリーダー一覧)と、公開されている不具合の報告から作りました。
-- 私たちが実物で試したものではありません。公式の確認アプリの対応機種の一覧も写していないので、official は unknown です。
--
-- A list of card readers for `shikaku readers`: what is expected of a reader that cannot be tried, and words
-- beside what was found. It is built into the library; reader_list = "readers.lua" in the configuration
-- replaces it without a new build. docs/readers.md explains the fields.
--
-- The built-in rows come from public driver descriptors (libccid's list of readers) and public reports. None
-- was tried on hardware by us. The official app's list of models is not copied: official is "unknown".

return {
  date = "2026-11-29",
  readers = {
    {
      model = "ACS ACR122U",
      names = { "ACR122" },
      usb = { "072F:2200" },
      extended = "unknown", usable = "unknown", official = "unknown",
      note = "libccid の一覧では対応外とされている古いリーダーです。",
      note_en = "An old reader that libccid lists as unsupported.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "ACS ACR1251U",
      names = { "ACR1251" },
      usb = { "072F:221A" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "カードを置く側の口の値です。SAM の口は短いコマンドだけです。1S 型には動作が安定しないという報告があります。",
      note_en = "Of the slot for cards; its SAM slot takes short commands only. The 1S model is reported to be unstable.",
      source = "libccid readers/*.txt; acshk/acsccid #23", sure = "driver",
    },
    {
      model = "ACS ACR1252U",
      names = { "ACR1252" },
      usb = { "072F:223B", "072F:223E" },
      extended = "unknown", usable = "unknown", official = "unknown",
      note = "ドライバーは長いコマンドに対応すると言いますが、失敗したという報告があります。カードを置いて確かめてください。",
      note_en = "The driver says that it takes long commands; a report says that they fail. Try it with a card.",
      source = "libccid readers/*.txt; LudovicRousseau/PCSC #54", sure = "report",
    },
    {
      model = "ACS ACR1281U",
      names = { "ACR1281" },
      usb = { "072F:2224" },
      extended = "unknown", usable = "unknown", official = "unknown",
      note = "1S 型では長いコマンドが送られないという報告があります。カードを置いて確かめてください。",
      note_en = "The 1S model is reported not to send long commands. Try it with a card.",
      source = "libccid readers/*.txt; acshk/acsccid #42", sure = "report",
    },
    {
      model = "ACS ACR39U",
      names = { "ACR39U" },
      usb = { "072F:B100" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "カードを差し込む形のリーダーです。",
      note_en = "A reader into which the card is put.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "HID OMNIKEY 3x21",
      names = { "OMNIKEY 3x21", "OMNIKEY 3021", "OMNIKEY 3121" },
      extended = "no", usable = "unknown", official = "unknown",
      note = "長いコマンドが通らないという報告が二つあります。",
      note_en = "Two reports say that long commands do not pass.",
      source = "OpenSC/OpenSC #715, #2493", sure = "report",
    },
    {
      model = "HID OMNIKEY 5022",
      names = { "OMNIKEY 5022" },
      usb = { "076B:5022" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "カードをかざす形のリーダーです。",
      note_en = "A reader on which the card is laid.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "Hitachi Portable Biometric",
      usb = { "04A4:00D4" },
      extended = "no", usable = "unknown", official = "unknown",
      note = "ドライバーの記述では、短いコマンドだけです。",
      note_en = "Short commands only, as the driver's descriptor says.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "Identiv uTrust 3700 F",
      names = { "uTrust 3700" },
      usb = { "04E6:5790" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "カードをかざす形のリーダーです。",
      note_en = "A reader on which the card is laid.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "NTT Communications SCR3310-NTTCom",
      names = { "SCR3310", "SCR 3310" },
      usb = { "04E6:5116" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "カードを差し込む形のリーダーです。",
      note_en = "A reader into which the card is put.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "NTT Communications SCR331DI-NTTCom",
      names = { "SCR331-DI", "SCR331DI" },
      usb = { "04E6:5120" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "差し込むこともかざすこともできる形のリーダーです。",
      note_en = "A reader with and without contacts.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "Sony RC-S300",
      names = { "RC-S300", "PaSoRi 4.0" },
      usb = { "054C:0DC8", "054C:0DC9" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "カードをかざす形のリーダーです。",
      note_en = "A reader on which the card is laid.",
      source = "libccid readers/*.txt", sure = "driver",
    },
    {
      model = "Sony RC-S380",
      names = { "RC-S380", "PaSoRi 3.0" },
      usb = { "054C:06C1", "054C:06C3" },
      extended = "unknown", usable = "unknown", official = "unknown",
      note = "Windows ではメーカーの設定ソフト(PC/SC アクティベーター)が要ります。そこで長いコマンドが通るかは確かめられていません。Linux の PC/SC では使えません。",
      note_en = "Windows needs the maker's PC/SC activator; whether long commands pass there is not known. Not a PC/SC reader on Linux.",
      source = "LudovicRousseau/PCSC #86; danm-de/pcsc-sharp #95", sure = "report",
    },
    {
      model = "Sony RC-S660/U",
      names = { "RC-S660" },
      usb = { "054C:0D8F" },
      extended = "yes", usable = "unknown", official = "unknown",
      note = "カードをかざす形のリーダーです。",
      note_en = "A reader on which the card is laid.",
      source = "libccid readers/*.txt", sure = "driver",
    },
  },
}
