// The commands: their help, their errors, what they print, and that they work beside a running server.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync, rmSync, readdirSync, existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { BINARY, Postern } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

let p;
before(async () => { p = await Postern.start(); });
after(() => p?.stop());

const run = (...words) => spawnSync(BINARY, words, { encoding: "utf8" });

test("help names every command, and each has --help", () => {
	const help = run("help");
	assert.equal(help.status, 0);
	const commands = [...help.stdout.matchAll(/^ {2}(\w[\w-]*(?: \w+)?) {2,}/gm)].map((m) => m[1]);
	for (const name of ["serve", "scan", "account add", "user add", "token add", "domain add", "log", "quarantine list", "check-config", "backup", "version"])
		assert.ok(commands.includes(name), name);
	for (const name of commands) {
		const one = run(...name.split(" "), "--help");
		assert.equal(one.status, 0, name);
		assert.match(one.stdout, new RegExp(`^usage: postern ${name}\\b`), name);
		assert.match(one.stdout, /^ +--help +say how the command is used$/m, name);
		for (const line of one.stdout.split("\n")) assert.ok(line.length <= 80, line);
	}
	for (const line of help.stdout.split("\n")) assert.ok(line.length <= 80, line);
	const columns = new Set([...help.stdout.matchAll(/^ {2}[a-z-]+(?: [a-z-]+)? {2,}/gm)].map((m) => m[0].length));
	assert.equal(columns.size, 1, "summaries stand below each other");
});

test("what is not understood is 2 and says so on stderr", () => {
	for (const words of [[], ["nonsense"], ["account"], ["account", "add"], ["serve", "--nonsense"], ["token", "add", "x"]]) {
		const result = run(...words);
		assert.equal(result.status, 2, words.join(" "));
		assert.equal(result.stdout, "");
		assert.match(result.stderr, /usage: postern/);
	}
});

test("half a command shows what could follow, and a wrong word is named", () => {
	assert.match(run("user", "--help").stdout, /^usage: postern user add\|list\|delete \.\.\.\n\n {2}user add {2}/);
	assert.equal(run("user", "--help").status, 0);
	assert.doesNotMatch(run("user").stderr, /domain add/);
	assert.match(run("nonsense").stderr, /^postern: there is no command "nonsense"\n/);
	assert.match(run("user", "frob").stderr, /^postern: there is no command "user frob"\n/);
	assert.match(p.tryCli("domain", "add", "--account", "12", "--transport", "a", "b.test").stderr, /there is no account 12;/);
	assert.equal(p.tryCli("token", "add", "--account", p.account, "--scope", "all", "x").stderr, "postern token add: --scope: \"all\" is none of read write admin\n");
	for (const word of ["FOO", "NONE", "EXTERNAL", "ENCRYPTED", "UNKNOWN"]) {
		const drop = p.tryCli("domain", "add", "--account", p.account, "--transport", "a", "--drop", word, "b.test");
		assert.equal(drop.status, 1);
		assert.equal(drop.stderr, `postern domain add: --drop: "${word}" is none of BULK SPAM SPOOF SUSPICIOUS MALICIOUS MALICIOUS-BEC\n`);
	}
});

