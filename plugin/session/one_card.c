#include "one_card.h"

#include "card_source.h"

/* Nothing is asked of a card that another program keeps, or that is mute: it may be anybody's. One that another
 * program was at is busy for digits from before that, however free it is when it is read again. */
static int32_t read_kind(struct session *s, const struct reader_state *reader) {
    struct identity_source source = {0};
    struct identity id = {0};
    struct fault unsaid = {0};
    if (reader->exclusive || reader->mute) {
        return SHK_E_CARD_HANGS;
    }
    int32_t rc = card_source_new(s, &source, &unsaid);
    if (rc == SHK_OK) {
        rc = source.ops->read(source.self, reader->name, &id, &unsaid);
        source.ops->finish(source.self);
        source.ops->free(source.self);
        rc = rc == SHK_OK && id.waited ? SHK_E_CARD_BUSY : rc;
    }
    identity_clear(&id);
    return rc;
}

int32_t one_card_settle(struct session *s, const struct reader_list *lying,
                        struct spent_cards *spent, struct fault *why) {
    struct reader_list foreign = {0};
    int32_t found = SHK_OK;
    size_t ours = 0;
    for (size_t i = 0; lying->n > 1 && i < lying->n && ours < 2 && !session_stopping(s); i++) {
        int32_t kind = read_kind(s, &lying->at[i]);
        if (kind == SHK_E_NOT_MYNUMBER) {
            foreign.at[foreign.n++] = lying->at[i];
        } else if (kind != SHK_E_JUKI_CARD) {
            found = kind;
            ours++;
        }
    }
    for (size_t i = 0; ours == 1 && i < foreign.n; i++) {
        spent_cards_add(spent, &foreign.at[i]);
    }
    if (ours > 1) {
        return fault_raise(why, SHK_E_SEVERAL_CARDS);
    }
    return found == SHK_E_CARD_BUSY ? fault_raise(why, found) : SHK_OK;
}
