# The card's side. The cards and keys of tests/fuzz/card are made once, so that an input means the same everywhere.
set(apdu_sources fuzz/card_watch.c fuzz/card_rules.c fuzz/card_answers.c fuzz/card_switch.c fuzz/card_judge.c
  fuzz/card_world.c fake/card_virtual.c)
set(apdu_libraries virtual_card)
