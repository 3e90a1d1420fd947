/* Which addresses anybody may have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ip.h"

static const struct {
	const char *text;
	bool global;
} cases[] = {
	{ "8.8.8.8", true },
	{ "1.1.1.1", true },
	{ "9.255.255.255", true },
	{ "11.0.0.0", true },
	{ "100.63.255.255", true },
	{ "100.128.0.0", true },
	{ "172.15.255.255", true },
	{ "172.32.0.0", true },
	{ "192.0.1.0", true },
	{ "198.20.0.0", true },
	{ "223.255.255.255", true },
	{ "2606:4700::1111", true },
	{ "2a00::1", true },
	{ "2001:4860:4860::8888", true },
	{ "64:ff9b::808:808", true },
	{ "0.0.0.0", false },
	{ "0.1.2.3", false },
	{ "10.0.0.1", false },
	{ "100.64.0.1", false },
	{ "100.100.100.200", false },
	{ "127.0.0.1", false },
	{ "127.255.255.255", false },
	{ "168.63.129.16", false },
	{ "169.254.169.254", false },
	{ "172.16.0.0", false },
	{ "172.31.255.255", false },
	{ "192.0.0.192", false },
	{ "192.0.2.1", false },
	{ "192.88.99.1", false },
	{ "192.168.0.1", false },
	{ "198.18.0.1", false },
	{ "198.19.255.255", false },
	{ "198.51.100.1", false },
	{ "203.0.113.1", false },
	{ "224.0.0.1", false },
	{ "239.255.255.255", false },
	{ "240.0.0.1", false },
	{ "255.255.255.255", false },
	{ "::", false },
	{ "::1", false },
	{ "::7f00:1", false },
	{ "::ffff:127.0.0.1", false },
	{ "::ffff:10.0.0.1", false },
	{ "64:ff9b::a00:1", false },
	{ "64:ff9b::a9fe:a9fe", false },
	{ "64:ff9b:1::808:808", false },
	{ "100::1", false },
	{ "2001::1", false },
	{ "2001:1ff::1", false },
	{ "2001:db8::1", false },
	{ "2002:7f00:1::1", false },
	{ "3fff::1", false },
	{ "4000::1", false },
	{ "fc00::1", false },
	{ "fd00:ec2::254", false },
	{ "fe80::1", false },
	{ "fec0::1", false },
	{ "ff02::1", false },
};

static void global_or_special(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ip ip;
		assert_int_equal(ip_parse(str_of(cases[i].text), &ip), OK);
		if (ip_is_global(&ip) != cases[i].global)
			fail_msg("%s", cases[i].text);
	}
	assert_false(ip_is_global(&(struct ip){ 0 }));
	/* Mapped addresses may come with their bytes as they are. */
	struct ip mapped = { 6, { [10] = 0xff, [11] = 0xff, 8, 8, 8, 8 } };
	assert_true(ip_is_global(&mapped));
	mapped.b[12] = 10;
	assert_false(ip_is_global(&mapped));
}

static void to_a_socket_and_back(void **state)
{
	static const char *const texts[] = { "192.0.2.1", "2001:db8::1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct sockaddr_storage sa;
		struct ip ip, back;
		assert_int_equal(ip_parse(str_of(texts[i]), &ip), OK);
		assert_int_equal(ip_to_sockaddr(&ip, 514, &sa),
				 i ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
		back = ip_from_sockaddr((const struct sockaddr *)&sa);
		assert_true(ip_eq(&ip, &back));
		assert_int_equal(((struct sockaddr_in *)&sa)->sin_port,
				 htons(514)); /* at one place in both */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(global_or_special),
		cmocka_unit_test(to_a_socket_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
