/** @file
 * Shikaku (資格) for C++11 and later: the whole binding in one header, over the plugin's own headers.
 *
 * Copy this file and the folder include/shikaku. Link with -lshikaku, or on Windows with the import library
 * and shikaku.dll beside the program.
 *
 *     shikaku::session desk("shikaku.lua");
 *     desk.start(SHK_JOB_CHECK);
 *     for (int32_t event = 0; event != SHK_EVENT_DONE;) {
 *         event = desk.next_event();
 *         if (event == SHK_EVENT_PIN) {
 *             desk.answer_pin(digits, 4); // wiped
 *         }
 *     }
 *     std::cout << desk.text_or("record.name", "-") << '\n';
 *
 * The constructor is shk_open, number is shk_int, read is shk_bytes; every other member and abi() are the
 * function of that name.
 *
 * Faults    A negative result is thrown as shikaku::fault; an absent value is false, or what was asked for
 *           instead.
 * Encoding  Every std::string is UTF-8, whatever the configuration's text_encoding says.
 * Threads   [any]      from any thread at any time.
 *           [session]  one thread at a time for one session; two sessions run in parallel.
 *           The plugin never calls into the program.
 * Time      Every call returns at once unless its comment names a time limit.
 * Binary    Nothing of C++ crosses the library's door: any compiler goes with any library.
 */
#ifndef SHIKAKU_SHIKAKU_HPP
#define SHIKAKU_SHIKAKU_HPP

#include <shikaku/shikaku.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace shikaku {

/* codes.h: begin */

/** "WAITING" for SHK_EVENT_WAITING; "?" for one that a newer library brings. */
inline const char *event_name(int32_t number) noexcept {
    switch (number) {
    case SHK_EVENT_NONE:
        return "NONE";
    case SHK_EVENT_WAITING:
        return "WAITING";
    case SHK_EVENT_CARD:
        return "CARD";
    case SHK_EVENT_PIN:
        return "PIN";
    case SHK_EVENT_ASKING:
        return "ASKING";
    case SHK_EVENT_ANSWER:
        return "ANSWER";
    case SHK_EVENT_DELIVERED:
        return "DELIVERED";
    case SHK_EVENT_FAULT:
        return "FAULT";
    case SHK_EVENT_REMOVED:
        return "REMOVED";
    case SHK_EVENT_READERS:
        return "READERS";
    case SHK_EVENT_DONE:
        return "DONE";
    case SHK_EVENT_NEXT:
        return "NEXT";
    case SHK_EVENT_PROGRESS:
        return "PROGRESS";
    case SHK_EVENT_SECRET:
        return "SECRET";
    case SHK_EVENT_MATCH:
        return "MATCH";
    case SHK_EVENT_OUTBOX:
        return "OUTBOX";
    case SHK_EVENT_NOTICE:
        return "NOTICE";
    default:
        return "?";
    }
}

