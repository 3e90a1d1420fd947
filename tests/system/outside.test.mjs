// What the operator lets a scan ask of others: each answers, refuses, is silent or gone, and mail goes on.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { test, before, after } from "node:test";
import { mmdb } from "./lib/mmdb.mjs";
import { BINARY, Postern, SLOW, until } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";

// A clamd that knows one virus, and says what it is told for the rest. It reads its socket as slowly as it likes.
const clamd = {
	says: "stream: OK", // null: nothing
	asked: 0,
	async start(where) {
		this.sockets = new Set();
		this.server = net.createServer((socket) => this.serve(socket)).listen(where);
		await once(this.server, "listening");
		if (typeof where === "string") chmodSync(where, 0o666);
	},
	serve(socket) {
		let all = Buffer.alloc(0);
		this.sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => this.sockets.delete(socket));
		socket.on("data", (bytes) => {
			all = Buffer.concat([all, bytes]);
			if (all.length < 4 || all.readUInt32BE(all.length - 4) !== 0) return;
			this.asked++;
			assert.equal(all.subarray(0, 10).toString("latin1"), "zINSTREAM\0");
			const mail = [];
			for (let at = 10, n; (n = all.readUInt32BE(at)) > 0; at += 4 + n) mail.push(all.subarray(at + 4, at + 4 + n));
			this.mail = Buffer.concat(mail);
			const says = this.mail.includes("X5O!P%@AP") ? "stream: Eicar-Test-Signature FOUND" : this.says;
			if (says) socket.end(`${says}\0`);
		});
	},
	async stop() {
		for (const socket of this.sockets) socket.destroy();
		this.server.close();
		await once(this.server, "close");
	},
};

const rule = (name, text, severity) => `import "pe"\nimport "hash"\nrule ${name} { meta: description = "has ${text}" severity = "${severity}"
	strings: $a = "${text}" condition: $a and not defined pe.number_of_sections and hash.md5(0, filesize) != "" }\n`;

// A registry: says when a domain was registered, or what `answer` does.
const registry = {
	asked: [],
	async start() {
		this.server = http.createServer((request, response) => {
			const domain = request.url.replace("/rdap/domain/", "");
			this.asked.push(domain);
			this.answer(domain, response);
		}).listen(0, "127.0.0.1");
		await once(this.server, "listening");
		return `http://127.0.0.1:${this.server.address().port}/rdap/`;
	},
	answer(domain, response, days = 2.5) {
		const date = new Date(Date.now() - days * 86_400_000).toISOString();
		response.setHeader("Content-Type", "application/rdap+json");
		response.end(JSON.stringify({ objectClassName: "domain", events: [{ eventAction: "last changed", eventDate: date }, { eventAction: "registration", eventDate: date }] }));
	},
};

let p, socket, places, countries, rules;
before(async () => {
	const dir = mkdtempSync(path.join(os.tmpdir(), "postern-"));
	socket = path.join(dir, "clamd.sock");
	await clamd.start(socket);
	places = { asn: path.join(dir, "asn.mmdb"), country: path.join(dir, "country.mmdb") };
	writeFileSync(places.asn, mmdb([["198.51.100.0/22", { autonomous_system_number: 64500, autonomous_system_organization: "Example Net" }]]));
	countries = mmdb([["198.51.101.0/24", { country: { iso_code: "US" }, subdivisions: [{ iso_code: "CA" }] }]]);
	writeFileSync(places.country, countries);
	const bootstrap = path.join(dir, "dns.json");
	writeFileSync(bootstrap, JSON.stringify({ services: [[["young", "slow"], [await registry.start()]], [["dead"], ["http://127.0.0.1:1/"]]] }));
	rules = path.join(dir, "rules");
	mkdirSync(rules);
	writeFileSync(path.join(rules, "a.yar"), rule("One", "needle-one", "critical"));
	p = await Postern.start({
		dir,
		settings: {
			places,
			yara: { rules },
			ages: { bootstrap, timeout_s: 1, per_minute: 8 },
			clamd: { socket, size_mb: 1, timeout_s: 1 },
			lists: { addresses: "hosts.example=127.0.0.2-9/0.6", domains: "dbl.spamhaus.org gone.example", timeout_s: 1 },
		},
		records: {
			"7.101.51.198.hosts.example A": ["127.0.0.3"],
			"8.101.51.198.hosts.example A": ["127.255.255.254"],
			"bad.test.dbl.spamhaus.org A": ["127.0.1.4"],
		},
	});
	p.cli("domain", "set", "--account", p.account, "example.test", "--hops", "2");
	p.dns.silent = /gone\.example$/;
});
after(async () => {
	await p?.stop();
	await clamd.stop();
	registry.server.closeAllConnections?.();
	registry.server.close();
});

