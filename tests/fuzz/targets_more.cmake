# What other programs lay: the terminal's folders, a server of databases, packs. Where the product sleeps, time passes
# at once.
set(folder_world fuzz/folder_world.c fuzz/folder_events.c fuzz/folder_documents.c fake/files_fake.c fake/clock_fake.c)
add_library(fuzz_folder_world INTERFACE)
target_link_options(fuzz_folder_world INTERFACE -Wl,--wrap=thread_sleep -Wl,--wrap=oqs_sax_new)
set(folder_route_sources ${folder_world})
set(folder_route_libraries fuzz_folder_world)
set(folder_face_sources ${folder_world})
set(folder_face_libraries fuzz_folder_world)

# Its declarations alone.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PQ REQUIRED libpq)
include_directories(SYSTEM ${PQ_INCLUDE_DIRS})
set(pq_value_sources fuzz/pq_world.c fuzz/pq_answers.c)
add_library(fuzz_pq_world INTERFACE)
target_link_options(fuzz_pq_world INTERFACE -Wl,--wrap=pq_find -Wl,--wrap=clock_gettime -Wl,--wrap=condition_wait)
set(pq_value_libraries fuzz_pq_world)

set(pack_sources fake/files_fake.c fake/clock_fake.c fake/pack_keys.c)
