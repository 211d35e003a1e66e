{ What the Pascal binding does beyond the reception desk: Binding FOLDER, with demo.lua and answer.xml in it.
  Ends with 0 when every case holds; else names the first that does not. }
program Binding;

{$MODE DELPHI}
{$H+}

uses
  SysUtils, Shikaku;

var
  Folder: UTF8String;
  Answer: TShkBytes;

procedure Holds(Condition: Boolean; const What: string);
begin
  if not Condition then
    raise Exception.Create(What);
end;

procedure Refused(Error: EShikaku; Code: Integer);
begin
  Holds(Error.Code = Code, IntToStr(Code) + ' expected, not ' + IntToStr(Error.Code));
end;

function Opened: TShikakuSession;
begin
  Result := TShikakuSession.Create(Folder + '/demo.lua');
end;

procedure UntilEvent(Session: TShikakuSession; Wanted: Integer);
var
  Event: Integer;
begin
  repeat
    Event := Session.NextEvent(20000);
    Holds(Event <> SHK_EVENT_NONE, 'no event within 20 s');
  until (Event = Wanted) or (Event = SHK_EVENT_DONE);
  Holds(Event = Wanted, 'DONE before the event');
end;

procedure Fill(var Pin: array of Byte; const Digits: UTF8String);
var
  I: Integer;
begin
  ShkWipe(Pin);
  for I := 1 to Length(Digits) do
    Pin[I - 1] := Ord(Digits[I]);
end;

function Wiped(const Pin: array of Byte): Boolean;
var
  I: Integer;
begin
  Result := True;
  for I := Low(Pin) to High(Pin) do
    Result := Result and (Pin[I] = 0);
end;

procedure FaultsAreExceptions;
var
  Session: TShikakuSession;
begin
  try
    TShikakuSession.Create(Folder + '/demo.lua.missing').Free;
    Holds(False, 'a missing file');
  except
    on Error: EShikaku do
    begin
      Refused(Error, SHK_E_CONFIG_FILE);
      Holds((Error.FaultName = 'CONFIG_FILE') and (Error.MessageJa <> ''), 'words of a failed open');
    end;
  end;
  Session := Opened;
  try
    Session.SetKey('card_timeout_ms', 'soon');
    Holds(False, 'a wrong value');
  except
    on Error: EShikaku do
    begin
      Refused(Error, SHK_E_CONFIG_VALUE);
      Holds((Error.Where = 'card_timeout_ms') and (Error.Message[Length(Error.Message)] = '.'), 'where');
    end;
  end;
  Session.Free;
end;

procedure ValuesAreReadByKind;
var
  Session: TShikakuSession;
  Value: UTF8String;
begin
  Session := Opened;
  Holds((Session.Text('record.name', 'none') = 'none') and (Session.Number('pin.tries_left', -7) = -7), 'absent');
  Holds(not Session.TryText('record.name', Value) and (Session.Bytes('delivery[1].document') = nil), 'absent');
  try
    Session.Text('no.such.path');
    Holds(False, 'a wrong path');
  except
    on Error: EShikaku do
      Refused(Error, SHK_E_PATH);
  end;
  Session.PutBytes('import.data', Answer);
  Session.Start(SHK_JOB_IMPORT);
  UntilEvent(Session, SHK_EVENT_DONE);
  { The name in UTF-8, although the file says cp932. }
  Holds(Session.Text('record.name') = ShkFromWide(#$898B#$672C#$3000#$592A#$90CE), 'the name');
  Holds((Session.Number('outcome') = SHK_OUTCOME_ELIGIBLE) and (Session.Count('records') = 1), 'the answer');
  Value := Session.Text('delivery[1].document_text');
  Holds((Length(Value) > 64) and (Length(Session.Bytes('delivery[1].document')) = Length(Value)), 'beyond the first room');
  Session.Forget;
  Holds(Session.Text('record.name', 'gone') = 'gone', 'forgotten');
  Holds((Session.Close = 0) and (Session.Close = SHK_E_SESSION), 'closed once');
  Session.Free;
end;

procedure PinsAreWiped;
var
  Session: TShikakuSession;
  Pin: array[0..7] of Byte;
begin
  Session := Opened;
  Fill(Pin, '1234');
  try
    Session.AnswerPin(Pin, 4, False);
    Holds(False, 'nobody asked');
  except
    on Error: EShikaku do
      Refused(Error, SHK_E_STATE);
  end;
  Holds(Wiped(Pin), 'a PIN that nobody asked for is left');
  Fill(Pin, '1234');
  try
    Session.Check(Pin, 9, False, 20000);
    Holds(False, 'more digits than the array has');
  except
    on Error: EShikaku do
      Refused(Error, SHK_E_ARGUMENT);
  end;
  Holds(Wiped(Pin), 'a PIN of a wrong length is left');
  Session.Start(SHK_JOB_CHECK);
  UntilEvent(Session, SHK_EVENT_PIN);
  Fill(Pin, '12345678');
  Session.AnswerPin(Pin, 4, False);
  Holds(Wiped(Pin), 'a PIN is left');
  UntilEvent(Session, SHK_EVENT_DONE);
  Holds(Session.Number('outcome') = SHK_OUTCOME_ELIGIBLE, 'the length counts, not the array');
  Session.Free;
end;

procedure ReadAnswer;
var
  From: file;
begin
  AssignFile(From, string(Folder) + '/answer.xml');
  Reset(From, 1);
  SetLength(Answer, FileSize(From));
  BlockRead(From, Answer[0], Length(Answer));
  CloseFile(From);
end;

begin
  Folder := ShkFromWide(WideString(ParamStr(1)));
  try
    ReadAnswer;
    FaultsAreExceptions;
    ValuesAreReadByKind;
    PinsAreWiped;
  except
    on Error: Exception do
    begin
      WriteLn(ErrOutput, Error.Message);
      Halt(1);
    end;
  end;
end.
