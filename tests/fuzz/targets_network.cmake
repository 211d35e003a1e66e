# The targets of the network's side.
set(route_gateway_sources fuzz/http_steps.c fuzz/gateway_judge.c fake/http_fake.c)
