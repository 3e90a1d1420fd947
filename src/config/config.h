/*
 * The configuration file: one file, libconfig syntax, every setting with a default (doc/man/postern.conf.5).
 * An unknown key or a bad value is an error naming file and line.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/str.h"

struct config {
	/* paths and identity */
	const char *data;     /* DIR: absolute */
	const char *hostname; /* our name in banners, Received and Authentication-Results */
	const char
	    *user; /* who the roles run as when started by root; "" = owner of DIR or the built-in uid */
	const char *header_prefix; /* of the headers we add: "X-Postern-" */
	int log_level;             /* enum log_level */
	bool log_addresses;        /* addresses and subjects in log lines */
	/* smtp */
	const char *smtp_listen;                 /* ADDR:PORT, several divided by spaces */
	const char *smtp_certificate, *smtp_key; /* PEM files; "" = a self-signed one is made */
	int64_t smtp_message_size;
	int64_t smtp_recipients, smtp_commands, smtp_errors;
	int64_t smtp_connections, smtp_connections_per_address;
	int64_t smtp_threads;
	int64_t smtp_idle_s;
	int64_t smtp_drain_s;        /* mail under way when the server stops */
	const char *smtp_postmaster; /* who gets mail to <postmaster>; "" = of the first domain */
	int64_t relay_timeout_s, relay_end_timeout_s; /* one reply of the next hop; that to a whole message */
	/* milter */
	const char *milter_listen; /* struct milter_endpoint; "" = nowhere */
	/* scan */
	int64_t scan_workers, scan_workers_idle;
	int64_t scan_timeout_s, scan_dns_timeout_s;
	const char *
	    scan_trusted_authserv_ids; /* whose results are believed, of copies and in seals; divided by spaces */
	/* dns */
	const char *dns_servers;    /* "ADDR" or "ADDR@PORT", divided by spaces; "" = /etc/resolv.conf */
	const char *dns_local_data; /* file with zone lines answered without asking; "" = none */
	bool dns_dnssec;
	/* lists */
	const char *lists_addresses, *lists_domains; /* detect/block_list.h; divided by spaces */
	int64_t lists_timeout_s;
	/* places */
	const char *places_asn, *places_country; /* MMDB files; "" = none */
	/* yara */
	const char *yara_rules; /* file or directory; "" = none */
	int64_t yara_timeout_s;
	/* ages */
	const char *ages_bootstrap; /* IANA's file; "" = nobody is asked */
	int64_t ages_timeout_s, ages_per_minute;
	/* clamd */
	const char *clamd_socket; /* path or ADDR:PORT; "" = none */
	int64_t clamd_size_mb, clamd_timeout_s;
	/* http */
	const char *http_listen;
	const char *http_certificate, *http_key; /* PEM files; "" = plain HTTP */
	int64_t http_threads, http_connections, http_connections_per_address, http_timeout_s;
	int64_t http_request_timeout_s;                 /* of all its headers, and of its body */
	int64_t http_rate_requests, http_rate_window_s; /* per principal; 0 = off */
	int64_t http_rate_address_requests;             /* per second and address; 0 = off */
	int64_t http_search_timeout_s;                  /* of one message search */
	const char *http_click_url;                     /* without a slash at its end; "" = none */
	const char *http_trusted_proxies;               /* "ADDR" or "ADDR/BITS", divided by spaces */
	int id_form;                                    /* enum id_form */
	/* policies */
	bool policies_allow_private_ip;
	/* notifications */
	bool notifications_allow_private;
	const char *notifications_authorities; /* PEM file; "" = the system's */
	/* mailboxes */
	bool mailboxes_allow_private;
	/* retention, days; 0 = for ever */
	int64_t retention_detections_days, retention_clean_days, retention_metadata_days,
	    retention_audit_days;
	int64_t raw_budget_mb; /* disk for raw mail; 0 = no ceiling */
};

/* One setting to override after the file, such as from --smtp. */
struct config_override {
	const char *key; /* as in the file, "smtp.listen" */
	const char *value;
};

/*
 * Reads `text` (the content of `path`, which only names it in errors; NULL text = defaults only), applies the
 * overrides, checks everything. Lives until config_free.
 */
MUST_CHECK enum err config_parse(const char *path, const char *text, const struct config_override *overrides,
				 size_t n, struct config **out, struct errbuf *eb);
void config_free(struct config **c);

/* ERR_SYNTAX: the content of the file at `path` has a NUL, which would hide what follows it. */
MUST_CHECK enum err config_check_text(const char *path, struct str text, struct errbuf *eb);

/*
 * What shows only when a value is used, such as a file that is not there, as "FILE:LINE: KEY: text", or as "command
 * line: KEY: text" when an option gave it. The key is one of the table's. Gives e back.
 */
enum err config_fault(const struct config *c, const char *key, enum err e, struct errbuf *eb, const char *fmt,
		      ...) PRINTF_LIKE(5, 6);

/* Writes each setting with its default and meaning, as the man page and the sample file show it. */
void config_describe(int fd);
/* The same as the items of the list in doc/man/postern.conf.5 (mdoc). */
void config_describe_manual(int fd);

#endif
