      * A reception desk in COBOL: reception CONFIG.
      *
      * Waits for a card, asks for the PIN, shows the answer and the
      * document that was delivered. Exit code: 0 eligible, 1 not
      * eligible, 2 usage, 3 anything else.
      *
      * cobc -x -fixed reception.cob -lshikaku
       IDENTIFICATION DIVISION.
       PROGRAM-ID. RECEPTION.
       ENVIRONMENT DIVISION.
       CONFIGURATION SECTION.
       SPECIAL-NAMES.
      * Linked to the library; 74 on 32-bit Windows: stdcall too.
           CALL-CONVENTION 8 IS SHK-CALL.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY "shikaku.cpy".

       01  EXIT-CODE PIC S9(9) COMP-5 VALUE 3.
       01  LINE-TITLE PIC X(64) VALUE SPACES.
       01  EDITED PIC -(9)9.
       01  I PIC S9(9) COMP-5 VALUE 0.
       01  J PIC S9(9) COMP-5 VALUE 0.
       01  EVENT-NUMBER PIC S9(9) COMP-5 VALUE 0.
       01  OUTCOME PIC S9(9) COMP-5 VALUE 0.

       01  EVENT-NAMES.
           02  PIC X(36) VALUE "NONE     WAITING  CARD     PIN".
           02  PIC X(36) VALUE "ASKING   ANSWER   DELIVEREDFAULT".
           02  PIC X(36) VALUE "REMOVED  READERS  DONE     NEXT".
           02  PIC X(36) VALUE "PROGRESS SECRET   MATCH    OUTBOX".
           02  PIC X(9) VALUE "NOTICE".
       01  EVENT-TABLE REDEFINES EVENT-NAMES.
           02  EVENT-NAME PIC X(9) OCCURS 17.

      * In UTF-8, as numbers, so that this source reads the same
      * whatever the compiler's code page is. From 0 on: "cannot be
      * told", "eligible", "not eligible", "does not say whether it is
      * valid".
       01  OUTCOME-WORDS.
           02  PIC X(15) VALUE X"E7A2BAE8AA8DE381A7E3818DE381BE".
           02  PIC X(6) VALUE X"E3819BE38293".
           02  PIC X(9) VALUE SPACES.
           02  PIC X(12) VALUE X"E8B387E6A0BCE38182E3828A".
           02  PIC X(18) VALUE SPACES.
           02  PIC X(12) VALUE X"E8B387E6A0BCE381AAE38197".
           02  PIC X(18) VALUE SPACES.
           02  PIC X(15) VALUE X"E69C89E58AB9E383BBE784A1E58AB9".
           02  PIC X(15) VALUE X"E381AEE8A898E8BC89E381AAE38197".
       01  OUTCOME-TABLE REDEFINES OUTCOME-WORDS.
           02  OUTCOME-WORD PIC X(30) OCCURS 4.
      * "PIN"; "A mistake more blocks the card. Stopped."; "Type the
      * PIN on the reader."
       01  PIN-WORD.
           02  PIC X(12) VALUE X"E69A97E8A8BCE795AAE58FB7".
       01  LAST-TRY-WORDS.
           02  PIC X(15) VALUE X"E38182E381A8E4B880E59B9EE381BE".
           02  PIC X(15) VALUE X"E381A1E3818CE38188E3828BE381A8".
           02  PIC X(15) VALUE X"E383ADE38383E382AFE38195E3828C".
           02  PIC X(15) VALUE X"E381BEE38199E38082E4B8ADE6ADA2".
           02  PIC X(12) VALUE X"E38197E381BEE38199E38082".
       01  PIN-PAD-WORDS.
           02  PIC X(15) VALUE X"E383AAE383BCE38380E383BCE381AE".
           02  PIC X(15) VALUE X"E382ADE383BCE381A7E69A97E8A8BC".
           02  PIC X(15) VALUE X"E795AAE58FB7E38292E585A5E58A9B".
           02  PIC X(15) VALUE X"E38197E381A6E3818FE381A0E38195".
           02  PIC X(6) VALUE X"E38184E38082".

       01  FIELD-NAMES.
           02  PIC X(24) VALUE "record.name".
           02  PIC X(24) VALUE "record.name_kana".
           02  PIC X(24) VALUE "record.birth_date".
           02  PIC X(24) VALUE "record.sex".
           02  PIC X(24) VALUE "record.insurer_number".
           02  PIC X(24) VALUE "record.symbol".
           02  PIC X(24) VALUE "record.number".
           02  PIC X(24) VALUE "record.branch_number".
           02  PIC X(24) VALUE "record.reference_number".
       01  FIELD-TABLE REDEFINES FIELD-NAMES.
           02  FIELD-NAME PIC X(24) OCCURS 9.

       01  VALUE-SIZE PIC S9(9) COMP-5 VALUE 0.
       01  DOCUMENT PIC X(65536).
       01  DOCUMENT-CAP PIC S9(9) COMP-5 VALUE 65536.

      * For the calls of the C library: standard input byte by byte.
       01  C-RESULT PIC S9(9) COMP-5 VALUE 0.
       01  C-STDIN PIC S9(9) COMP-5 VALUE 0.
       01  C-ONE USAGE BINARY-C-LONG VALUE 1.
       01  C-NULL USAGE POINTER VALUE NULL.
       01  ONE-BYTE PIC X VALUE LOW-VALUE.
       01  IS-TERMINAL PIC S9(9) COMP-5 VALUE 0.

       PROCEDURE DIVISION.
       MAIN-PROGRAM.
           ACCEPT I FROM ARGUMENT-NUMBER
           IF I NOT = 1
               DISPLAY "usage: reception CONFIG" UPON SYSERR
               MOVE 2 TO RETURN-CODE
               STOP RUN
           END-IF
           ACCEPT SHK-CONFIG FROM ARGUMENT-VALUE
           CALL SHK-CALL "shk_abi" RETURNING SHK-RESULT
           MOVE SHK-RESULT TO EDITED
           DISPLAY "abi " FUNCTION TRIM(EDITED)
           IF SHK-RESULT = SHK-ABI
               PERFORM OPEN-AND-CHECK
           END-IF
           MOVE EXIT-CODE TO RETURN-CODE
           STOP RUN.

       OPEN-AND-CHECK.
           CALL SHK-CALL "shk_open" USING
               BY REFERENCE SHK-CONFIG
               BY VALUE SHK-CONFIG-LEN
               BY REFERENCE SHK-SESSION
               RETURNING SHK-RESULT
      *    Why an open failed is read with session 0, which
      *    SHK-SESSION is then.
           MOVE "fault" TO LINE-TITLE
           IF SHK-RESULT < 0
               PERFORM PRINT-FAULT
           ELSE
               PERFORM SET-ENCODING
               PERFORM SET-UNKNOWN-KEY
               PERFORM ONE-CHECK
               PERFORM CLOSE-SESSION
           END-IF.

      * Whatever the file says for other programs; "cp932" for a host
      * that speaks it.
       SET-ENCODING.
           MOVE "text_encoding" TO SHK-KEY
           MOVE "utf-8" TO SHK-VALUE
           PERFORM SET-KEY.

      * A mistake on purpose, to show what a fault looks like.
       SET-UNKNOWN-KEY.
           MOVE "no.such.key" TO SHK-KEY
           MOVE "1" TO SHK-VALUE
           PERFORM SET-KEY.

       SET-KEY.
           CALL SHK-CALL "shk_set" USING
               BY VALUE SHK-SESSION
               BY REFERENCE SHK-KEY
               BY VALUE SHK-KEY-LEN
               BY REFERENCE SHK-VALUE
               BY VALUE SHK-VALUE-LEN
               RETURNING SHK-RESULT
           IF SHK-RESULT < 0
               PERFORM PRINT-FAULT
           END-IF.

       ONE-CHECK.
           CALL SHK-CALL "shk_start" USING
               BY VALUE SHK-SESSION
               BY VALUE SHK-JOB-CHECK
               RETURNING SHK-RESULT
           IF SHK-RESULT < 0
               PERFORM PRINT-FAULT
           ELSE
               PERFORM TAKE-EVENTS
               PERFORM PRINT-OUTCOME
           END-IF.

       TAKE-EVENTS.
           MOVE SHK-EVENT-NONE TO EVENT-NUMBER
           PERFORM UNTIL EVENT-NUMBER = SHK-EVENT-DONE
               OR EVENT-NUMBER < 0
               CALL SHK-CALL "shk_next_event" USING
                   BY VALUE SHK-SESSION
                   BY VALUE SHK-TIMEOUT-MS
                   RETURNING EVENT-NUMBER
               IF EVENT-NUMBER NOT < 0
                   PERFORM ON-EVENT
               END-IF
           END-PERFORM.

       ON-EVENT.
           MOVE "event ?" TO LINE-TITLE
           IF EVENT-NUMBER < 17
               COMPUTE I = EVENT-NUMBER + 1
               MOVE SPACES TO LINE-TITLE
               STRING "event " EVENT-NAME (I) DELIMITED BY SIZE
                   INTO LINE-TITLE
           END-IF
           EVALUATE EVENT-NUMBER
               WHEN SHK-EVENT-PIN
                   MOVE "pin.tries_left" TO SHK-PATH
                   PERFORM READ-TEXT
                   DISPLAY FUNCTION TRIM(LINE-TITLE) " tries_left "
                       SHK-VALUE (1:VALUE-SIZE)
               WHEN SHK-EVENT-FAULT
                   PERFORM PRINT-FAULT
               WHEN OTHER
                   DISPLAY FUNCTION TRIM(LINE-TITLE)
           END-EVALUATE
           PERFORM FLUSH-OUTPUT
           IF EVENT-NUMBER = SHK-EVENT-PIN
               PERFORM ANSWER-PIN
           END-IF.

      * The person types, here or on the reader; a PIN that cannot be
      * given ends the check.
       ANSWER-PIN.
           MOVE "pin.last_try" TO SHK-PATH
           PERFORM READ-NUMBER
           IF SHK-NUMBER = 1
      *        A real desk asks the person, and passes 1 for a yes.
               DISPLAY LAST-TRY-WORDS " / One try is left; stopped."
                   UPON SYSERR
               PERFORM CANCEL-JOB
           ELSE
               MOVE "pin.pad" TO SHK-PATH
               PERFORM READ-NUMBER
               IF SHK-NUMBER = 1
                   DISPLAY PIN-PAD-WORDS
                       " / Type the PIN on the reader." UPON SYSERR
               ELSE
                   PERFORM ASK-AND-SEND-PIN
               END-IF
           END-IF.

       ASK-AND-SEND-PIN.
           CALL "isatty" USING BY VALUE C-STDIN RETURNING IS-TERMINAL
           IF IS-TERMINAL = 1
               DISPLAY PIN-WORD " / PIN: " UPON SYSERR
                   WITH NO ADVANCING
               CALL "SYSTEM" USING "stty -echo"
           END-IF
           PERFORM READ-PIN
           IF IS-TERMINAL = 1
               CALL "SYSTEM" USING "stty echo"
               DISPLAY " " UPON SYSERR
           END-IF
           MOVE SHK-E-PIN-FORMAT TO SHK-RESULT
           IF SHK-PIN-LEN > 0
               CALL SHK-CALL "shk_answer_pin" USING
                   BY VALUE SHK-SESSION
                   BY REFERENCE SHK-PIN
                   BY VALUE SHK-PIN-LEN
                   BY VALUE SHK-SPEND-LAST-TRY
                   RETURNING SHK-RESULT
           END-IF
           MOVE LOW-VALUES TO SHK-PIN
           IF SHK-RESULT < 0
      *        A real desk says fault.message and asks again.
               PERFORM CANCEL-JOB
           END-IF.

      * One line, past every buffer of the run-time system: ACCEPT
      * would leave a copy there.
       READ-PIN.
           MOVE LOW-VALUES TO SHK-PIN
           MOVE 0 TO SHK-PIN-LEN
           PERFORM READ-BYTE
           PERFORM UNTIL C-RESULT NOT = 1 OR ONE-BYTE = X"0A"
               IF SHK-PIN-LEN < 16 AND ONE-BYTE NOT = X"0D"
                   ADD 1 TO SHK-PIN-LEN
                   MOVE ONE-BYTE TO SHK-PIN (SHK-PIN-LEN:1)
               END-IF
               PERFORM READ-BYTE
           END-PERFORM
           MOVE LOW-VALUE TO ONE-BYTE.

       READ-BYTE.
           CALL "read" USING
               BY VALUE C-STDIN
               BY REFERENCE ONE-BYTE
               BY VALUE C-ONE
               RETURNING C-RESULT.

       CANCEL-JOB.
           CALL SHK-CALL "shk_cancel" USING
               BY VALUE SHK-SESSION
               RETURNING SHK-RESULT.

       PRINT-OUTCOME.
           MOVE "outcome" TO SHK-PATH
           PERFORM READ-NUMBER
           MOVE SHK-NUMBER TO OUTCOME
           MOVE OUTCOME TO EDITED
           IF OUTCOME NOT < 0 AND OUTCOME < 4
               COMPUTE I = OUTCOME + 1
               DISPLAY "outcome " FUNCTION TRIM(EDITED) " "
                   FUNCTION TRIM(OUTCOME-WORD (I))
           ELSE
               DISPLAY "outcome " FUNCTION TRIM(EDITED) " ?"
           END-IF
           IF OUTCOME = SHK-OUTCOME-ELIGIBLE
               MOVE 0 TO EXIT-CODE
           END-IF
           IF OUTCOME = SHK-OUTCOME-NOT-ELIGIBLE
               MOVE 1 TO EXIT-CODE
           END-IF
           IF OUTCOME NOT = SHK-OUTCOME-NONE
               PERFORM PRINT-ANSWER
           END-IF.

       PRINT-ANSWER.
           PERFORM VARYING J FROM 1 BY 1 UNTIL J > 9
               MOVE FIELD-NAME (J) TO SHK-PATH
               PERFORM READ-TEXT
               PERFORM PRINT-VALUE
           END-PERFORM
           MOVE "records" TO SHK-PATH
           PERFORM COUNT-LIST
           MOVE SHK-RESULT TO EDITED
           DISPLAY "records " FUNCTION TRIM(EDITED)
           MOVE "delivery" TO SHK-PATH
           PERFORM COUNT-LIST
           IF SHK-RESULT > 0
               PERFORM PRINT-DELIVERY
           END-IF.

       PRINT-DELIVERY.
           MOVE "delivery[1].file" TO SHK-PATH
           PERFORM READ-TEXT
      *    The name behind the last / or \ of the path.
           MOVE 1 TO J
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > VALUE-SIZE
               IF SHK-VALUE (I:1) = "/" OR SHK-VALUE (I:1) = "\"
                   COMPUTE J = I + 1
               END-IF
           END-PERFORM
           COMPUTE I = VALUE-SIZE - J + 1
           DISPLAY "delivery[1].file " SHK-VALUE (J:I)
           MOVE "delivery[1].document" TO SHK-PATH
           CALL SHK-CALL "shk_bytes" USING
               BY VALUE SHK-SESSION
               BY REFERENCE SHK-PATH
               BY VALUE SHK-PATH-LEN
               BY REFERENCE DOCUMENT
               BY VALUE DOCUMENT-CAP
               RETURNING SHK-RESULT
           IF SHK-RESULT > 0 AND SHK-RESULT NOT > DOCUMENT-CAP
               MOVE SHK-RESULT TO EDITED
               DISPLAY "document " FUNCTION TRIM(EDITED)
               DISPLAY DOCUMENT (1:SHK-RESULT) WITH NO ADVANCING
           END-IF.

      * LINE-TITLE, the fault's name and number; its two sentences.
       PRINT-FAULT.
           MOVE "fault.code" TO SHK-PATH
           PERFORM READ-NUMBER
           MOVE SHK-NUMBER TO EDITED
           MOVE "fault.name" TO SHK-PATH
           PERFORM READ-TEXT
           DISPLAY FUNCTION TRIM(LINE-TITLE) " "
               SHK-VALUE (1:VALUE-SIZE)
               " " FUNCTION TRIM(EDITED)
           MOVE "fault.message" TO SHK-PATH
           PERFORM READ-TEXT
           DISPLAY "  " SHK-VALUE (1:VALUE-SIZE)
           MOVE "fault.message_en" TO SHK-PATH
           PERFORM READ-TEXT
           DISPLAY "  " SHK-VALUE (1:VALUE-SIZE).

      * The path, a blank, its value.
       PRINT-VALUE.
           IF VALUE-SIZE > 0
               DISPLAY FUNCTION TRIM(SHK-PATH) " "
                   SHK-VALUE (1:VALUE-SIZE)
           ELSE
               DISPLAY FUNCTION TRIM(SHK-PATH) " "
           END-IF.

      * The value at SHK-PATH into SHK-VALUE (1:VALUE-SIZE), - when it
      * is absent.
       READ-TEXT.
           CALL SHK-CALL "shk_text" USING
               BY VALUE SHK-SESSION
               BY REFERENCE SHK-PATH
               BY VALUE SHK-PATH-LEN
               BY REFERENCE SHK-VALUE
               BY VALUE SHK-VALUE-CAP
               RETURNING SHK-RESULT
           MOVE SHK-RESULT TO VALUE-SIZE
           IF SHK-RESULT < 0
               MOVE "-" TO SHK-VALUE
               MOVE 1 TO VALUE-SIZE
           END-IF
      *    Longer than the field: what fits, up to the zero byte.
           IF SHK-RESULT NOT < SHK-VALUE-CAP
               MOVE 0 TO VALUE-SIZE
               INSPECT SHK-VALUE TALLYING VALUE-SIZE
                   FOR CHARACTERS BEFORE INITIAL X"00"
           END-IF.

      * The number at SHK-PATH into SHK-NUMBER, 0 when there is none.
       READ-NUMBER.
           MOVE 0 TO SHK-NUMBER
           CALL SHK-CALL "shk_int" USING
               BY VALUE SHK-SESSION
               BY REFERENCE SHK-PATH
               BY VALUE SHK-PATH-LEN
               BY REFERENCE SHK-NUMBER
               RETURNING SHK-RESULT.

       COUNT-LIST.
           CALL SHK-CALL "shk_count" USING
               BY VALUE SHK-SESSION
               BY REFERENCE SHK-PATH
               BY VALUE SHK-PATH-LEN
               RETURNING SHK-RESULT.

      * Each line is shown as it comes, also into a pipe.
       FLUSH-OUTPUT.
           CALL "fflush" USING BY VALUE C-NULL RETURNING C-RESULT.

       CLOSE-SESSION.
           CALL SHK-CALL "shk_close" USING
               BY VALUE SHK-SESSION
               RETURNING SHK-RESULT
           MOVE SHK-RESULT TO EDITED
           DISPLAY "close " FUNCTION TRIM(EDITED)
           MOVE "version" TO SHK-PATH
           PERFORM READ-TEXT
           MOVE SHK-RESULT TO EDITED
           IF SHK-RESULT = SHK-E-SESSION
               DISPLAY "stale SESSION " FUNCTION TRIM(EDITED)
           ELSE
               DISPLAY "stale ? " FUNCTION TRIM(EDITED)
           END-IF.