/** "PIN_WRONG" for SHK_E_PIN_WRONG; "?" for one that a newer library brings. */
inline const char *fault_name(int32_t number) noexcept {
    switch (number) {
    case SHK_E_ARGUMENT:
        return "ARGUMENT";
    case SHK_E_SESSION:
        return "SESSION";
    case SHK_E_STATE:
        return "STATE";
    case SHK_E_PATH:
        return "PATH";
    case SHK_E_ABSENT:
        return "ABSENT";
    case SHK_E_MEMORY:
        return "MEMORY";
    case SHK_E_TYPE:
        return "TYPE";
    case SHK_E_TOO_MANY:
        return "TOO_MANY";
    case SHK_E_CONFIG_FILE:
        return "CONFIG_FILE";
    case SHK_E_CONFIG_SYNTAX:
        return "CONFIG_SYNTAX";
    case SHK_E_CONFIG_KEY:
        return "CONFIG_KEY";
    case SHK_E_CONFIG_VALUE:
        return "CONFIG_VALUE";
    case SHK_E_LOG_FILE:
        return "LOG_FILE";
    case SHK_E_INPUT:
        return "INPUT";
    case SHK_E_FILE_READ:
        return "FILE_READ";
    case SHK_E_FILE_TOO_LARGE:
        return "FILE_TOO_LARGE";
    case SHK_E_RESUME:
        return "RESUME";
    case SHK_E_BULK_RUNNING:
        return "BULK_RUNNING";
    case SHK_E_CANCELLED:
        return "CANCELLED";
    case SHK_E_TIMEOUT:
        return "TIMEOUT";
    case SHK_E_BULK_FOLDER:
        return "BULK_FOLDER";
    case SHK_E_LIBRARY:
        return "LIBRARY";
    case SHK_E_INTERNAL:
        return "INTERNAL";
    case SHK_E_NO_PCSC:
        return "NO_PCSC";
    case SHK_E_NO_SERVICE:
        return "NO_SERVICE";
    case SHK_E_NO_READER:
        return "NO_READER";
    case SHK_E_NO_CARD:
        return "NO_CARD";
    case SHK_E_CARD_REMOVED:
        return "CARD_REMOVED";
    case SHK_E_CARD_BUSY:
        return "CARD_BUSY";
    case SHK_E_CARD_RESET:
        return "CARD_RESET";
    case SHK_E_NOT_MYNUMBER:
        return "NOT_MYNUMBER";
    case SHK_E_CARD_ANSWER:
        return "CARD_ANSWER";
    case SHK_E_READER:
        return "READER";
    case SHK_E_CARD_MUTE:
        return "CARD_MUTE";
    case SHK_E_CARD_HANGS:
        return "CARD_HANGS";
    case SHK_E_JUKI_CARD:
        return "JUKI_CARD";
    case SHK_E_PHONE_REFUSED:
        return "PHONE_REFUSED";
    case SHK_E_SEVERAL_CARDS:
        return "SEVERAL_CARDS";
    case SHK_E_PIN_WRONG:
        return "PIN_WRONG";
    case SHK_E_PIN_BLOCKED:
        return "PIN_BLOCKED";
    case SHK_E_PIN_FORMAT:
        return "PIN_FORMAT";
    case SHK_E_PIN_LAST_TRY:
        return "PIN_LAST_TRY";
    case SHK_E_PIN_TIMEOUT:
        return "PIN_TIMEOUT";
    case SHK_E_CERTIFICATE:
        return "CERTIFICATE";
    case SHK_E_CERTIFICATE_EXPIRED:
        return "CERTIFICATE_EXPIRED";
    case SHK_E_CERTIFICATE_NOT_YET:
        return "CERTIFICATE_NOT_YET";
    case SHK_E_SIGNATURE:
        return "SIGNATURE";
    case SHK_E_NO_CERTIFICATE:
        return "NO_CERTIFICATE";
    case SHK_E_PIN_NONE:
        return "PIN_NONE";
    case SHK_E_PIN_PAD:
        return "PIN_PAD";
    case SHK_E_CODE_FORMAT:
        return "CODE_FORMAT";
    case SHK_E_CODE_WRONG:
        return "CODE_WRONG";
    case SHK_E_CODE_BLOCKED:
        return "CODE_BLOCKED";
    case SHK_E_ATTRIBUTES:
        return "ATTRIBUTES";
    case SHK_E_PIN_SAME:
        return "PIN_SAME";
    case SHK_E_GATEWAY_UNREACHABLE:
        return "GATEWAY_UNREACHABLE";
    case SHK_E_GATEWAY_UNTRUSTED:
        return "GATEWAY_UNTRUSTED";
    case SHK_E_DEVICE_REFUSED:
        return "DEVICE_REFUSED";
    case SHK_E_GATEWAY_TIMEOUT:
        return "GATEWAY_TIMEOUT";
    case SHK_E_GATEWAY_ANSWER:
        return "GATEWAY_ANSWER";
    case SHK_E_CHALLENGE_EXPIRED:
        return "CHALLENGE_EXPIRED";
    case SHK_E_CHALLENGE_USED:
        return "CHALLENGE_USED";
    case SHK_E_SIGNATURE_INVALID:
        return "SIGNATURE_INVALID";
    case SHK_E_CARD_CERT_EXPIRED:
        return "CARD_CERT_EXPIRED";
    case SHK_E_CARD_CERT_REVOKED:
        return "CARD_CERT_REVOKED";
    case SHK_E_CARD_CERT_UNKNOWN:
        return "CARD_CERT_UNKNOWN";
    case SHK_E_FACILITY_MISMATCH:
        return "FACILITY_MISMATCH";
    case SHK_E_REQUEST_INVALID:
        return "REQUEST_INVALID";
    case SHK_E_RATE_LIMITED:
        return "RATE_LIMITED";
    case SHK_E_UPSTREAM_UNAVAILABLE:
        return "UPSTREAM_UNAVAILABLE";
    case SHK_E_ANSWER_TOO_LARGE:
        return "ANSWER_TOO_LARGE";
    case SHK_E_REQUEST_CONFLICT:
        return "REQUEST_CONFLICT";
    case SHK_E_DEVICE_KEY:
        return "DEVICE_KEY";
    case SHK_E_DEMO_ANSWER:
        return "DEMO_ANSWER";
    case SHK_E_ANSWER_FOREIGN:
        return "ANSWER_FOREIGN";
    case SHK_E_CLOCK:
        return "CLOCK";
    case SHK_E_PASSPHRASE:
        return "PASSPHRASE";
    case SHK_E_PROXY:
        return "PROXY";
    case SHK_E_TERMINAL_FOLDER:
        return "TERMINAL_FOLDER";
    case SHK_E_TERMINAL_TIMEOUT:
        return "TERMINAL_TIMEOUT";
    case SHK_E_TERMINAL_REFUSED:
        return "TERMINAL_REFUSED";
    case SHK_E_CHECK_DIGIT:
        return "CHECK_DIGIT";
    case SHK_E_ROUTE_CANNOT:
        return "ROUTE_CANNOT";
    case SHK_E_CLIPBOARD:
        return "CLIPBOARD";
    case SHK_E_ARCHIVE:
        return "ARCHIVE";
    case SHK_E_BULK_UNANSWERED:
        return "BULK_UNANSWERED";
    case SHK_E_XML:
        return "XML";
    case SHK_E_XML_ENCODING:
        return "XML_ENCODING";
    case SHK_E_XML_FOREIGN:
        return "XML_FOREIGN";
    case SHK_E_VALUE:
        return "VALUE";
    case SHK_E_ANSWER_REFUSED:
        return "ANSWER_REFUSED";
    case SHK_E_ANSWER_PENDING:
        return "ANSWER_PENDING";
    case SHK_E_ANSWER_ERROR:
        return "ANSWER_ERROR";
    case SHK_E_APP_TEXT:
        return "APP_TEXT";
    case SHK_E_APP_INCOMPLETE:
        return "APP_INCOMPLETE";
    case SHK_E_APP_CONTRADICTION:
        return "APP_CONTRADICTION";
    case SHK_E_APP_VALUE:
        return "APP_VALUE";
    case SHK_E_APP_UNREAD:
        return "APP_UNREAD";
    case SHK_E_ANSWER_UNCLEAR:
        return "ANSWER_UNCLEAR";
    case SHK_E_EMPTY:
        return "EMPTY";
    case SHK_E_ANSWER_COUNT:
        return "ANSWER_COUNT";
    case SHK_E_SCRIPT_FILE:
        return "SCRIPT_FILE";
    case SHK_E_SCRIPT_SYNTAX:
        return "SCRIPT_SYNTAX";
    case SHK_E_SCRIPT_CONTRACT:
        return "SCRIPT_CONTRACT";
    case SHK_E_SCRIPT_RUN:
        return "SCRIPT_RUN";
    case SHK_E_SCRIPT_BUDGET:
        return "SCRIPT_BUDGET";
    case SHK_E_SCRIPT_MEMORY:
        return "SCRIPT_MEMORY";
    case SHK_E_FIELD_REQUIRED:
        return "FIELD_REQUIRED";
    case SHK_E_FIELD_TOO_LONG:
        return "FIELD_TOO_LONG";
    case SHK_E_CHARACTER_LOST:
        return "CHARACTER_LOST";
    case SHK_E_SCRIPT_CHECK:
        return "SCRIPT_CHECK";
    case SHK_E_FILE_NAME:
        return "FILE_NAME";
    case SHK_E_TABLE:
        return "TABLE";
    case SHK_E_TABLE_EMPTY:
        return "TABLE_EMPTY";
    case SHK_E_PACK:
        return "PACK";
    case SHK_E_PACK_SAMPLE:
        return "PACK_SAMPLE";
    case SHK_E_OVERLAY:
        return "OVERLAY";
    case SHK_E_PACK_UNSIGNED:
        return "PACK_UNSIGNED";
    case SHK_E_PACK_SIGNATURE:
        return "PACK_SIGNATURE";
    case SHK_E_PACK_SOURCE:
        return "PACK_SOURCE";
    case SHK_E_ADAPTER_UNKNOWN:
        return "ADAPTER_UNKNOWN";
    case SHK_E_ADAPTER_SETTINGS:
        return "ADAPTER_SETTINGS";
    case SHK_E_FOLDER_MISSING:
        return "FOLDER_MISSING";
    case SHK_E_FOLDER_WRITE:
        return "FOLDER_WRITE";
    case SHK_E_FOLDER_LOCKED:
        return "FOLDER_LOCKED";
    case SHK_E_DISK_FULL:
        return "DISK_FULL";
    case SHK_E_FILE_EXISTS:
        return "FILE_EXISTS";
    case SHK_E_FILE_FOREIGN:
        return "FILE_FOREIGN";
    case SHK_E_ADAPTER_BROKEN:
        return "ADAPTER_BROKEN";
    case SHK_E_ADAPTER_TIMEOUT:
        return "ADAPTER_TIMEOUT";
    case SHK_E_MODULE_FILE:
        return "MODULE_FILE";
    case SHK_E_HOST_UNREACHABLE:
        return "HOST_UNREACHABLE";
    case SHK_E_HOST_REFUSED:
        return "HOST_REFUSED";
    case SHK_E_HOST_ANSWER:
        return "HOST_ANSWER";
    case SHK_E_HOST_LOGIN:
        return "HOST_LOGIN";
    case SHK_E_HOST_BUSY:
        return "HOST_BUSY";
    case SHK_E_STATEMENT:
        return "STATEMENT";
    case SHK_E_DRIVER:
        return "DRIVER";
    case SHK_E_UNDECIDED:
        return "UNDECIDED";
    case SHK_E_MATCH_ANSWER:
        return "MATCH_ANSWER";
    case SHK_E_DELIVERY_UNSURE:
        return "DELIVERY_UNSURE";
    case SHK_E_DELIVERY_TAKEN:
        return "DELIVERY_TAKEN";
    case SHK_E_TARGET_GONE:
        return "TARGET_GONE";
    case SHK_E_STORE_OPEN:
        return "STORE_OPEN";
    case SHK_E_STORE_BROKEN:
        return "STORE_BROKEN";
    case SHK_E_STORE_NEWER:
        return "STORE_NEWER";
    case SHK_E_STORE_KEY:
        return "STORE_KEY";
    case SHK_E_STORE_LOCKED:
        return "STORE_LOCKED";
    case SHK_E_STORE_FULL:
        return "STORE_FULL";
    case SHK_E_STORE_DOWN:
        return "STORE_DOWN";
    case SHK_E_STORE_LOGIN:
        return "STORE_LOGIN";
    case SHK_E_STORE_LIBRARY:
        return "STORE_LIBRARY";
    case SHK_E_STORE_SEALED:
        return "STORE_SEALED";
    case SHK_E_HISTORY_BROKEN:
        return "HISTORY_BROKEN";
    case SHK_E_STORE_OFF:
        return "STORE_OFF";
    case SHK_E_STORE_FAILED:
        return "STORE_FAILED";
    default:
        return "?";
    }
}

