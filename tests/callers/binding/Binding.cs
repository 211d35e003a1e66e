// What the C# binding does beyond the reception desk: Binding FOLDER, with demo.lua and answer.xml in it.
// Ends with 0 when every case holds; else names the first that does not.

using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Shikaku;

internal static class Binding
{
    private static string configuration;
    private static byte[] answer;

    [DllImport("libc")]
    private static extern int pipe(int[] ends);

    [DllImport("libc")]
    private static extern IntPtr read(int end, byte[] bytes, IntPtr length);

    private static void Holds(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }

    private static ShikakuException Refused(Action call, int code)
    {
        try
        {
            call();
        }
        catch (ShikakuException fault)
        {
            Holds(fault.Code == code, Names.OfFault(code) + " expected, not " + fault.Name);
            Holds(fault.Name == Names.OfFault(code), "name " + fault.Name);
            return fault;
        }
        throw new InvalidOperationException(Names.OfFault(code) + " expected");
    }

    private static void Until(Session session, int wanted)
    {
        int number;
        do
        {
            number = session.NextEvent(20000);
            Holds(number != EventKinds.NONE, "no event within 20 s");
        }
        while (number != wanted && number != EventKinds.DONE);
        Holds(number == wanted, "DONE before " + Names.OfEvent(wanted));
    }

    private static byte[] Pin(string digits)
    {
        return Encoding.ASCII.GetBytes(digits);
    }

    private static void FaultsAreExceptions()
    {
        Refused(() => new Session(configuration + ".missing"), Faults.CONFIG_FILE);
        using (var session = new Session(configuration))
        {
            ShikakuException fault = Refused(() => session.Set("card_timeout_ms", "soon"), Faults.CONFIG_VALUE);
            Holds(fault.Where == "card_timeout_ms" && fault.Message.EndsWith("。") && fault.MessageEn.EndsWith("."),
                "words " + fault.Where);
            session.Put("query.insurer_number", "06990015");
            session.Put("query.number", "1001");
            session.Put("query.birth_date", "1985-03-12");
            Holds(Refused(() => session.Start(Jobs.QUERY), Faults.CHECK_DIGIT).Where == "query.insurer_number", "where");
            Holds(session.Fault().Code == Faults.CHECK_DIGIT && session.Fault().Retry == Retries.OPERATOR, "the last fault");
        }
    }

    private static void ValuesAreReadByKind()
    {
        using (var session = new Session(configuration))
        {
            Holds(session.Text("record.name") == null && session.Number("pin.tries_left") == null, "absent is null");
            Holds(session.Bytes("delivery[1].document") == null && session.Fault() == null, "absent is null");
            Refused(() => session.Text("no.such.path"), Faults.PATH);
            Refused(() => session.Count("version"), Faults.PATH);
            Refused(() => session.Number("version"), Faults.TYPE);
            session.Put("import.data", answer);
            session.Start(Jobs.IMPORT);
            Until(session, EventKinds.DONE);
            Holds(session.Text("record.name") == "見本　太郎" && session.Number("outcome") == Outcomes.ELIGIBLE, "the answer");
            Holds(session.Count("records") == 1 && session.Count("readers") == 0, "lists");
            byte[] document = session.Bytes("delivery[1].document");
            Holds(document.Length > 256 && document[document.Length - 1] == '\n', "a document beyond the first room");
            Holds(session.Text("delivery[1].document_text") == Encoding.UTF8.GetString(document), "the same as text");
            session.Forget();
            Holds(session.Text("record.name") == null, "forgotten");
            session.Put("import.data", answer);
            session.Put("import.data", (byte[])null);
            Refused(() => session.Start(Jobs.IMPORT), Faults.INPUT);
        }
    }

    private static void PinsAreWiped()
    {
        using (var session = new Session(configuration))
        {
            byte[] unasked = Pin("1234"), wrong = Pin("0000"), cut = Pin("12345678"), right = Pin("1234"), secret = Pin("words");
            Refused(() => session.AnswerPin(unasked, false), Faults.STATE);
            Refused(() => session.AnswerSecret(secret), Faults.STATE);
            Refused(() => session.Check(wrong, false, 20000), Faults.PIN_WRONG);
            session.Start(Jobs.CHECK);
            Until(session, EventKinds.PIN);
            session.AnswerPin(cut, 4, false);
            Until(session, EventKinds.DONE);
            Holds(session.Number("outcome") == Outcomes.ELIGIBLE, "the length counts, not the array");
            Holds(session.Check(right, false, 20000) == Outcomes.ELIGIBLE, "the blocking check");
            foreach (byte[] pin in new[] { unasked, wrong, cut, right, secret })
            {
                Holds(Array.TrueForAll(pin, one => one == 0), "a PIN is left");
            }
        }
    }

    private static void EventsAreAwaited()
    {
        int[] ends = new int[2];
        byte[] eight = new byte[8];
        Holds(pipe(ends) == 0, "pipe");
        var session = new Session(configuration);
        session.WakeDescriptor(ends[1]);
        session.Start(Jobs.CHECK);
        Holds(read(ends[0], eight, (IntPtr)8) == (IntPtr)8 && BitConverter.ToInt64(eight, 0) == 1, "woken");
        Holds(session.NextEventAsync().Result == EventKinds.CARD, "awaited");
        Until(session, EventKinds.PIN);
        session.WakeDescriptor(-1);
        Task<int> waiting = session.NextEventAsync();
        Thread.Sleep(100);
        Holds(session.Close() == 0 && session.Close() == Faults.SESSION, "closed once");
        try
        {
            waiting.Wait();
            Holds(false, "a close ends the wait");
        }
        catch (AggregateException ended)
        {
            Holds(((ShikakuException)ended.InnerException).Code == Faults.SESSION, "a close ends the wait with SESSION");
        }
    }

    private static void Forgotten(int sessions)
    {
        for (int i = 0; i < sessions; i++)
        {
            new Session(configuration);
        }
    }

    // 1024 can be open at most.
    private static void ForgottenSessionsAreClosed()
    {
        for (int i = 0; i < 30; i++)
        {
            Forgotten(50);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static int Main(string[] arguments)
    {
        configuration = Path.Combine(arguments[0], "demo.lua");
        answer = File.ReadAllBytes(Path.Combine(arguments[0], "answer.xml"));
        FaultsAreExceptions();
        ValuesAreReadByKind();
        PinsAreWiped();
        EventsAreAwaited();
        ForgottenSessionsAreClosed();
        return 0;
    }
}
