return {
  pack = 1,
  id = "oqs-face",
  version = "1.0.0",
  name = "顔認証の形のXML",
  name_en = "Face XML of the eligibility service",
  vendor = "Shikaku",
  host = "faceフォルダーのXMLを取り込むソフト",
  host_versions = {},
  contract = 1,
  format = "face",
  encoding = "cp932",
  adapter = "folder",
  -- 関数が見る項目です。この形式（face）は、これとは別に、回答にあるものを全部書きます。
  -- What the functions see; the format itself writes all that the answer holds.
  uses = { "*" },
  notes = "回答にあるものを全部書きます。実際のソフトでは試していません。取り込むソフトごとに確かめてから使います。",
}
