/* Order. */
#include "mailbox/items.h"

void items_oldest_first(struct mail_items *items, int64_t since_us)
{
	size_t n = 0;

	for (size_t i = 0; i < items->n; i++) {
		struct mail_item it = items->v[i];
		size_t at = n;
		if (it.marks.received_us && it.marks.received_us < since_us)
			continue;
		for (; at > 0 && items->v[at - 1].marks.received_us > it.marks.received_us; at--)
			items->v[at] = items->v[at - 1];
		items->v[at] = it;
		n++;
	}
	items->n = n;
}

void items_folder_first(struct arena *a, struct mail_items *items, struct str folder)
{
	struct mail_items sorted = { 0 };

	for (int other = 0; other < 2; other++)
		for (size_t i = 0; i < items->n; i++)
			if (str_eq(items->v[i].place.folder, folder) != other)
				ARENA_PUSH(a, &sorted, items->v[i]);
	*items = sorted;
}
