# The targets of the network's side.
set(route_gateway_sources fuzz/http_steps.c fuzz/gateway_judge.c fake/http_fake.c)
set(http_curl_sources fuzz/http_wire.c fuzz/http_wire_poll.c)
