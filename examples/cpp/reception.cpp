/* A reception desk in C++: reception CONFIG. Build: c++ -std=c++11 reception.cpp -lshikaku -o reception
 *
 * Waits for a card, asks for the PIN, shows the answer and the document that was delivered.
 * Exit code: 0 eligible, 1 not eligible, 2 usage, 3 anything else. */
#include <cstdio>
#include <iostream>

#include "shikaku.hpp"

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <shellapi.h>

/* Standard streams carry UTF-8 and the line ends that are written. */
static void streams_begin() {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    SetConsoleOutputCP(CP_UTF8);
}

/* The arguments of main are in the system's code page; the plugin wants the path in UTF-8. */
static std::string config_path(char **) {
    char path[4096] = "";
    int n = 0;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &n);
    if (wide == nullptr || n != 2 ||
        WideCharToMultiByte(CP_UTF8, 0, wide[1], -1, path, sizeof path, nullptr, nullptr) == 0) {
        path[0] = '\0';
    }
    LocalFree(wide);
    return path;
}

/* While it lives, nothing that is typed is shown. */
class hidden {
  public:
    hidden()
        : console_(GetStdHandle(STD_INPUT_HANDLE)), before_(0),
          active_(GetConsoleMode(console_, &before_) != 0) {
        if (active_) {
            SetConsoleMode(console_, before_ & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
        }
    }
    ~hidden() {
        if (active_) {
            SetConsoleMode(console_, before_);
        }
    }
    /* Standard input is a console. */
    bool active() const {
        return active_;
    }

  private:
    HANDLE console_;
    DWORD before_;
    bool active_;
};
#else
#include <termios.h>
#include <unistd.h>

static void streams_begin() {
}

static std::string config_path(char **argv) {
    return argv[1];
}

/* While it lives, nothing that is typed is shown. */
class hidden {
  public:
    hidden() : before_(), active_(tcgetattr(STDIN_FILENO, &before_) == 0) {
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
        if (active_) {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
        }
    }
    ~hidden() {
        if (active_) {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        }
    }
    /* Standard input is a terminal. */
    bool active() const {
        return active_;
    }

  private:
    termios before_;
    bool active_;
};
#endif

using shikaku::session;

static void print_fault(const std::string &title, const shikaku::fault &why) {
    std::cout << title << ' ' << why.name() << ' ' << why.code() << '\n';
    std::cout << "  " << why.what() << "\n  " << why.message_en() << std::endl;
}

/* One line of standard input, of which no copy stays in a buffer of the library (main). */
static std::size_t read_line(char *line, std::size_t cap) {
    std::size_t length = 0;
    int key = std::getchar();
    while (key != EOF && key != '\n') {
        if (key != '\r' && length < cap) {
            line[length++] = static_cast<char>(key);
        }
        key = std::getchar();
    }
    return length;
}

static void type_pin(session &desk) {
    char pin[16];
    std::size_t length = 0;
    {
        hidden typing;
        if (typing.active()) {
            std::cerr << "暗証番号 / PIN: ";
        }
        length = read_line(pin, sizeof pin);
        if (typing.active()) {
            std::cerr << '\n';
        }
    }
    try {
        desk.answer_pin(pin, length); // wipes it
    } catch (const shikaku::fault &) {
        desk.cancel(); // a real desk says what is wrong and asks again
    }
}

static void answer_pin(session &desk) {
    if (desk.number("pin.last_try", 0) == 1) {
        std::cerr
            << "あと1回まちがえるとロックされます。中止します。 / One try is left; stopped.\n";
        desk.cancel(); // a real desk asks the person, and passes spend_last_try true for a yes
    } else if (desk.number("pin.pad", 0) == 1) {
        std::cerr << "リーダーのキーで暗証番号を入力してください。 / Type the PIN on the reader.\n";
    } else {
        type_pin(desk);
    }
}

static void on_event(session &desk, int32_t event) {
    std::string title = std::string("event ") + shikaku::event_name(event);
    if (event == SHK_EVENT_PIN) {
        std::cout << title << " tries_left " << desk.text_or("pin.tries_left", "-") << std::endl;
        answer_pin(desk);
    } else if (event == SHK_EVENT_FAULT) {
        print_fault(title, desk.last_fault());
    } else {
        std::cout << title << std::endl; // shown as it comes, also into a pipe
    }
}

static void print_answer(const session &desk) {
    static const char *const fields[] = {
        "record.name",   "record.name_kana",      "record.birth_date",
        "record.sex",    "record.insurer_number", "record.symbol",
        "record.number", "record.branch_number",  "record.reference_number"};
    for (const char *field : fields) {
        std::cout << field << ' ' << desk.text_or(field, "-") << '\n';
    }
    std::cout << "records " << desk.count("records") << '\n';
    std::vector<uint8_t> document;
    if (desk.count("delivery") > 0 && desk.read("delivery[1].document", document)) {
        std::string file = desk.text_or("delivery[1].file", "-");
        std::cout << "delivery[1].file " << file.substr(file.find_last_of("/\\") + 1) << '\n';
        std::cout << "document " << document.size() << '\n';
        std::cout.write(reinterpret_cast<const char *>(document.data()),
                        static_cast<std::streamsize>(document.size()));
    }
}

static int32_t check(session &desk) {
    static const char *const words[] = {"確認できません", "資格あり", "資格なし",
                                        "有効・無効の記載なし"};
    desk.start(SHK_JOB_CHECK);
    for (int32_t event = SHK_EVENT_NONE; event != SHK_EVENT_DONE;) {
        event = desk.next_event();
        on_event(desk, event);
    }
    int32_t outcome = desk.number("outcome", SHK_OUTCOME_NONE);
    std::cout << "outcome " << outcome << ' '
              << (outcome >= 0 && outcome <= 3 ? words[outcome] : "?") << '\n';
    if (outcome != SHK_OUTCOME_NONE) {
        print_answer(desk);
    }
    return outcome;
}

static int reception(const std::string &config) {
    int32_t outcome = SHK_OUTCOME_NONE;
    session desk(config);
    try {
        desk.set("no.such.key", "1"); // a mistake on purpose, to show what a fault looks like
    } catch (const shikaku::fault &why) {
        print_fault("fault", why);
    }
    try {
        outcome = check(desk);
    } catch (const shikaku::fault &why) {
        print_fault("fault", why);
    }
    std::cout << "close " << desk.close() << '\n';
    try {
        desk.text_or("version", "");
    } catch (const shikaku::fault &why) {
        std::cout << "stale " << why.name() << ' ' << why.code() << '\n';
    }
    return outcome == SHK_OUTCOME_ELIGIBLE ? 0 : outcome == SHK_OUTCOME_NOT_ELIGIBLE ? 1 : 3;
}

int main(int argc, char **argv) {
    streams_begin();
    std::setvbuf(stdin, nullptr, _IONBF, 0);
    if (argc != 2) {
        std::cerr << "使い方 / usage: reception CONFIG\n";
        return 2;
    }
    std::cout << "abi " << shikaku::abi() << '\n';
    try {
        return reception(config_path(argv));
    } catch (const shikaku::fault &why) {
        print_fault("fault", why); // the session could not be opened
    } catch (const std::exception &why) {
        std::cerr << why.what() << '\n';
    }
    return 3;
}
