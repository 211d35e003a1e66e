/* The XML of ORCA ("xml2"): reading answers and documents, writing requests. */
#ifndef HOST_ADAPTERS_ORCA_XML_H
#define HOST_ADAPTERS_ORCA_XML_H

#include <stddef.h>
#include <stdint.h>

#define ORCA_ANSWER_MAX  4194304u /* bytes of one answer */
#define ORCA_REQUEST_MAX 1048576u

struct orca_xml;                    /* one document that was read */
typedef struct orca_node orca_node; /* an element of it; borrowed */

/* Reads a whole document. No network, no document type, no entities of its own. *out is freed with
 * orca_xml_free. SHK_E_HOST_ANSWER what is no such document, SHK_E_MEMORY. */
int32_t orca_xml_read(const uint8_t *p, uint32_t n, struct orca_xml **out);
void orca_xml_free(struct orca_xml **xml); /* its texts are wiped */
const orca_node *orca_xml_root(const struct orca_xml *xml);

/* Elements only; null stays null. */
const orca_node *orca_first(const orca_node *node);
const orca_node *orca_next(const orca_node *node);
/* The first element below `node` at a path such as "Patient_Information/Patient_ID". */
const orca_node *orca_find(const orca_node *node, const char *path);
/* 1 when there is any text below it. */
int orca_has_text(const orca_node *node);
/* Copies the text at a path without the blanks around it; path "" the node's own. Absent gives "".
 * 1; 0 when it does not fit: out is "" then. */
int orca_value(const orca_node *node, const char *path, char *out, size_t cap);
int orca_is(const orca_node *node, const char *name);

/* A request that grows. Once something failed all further calls do nothing. */
struct orca_out {
    char *p; /* terminated; null while empty */
    size_t n, cap;
    int failed;
};
void orca_out_clear(struct orca_out *out);                                    /* wiped and freed */
void orca_put_open(struct orca_out *out, const char *name, const char *type); /* type may be null */
void orca_put_close(struct orca_out *out, const char *name);
void orca_put(struct orca_out *out, const char *name, const char *value); /* "" writes nothing */
/* The element with all below it; members without content, which ORCA pads its lists with, are left
 * out. Null writes nothing. */
void orca_put_copy(struct orca_out *out, const orca_node *node);

#endif
