import { execute } from "./database.mjs";

// The settings collections as tests use them: what a row is made of, a change of one, and what lists can look for.
const modes = { allowed_delivery_modes: ["DIRECT"], drop_dispositions: ["MALICIOUS"], ip_restrictions: ["192.0.2.0/24", "2001:db8::/32"], regions: ["GLOBAL"] };
export const INTEGRATION = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"; // that some of the domains name
const two = (i) => String(i).padStart(2, "0");
const teen = (i) => i >= 10 && i < 20;

// An integration of that id, whose server nobody reaches, in the account; the first domain there is names it, too.
export async function integrate(p) {
	const admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "integrator");
	await p.ask("POST", `/accounts/${p.account}/postern/integrations`, { token: admin,
		body: { name: "mail", provider: "imap", server: "mail.example.test", user: "master", secret: "s" } });
	execute(p, `UPDATE integration SET uuid = '${INTEGRATION}', body = json_set(body, '$.id[0]', '${INTEGRATION}')`);
	await nameIntegration(p);
}
export async function nameIntegration(p) {
	const [domain] = (await p.get("settings/domains")).result;
	await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: INTEGRATION } });
}

// What the server finds out about an object, whenever it does.
const FOUND = ["status", "authorization", "spf_status", "dmarc_status", "emails_processed"];

// An object without that: what is left is the same until somebody changes it.
export function settled(object) {
	return Object.fromEntries(Object.entries(object).filter(([field]) => !FOUND.includes(field)));
}

