set(outbox_sources fuzz/outbox_world.c fake/files_fake.c fake/clock_fake.c)
