// A reception desk in C#: Reception CONFIG
//
// Waits for a card, asks for the PIN, shows the answer and the document that was delivered.
// Exit code: 0 eligible, 1 not eligible, 2 usage, 3 anything else.

using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Shikaku;

internal static class Reception
{
    private const int Eligible = 0, NotEligible = 1, Usage = 2, Other = 3;

    private static readonly string[] OutcomeWords = { "確認できません", "資格あり", "資格なし", "有効・無効の記載なし" };

    private static readonly string[] Fields =
    {
        "record.name", "record.name_kana", "record.birth_date", "record.sex", "record.insurer_number",
        "record.symbol", "record.number", "record.branch_number", "record.reference_number"
    };

    // Streams without a buffer, in which a copy of the PIN would stay.
    private static readonly Stream Input = Console.OpenStandardInput();
    private static readonly Stream Output = Console.OpenStandardOutput();

    private static void Say(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        Output.Write(bytes, 0, bytes.Length);
        Output.Flush();
    }

    private static void SayFault(string title, ShikakuException fault)
    {
        Say(title + " " + fault.Name + " " + fault.Code);
        Say("  " + fault.Message);
        Say("  " + fault.MessageEn);
    }

    private static string NameOf(string path)
    {
        return path == null ? "-" : path.Substring(path.LastIndexOfAny(new[] { '/', '\\' }) + 1);
    }

    // One character of the line into its place; false at its end.
    private static bool ReadOne(byte[] line, int at, bool typed)
    {
        if (!typed)
        {
            return Input.Read(line, at, 1) == 1 && line[at] != '\n';
        }
        ConsoleKeyInfo key = Console.ReadKey(true);
        line[at] = key.Key == ConsoleKey.Backspace ? (byte)'\b' : (byte)key.KeyChar;
        return key.Key != ConsoleKey.Enter;
    }

    // The length of what was typed; what is longer than the room is cut, and no PIN any more.
    private static int ReadLine(byte[] line)
    {
        int length = 0;
        while (ReadOne(line, length, !Console.IsInputRedirected))
        {
            if (line[length] == '\b')
            {
                length = Math.Max(length - 1, 0);
            }
            else if (line[length] > ' ' && length < line.Length - 1)
            {
                length++;
            }
        }
        return length;
    }

    // The person types, here or on the reader; a PIN that cannot be given ends the check.
    private static void AnswerPin(Session session)
    {
        if (session.Number("pin.last_try") == 1)
        {
            Console.Error.WriteLine("あと1回まちがえるとロックされます。中止します。 / One try is left; stopped.");
            session.Cancel(); // a real desk asks the person, and passes true for a yes
            return;
        }
        if (session.Number("pin.pad") == 1)
        {
            Console.Error.WriteLine("リーダーのキーで暗証番号を入力してください。 / Type the PIN on the reader.");
            return;
        }
        // Pinned, since a garbage collector that moves an array leaves a copy behind.
        var pin = new byte[32];
        GCHandle place = GCHandle.Alloc(pin, GCHandleType.Pinned);
        Console.Error.Write("暗証番号 / PIN: ");
        try
        {
            session.AnswerPin(pin, ReadLine(pin), false); // wipes it
        }
        catch (ShikakuException)
        {
            session.Cancel(); // a real desk says the exception's Message and asks again
        }
        finally
        {
            Session.Wipe(pin);
            place.Free();
            Console.Error.WriteLine();
        }
    }

    private static void OnEvent(Session session, int number)
    {
        string title = "event " + Names.OfEvent(number);
        switch (number)
        {
            case EventKinds.PIN:
                Say(title + " tries_left " + (session.Text("pin.tries_left") ?? "-"));
                AnswerPin(session);
                break;
            case EventKinds.FAULT:
                SayFault(title, session.Fault());
                break;
            default:
                Say(title);
                break;
        }
    }

    private static void SayAnswer(Session session)
    {
        foreach (string field in Fields)
        {
            Say(field + " " + (session.Text(field) ?? "-"));
        }
        Say("records " + session.Count("records"));
        if (session.Count("delivery") > 0)
        {
            Say("delivery[1].file " + NameOf(session.Text("delivery[1].file")));
            byte[] document = session.Bytes("delivery[1].document");
            if (document != null)
            {
                Say("document " + document.Length);
                Output.Write(document, 0, document.Length);
            }
        }
    }

    private static int Check(Session session)
    {
        int number;
        session.Start(Jobs.CHECK);
        do
        {
            number = session.NextEvent(-1);
            OnEvent(session, number);
        }
        while (number != EventKinds.DONE);
        int outcome = session.Number("outcome") ?? Outcomes.NONE;
        Say("outcome " + outcome + " " + (outcome < OutcomeWords.Length ? OutcomeWords[outcome] : "?"));
        if (outcome != Outcomes.NONE)
        {
            SayAnswer(session);
        }
        return outcome;
    }

    // A mistake on purpose, to show what a fault looks like.
    private static void ShowFault(Session session)
    {
        try
        {
            session.Set("no.such.key", "1");
        }
        catch (ShikakuException fault)
        {
            SayFault("fault", fault);
        }
    }

    // What a closed session says to every call.
    private static void ShowStale(Session session)
    {
        try
        {
            session.Text("version");
        }
        catch (ShikakuException fault)
        {
            Say("stale " + fault.Name + " " + fault.Code);
        }
    }

    private static int Desk(string configuration)
    {
        using (var session = new Session(configuration))
        {
            int outcome = Outcomes.NONE;
            ShowFault(session);
            try
            {
                outcome = Check(session);
            }
            catch (ShikakuException fault)
            {
                SayFault("fault", fault);
            }
            Say("close " + session.Close());
            ShowStale(session);
            return outcome == Outcomes.ELIGIBLE ? Eligible : outcome == Outcomes.NOT_ELIGIBLE ? NotEligible : Other;
        }
    }

    public static int Main(string[] arguments)
    {
        if (arguments.Length != 1)
        {
            Console.Error.WriteLine("使い方 / usage: Reception CONFIG");
            return Usage;
        }
        try
        {
            Say("abi " + Session.Abi);
            return Desk(arguments[0]);
        }
        catch (ShikakuException fault)
        {
            SayFault("fault", fault);
            return Other;
        }
        catch (DllNotFoundException missing)
        {
            Console.Error.WriteLine(missing.Message);
            return Other;
        }
        catch (BadImageFormatException wrong) // 32 bits here, 64 there
        {
            Console.Error.WriteLine(wrong.Message);
            return Other;
        }
    }
}
