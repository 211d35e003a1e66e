{ A reception desk in Pascal: reception CONFIG.

  Waits for a card, asks for the PIN, shows the answer and the document that was delivered.
  Exit code: 0 eligible, 1 not eligible, 2 usage, 3 anything else.

  Free Pascal: fpc -Mdelphi reception.pas. Delphi: dcc32 -CC reception.pas. }
program reception;

{$IFDEF FPC}
  {$MODE DELPHI}
  {$H+}
{$ELSE}
  {$APPTYPE CONSOLE}
{$ENDIF}

uses
{$IFDEF MSWINDOWS}
  Windows,
{$ELSE}
  TermIO,
{$ENDIF}
  SysUtils, Shikaku;

const
  EXIT_ELIGIBLE = 0;
  EXIT_NOT_ELIGIBLE = 1;
  EXIT_USAGE = 2;
  EXIT_OTHER = 3;

  { Written as numbers, so that this source reads the same whatever the compiler's code page is:
    "cannot be told", "eligible", "not eligible", "does not say whether it is valid". }
  OUTCOME_WORDS: array[0..3] of WideString = (
    #$78BA#$8A8D#$3067#$304D#$307E#$305B#$3093,
    #$8CC7#$683C#$3042#$308A,
    #$8CC7#$683C#$306A#$3057,
    #$6709#$52B9#$30FB#$7121#$52B9#$306E#$8A18#$8F09#$306A#$3057);
  { "PIN"; "A mistake more blocks the card. Stopped."; "Type the PIN on the reader." }
  PIN_WORD: WideString = #$6697#$8A3C#$756A#$53F7;
  LAST_TRY_WORDS: WideString =
    #$3042#$3068#$4E00#$56DE#$307E#$3061#$304C#$3048#$308B#$3068#$30ED#$30C3 +
    #$30AF#$3055#$308C#$307E#$3059#$3002#$4E2D#$6B62#$3057#$307E#$3059#$3002;
  PIN_PAD_WORDS: WideString =
    #$30EA#$30FC#$30C0#$30FC#$306E#$30AD#$30FC#$3067#$6697#$8A3C#$756A#$53F7 +
    #$3092#$5165#$529B#$3057#$3066#$304F#$3060#$3055#$3044#$3002;

  FIELDS: array[0..8] of PAnsiChar = ('record.name', 'record.name_kana', 'record.birth_date', 'record.sex',
    'record.insurer_number', 'record.symbol', 'record.number', 'record.branch_number', 'record.reference_number');

type
  TDesk = class
  private
    FInput, FOutput: file; { bytes as they are: no text buffer keeps a PIN, nothing is converted }
    FSession: TShikakuSession;
    procedure Print(const Line: UTF8String);
    procedure PrintValue(const Title, Path: UTF8String);
    procedure PrintFault(const Title: UTF8String);
    procedure PrintAnswer;
    procedure AnswerPin;
    procedure OnEvent(Event: Integer);
    function ReadLine(var Line: array of Byte): Integer;
  public
    constructor Create;
    function Check: Integer;
    function Run(const Config: UTF8String): Integer;
  end;

procedure Say(const Line: UTF8String);
var
  I: Integer;
begin
  for I := 1 to Length(Line) do
    Write(ErrOutput, Line[I]);
  Flush(ErrOutput);
end;

function Decimal(Value: Integer): UTF8String;
begin
  Result := ShkFromWide(WideString(IntToStr(Value)));
end;

{ Whether there was anything to hide: standard input is a terminal. }
{$IFDEF MSWINDOWS}
var
  ModeBefore: DWORD;

function HideTyping(Hide: Boolean): Boolean;
var
  Console: THandle;
begin
  Console := GetStdHandle(STD_INPUT_HANDLE);
  if Hide then
    Result := GetConsoleMode(Console, ModeBefore) and SetConsoleMode(Console, ModeBefore and not ENABLE_ECHO_INPUT)
  else
    Result := SetConsoleMode(Console, ModeBefore);
end;
{$ELSE}
var
  ModeBefore: TermIOS;

function HideTyping(Hide: Boolean): Boolean;
var
  Quiet: TermIOS;
begin
  if Hide then
  begin
    Result := TCGetAttr(0, ModeBefore) = 0;
    if Result then
    begin
      Quiet := ModeBefore;
      Quiet.c_lflag := Quiet.c_lflag and not (ECHO or ECHONL);
      Result := TCSetAttr(0, TCSAFLUSH, Quiet) = 0;
    end;
  end
  else
    Result := TCSetAttr(0, TCSAFLUSH, ModeBefore) = 0;
end;
{$ENDIF}

constructor TDesk.Create;
begin
  inherited Create;
  FileMode := 0;
  AssignFile(FInput, '');
  Reset(FInput, 1);
  AssignFile(FOutput, '');
  Rewrite(FOutput, 1);
end;

procedure TDesk.Print(const Line: UTF8String);
var
  Ended: UTF8String;
begin
  Ended := Line + #10;
  BlockWrite(FOutput, PAnsiChar(Ended)^, Length(Ended));
end;

{ "TITLE VALUE", with - for what is absent. }
procedure TDesk.PrintValue(const Title, Path: UTF8String);
begin
  Print(Title + ' ' + FSession.Text(Path, '-'));
end;

procedure TDesk.PrintFault(const Title: UTF8String);
begin
  Print(Title + ' ' + FSession.Text('fault.name', '-') + ' ' + Decimal(FSession.Number('fault.code')));
  PrintValue(' ', 'fault.message');
  PrintValue(' ', 'fault.message_en');
end;

{ One line of standard input, byte by byte; how many bytes it has. }
function TDesk.ReadLine(var Line: array of Byte): Integer;
var
  Given: Byte;
  Taken: Integer;
begin
  Result := 0;
  repeat
    BlockRead(FInput, Given, 1, Taken);
    if (Taken < 1) or (Given = 10) then
      Break;
    if (Given <> 13) and (Result < Length(Line)) then
    begin
      Line[Result] := Given;
      Inc(Result);
    end;
  until False;
  Given := 0;
end;

{ The person types, here or on the reader; a PIN that cannot be given ends the check. }
procedure TDesk.AnswerPin;
var
  Pin: array[0..15] of Byte;
  Digits: Integer;
  Terminal: Boolean;
begin
  if FSession.Number('pin.last_try') = 1 then
  begin
    Say(ShkFromWide(LAST_TRY_WORDS) + ' / One try is left; stopped.'#10);
    FSession.Cancel; { a real desk asks the person, and passes True for a yes }
    Exit;
  end;
  if FSession.Number('pin.pad') = 1 then
  begin
    Say(ShkFromWide(PIN_PAD_WORDS) + ' / Type the PIN on the reader.'#10);
    Exit;
  end;
  ShkWipe(Pin);
  Terminal := HideTyping(True);
  if Terminal then
    Say(ShkFromWide(PIN_WORD) + ' / PIN: ');
  Digits := ReadLine(Pin);
  if Terminal then
  begin
    HideTyping(False);
    Say(#10);
  end;
  try
    if Digits = 0 then
      FSession.Cancel
    else
      FSession.AnswerPin(Pin, Digits, False);
  except
    on EShikaku do
      FSession.Cancel; { a real desk shows MessageJa and asks again }
  end;
end;

procedure TDesk.OnEvent(Event: Integer);
var
  Title: UTF8String;
begin
  Title := 'event ' + ShkEventName(Event);
  case Event of
    SHK_EVENT_PIN:
      begin
        PrintValue(Title + ' tries_left', 'pin.tries_left');
        AnswerPin;
      end;
    SHK_EVENT_FAULT:
      PrintFault(Title);
  else
    Print(Title);
  end;
end;

function FileNameOf(const Path: UTF8String): UTF8String;
var
  I, Start: Integer;
begin
  Start := 1;
  for I := 1 to Length(Path) do
    if (Path[I] = '/') or (Path[I] = '\') then
      Start := I + 1;
  Result := Copy(Path, Start, Length(Path));
end;

procedure TDesk.PrintAnswer;
var
  I: Integer;
  Document: TShkBytes;
begin
  for I := Low(FIELDS) to High(FIELDS) do
    PrintValue(FIELDS[I], FIELDS[I]);
  Print('records ' + Decimal(FSession.Count('records')));
  if FSession.Count('delivery') > 0 then
  begin
    Print('delivery[1].file ' + FileNameOf(FSession.Text('delivery[1].file', '-')));
    Document := FSession.Bytes('delivery[1].document');
    if Document <> nil then
    begin
      Print('document ' + Decimal(Length(Document)));
      BlockWrite(FOutput, Document[0], Length(Document));
    end;
  end;
end;

{ One check, to its end; its outcome. }
function TDesk.Check: Integer;
var
  Event: Integer;
begin
  FSession.Start(SHK_JOB_CHECK);
  repeat
    Event := FSession.NextEvent;
    OnEvent(Event);
  until Event = SHK_EVENT_DONE;
  Result := FSession.Number('outcome');
  if (Result >= Low(OUTCOME_WORDS)) and (Result <= High(OUTCOME_WORDS)) then
    Print('outcome ' + Decimal(Result) + ' ' + ShkFromWide(OUTCOME_WORDS[Result]))
  else
    Print('outcome ' + Decimal(Result) + ' ?');
  if Result <> SHK_OUTCOME_NONE then
    PrintAnswer;
end;

procedure PrintError(Desk: TDesk; Error: EShikaku);
begin
  Desk.Print('fault ' + Error.FaultName + ' ' + Decimal(Error.Code));
  Desk.Print('  ' + Error.MessageJa);
  Desk.Print('  ' + ShkFromWide(WideString(Error.Message)));
end;

function TDesk.Run(const Config: UTF8String): Integer;
var
  Outcome: Integer;
begin
  Result := EXIT_OTHER;
  Print('abi ' + Decimal(shk_abi));
  try
    FSession := TShikakuSession.Create(Config);
    try
      try
        FSession.SetKey('no.such.key', '1');
      except
        on Error: EShikaku do
          PrintError(Self, Error); { a mistake on purpose, to show what a fault looks like }
      end;
      try
        Outcome := Check;
        if Outcome = SHK_OUTCOME_ELIGIBLE then
          Result := EXIT_ELIGIBLE
        else if Outcome = SHK_OUTCOME_NOT_ELIGIBLE then
          Result := EXIT_NOT_ELIGIBLE;
      except
        on Error: EShikaku do
          PrintError(Self, Error);
      end;
      Print('close ' + Decimal(FSession.Close));
      try
        FSession.Text('version');
      except
        on Error: EShikaku do
          Print('stale ' + Error.FaultName + ' ' + Decimal(Error.Code));
      end;
    finally
      FSession.Free;
    end;
  except
    on Error: EShikaku do
      PrintError(Self, Error); { the open failed }
  end;
end;

{ The first argument, in UTF-8. }
function ConfigPath: UTF8String;
{$IFNDEF MSWINDOWS}
var
  Given: string;
{$ENDIF}
begin
{$IFDEF UNICODE}
  Result := ShkFromWide(ParamStr(1));
{$ELSE}{$IFDEF MSWINDOWS}
  Result := ShkFromWide(WideString(ParamStr(1)));
{$ELSE}
  Given := ParamStr(1); { UTF-8 already: copied, as an assignment would convert }
  SetLength(Result, Length(Given));
  if Given <> '' then
    Move(Given[1], Result[1], Length(Given));
{$ENDIF}{$ENDIF}
end;

var
  Desk: TDesk;
begin
  if ParamCount <> 1 then
  begin
    Say('usage: reception CONFIG'#10);
    Halt(EXIT_USAGE);
  end;
  Desk := TDesk.Create;
  try
    ExitCode := Desk.Run(ConfigPath);
  finally
    Desk.Free;
  end;
end.
