#include "lookup.h"

bool watch_stopped(const struct watch *watch) {
    return watch != NULL && watch->stop != NULL && watch->stop(watch->self);
}

void route_settle(const struct lookup_route *route, bool used) {
    if (route->ops->settle != NULL) {
        route->ops->settle(route->self, used);
    }
}
