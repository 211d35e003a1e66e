-- An element closed by a value stays text => SHK_OK <?xml version="1.0" encoding="UTF-8"?>@<1:\x0A><R>@<1:\x0A>  <A>&lt;/R&gt;&lt;evil/&gt;]]&gt;&amp;amp;</A>@<1:\x0A></R>
return { contract = 1, id = "t", format = "xml", encoding = "utf-8", file = "a.xml", root = "R",
  fields = { { to = "A", value = "</R><evil/>]]>&amp;" } } }
