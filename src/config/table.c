/* Every setting of the configuration file, one row each, in the order in which people read them. */
#include "config/internal.h"

#include "base/limits.h"
#include "base/log.h"
#include "model/enums.h"

#define AT(member) offsetof(struct config, member)

/* clang-format off */
#define TEXT(key, kind, member, text, min, max, meaning) \
	{ key, SETTING_##kind, AT(member), text, 0, min, max, NULL, meaning }
#define WORD(key, member, text, words, meaning) \
	{ key, SETTING_WORD, AT(member), text, 0, 0, 20, words, meaning }
#define INT(key, member, value, min, max, meaning) \
	{ key, SETTING_INT, AT(member), NULL, value, min, max, NULL, meaning }
#define BOOL(key, member, value, meaning) \
	{ key, SETTING_BOOL, AT(member), NULL, value, 0, 1, NULL, meaning }

const struct setting settings[] = {
	TEXT("data", PATH, data, "/var/lib/postern", 1, 1000,
	     "directory of the store; made when it is missing"),
	TEXT("hostname", NAME, hostname, "", 0, 253,
	     "our name in banners, Received and Authentication-Results; empty = the system's host name"),
	TEXT("user", TEXT, user, "", 0, 32,
	     "who serves when started by root; empty = the owner of the directory, or an unused uid of our own"),
	TEXT("header_prefix", PREFIX, header_prefix, "X-Postern-", 3, 40,
	     "start of the names of the header fields we add; such fields are taken out of mail that comes in"),
	WORD("id_form", id_form, "uuid", &id_form_names,
	     "form of the ids of settings in the API, unless the account or token has its own"),
	WORD("log.level", log_level, "info", &log_level_names,
	     "least important lines that are written"),
	BOOL("log.addresses", log_addresses, 0,
	     "write addresses and subjects into log lines"),

	TEXT("smtp.listen", LISTEN, smtp_listen, "127.0.0.1:2525", 1, 1000,
	     "where mail is accepted: ADDR:PORT, several divided by spaces, [ADDR]:PORT for IPv6"),
	TEXT("smtp.certificate", PATH, smtp_certificate, "", 0, 1000,
	     "PEM file with the certificate for STARTTLS and its chain; empty = a self-signed one is made at each start"),
	TEXT("smtp.key", PATH, smtp_key, "", 0, 1000,
	     "PEM file with the private key of that certificate"),
	INT("smtp.message_size", smtp_message_size, LIMIT_MESSAGE, 65536, LIMIT_MESSAGE_MOST,
	    "largest message, in bytes"),
	INT("smtp.recipients", smtp_recipients, LIMIT_SMTP_RECIPIENTS, 1, LIMIT_SMTP_RECIPIENTS,
	    "recipients of one message; what is more comes in a second one"),
	INT("smtp.commands", smtp_commands, LIMIT_SMTP_COMMANDS, 10, 1000000,
	    "commands outside transactions in one session"),
	INT("smtp.errors", smtp_errors, LIMIT_SMTP_ERRORS, 1, 10000,
	    "errors in one session"),
	INT("smtp.connections", smtp_connections, 1000, 1, 100000,
	    "connections at once"),
	INT("smtp.connections_per_address", smtp_connections_per_address, 50, 1, 100000,
	    "connections at once from one address; one IPv6 /64 counts as an address"),
	INT("smtp.threads", smtp_threads, 256, 1, 1000,
	    "senders, recipients and messages worked on at once; one address gets a quarter of them, one next hop a quarter of what others leave"),
	INT("smtp.idle_s", smtp_idle_s, 300, 1, 3600,
	    "seconds of silence after which a session is ended"),
	INT("smtp.drain_s", smtp_drain_s, LIMIT_SMTP_ANSWER_MS / 1000, 0, LIMIT_SMTP_ANSWER_MS / 1000,
	    "seconds that mail under way may take to be answered when the server is stopped; a reload cuts nothing"),
	TEXT("smtp.postmaster", MAILBOX, smtp_postmaster, "", 0, 320,
	     "address in a protected domain that gets mail to <postmaster> of this server; empty = postmaster of the first domain"),
	INT("relay.timeout_s", relay_timeout_s, 120, 1, 290,
	    "seconds that one reply of the next hop may take, or connecting to it and one recipient together"),
	INT("relay.end_timeout_s", relay_end_timeout_s, 290, 1, 290,
	    "seconds that its reply to a whole message may take; the sender is answered within 300 seconds in any case"),

	TEXT("milter.listen", MILTER, milter_listen, "", 0, 300,
	     "where Postfix or Sendmail asks what to do with mail that it passes on itself: unix:/path, such as "
	     "unix:/var/spool/postfix/postern/milter, inet:PORT@ADDR or inet6:PORT@ADDR; empty = nowhere"),

	INT("scan.workers", scan_workers, LIMIT_WORKERS, 1, LIMIT_WORKERS,
	    "scan workers at most"),
	INT("scan.workers_idle", scan_workers_idle, LIMIT_WORKERS_IDLE, 1, LIMIT_WORKERS,
	    "scan workers kept ready"),
	INT("scan.timeout_s", scan_timeout_s, LIMIT_SCAN_MS / 1000, 1, 120,
	    "seconds that the scan of one message may take, DNS included; after two tries the message is held"),
	INT("scan.dns_timeout_s", scan_dns_timeout_s, LIMIT_SCAN_DNS_MS / 1000, 1, 60,
	    "seconds of them that DNS may take"),
	TEXT("scan.trusted_authserv_ids", TEXT, scan_trusted_authserv_ids, "", 0, 4000,
	     "hosts whose Authentication-Results are believed, divided by spaces: of copies, which come without an SMTP "
	     "peer; and of other mail that such a host sealed (ARC) and nobody changed since, which then is no forgery"),

	TEXT("dns.servers", SERVERS, dns_servers, "", 0, 1000,
	     "resolvers to ask: ADDR or ADDR@PORT, divided by spaces; empty = those of /etc/resolv.conf"),
	TEXT("dns.local_data", PATH, dns_local_data, "", 0, 1000,
	     "file with resource records, one a line, that are answered without asking; empty = none"),
	BOOL("dns.dnssec", dns_dnssec, 0,
	     "check signatures ourselves; the resolvers asked must pass them on"),

	TEXT("lists.addresses", TEXT, lists_addresses, "", 0, 2000,
	     "block lists that are asked, by DNS, for the host that sent a mail: ZONE[=CODES][/WEIGHT], divided by spaces, such as "
	     "\"zen.spamhaus.org bl.example=127.0.0.2,127.0.0.4-7/0.3\"; mind who may ask them and how much; without CODES those "
	     "that are known are understood, and of others each answer counts; WEIGHT is below 1"),
	TEXT("lists.domains", TEXT, lists_domains, "", 0, 2000,
	     "the same, asked for the domains of the sender and of links, which these lists get to know"),
	INT("lists.timeout_s", lists_timeout_s, 3, 1, 30,
	    "seconds that an answer of a block list is waited for; one that is silent or refuses is not asked for a while"),

	TEXT("places.asn", PATH, places_asn, "", 0, 1000,
	     "database in MaxMind's format (MMDB) that has the autonomous systems of addresses; read at start and reload; empty = none"),
	TEXT("places.country", PATH, places_country, "", 0, 1000,
	     "the same with countries, or cities; may be the same file"),

	TEXT("yara.rules", PATH, yara_rules, "", 0, 1000,
	     "file of YARA rules, or directory with files .yar and .yara, by which attachments and texts are looked at; read and "
	     "compiled at start and reload; empty = none"),
	INT("yara.timeout_s", yara_timeout_s, 2, 1, 20,
	    "seconds that all rules may take for one mail, and a quarter of scan.timeout_s at most"),

	TEXT("ages.bootstrap", PATH, ages_bootstrap, "", 0, 1000,
	     "file by which servers are asked by RDAP when the domains of senders and links were registered, as IANA publishes it "
	     "(https://data.iana.org/rdap/dns.json); these servers get to know the domains; empty = nobody is asked"),
	INT("ages.timeout_s", ages_timeout_s, 3, 0, 20,
	    "seconds that a mail waits for it; the question goes on, and the next mail knows"),
	INT("ages.per_minute", ages_per_minute, 60, 1, 10000,
	    "questions in a minute, to all servers together; each domain is asked for once"),

	TEXT("clamd.socket", TEXT, clamd_socket, "", 0, 200,
	     "where clamd is, which is given each whole mail to look for viruses: the path of its socket or ADDR:PORT; empty = nowhere; "
	     "it reads the mail in clear, so by TCP only on this machine or in a network of your own"),
	INT("clamd.size_mb", clamd_size_mb, 25, 1, LIMIT_MESSAGE_MOST >> 20,
	    "megabytes of the largest mail that it is given; its own StreamMaxLength has to be as large"),
	INT("clamd.timeout_s", clamd_timeout_s, 10, 1, 100,
	    "seconds that its answer is waited for, and half of scan.timeout_s at most; without one mail is judged by all else"),

	TEXT("http.listen", LISTEN, http_listen, "127.0.0.1:8025", 1, 1000,
	     "where the API is served: by TLS when http.certificate is set, else in clear"),
	TEXT("http.certificate", PATH, http_certificate, "", 0, 1000,
	     "PEM file with the certificate of the API and its chain; empty = plain HTTP, for loopback or a proxy that adds TLS"),
	TEXT("http.key", PATH, http_key, "", 0, 1000,
	     "PEM file with the private key of that certificate"),
	INT("http.threads", http_threads, 8, 1, 256,
	    "requests worked on at once"),
	INT("http.connections", http_connections, 500, 1, 100000,
	    "connections at once"),
	INT("http.connections_per_address", http_connections_per_address, 50, 1, 100000,
	    "connections at once from one address, or one IPv6 /64"),
	INT("http.timeout_s", http_timeout_s, 30, 1, 600,
	    "seconds of silence after which a connection is closed"),
	INT("http.request_timeout_s", http_request_timeout_s, 30, 1, 600,
	    "seconds within which a request must be there, however slowly it comes; large bodies get more"),
	INT("http.rate_requests", http_rate_requests, 1200, 0, 1000000000,
	    "requests of one token or user in a window; 0 = as many as they like"),
	INT("http.rate_window_s", http_rate_window_s, 300, 1, 86400,
	    "seconds of that window"),
	INT("http.rate_address_requests", http_rate_address_requests, 200, 0, 1000000000,
	    "requests per second from one address; 0 = as many as it likes"),
	INT("http.search_timeout_s", http_search_timeout_s, 30, 1, 300,
	    "seconds that one message search may take"),
	TEXT("http.click_url", BASE, http_click_url, "", 0, 200,
	     "where readers of mail reach this server's page of links, by their browsers: https://HOST, with a port or path where a proxy "
	     "needs one (which need pass on nothing but /v1/); links can be rewritten only when it is set, and old ones lead there as long as mail is kept; empty = nowhere"),
	TEXT("http.trusted_proxies", BLOCKS, http_trusted_proxies, "", 0, 4000,
	     "reverse proxies, ADDR or ADDR/BITS, divided by spaces: a request of theirs counts as the last address in its X-Forwarded-For that is none of them, and http.connections_per_address is left to them"),

	BOOL("policies.allow_private_ip", policies_allow_private_ip, 0,
	     "let policies name private, loopback and link-local addresses"),

	BOOL("notifications.allow_private", notifications_allow_private, 0,
	     "let accounts have events sent to private, loopback and link-local addresses, and to webhooks without TLS"),
	TEXT("notifications.authorities", PATH, notifications_authorities, "", 0, 1000,
	     "PEM file with the certificates of the authorities that webhooks, syslog servers and providers of mailboxes are verified by; empty = those of the system"),

	BOOL("mailboxes.allow_private", mailboxes_allow_private, 0,
	     "let integrations lead to private, loopback and link-local addresses, and to servers without TLS"),

	INT("retention.detections_days", retention_detections_days, 90, 0, 36500,
	    "days that the raw mail of detections is kept; 0 = for ever"),
	INT("retention.clean_days", retention_clean_days, 7, 0, 36500,
	    "days that the raw mail of clean messages is kept; 0 = for ever"),
	INT("retention.metadata_days", retention_metadata_days, 365, 0, 36500,
	    "days that a message can be found; 0 = for ever"),
	INT("retention.audit_days", retention_audit_days, 365, 0, 36500,
	    "days that it is kept who changed which setting; 0 = for ever"),
	INT("retention.raw_budget_mb", raw_budget_mb, 0, 0, INT64_C(1) << 40,
	    "megabytes of disk for raw mail: beyond it clean mail goes first, unreleased quarantine never; 0 = no ceiling"),
};
/* clang-format on */

const size_t settings_count = ARRAY_LEN(settings);

const struct setting *setting_find(struct str key)
{
	for (size_t i = 0; i < settings_count; i++) {
		if (str_eq(str_of(settings[i].key), key))
			return &settings[i];
	}
	return NULL;
}
