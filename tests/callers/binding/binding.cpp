/* What the C++ binding does beyond the reception desk: binding FOLDER, with demo.lua and answer.xml in it.
 * Ends with 0 when every case holds; else names the first that does not. */
#include "../../../examples/cpp/shikaku.hpp"

#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <thread>

using shikaku::session;

static void holds(bool condition, const std::string &what) {
    if (!condition) {
        throw std::logic_error(what);
    }
}

static shikaku::fault refused(int32_t code, const std::function<void()> &call) {
    try {
        call();
    } catch (const shikaku::fault &why) {
        holds(why.code() == code,
              std::string(shikaku::fault_name(code)) + " and not " + why.name());
        return why;
    }
    throw std::logic_error(std::string(shikaku::fault_name(code)) + " is due");
}

static void until(session &desk, int32_t wanted) {
    int32_t event = SHK_EVENT_NONE;
    do {
        event = desk.next_event(20000);
        holds(event != SHK_EVENT_NONE, "no event within 20 s");
    } while (event != wanted && event != SHK_EVENT_DONE);
    holds(event == wanted, std::string("DONE before ") + shikaku::event_name(wanted));
}

static std::string bytes_of(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

static std::string repeated(const std::string &text, int times) {
    std::string all;
    while (times-- > 0) {
        all += text;
    }
    return all;
}

static void faults_are_exceptions(const std::string &config) {
    refused(SHK_E_CONFIG_FILE, [&] { session missing(config + ".missing"); });
    session desk(config);
    shikaku::fault why = refused(SHK_E_CONFIG_VALUE, [&] { desk.set("card_timeout_ms", "soon"); });
    holds(why.where() == "card_timeout_ms" && std::strlen(why.what()) > 0 &&
              why.message_en().back() == '.',
          "words");
    desk.put("query.insurer_number", "06990015");
    desk.put("query.number", "1001");
    desk.put("query.birth_date", "1985-03-12");
    refused(SHK_E_CHECK_DIGIT, [&] { desk.start(SHK_JOB_QUERY); });
    holds(desk.last_fault().code() == SHK_E_CHECK_DIGIT &&
              desk.last_fault().where() == "query.insurer_number" &&
              desk.last_fault().retry() == SHK_RETRY_OPERATOR,
          "the last fault");
}

static void values_are_read_by_kind(const std::string &config, const std::string &answer) {
    session desk(config);
    std::string text = "x";
    std::vector<uint8_t> document;
    holds(!desk.text("record.name", text) && text.empty() &&
              desk.number("pin.tries_left", -7) == -7 &&
              !desk.read("delivery[1].document", document) && desk.last_fault().code() == SHK_OK,
          "absent");
    refused(SHK_E_PATH, [&] { desk.text("no.such.path", text); });
    refused(SHK_E_PATH, [&] { desk.count("version"); });
    refused(SHK_E_TYPE, [&] { desk.number("version", 0); });
    desk.put("import.data", answer);
    desk.start(SHK_JOB_IMPORT);
    until(desk, SHK_EVENT_DONE);
    holds(desk.text_or("record.name", "") == "見本　太郎" &&
              desk.number("outcome", 0) == SHK_OUTCOME_ELIGIBLE && desk.count("records") == 1 &&
              desk.count("readers") == 0,
          "the answer");
    holds(desk.read("delivery[1].document", document) && document.size() > 64 &&
              document.back() == '\n',
          "bytes");
    holds(desk.text_or("delivery[1].document_text", "") ==
              std::string(document.begin(), document.end()),
          "as text");
    desk.forget();
    holds(desk.text_or("record.name", "gone") == "gone", "forgotten");
    desk.put("import.data", answer);
    desk.put("import.data", "");
    refused(SHK_E_INPUT, [&] { desk.start(SHK_JOB_IMPORT); });
}

static void long_values_are_whole(const std::string &folder, const std::string &config,
                                  const std::string &answer) {
    std::ofstream(folder + "/long.lua")
        << "return { contract = 1, id = 'long', format = 'csv', encoding = 'utf-8', file = "
           "'long.csv',\n"
           "  fields = { { to = 'x', value = '"
        << repeated("あ", 3000) << "' } } }\n";
    session desk(config);
    desk.put("import.data", answer);
    desk.put("map.script", folder + "/long.lua");
    desk.start(SHK_JOB_MAP);
    until(desk, SHK_EVENT_DONE);
    holds(desk.text_or("delivery[1].document_text", "") == repeated("あ", 3000) + "\r\n",
          "a long text");
}

static void pins_are_wiped(const std::string &config) {
    char pins[5][5] = {"1234", "word", "0000", "1234", "1234"};
    session desk(config);
    refused(SHK_E_STATE, [&] { desk.answer_pin(pins[0], 4); });
    refused(SHK_E_STATE, [&] { desk.answer_secret(pins[1], 4); });
    refused(SHK_E_PIN_WRONG, [&] { desk.check(pins[2], 4, false, 20000); });
    desk.start(SHK_JOB_CHECK);
    until(desk, SHK_EVENT_PIN);
    desk.answer_pin(pins[3], 4);
    until(desk, SHK_EVENT_DONE);
    holds(desk.check(pins[4], 4, false, 20000) == SHK_OUTCOME_ELIGIBLE, "the blocking check");
    for (const char *pin : pins) {
        holds(std::strlen(pin) == 0 && pin[3] == '\0', "a PIN is left");
    }
}

static void events_are_awaited(const std::string &config) {
    int ends[2];
    uint64_t eight = 0;
    holds(pipe(ends) == 0, "pipe");
    session desk(config);
    desk.wake(ends[1]);
    desk.start(SHK_JOB_CHECK);
    holds(read(ends[0], &eight, sizeof eight) == sizeof eight && eight == 1, "woken");
    desk.wake(-1);
    until(desk, SHK_EVENT_PIN);
    desk.cancel();
    until(desk, SHK_EVENT_DONE);
    holds(desk.last_fault().code() == SHK_E_CANCELLED, "cancelled");
    close(ends[0]);
    close(ends[1]);
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        desk.close();
    });
    refused(SHK_E_SESSION, [&] { desk.next_event(); });
    other.join();
    holds(desk.close() == SHK_E_SESSION, "closed once");
}

/* 1024 can be open at most. */
static void sessions_close_themselves(const std::string &config) {
    for (int i = 0; i < 1100; i++) {
        session desk(config);
        session moved(std::move(desk));
        holds(moved.next_event(0) == SHK_EVENT_NONE, "the moved one is open");
        refused(SHK_E_SESSION, [&] { desk.next_event(0); });
    }
}

int main(int, char **argv) {
    const std::string folder = argv[1], config = folder + "/demo.lua",
                      answer = bytes_of(folder + "/answer.xml");
    try {
        faults_are_exceptions(config);
        values_are_read_by_kind(config, answer);
        long_values_are_whole(folder, config, answer);
        pins_are_wiped(config);
        events_are_awaited(config);
        sessions_close_themselves(config);
    } catch (const std::exception &why) {
        std::cerr << why.what() << '\n';
        return 1;
    }
    return 0;
}