// Sends a mail that came by that host, and gives its detections or message.
async function judged(options) {
	const mail = plain(options);
	const begin = Date.now();
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", mail: mail.raw })).code, 250);
	const ms = Date.now() - begin;
	return { ms, message: await p.found(mail.id) };
}
const found = (message, name) => message.findings.find((f) => f.name === name);
const by = (ip) => ({ headers: `Received: from mx.example.net ([${ip}]) by gw2.example.test with ESMTP; Fri, 20 Nov 2026 10:00:00 +0000\n` });

test("a host on a list is told with the list and its code", async () => {
	const { message } = await judged(by("198.51.101.7"));
	const f = found(message, "listed.host");
	assert.equal(f?.detail, "198.51.101[dot]7: hosts[dot]example says 127.0.0[dot]3");
	assert.equal(f.score, 0.6);
	assert.equal(found((await judged(by("198.51.101.9"))).message, "listed.host"), undefined);
});

test("a link to a listed domain makes a mail suspicious, though another list never answers", async () => {
	const { message, ms } = await judged({ body: "See https://www.bad.test/a for it.\n" });
	assert.equal(found(message, "listed.link")?.detail, "bad[dot]test: dbl.spamhaus[dot]org says 127.0.1[dot]4");
	assert.notEqual(message.final_disposition, "NONE");
	assert.ok(ms < 4000 * SLOW, `${ms} ms`);
});

test("a silent list is left alone after a few questions, and mail does not wait for it any more", async () => {
	for (let i = 0; !p.log.includes("event=list_silent"); i++) {
		assert.ok(i < 10, p.log);
		await judged({ body: `See https://a${i}.test/ and https://b${i}.test/ for it.\n` });
	}
	const asked = p.dns.asked;
	const { ms } = await judged({ body: "See https://other.test/ for it.\n" });
	assert.ok(ms < 900 * SLOW, `${ms} ms`);
	assert.ok(p.dns.asked > asked);
});

test("a list that refuses us is no hit, and is told once", async () => {
	for (let i = 0; i < 2; i++) assert.equal(found((await judged(by("198.51.101.8"))).message, "listed.host"), undefined);
	assert.equal(p.complaints.filter((l) => /event=list_refuses list="hosts.example" code="127.255.255.254"/.test(l)).length, 1, p.log);
	assert.equal(found((await judged(by("198.51.101.7"))).message, "listed.host"), undefined, "it is not asked any more");
});

test("a setting that names no list is told with its line", () => {
	const before = p.settings.lists;
	p.settings.lists = { addresses: "localhost" };
	p.writeConfig();
	const { status, stderr } = p.tryCli("check-config");
	assert.equal(status, 1, stderr);
	assert.match(stderr, /postern\.conf:\d+: lists\.addresses: "localhost" is not ZONE\[=CODES\]\[\/WEIGHT\]/);
	p.settings.lists = before;
	p.writeConfig();
});

const EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

test("clamd is given the mail as it came, and what it knows is malicious", async () => {
	const { message } = await judged({ body: `${EICAR}\n` });
	const f = found(message, "virus.malware");
	assert.deepEqual([f?.value, f?.detail, f?.score, message.final_disposition], ["Eicar-Test-Signature", "clamd says Eicar-Test-Signature", 1, "MALICIOUS"]);
	assert.match(clamd.mail.toString("latin1"), /^From: [^]*EICAR-STANDARD[^]*\r\n$/);
	assert.equal((await judged({})).message.findings.filter((x) => x.name.startsWith("virus")).length, 0);
});

