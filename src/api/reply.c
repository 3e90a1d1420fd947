/* Making successful answers. */
#include "api/answers.h"
#include "api/request.h"

#define ROOM 2048

void reply_begin(struct request *rq, unsigned status)
{
	rq->status = status;
	buf_clear(&rq->out);
	(void)buf_reserve(&rq->out, ROOM); /* at once what most answers take */
	buf_add(&rq->out, STR("{\"success\":true,\"errors\":[],\"messages\":[],\"result\":"));
}

void reply_end(struct request *rq)
{
	buf_add_char(&rq->out, '}');
}

void reply_object(struct request *rq, unsigned status, const struct fieldtab *t, const void *obj)
{
	reply_begin(rq, status);
	json_object_write(&rq->out, t, obj, &rq->write);
	reply_end(rq);
}

void reply_write_array(struct request *rq, const struct fieldtab *t, const void *const *v, size_t n)
{
	buf_add_char(&rq->out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_add_char(&rq->out, ',');
		json_object_write(&rq->out, t, v[i], &rq->write);
	}
	buf_add_char(&rq->out, ']');
}

void reply_info(struct request *rq, const struct fieldtab *t, const void *info)
{
	buf_add(&rq->out, STR(",\"result_info\":"));
	json_object_write(&rq->out, t, info, &rq->write);
}

void reply_end_page(struct request *rq, size_t count, size_t page, size_t per_page, size_t total)
{
	struct page_info info = { .count = (int64_t)count,
				  .page = (int64_t)page,
				  .per_page = (int64_t)per_page,
				  .total_count = (int64_t)total };

	info.has = UINT64_MAX;
	reply_info(rq, &page_info_fields, &info);
	reply_end(rq);
}

void reply_page(struct request *rq, const struct fieldtab *t, const void *v, size_t n, int64_t page,
		int64_t per_page, size_t total)
{
	const void **items = ARENA_ARRAY(rq->arena, n, const void *);

	for (size_t i = 0; i < n; i++)
		items[i] = (const char *)v + i * t->size;
	reply_begin(rq, 200);
	reply_write_array(rq, t, items, n);
	reply_end_page(rq, n, (size_t)page, (size_t)per_page, total);
}

void reply_write_id(struct request *rq, const struct ident *id)
{
	buf_add(&rq->out, STR("{\"id\":"));
	json_ident(&rq->out, id, &rq->write);
	buf_add_char(&rq->out, '}');
}
