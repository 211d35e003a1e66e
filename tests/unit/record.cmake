# The record, the answer's XML and the character code.
shk_unit(charset)
shk_unit(record)
shk_unit(oqs_xml)
shk_unit(oqs_values)
shk_unit(oqs_hostile)

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME contract.fields
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/contract/fields_doc.py --check)
