/* How many workers one client, and one sender, may have at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/pool.h"

#define WORKERS 16

/* A pool whose workers are all idle, and need not be asked for. */
static void idle_pool(struct pool *p)
{
	pool_init(p, 1, WORKERS);
	p->zygotes[0] = (struct zygote){ .used = true, .control = ipc_of(-1) };
	p->current = &p->zygotes[0];
	for (size_t i = 0; i < WORKERS; i++)
		p->slots[i] = (struct slot){ .state = SLOT_IDLE, .zygote = p->current, .ipc = ipc_of(-1) };
}

static void shares(void **state)
{
	/* Which byte of the address, and whether the sender's domain, is another one for each mail. */
	static const struct {
		const char *name;
		struct ip client;
		size_t byte;
		bool domains;
		unsigned want;
	} rows[] = {
		{ "one address", { 4, { 192, 0, 2, 1 } }, 0, true, WORKERS / 4 },
		{ "addresses", { 4, { 192, 0, 2, 1 } }, 3, true, WORKERS },
		{ "one domain", { 4, { 192, 0, 2, 1 } }, 3, false, WORKERS / 4 },
		{ "one network", { 6, { 0x20, 0x01, 0x0d, 0xb8 } }, 15, true, WORKERS / 4 },
		{ "networks", { 6, { 0x20, 0x01, 0x0d, 0xb8 } }, 7, true, WORKERS },
		{ "one address, mapped", { 6, { [10] = 0xff, 0xff, 192, 0, 2, 1 } }, 0, true, WORKERS / 4 },
		{ "copies, without a client", { 0, { 0 } }, 0, true, WORKERS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pool p;
		struct slot *s;
		unsigned got = 0;

		idle_pool(&p);
		for (unsigned k = 0; k < WORKERS; k++) {
			struct pool_claim claim = { rows[i].client, STR("example.com") };
			char domain[32];
			int n = snprintf(domain, sizeof(domain), "d%u.example", k);
			if (rows[i].byte)
				claim.client.b[rows[i].byte] = (uint8_t)k;
			if (rows[i].domains)
				claim.sender_domain = str_from(domain, (size_t)n);
			got += pool_take(&p, &claim, false, clock_mono_ms(), &s) == OK;
		}
		if (got != rows[i].want)
			fail_msg("%s: %u of %u workers", rows[i].name, got, rows[i].want);
		pool_end(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(shares) };

	return cmocka_run_group_tests_name("broker/pool", tests, NULL, NULL);
}
