// What the Java binding does beyond the reception desk: Binding FOLDER, with demo.lua and answer.xml in it.
// Ends with 0 when every case holds; else names the first that does not.

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class Binding {
    private final String configuration;
    private final byte[] answer;

    private Binding(String folder) throws Exception {
        configuration = new File(folder, "demo.lua").getPath();
        answer = Files.readAllBytes(new File(folder, "answer.xml").toPath());
    }

    /** What a host has beside the plugin. */
    interface Posix extends Library {
        int pipe(int[] ends);

        long read(int end, byte[] bytes, long length);
    }

    private static void holds(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }

    private static Shikaku.ShikakuException refused(Runnable call, int code) {
        String name = Shikaku.nameOf(Shikaku.Fault.class, code);
        try {
            call.run();
        } catch (Shikaku.ShikakuException fault) {
            holds(fault.code() == code && name.equals(fault.name()), name + " expected, not " + fault.name());
            return fault;
        }
        throw new IllegalStateException(name + " expected");
    }

    private static void until(Shikaku.Session session, int wanted) {
        int number;
        do {
            number = session.nextEvent(20000);
            holds(number != Shikaku.Event.NONE, "no event within 20 s");
        } while (number != wanted && number != Shikaku.Event.DONE);
        holds(number == wanted, "DONE before " + Shikaku.nameOf(Shikaku.Event.class, wanted));
    }

    private static byte[] pin(String digits) {
        return digits.getBytes(StandardCharsets.US_ASCII);
    }

    private void faultsAreExceptions() {
        refused(() -> new Shikaku.Session(configuration + ".missing"), Shikaku.Fault.CONFIG_FILE);
        try (Shikaku.Session session = new Shikaku.Session(configuration)) {
            Shikaku.ShikakuException fault =
                refused(() -> session.set("card_timeout_ms", "soon"), Shikaku.Fault.CONFIG_VALUE);
            holds(fault.where().equals("card_timeout_ms") && fault.getMessage().endsWith("。")
                && fault.english().endsWith("."), "words " + fault.where());
            session.put("query.insurer_number", "06990015");
            session.put("query.number", "1001");
            session.put("query.birth_date", "1985-03-12");
            fault = refused(() -> session.start(Shikaku.Job.QUERY), Shikaku.Fault.CHECK_DIGIT);
            holds(fault.where().equals("query.insurer_number"), "where");
            holds(session.fault().code() == Shikaku.Fault.CHECK_DIGIT
                && session.fault().retry() == Shikaku.Retry.OPERATOR, "the last fault");
        }
    }

    private void valuesAreReadByKind() {
        try (Shikaku.Session session = new Shikaku.Session(configuration)) {
            holds(session.text("record.name") == null && session.number("pin.tries_left", -7) == -7, "absent");
            holds(session.bytes("delivery[1].document") == null && session.fault() == null, "absent is null");
            refused(() -> session.text("no.such.path"), Shikaku.Fault.PATH);
            refused(() -> session.count("version"), Shikaku.Fault.PATH);
            refused(() -> session.number("version", 0), Shikaku.Fault.TYPE);
            session.put("import.data", answer);
            session.start(Shikaku.Job.IMPORT);
            until(session, Shikaku.Event.DONE);
            holds(session.text("record.name").equals("見本　太郎")
                && session.number("outcome", 0) == Shikaku.Outcome.ELIGIBLE, "the answer");
            holds(session.count("records") == 1 && session.count("readers") == 0, "lists");
            byte[] document = session.bytes("delivery[1].document");
            holds(document.length > 256 && document[document.length - 1] == '\n', "a document beyond the first room");
            holds(session.text("delivery[1].document_text").equals(new String(document, StandardCharsets.UTF_8)),
                "the same as text");
            session.forget();
            holds(session.text("record.name") == null, "forgotten");
            session.put("import.data", answer);
            session.put("import.data", new byte[0]);
            refused(() -> session.start(Shikaku.Job.IMPORT), Shikaku.Fault.INPUT);
        }
    }

    private void pinsAreWiped() {
        try (Shikaku.Session session = new Shikaku.Session(configuration)) {
            byte[][] pins = {pin("1234"), pin("words"), pin("0000"), pin("12345678"), pin("1234")};
            refused(() -> session.answerPin(pins[0], false), Shikaku.Fault.STATE);
            refused(() -> session.answerSecret(pins[1]), Shikaku.Fault.STATE);
            refused(() -> session.check(pins[2], false, 20000), Shikaku.Fault.PIN_WRONG);
            session.start(Shikaku.Job.CHECK);
            until(session, Shikaku.Event.PIN);
            session.answerPin(pins[3], 4, false);
            until(session, Shikaku.Event.DONE);
            holds(session.number("outcome", 0) == Shikaku.Outcome.ELIGIBLE, "the length counts, not the array");
            holds(session.check(pins[4], false, 20000) == Shikaku.Outcome.ELIGIBLE, "the blocking check");
            for (byte[] pin : pins) {
                for (byte one : pin) {
                    holds(one == 0, "a PIN is left");
                }
            }
        }
    }

    private void eventsAreAwaited() throws Exception {
        Posix posix = Native.load("c", Posix.class);
        int[] ends = new int[2];
        byte[] eight = new byte[8];
        holds(posix.pipe(ends) == 0, "pipe");
        ExecutorService other = Executors.newSingleThreadExecutor();
        Shikaku.Session session = new Shikaku.Session(configuration);
        session.wake(ends[1], 0);
        session.start(Shikaku.Job.CHECK);
        holds(posix.read(ends[0], eight, 8) == 8
            && ByteBuffer.wrap(eight).order(ByteOrder.nativeOrder()).getLong() == 1, "woken");
        until(session, Shikaku.Event.PIN);
        session.wake(-1, 0);
        Future<Integer> waiting = other.submit(() -> session.nextEvent(-1));
        Thread.sleep(100);
        holds(session.end() == 0 && session.end() == Shikaku.Fault.SESSION, "closed once");
        session.close();
        try {
            waiting.get();
            holds(false, "a close ends the wait");
        } catch (ExecutionException ended) {
            holds(((Shikaku.ShikakuException) ended.getCause()).code() == Shikaku.Fault.SESSION, "ended with SESSION");
        }
        other.shutdown();
    }

    // 1024 can be open at most.
    private void sessionsAreClosed() {
        for (int i = 0; i < 1100; i++) {
            try (Shikaku.Session session = new Shikaku.Session(configuration)) {
                holds(session.nextEvent(0) == Shikaku.Event.NONE, "no event without a job");
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Binding binding = new Binding(arguments[0]);
        binding.faultsAreExceptions();
        binding.valuesAreReadByKind();
        binding.pinsAreWiped();
        binding.eventsAreAwaited();
        binding.sessionsAreClosed();
    }
}