test("large mails go to clamd whole, and those beyond the setting not at all", async () => {
	const asked = clamd.asked;
	const line = `all was agreed and nothing was left open\n`;
	await judged({ body: line.repeat(15_000) });
	assert.equal(clamd.asked, asked + 1);
	assert.ok(clamd.mail.length > 600_000, `${clamd.mail.length}`);
	await judged({ body: line.repeat(40_000) });
	assert.equal(clamd.asked, asked + 1);
	assert.match(p.log, /event=clamd_not_asked/);
});

test("a clamd that is silent, talks nonsense, refuses or is gone holds no mail and finds nothing", async () => {
	for (const says of [null, "stream: \u0007 FOUND", "hello", "INSTREAM size limit exceeded. ERROR"]) {
		clamd.says = says;
		const { message, ms } = await judged({});
		assert.deepEqual(message.findings.filter((f) => f.name.startsWith("virus")), []);
		assert.ok(ms < 3500 * SLOW, `${ms} ms`);
	}
	assert.match(p.log, /event=clamd_failed clamd="[^"]*clamd.sock" why="it does not answer in time"/);
	clamd.says = "stream: OK";
	await clamd.stop();
	for (let i = 0; i < 3; i++) await judged({});
	assert.equal(p.complaints.filter((l) => /clamd_failed/.test(l)).length, 1, "not a line for each mail");
	await clamd.start(socket);
	await until(async () => found((await judged({ body: `${EICAR}\n` })).message, "virus.malware"), "clamd is asked again", 20);
	assert.match(p.log, /event=clamd_answers/);
});

test("a clamd that is neither a path nor an address is told", () => {
	const before = p.settings.clamd;
	for (const socket of ["localhost:3310", "127.0.0.1", "*:3310"]) {
		p.settings.clamd = { socket };
		p.writeConfig();
		assert.match(p.tryCli("check-config").stderr, /postern\.conf:\d+: clamd\.socket: ".*" is neither a path nor ADDR:PORT/);
	}
	p.settings.clamd = before;
	p.writeConfig();
});

test("whose the host is and where is told in the API and by postern scan, and databases are read anew by a reload", async () => {
	const file = path.join(p.dir, "one.eml");
	writeFileSync(file, plain({ ...by("198.51.101.7"), subject: "Viagra" }).raw);
	const lure = { headers: by("198.51.101.7").headers, body: "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click here.\n" };
	const told = async () => (await p.get(`investigate/${(await judged(lure)).message.id}/detections`)).result.sender_info;
	assert.deepEqual(await told(), { as_name: "Example Net", as_number: 64500, geo: "US/CA/-", ip: "198.51.101.7", pld: "example.net" });
	const said = p.tryCli("scan", file);
	assert.match(said.stdout, /^ {2}host {5}198\.51\.101\.7 handed it over \(so its Received fields say\), AS64500 Example Net, US\/CA\/-$/m);
	// Without --config nothing is known of it.
	const bare = spawnSync(BINARY, ["scan", file], { encoding: "utf8" });
	assert.match(bare.stdout, /^ {2}host {5}198\.51\.101\.7 handed it over \(so its Received fields say\)$/m);
	writeFileSync(places.asn, mmdb([["198.51.101.7/32", { asn: "AS65000", as_name: "Other Net" }]]));
	p.process.kill("SIGHUP");
	await until(async () => (await told()).as_number === 65000, "the new database is used");
	writeFileSync(places.country, "no database");
	p.process.kill("SIGHUP");
	await until(() => /event=reload_failed .*postern\.conf:\d+: places\.country: .*country\.mmdb: /.test(p.log), "the reload is refused");
	assert.equal((await told()).geo, "US/CA/-");
	writeFileSync(places.country, countries);
});