// name: in the client's tree; path: in URLs; table: in the store; newer: older clients do not know it; make: the i-th object, all of them different; filters:
// [parameters, whether they find the i-th]
export const COLLECTIONS = [
	{
		name: "allowPolicies", path: "allow_policies", table: "allow_policy", order: "pattern",
		make: (i) => ({ pattern: `p${two(i)}.example`, pattern_type: "DOMAIN", is_regex: i % 4 === 0, is_trusted_sender: i % 2 === 0,
			is_acceptable_sender: i % 3 === 0, is_exempt_recipient: i % 4 === 0, verify_sender: i % 5 === 0, comments: `number ${i}` }),
		change: { comments: "changed", is_trusted_sender: true, is_regex: false, pattern_type: "EMAIL", pattern: "changed@p.example" },
		filters: [
			[{ pattern: "P07.example" }, (i) => i === 7], [{ pattern_type: "DOMAIN" }, () => true], [{ pattern_type: "IP" }, () => false],
			[{ is_trusted_sender: true }, (i) => i % 2 === 0], [{ is_acceptable_sender: true }, (i) => i % 3 === 0],
			[{ is_exempt_recipient: false }, (i) => i % 4 !== 0], [{ verify_sender: true }, (i) => i % 5 === 0],
			[{ is_sender: true }, (i) => i % 2 === 0], [{ is_spoof: true }, (i) => i % 3 === 0],
			[{ is_recipient: false }, (i) => i % 4 !== 0], [{ is_trusted_sender: true, verify_sender: true }, (i) => i % 10 === 0],
			[{ search: "NUMBER 1" }, (i) => i === 1 || teen(i)], [{ search: "p03.EX" }, (i) => i === 3],
		],
	},
	{
		name: "blockSenders", path: "block_senders", table: "block_sender", order: "pattern",
		make: (i) => ({ pattern: `b${two(i)}@evil.example`, pattern_type: "EMAIL", is_regex: false, comments: `number ${i}` }),
		change: { comments: null, is_regex: true, pattern: ".*@changed\\.example" },
		filters: [
			[{ pattern: "B07@evil.example" }, (i) => i === 7], [{ pattern_type: "EMAIL" }, () => true],
			[{ pattern_type: "UNKNOWN" }, () => false], [{ search: "b1" }, teen], [{ search: "number 3" }, (i) => i === 3],
		],
	},
	{
		name: "trustedDomains", path: "trusted_domains", table: "trusted_domain", order: "pattern",
		make: (i) => ({ pattern: `t${two(i)}.example`, is_regex: false, is_recent: i % 2 === 0, is_similarity: i % 3 === 0, comments: `number ${i}` }),
		change: { comments: "changed", is_recent: true, pattern: "changed.example" },
		filters: [
			[{ pattern: "T07.example" }, (i) => i === 7], [{ is_recent: true }, (i) => i % 2 === 0],
			[{ is_similarity: false }, (i) => i % 3 !== 0], [{ is_recent: true, is_similarity: true }, (i) => i % 6 === 0],
			[{ search: "t1" }, teen],
		],
	},
	{
		name: "impersonationRegistry", path: "impersonation_registry", table: "impersonation", order: "name", batch: false,
		make: (i) => ({ name: `Person ${two(i)}`, email: `person${two(i)}@example.test`, is_email_regex: false }),
		change: { email: "person@example.test, private@example.net", name: "Changed Person" },
		filters: [
			[{ provenance: "A1S_INTERNAL" }, () => true], [{ provenance: "SNOOPY-GOOGLE_DIRECTORY" }, () => false],
			[{ search: "pErSoN1" }, teen], [{ search: "person 05" }, (i) => i === 5],
		],
	},
	{
		name: "contentPolicies", path: "content_policies", newer: true, table: "content_policy", order: "name",
		make: (i) => ({ name: `Policy ${two(i)}`, pattern: `urgent.*verify ${i}`, enabled: i % 2 === 0,
			targets: i % 3 ? ["SUBJECT"] : ["SUBJECT", "BODY"], notes: `number ${i}` }),
		change: { notes: "changed", targets: ["BODY"], enabled: false },
		filters: [
			[{ name: "policy 07" }, (i) => i === 7], [{ enabled: true }, (i) => i % 2 === 0], [{ enabled: false }, (i) => i % 2 === 1],
			[{ search: "verify 1" }, (i) => i === 1 || teen(i)],
		],
	},
	{
		name: "sendingDomainRestrictions", path: "sending_domain_restrictions", newer: true, table: "sending_restriction", order: "domain", batch: "deletes",
		make: (i) => ({ domain: `s${two(i)}.example`, exclude: [`old.s${two(i)}.example`], comments: `number ${i}` }),
		change: { comments: "changed", exclude: [] },
		filters: [[{ search: "s1" }, teen], [{ search: "number 3" }, (i) => i === 3]],
	},
	{
		name: "urlIgnorePatterns", path: "url_ignore_patterns", newer: true, table: "url_ignore",
		make: (i) => ({ pattern: `https://u${two(i)}\\.example/.*`, comments: `number ${i}` }),
		change: { comments: "changed", pattern: "https://changed\\.example/.*" },
		filters: [],
	},
	{
		name: "domains", path: "domains", table: "domain", order: "domain", fixed: ["domain"],
		make: (i) => ({ domain: `d${two(i)}.example`, ...modes, ...(i % 2 ? { allowed_delivery_modes: ["BCC", "DIRECT"] } : {}),
			...(i % 3 ? {} : { integration_id: INTEGRATION }), transport: `mx${i}.example`, lookback_hops: 1 + (i % 20),
			folder: i % 2 ? "Inbox" : null, require_tls_inbound: i % 2 === 0, require_tls_outbound: null }),
		change: { ip_restrictions: [], lookback_hops: 20, drop_dispositions: ["SPAM", "BULK"], require_tls_outbound: true },
		replacement: { ...modes, regions: ["DE", "US"] },
		filters: [
			[{ domain: ["D07.example", "d09.example"] }, (i) => i === 7 || i === 9], [{ allowed_delivery_mode: "DIRECT" }, () => true],
			[{ allowed_delivery_mode: "BCC" }, (i) => i % 2 === 1], [{ active_delivery_mode: "DIRECT" }, (i) => i % 2 === 0],
			[{ active_delivery_mode: "JOURNAL" }, () => false], [{ integration_id: INTEGRATION }, (i) => i % 3 === 0],
			[{ status: "PENDING" }, () => true], [{ status: "FAILED" }, () => false], [{ search: "d1" }, teen],
		],
	},
];
