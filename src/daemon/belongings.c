/* Reading files into memory, and looking at what was read. */
#include "daemon/belongings.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "api/server.h"
#include "broker/ipc.h"
#include "daemon/site_model.h"
#include "detect/outside.h"
#include "net/dns.h"
#include "net/rdap.h"
#include "net/tls.h"

#define PLACES_MAX (256u << 20) /* a database of cities has 60 MB */
#define FILE_MAX (4u << 20)     /* a configuration, a certificate chain, a zone for tests */
#define READ_AT_ONCE 65536
#define RDAP_BYTES (64u << 20)   /* its values: IANA's has some thousand */
#define OUTSIDE_BYTES (1u << 20) /* what a few settings come to */

/* A file that was read: its text, and a memory file with the same for roles. */
struct copy {
	struct buf text;
	int fd;
};

/* All that one reading gives. */
struct reading {
	struct config *config;
	struct copy config_text, dns_data, authorities, model, asn, country, rules, rdap;
	struct copy smtp_certificate, smtp_key, http_certificate, http_key;
};

static void copy_init(struct copy *c, size_t max)
{
	buf_init(&c->text, max);
	c->fd = -1;
}

static void copy_end(struct copy *c)
{
	buf_free(&c->text);
	if (c->fd >= 0)
		close(c->fd);
}

static enum err copy_read(struct copy *c, const char *path, struct errbuf *eb)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return err_set(eb, errno == ENOENT ? ERR_ABSENT : ERR_DENIED, "%s: %s", path,
			       strerror(errno));
	for (char *room;
	     (room = buf_reserve(&c->text, READ_AT_ONCE)) && (n = read(fd, room, READ_AT_ONCE)) > 0;)
		buf_grew(&c->text, (size_t)n);
	int failure = errno;

	close(fd);
	if (!buf_ok(&c->text))
		return err_set(eb, ERR_LIMIT, "%s: larger than %zu bytes", path, c->text.max);
	if (n < 0)
		return err_set(eb, ERR_DENIED, "%s: %s", path, strerror(failure));
	if (ipc_memfd(buf_str(&c->text), &c->fd) != OK)
		return err_set(eb, ERR_LATER, "%s: no memory for it", path);
	return OK;
}

/* The file that a setting names; "" is none. */
static enum err copy_named(struct copy *c, const struct config *config, const char *key, const char *path,
			   struct errbuf *eb)
{
	struct errbuf why = { "" };
	enum err e = *path ? copy_read(c, path, &why) : OK;

	return e == OK ? OK : config_fault(config, key, e, eb, "%s", why.text);
}

static enum err copy_rules(struct copy *c, const struct config *config, struct errbuf *eb)
{
	struct errbuf why = { "" };
	enum err e = OK;

	if (!*config->yara_rules)
		return OK;
	e = yara_rules_read(config->yara_rules, &c->text, &why);
	if (e == OK && ipc_memfd(buf_str(&c->text), &c->fd) != OK)
		e = err_set(&why, ERR_LATER, "no memory for them");
	return e == OK ? OK : config_fault(config, "yara.rules", e, eb, "%s", why.text);
}

/* The newest model of the site, if it has made any. */
static enum err copy_model(struct copy *c, const struct config *config, struct errbuf *eb)
{
	unsigned number = site_model_newest(config->data);
	struct buf path = site_model_path(config->data, number, "model");
	enum err e = number > 0 ? copy_named(c, config, "data", path.p, eb) : OK;
	struct classifier classifier;
	struct errbuf why = { "" };

	if (e == OK && number > 0 && (e = classifier_read(buf_str(&c->text), &classifier, &why)) != OK)
		e = config_fault(config, "data", e, eb, "%s: %s", path.p, why.text);
	buf_free(&path);
	return e;
}

/* ---- checks ---- */

/* What two settings name: the server's certificate and its key. */
struct pair {
	const char *certificate_setting, *key_setting, *path;
	const struct copy *certificate, *key;
};

static enum err check_pair(const struct reading *r, const struct pair *p, struct errbuf *eb)
{
	struct tls_context *tls = NULL;
	struct errbuf why = { "" };

