// Whose mail is taken: proof by DNS, what is found out about a domain, and that each of its settings, made through the
// API, acts on the very next mail. Resolvers know that .test does not exist, so names that are asked for end otherwise.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test, before, after } from "node:test";
import { Client, sendMail, outcome } from "./lib/smtp.mjs";
import { BINARY, Postern, until } from "./lib/postern.mjs";
import { Sink } from "./lib/sink.mjs";
import { plain, lure } from "./lib/mail.mjs";

let p, second;
before(async () => {
	p = await Postern.start();
	second = await Sink.start();
	p.other = p.cli("account", "add", "Other").trim();
	p.otherToken = p.secret("token", "add", "--account", p.other, "--scope", "write", "tests");
});
after(async () => {
	await second?.stop();
	await p?.stop();
});

const four = (more) => ({ allowed_delivery_modes: ["DIRECT"], drop_dispositions: [], ip_restrictions: [], regions: ["GLOBAL"], transport: `127.0.0.1:${p.sink.port}`, ...more });

// The same calls for either account.
const of = (account, token) => async (method, where, body) => {
	const url = `${p.base}/accounts/${account}/email-security/settings/domains${where}`;
	const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: body && JSON.stringify(body) });
	const text = await answer.text();
	return { status: answer.status, text, result: text ? JSON.parse(text).result : null };
};
const mine = (...call) => of(p.account, p.token)(...call);
const theirs = (...call) => of(p.other, p.otherToken)(...call);

const must = async (answer) => {
	const { status, text, result } = await answer;
	assert.ok(status < 300, `${status} ${text}`);
	return result;
};

async function rcpt(to) {
	const client = await Client.connect(p.smtpPort);
	await client.command("EHLO c.example");
	await client.command("MAIL FROM:<a@example.net>");
	const { code } = await client.command(`RCPT TO:<${to}>`);
	client.close();
	return code;
}

async function send(to, mail = plain({ to })) {
	return { ...mail, code: outcome(await sendMail(p.smtpPort, { to, mail: mail.raw })).code };
}

const arrived = (sink, id) => sink.mails.some((m) => m.raw.includes(id));

// What `domain verify` says. It waits for the DNS server that runs in this process.
const look = (name, account = p.account) => new Promise((done) =>
	execFile(BINARY, ["domain", "verify", "--account", account, name, "--config", p.config, "--data", p.data], (error, stdout) => done(stdout)));

// Looks until the answer that DNS remembers for a moment is the new one.
const verify = (name, account, says) => until(async () => (await look(name, account)).includes(says), `${name}: ${says}`);

