/*
 * The account's memory of correspondents: which keys a mail asks for, and which it adds to.
 *
 * "from:ADDRESS", "domain:REGISTRABLE-DOMAIN" and "pair:RECIPIENT|ADDRESS" stand for senders whose name was
 * proved. What merely claims a name adds to "claimed:ADDRESS" only, so that nobody can spoil or borrow the
 * reputation of another.
 *
 * What the account itself sent, as far as it is seen here and proves to be its own, adds to "wrote:ADDRESS",
 * "wrote-domain:REGISTRABLE-DOMAIN", "sends:REGISTRABLE-DOMAIN" and "sent:MESSAGE-ID"; mail by a list that is proved to be one, to "list:LIST-ID";
 * newsletters and sign-ups of senders new to a reader, whoever they are, to "signup:RECIPIENT|HOUR"; and the first mail of
 * each sender who is new to the account, with a text, to "wave:TEXT|HOUR" and "wave:TEXT|HOUR|SENDER".
 */
#ifndef SCAN_MEMORY_H
#define SCAN_MEMORY_H

#include "auth/asks.h"
#include "detect/detect.h"

void memory_asks(const struct scan *s, struct ask_list *list);
/* Reads the answers into scan->past. */
void memory_read(struct scan *s);
/* Keys this mail adds to, at most LIMIT_ASK_KEYS. */
struct strs memory_keys(const struct scan *s);

#endif
