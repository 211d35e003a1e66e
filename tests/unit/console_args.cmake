set(console ${PROJECT_SOURCE_DIR}/examples/console)
set(console_words ${console}/args.c ${console}/args_commands.c ${console}/args_options.c ${console}/usage.c
  ${console}/usage_more.c ${console}/usage_map.c ${console}/usage_pack.c ${console}/usage_outbox.c ${console}/usage_history.c
  ${console}/usage_store.c ${console}/utf8.c
  ${console}/usage_person.c)
shk_unit(console_args SOURCES ${console_words} ${console}/dates.c)
shk_unit(console_diff SOURCES ${console}/diff.c ${console}/diff_lines.c ${console}/rows.c ${console}/charset_posix.c
  ${console}/console_posix.c ${console}/input_line.c)
shk_unit(console_pack SOURCES ${console_words} ${console}/pack_values.c ${console}/pack_made.c ${console}/pack_show.c
  ${console}/pack_json.c ${console}/table.c ${console}/json.c ${console}/out.c ${console}/values.c ${console}/report.c
  ${console}/delivered.c ${console}/failure.c ${console}/console_posix.c ${console}/input_line.c)
shk_unit(console_folder SOURCES ${console}/map_folder.c ${console}/map_out.c ${console}/map_file.c ${console}/diff_map.c
  ${console}/diff_show.c ${console}/diff.c ${console}/diff_lines.c ${console}/rows.c ${console}/json.c
  ${console}/charset_posix.c ${console}/aside_posix.c ${console}/out.c ${console}/utf8.c ${console}/values.c
  ${console}/failure.c ${console}/console_posix.c ${console}/input_line.c)
foreach(name args diff folder pack)
  target_include_directories(test_console_${name} PRIVATE ${console})
endforeach()