/* codes.h: end */

/** The interface number of the loaded library. [any] Differs from SHK_ABI when a different library was found. */
inline int32_t abi() {
    return shk_abi();
}

/** Overwrites memory; the compiler may not leave this out. */
inline void wipe(void *memory, std::size_t size) noexcept {
    for (volatile char *p = static_cast<char *>(memory); size > 0; size--) {
        *p++ = 0;
    }
}

/** Something failed. what() is the Japanese sentence for the person at the desk, in UTF-8. */
class fault : public std::runtime_error {
  public:
    fault(int32_t code, const std::string &message, const std::string &message_en,
          const std::string &where, int32_t retry)
        : std::runtime_error(message), code_(code), message_en_(message_en), where_(where),
          retry_(retry) {
    }

    /** One of the SHK_E_ numbers. */
    int32_t code() const noexcept {
        return code_;
    }
    /** Its name, such as "PIN_WRONG"; "?" for one that a newer library brings. */
    const char *name() const noexcept {
        return fault_name(code_);
    }
    /** The sentence in English, for the log. */
    const std::string &message_en() const noexcept {
        return message_en_;
    }
    /** Key, input, script or line that it is about, never a value; empty when there is none. */
    const std::string &where() const noexcept {
        return where_;
    }
    /** One of the SHK_RETRY_ numbers: whether the same again may help. */
    int32_t retry() const noexcept {
        return retry_;
    }