test("check-config names file and line", () => {
	const dir = mkdtempSync(path.join(os.tmpdir(), "postern-cli-"));
	const file = path.join(dir, "wrong.conf");
	writeFileSync(file, "smtp: {\n  listn = \"127.0.0.1:25\";\n};\n");
	for (const words of [["check-config"], ["serve"], ["account", "list"]]) {
		const result = run(...words, "--config", file, "--data", dir);
		assert.equal(result.status, 1, words[0]);
		assert.ok(result.stderr.includes(`${file}:2: unknown setting smtp.listn`), result.stderr);
	}
	const pem = {};
	for (const name of ["one", "two"]) {
		pem[name] = path.join(dir, `${name}.pem`);
		assert.equal(spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gw.test", "-keyout", pem[name], "-out", `${pem[name]}.crt`]).status, 0);
		appendFileSync(pem[name], readFileSync(`${pem[name]}.crt`));
	}
	for (const [text, want] of [
		["# one\nsmtp.listen = \"127.0.0.1:25\";\n", `${file}:2: syntax error; the setting a.b is written a: { b = VALUE; };`],
		[`smtp: { certificate = "${file}"; key = "${file}"; };`, `${file}:1: smtp.certificate: the certificate cannot be used`],
		[`smtp: { certificate = "${pem.one}";\nkey = "${pem.two}"; };`, `${file}:2: smtp.key: the private key cannot be used`],
		[`http: { certificate = "${pem.one}";\nkey = "${pem.two}"; };`, `${file}:2: http.key: the private key cannot be used`],
		['dns: { local_data = "/nowhere"; };', `${file}:1: dns.local_data: /nowhere: No such file`],
		[`dns: { local_data = "${file}"; };`, `${file}:1: dns.local_data: ${file}, line 1: not a resource record`],
		[`milter: { listen = "unix:${dir}/absent/milter"; };`, `${file}:1: milter.listen: the folder ${dir}/absent/ of the socket: No such file`],
		[`milter: { listen = "unix:${file}/milter"; };`, `${file}:1: milter.listen: the folder ${file}/ of the socket: Not a directory`],
		['user = "no such user";', `${file}:1: user: "no such user" does not exist`],
	]) {
		writeFileSync(file, text);
		for (const word of ["check-config", "serve"]) {
			const result = run(word, "--config", file, "--data", dir);
			assert.equal(result.status, 1, text);
			assert.ok(result.stderr.includes(want), result.stderr);
		}
	}
	assert.match(p.tryCli("check-config").stdout, /^fine: mail on .*, data in \S+\n$/);
	writeFileSync(file, `milter: { listen = "unix:${dir}/milter"; };`);
	assert.ok(run("check-config", "--config", file, "--data", dir).stdout.includes(`, milter on unix:${dir}/milter, API on `));
	const later = path.join(dir, "later");
	assert.match(run("check-config", "--data", later).stdout, new RegExp(`, data in ${later}, which does not exist yet\n$`));
	writeFileSync(file, run("check-config", "--sample").stdout);
	assert.equal(run("check-config", "--config", file).status, 0);
	assert.equal(run("check-config", "--config", path.join(dir, "absent")).status, 1);
	rmSync(dir, { recursive: true });
});

test("secrets are printed once, alone on the last line, and lists do not hold them", () => {
	const token = p.secret("token", "add", "--account", p.account, "--scope", "read", "once");
	for (const address of ["nobody", "@example.test", "a@b.example\nx", "a b@example.test", "\u00fc@example.test"])
		assert.equal(p.tryCli("user", "add", "--account", p.account, address).status, 1, address);
	const key = p.secret("user", "add", "--account", p.account, "once@example.test");
	assert.match(token, /^\S{32,}$/);
	assert.match(key, /^\S{32,}$/);
	assert.equal(p.secret("user", "add", "--account", p.account, "given@example.test", "--key", "0123456789abcdef0123"), "0123456789abcdef0123");
	const lists = p.cli("token", "list") + p.cli("user", "list");
	assert.ok(lists.includes("once") && lists.includes("given@example.test"));
	assert.ok(!lists.includes(token) && !lists.includes(key));
	for (const name of readdirSync(p.data)) assert.notEqual(spawnSync("grep", ["-rqF", token, path.join(p.data, name)]).status, 0, name);
});

test("a new token works at once, and no longer after its delete", async () => {
	const token = p.secret("token", "add", "--account", p.account, "--scope", "read", "short-lived");
	const status = async () => (await p.request("GET", "investigate", { token })).status;
	assert.equal(await status(), 200);
	const number = /^(\d+)\t.*\tshort-lived\t[0-9a-f]{32}$/m.exec(p.cli("token", "list"))[1];
	p.cli("token", "delete", "--account", p.account, number);
	assert.equal(await status(), 401);
});

test("accounts and domains come and go while the server runs", async () => {
	const id = p.cli("account", "add", "Short lived").trim();
	p.cli("domain", "add", "--account", id, "gone.test", "--transport", `127.0.0.1:${p.sink.port}`, "--mode", "DIRECT,BCC", "--drop", "SPAM");
	assert.match(p.cli("domain", "list", "--account", id), /^gone\.test\t127\.0\.0\.1:\d+\tDIRECT,BCC\tSPAM\tauthorized$/m);
	const again = p.tryCli("domain", "add", "--account", p.account, "gone.test", "--transport", "127.0.0.1:1");
	assert.equal(again.status, 1, "a domain has one owner");
	assert.ok(again.stderr.includes(`gone.test exists already, in account ${id}\n`), again.stderr);
	// Lists over all accounts say whose row it is, in the last column; lists of one account have no such column.
	const address = p.cli("address", "add", "--account", id, "copies.test").trim();
	p.cli("user", "add", "--account", id, "gone@example.test");
	p.cli("token", "add", "--account", id, "--scope", "read", "gone");
	for (const [word, start] of [["domain", "gone.test"], ["address", address], ["user", "gone@example.test"], ["token", "[0-9]+\tread\t[^\t]+\t-\tgone"]]) {
		assert.match(p.cli(word, "list"), new RegExp(`^${start}(\t[^\t\n]+)*\t${id}$`, "m"), word);
		assert.ok(!p.cli(word, "list", "--account", id).includes(id), word);
	}
	p.cli("domain", "delete", "--account", id, "gone.test");
	p.cli("account", "delete", id);
	assert.ok(!p.cli("account", "list").includes(id));
	for (const words of [["account", "delete", id], ["domain", "delete", "--account", p.account, "gone.test"], ["token", "delete", "--account", p.account, "99999"]])
		assert.match(p.tryCli(...words).stderr, /does not exist/);
	for (const words of [["domain", "add", "--account", p.account, "bad domain", "--transport", "x:1"], ["domain", "add", "--account", p.account, "ok.test", "--transport", "x:y"], ["domain", "add", "--account", p.account, "ok.test", "--transport", "x:1", "--mode", "NONSENSE"], ["token", "add", "--account", p.account, "--scope", "all", "x"], ["account", "add", "--id", "short", "x"]])
		assert.equal(p.tryCli(...words).status, 1, words.join(" "));
});

test("what is not there yet is refused by a sentence", () => {
	const direct = p.tryCli("domain", "add", "--account", p.account, "copied.test");
	assert.equal(direct.status, 1);
	assert.match(direct.stderr, /--transport HOST:PORT is needed/);
	assert.equal(p.tryCli("domain", "add", "--account", p.account, "--mode", "BCC", "copied.test").stderr, "");
	assert.equal(p.tryCli("domain", "add", "--account", p.account, "--mode", "JOURNAL", "reported.test").stderr, "");
	assert.equal(p.tryCli("domain", "add", "--account", p.account, "--mode", "API", "fetched.test").stderr, "fetched.test has no integration: its mailboxes are not watched until it is given one\n");
	assert.equal(p.tryCli("domain", "add", "--account", p.account, "--mode", "RETRO_SCAN", "past.test").stderr, "past.test gets no mail: it comes by DIRECT, BCC, JOURNAL and API only\n");
	assert.match(p.cli("domain", "list", "--account", p.account), /^copied\.test\t-\tBCC\t-\tauthorized$/m);
});

test("the operator authorizes a domain that was made by the API", async () => {
	const body = { domain: "later.test", allowed_delivery_modes: ["DIRECT"], drop_dispositions: ["SPAM"], ip_restrictions: [], regions: ["GLOBAL"] };
	const made = (await p.request("POST", "settings/domains", { body })).body.result;
	assert.equal(made.authorization.authorized, false);
	assert.match(made.authorization.status_message, /postern domain authorize --account ID DOMAIN/);
	const send = async () => outcome(await sendMail(p.smtpPort, { to: "user@later.test", mail: plain({ to: "user@later.test" }).raw }));
	assert.equal((await send()).code, 550);
	const again = p.tryCli("domain", "add", "--account", p.account, "later.test", "--transport", "127.0.0.1:1");
	assert.match(again.stderr, /later\.test exists already, in this account, [0-9a-f]{32}, and is not authorized: see `postern domain authorize`\n/);
	const other = p.cli("account", "add", "Another").trim();
	assert.match(p.tryCli("domain", "authorize", "--account", other, "later.test").stderr, /later\.test does not exist/);
	const authorized = p.tryCli("domain", "authorize", "--account", p.account, "later.test");
	assert.equal(authorized.status, 0, authorized.stderr);
	assert.match(authorized.stderr, /^later\.test has no next hop/);
	assert.equal((await send()).code, 451);
	const changed = await p.request("PATCH", `settings/domains/${made.id}`, { body: { transport: `127.0.0.1:${p.sink.port}` } });
	assert.equal(changed.status, 200);
	const now = (await p.get(`settings/domains/${made.id}`)).result;
	assert.deepEqual([now.status, now.authorization.authorized, now.authorization.status_message], ["ACTIVE", true, "authorized by the operator"]);
	assert.deepEqual(now.drop_dispositions, ["SPAM"], "all else stays");
	assert.equal((await send()).code, 250);
	assert.equal(p.tryCli("domain", "authorize", "--account", p.account, "later.test").stderr, "", "once is enough");
});

test("domain set changes what its options name, and nothing else", async () => {
	p.cli("domain", "add", "--account", p.account, "set.test", "--transport", "127.0.0.1:1", "--drop", "SPAM", "--from", "127.0.0.0/8, 2001:db8::/32", "--hops", "2", "--tls-inbound", "yes");
	const set = (...options) => p.tryCli("domain", "set", "--account", p.account, "set.test", ...options);
	const shown = async () => (await p.get("settings/domains", { domain: "set.test" })).result[0];
	const before = await shown();
	assert.deepEqual([before.ip_restrictions, before.lookback_hops, before.require_tls_inbound, before.require_tls_outbound], [["127.0.0.0/8", "2001:db8::/32"], 2, true, null]);
	const cases = [
		[["--transport", "[mx.set.test]:2525"], { transport: "[mx.set.test]:2525" }],
		[["--mode", "bcc,DIRECT"], { allowed_delivery_modes: ["BCC", "DIRECT"] }],
		[["--drop", "MALICIOUS,SPOOF,MALICIOUS"], { drop_dispositions: ["MALICIOUS", "SPOOF"] }],
		[["--drop", ""], { drop_dispositions: [] }],
		[["--from", ""], { ip_restrictions: [] }],
		[["--hops", "20", "--tls-inbound", "no", "--tls-outbound", "YES"], { lookback_hops: 20, require_tls_inbound: false, require_tls_outbound: true }],
	];
	let want = before;
	for (const [options, change] of cases) {
		const result = set(...options);
		assert.deepEqual([result.status, result.stderr], [0, ""], options.join(" "));
		const now = await shown();
		want = { ...want, ...change };
		for (const key of ["modified_at", "last_modified", "spf_status", "dmarc_status", "emails_processed"]) want[key] = now[key];
		assert.deepEqual(now, want);
		assert.ok(now.modified_at > before.modified_at);
	}
	for (const [options, says] of [
		[["--hops", "21"], "--hops: a number from 1 to 20"],
		[["--hops", "two"], "--hops: a number from 1 to 20"],
		[["--tls-inbound", "maybe"], "--tls-inbound: yes or no"],
		[["--mode", ""], "--mode: at least one is needed"],
		[["--mode", "SIMULATION_SUBMISSION"], '--mode: "SIMULATION_SUBMISSION" is none of DIRECT BCC JOURNAL API RETRO_SCAN'],
		[["--from", "127.0.0.1/8"], "ip_restrictions must hold addresses or CIDR blocks without host bits"],
		[["--transport", "a b"], "--transport must be host, host:port or [host]:port"],
	]) {
		const result = set("--drop", "SPAM", ...options);
		assert.deepEqual([result.status, result.stderr], [1, `postern domain set: ${says}\n`]);
	}
	assert.deepEqual((await shown()).drop_dispositions, [], "a command that is refused changes nothing");
	assert.equal(set("--transport", "").stderr, "set.test has no next hop: its mail gets 451 until it is set a transport\n");
	assert.match(p.tryCli("domain", "set", "--account", p.account, "unknown.test", "--hops", "2").stderr, /unknown\.test does not exist/);
});

test("a mail is shown as it came, byte for byte", async () => {
	const mail = lure();
	const raw = Buffer.concat([Buffer.from(mail.raw), Buffer.from("\r\n8 bit: \xe4\xf6\xfc \x80\xff, no dot: .\r\n", "latin1")]);
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: raw })).code, 250);
	const { postfix_id: id } = await p.found(mail.id);
	const show = (...words) => spawnSync(BINARY, ["quarantine", "show", ...words, "--config", p.config, "--data", p.data]);
	for (const words of [[id], [id, "--account", p.account]]) {
		const shown = show(...words);
		assert.equal(shown.status, 0, shown.stderr.toString());
		assert.ok(shown.stdout.equals(raw));
	}
	const other = p.cli("account", "add", "Stranger").trim();
	for (const words of [["5BL5wP0y71z32RkQ"], [id, "--account", other]]) {
		const shown = show(...words);
		assert.equal(shown.status, 1);
		assert.equal(shown.stdout.length, 0);
		assert.match(shown.stderr.toString(), /there is no message/);
	}
	// The log names the account, unless one was asked for.
	assert.match(p.cli("log"), new RegExp(`\t${id}\t.*\t${p.account}$`, "m"));
	assert.match(p.cli("log", "--account", p.account), new RegExp(`\t${id}\t`));
	assert.doesNotMatch(p.cli("log", "--account", p.account), new RegExp(p.account));
	assert.equal(p.cli("log", "--account", other), "");
});