test("YARA rules are asked in the sealed worker, and read anew by a reload unless they are wrong", async () => {
	const attached = (text) => ({
		headers: 'Content-Type: multipart/mixed; boundary="x"\n',
		body: `--x\nContent-Type: text/plain\n\nThe list is attached.\n--x\nContent-Type: application/octet-stream; name="list.bin"\nContent-Transfer-Encoding: base64\n` +
			`Content-Disposition: attachment; filename="list.bin"\n\n${Buffer.from(`MZ ${text}`).toString("base64")}\n--x--\n`,
	});
	const one = (await judged(attached("needle-one"))).message;
	assert.equal(one.final_disposition, "MALICIOUS");
	assert.deepEqual([found(one, "yara.match")?.value, found(one, "yara.match").detail, found(one, "yara.match").attachment],
		["One", "rule One: has needle-one; first match $a at byte 3", "list.bin"]);
	assert.equal(found((await judged(attached("needle-two"))).message, "yara.match"), undefined);
	assert.equal(p.complaints.filter((l) => /scan_try_failed/.test(l)).length, 0, p.log);
	const file = path.join(p.dir, "two.eml");
	writeFileSync(file, plain(attached("needle-one")).raw);
	assert.match(p.tryCli("scan", file).stdout, /rule One: has needle-one/);
	// Slow: a rule that looks at every byte again and again is stopped, and told.
	writeFileSync(path.join(rules, "b.yar"), rule("Two", "needle-two", "low") +
		"rule Slow { condition: for all i in (0..1000000000) : (for any k in (0..100) : (k == 1)) }\n");
	p.process.kill("SIGHUP");
	const two = await until(async () => {
		const { message } = await judged(attached("needle-two"));
		return found(message, "yara.unfinished") && message;
	}, "the new rules are used", 40);
	assert.deepEqual(two.delivery_status, ["delivered"]);
	writeFileSync(path.join(rules, "b.yar"), "rule {");
	p.process.kill("SIGHUP");
	await until(() => /event=reload_failed .*postern\.conf:\d+: yara\.rules: .*b\.yar, line 1: /.test(p.log), "the reload is refused");
	rmSync(path.join(rules, "b.yar"));
	p.process.kill("SIGHUP");
	await until(async () => !found((await judged(attached("needle-two"))).message, "yara.unfinished"), "it is gone", 40);
});

test("how old a domain is its registry is asked once, and a mail tells", async () => {
	const link = (host) => ({ body: `See https://www.${host}/a for it.\n` });
	for (let i = 0; i < 2; i++) {
		const { message } = await judged(link("shop.young"));
		assert.equal(found(message, "new_domain.registered_link")?.detail, "shop[dot]young was registered 2 days before");
		assert.equal(found(message, "new_domain.registered_link").score, 0.6);
	}
	assert.deepEqual(registry.asked, ["shop.young"]);
	// Of whom nobody knows nobody is asked, and a dead server is told and left alone.
	assert.equal(found((await judged(link("shop.example"))).message, "new_domain.registered_link"), undefined);
	for (const host of ["a.dead", "b.dead"]) assert.equal(found((await judged(link(host))).message, "new_domain.registered_link"), undefined);
	assert.equal(p.complaints.filter((l) => /event=rdap_failed server="http:\/\/127.0.0.1:1\/"/.test(l)).length, 1, p.log);
});

test("a registry that is slow keeps no mail waiting, and the next mail knows; many questions are not asked", async () => {
	const link = (host) => ({ body: `See https://www.${host}/a for it.\n` });
	const { answer } = registry;
	registry.answer = (domain, response) => setTimeout(() => answer(domain, response, 20), 2500);
	const { message, ms } = await judged(link("shop.slow"));
	assert.equal(found(message, "new_domain.registered_link"), undefined);
	assert.ok(ms < 2400 * SLOW, `${ms} ms`);
	await until(async () => found((await judged(link("shop.slow"))).message, "new_domain.registered_link")?.score === 0.3, "the next mail knows");
	assert.deepEqual(registry.asked.filter((d) => d === "shop.slow"), ["shop.slow"]);
	registry.answer = answer;
	await judged({ body: Array.from({ length: 5 }, (_, i) => `https://many${i}.young/ `).join("") });
	await judged({ body: Array.from({ length: 5 }, (_, i) => `https://more${i}.young/ `).join("") });
	assert.match(p.log, /event=ages_limited per_minute=8/);
	assert.ok(registry.asked.length <= 16, `${registry.asked}`);
});

test("what a restart finds it need not ask", async () => {
	const asked = registry.asked.length;
	p.process.kill("SIGTERM");
	await p.restart();
	assert.ok(found((await judged({ body: "See https://www.shop.young/a for it.\n" })).message, "new_domain.registered_link"));
	assert.equal(registry.asked.length, asked);
});