	if (!*p->path)
		return OK; /* intake makes one, the API is served in clear */
	if (str_is_empty(buf_str(&p->certificate->text)))
		return config_fault(r->config, p->certificate_setting, ERR_SYNTAX, eb, "%s: is empty",
				    p->path);
	enum err e = tls_server_new(buf_str(&p->certificate->text), buf_str(&p->key->text),
				    r->config->hostname, &tls, &why);

	tls_unref(&tls);
	if (e == OK)
		return OK;
	return config_fault(r->config, e == ERR_CONFLICT ? p->key_setting : p->certificate_setting, e, eb,
			    "%s", why.text);
}

static enum err check_certificates(const struct reading *r, struct errbuf *eb)
{
	const struct pair pairs[] = {
		{ "smtp.certificate", "smtp.key", r->config->smtp_certificate, &r->smtp_certificate,
		  &r->smtp_key },
		{ "http.certificate", "http.key", r->config->http_certificate, &r->http_certificate,
		  &r->http_key },
	};
	struct errbuf why = { "" };
	enum err e = OK;

	for (size_t i = 0; i < ARRAY_LEN(pairs) && e == OK; i++)
		e = check_pair(r, &pairs[i], eb);
	if (e != OK || !*r->config->http_certificate)
		return e;
	/* The API's library has a TLS of its own, which may know less. */
	e = api_server_check_tls(buf_str(&r->http_certificate.text), buf_str(&r->http_key.text), &why);
	return e == OK ? OK : config_fault(r->config, "http.certificate", e, eb, "%s", why.text);
}

static enum err check_dns(const struct reading *r, struct errbuf *eb)
{
	struct errbuf why = { "" };
	enum err e = dns_check(buf_str(&r->dns_data.text), r->config->dns_dnssec, &why);

	if (e == ERR_ABSENT)
		return config_fault(r->config, "dns.dnssec", e, eb, "%s", why.text);
	if (e != OK)
		return config_fault(r->config, "dns.local_data", e, eb, "%s, %s", r->config->dns_local_data,
				    why.text);
	return OK;
}

static enum err check_authorities(const struct reading *r, struct errbuf *eb)
{
	struct tls_context *tls = NULL;
	struct errbuf why = { "" };

	if (!*r->config->notifications_authorities)
		return OK; /* those of the system, which are its own business */
	enum err e = tls_verifier_new(buf_str(&r->authorities.text), &tls, &why);

	tls_unref(&tls);
	return e == OK ? OK
		       : config_fault(r->config, "notifications.authorities", e, eb, "%s: %s",
				      r->config->notifications_authorities, why.text);
}

static enum err check_rdap(const struct reading *r, struct errbuf *eb)
{
	struct arena *a = arena_new(RDAP_BYTES, NULL, NULL);
	struct rdap_bootstrap bootstrap;
	struct errbuf why = { "" };
	enum err e = OK;

	if (*r->config->ages_bootstrap)
		e = rdap_bootstrap_read(a, buf_str(&r->rdap.text), &bootstrap, &why);
	arena_free(&a);
	return e == OK ? OK
		       : config_fault(r->config, "ages.bootstrap", e, eb, "%s: %s", r->config->ages_bootstrap,
				      why.text);
}

/* The zygote will read it once more. */
static enum err check_outside(const struct reading *r, struct errbuf *eb)
{
	struct arena *a = arena_new(OUTSIDE_BYTES, NULL, NULL);
	const struct outside_files files = { { r->asn.fd, r->country.fd }, buf_str(&r->rules.text) };
	struct outside outside;
	enum err e = outside_of(a, r->config, &files, &outside, eb);

	outside_free(&outside);
	arena_free(&a);
	return e;
}

static enum err check_user(const struct reading *r, struct errbuf *eb)
{
	struct sandbox_user user;
	struct errbuf why = { "" };
	enum err e = *r->config->user ? identity_user(r->config->user, &user, &why) : OK;

	return e == OK ? OK : config_fault(r->config, "user", e, eb, "%s", why.text);
}