test("a domain is authorized by the TXT record that its account alone was told, and mail is taken from then on", async () => {
	const domain = await must(mine("POST", "", four({ domain: "proved.example" })));
	assert.deepEqual([domain.status, domain.authorization.authorized], ["PENDING", false]);
	const claim = await must(theirs("POST", "", four({ domain: "proved.example", transport: `127.0.0.1:${second.port}` })));
	const challenge = await must(mine("GET", `/${domain.id}/verification`));
	const stolen = await must(theirs("GET", `/${claim.id}/verification`));
	assert.equal(challenge.txt_record_name, "_postern-challenge.proved.example");
	assert.equal(stolen.txt_record_name, challenge.txt_record_name);
	assert.notEqual(stolen.txt_record_value, challenge.txt_record_value);
	assert.match(p.cli("domain", "list", "--account", p.account), new RegExp(`^proved\\.example\t.*\tnot authorized, PENDING: _postern-challenge\\.proved\\.example TXT "${challenge.txt_record_value}"$`, "m"));
	assert.equal(await rcpt("x@proved.example"), 550);

	p.dns.records["_postern-challenge.proved.example TXT"] = ["v=spf1 -all"];
	await verify("proved.example", p.account, "FAILED: the TXT records at its verification name hold other values");
	assert.equal((await must(mine("GET", `/${domain.id}`))).status, "FAILED");
	assert.equal(await rcpt("x@proved.example"), 550);

	p.dns.records["_postern-challenge.proved.example TXT"] = ["something else", challenge.txt_record_value, stolen.txt_record_value];
	await verify("proved.example", p.account, "ACTIVE: its TXT record was seen");
	assert.equal(await rcpt("x@proved.example"), 250);
	const proved = await must(mine("GET", `/${domain.id}`));
	assert.deepEqual([proved.status, proved.authorization.authorized], ["ACTIVE", true]);
	assert.equal(proved.modified_at, domain.modified_at, "nobody has changed it");
	const checked = await must(mine("GET", `/${domain.id}/verification`));
	assert.equal(checked.status, "ACTIVE");
	assert.ok(checked.last_checked_at > domain.created_at);

	const admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "auditor");
	const audit = await (await fetch(`${p.base}/accounts/${p.account}/postern/audit?who=verification&object=${domain.id}`, { headers: { authorization: `Bearer ${admin}` } })).json();
	assert.deepEqual(audit.result.map((row) => [row.action, row.before.status, row.after.status]), [["update", "FAILED", "ACTIVE"], ["update", "PENDING", "FAILED"]]);

	// The other one has its record there, too, and it is of no use.
	await verify("proved.example", p.other, "FAILED: its TXT record was seen, but the domain is authorized in another account");
	const mail = await send("x@proved.example");
	assert.equal(mail.code, 250);
	assert.ok(arrived(p.sink, mail.id) && !arrived(second, mail.id));
	await must(mine("DELETE", `/${domain.id}`));
	assert.equal(await rcpt("x@proved.example"), 550);
	await verify("proved.example", p.other, "ACTIVE");
	assert.equal(await rcpt("x@proved.example"), 250);
});

test("asking for the verification looks again", async () => {
	const domain = await must(mine("POST", "", four({ domain: "asked.example" })));
	const challenge = await must(mine("GET", `/${domain.id}/verification`));
	assert.equal(challenge.last_checked_at, null);
	p.dns.records["_postern-challenge.asked.example TXT"] = [challenge.txt_record_value];
	await until(async () => (await must(mine("GET", `/${domain.id}/verification`))).status === "ACTIVE", "it was looked at", 25);
	assert.equal(await rcpt("x@asked.example"), 250);
});

test("a domain shows how its records fare and how much mail it had", async () => {
	p.dns.records["fares.example TXT"] = ["v=spf1 ip4:192.0.2.0/24 -all"];
	p.dns.records["_dmarc.fares.example TXT"] = ["v=DMARC1; p=reject", "v=DMARC1; p=none"];
	const domain = await must(mine("POST", "", four({ domain: "fares.example" })));
	const challenge = await must(mine("GET", `/${domain.id}/verification`));
	const shown = await until(async () => {
		const now = await must(mine("GET", `/${domain.id}`));
		return now.spf_status && now.emails_processed && now;
	}, "it was looked at");
	assert.deepEqual([shown.spf_status, shown.dmarc_status], ["good", "invalid"]);
	assert.deepEqual([shown.emails_processed.total_emails_processed, shown.emails_processed.total_emails_processed_previous], [0, 0]);
	assert.equal(shown.modified_at, domain.modified_at);
	p.dns.records["_postern-challenge.fares.example TXT"] = [challenge.txt_record_value];
	p.dns.records["fares.example TXT"] = ["v=spf1 +all"];
	p.dns.records["_dmarc.fares.example TXT"] = ["v=DMARC1; p=reject"];
	await verify("fares.example", p.account, "ACTIVE");
	for (let i = 0; i < 3; i++) assert.equal((await send("x@fares.example")).code, 250);
	const [listed] = await until(async () => {
		await look("fares.example");
		const found = await must(mine("GET", "?domain=FARES.example&status=active&allowed_delivery_mode=DIRECT"));
		return found[0].emails_processed.total_emails_processed === 3 && found[0].spf_status === "open" && found;
	}, "three mails are counted");
	assert.equal(listed.dmarc_status, "good");
});

test("what the operator vouched for is not asked for", async () => {
	p.addDomain({ name: "vouched.test" });
	const [domain] = await must(mine("GET", "?domain=vouched.test"));
	assert.equal((await mine("GET", `/${domain.id}/verification`)).status, 204);
	const said = p.tryCli("domain", "verify", "--account", p.account, "vouched.test");
	assert.deepEqual([said.status, said.stdout], [0, "ACTIVE: authorized by the operator\n"]);
});

