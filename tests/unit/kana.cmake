# Half and full width, on their own.
shk_unit(kana)