/* At a reload the socket is there, whatever became of its folder. */
static enum err check_milter(const struct reading *r, const struct config *started, struct errbuf *eb)
{
	struct errbuf why = { "" };
	enum err e = started ? OK : bind_milter_check(r->config->milter_listen, &why);

	return e == OK ? OK : config_fault(r->config, "milter.listen", e, eb, "%s", why.text);
}

static enum err check_same_store(const struct reading *r, const struct config *started, struct errbuf *eb)
{
	if (!started || strcmp(started->data, r->config->data) == 0)
		return OK;
	return config_fault(r->config, "data", ERR_CONFLICT, eb,
			    "%s is being served: another directory takes a restart", started->data);
}

/* ---- reading ---- */

static enum err read_all(struct reading *r, const struct supervisor_options *o, struct errbuf *eb)
{
	enum err e = copy_read(&r->config_text, o->config_path, eb);

	if (e == ERR_ABSENT && !o->config_must_exist)
		e = OK;
	if (e == OK)
		e = config_check_text(o->config_path, buf_str(&r->config_text.text), eb);
	buf_add_char(&r->config_text.text, '\0');
	if (e == OK && !buf_ok(&r->config_text.text))
		e = err_set(eb, ERR_LIMIT, "%s: too large", o->config_path);
	if (e == OK)
		e = config_parse(o->config_path, r->config_text.text.p, o->overrides, o->overrides_n,
				 &r->config, eb);
	if (e != OK)
		return e;
	const struct config *c = r->config;

	if ((e = copy_named(&r->smtp_certificate, c, "smtp.certificate", c->smtp_certificate, eb)) != OK ||
	    (e = copy_named(&r->smtp_key, c, "smtp.key", c->smtp_key, eb)) != OK ||
	    (e = copy_named(&r->http_certificate, c, "http.certificate", c->http_certificate, eb)) != OK ||
	    (e = copy_named(&r->http_key, c, "http.key", c->http_key, eb)) != OK)
		return e;
	if ((e = copy_named(&r->authorities, c, "notifications.authorities", c->notifications_authorities,
			    eb)) != OK)
		return e;
	if ((e = copy_named(&r->dns_data, c, "dns.local_data", c->dns_local_data, eb)) != OK)
		return e;
	if ((e = copy_named(&r->asn, c, "places.asn", c->places_asn, eb)) != OK ||
	    (e = copy_named(&r->country, c, "places.country", c->places_country, eb)) != OK)
		return e;
	if ((e = copy_named(&r->rdap, c, "ages.bootstrap", c->ages_bootstrap, eb)) != OK ||
	    (e = copy_rules(&r->rules, c, eb)) != OK)
		return e;
	return copy_model(&r->model, c, eb);
}

static enum err check_all(const struct reading *r, const struct config *started, struct errbuf *eb)
{
	enum err e;

	if ((e = check_same_store(r, started, eb)) != OK || (e = check_certificates(r, eb)) != OK ||
	    (e = check_dns(r, eb)) != OK || (e = check_authorities(r, eb)) != OK ||
	    (e = check_rdap(r, eb)) != OK || (e = check_outside(r, eb)) != OK ||
	    (e = check_milter(r, started, eb)) != OK)
		return e;
	return check_user(r, eb);
}

/* The old descriptor is closed, the new one is no longer the copy's. */
static void take_fd(int *to, struct copy *from)
{
	if (*to >= 0)
		close(*to);
	*to = from->fd;
	from->fd = -1;
}

/* The current one, but not the first. */
static void forget_config(struct belongings *b)
{
	if (b->config != b->started)
		config_free(&b->config);
	b->config = NULL;
}

enum err belongings_read(struct belongings *b, struct errbuf *eb)
{
	struct reading r = { 0 };
	struct copy *const copies[] = { &r.config_text,      &r.dns_data, &r.authorities,
					&r.smtp_certificate, &r.smtp_key, &r.http_certificate,
					&r.http_key,         &r.model,    &r.asn,
					&r.country,          &r.rules,    &r.rdap };

