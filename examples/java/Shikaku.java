// Shikaku (資格): the whole binding for Java 8 and later, in one file.
//
// Copy this file into the project and put jna.jar (JNA 5) on the class path; nothing else of ours is needed but
// shikaku.dll beside the program (libshikaku.so on Linux).

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.io.File;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The parts of the binding.
 * <ul>
 * <li>{@link Session}: what a host program uses. Texts are strings, faults are exceptions, try-with-resources closes.
 * <li>{@link Api}: the 16 functions as they are, with their reference; {@link #api} has them.
 * <li>{@link Job}, {@link Event}, {@link Outcome}, {@link Fault} and others: the numbers of codes.h.
 * </ul>
 * One thread at a time for one session; another one only for cancel and close. Two sessions run in parallel. The plugin
 * never calls into the program. Everything crosses as UTF-8 bytes, whatever file.encoding is.
 */
public final class Shikaku {
    private static Api loaded;

    private Shikaku() {
    }

    /**
     * The functions of the library, which is loaded by the first call. On Windows that is shikaku.dll in the folder of
     * the program (of the jar or of the classes), by its absolute path, so that neither the current folder nor PATH is
     * ever searched: a file planted there would read the PIN. Elsewhere the platform's own loader finds libshikaku.so.
     *
     * @return the functions
     * @throws UnsatisfiedLinkError the library is not there, or differs from Java in bits (32/64)
     */
    public static synchronized Api api() {
        if (loaded == null) {
            load(Platform.isWindows() ? new File(programFolder(), "shikaku.dll").getPath() : "shikaku");
        }
        return loaded;
    }

    /**
     * Loads the library from another place. Call it before anything else; once a library is loaded it stays and further
     * calls do nothing.
     *
     * @param library absolute path of the file; off Windows also "shikaku", which the platform's loader finds
     * @throws UnsatisfiedLinkError the library is not there, or differs from Java in bits (32/64)
     */
    public static synchronized void load(String library) {
        if (loaded != null) {
            return;
        }
        if (Platform.isWindows() && !new File(library).isAbsolute()) {
            throw new UnsatisfiedLinkError("an absolute path is needed: " + library);
        }
        Map<String, Object> options = new HashMap<>();
        if (Platform.isWindows() && Platform.isIntel() && !Platform.is64Bit()) {
            options.put(Library.OPTION_CALLING_CONVENTION, Function.ALT_CONVENTION); // __stdcall
        }
        loaded = Native.load(library, Api.class, options);
    }

    private static File programFolder() {
        CodeSource source = Shikaku.class.getProtectionDomain().getCodeSource();
        try {
            File place = new File(source.getLocation().toURI()).getAbsoluteFile();
            return place.isDirectory() ? place : place.getParentFile();
        } catch (URISyntaxException | IllegalArgumentException | NullPointerException unknown) {
            throw new UnsatisfiedLinkError("the program's folder is not known: call Shikaku.load with the full path");
        }
    }

    /**
     * The 16 functions of shikaku.h.
     *
     * <p>Strings in: UTF-8 bytes and their number; a negative number means that a zero byte ends them. With a number,
     * trailing spaces and zero bytes are dropped, but never of a PIN.
     *
     * <p>Strings out: into the caller's buffer, ended by a zero byte when cap is above 0. The result is the full length
     * without it; a longer value is cut between characters. Where result &gt;= cap, try again with more room.
     *
     * <p>Results: 0 or above is good, below 0 one of {@link Fault}.
     *
     * <p>[any]: from any thread at any time. [session]: one thread at a time for one session.
     */
    public interface Api extends Library {
        /** The number of the interface that these declarations are for. */
        int ABI = 1;

        /**
         * The interface number of the loaded library. [any] Call it first: when it differs from {@link #ABI}, a
         * different library was found.
         *
         * @return the number; it never fails
         */
        int shk_abi();

        /**
         * Opens a session. [any] Reads one small file; at most 2 s.
         *
         * @param config path of the configuration file (a Lua table) in UTF-8; length 0 takes every default
         * @param config_len bytes of it
         * @param session receives the handle; 0 when the call fails. The caller owns it until shk_close
         * @return CONFIG_FILE, CONFIG_SYNTAX, CONFIG_KEY, CONFIG_VALUE, TOO_MANY, MEMORY or ARGUMENT on failure, the words
         *     of which are read with session 0 from the same thread
         */
        int shk_open(byte[] config, int config_len, IntByReference session);

        /**
         * Closes a session, in whatever state it is, and wipes what it held. [any] At most 2 s. A check under way is
         * cancelled; a card command that cannot be interrupted ends by itself in the background.
         *
         * @param session the handle
         * @return SESSION when it is not open; nothing happens then
         */
        int shk_close(int session);

        /**
         * Sets one configuration key for this session, over what the file says. [session]
         *
         * @param session the handle
         * @param key a key of docs/configuration.md, such as "route" or "gateway.url"
         * @param key_len bytes of it
         * @param value as text; numbers in decimal, booleans as "true" or "false"
         * @param value_len bytes of it
         * @return CONFIG_KEY, CONFIG_VALUE, or STATE while a job runs
         */
        int shk_set(int session, byte[] key, int key_len, byte[] value, int value_len);

        /**
         * Gives an input to the next job, or the answer to SECRET or MATCH. [session] Inputs are kept until the job that
         * follows ends, then wiped.
         *
         * @param session the handle
         * @param path such as "query.insurer_number", "import.data", "pack.path", "secret", "match.answer"; docs/host.md
         *     lists them. "match.take" comes before "match.answer", which ends the question
         * @param path_len bytes of it
         * @param value text in the session's encoding; "import.data" as the bytes it is and with nothing dropped.
         *     "secret" is copied into one locked buffer, used once and wiped; the caller wipes its own copy. A
         *     Pointer, since JNA copies an array and does not wipe the copy
         * @param value_len bytes of it; 0 takes the input back
         * @return PATH; INPUT when it is too long (an empty "secret" too); STATE while a job runs ("secret", "match...":
         *     when none is asked for); MATCH_ANSWER (the question stays open); ARGUMENT; MEMORY
         */
        int shk_put(int session, byte[] path, int path_len, Pointer value, int value_len);

        /**
         * Starts a job on the session's worker thread. [session] The values of the job before are wiped. With the routes
         * "folder" and "app" no card is read: CHECK takes the next answer that arrives, WATCH every one.
         * <ul>
         * <li>CHECK waits for a card, checks once, ends with DONE.
         * <li>WATCH the same for card after card, until shk_cancel.
         * <li>READERS lists the readers into "readers[n].*".
         * <li>QUERY asks once by the data of an insurance card (inputs query.*).
         * <li>IMPORT reads an answer that the host has (inputs import.*); several persons one after the other, NEXT
         *     between them.
         * <li>BULK asks again for a table of patients (inputs bulk.*).
         * <li>REGISTER registers the host's patient number for one person (inputs query.*).
         * <li>PACK checks, tests, shows, lists or signs packs (inputs pack.*) into "pack.*" and "packs[n].*".
         * <li>MAP maps answers that the host has (inputs import.*, map.*) and delivers nothing.
         * <li>DELIVER lists or delivers what waits in the outbox (inputs outbox.*).
         * <li>HISTORY lists, verifies or exports the history (inputs history.*).
         * <li>STORE shows or looks after the store (inputs store.*).
         * <li>PERSON reads name, address, birth date and sex from the card; off unless the key "attributes" is set.
         * </ul>
         *
         * @param session the handle
         * @param job one of {@link Job}
         * @return STATE when a job runs already; ARGUMENT; CONFIG_VALUE when the configuration cannot serve the job
         *     ("fault.where" names the key); ROUTE_CANNOT; INPUT and CHECK_DIGIT ("fault.where" names the input; the
         *     inputs are kept); LOG_FILE; ADAPTER_UNKNOWN; ADAPTER_SETTINGS. A pack that may not be used ends the job
         *     itself with PACK, PACK_SAMPLE, PACK_UNSIGNED or PACK_SIGNATURE
         */
        int shk_start(int session, int job);

        /**
         * Answers the event PIN. [session] The digits are copied into one locked buffer, sent to the card once and wiped;
         * the caller wipes its own copy. Digits that this card has called wrong before, while it is held, are not sent:
         * FAULT (PIN_SAME) and another PIN follow.
         *
         * @param session the handle
         * @param pin ASCII digits: four, or 14 where "pin.kind" is PinKind.CODE_B. A Pointer, since JNA copies an array
         *     and does not wipe the copy. Where "pin.pad" is 1 they are typed on the reader and nothing is answered,
         *     unless "pin.last_try" is 1 too: then null, length 0 and spend_last_try 1 let the reader ask
         * @param pin_len bytes of it, taken exactly as given
         * @param spend_last_try 1: send it even when "pin.last_try" is 1 and a mistake would block the card; ask the
         *     person first. 0: such a PIN is not sent (PIN_LAST_TRY)
         * @return STATE when no PIN is asked for, before its event was taken, and for digits where the reader takes them;
         *     PIN_FORMAT or CODE_FORMAT when it is no such number, PIN_LAST_TRY: nothing is sent, the question stays open
         */
        int shk_answer_pin(int session, Pointer pin, int pin_len, int spend_last_try);

        /**
         * Ends the running job; it reports DONE with the fault CANCELLED. [any] A command on its way to the card is not
         * called back. Events that wait already are still handed out; a PIN answered after the cancel is not sent. Once
         * the answer is there its deliveries are still made, each whole or not at all; an adapter that takes longer than
         * about a second is left behind, and what it was given waits in the outbox.
         *
         * @param session the handle
         * @return SESSION; no job is not an error
         */
        int shk_cancel(int session);

        /**
         * Takes the next event. [session] Without a job none comes; a shk_close from another thread ends the wait.
         *
         * @param session the handle
         * @param timeout_ms how long to wait for one; 0 only looks, a negative number waits for ever
         * @return Event.NONE when none came in time, else one of {@link Event}; what belongs to it is read by path.
         *     SESSION
         */
        int shk_next_event(int session, int timeout_ms);

        /**
         * Asks to be woken when an event waits, for programs with a message loop. [session] When one waits already, the
         * target is woken at once. After a wake take events until NONE. The target is not checked.
         *
         * @param session the handle
         * @param target Windows: a window handle to which the message is posted. POSIX: a descriptor into which eight
         *     bytes, the number 1, are written. Negative: no more
         * @param message Windows: the message number, WM_APP (0x8000) or above; elsewhere 0
         * @return SESSION
         */
        int shk_wake(int session, int target, int message);

        /**
         * Reads a value as text. [session]
         *
         * @param session the handle; 0 for the words of a failed shk_open
         * @param path such as "record.name", "records[2].insurer_number", "fault.message", "delivery[1].file"; lists count
         *     from 1. docs/host.md lists the fixed paths, docs/fields.md the fields of a record
         * @param path_len bytes of it
         * @param buf receives it; may be null when cap is 0
         * @param cap bytes of room
         * @return the full length in bytes; ABSENT: a known path without a value now (an empty value gives 0); PATH: no
         *     such path; ARGUMENT
         */
        int shk_text(int session, byte[] path, int path_len, byte[] buf, int cap);

        /**
         * Reads a value as a number. [session]
         *
         * @param session the handle
         * @param path as for shk_text
         * @param path_len bytes of it
         * @param value receives it; unchanged on error
         * @return as shk_text, and TYPE when the value is not a whole number. Identifiers are texts even when they are
         *     all digits
         */
        int shk_int(int session, byte[] path, int path_len, IntByReference value);

        /**
         * The length of a list: "records", "delivery", "readers", "record.paths", "record.specific_diseases", "drift",
         * "match.candidate", "outbox", "history". [session]
         *
         * @param session the handle
         * @param path the list
         * @param path_len bytes of it
         * @return the length; an empty list gives 0. PATH when the path is no list
         */
        int shk_count(int session, byte[] path, int path_len);

        /**
         * Reads a value as the bytes it is, never converted: "delivery[n].document", "delivery[n].head". [session]
         *
         * @param session the handle
         * @param path the value
         * @param path_len bytes of it
         * @param buf receives it; nothing is terminated. May be null when cap is 0
         * @param cap bytes of room; a longer value is cut there
         * @return the full length; errors as shk_text
         */
        int shk_bytes(int session, byte[] path, int path_len, byte[] buf, int cap);

        /**
         * Wipes the values of the last job. [session]
         *
         * @param session the handle
         * @return STATE while a job runs
         */
        int shk_forget(int session);

        /**
         * One check, from waiting for the card to the delivered documents, in one blocking call. [session] Takes
         * timeout_ms and at most 2 s more; a delivery that is not made by then waits in the outbox.
         *
         * @param session the handle
         * @param pin as for shk_answer_pin; used only if the card asks for it. Null with length 0 where the patient types
         *     on the reader, and with the routes "folder" and "app"
         * @param pin_len bytes of it
         * @param spend_last_try as for shk_answer_pin
         * @param timeout_ms for the whole call; negative: the configuration's own limits
         * @return Outcome.ELIGIBLE, NOT_ELIGIBLE or UNSTATED, when every document that is due is delivered; else any code
         *     of {@link Fault}. When an answer came and a document could not be delivered, it is that document's code, and
         *     "outcome" and the answer are readable all the same. CARD_BUSY: somebody else may have spent a try
         *     meanwhile, nothing was sent; ask the person anew. UNDECIDED: it is not sure whose answer it is, and nobody
         *     is asked here
         */
        int shk_check(int session, Pointer pin, int pin_len, int spend_last_try, int timeout_ms);
    }

    /** A fault: what could not be done, and the words for it. */
    public static final class ShikakuException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int code;
        private final String name;
        private final String english;
        private final String where;
        private final int retry;

        ShikakuException(int code, String name, String[] words, int retry) {
            super(words[0]);
            this.code = code;
            this.name = name;
            this.english = words[1];
            this.where = words[2];
            this.retry = retry;
        }

        /** @return one of {@link Fault} */
        public int code() {
            return code;
        }

        /** @return its name in {@link Fault}, such as "PIN_WRONG" */
        public String name() {
            return name;
        }

        /** @return the sentence in English for the log; getMessage is the Japanese one for the desk */
        public String english() {
            return english;
        }

        /** @return key, input, script or line that it is about, never a value; null when there is none */
        public String where() {
            return where;
        }

        /** @return one of {@link Retry}: whether the same again may help */
        public int retry() {
            return retry;
        }
    }

    /**
     * The name of a number, for logs and for cases that a program does not know yet.
     *
     * @param numbers such as Event.class or Fault.class
     * @param number the number
     * @return such as "WAITING"; the number itself for one that is not known
     */
    public static String nameOf(Class<?> numbers, int number) {
        try {
            for (Field constant : numbers.getFields()) {
                if (constant.getInt(null) == number) {
                    return constant.getName();
                }
            }
        } catch (IllegalAccessException never) {
            throw new AssertionError(never);
        }
        return Integer.toString(number);
    }

    /**
     * One session. Use it in try-with-resources: nothing closes one that is forgotten, and 1024 can be open at most.
     *
     * <p>A handle is never a pointer: after close every call is refused with Fault.SESSION and harms nothing. Methods
     * throw {@link ShikakuException} where the plugin refuses. Only cancel and close may be called while another thread is
     * inside a method.
     */
    public static final class Session implements AutoCloseable {
        private final Api api = api();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final int handle;

        /**
         * Opens a session; its texts are UTF-8 inside whatever the file says.
         *
         * @param configuration path of the configuration file; "" takes every default
         * @throws ShikakuException the file cannot be used
         * @throws UnsatisfiedLinkError the library is not there, or it is another one
         */
        public Session(String configuration) {
            if (abi() != Api.ABI) {
                throw new UnsatisfiedLinkError("shikaku: interface " + abi() + " in place of " + Api.ABI);
            }
            byte[] path = utf8(configuration);
            IntByReference opened = new IntByReference();
            int result = api.shk_open(path, path.length, opened);
            if (result < 0) {
                throw failure(0, result, "shk_open");
            }
            handle = opened.getValue();
            set("text_encoding", "utf-8");
        }

        /** @return the interface number of the loaded library; Api.ABI when it is the right one */
        public static int abi() {
            return api().shk_abi();
        }

        /** Closes the session within 2 s and wipes what it held, from any thread; a second time does nothing. */
        @Override
        public void close() {
            end();
        }

        /**
         * The same as close, and tells the result.
         *
         * @return 0, or Fault.SESSION when it was closed before
         */
        public int end() {
            return closed.getAndSet(true) ? Fault.SESSION : api.shk_close(handle);
        }

        /**
         * Sets one key of docs/configuration.md for this session (shk_set).
         *
         * @param key the key
         * @param value its value as text
         */
        public void set(String key, String value) {
            byte[] k = utf8(key);
            byte[] v = utf8(value);
            done(api.shk_set(handle, k, k.length, v, v.length), "shk_set");
        }

        /**
         * Gives a text to the next job, or answers MATCH (shk_put).
         *
         * @param path the input
         * @param value its text; "" takes it back
         */
        public void put(String path, String value) {
            put(path, utf8(value));
        }

        /**
         * Gives bytes to the next job (shk_put), such as "import.data".
         *
         * @param path the input
         * @param value its bytes; an empty array takes them back
         */
        public void put(String path, byte[] value) {
            byte[] p = utf8(path);
            try (Scratch bytes = new Scratch(value, value.length)) {
                done(api.shk_put(handle, p, p.length, bytes.memory, value.length), "shk_put");
            }
        }

        /**
         * Starts a job (shk_start).
         *
         * @param job one of {@link Job}
         */
        public void start(int job) {
            done(api.shk_start(handle, job), "shk_start");
        }

        /**
         * Answers Event.PIN (shk_answer_pin) and fills the array with zeros, whatever happens.
         *
         * @param digits ASCII digits, from the array's begin
         * @param length how many of its bytes are the PIN
         * @param spendLastTry true only after the person was told that a mistake blocks the card
         */
        public void answerPin(byte[] digits, int length, boolean spendLastTry) {
            try (Scratch pin = new Scratch(digits, length)) {
                done(api.shk_answer_pin(handle, pin.memory, length, spendLastTry ? 1 : 0), "shk_answer_pin");
            } finally {
                wipe(digits);
            }
        }

        /**
         * Answers Event.PIN with the whole array, which is filled with zeros.
         *
         * @param digits ASCII digits
         * @param spendLastTry true only after the person was told that a mistake blocks the card
         */
        public void answerPin(byte[] digits, boolean spendLastTry) {
            answerPin(digits, digits.length, spendLastTry);
        }

        /**
         * Where "pin.pad" and "pin.last_try" are both 1: lets the reader ask although one try is left. Only after the
         * person was told that a mistake blocks the card.
         */
        public void spendLastTryOnReader() {
            done(api.shk_answer_pin(handle, null, 0, 1), "shk_answer_pin");
        }

        /**
         * Answers Event.SECRET (shk_put "secret") and fills the array with zeros, whatever happens.
         *
         * @param passphrase UTF-8 bytes
         */
        public void answerSecret(byte[] passphrase) {
            try {
                put("secret", passphrase);
            } finally {
                wipe(passphrase);
            }
        }

        /** Ends the running job (shk_cancel), from any thread. */
        public void cancel() {
            done(api.shk_cancel(handle), "shk_cancel");
        }

        /**
         * Takes the next event (shk_next_event).
         *
         * @param timeoutMs 0 only looks, a negative number waits for ever
         * @return one of {@link Event}; NONE when none came in time
         */
        public int nextEvent(int timeoutMs) {
            return done(api.shk_next_event(handle, timeoutMs), "shk_next_event");
        }

        /**
         * Wakes a native message loop whenever an event waits (shk_wake). Swing and JavaFX need it not: their programs
         * take events on a thread of its own (README).
         *
         * @param target Windows: a window handle; elsewhere a descriptor; negative ends it
         * @param message Windows: WM_APP (0x8000) or above; elsewhere 0
         */
        public void wake(int target, int message) {
            done(api.shk_wake(handle, target, message), "shk_wake");
        }

        /**
         * A value as text (shk_text).
         *
         * @param path the value
         * @return its text; null when it is absent now
         * @throws ShikakuException there is no such path, or the session is closed
         */
        public String text(String path) {
            byte[] bytes = read(api::shk_text, handle, path, "shk_text");
            return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        /**
         * A value as a number (shk_int).
         *
         * @param path the value
         * @param otherwise what is returned when it is absent now
         * @return the number
         * @throws ShikakuException there is no such path, it is no number, or the session is closed
         */
        public int number(String path, int otherwise) {
            byte[] p = utf8(path);
            IntByReference value = new IntByReference(otherwise);
            readable(api.shk_int(handle, p, p.length, value), "shk_int");
            return value.getValue();
        }

        /**
         * The length of a list (shk_count).
         *
         * @param path the list
         * @return its length
         * @throws ShikakuException the path is no list, or the session is closed
         */
        public int count(String path) {
            byte[] p = utf8(path);
            return Math.max(readable(api.shk_count(handle, p, p.length), "shk_count"), 0);
        }

        /**
         * A value as the bytes it is (shk_bytes), such as "delivery[1].document".
         *
         * @param path the value
         * @return its bytes; null when it is absent now
         * @throws ShikakuException there is no such path, or the session is closed
         */
        public byte[] bytes(String path) {
            return read(api::shk_bytes, handle, path, "shk_bytes");
        }

        /** Wipes the values of the last job (shk_forget). */
        public void forget() {
            done(api.shk_forget(handle), "shk_forget");
        }

        /**
         * One whole check in one blocking call (shk_check); the array is filled with zeros, whatever happens.
         *
         * @param pin ASCII digits; an empty array where the patient types on the reader, and for the routes "folder" and
         *     "app"
         * @param spendLastTry true only after the person was told that a mistake blocks the card
         * @param timeoutMs for the whole call; negative: the configuration's own limits
         * @return one of {@link Outcome}
         * @throws ShikakuException no answer, or an answer whose document was not delivered: "outcome" and "record.*" are
         *     readable then
         */
        public int check(byte[] pin, boolean spendLastTry, int timeoutMs) {
            try (Scratch digits = new Scratch(pin, pin.length)) {
                return done(api.shk_check(handle, digits.memory, pin.length, spendLastTry ? 1 : 0, timeoutMs), "shk_check");
            } finally {
                wipe(pin);
            }
        }

        /** @return the fault of the event taken last or of the call that failed last; null when there is none */
        public ShikakuException fault() {
            return fault("fault");
        }

        /**
         * The fault at a path, such as "delivery[1].fault".
         *
         * @param path its place
         * @return the fault; null when there is none
         */
        public ShikakuException fault(String path) {
            int code = number(path + ".code", 0);
            return code == 0 ? null : said(handle, path, code);
        }

        /**
         * Fills an array with zeros.
         *
         * @param secret the array
         */
        public static void wipe(byte[] secret) {
            Arrays.fill(secret, (byte) 0);
        }

        private static byte[] utf8(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private byte[] read(Reader reader, int session, String path, String call) {
            byte[] p = utf8(path);
            byte[] room = new byte[256];
            int length = readable(reader.read(session, p, p.length, room, room.length), call);
            while (length >= room.length) {
                room = new byte[length + 1];
                length = readable(reader.read(session, p, p.length, room, room.length), call);
            }
            return length < 0 ? null : Arrays.copyOf(room, length);
        }

        private String word(int session, String path) {
            byte[] bytes = read(api::shk_text, session, path, "shk_text");
            return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        private ShikakuException said(int session, String path, int code) {
            byte[] p = utf8(path + ".retry");
            IntByReference retry = new IntByReference(Retry.NO);
            api.shk_int(session, p, p.length, retry);
            String[] words = {word(session, path + ".message"), word(session, path + ".message_en"),
                word(session, path + ".where")};
            return new ShikakuException(code, word(session, path + ".name"), words, retry.getValue());
        }

        // Reading calls leave fault.* as it is, and a closed session has none: then the name is all there is to say.
        private ShikakuException failure(int session, int code, String call) {
            byte[] p = utf8("fault.code");
            IntByReference said = new IntByReference();
            boolean same = api.shk_int(session, p, p.length, said) >= 0 && said.getValue() == code;
            return same ? said(session, "fault", code) : unsaid(code, call);
        }

        private static ShikakuException unsaid(int code, String call) {
            String name = nameOf(Fault.class, code);
            String words = call + ": " + name + " (" + code + ")";
            return new ShikakuException(code, name, new String[] {words, words, null}, Retry.NO);
        }

        private int done(int result, String call) {
            if (result < 0) {
                throw failure(handle, result, call);
            }
            return result;
        }

        private static int readable(int result, String call) {
            if (result < 0 && result != Fault.ABSENT) {
                throw unsaid(result, call);
            }
            return result;
        }

        private interface Reader {
            int read(int session, byte[] path, int pathLength, byte[] room, int cap);
        }
    }

    // A copy outside the heap, which no garbage collector moves; wiped at the end.
    private static final class Scratch implements AutoCloseable {
        final Memory memory;

        Scratch(byte[] bytes, int length) {
            memory = length == 0 ? null : new Memory(length);
            if (memory != null) {
                memory.write(0, bytes, 0, length);
            }
        }

        @Override
        public void close() {
            if (memory != null) {
                memory.clear();
            }
        }
    }

    // codes.h: begin
    /** Jobs for shk_start. */
    public static final class Job {
        private Job() {
        }
        /** SHK_JOB_CHECK */
        public static final int CHECK = 1;
        /** SHK_JOB_WATCH */
        public static final int WATCH = 2;
        /** SHK_JOB_READERS */
        public static final int READERS = 3;
        /** asks by the data of an insurance card: inputs query.* */
        public static final int QUERY = 4;
        /** reads an answer that the host has: inputs import.* */
        public static final int IMPORT = 5;
        /** asks again for a table of patients: inputs bulk.* */
        public static final int BULK = 6;
        /** registers the host's own patient number (照会番号): inputs query.* */
        public static final int REGISTER = 7;
        /** looks at, tests or signs packs: inputs pack.* */
        public static final int PACK = 8;
        /** maps answers without delivering: inputs import.*, map.* */
        public static final int MAP = 9;
        /** delivers what waits in the outbox: inputs outbox.* */
        public static final int DELIVER = 10;
        /** lists, verifies or exports the history: inputs history.* */
        public static final int HISTORY = 11;
        /** looks after the store: inputs store.* */
        public static final int STORE = 12;
        /** reads name, address, birth date and sex from a card, to register somebody new */
        public static final int PERSON = 13;
    }

    /** Events from shk_next_event. Behind each: the paths that belong to it. */
    public static final class Event {
        private Event() {
        }
        /** SHK_EVENT_NONE */
        public static final int NONE = 0;
        /** put the card on the reader: card.reader when one is preferred */
        public static final int WAITING = 1;
        /** a card lies on the reader: card.reader */
        public static final int CARD = 2;
        /** answer with shk_answer_pin: pin.tries_left */
        public static final int PIN = 3;
        /** the question is on its way; the card may be taken away, better after it */
        public static final int ASKING = 4;
        /** the answer is readable: outcome, records, record.* */
        public static final int ANSWER = 5;
        /** one document more lies at the host: delivery.last, delivery[n].* */
        public static final int DELIVERED = 6;
        /** something failed: fault.* */
        public static final int FAULT = 7;
        /** the card left the reader */
        public static final int REMOVED = 8;
        /** the readers are listed, or have changed: readers.*, readers[n].* */
        public static final int READERS = 9;
        /** the check or the job is over: outcome, fault.* */
        public static final int DONE = 10;
        /** this person is finished, another one of the same input follows */
        public static final int NEXT = 11;
        /** a long job goes on: progress.* */
        public static final int PROGRESS = 12;
        /** give the passphrase of the device's key: shk_put "secret" */
        public static final int SECRET = 13;
        /** say whose answer this is: match.*, shk_put "match.answer" */
        public static final int MATCH = 14;
        /** what waits in the outbox has changed: outbox.* */
        public static final int OUTBOX = 15;
        /** staff should hear this, and the job goes on: notice.* */
        public static final int NOTICE = 16;
    }

    /** Outcome of a check, at the path "outcome". 0: no answer. */
    public static final class Outcome {
        private Outcome() {
        }
        /** SHK_OUTCOME_NONE */
        public static final int NONE = 0;
        /** SHK_OUTCOME_ELIGIBLE */
        public static final int ELIGIBLE = 1;
        /** SHK_OUTCOME_NOT_ELIGIBLE */
        public static final int NOT_ELIGIBLE = 2;
        /** a record without a word on whether it is valid now */
        public static final int UNSTATED = 3;
    }

    /** Where a fault arose, at the path "fault.stage". */
    public static final class Stage {
        private Stage() {
        }
        /** SHK_STAGE_API */
        public static final int API = 0;
        /** SHK_STAGE_CARD */
        public static final int CARD = 1;
        /** SHK_STAGE_IDENTITY */
        public static final int IDENTITY = 2;
        /** SHK_STAGE_LOOKUP */
        public static final int LOOKUP = 3;
        /** SHK_STAGE_RECORD */
        public static final int RECORD = 4;
        /** SHK_STAGE_MAPPING */
        public static final int MAPPING = 5;
        /** SHK_STAGE_HOST */
        public static final int HOST = 6;
        /** SHK_STAGE_STORE */
        public static final int STORE = 7;
    }

    /** What may help, at the path "fault.retry". */
    public static final class Retry {
        private Retry() {
        }
        /** SHK_RETRY_NO */
        public static final int NO = 0;
        /** the same again may work */
        public static final int SAME = 1;
        /** after a person has done something */
        public static final int OPERATOR = 2;
    }

    /** What kind of number "fault.native" is, at the path "fault.native_kind". */
    public static final class NativeKind {
        private NativeKind() {
        }
        /** SHK_NATIVE_NONE */
        public static final int NONE = 0;
        /** SHK_NATIVE_PCSC */
        public static final int PCSC = 1;
        /** SHK_NATIVE_SW */
        public static final int SW = 2;
        /** SHK_NATIVE_CURL */
        public static final int CURL = 3;
        /** SHK_NATIVE_HTTP */
        public static final int HTTP = 4;
        /** SHK_NATIVE_TLS */
        public static final int TLS = 5;
        /** SHK_NATIVE_XML_LINE */
        public static final int XML_LINE = 6;
        /** SHK_NATIVE_LUA_LINE */
        public static final int LUA_LINE = 7;
        /** SHK_NATIVE_OS */
        public static final int OS = 8;
        /** SQLite's extended code; of a server the SQLSTATE, read in base 36 */
        public static final int SQL = 9;
        /** the host program's own code */
        public static final int HOST = 10;
    }

    /** How sure it is whose answer this is, at the path "match.grade". */
    public static final class MatchGrade {
        private MatchGrade() {
        }
        /** SHK_MATCH_SAME */
        public static final int SAME = 1;
        /** the same person, the insurance changed */
        public static final int CHANGED = 2;
        /** SHK_MATCH_PROBABLY */
        public static final int PROBABLY = 3;
        /** SHK_MATCH_SEVERAL */
        public static final int SEVERAL = 4;
        /** SHK_MATCH_NEW */
        public static final int NEW = 5;
    }

    /** What is to be typed at SHK_EVENT_PIN, at the path "pin.kind". */
    public static final class PinKind {
        private PinKind() {
        }
        /** 利用者証明用: four digits */
        public static final int AUTH = 1;
        /** 券面事項入力補助用: four digits */
        public static final int TEXT = 2;
        /** 照合番号B: 14 digits from the card's face */
        public static final int CODE_B = 3;
    }

    /** What the card is, at the path "card.kind". */
    public static final class CardKind {
        private CardKind() {
        }
        /** SHK_CARD_UNKNOWN */
        public static final int UNKNOWN = 0;
        /** SHK_CARD_MYNUMBER */
        public static final int MYNUMBER = 1;
        /** スマホ用電子証明書 */
        public static final int ANDROID = 2;
        /** SHK_CARD_IPHONE */
        public static final int IPHONE = 3;
        /** 住民基本台帳カード */
        public static final int JUKI = 4;
        /** SHK_CARD_OTHER */
        public static final int OTHER = 5;
    }

    /** What SHK_EVENT_NOTICE is about, at the path "notice". */
    public static final class Notice {
        private Notice() {
        }
        /** the certificate ends soon: card.expires_on, card.days_left */
        public static final int EXPIRES = 1;
    }

    /** Levels of the log. */
    public static final class LogLevel {
        private LogLevel() {
        }
        /** SHK_LOG_ERROR */
        public static final int ERROR = 1;
        /** SHK_LOG_WARN */
        public static final int WARN = 2;
        /** SHK_LOG_INFO */
        public static final int INFO = 3;
        /** SHK_LOG_DEBUG */
        public static final int DEBUG = 4;
    }

    /** Faults, banded by stage; the sentences are in docs/codes.md. */
    public static final class Fault {
        private Fault() {
        }
        /** SHK_E_ARGUMENT */
        public static final int ARGUMENT = -1001;
        /** SHK_E_SESSION */
        public static final int SESSION = -1002;
        /** SHK_E_STATE */
        public static final int STATE = -1003;
        /** SHK_E_PATH */
        public static final int PATH = -1004;
        /** SHK_E_ABSENT */
        public static final int ABSENT = -1005;
        /** SHK_E_MEMORY */
        public static final int MEMORY = -1006;
        /** SHK_E_TYPE */
        public static final int TYPE = -1007;
        /** SHK_E_TOO_MANY */
        public static final int TOO_MANY = -1008;
        /** SHK_E_CONFIG_FILE */
        public static final int CONFIG_FILE = -1010;
        /** SHK_E_CONFIG_SYNTAX */
        public static final int CONFIG_SYNTAX = -1011;
        /** SHK_E_CONFIG_KEY */
        public static final int CONFIG_KEY = -1012;
        /** SHK_E_CONFIG_VALUE */
        public static final int CONFIG_VALUE = -1013;
        /** SHK_E_LOG_FILE */
        public static final int LOG_FILE = -1014;
        /** SHK_E_INPUT */
        public static final int INPUT = -1015;
        /** SHK_E_FILE_READ */
        public static final int FILE_READ = -1016;
        /** SHK_E_FILE_TOO_LARGE */
        public static final int FILE_TOO_LARGE = -1017;
        /** SHK_E_RESUME */
        public static final int RESUME = -1018;
        /** SHK_E_BULK_RUNNING */
        public static final int BULK_RUNNING = -1019;
        /** SHK_E_CANCELLED */
        public static final int CANCELLED = -1020;
        /** SHK_E_TIMEOUT */
        public static final int TIMEOUT = -1021;
        /** SHK_E_BULK_FOLDER */
        public static final int BULK_FOLDER = -1022;
        /** SHK_E_LIBRARY */
        public static final int LIBRARY = -1023;
        /** SHK_E_INTERNAL */
        public static final int INTERNAL = -1099;
        /** SHK_E_NO_PCSC */
        public static final int NO_PCSC = -1101;
        /** SHK_E_NO_SERVICE */
        public static final int NO_SERVICE = -1102;
        /** SHK_E_NO_READER */
        public static final int NO_READER = -1103;
        /** SHK_E_NO_CARD */
        public static final int NO_CARD = -1104;
        /** SHK_E_CARD_REMOVED */
        public static final int CARD_REMOVED = -1105;
        /** SHK_E_CARD_BUSY */
        public static final int CARD_BUSY = -1106;
        /** SHK_E_CARD_RESET */
        public static final int CARD_RESET = -1107;
        /** SHK_E_NOT_MYNUMBER */
        public static final int NOT_MYNUMBER = -1108;
        /** SHK_E_CARD_ANSWER */
        public static final int CARD_ANSWER = -1109;
        /** SHK_E_READER */
        public static final int READER = -1110;
        /** SHK_E_CARD_MUTE */
        public static final int CARD_MUTE = -1111;
        /** SHK_E_CARD_HANGS */
        public static final int CARD_HANGS = -1112;
        /** SHK_E_JUKI_CARD */
        public static final int JUKI_CARD = -1113;
        /** SHK_E_PHONE_REFUSED */
        public static final int PHONE_REFUSED = -1114;
        /** SHK_E_SEVERAL_CARDS */
        public static final int SEVERAL_CARDS = -1115;
        /** SHK_E_PIN_WRONG */
        public static final int PIN_WRONG = -1201;
        /** SHK_E_PIN_BLOCKED */
        public static final int PIN_BLOCKED = -1202;
        /** SHK_E_PIN_FORMAT */
        public static final int PIN_FORMAT = -1203;
        /** SHK_E_PIN_LAST_TRY */
        public static final int PIN_LAST_TRY = -1204;
        /** SHK_E_PIN_TIMEOUT */
        public static final int PIN_TIMEOUT = -1205;
        /** SHK_E_CERTIFICATE */
        public static final int CERTIFICATE = -1206;
        /** SHK_E_CERTIFICATE_EXPIRED */
        public static final int CERTIFICATE_EXPIRED = -1207;
        /** SHK_E_CERTIFICATE_NOT_YET */
        public static final int CERTIFICATE_NOT_YET = -1208;
        /** SHK_E_SIGNATURE */
        public static final int SIGNATURE = -1209;
        /** SHK_E_NO_CERTIFICATE */
        public static final int NO_CERTIFICATE = -1210;
        /** SHK_E_PIN_NONE */
        public static final int PIN_NONE = -1211;
        /** SHK_E_PIN_PAD */
        public static final int PIN_PAD = -1212;
        /** SHK_E_CODE_FORMAT */
        public static final int CODE_FORMAT = -1213;
        /** SHK_E_CODE_WRONG */
        public static final int CODE_WRONG = -1214;
        /** SHK_E_CODE_BLOCKED */
        public static final int CODE_BLOCKED = -1215;
        /** SHK_E_ATTRIBUTES */
        public static final int ATTRIBUTES = -1216;
        /** SHK_E_PIN_SAME */
        public static final int PIN_SAME = -1217;
        /** SHK_E_GATEWAY_UNREACHABLE */
        public static final int GATEWAY_UNREACHABLE = -1301;
        /** SHK_E_GATEWAY_UNTRUSTED */
        public static final int GATEWAY_UNTRUSTED = -1302;
        /** SHK_E_DEVICE_REFUSED */
        public static final int DEVICE_REFUSED = -1303;
        /** SHK_E_GATEWAY_TIMEOUT */
        public static final int GATEWAY_TIMEOUT = -1304;
        /** SHK_E_GATEWAY_ANSWER */
        public static final int GATEWAY_ANSWER = -1305;
        /** SHK_E_CHALLENGE_EXPIRED */
        public static final int CHALLENGE_EXPIRED = -1306;
        /** SHK_E_CHALLENGE_USED */
        public static final int CHALLENGE_USED = -1307;
        /** SHK_E_SIGNATURE_INVALID */
        public static final int SIGNATURE_INVALID = -1308;
        /** SHK_E_CARD_CERT_EXPIRED */
        public static final int CARD_CERT_EXPIRED = -1309;
        /** SHK_E_CARD_CERT_REVOKED */
        public static final int CARD_CERT_REVOKED = -1310;
        /** SHK_E_CARD_CERT_UNKNOWN */
        public static final int CARD_CERT_UNKNOWN = -1311;
        /** SHK_E_FACILITY_MISMATCH */
        public static final int FACILITY_MISMATCH = -1312;
        /** SHK_E_REQUEST_INVALID */
        public static final int REQUEST_INVALID = -1313;
        /** SHK_E_RATE_LIMITED */
        public static final int RATE_LIMITED = -1314;
        /** SHK_E_UPSTREAM_UNAVAILABLE */
        public static final int UPSTREAM_UNAVAILABLE = -1315;
        /** SHK_E_ANSWER_TOO_LARGE */
        public static final int ANSWER_TOO_LARGE = -1316;
        /** SHK_E_REQUEST_CONFLICT */
        public static final int REQUEST_CONFLICT = -1317;
        /** SHK_E_DEVICE_KEY */
        public static final int DEVICE_KEY = -1318;
        /** SHK_E_DEMO_ANSWER */
        public static final int DEMO_ANSWER = -1319;
        /** SHK_E_ANSWER_FOREIGN */
        public static final int ANSWER_FOREIGN = -1320;
        /** SHK_E_CLOCK */
        public static final int CLOCK = -1321;
        /** SHK_E_PASSPHRASE */
        public static final int PASSPHRASE = -1322;
        /** SHK_E_PROXY */
        public static final int PROXY = -1323;
        /** SHK_E_TERMINAL_FOLDER */
        public static final int TERMINAL_FOLDER = -1324;
        /** SHK_E_TERMINAL_TIMEOUT */
        public static final int TERMINAL_TIMEOUT = -1325;
        /** SHK_E_TERMINAL_REFUSED */
        public static final int TERMINAL_REFUSED = -1326;
        /** SHK_E_CHECK_DIGIT */
        public static final int CHECK_DIGIT = -1327;
        /** SHK_E_ROUTE_CANNOT */
        public static final int ROUTE_CANNOT = -1328;
        /** SHK_E_CLIPBOARD */
        public static final int CLIPBOARD = -1329;
        /** SHK_E_ARCHIVE */
        public static final int ARCHIVE = -1330;
        /** SHK_E_BULK_UNANSWERED */
        public static final int BULK_UNANSWERED = -1331;
        /** SHK_E_XML */
        public static final int XML = -1401;
        /** SHK_E_XML_ENCODING */
        public static final int XML_ENCODING = -1402;
        /** SHK_E_XML_FOREIGN */
        public static final int XML_FOREIGN = -1403;
        /** SHK_E_VALUE */
        public static final int VALUE = -1404;
        /** SHK_E_ANSWER_REFUSED */
        public static final int ANSWER_REFUSED = -1405;
        /** SHK_E_ANSWER_PENDING */
        public static final int ANSWER_PENDING = -1406;
        /** SHK_E_ANSWER_ERROR */
        public static final int ANSWER_ERROR = -1407;
        /** SHK_E_APP_TEXT */
        public static final int APP_TEXT = -1408;
        /** SHK_E_APP_INCOMPLETE */
        public static final int APP_INCOMPLETE = -1409;
        /** SHK_E_APP_CONTRADICTION */
        public static final int APP_CONTRADICTION = -1410;
        /** SHK_E_APP_VALUE */
        public static final int APP_VALUE = -1411;
        /** SHK_E_APP_UNREAD */
        public static final int APP_UNREAD = -1412;
        /** SHK_E_ANSWER_UNCLEAR */
        public static final int ANSWER_UNCLEAR = -1413;
        /** SHK_E_EMPTY */
        public static final int EMPTY = -1414;
        /** SHK_E_ANSWER_COUNT */
        public static final int ANSWER_COUNT = -1415;
        /** SHK_E_SCRIPT_FILE */
        public static final int SCRIPT_FILE = -1501;
        /** SHK_E_SCRIPT_SYNTAX */
        public static final int SCRIPT_SYNTAX = -1502;
        /** SHK_E_SCRIPT_CONTRACT */
        public static final int SCRIPT_CONTRACT = -1503;
        /** SHK_E_SCRIPT_RUN */
        public static final int SCRIPT_RUN = -1504;
        /** SHK_E_SCRIPT_BUDGET */
        public static final int SCRIPT_BUDGET = -1505;
        /** SHK_E_SCRIPT_MEMORY */
        public static final int SCRIPT_MEMORY = -1506;
        /** SHK_E_FIELD_REQUIRED */
        public static final int FIELD_REQUIRED = -1507;
        /** SHK_E_FIELD_TOO_LONG */
        public static final int FIELD_TOO_LONG = -1508;
        /** SHK_E_CHARACTER_LOST */
        public static final int CHARACTER_LOST = -1509;
        /** SHK_E_SCRIPT_CHECK */
        public static final int SCRIPT_CHECK = -1510;
        /** SHK_E_FILE_NAME */
        public static final int FILE_NAME = -1511;
        /** SHK_E_TABLE */
        public static final int TABLE = -1512;
        /** SHK_E_TABLE_EMPTY */
        public static final int TABLE_EMPTY = -1513;
        /** SHK_E_PACK */
        public static final int PACK = -1514;
        /** SHK_E_PACK_SAMPLE */
        public static final int PACK_SAMPLE = -1515;
        /** SHK_E_OVERLAY */
        public static final int OVERLAY = -1516;
        /** SHK_E_PACK_UNSIGNED */
        public static final int PACK_UNSIGNED = -1517;
        /** SHK_E_PACK_SIGNATURE */
        public static final int PACK_SIGNATURE = -1518;
        /** SHK_E_PACK_SOURCE */
        public static final int PACK_SOURCE = -1519;
        /** SHK_E_ADAPTER_UNKNOWN */
        public static final int ADAPTER_UNKNOWN = -1601;
        /** SHK_E_ADAPTER_SETTINGS */
        public static final int ADAPTER_SETTINGS = -1602;
        /** SHK_E_FOLDER_MISSING */
        public static final int FOLDER_MISSING = -1603;
        /** SHK_E_FOLDER_WRITE */
        public static final int FOLDER_WRITE = -1604;
        /** SHK_E_FOLDER_LOCKED */
        public static final int FOLDER_LOCKED = -1605;
        /** SHK_E_DISK_FULL */
        public static final int DISK_FULL = -1606;
        /** SHK_E_FILE_EXISTS */
        public static final int FILE_EXISTS = -1607;
        /** SHK_E_FILE_FOREIGN */
        public static final int FILE_FOREIGN = -1608;
        /** SHK_E_ADAPTER_BROKEN */
        public static final int ADAPTER_BROKEN = -1609;
        /** SHK_E_ADAPTER_TIMEOUT */
        public static final int ADAPTER_TIMEOUT = -1610;
        /** SHK_E_MODULE_FILE */
        public static final int MODULE_FILE = -1611;
        /** SHK_E_HOST_UNREACHABLE */
        public static final int HOST_UNREACHABLE = -1612;
        /** SHK_E_HOST_REFUSED */
        public static final int HOST_REFUSED = -1613;
        /** SHK_E_HOST_ANSWER */
        public static final int HOST_ANSWER = -1614;
        /** SHK_E_HOST_LOGIN */
        public static final int HOST_LOGIN = -1615;
        /** SHK_E_HOST_BUSY */
        public static final int HOST_BUSY = -1616;
        /** SHK_E_STATEMENT */
        public static final int STATEMENT = -1617;
        /** SHK_E_DRIVER */
        public static final int DRIVER = -1618;
        /** SHK_E_UNDECIDED */
        public static final int UNDECIDED = -1619;
        /** SHK_E_MATCH_ANSWER */
        public static final int MATCH_ANSWER = -1620;
        /** SHK_E_DELIVERY_UNSURE */
        public static final int DELIVERY_UNSURE = -1621;
        /** SHK_E_DELIVERY_TAKEN */
        public static final int DELIVERY_TAKEN = -1622;
        /** SHK_E_TARGET_GONE */
        public static final int TARGET_GONE = -1623;
        /** SHK_E_STORE_OPEN */
        public static final int STORE_OPEN = -1701;
        /** SHK_E_STORE_BROKEN */
        public static final int STORE_BROKEN = -1702;
        /** SHK_E_STORE_NEWER */
        public static final int STORE_NEWER = -1703;
        /** SHK_E_STORE_KEY */
        public static final int STORE_KEY = -1704;
        /** SHK_E_STORE_LOCKED */
        public static final int STORE_LOCKED = -1705;
        /** SHK_E_STORE_FULL */
        public static final int STORE_FULL = -1706;
        /** SHK_E_STORE_DOWN */
        public static final int STORE_DOWN = -1707;
        /** SHK_E_STORE_LOGIN */
        public static final int STORE_LOGIN = -1708;
        /** SHK_E_STORE_LIBRARY */
        public static final int STORE_LIBRARY = -1709;
        /** SHK_E_STORE_SEALED */
        public static final int STORE_SEALED = -1710;
        /** SHK_E_HISTORY_BROKEN */
        public static final int HISTORY_BROKEN = -1711;
        /** SHK_E_STORE_OFF */
        public static final int STORE_OFF = -1712;
        /** SHK_E_STORE_FAILED */
        public static final int STORE_FAILED = -1713;
    }
    // codes.h: end
}
