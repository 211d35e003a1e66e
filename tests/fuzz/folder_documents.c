/* Documents of a terminal: right ones, and every near miss. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folder_world.h"

static void text_between(const char *document, const char *begin, char *out, size_t room) {
    const char *at = strstr(document, begin);
    at = at != NULL ? at + strlen(begin) : "<";
    text_copy_n(out, room, at, strcspn(at, "<"));
}

void folder_world_read(struct world_request *r, const char *document) {
    char number[16];
    text_between(document, "<ArbitraryFileIdentifier>", r->file_identifier,
                 sizeof r->file_identifier);
    text_between(document, "<InsuredIdentificationNumber>", number, sizeof number);
    r->person = number[0] != '\0' ? (int)strtol(number, NULL, 10) - 1000 : 0;
}

/* The bits of `how`: 1 another person's; 2 no institution, 4 another one; 8 no file identifier, 16 another
 * one; 32 no echo; 64 in work, 128 refused; 256 a reception number; 512 torn; 1024, 2048 the ending. */
static size_t write_answer(struct folder_world *w, const struct world_request *r, uint16_t how,
                           int person, char *out, size_t room) {
    char identifier[160] = "", echo[480] = "", institution[96] = "";
    if ((how & 2) == 0) {
        snprintf(institution, sizeof institution,
                 "<MedicalInstitutionCode>%s</MedicalInstitutionCode>",
                 (how & 4) != 0 ? "9918888888" : WORLD_INSTITUTION);
    }
    if ((how & 8) == 0 && r->file_identifier[0] != '\0') {
        const char *own = (how & 1) != 0 || (how & 16) != 0 ? "P9-000001" : r->file_identifier;
        snprintf(identifier, sizeof identifier,
                 "<ArbitraryFileIdentifier>%s</ArbitraryFileIdentifier>", own);
    }
    if ((how & 32) == 0) {
        snprintf(echo, sizeof echo,
                 "<QualificationConfirmSearchInfo><InsurerNumber>06990014</InsurerNumber>"
                 "<InsuredCardSymbol>77</InsuredCardSymbol><InsuredIdentificationNumber>%d"
                 "</InsuredIdentificationNumber><InsuredBranchNumber>01</InsuredBranchNumber>"
                 "<Birthdate>1985031%d</Birthdate></QualificationConfirmSearchInfo>",
                 1000 + person, person % 10);
    }
    int n = snprintf(
        out, room,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>%s%s"
        "<SegmentOfResult>%d</SegmentOfResult>%s</MessageHeader><MessageBody>"
        "<ProcessingResultStatus>%d</ProcessingResultStatus>%s<!-- %u --></MessageBody></XmlMsg>",
        institution, identifier, (how & 64) != 0 ? 2 : 1,
        (how & 256) != 0 ? "<ReceptionNumber>R0001</ReceptionNumber>" : "",
        (how & 128) != 0 ? 2 : 1, echo, (unsigned)++w->serial);
    return (how & 512) != 0 ? (size_t)n - 30 : (size_t)n;
}

void folder_world_answer(struct folder_world *w, struct world_request *r, uint16_t how) {
    static const char *const endings[] = {"res_%s.xml", "res_%s.XML", "res_%s.err", "req_%s.err"};
    char document[1400], name[96], path[160];
    /* Without identifier and echo it names nobody: its file's name alone says whose it is. */
    bool names_nobody = (how & 8) != 0 && (how & 32) != 0;
    int person = (how & 1) != 0 && !names_nobody ? r->person + 1 : r->person;
    size_t n = write_answer(w, r, how, person, document, sizeof document);
    const char *ending = endings[how >> 10 & 3];
    snprintf(name, sizeof name, "%.*s%s%s", 4, ending, r->id, ending + 6);
    snprintf(path, sizeof path, WORLD_RES "/OQS%s%s", r->message, name);
    r->answered = true;
    folder_world_lay(w, path, document, n, person);
}