	for (size_t i = 0; i < ARRAY_LEN(copies); i++)
		copy_init(copies[i], copies[i] == &r.asn || copies[i] == &r.country ? PLACES_MAX : FILE_MAX);
	enum err e = read_all(&r, b->options, eb);
	if (e == OK)
		e = check_all(&r, b->started, eb);
	if (e == OK) {
		forget_config(b);
		b->config = r.config;
		if (!b->started)
			b->started = r.config;
		r.config = NULL;
		take_fd(&b->config_text, &r.config_text);
		take_fd(&b->dns_data, &r.dns_data);
		take_fd(&b->authorities, &r.authorities);
		take_fd(&b->model, &r.model);
		take_fd(&b->places[PLACES_ASN], &r.asn);
		take_fd(&b->places[PLACES_COUNTRY], &r.country);
		take_fd(&b->rules, &r.rules);
		take_fd(&b->rdap, &r.rdap);
		take_fd(&b->smtp_tls.certificate, &r.smtp_certificate);
		take_fd(&b->smtp_tls.key, &r.smtp_key);
		take_fd(&b->http_tls.certificate, &r.http_certificate);
		take_fd(&b->http_tls.key, &r.http_key);
	}
	config_free(&r.config);
	for (size_t i = 0; i < ARRAY_LEN(copies); i++)
		copy_end(copies[i]);
	return e;
}

/* ---- the start ---- */

static enum err open_store(struct belongings *b, struct errbuf *eb)
{
	const char *data = b->config->data;
	struct errbuf why;
	enum err e = identity_prepare(data, b->config->user, &b->identity, &why);

	if (e == OK)
		e = identity_take(data, &why);
	return e == OK ? OK : config_fault(b->config, "data", e, eb, "%s", why.text);
}

typedef enum err bind_fn(const char *where, struct bound_list *out, struct errbuf *eb);

static enum err open_ports(const struct belongings *b, const char *key, bind_fn *bind, const char *where,
			   struct bound_list *out, struct errbuf *eb)
{
	struct errbuf why;
	enum err e = bind(where, out, &why);

	return e == OK ? OK : config_fault(b->config, key, e, eb, "%s", why.text);
}

enum err belongings_open(struct belongings *b, struct errbuf *eb)
{
	enum err e;

	/* Before anything else: the file may be replaced by an upgrade while we run. */
	b->exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (b->exe < 0)
		return err_set(eb, ERR_LATER, "/proc/self/exe: %s", strerror(errno));
	if ((e = belongings_read(b, eb)) != OK || (e = open_store(b, eb)) != OK ||
	    (e = open_ports(b, "smtp.listen", bind_all, b->config->smtp_listen, &b->smtp, eb)) != OK ||
	    (e = open_ports(b, "milter.listen", bind_milter, b->config->milter_listen, &b->milter, eb)) != OK)
		return e;
	return open_ports(b, "http.listen", bind_all, b->config->http_listen, &b->http, eb);
}

struct belongings belongings_of(const struct supervisor_options *o)
{
	return (struct belongings){ .pictures = -1,
				    .exe = -1,
				    .config_text = -1,
				    .dns_data = -1,
				    .authorities = -1,
				    .policies = -1,
				    .model = -1,
				    .places = { -1, -1 },
				    .rules = -1,
				    .rdap = -1,
				    .smtp_tls = { -1, -1 },
				    .http_tls = { -1, -1 },
				    .options = o };
}

void belongings_close(struct belongings *b)
{
	int *const fds[] = { &b->exe,
			     &b->config_text,
			     &b->dns_data,
			     &b->authorities,
			     &b->policies,
			     &b->smtp_tls.certificate,
			     &b->smtp_tls.key,
			     &b->http_tls.certificate,
			     &b->http_tls.key,
			     &b->model,
			     &b->places[PLACES_ASN],
			     &b->places[PLACES_COUNTRY],
			     &b->rules,
			     &b->rdap };

	forget_config(b);
	config_free(&b->started);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
	bind_close(&b->smtp);
	bind_close(&b->milter);
	bind_close(&b->http);
}