  private:
    int32_t code_;
    std::string message_en_;
    std::string where_;
    int32_t retry_;
};

/** A session, and what the library can do with it. It closes itself; it can be moved and not copied. */
class session {
  public:
    /**
     * shk_open. Opens a session. [any] Reads one small file; at most 2 s.
     * @param config  path of the configuration file (a Lua table, docs/host.md) in UTF-8; "" takes every default
     * @throws fault  SHK_E_CONFIG_FILE, SHK_E_CONFIG_SYNTAX, SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE,
     *                SHK_E_TOO_MANY, SHK_E_MEMORY
     * @throws std::runtime_error  when the library's interface is not that of the header
     */
    explicit session(const std::string &config = std::string()) : handle_(0) {
        if (abi() != SHK_ABI) {
            throw std::runtime_error("shikaku: another interface than that of the header");
        }
        done("shk_open", shk_open(config.data(), length(config), &handle_));
        int32_t result = shk_set(handle_, "text_encoding", -1, "utf-8",
                                 -1); // whatever the file says for other programs
        if (result < 0) {
            shk_close(handle_);
            throw unsaid("shk_set", result);
        }
    }

    session(session &&other) noexcept : handle_(other.handle_) {
        other.handle_ = 0;
    }
    session &operator=(session &&other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    session(const session &) = delete;
    session &operator=(const session &) = delete;

    ~session() {
        close();
    }

    /**
     * shk_close. Closes the session, in whatever state it is, and wipes what it held. [any] At most 2 s.
     * A check under way is cancelled; a card command that cannot be interrupted is left to end by itself in the
     * background. A next_event or check of another thread ends with SHK_E_SESSION.
     * @return 0; SHK_E_SESSION when it was closed before, and nothing happens then
     */
    int32_t close() noexcept {
        return shk_close(handle_);
    }

    /**
     * shk_set. Sets one configuration key for this session, over what the file says. [session]
     * @param key     a key of docs/configuration.md, such as "route" or "deliveries[1].folder"
     * @param value   as text; numbers in decimal, booleans as "true" or "false"
     * @throws fault  SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE; SHK_E_STATE while a job runs
     */
    void set(const std::string &key, const std::string &value) {
        done("shk_set", shk_set(handle_, key.data(), length(key), value.data(), length(value)));
    }

    /**
     * shk_put. Gives an input to the next job, or the answer to SHK_EVENT_SECRET or SHK_EVENT_MATCH. [session]
     * @param path    such as "query.insurer_number", "import.data", "match.answer"; docs/host.md lists them.
     *                Inputs are kept until the job that follows ends, then wiped.
     * @param value   text; "import.data" and "pack.sample" as the bytes they are. Empty takes the input back.
     *                "match.take" comes before "match.answer", which ends the question.
     * @throws fault  SHK_E_PATH; SHK_E_INPUT when it is too long; SHK_E_STATE while a job runs ("match.…": when
     *                none is asked for); SHK_E_MATCH_ANSWER (the question stays open); SHK_E_MEMORY
     */
    void put(const std::string &path, const std::string &value) {
        put(path, value.data(), value.size());
    }
    /** The same from memory. */
    void put(const std::string &path, const void *value, std::size_t size) {
        done("shk_put", shk_put(handle_, path.data(), length(path),
                                static_cast<const uint8_t *>(value), static_cast<int32_t>(size)));
    }
    /**
     * Answers SHK_EVENT_SECRET with a passphrase (shk_put "secret") and wipes it, whatever happens. [session]
     * @throws fault  SHK_E_INPUT when it is empty or too long, SHK_E_STATE when none is asked for
     */
    void answer_secret(char *secret, std::size_t size) {
        int32_t result = shk_put(handle_, "secret", -1, reinterpret_cast<const uint8_t *>(secret),
                                 static_cast<int32_t>(size));
        wipe(secret, size);
        done("shk_put", result);
    }

    /**
     * shk_start. Starts a job on the session's worker thread. [session] The values of the job before are wiped.
     * @param job     one of the SHK_JOB_ numbers; the comment of shk_start in shikaku.h says what each does
     * @throws fault  SHK_E_STATE when a job runs already; SHK_E_ARGUMENT; SHK_E_CONFIG_VALUE when the
     *                configuration cannot serve the job (where() names the key); SHK_E_ROUTE_CANNOT;
     *                SHK_E_INPUT and SHK_E_CHECK_DIGIT (where() names the input; the inputs are kept);
     *                SHK_E_LOG_FILE, SHK_E_ADAPTER_UNKNOWN, SHK_E_ADAPTER_SETTINGS
     */
    void start(int32_t job) {
        done("shk_start", shk_start(handle_, job));
    }

    /**
     * shk_answer_pin. Answers SHK_EVENT_PIN, and wipes the digits, whatever happens. [session]
     * @param pin     the digits as ASCII: four, or 14 where "pin.kind" is SHK_PIN_CODE_B. Sent to the card once.
     *                Digits that this card has called wrong before, while it is held, are not sent:
     *                SHK_EVENT_FAULT (SHK_E_PIN_SAME) and another SHK_EVENT_PIN. Where "pin.pad" is 1 the digits
     *                are typed on the reader and nothing is answered, but where "pin.last_try" is 1: then the
     *                reader waits for answer_pin(nullptr, 0, true).
     * @param size    how many
     * @param spend_last_try  true: send it even when "pin.last_try" is 1 and a mistake would block the card. Ask
     *                the person first.
     * @throws fault  SHK_E_STATE when no PIN is asked for, before its SHK_EVENT_PIN was taken, and for digits
     *                where the reader takes them; SHK_E_PIN_FORMAT, SHK_E_CODE_FORMAT, SHK_E_PIN_LAST_TRY
     *                (nothing is sent, the question stays open)
     */
    void answer_pin(char *pin, std::size_t size, bool spend_last_try = false) {
        int32_t result =
            shk_answer_pin(handle_, pin, static_cast<int32_t>(size), spend_last_try ? 1 : 0);
        wipe(pin, size);
        done("shk_answer_pin", result);
    }

    /**
     * shk_cancel. Ends the running job; it reports SHK_EVENT_DONE with the fault SHK_E_CANCELLED. [any]
     * A command on its way to the card is not called back: the end is reported when it has ended. Events that
     * wait already are still handed out; a PIN answered after the cancel is not sent. Once the answer is there, its
     * deliveries are still made, each whole or not at all; an adapter that takes longer than about a second is
     * left behind, and what it was given waits in the outbox. No job is not an error.
     * @throws fault  SHK_E_SESSION
     */
    void cancel() {
        done("shk_cancel", shk_cancel(handle_));
    }

    /**
     * shk_next_event. Takes the next event. [session] Without a job none comes; a close from another thread ends
     * the wait.
     * @param timeout_ms  how long to wait for one; 0 only looks, a negative number waits for ever
     * @return        SHK_EVENT_NONE when none came in time, else one of the SHK_EVENT_ numbers. What belongs to an
     *                event is read by path.
     * @throws fault  SHK_E_SESSION
     */
    int32_t next_event(int32_t timeout_ms = -1) {
        return done("shk_next_event", shk_next_event(handle_, timeout_ms));
    }

    /**
     * shk_wake. Asks to be woken when an event waits, for programs with a message loop. [session]
     * When an event waits already, the target is woken at once. After a wake take events until SHK_EVENT_NONE.
     * @param target   POSIX: a descriptor (eventfd, pipe, socket) into which eight bytes, the number 1 in native
     *                 order, are written without blocking. Windows: a window handle to which `message` is
     *                 posted. A negative target ends it. It is not checked, and stays open until it has been
     *                 ended or the session closed.
     * @param message  Windows: the message number (WM_APP or above); elsewhere 0
     * @throws fault   SHK_E_SESSION
     */
    void wake(int32_t target, int32_t message = 0) {
        done("shk_wake", shk_wake(handle_, target, message));
    }

    /**
     * shk_text. Reads a value as text. [session]
     * @param path    such as "record.name", "records[2].insurer_number", "delivery[1].file"; lists count from 1.
     *                docs/host.md lists the fixed paths, docs/fields.md the fields of a record.
     * @param value   receives it; empty when it is absent
     * @return        false when it is a known path without a value now
     * @throws fault  SHK_E_PATH when there is no such path
     */
    bool text(const std::string &path, std::string &value) const {
        int32_t size = shk_text(handle_, path.data(), length(path), nullptr, 0);
        if (!present("shk_text", size)) {
            value.clear();
            return false;
        }
        std::vector<char> room;
        do { // the retry rule: another thread's event may have made it longer
            room.resize(static_cast<std::size_t>(size) + 1);
            size = shk_text(handle_, path.data(), length(path), room.data(),
                            static_cast<int32_t>(room.size()));
        } while (size >= static_cast<int32_t>(room.size()));
        value.assign(room.data(), present("shk_text", size) ? static_cast<std::size_t>(size) : 0);
        wipe(room.data(), room.size());
        return size >= 0;
    }
    /** The same, with another text in place of what is absent. */
    std::string text_or(const std::string &path, const std::string &otherwise) const {
        std::string value;
        return text(path, value) ? value : otherwise;
    }

    /**
     * shk_int. Reads a value as a number, or gives `otherwise` when it is absent. [session]
     * @throws fault  SHK_E_PATH; SHK_E_TYPE when the value is not a whole number. Identifiers are texts even when
     *                they are all digits.
     */
    int32_t number(const std::string &path, int32_t otherwise) const {
        int32_t value = otherwise;
        present("shk_int", shk_int(handle_, path.data(), length(path), &value));
        return value;
    }

    /**
     * shk_count. The length of a list: "records", "delivery", "readers", "record.paths",
     * "record.specific_diseases", "drift", "match.candidate", "outbox", "history". [session] An empty list gives 0.
     * @throws fault  SHK_E_PATH when the path is no list
     */
    int32_t count(const std::string &path) const {
        int32_t result = shk_count(handle_, path.data(), length(path));
        if (result < 0) {
            throw unsaid("shk_count", result);
        }
        return result;
    }

    /**
     * shk_bytes. Reads a value as the bytes it is: "delivery[n].document", "delivery[n].head". [session]
     * @param value   receives them
     * @return        false when it is absent
     * @throws fault  SHK_E_PATH
     */
    bool read(const std::string &path, std::vector<uint8_t> &value) const {
        value.clear();
        int32_t size = shk_bytes(handle_, path.data(), length(path), nullptr, 0);
        while (present("shk_bytes", size) && static_cast<std::size_t>(size) != value.size()) {
            value.resize(static_cast<std::size_t>(size));
            size = shk_bytes(handle_, path.data(), length(path), value.data(), size);
        }
        return size >= 0;
    }

    /** shk_forget. Wipes the values of the last job. [session] @throws fault SHK_E_STATE while a job runs */
    void forget() {
        done("shk_forget", shk_forget(handle_));
    }

    /**
     * shk_check. One check, from waiting for the card to the delivered documents, in one call. [session]
     * Takes timeout_ms and at most 2 s more; a delivery that is not made by then waits in the outbox.
     * @param pin     as for answer_pin, wiped too; used only if the card asks for it. With the routes "folder" and
     *                "app", which read no card, it may be empty. Size 0 otherwise means that the patient types on
     *                the reader: without keys there, SHK_E_PIN_FORMAT. Digits are sent only while nobody else may
     *                have spent a try meanwhile: when another program held the card, or another session
     *                sent a wrong PIN at the same reader, since the call began, nothing is sent
     *                (SHK_E_CARD_BUSY); ask the person anew.
     * @param size    how many digits
     * @param spend_last_try  as for answer_pin
     * @param timeout_ms  for the whole call; a negative number takes the configuration's own limits
     * @return        SHK_OUTCOME_ELIGIBLE, SHK_OUTCOME_NOT_ELIGIBLE or SHK_OUTCOME_UNSTATED (the app's text does not
     *                say whether it is valid: a person looks at the app's screen), when every document that is
     *                due is delivered
     * @throws fault  any code. When an answer came and a document could not be delivered, it is that document's;
     *                "outcome" and the answer are readable all the same. Nobody is asked whose answer it is:
     *                SHK_E_UNDECIDED, and it waits in the outbox. An answer that tells neither is
     *                SHK_E_ANSWER_UNCLEAR; one that could not be stored is not shown: SHK_E_STORE_….
     */
    int32_t check(char *pin, std::size_t size, bool spend_last_try = false,
                  int32_t timeout_ms = -1) {
        int32_t result =
            shk_check(handle_, pin, static_cast<int32_t>(size), spend_last_try ? 1 : 0, timeout_ms);
        wipe(pin, size);
        return done("shk_check", result);
    }

    /** What "fault.*" says now, at SHK_EVENT_FAULT or after SHK_EVENT_DONE; its code is 0 when nothing failed.
     * [session] */
    fault last_fault() const {
        int32_t code = number("fault.code", SHK_OK);
        return code < 0 ? failure("", code) : fault(SHK_OK, "", "", "", SHK_RETRY_NO);
    }

  private:
    static int32_t length(const std::string &text) noexcept {
        return static_cast<int32_t>(text.size());
    }

    int32_t done(const char *call, int32_t result) const {
        if (result < 0) {
            throw failure(call, result);
        }
        return result;
    }

    /* The words of a failed open are read with handle 0. */
    fault failure(const char *call, int32_t code) const {
        int32_t said = 0;
        if (shk_int(handle_, "fault.code", -1, &said) < 0 || said != code) {
            return unsaid(call, code);
        }
        return fault(code, text_or("fault.message", ""), text_or("fault.message_en", ""),
                     text_or("fault.where", ""), number("fault.retry", SHK_RETRY_NO));
    }

    /* A fault that only the result tells: a closed session, a wrong path. */
    static fault unsaid(const char *call, int32_t code) {
        std::string words =
            std::string(call) + ": " + fault_name(code) + " (" + std::to_string(code) + ")";
        return fault(code, words, words, "", SHK_RETRY_NO);
    }

    static bool present(const char *call, int32_t result) {
        if (result < 0 && result != SHK_E_ABSENT) {
            throw unsaid(call, result);
        }
        return result >= 0;
    }

    shk_session handle_;
};

} // namespace shikaku

#endif
