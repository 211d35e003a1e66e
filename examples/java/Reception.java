// A reception desk in Java: java -cp .:jna.jar Reception CONFIG
//
// Waits for a card, asks for the PIN, shows the answer and the document that was delivered.
// Exit code: 0 eligible, 1 not eligible, 2 usage, 3 anything else.

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;

/** One check at the desk. */
public final class Reception {
    private static final int ELIGIBLE = 0;
    private static final int NOT_ELIGIBLE = 1;
    private static final int USAGE = 2;
    private static final int OTHER = 3;
    private static final String[] OUTCOMES = {"確認できません", "資格あり", "資格なし", "有効・無効の記載なし"};
    private static final String[] FIELDS = {"record.name", "record.name_kana", "record.birth_date", "record.sex",
        "record.insurer_number", "record.symbol", "record.number", "record.branch_number", "record.reference_number"};

    // System.in would keep a copy of the PIN in its buffer.
    private final FileInputStream input = new FileInputStream(FileDescriptor.in);
    private final PrintStream output;
    private final Shikaku.Session session;

    private Reception(PrintStream output, Shikaku.Session session) {
        this.output = output;
        this.session = session;
    }

    private static void sayFault(PrintStream output, String title, Shikaku.ShikakuException fault) {
        output.print(title + " " + fault.name() + " " + fault.code() + "\n");
        output.print("  " + fault.getMessage() + "\n  " + fault.english() + "\n");
    }

    private void say(String line) {
        output.print(line + "\n");
        output.flush();
    }

    private static String shown(String value) {
        return value == null ? "-" : value;
    }

    private static String nameOf(String path) {
        return path == null ? "-" : path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    // The length of what was typed; what is longer than the room is cut, and no PIN any more.
    private int readLine(byte[] line) throws IOException {
        int length = 0;
        while (input.read(line, length, 1) == 1 && line[length] != '\n') {
            if (line[length] != '\r' && length < line.length - 1) {
                length++;
            }
        }
        return length;
    }

    private int readHidden(Console console, byte[] line) {
        char[] typed = console.readPassword();
        int length = typed == null ? 0 : Math.min(typed.length, line.length);
        for (int i = 0; i < length; i++) {
            line[i] = (byte) typed[i];
        }
        if (typed != null) {
            Arrays.fill(typed, '\0');
        }
        return length;
    }

    // The person types, here or on the reader; a PIN that cannot be given ends the check.
    private void answerPin() throws IOException {
        if (session.number("pin.last_try", 0) == 1) {
            System.err.println("あと1回まちがえるとロックされます。中止します。 / One try is left; stopped.");
            session.cancel(); // a real desk asks the person, and passes true for a yes
            return;
        }
        if (session.number("pin.pad", 0) == 1) {
            System.err.println("リーダーのキーで暗証番号を入力してください。 / Type the PIN on the reader.");
            return;
        }
        System.err.print("暗証番号 / PIN: ");
        byte[] pin = new byte[32];
        try {
            Console console = System.console(); // null when standard input or output is no terminal
            session.answerPin(pin, console == null ? readLine(pin) : readHidden(console, pin), false); // wipes it
        } catch (Shikaku.ShikakuException refused) {
            session.cancel(); // a real desk says the exception's message and asks again
        } finally {
            Shikaku.Session.wipe(pin);
            System.err.println();
        }
    }

    private void onEvent(int number) throws IOException {
        String title = "event " + Shikaku.nameOf(Shikaku.Event.class, number);
        switch (number) {
            case Shikaku.Event.PIN:
                say(title + " tries_left " + shown(session.text("pin.tries_left")));
                answerPin();
                break;
            case Shikaku.Event.FAULT:
                sayFault(output, title, session.fault());
                break;
            default:
                say(title);
                break;
        }
    }

    private void sayAnswer() {
        for (String field : FIELDS) {
            say(field + " " + shown(session.text(field)));
        }
        say("records " + session.count("records"));
        if (session.count("delivery") > 0) {
            say("delivery[1].file " + nameOf(session.text("delivery[1].file")));
            byte[] document = session.bytes("delivery[1].document");
            if (document != null) {
                say("document " + document.length);
                output.write(document, 0, document.length);
            }
        }
    }

    private int check() throws IOException {
        int number;
        session.start(Shikaku.Job.CHECK);
        do {
            number = session.nextEvent(-1);
            onEvent(number);
        } while (number != Shikaku.Event.DONE);
        int outcome = session.number("outcome", Shikaku.Outcome.NONE);
        say("outcome " + outcome + " " + (outcome < OUTCOMES.length ? OUTCOMES[outcome] : "?"));
        if (outcome != Shikaku.Outcome.NONE) {
            sayAnswer();
        }
        return outcome;
    }

    // A mistake on purpose, to show what a fault looks like.
    private void showFault() {
        try {
            session.set("no.such.key", "1");
        } catch (Shikaku.ShikakuException fault) {
            sayFault(output, "fault", fault);
        }
    }

    // What a closed session says to every call.
    private void showStale() {
        try {
            session.text("version");
        } catch (Shikaku.ShikakuException fault) {
            say("stale " + fault.name() + " " + fault.code());
        }
    }

    private int desk() throws IOException {
        int outcome = Shikaku.Outcome.NONE;
        showFault();
        try {
            outcome = check();
        } catch (Shikaku.ShikakuException fault) {
            sayFault(output, "fault", fault);
        }
        say("close " + session.end());
        showStale();
        return outcome == Shikaku.Outcome.ELIGIBLE ? ELIGIBLE
            : outcome == Shikaku.Outcome.NOT_ELIGIBLE ? NOT_ELIGIBLE : OTHER;
    }

    private static int run(String configuration) throws IOException {
        PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        try {
            output.print("abi " + Shikaku.Session.abi() + "\n");
            try (Shikaku.Session session = new Shikaku.Session(configuration)) {
                return new Reception(output, session).desk();
            }
        } catch (Shikaku.ShikakuException fault) {
            sayFault(output, "fault", fault);
        } catch (UnsatisfiedLinkError missing) {
            System.err.println(missing.getMessage());
        } finally {
            output.flush();
        }
        return OTHER;
    }

    /**
     * Starts the desk.
     *
     * @param arguments the path of the configuration file
     * @throws IOException standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("使い方 / usage: Reception CONFIG");
            System.exit(USAGE);
        }
        System.setProperty("jdk.console", "java.base"); // else JDK 22 to 24 take a pipe for a terminal
        System.exit(run(arguments[0]));
    }
}