test("scan explains a file without server and store", () => {
	const dir = mkdtempSync(path.join(os.tmpdir(), "postern-cli-"));
	writeFileSync(path.join(dir, "lure.eml"), lure().raw);
	writeFileSync(path.join(dir, "plain.eml"), plain().raw);
	const result = run("scan", "--json", dir);
	assert.equal(result.status, 0, result.stderr);
	const rows = result.stdout.trim().split("\n").map((line) => JSON.parse(line));
	assert.equal(rows.length, 2);
	for (const row of rows) {
		assert.deepEqual(Object.keys(row).sort(), ["cpu_us", "detections", "elapsed_us", "message", "path"]);
		const clean = row.path.endsWith("plain.eml");
		assert.equal(row.message.final_disposition === "NONE", clean, row.path);
		assert.equal(row.detections.findings.length === 0, clean, row.path);
	}
	assert.match(run("scan", path.join(dir, "lure.eml")).stdout, /[A-Z]{4,}/);
	rmSync(dir, { recursive: true });
});

test("a store has one server", () => {
	const second = p.tryCli("serve", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0");
	assert.equal(second.status, 1);
	assert.match(second.stderr, /is served by another server/);
});

test("a backup made while the server runs is a store that serves", async () => {
	const mail = lure();
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250);
	await p.found(mail.id);
	const to = path.join(p.dir, "data", "..", "copy");
	const made = p.tryCli("backup", to);
	assert.equal(made.status, 0, made.stderr);
	assert.ok(existsSync(path.join(to, "messages.db")));
	const again = p.tryCli("backup", to);
	assert.equal(again.status, 1, "an existing directory is left alone");
	assert.match(again.stderr, /copy exists already/);
	assert.ok(existsSync(path.join(to, "messages.db")));
	const listed = spawnSync(BINARY, ["log", "--data", to, "--config", p.config], { encoding: "utf8" });
	assert.equal(listed.stderr, "");
	assert.match(listed.stdout, /URGENT: verify/);
});

