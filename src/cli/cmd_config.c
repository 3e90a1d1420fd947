/* `postern check-config`: says whether the server would take the configuration, or prints a sample of it. */
#include "cli/internal.h"

#include <unistd.h>

#include "base/buf.h"
#include "daemon/identity.h"
#include "net/tls.h"

/* A certificate that fails only at the start would stop all mail at the next one. */
static enum err check_certificate(const struct config *c, struct errbuf *eb)
{
	struct buf certificate = { 0 }, key = { 0 };
	struct tls_context *tls = NULL;
	enum err e = OK;

	if (!*c->smtp_certificate && !*c->smtp_key)
		return OK;
	if (*c->smtp_certificate)
		e = cli_read_file(c->smtp_certificate, &certificate, eb);
	if (e == OK && *c->smtp_key)
		e = cli_read_file(c->smtp_key, &key, eb);
	if (e == OK) {
		struct errbuf why = { "" };

		e = tls_server_new(buf_str(&certificate), buf_str(&key), c->hostname, &tls, &why);
		if (e != OK)
			e = err_set(eb, e, "smtp.certificate, smtp.key: %s", why.text);
	}
	tls_unref(&tls);
	buf_free(&certificate);
	buf_free(&key);
	return e;
}

enum err cli_check_things(const struct config *c, struct errbuf *eb)
{
	struct buf zone = { 0 };
	struct sandbox_user user;
	enum err e = check_certificate(c, eb);

	if (e == OK && *c->dns_local_data)
		e = cli_read_file(c->dns_local_data, &zone, eb);
	if (e == OK && *c->user)
		e = identity_user(c->user, &user, eb);
	buf_free(&zone);
	return e;
}

int cli_check_config(const struct cli_args *args)
{
	struct config *config = NULL;
	struct errbuf eb = { "" };

	if (cli_option_value(args, "--sample")) {
		config_describe(STDOUT_FILENO);
		return CLI_OK;
	}
	if (cli_option_value(args, "--manual")) {
		config_describe_manual(STDOUT_FILENO);
		return CLI_OK;
	}
	if (cli_config(args, NULL, 0, &config, &eb) != OK || cli_check_things(config, &eb) != OK) {
		config_free(&config);
		return cli_fail(args, "%s", eb.text);
	}
	printf("fine: mail on %s, API on %s, data in %s\n", config->smtp_listen, config->http_listen,
	       config->data);
	config_free(&config);
	return CLI_OK;
}