// Each starts from a domain that is authorized and takes mail; gives its id.
async function fresh(name) {
	p.addDomain({ name });
	const [domain] = await must(mine("GET", `?domain=${name}`));
	assert.equal((await send(`x@${name}`)).code, 250);
	return domain.id;
}

test("drop_dispositions holds the next mail, and lets it pass again", async () => {
	const id = await fresh("drops.test");
	const status = async () => {
		const mail = await send("x@drops.test", lure({ to: "x@drops.test" }));
		return [(await p.found(mail.id)).is_quarantined, arrived(p.sink, mail.id)];
	};
	assert.deepEqual(await status(), [false, true]);
	await must(mine("PATCH", `/${id}`, { drop_dispositions: ["MALICIOUS", "SUSPICIOUS", "SPOOF", "SPAM", "BULK"] }));
	assert.deepEqual(await status(), [true, false]);
	await must(mine("PUT", `/${id}`, four()));
	assert.deepEqual(await status(), [false, true]);
});

test("lookback_hops says whose host it was", async () => {
	const id = await fresh("hops.test");
	const host = async () => {
		const mail = plain({ to: "x@hops.test" });
		mail.raw = Buffer.concat([Buffer.from("Received: from sender.example ([203.0.113.9]) by front.hops.test; Fri, 20 Nov 2026 10:00:00 +0000\r\n"), mail.raw]);
		await send("x@hops.test", mail);
		return (await p.found(mail.id)).smtp_helo_server_ip;
	};
	assert.equal(await host(), "127.0.0.1");
	await must(mine("PATCH", `/${id}`, { lookback_hops: 2 }));
	assert.equal(await host(), "203.0.113.9");
	await must(mine("PATCH", `/${id}`, { lookback_hops: null, transport: null }));
	assert.equal(await host(), "203.0.113.9", "null leaves it as it is");
});

test("transport is where the next mail goes", async () => {
	const id = await fresh("moves.test");
	await must(mine("PATCH", `/${id}`, { transport: `127.0.0.1:${second.port}` }));
	const mail = await send("x@moves.test");
	assert.equal(mail.code, 250);
	assert.ok(arrived(second, mail.id) && !arrived(p.sink, mail.id));
	await must(mine("PUT", `/${id}`, four({ transport: undefined })));
	assert.equal(await rcpt("x@moves.test"), 451, "a replacement without it has none");
});

test("allowed_delivery_modes, ip_restrictions and require_tls_inbound refuse the next recipient", async () => {
	const id = await fresh("strict.test");
	for (const change of [{ allowed_delivery_modes: ["BCC"] }, { ip_restrictions: ["192.0.2.0/24"] }, { require_tls_inbound: true }]) {
		await must(mine("PUT", `/${id}`, four(change)));
		assert.ok(await rcpt("x@strict.test") >= 500, JSON.stringify(change));
		await must(mine("PUT", `/${id}`, four()));
		assert.equal(await rcpt("x@strict.test"), 250);
	}
});

test("require_tls_outbound keeps the next mail from a next hop in clear", async () => {
	const id = await fresh("sealed.test");
	await must(mine("PATCH", `/${id}`, { require_tls_outbound: true }));
	const mail = await send("x@sealed.test");
	assert.ok(mail.code >= 400 && mail.code < 500, `${mail.code}`);
	assert.ok(!arrived(p.sink, mail.id));
});

test("deleted, in bulk and in a batch, it is refused", async () => {
	const ids = [await fresh("gone1.test"), await fresh("gone2.test"), await fresh("gone3.test")];
	await must(mine("DELETE", "?domain=gone1.test"));
	await must(mine("DELETE", "", { ids: [ids[1]] }));
	await must(mine("POST", "/batch", { deletes: [{ id: ids[2] }], patches: [], puts: [], posts: [] }));
	for (const n of [1, 2, 3]) assert.equal(await rcpt(`x@gone${n}.test`), 550);
});
