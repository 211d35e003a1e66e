// Shikaku (資格): the whole binding for .NET Framework 4.x, .NET 6 and later, and Mono, in one file.
//
// Copy this file into the project; nothing else of ours is needed but shikaku.dll beside the program (libshikaku.so
// on Linux). It is written in C# 5, so that the compiler of .NET Framework 4 takes it. From VB.NET compile it into a
// library of its own and refer to that.
//
//     Session     what a host program uses: texts as strings, faults as exceptions, Dispose closes.
//     Native      the 16 functions as they are, with their reference.
//     Library     where shikaku.dll is loaded from.
//     Jobs, EventKinds, Outcomes, Faults, ...   the numbers of codes.h.
//
// THREADS   One thread at a time for one session; another one only for Cancel, Close and Dispose. Two sessions run in
//           parallel. The plugin never calls into the program.
// ENCODING  Everything crosses as UTF-8 bytes, whatever Windows' own code page is.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Shikaku
{
    /// <summary>Where shikaku.dll is loaded from.</summary>
    /// <remarks>On Windows the file is loaded by its absolute path before the first call, so that neither the current
    /// folder nor PATH is ever searched: a file planted there would read the PIN. Session does that by itself; who
    /// uses Native alone calls Load first. Elsewhere the platform's own loader finds libshikaku.so.</remarks>
    public static class Library
    {
        private const uint SearchItsFolder = 0x100; // LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR
        private const uint SearchSystem = 0x800;    // LOAD_LIBRARY_SEARCH_SYSTEM32
        private const int BadFormat = 193;          // ERROR_BAD_EXE_FORMAT
        private static readonly object Turn = new object();
        private static bool loaded;

        [DllImport("kernel32.dll", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
        private static extern IntPtr LoadLibraryExW(string file, IntPtr reserved, uint flags);

        /// <summary>Loads shikaku.dll from the program's own folder, or, for programs that run with 32 and with 64
        /// bits, from x86 or x64 inside it. Does nothing but on Windows.</summary>
        /// <exception cref="DllNotFoundException">The file is not there or cannot be loaded.</exception>
        /// <exception cref="BadImageFormatException">Program and DLL differ in bits.</exception>
        public static void Load()
        {
            string folder = AppDomain.CurrentDomain.BaseDirectory;
            string file = Path.Combine(folder, "shikaku.dll");
            string split = Path.Combine(Path.Combine(folder, IntPtr.Size == 8 ? "x64" : "x86"), "shikaku.dll");
            Load(!File.Exists(file) && File.Exists(split) ? split : file);
        }

        /// <summary>Loads shikaku.dll from another place. Call it before the first session is opened; once a library
        /// is loaded it stays and further calls do nothing. Does nothing but on Windows.</summary>
        /// <param name="file">Absolute path; the file is called shikaku.dll.</param>
        /// <exception cref="ArgumentException">The path is not absolute, or the file has another name.</exception>
        /// <exception cref="DllNotFoundException">The file is not there or cannot be loaded.</exception>
        /// <exception cref="BadImageFormatException">Program and DLL differ in bits.</exception>
        public static void Load(string file)
        {
            if (Path.DirectorySeparatorChar != '\\')
            {
                return;
            }
            lock (Turn)
            {
                if (loaded)
                {
                    return;
                }
                if (file == null || !Path.IsPathRooted(file) || Path.GetFullPath(file) != file)
                {
                    throw new ArgumentException("an absolute path is needed", "file");
                }
                // The declarations find a loaded module by this name.
                if (!"shikaku.dll".Equals(Path.GetFileName(file), StringComparison.OrdinalIgnoreCase))
                {
                    throw new ArgumentException("the file has to be called shikaku.dll", "file");
                }
                if (LoadLibraryExW(file, IntPtr.Zero, SearchItsFolder | SearchSystem) == IntPtr.Zero)
                {
                    throw Refused(file, Marshal.GetLastWin32Error());
                }
                loaded = true;
            }
        }

        private static Exception Refused(string file, int error)
        {
            var inner = new Win32Exception(error);
            if (error == BadFormat)
            {
                return new BadImageFormatException("shikaku.dll とプログラムのビット数 (32/64) が違います / " +
                    "shikaku.dll and the program differ in bits (32/64): " + file, inner);
            }
            return new DllNotFoundException("shikaku.dll を読み込めません / shikaku.dll cannot be loaded: " + file, inner);
        }

        internal static void Ready()
        {
            if (!loaded)
            {
                Load();
            }
        }
    }

    /// <summary>The 16 functions of shikaku.h.</summary>
    /// <remarks>
    /// <para>Strings in: UTF-8 bytes and their number; a negative number means that a zero byte ends them. With a number,
    /// trailing spaces and zero bytes are dropped, but never of a PIN.</para>
    /// <para>Strings out: into the caller's buffer, ended by a zero byte when cap is above 0. The result is the full length
    /// without it; a longer value is cut between characters. Where result &gt;= cap, try again with more room.</para>
    /// <para>Results: 0 or above is good, below 0 one of Faults.</para>
    /// <para>[any]: from any thread at any time. [session]: one thread at a time for one session.</para>
    /// <para>CallingConvention.StdCall is what 32-bit Windows needs and means nothing anywhere else.</para>
    /// </remarks>
    public static class Native
    {
        // Never the current folder, never PATH.
        private const DllImportSearchPath Beside =
            DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.ApplicationDirectory;

        /// <summary>The number of the interface that these declarations are for.</summary>
        public const int ABI = 1;

        /// <summary>The interface number of the loaded library. [any] Call it first: when it differs from ABI, a different
        /// library was found.</summary>
        /// <returns>The number; it never fails.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_abi();

        /// <summary>Opens a session. [any] Reads one small file; at most 2 s.</summary>
        /// <param name="config">Path of the configuration file (a Lua table) in UTF-8; length 0 takes every default.</param>
        /// <param name="config_len">Bytes of it.</param>
        /// <param name="session">Receives the handle; 0 when the call fails. The caller owns it until shk_close.</param>
        /// <returns>CONFIG_FILE, CONFIG_SYNTAX, CONFIG_KEY, CONFIG_VALUE, TOO_MANY, MEMORY or ARGUMENT on failure. Its
        /// words are read with session 0 from the same thread.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_open(byte[] config, int config_len, out int session);

        /// <summary>Closes a session, in whatever state it is, and wipes what it held. [any] At most 2 s. A check under way is
        /// cancelled; a card command that cannot be interrupted ends by itself in the background.</summary>
        /// <param name="session">The handle.</param>
        /// <returns>SESSION when it is not open; nothing happens then.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_close(int session);

        /// <summary>Sets one configuration key for this session, over what the file says. [session]</summary>
        /// <param name="session">The handle.</param>
        /// <param name="key">A key of docs/configuration.md, such as "route" or "gateway.url".</param>
        /// <param name="key_len">Bytes of it.</param>
        /// <param name="value">As text; numbers in decimal, booleans as "true" or "false".</param>
        /// <param name="value_len">Bytes of it.</param>
        /// <returns>CONFIG_KEY, CONFIG_VALUE, or STATE while a job runs.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_set(int session, byte[] key, int key_len, byte[] value, int value_len);

        /// <summary>Gives an input to the next job, or the answer to SECRET or MATCH. [session] Inputs are kept until the job
        /// that follows ends, then wiped.</summary>
        /// <param name="session">The handle.</param>
        /// <param name="path">Such as "query.insurer_number", "import.data", "pack.path", "secret", "match.answer";
        /// docs/host.md lists them. "match.take" comes before "match.answer", which ends the question.</param>
        /// <param name="path_len">Bytes of it.</param>
        /// <param name="value">Text in the session's encoding; "import.data" as the bytes it is and with nothing dropped.
        /// "secret" is copied into one locked buffer, used once and wiped; the caller wipes its own copy.</param>
        /// <param name="value_len">Bytes of it; 0 takes the input back.</param>
        /// <returns>PATH; INPUT when it is too long (an empty "secret" too); STATE while a job runs ("secret", "match...":
        /// when none is asked for); MATCH_ANSWER (the question stays open); ARGUMENT; MEMORY.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_put(int session, byte[] path, int path_len, byte[] value, int value_len);

        /// <summary>Starts a job on the session's worker thread. [session] The values of the job before are wiped. With the
        /// routes "folder" and "app" no card is read: CHECK takes the next answer that arrives, WATCH every one.</summary>
        /// <param name="session">The handle.</param>
        /// <param name="job">One of Jobs:
        /// CHECK waits for a card, checks once, ends with DONE; WATCH the same for card after card, until shk_cancel;
        /// READERS lists the readers into "readers[n].*"; QUERY asks once by the data of an insurance card (inputs query.*);
        /// IMPORT reads an answer that the host has (inputs import.*), several persons one after the other with NEXT between
        /// them; BULK asks again for a table of patients (inputs bulk.*); REGISTER registers the host's patient number for
        /// one person (inputs query.*); PACK checks, tests, shows, lists or signs packs (inputs pack.*) into "pack.*" and
        /// "packs[n].*"; MAP maps answers that the host has (inputs import.*, map.*) and delivers nothing; DELIVER lists or
        /// delivers what waits in the outbox (inputs outbox.*); HISTORY lists, verifies or exports the history (inputs
        /// history.*); STORE shows or looks after the store (inputs store.*); PERSON reads name, address, birth date and
        /// sex from the card, and is off unless the key "attributes" is set.</param>
        /// <returns>STATE when a job runs already; ARGUMENT; CONFIG_VALUE when the configuration cannot serve the job
        /// ("fault.where" names the key); ROUTE_CANNOT; INPUT and CHECK_DIGIT ("fault.where" names the input; the inputs are
        /// kept); LOG_FILE; ADAPTER_UNKNOWN; ADAPTER_SETTINGS. A pack that may not be used ends the job itself with PACK,
        /// PACK_SAMPLE, PACK_UNSIGNED or PACK_SIGNATURE.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_start(int session, int job);

        /// <summary>Answers the event PIN. [session] The digits are copied into one locked buffer, sent to the card once and
        /// wiped; the caller wipes its own copy. Digits that this card has called wrong before, while it is held, are not
        /// sent: FAULT (PIN_SAME) and another PIN follow.</summary>
        /// <param name="session">The handle.</param>
        /// <param name="pin">ASCII digits: four, or 14 where "pin.kind" is PinKinds.CODE_B. Where "pin.pad" is 1 they are typed
        /// on the reader and nothing is answered, unless "pin.last_try" is 1 too: then null, length 0 and spend_last_try 1
        /// let the reader ask.</param>
        /// <param name="pin_len">Bytes of it, taken exactly as given.</param>
        /// <param name="spend_last_try">1: send it even when "pin.last_try" is 1 and a mistake would block the card; ask the
        /// person first. 0: such a PIN is not sent (PIN_LAST_TRY).</param>
        /// <returns>STATE when no PIN is asked for, before its event was taken, and for digits where the reader takes them;
        /// PIN_FORMAT or CODE_FORMAT when it is no such number, PIN_LAST_TRY: nothing is sent, the question stays
        /// open.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_answer_pin(int session, byte[] pin, int pin_len, int spend_last_try);

        /// <summary>Ends the running job; it reports DONE with the fault CANCELLED. [any] A command on its way to the card is
        /// not called back. Events that wait already are still handed out; a PIN answered after the cancel is not sent. Once
        /// the answer is there its deliveries are still made, each whole or not at all; an adapter that takes longer than
        /// about a second is left behind, and what it was given waits in the outbox.</summary>
        /// <param name="session">The handle.</param>
        /// <returns>SESSION; no job is not an error.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_cancel(int session);

        /// <summary>Takes the next event. [session] Without a job none comes; a shk_close from another thread ends the
        /// wait.</summary>
        /// <param name="session">The handle.</param>
        /// <param name="timeout_ms">How long to wait for one; 0 only looks, a negative number waits for ever.</param>
        /// <returns>EventKinds.NONE when none came in time, else one of EventKinds; what belongs to it is read by path. SESSION.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_next_event(int session, int timeout_ms);

        /// <summary>Asks to be woken when an event waits, for programs with a message loop. [session] When one waits already,
        /// the target is woken at once. After a wake take events until NONE. The target is not checked.</summary>
        /// <param name="session">The handle.</param>
        /// <param name="target">Windows: a window handle to which the message is posted. POSIX: a descriptor into which eight
        /// bytes, the number 1, are written. Negative: no more.</param>
        /// <param name="message">Windows: the message number, WM_APP (0x8000) or above; elsewhere 0.</param>
        /// <returns>SESSION.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_wake(int session, int target, int message);

        /// <summary>Reads a value as text. [session]</summary>
        /// <param name="session">The handle; 0 for the words of a failed shk_open.</param>
        /// <param name="path">Such as "record.name", "records[2].insurer_number", "fault.message", "delivery[1].file"; lists
        /// count from 1. docs/host.md lists the fixed paths, docs/fields.md the fields of a record.</param>
        /// <param name="path_len">Bytes of it.</param>
        /// <param name="buf">Receives it; may be null when cap is 0.</param>
        /// <param name="cap">Bytes of room.</param>
        /// <returns>The full length in bytes; ABSENT: a known path without a value now (an empty value gives 0); PATH: no such
        /// path; ARGUMENT.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_text(int session, byte[] path, int path_len, [Out] byte[] buf, int cap);

        /// <summary>Reads a value as a number. [session]</summary>
        /// <param name="session">The handle.</param>
        /// <param name="path">As for shk_text.</param>
        /// <param name="path_len">Bytes of it.</param>
        /// <param name="value">Receives it; unchanged on error, hence ref.</param>
        /// <returns>As shk_text, and TYPE when the value is not a whole number. Identifiers are texts even when they are all
        /// digits.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_int(int session, byte[] path, int path_len, ref int value);

        /// <summary>The length of a list: "records", "delivery", "readers", "record.paths", "record.specific_diseases",
        /// "drift", "match.candidate", "outbox", "history". [session]</summary>
        /// <param name="session">The handle.</param>
        /// <param name="path">The list.</param>
        /// <param name="path_len">Bytes of it.</param>
        /// <returns>The length; an empty list gives 0. PATH when the path is no list.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_count(int session, byte[] path, int path_len);

        /// <summary>Reads a value as the bytes it is, never converted: "delivery[n].document", "delivery[n].head".
        /// [session]</summary>
        /// <param name="session">The handle.</param>
        /// <param name="path">The value.</param>
        /// <param name="path_len">Bytes of it.</param>
        /// <param name="buf">Receives it; nothing is terminated. May be null when cap is 0.</param>
        /// <param name="cap">Bytes of room; a longer value is cut there.</param>
        /// <returns>The full length; errors as shk_text.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_bytes(int session, byte[] path, int path_len, [Out] byte[] buf, int cap);

        /// <summary>Wipes the values of the last job. [session]</summary>
        /// <param name="session">The handle.</param>
        /// <returns>STATE while a job runs.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_forget(int session);

        /// <summary>One check, from waiting for the card to the delivered documents, in one blocking call. [session] Takes
        /// timeout_ms and at most 2 s more; a delivery that is not made by then waits in the outbox.</summary>
        /// <param name="session">The handle.</param>
        /// <param name="pin">As for shk_answer_pin; used only if the card asks for it. Null with length 0 where the patient
        /// types on the reader, and with the routes "folder" and "app".</param>
        /// <param name="pin_len">Bytes of it.</param>
        /// <param name="spend_last_try">As for shk_answer_pin.</param>
        /// <param name="timeout_ms">For the whole call; negative: the configuration's own limits.</param>
        /// <returns>Outcomes.ELIGIBLE, NOT_ELIGIBLE or UNSTATED, when every document that is due is delivered; else any code of
        /// Faults. When an answer came and a document could not be delivered, it is that document's code, and "outcome" and
        /// the answer are readable all the same. CARD_BUSY: somebody else may have spent a try meanwhile, nothing was sent;
        /// ask the person anew. UNDECIDED: it is not sure whose answer it is, and nobody is asked here.</returns>
        [DefaultDllImportSearchPaths(Beside)]
        [DllImport("shikaku", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
        public static extern int shk_check(int session, byte[] pin, int pin_len, int spend_last_try, int timeout_ms);
    }

    /// <summary>A fault: what could not be done, and the words for it.</summary>
    public sealed class ShikakuException : Exception
    {
        internal ShikakuException(int code, string name, string message, string english, string where, int retry)
            : base(message)
        {
            Code = code;
            Name = name;
            MessageEn = english;
            Where = where;
            Retry = retry;
        }

        /// <summary>One of Faults.</summary>
        public int Code { get; private set; }

        /// <summary>Its name in Faults, such as "PIN_WRONG".</summary>
        public string Name { get; private set; }

        /// <summary>The sentence in English for the log; Message is the Japanese one for the desk.</summary>
        public string MessageEn { get; private set; }

        /// <summary>Key, input, script or line that it is about, never a value; null when there is none.</summary>
        public string Where { get; private set; }

        /// <summary>One of Retries: whether the same again may help.</summary>
        public int Retry { get; private set; }
    }

    /// <summary>Names of the numbers, for logs and for cases that a program does not know yet.</summary>
    public static class Names
    {
        /// <summary>"WAITING" for EventKinds.WAITING; the number itself for one that is not known.</summary>
        public static string OfEvent(int number)
        {
            return Of(typeof(EventKinds).GetFields(), number);
        }

        /// <summary>"PIN_WRONG" for Faults.PIN_WRONG; the number itself for one that is not known.</summary>
        public static string OfFault(int number)
        {
            return Of(typeof(Faults).GetFields(), number);
        }

        private static string Of(FieldInfo[] constants, int number)
        {
            foreach (FieldInfo constant in constants)
            {
                if (number.Equals(constant.GetValue(null)))
                {
                    return constant.Name;
                }
            }
            return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>One session. Dispose closes it; a session that is forgotten is closed by the finalizer.</summary>
    /// <remarks>A handle is never a pointer: after Close every call is refused with Faults.SESSION and harms nothing.
    /// Methods throw ShikakuException where the plugin refuses. Only Cancel, Close and Dispose may be called while another
    /// thread is inside a method.</remarks>
    public sealed class Session : IDisposable
    {
        private readonly int handle;
        private int closed = 1; // until it is open

        /// <summary>Opens a session; its texts are UTF-8 inside whatever the file says.</summary>
        /// <param name="configuration">Path of the configuration file; "" or null takes every default.</param>
        /// <exception cref="ShikakuException">The file cannot be used.</exception>
        /// <exception cref="DllNotFoundException">The library is not there, or it is another one.</exception>
        public Session(string configuration)
        {
            if (Abi != Native.ABI)
            {
                throw new DllNotFoundException("shikaku: interface " + Abi + " in place of " + Native.ABI);
            }
            byte[] path = Utf8(configuration ?? "");
            int result = Native.shk_open(path, path.Length, out handle);
            if (result < 0)
            {
                throw Failure(0, result, "shk_open");
            }
            closed = 0;
            Set("text_encoding", "utf-8");
        }

        /// <summary>Closes a session that nobody disposed of.</summary>
        ~Session()
        {
            Close();
        }

        /// <summary>The interface number of the loaded library; Native.ABI when it is the right one.</summary>
        public static int Abi
        {
            get
            {
                Library.Ready();
                return Native.shk_abi();
            }
        }

        /// <summary>Closes the session within 2 s and wipes what it held, from any thread.</summary>
        /// <returns>0, or Faults.SESSION when it was closed before.</returns>
        public int Close()
        {
            if (Interlocked.Exchange(ref closed, 1) != 0)
            {
                return Faults.SESSION;
            }
            GC.SuppressFinalize(this);
            return Native.shk_close(handle);
        }

        /// <summary>The same as Close.</summary>
        public void Dispose()
        {
            Close();
        }

        /// <summary>Sets one key of docs/configuration.md for this session (shk_set).</summary>
        public void Set(string key, string value)
        {
            byte[] k = Utf8(key), v = Utf8(value);
            Done(Native.shk_set(handle, k, k.Length, v, v.Length), "shk_set");
        }

        /// <summary>Gives a text to the next job, or answers MATCH (shk_put); "" or null takes it back.</summary>
        public void Put(string path, string value)
        {
            Put(path, Utf8(value ?? ""));
        }

        /// <summary>Gives bytes to the next job (shk_put), such as "import.data"; null takes them back.</summary>
        public void Put(string path, byte[] value)
        {
            byte[] p = Utf8(path);
            Done(Native.shk_put(handle, p, p.Length, value, value == null ? 0 : value.Length), "shk_put");
        }

        /// <summary>Starts one of Jobs (shk_start).</summary>
        public void Start(int job)
        {
            Done(Native.shk_start(handle, job), "shk_start");
        }

        /// <summary>Answers EventKinds.PIN (shk_answer_pin) and fills the array with zeros, whatever happens.</summary>
        /// <param name="digits">ASCII digits. Best an array that is pinned before the first digit is in it: one that the
        /// garbage collector moves leaves a copy behind.</param>
        /// <param name="length">How many of its bytes are the PIN.</param>
        /// <param name="spendLastTry">True only after the person was told that a mistake blocks the card.</param>
        public void AnswerPin(byte[] digits, int length, bool spendLastTry)
        {
            try
            {
                if (length < 0 || length > digits.Length)
                {
                    throw new ArgumentOutOfRangeException("length");
                }
                Done(Native.shk_answer_pin(handle, digits, length, spendLastTry ? 1 : 0), "shk_answer_pin");
            }
            finally
            {
                Wipe(digits);
            }
        }

        /// <summary>Answers EventKinds.PIN with the whole array, which is filled with zeros.</summary>
        public void AnswerPin(byte[] digits, bool spendLastTry)
        {
            AnswerPin(digits, digits.Length, spendLastTry);
        }

        /// <summary>Where "pin.pad" and "pin.last_try" are both 1: lets the reader ask although one try is left. Only after
        /// the person was told that a mistake blocks the card.</summary>
        public void SpendLastTryOnReader()
        {
            Done(Native.shk_answer_pin(handle, null, 0, 1), "shk_answer_pin");
        }

        /// <summary>Answers EventKinds.SECRET (shk_put "secret") and fills the array with zeros, whatever happens.</summary>
        /// <param name="passphrase">UTF-8 bytes.</param>
        public void AnswerSecret(byte[] passphrase)
        {
            try
            {
                Put("secret", passphrase);
            }
            finally
            {
                Wipe(passphrase);
            }
        }

        /// <summary>Ends the running job (shk_cancel), from any thread.</summary>
        public void Cancel()
        {
            Done(Native.shk_cancel(handle), "shk_cancel");
        }

        /// <summary>Takes the next event (shk_next_event).</summary>
        /// <param name="timeoutMs">0 only looks, a negative number waits for ever.</param>
        /// <returns>One of EventKinds; NONE when none came in time.</returns>
        public int NextEvent(int timeoutMs)
        {
            return Done(Native.shk_next_event(handle, timeoutMs), "shk_next_event");
        }

        /// <summary>Waits for the next event on a thread of its own, for "await" in a form. Until it has come, call nothing
        /// of this session but Cancel and Close; a Close ends it with the fault SESSION.</summary>
        public Task<int> NextEventAsync()
        {
            return Task.Factory.StartNew(() => NextEvent(-1), CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        /// <summary>Windows: posts a message to a window whenever an event waits (shk_wake). There take events with
        /// NextEvent(0) until NONE.</summary>
        /// <param name="window">Such as Form.Handle; IntPtr.Zero ends it. A form that makes its handle anew calls this
        /// again in OnHandleCreated.</param>
        /// <param name="message">WM_APP (0x8000) or above.</param>
        public void WakeWindow(IntPtr window, int message)
        {
            // Only 32 bits of a window handle count, in 64-bit programs too.
            int target = window == IntPtr.Zero ? -1 : unchecked((int)window.ToInt64());
            Done(Native.shk_wake(handle, target, message), "shk_wake");
        }

        /// <summary>Linux: writes eight bytes into a descriptor whenever an event waits (shk_wake); -1 ends it.</summary>
        public void WakeDescriptor(int descriptor)
        {
            Done(Native.shk_wake(handle, descriptor, 0), "shk_wake");
        }

        /// <summary>A value as text (shk_text); null when it is absent now.</summary>
        /// <exception cref="ShikakuException">There is no such path, or the session is closed.</exception>
        public string Text(string path)
        {
            string text;
            int result = ReadText(handle, path, out text);
            Readable(result, "shk_text");
            return text;
        }

        /// <summary>A value as a number (shk_int); null (Nothing) when it is absent now.</summary>
        /// <exception cref="ShikakuException">There is no such path, it is no number, or the session is closed.</exception>
        public int? Number(string path)
        {
            byte[] p = Utf8(path);
            int value = 0;
            return Readable(Native.shk_int(handle, p, p.Length, ref value), "shk_int") ? value : (int?)null;
        }

        /// <summary>The length of a list (shk_count).</summary>
        /// <exception cref="ShikakuException">The path is no list, or the session is closed.</exception>
        public int Count(string path)
        {
            byte[] p = Utf8(path);
            int count = Native.shk_count(handle, p, p.Length);
            Readable(count, "shk_count");
            return Math.Max(count, 0);
        }

        /// <summary>A value as the bytes it is (shk_bytes), such as "delivery[1].document"; null when it is absent now.</summary>
        /// <exception cref="ShikakuException">There is no such path, or the session is closed.</exception>
        public byte[] Bytes(string path)
        {
            byte[] bytes;
            return Readable(Fill(Native.shk_bytes, handle, path, out bytes), "shk_bytes") ? bytes : null;
        }

        /// <summary>Wipes the values of the last job (shk_forget).</summary>
        public void Forget()
        {
            Done(Native.shk_forget(handle), "shk_forget");
        }

        /// <summary>One whole check in one blocking call (shk_check); the array is filled with zeros, whatever happens.</summary>
        /// <param name="pin">ASCII digits; null where the patient types on the reader, and for the routes "folder" and
        /// "app".</param>
        /// <param name="spendLastTry">True only after the person was told that a mistake blocks the card.</param>
        /// <param name="timeoutMs">For the whole call; negative: the configuration's own limits.</param>
        /// <returns>One of Outcomes.</returns>
        /// <exception cref="ShikakuException">No answer, or an answer whose document was not delivered: "outcome" and
        /// "record.*" are readable then.</exception>
        public int Check(byte[] pin, bool spendLastTry, int timeoutMs)
        {
            try
            {
                int length = pin == null ? 0 : pin.Length;
                return Done(Native.shk_check(handle, pin, length, spendLastTry ? 1 : 0, timeoutMs), "shk_check");
            }
            finally
            {
                Wipe(pin);
            }
        }

        /// <summary>The fault of the event taken last or of the call that failed last; null when there is none.</summary>
        public ShikakuException Fault()
        {
            return Fault("fault");
        }

        /// <summary>The fault at a path, such as "delivery[1].fault"; null when there is none.</summary>
        public ShikakuException Fault(string path)
        {
            int code = Number(path + ".code") ?? 0;
            ShikakuException fault = code == 0 ? null : Said(handle, path, code);
            GC.KeepAlive(this);
            return fault;
        }

        /// <summary>Fills an array with zeros.</summary>
        public static void Wipe(byte[] secret)
        {
            if (secret != null)
            {
                Array.Clear(secret, 0, secret.Length);
            }
        }

        private delegate int Reader(int session, byte[] path, int pathLength, byte[] room, int cap);

        private static byte[] Utf8(string text)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        private static int Fill(Reader read, int session, string path, out byte[] value)
        {
            byte[] p = Utf8(path), room = new byte[256];
            int length = read(session, p, p.Length, room, room.Length);
            while (length >= room.Length)
            {
                room = new byte[length + 1];
                length = read(session, p, p.Length, room, room.Length);
            }
            value = new byte[Math.Max(length, 0)];
            Array.Copy(room, value, value.Length);
            return length;
        }

        private static int ReadText(int session, string path, out string text)
        {
            byte[] bytes;
            int result = Fill(Native.shk_text, session, path, out bytes);
            text = result < 0 ? null : Encoding.UTF8.GetString(bytes);
            return result;
        }

        private static string Word(int session, string path)
        {
            string text;
            ReadText(session, path, out text);
            return text;
        }

        private static ShikakuException Said(int session, string path, int code)
        {
            byte[] p = Utf8(path + ".retry");
            int retry = Retries.NO;
            Native.shk_int(session, p, p.Length, ref retry);
            return new ShikakuException(code, Word(session, path + ".name") ?? Names.OfFault(code),
                Word(session, path + ".message"), Word(session, path + ".message_en"),
                Word(session, path + ".where"), retry);
        }

        // Reading calls leave fault.* as it is, and a closed session has none: then the name is all there is to say.
        private static ShikakuException Failure(int session, int code, string call)
        {
            byte[] p = Utf8("fault.code");
            int said = 0;
            if (Native.shk_int(session, p, p.Length, ref said) >= 0 && said == code)
            {
                return Said(session, "fault", code);
            }
            return Unsaid(code, call);
        }

        private static ShikakuException Unsaid(int code, string call)
        {
            string name = Names.OfFault(code);
            string words = call + ": " + name + " (" + code + ")";
            return new ShikakuException(code, name, words, words, null, Retries.NO);
        }

        private int Done(int result, string call)
        {
            ShikakuException failure = result < 0 ? Failure(handle, result, call) : null;
            GC.KeepAlive(this); // else the finalizer might close the session inside the call
            if (failure != null)
            {
                throw failure;
            }
            return result;
        }

        private bool Readable(int result, string call)
        {
            GC.KeepAlive(this);
            if (result < 0 && result != Faults.ABSENT)
            {
                throw Unsaid(result, call);
            }
            return result >= 0;
        }
    }

    // codes.h: begin
    /// <summary>Jobs for shk_start.</summary>
    public static class Jobs
    {
        /// <summary>SHK_JOB_CHECK</summary>
        public const int CHECK = 1;
        /// <summary>SHK_JOB_WATCH</summary>
        public const int WATCH = 2;
        /// <summary>SHK_JOB_READERS</summary>
        public const int READERS = 3;
        /// <summary>asks by the data of an insurance card: inputs query.*</summary>
        public const int QUERY = 4;
        /// <summary>reads an answer that the host has: inputs import.*</summary>
        public const int IMPORT = 5;
        /// <summary>asks again for a table of patients: inputs bulk.*</summary>
        public const int BULK = 6;
        /// <summary>registers the host's own patient number (照会番号): inputs query.*</summary>
        public const int REGISTER = 7;
        /// <summary>looks at, tests or signs packs: inputs pack.*</summary>
        public const int PACK = 8;
        /// <summary>maps answers without delivering: inputs import.*, map.*</summary>
        public const int MAP = 9;
        /// <summary>delivers what waits in the outbox: inputs outbox.*</summary>
        public const int DELIVER = 10;
        /// <summary>lists, verifies or exports the history: inputs history.*</summary>
        public const int HISTORY = 11;
        /// <summary>looks after the store: inputs store.*</summary>
        public const int STORE = 12;
        /// <summary>reads name, address, birth date and sex from a card, to register somebody new</summary>
        public const int PERSON = 13;
    }

    /// <summary>Events from shk_next_event. Behind each: the paths that belong to it.</summary>
    public static class EventKinds
    {
        /// <summary>SHK_EVENT_NONE</summary>
        public const int NONE = 0;
        /// <summary>put the card on the reader: card.reader when one is preferred</summary>
        public const int WAITING = 1;
        /// <summary>a card lies on the reader: card.reader</summary>
        public const int CARD = 2;
        /// <summary>answer with shk_answer_pin: pin.tries_left</summary>
        public const int PIN = 3;
        /// <summary>the question is on its way; the card may be taken away, better after it</summary>
        public const int ASKING = 4;
        /// <summary>the answer is readable: outcome, records, record.*</summary>
        public const int ANSWER = 5;
        /// <summary>one document more lies at the host: delivery.last, delivery[n].*</summary>
        public const int DELIVERED = 6;
        /// <summary>something failed: fault.*</summary>
        public const int FAULT = 7;
        /// <summary>the card left the reader</summary>
        public const int REMOVED = 8;
        /// <summary>the readers are listed, or have changed: readers.*, readers[n].*</summary>
        public const int READERS = 9;
        /// <summary>the check or the job is over: outcome, fault.*</summary>
        public const int DONE = 10;
        /// <summary>this person is finished, another one of the same input follows</summary>
        public const int NEXT = 11;
        /// <summary>a long job goes on: progress.*</summary>
        public const int PROGRESS = 12;
        /// <summary>give the passphrase of the device's key: shk_put "secret"</summary>
        public const int SECRET = 13;
        /// <summary>say whose answer this is: match.*, shk_put "match.answer"</summary>
        public const int MATCH = 14;
        /// <summary>what waits in the outbox has changed: outbox.*</summary>
        public const int OUTBOX = 15;
        /// <summary>staff should hear this, and the job goes on: notice.*</summary>
        public const int NOTICE = 16;
    }

    /// <summary>Outcome of a check, at the path "outcome". 0: no answer.</summary>
    public static class Outcomes
    {
        /// <summary>SHK_OUTCOME_NONE</summary>
        public const int NONE = 0;
        /// <summary>SHK_OUTCOME_ELIGIBLE</summary>
        public const int ELIGIBLE = 1;
        /// <summary>SHK_OUTCOME_NOT_ELIGIBLE</summary>
        public const int NOT_ELIGIBLE = 2;
        /// <summary>a record without a word on whether it is valid now</summary>
        public const int UNSTATED = 3;
    }

    /// <summary>Where a fault arose, at the path "fault.stage".</summary>
    public static class Stages
    {
        /// <summary>SHK_STAGE_API</summary>
        public const int API = 0;
        /// <summary>SHK_STAGE_CARD</summary>
        public const int CARD = 1;
        /// <summary>SHK_STAGE_IDENTITY</summary>
        public const int IDENTITY = 2;
        /// <summary>SHK_STAGE_LOOKUP</summary>
        public const int LOOKUP = 3;
        /// <summary>SHK_STAGE_RECORD</summary>
        public const int RECORD = 4;
        /// <summary>SHK_STAGE_MAPPING</summary>
        public const int MAPPING = 5;
        /// <summary>SHK_STAGE_HOST</summary>
        public const int HOST = 6;
        /// <summary>SHK_STAGE_STORE</summary>
        public const int STORE = 7;
    }

    /// <summary>What may help, at the path "fault.retry".</summary>
    public static class Retries
    {
        /// <summary>SHK_RETRY_NO</summary>
        public const int NO = 0;
        /// <summary>the same again may work</summary>
        public const int SAME = 1;
        /// <summary>after a person has done something</summary>
        public const int OPERATOR = 2;
    }

    /// <summary>What kind of number "fault.native" is, at the path "fault.native_kind".</summary>
    public static class NativeKinds
    {
        /// <summary>SHK_NATIVE_NONE</summary>
        public const int NONE = 0;
        /// <summary>SHK_NATIVE_PCSC</summary>
        public const int PCSC = 1;
        /// <summary>SHK_NATIVE_SW</summary>
        public const int SW = 2;
        /// <summary>SHK_NATIVE_CURL</summary>
        public const int CURL = 3;
        /// <summary>SHK_NATIVE_HTTP</summary>
        public const int HTTP = 4;
        /// <summary>SHK_NATIVE_TLS</summary>
        public const int TLS = 5;
        /// <summary>SHK_NATIVE_XML_LINE</summary>
        public const int XML_LINE = 6;
        /// <summary>SHK_NATIVE_LUA_LINE</summary>
        public const int LUA_LINE = 7;
        /// <summary>SHK_NATIVE_OS</summary>
        public const int OS = 8;
        /// <summary>SQLite's extended code; of a server the SQLSTATE, read in base 36</summary>
        public const int SQL = 9;
        /// <summary>the host program's own code</summary>
        public const int HOST = 10;
    }

    /// <summary>How sure it is whose answer this is, at the path "match.grade".</summary>
    public static class MatchGrades
    {
        /// <summary>SHK_MATCH_SAME</summary>
        public const int SAME = 1;
        /// <summary>the same person, the insurance changed</summary>
        public const int CHANGED = 2;
        /// <summary>SHK_MATCH_PROBABLY</summary>
        public const int PROBABLY = 3;
        /// <summary>SHK_MATCH_SEVERAL</summary>
        public const int SEVERAL = 4;
        /// <summary>SHK_MATCH_NEW</summary>
        public const int NEW = 5;
    }

    /// <summary>What is to be typed at SHK_EVENT_PIN, at the path "pin.kind".</summary>
    public static class PinKinds
    {
        /// <summary>利用者証明用: four digits</summary>
        public const int AUTH = 1;
        /// <summary>券面事項入力補助用: four digits</summary>
        public const int TEXT = 2;
        /// <summary>照合番号B: 14 digits from the card's face</summary>
        public const int CODE_B = 3;
    }

    /// <summary>What the card is, at the path "card.kind".</summary>
    public static class CardKinds
    {
        /// <summary>SHK_CARD_UNKNOWN</summary>
        public const int UNKNOWN = 0;
        /// <summary>SHK_CARD_MYNUMBER</summary>
        public const int MYNUMBER = 1;
        /// <summary>スマホ用電子証明書</summary>
        public const int ANDROID = 2;
        /// <summary>SHK_CARD_IPHONE</summary>
        public const int IPHONE = 3;
        /// <summary>住民基本台帳カード</summary>
        public const int JUKI = 4;
        /// <summary>SHK_CARD_OTHER</summary>
        public const int OTHER = 5;
    }

    /// <summary>What SHK_EVENT_NOTICE is about, at the path "notice".</summary>
    public static class Notices
    {
        /// <summary>the certificate ends soon: card.expires_on, card.days_left</summary>
        public const int EXPIRES = 1;
    }

    /// <summary>Levels of the log.</summary>
    public static class LogLevels
    {
        /// <summary>SHK_LOG_ERROR</summary>
        public const int ERROR = 1;
        /// <summary>SHK_LOG_WARN</summary>
        public const int WARN = 2;
        /// <summary>SHK_LOG_INFO</summary>
        public const int INFO = 3;
        /// <summary>SHK_LOG_DEBUG</summary>
        public const int DEBUG = 4;
    }

    /// <summary>Faults, banded by stage; the sentences are in docs/codes.md.</summary>
    public static class Faults
    {
        /// <summary>SHK_E_ARGUMENT</summary>
        public const int ARGUMENT = -1001;
        /// <summary>SHK_E_SESSION</summary>
        public const int SESSION = -1002;
        /// <summary>SHK_E_STATE</summary>
        public const int STATE = -1003;
        /// <summary>SHK_E_PATH</summary>
        public const int PATH = -1004;
        /// <summary>SHK_E_ABSENT</summary>
        public const int ABSENT = -1005;
        /// <summary>SHK_E_MEMORY</summary>
        public const int MEMORY = -1006;
        /// <summary>SHK_E_TYPE</summary>
        public const int TYPE = -1007;
        /// <summary>SHK_E_TOO_MANY</summary>
        public const int TOO_MANY = -1008;
        /// <summary>SHK_E_CONFIG_FILE</summary>
        public const int CONFIG_FILE = -1010;
        /// <summary>SHK_E_CONFIG_SYNTAX</summary>
        public const int CONFIG_SYNTAX = -1011;
        /// <summary>SHK_E_CONFIG_KEY</summary>
        public const int CONFIG_KEY = -1012;
        /// <summary>SHK_E_CONFIG_VALUE</summary>
        public const int CONFIG_VALUE = -1013;
        /// <summary>SHK_E_LOG_FILE</summary>
        public const int LOG_FILE = -1014;
        /// <summary>SHK_E_INPUT</summary>
        public const int INPUT = -1015;
        /// <summary>SHK_E_FILE_READ</summary>
        public const int FILE_READ = -1016;
        /// <summary>SHK_E_FILE_TOO_LARGE</summary>
        public const int FILE_TOO_LARGE = -1017;
        /// <summary>SHK_E_RESUME</summary>
        public const int RESUME = -1018;
        /// <summary>SHK_E_BULK_RUNNING</summary>
        public const int BULK_RUNNING = -1019;
        /// <summary>SHK_E_CANCELLED</summary>
        public const int CANCELLED = -1020;
        /// <summary>SHK_E_TIMEOUT</summary>
        public const int TIMEOUT = -1021;
        /// <summary>SHK_E_BULK_FOLDER</summary>
        public const int BULK_FOLDER = -1022;
        /// <summary>SHK_E_LIBRARY</summary>
        public const int LIBRARY = -1023;
        /// <summary>SHK_E_INTERNAL</summary>
        public const int INTERNAL = -1099;
        /// <summary>SHK_E_NO_PCSC</summary>
        public const int NO_PCSC = -1101;
        /// <summary>SHK_E_NO_SERVICE</summary>
        public const int NO_SERVICE = -1102;
        /// <summary>SHK_E_NO_READER</summary>
        public const int NO_READER = -1103;
        /// <summary>SHK_E_NO_CARD</summary>
        public const int NO_CARD = -1104;
        /// <summary>SHK_E_CARD_REMOVED</summary>
        public const int CARD_REMOVED = -1105;
        /// <summary>SHK_E_CARD_BUSY</summary>
        public const int CARD_BUSY = -1106;
        /// <summary>SHK_E_CARD_RESET</summary>
        public const int CARD_RESET = -1107;
        /// <summary>SHK_E_NOT_MYNUMBER</summary>
        public const int NOT_MYNUMBER = -1108;
        /// <summary>SHK_E_CARD_ANSWER</summary>
        public const int CARD_ANSWER = -1109;
        /// <summary>SHK_E_READER</summary>
        public const int READER = -1110;
        /// <summary>SHK_E_CARD_MUTE</summary>
        public const int CARD_MUTE = -1111;
        /// <summary>SHK_E_CARD_HANGS</summary>
        public const int CARD_HANGS = -1112;
        /// <summary>SHK_E_JUKI_CARD</summary>
        public const int JUKI_CARD = -1113;
        /// <summary>SHK_E_PHONE_REFUSED</summary>
        public const int PHONE_REFUSED = -1114;
        /// <summary>SHK_E_SEVERAL_CARDS</summary>
        public const int SEVERAL_CARDS = -1115;
        /// <summary>SHK_E_PIN_WRONG</summary>
        public const int PIN_WRONG = -1201;
        /// <summary>SHK_E_PIN_BLOCKED</summary>
        public const int PIN_BLOCKED = -1202;
        /// <summary>SHK_E_PIN_FORMAT</summary>
        public const int PIN_FORMAT = -1203;
        /// <summary>SHK_E_PIN_LAST_TRY</summary>
        public const int PIN_LAST_TRY = -1204;
        /// <summary>SHK_E_PIN_TIMEOUT</summary>
        public const int PIN_TIMEOUT = -1205;
        /// <summary>SHK_E_CERTIFICATE</summary>
        public const int CERTIFICATE = -1206;
        /// <summary>SHK_E_CERTIFICATE_EXPIRED</summary>
        public const int CERTIFICATE_EXPIRED = -1207;
        /// <summary>SHK_E_CERTIFICATE_NOT_YET</summary>
        public const int CERTIFICATE_NOT_YET = -1208;
        /// <summary>SHK_E_SIGNATURE</summary>
        public const int SIGNATURE = -1209;
        /// <summary>SHK_E_NO_CERTIFICATE</summary>
        public const int NO_CERTIFICATE = -1210;
        /// <summary>SHK_E_PIN_NONE</summary>
        public const int PIN_NONE = -1211;
        /// <summary>SHK_E_PIN_PAD</summary>
        public const int PIN_PAD = -1212;
        /// <summary>SHK_E_CODE_FORMAT</summary>
        public const int CODE_FORMAT = -1213;
        /// <summary>SHK_E_CODE_WRONG</summary>
        public const int CODE_WRONG = -1214;
        /// <summary>SHK_E_CODE_BLOCKED</summary>
        public const int CODE_BLOCKED = -1215;
        /// <summary>SHK_E_ATTRIBUTES</summary>
        public const int ATTRIBUTES = -1216;
        /// <summary>SHK_E_PIN_SAME</summary>
        public const int PIN_SAME = -1217;
        /// <summary>SHK_E_GATEWAY_UNREACHABLE</summary>
        public const int GATEWAY_UNREACHABLE = -1301;
        /// <summary>SHK_E_GATEWAY_UNTRUSTED</summary>
        public const int GATEWAY_UNTRUSTED = -1302;
        /// <summary>SHK_E_DEVICE_REFUSED</summary>
        public const int DEVICE_REFUSED = -1303;
        /// <summary>SHK_E_GATEWAY_TIMEOUT</summary>
        public const int GATEWAY_TIMEOUT = -1304;
        /// <summary>SHK_E_GATEWAY_ANSWER</summary>
        public const int GATEWAY_ANSWER = -1305;
        /// <summary>SHK_E_CHALLENGE_EXPIRED</summary>
        public const int CHALLENGE_EXPIRED = -1306;
        /// <summary>SHK_E_CHALLENGE_USED</summary>
        public const int CHALLENGE_USED = -1307;
        /// <summary>SHK_E_SIGNATURE_INVALID</summary>
        public const int SIGNATURE_INVALID = -1308;
        /// <summary>SHK_E_CARD_CERT_EXPIRED</summary>
        public const int CARD_CERT_EXPIRED = -1309;
        /// <summary>SHK_E_CARD_CERT_REVOKED</summary>
        public const int CARD_CERT_REVOKED = -1310;
        /// <summary>SHK_E_CARD_CERT_UNKNOWN</summary>
        public const int CARD_CERT_UNKNOWN = -1311;
        /// <summary>SHK_E_FACILITY_MISMATCH</summary>
        public const int FACILITY_MISMATCH = -1312;
        /// <summary>SHK_E_REQUEST_INVALID</summary>
        public const int REQUEST_INVALID = -1313;
        /// <summary>SHK_E_RATE_LIMITED</summary>
        public const int RATE_LIMITED = -1314;
        /// <summary>SHK_E_UPSTREAM_UNAVAILABLE</summary>
        public const int UPSTREAM_UNAVAILABLE = -1315;
        /// <summary>SHK_E_ANSWER_TOO_LARGE</summary>
        public const int ANSWER_TOO_LARGE = -1316;
        /// <summary>SHK_E_REQUEST_CONFLICT</summary>
        public const int REQUEST_CONFLICT = -1317;
        /// <summary>SHK_E_DEVICE_KEY</summary>
        public const int DEVICE_KEY = -1318;
        /// <summary>SHK_E_DEMO_ANSWER</summary>
        public const int DEMO_ANSWER = -1319;
        /// <summary>SHK_E_ANSWER_FOREIGN</summary>
        public const int ANSWER_FOREIGN = -1320;
        /// <summary>SHK_E_CLOCK</summary>
        public const int CLOCK = -1321;
        /// <summary>SHK_E_PASSPHRASE</summary>
        public const int PASSPHRASE = -1322;
        /// <summary>SHK_E_PROXY</summary>
        public const int PROXY = -1323;
        /// <summary>SHK_E_TERMINAL_FOLDER</summary>
        public const int TERMINAL_FOLDER = -1324;
        /// <summary>SHK_E_TERMINAL_TIMEOUT</summary>
        public const int TERMINAL_TIMEOUT = -1325;
        /// <summary>SHK_E_TERMINAL_REFUSED</summary>
        public const int TERMINAL_REFUSED = -1326;
        /// <summary>SHK_E_CHECK_DIGIT</summary>
        public const int CHECK_DIGIT = -1327;
        /// <summary>SHK_E_ROUTE_CANNOT</summary>
        public const int ROUTE_CANNOT = -1328;
        /// <summary>SHK_E_CLIPBOARD</summary>
        public const int CLIPBOARD = -1329;
        /// <summary>SHK_E_ARCHIVE</summary>
        public const int ARCHIVE = -1330;
        /// <summary>SHK_E_BULK_UNANSWERED</summary>
        public const int BULK_UNANSWERED = -1331;
        /// <summary>SHK_E_XML</summary>
        public const int XML = -1401;
        /// <summary>SHK_E_XML_ENCODING</summary>
        public const int XML_ENCODING = -1402;
        /// <summary>SHK_E_XML_FOREIGN</summary>
        public const int XML_FOREIGN = -1403;
        /// <summary>SHK_E_VALUE</summary>
        public const int VALUE = -1404;
        /// <summary>SHK_E_ANSWER_REFUSED</summary>
        public const int ANSWER_REFUSED = -1405;
        /// <summary>SHK_E_ANSWER_PENDING</summary>
        public const int ANSWER_PENDING = -1406;
        /// <summary>SHK_E_ANSWER_ERROR</summary>
        public const int ANSWER_ERROR = -1407;
        /// <summary>SHK_E_APP_TEXT</summary>
        public const int APP_TEXT = -1408;
        /// <summary>SHK_E_APP_INCOMPLETE</summary>
        public const int APP_INCOMPLETE = -1409;
        /// <summary>SHK_E_APP_CONTRADICTION</summary>
        public const int APP_CONTRADICTION = -1410;
        /// <summary>SHK_E_APP_VALUE</summary>
        public const int APP_VALUE = -1411;
        /// <summary>SHK_E_APP_UNREAD</summary>
        public const int APP_UNREAD = -1412;
        /// <summary>SHK_E_ANSWER_UNCLEAR</summary>
        public const int ANSWER_UNCLEAR = -1413;
        /// <summary>SHK_E_EMPTY</summary>
        public const int EMPTY = -1414;
        /// <summary>SHK_E_ANSWER_COUNT</summary>
        public const int ANSWER_COUNT = -1415;
        /// <summary>SHK_E_SCRIPT_FILE</summary>
        public const int SCRIPT_FILE = -1501;
        /// <summary>SHK_E_SCRIPT_SYNTAX</summary>
        public const int SCRIPT_SYNTAX = -1502;
        /// <summary>SHK_E_SCRIPT_CONTRACT</summary>
        public const int SCRIPT_CONTRACT = -1503;
        /// <summary>SHK_E_SCRIPT_RUN</summary>
        public const int SCRIPT_RUN = -1504;
        /// <summary>SHK_E_SCRIPT_BUDGET</summary>
        public const int SCRIPT_BUDGET = -1505;
        /// <summary>SHK_E_SCRIPT_MEMORY</summary>
        public const int SCRIPT_MEMORY = -1506;
        /// <summary>SHK_E_FIELD_REQUIRED</summary>
        public const int FIELD_REQUIRED = -1507;
        /// <summary>SHK_E_FIELD_TOO_LONG</summary>
        public const int FIELD_TOO_LONG = -1508;
        /// <summary>SHK_E_CHARACTER_LOST</summary>
        public const int CHARACTER_LOST = -1509;
        /// <summary>SHK_E_SCRIPT_CHECK</summary>
        public const int SCRIPT_CHECK = -1510;
        /// <summary>SHK_E_FILE_NAME</summary>
        public const int FILE_NAME = -1511;
        /// <summary>SHK_E_TABLE</summary>
        public const int TABLE = -1512;
        /// <summary>SHK_E_TABLE_EMPTY</summary>
        public const int TABLE_EMPTY = -1513;
        /// <summary>SHK_E_PACK</summary>
        public const int PACK = -1514;
        /// <summary>SHK_E_PACK_SAMPLE</summary>
        public const int PACK_SAMPLE = -1515;
        /// <summary>SHK_E_OVERLAY</summary>
        public const int OVERLAY = -1516;
        /// <summary>SHK_E_PACK_UNSIGNED</summary>
        public const int PACK_UNSIGNED = -1517;
        /// <summary>SHK_E_PACK_SIGNATURE</summary>
        public const int PACK_SIGNATURE = -1518;
        /// <summary>SHK_E_PACK_SOURCE</summary>
        public const int PACK_SOURCE = -1519;
        /// <summary>SHK_E_ADAPTER_UNKNOWN</summary>
        public const int ADAPTER_UNKNOWN = -1601;
        /// <summary>SHK_E_ADAPTER_SETTINGS</summary>
        public const int ADAPTER_SETTINGS = -1602;
        /// <summary>SHK_E_FOLDER_MISSING</summary>
        public const int FOLDER_MISSING = -1603;
        /// <summary>SHK_E_FOLDER_WRITE</summary>
        public const int FOLDER_WRITE = -1604;
        /// <summary>SHK_E_FOLDER_LOCKED</summary>
        public const int FOLDER_LOCKED = -1605;
        /// <summary>SHK_E_DISK_FULL</summary>
        public const int DISK_FULL = -1606;
        /// <summary>SHK_E_FILE_EXISTS</summary>
        public const int FILE_EXISTS = -1607;
        /// <summary>SHK_E_FILE_FOREIGN</summary>
        public const int FILE_FOREIGN = -1608;
        /// <summary>SHK_E_ADAPTER_BROKEN</summary>
        public const int ADAPTER_BROKEN = -1609;
        /// <summary>SHK_E_ADAPTER_TIMEOUT</summary>
        public const int ADAPTER_TIMEOUT = -1610;
        /// <summary>SHK_E_MODULE_FILE</summary>
        public const int MODULE_FILE = -1611;
        /// <summary>SHK_E_HOST_UNREACHABLE</summary>
        public const int HOST_UNREACHABLE = -1612;
        /// <summary>SHK_E_HOST_REFUSED</summary>
        public const int HOST_REFUSED = -1613;
        /// <summary>SHK_E_HOST_ANSWER</summary>
        public const int HOST_ANSWER = -1614;
        /// <summary>SHK_E_HOST_LOGIN</summary>
        public const int HOST_LOGIN = -1615;
        /// <summary>SHK_E_HOST_BUSY</summary>
        public const int HOST_BUSY = -1616;
        /// <summary>SHK_E_STATEMENT</summary>
        public const int STATEMENT = -1617;
        /// <summary>SHK_E_DRIVER</summary>
        public const int DRIVER = -1618;
        /// <summary>SHK_E_UNDECIDED</summary>
        public const int UNDECIDED = -1619;
        /// <summary>SHK_E_MATCH_ANSWER</summary>
        public const int MATCH_ANSWER = -1620;
        /// <summary>SHK_E_DELIVERY_UNSURE</summary>
        public const int DELIVERY_UNSURE = -1621;
        /// <summary>SHK_E_DELIVERY_TAKEN</summary>
        public const int DELIVERY_TAKEN = -1622;
        /// <summary>SHK_E_TARGET_GONE</summary>
        public const int TARGET_GONE = -1623;
        /// <summary>SHK_E_STORE_OPEN</summary>
        public const int STORE_OPEN = -1701;
        /// <summary>SHK_E_STORE_BROKEN</summary>
        public const int STORE_BROKEN = -1702;
        /// <summary>SHK_E_STORE_NEWER</summary>
        public const int STORE_NEWER = -1703;
        /// <summary>SHK_E_STORE_KEY</summary>
        public const int STORE_KEY = -1704;
        /// <summary>SHK_E_STORE_LOCKED</summary>
        public const int STORE_LOCKED = -1705;
        /// <summary>SHK_E_STORE_FULL</summary>
        public const int STORE_FULL = -1706;
        /// <summary>SHK_E_STORE_DOWN</summary>
        public const int STORE_DOWN = -1707;
        /// <summary>SHK_E_STORE_LOGIN</summary>
        public const int STORE_LOGIN = -1708;
        /// <summary>SHK_E_STORE_LIBRARY</summary>
        public const int STORE_LIBRARY = -1709;
        /// <summary>SHK_E_STORE_SEALED</summary>
        public const int STORE_SEALED = -1710;
        /// <summary>SHK_E_HISTORY_BROKEN</summary>
        public const int HISTORY_BROKEN = -1711;
        /// <summary>SHK_E_STORE_OFF</summary>
        public const int STORE_OFF = -1712;
        /// <summary>SHK_E_STORE_FAILED</summary>
        public const int STORE_FAILED = -1713;
    }
    // codes.h: end
}
