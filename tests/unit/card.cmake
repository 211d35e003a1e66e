# The card, from PC/SC to the signature.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)

shk_unit(tlv)
shk_unit(crypto)
shk_unit(pcsc_table)
shk_unit(card SOURCES ${fake}/card_script.c)

# A PC/SC library of our own, loaded at run time like the real one.
add_library(card_pcsc_library MODULE ${fake}/card_pcsc_library.c)
target_include_directories(card_pcsc_library SYSTEM PRIVATE ${PCSC_INCLUDE_DIRS})
target_include_directories(card_pcsc_library PRIVATE ${fake})
target_compile_options(card_pcsc_library PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
target_compile_definitions(card_pcsc_library PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(card_pcsc_library PRIVATE Threads::Threads)
foreach(part pcsc pcsc_limits pcsc_traits pcsc_pad)
  shk_unit(${part} OWN ${fake}/pcsc_case.c)
  target_compile_definitions(test_${part} PRIVATE PCSC_LIBRARY="$<TARGET_FILE:card_pcsc_library>")
  add_dependencies(test_${part} card_pcsc_library)
  shk_threads(${part})
endforeach()

shk_unit(demo_card)
foreach(part mynumber card_accidents)
  shk_unit(${part} SOURCES ${fake}/card_case.c ${fake}/card_script.c ${fake}/card_virtual.c LINK virtual_card)
  set_tests_properties(unit.${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()

# Its file has the name of the real client library, which is how it is known.
add_library(card_client_library MODULE ${fake}/card_pcsc_library.c)
set_target_properties(card_client_library PROPERTIES OUTPUT_NAME pcsclite_test)
target_include_directories(card_client_library SYSTEM PRIVATE ${PCSC_INCLUDE_DIRS})
target_include_directories(card_client_library PRIVATE ${fake})
target_compile_definitions(card_client_library PRIVATE _POSIX_C_SOURCE=200809L)
add_executable(card_user ${fake}/card_user.c)
target_link_libraries(card_user PRIVATE shikaku_flags shikaku_inside)
shk_unit(card_users)
target_compile_definitions(test_card_users PRIVATE CLIENT_LIBRARY="$<TARGET_FILE:card_client_library>"
  CARD_USER="$<TARGET_FILE:card_user>")
add_dependencies(test_card_users card_client_library card_user)


shk_unit(card_virtual SOURCES ${fake}/card_virtual.c LINK virtual_card)
set_tests_properties(unit.card_virtual PROPERTIES FIXTURES_REQUIRED virtual_card_sample
  ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")

# The same exchanges over a certificate of exactly 1,500 bytes.
add_test(NAME unit.virtual_card.card_1500
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/virtual-card/personalise.sh ${CMAKE_CURRENT_BINARY_DIR}/card-1500
          --certificate-bytes 1500)
set_tests_properties(unit.virtual_card.card_1500 PROPERTIES FIXTURES_SETUP virtual_card_1500)
shk_unit(plan_counts SOURCES ${fake}/card_case.c ${fake}/card_virtual.c LINK virtual_card)
set_tests_properties(unit.plan_counts PROPERTIES FIXTURES_REQUIRED virtual_card_1500
  ENVIRONMENT "CARD_PROFILE=${CMAKE_CURRENT_BINARY_DIR}/card-1500/card.profile")