test("a backup without the secret opens when that is put back, and not before", async () => {
	const to = path.join(p.dir, "bare");
	p.cli("backup", "--without-secret", to);
	assert.ok(!existsSync(path.join(to, "secret")));
	const open = (...words) => spawnSync(BINARY, [...words, "--data", to, "--config", p.config], { encoding: "utf8" });
	for (const words of [["log"], ["account", "add", "x"]]) {
		const refused = open(...words);
		assert.equal(refused.status, 1, words[0]);
		assert.match(refused.stderr, /bare\/secret/);
	}
	copyFileSync(path.join(p.data, "secret"), path.join(to, "secret"));
	if (process.getuid() === 0) spawnSync("chown", ["--reference", path.join(to, "messages.db"), path.join(to, "secret")]);
	assert.match(open("log").stdout, /URGENT: verify/);
});

test("a backup that cannot be made says why and leaves nothing", () => {
	const shut = path.join(p.dir, "shut");
	mkdirSync(shut, { mode: 0o700 });
	const cases = [[path.join(p.dir, "nowhere", "copy"), /cannot make .*No such file or directory/]];
	if (process.getuid() === 0) cases.push([path.join(shut, "copy"), /copy cannot be reached: user \d+ may not enter .*shut\n/]);
	for (const [to, why] of cases) {
		const made = p.tryCli("backup", to);
		assert.equal(made.status, 1);
		assert.match(made.stderr, why);
		assert.ok(!existsSync(to), to);
	}
	// A disk that is full half way.
	const to = path.join(p.dir, "half");
	const made = spawnSync("sh", ["-c", 'trap "" XFSZ; ulimit -f 70; exec "$0" "$@"', BINARY, "backup", to, "--config", p.config, "--data", p.data], { encoding: "utf8" });
	assert.equal(made.status, 1);
	assert.match(made.stderr, /half: the copy could not be finished: File too large/);
	assert.ok(!existsSync(to));
});

test("root is told which directory keeps the owner of a store from it", { skip: process.getuid() !== 0 }, () => {
	const shut = path.join(p.dir, "shut2");
	mkdirSync(path.join(shut, "data"), { recursive: true });
	spawnSync("chown", ["60810:60810", path.join(shut, "data")]);
	spawnSync("chmod", ["700", shut]);
	for (const words of [["account", "list"], ["serve", "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0"]]) {
		const result = run(...words, "--data", path.join(shut, "data"));
		assert.equal(result.status, 1, words[0]);
		assert.ok(result.stderr.includes(`data cannot be reached: user 60810 may not enter ${shut}\n`), result.stderr);
	}
});
