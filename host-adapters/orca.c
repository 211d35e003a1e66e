/* 日医標準レセプトソフト（日レセ、ORCA） over its XML interface. */
#include <stdlib.h>
#include <string.h>

#include "orca_deliver.h"
#include "orca_find.h"
#include "registry.h"

#define SERVICES_LAST stopping

static int services_usable(const shk_services *sv) {
    return sv != NULL && sv->abi == SHK_ADAPTER_ABI &&
           sv->struct_size >= offsetof(shk_services, SERVICES_LAST) + sizeof sv->SERVICES_LAST;
}

static int32_t connect(shk_host *h) {
    const struct orca_settings *s = &h->set;
    const shk_http_settings http = {.struct_size = sizeof http,
                                    .abi = SHK_ADAPTER_ABI,
                                    .url = s->url,
                                    .plain = strncmp(s->url, "http://", 7) == 0,
                                    .connect_ms = s->timeout_ms,
                                    .ca_file = s->ca_file,
                                    .client_cert = s->client_cert,
                                    .client_key = s->client_key,
                                    .client_secret = s->client_secret,
                                    .user = s->user,
                                    .password = s->password};
    int32_t rc = h->sv->http_open(h->sv->self, &http, &h->http);
    return rc == SHK_OK ? rc : orca_fail(h, rc, "url");
}

static void forget(shk_host **h) {
    orca_wipe(*h, sizeof **h);
    free(*h);
    *h = NULL;
}

static int32_t SHK_CALL orca_open(const shk_services *sv, const shk_setting *settings,
                                  uint32_t settings_n, shk_host **out) {
    *out = NULL;
    if (!services_usable(sv)) {
        return SHK_E_ADAPTER_BROKEN;
    }
    shk_host *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return sv->fail(sv->self, SHK_E_MEMORY, 0, "orca");
    }
    h->sv = sv;
    const char *bad = orca_settings_read(&h->set, settings, settings_n);
    int32_t rc = bad == NULL ? connect(h) : orca_fail(h, SHK_E_ADAPTER_SETTINGS, bad);
    if (rc != SHK_OK) {
        forget(&h);
        return rc;
    }
    orca_wipe(h->set.password, sizeof h->set.password);
    orca_wipe(h->set.client_secret, sizeof h->set.client_secret);
    *out = h;
    return SHK_OK;
}

static void SHK_CALL orca_close(shk_host **h) {
    if (h != NULL && *h != NULL) {
        (*h)->sv->http_close((*h)->sv->self, (*h)->http);
        forget(h);
    }
}

const shk_adapter adapter_orca = {
    .struct_size = sizeof adapter_orca,
    .abi = SHK_ADAPTER_ABI,
    .id = "orca/1",
    .open = orca_open,
    .deliver = orca_deliver,
    .close = orca_close,
    .find_patients = orca_find_patients,
};
