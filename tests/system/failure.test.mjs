// What happens when parts die: no mail that was answered 250 may be lost, and none may be done twice.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, chmodSync, readFileSync, readdirSync, renameSync, writeFileSync, rmSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { test, before, after } from "node:test";
import { Client, sendMail, outcome } from "./lib/smtp.mjs";
import { Mta } from "./lib/mta.mjs";
import { BINARY, Postern, SLOW, freePort, until, wait } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

let p;
before(async () => {
	p = await Postern.start({ domains: [{ name: "example.test" }, { name: "held.test", drop: "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK" }],
		settings: { relay: { timeout_s: 2, end_timeout_s: 2 }, scan: { timeout_s: 3 * SLOW, dns_timeout_s: 2 * SLOW } } });
});
after(() => p?.stop());

test("the supervisor killed: everything ends, and a new one goes on with the same store", async () => {
	const held = lure({ to: "user@held.test" });
	assert.equal(outcome(await sendMail(p.smtpPort, { to: "user@held.test", mail: held.raw })).code, 250);
	const pids = Object.values(p.roles()).flat();
	p.process.kill("SIGKILL");
	await p.exited;
	const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
	await until(() => !pids.some(alive), "all processes are gone");
	await p.serve();
	assert.equal((await p.found(held.id)).is_quarantined, true);
});

test("a mail for which there is no room gets 4xx, and the log says so", async () => {
	const spool = path.join(p.data, "spool");
	renameSync(spool, `${spool}-away`);
	try {
		const mail = plain({ body: "a mail too large for memory\n".repeat(60_000) });
		assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 451);
		await until(() => /event=refused code=451 why="store"/.test(p.log), "it stands in the log");
	} finally {
		renameSync(`${spool}-away`, spool);
	}
});

test("SIGTERM lets the mail in hand end and refuses new ones", async () => {
	p.sink.behave = { };
	p.sink.behave.delayMs = 500;
	const mail = plain();
	const sending = sendMail(p.smtpPort, { mail: mail.raw });
	await wait(200);
	const ended = p.terminate();
	assert.equal(outcome(await sending).code, 250);
	assert.equal(await ended, 0);
	p.sink.behave = {};
	assert.equal(p.sink.mails.filter((m) => m.raw.includes(mail.id)).length, 1);
	await p.serve();
	assert.deepEqual((await p.found(mail.id)).delivery_status, ["delivered"]);
});

test("SIGHUP takes a new configuration and lets the mail in hand end", async () => {
	p.sink.behave = { delayMs: 800 };
	const mail = plain();
	const sending = sendMail(p.smtpPort, { mail: mail.raw });
	await until(() => p.sink.sockets.size > 0, "the mail is in hand");
	await wait(100);
	p.settings = { ...p.settings, smtp: { message_size: 1_000_000 } };
	p.writeConfig();
	p.process.kill("SIGHUP");
	await until(async () => {
		const probe = await Client.connect(p.smtpPort).catch(() => null);
		if (!probe) return false;
		const ehlo = await probe.command("EHLO c.example");
		probe.close();
		return /SIZE 1000000$/m.test(ehlo.text);
	}, "the new limit is announced");
	assert.equal(outcome(await sending).code, 250);
	p.sink.behave = {};
	assert.deepEqual((await p.found(mail.id)).delivery_status, ["delivered"]);
});

test("SIGHUP turns no sender away, at whatever moment it comes", async () => {
	const codes = [];
	let ending = false;
	const senders = Array.from({ length: 6 }, async () => {
		while (!ending) codes.push(outcome(await sendMail(p.smtpPort, { mail: plain().raw }).catch((error) => ({ error }))).code);
	});
	for (let i = 0; i < 4; i++) {
		const [before] = p.roles().intake, from = codes.length;
		p.process.kill("SIGHUP");
		await until(() => p.roles().intake?.length === 1 && p.roles().intake[0] !== before && codes.length > from + 20, "another process takes mail");
	}
	ending = true;
	await Promise.all(senders);
	assert.deepEqual([...new Set(codes)], [250]);
});

test("SIGHUP cuts off no client of the API that keeps its connection", async () => {
	const seen = new Set();
	let n = 0, ending = false;
	const ask = async (agent) => {
		const asked = http.get({ host: "127.0.0.1", port: p.httpPort, agent, headers: { authorization: `Bearer ${p.token}` },
			path: `/accounts/${p.account}/email-security/settings/domains` });
		const [answer] = await once(asked, "response");
		await once(answer.resume(), "end");
		return answer.statusCode;
	};
	const clients = Array.from({ length: 8 }, async () => {
		const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
		for (; !ending; n++) seen.add(await ask(agent).catch((error) => error.code));
		agent.destroy();
	});
	for (let i = 0; i < 3; i++) {
		const [before] = p.roles().api, from = n;
		p.process.kill("SIGHUP");
		await until(() => !(p.roles().api ?? [before]).includes(before) && n > from + 100, "another process answers");
	}
	ending = true;
	await Promise.all(clients);
	assert.deepEqual([...seen], [200]);
});

const signalAll = (role, signal) => {
	for (const pid of p.roles()[role] ?? [])
		try {
			process.kill(pid, signal);
		} catch (error) {
			if (error.code !== "ESRCH") throw error; // it ended by itself meanwhile
		}
};

for (const [what, signal] of Object.entries({ "kills": "SIGKILL", "hangs": "SIGSTOP" })) {
	test(`a mail that ${what} two workers is held with scan_failed, and the next one is scanned`, async (t) => {
		const from = `x@${what}.example`;
		const mail = plain({ from });
		const { asked } = p.dns;
		p.dns.silent = /kills|hangs/;
		const sending = sendMail(p.smtpPort, { from, mail: mail.raw });
		await until(() => p.dns.asked > asked, "a worker has it and waits for DNS");
		for (let i = 0; i < 2; i++) {
			const before = p.complaints.length;
			signalAll("scan", signal);
			await until(() => p.complaints.slice(before).some((l) => l.includes("event=scan_try_failed")), "the try failed");
			await wait(300 * SLOW); // until the next one has it
		}
		assert.equal(outcome(await sending).code, 250);
		p.dns.silent = null;
		signalAll("scan", "SIGCONT");
		// Nobody has read it, so only its envelope tells it.
		const [message, ...more] = (await p.get("investigate", { sender: from })).result;
		assert.equal(more.length, 0);
		assert.equal(message.final_disposition, "UNKNOWN");
		assert.equal(message.is_quarantined, true, "held where nothing else is");
		assert.deepEqual(message.delivery_status, ["quarantined"]);
		assert.deepEqual(message.findings.map((f) => f.name), ["scan_failed"]);
		assert.ok(message.findings[0].reason);
		assert.ok(!p.sink.mails.some((m) => m.raw.includes(mail.id)), "it was not passed on");
		const { raw } = (await p.get(`investigate/${encodeURIComponent(message.postfix_id)}/raw`)).result;
		assert.equal(raw, mail.raw.toString());
		t.diagnostic(message.findings[0].detail);
		// Its sender did not hear our answer and comes again, when it could be read: it is the same mail, and held.
		assert.equal(outcome(await sendMail(p.smtpPort, { from, mail: mail.raw })).code, 250);
		assert.deepEqual((await p.get("investigate", { sender: from })).result.map((m) => m.id), [message.id]);
		assert.ok(!p.sink.mails.some((m) => m.raw.includes(mail.id)), "a resend was passed on");
		const next = plain();
		assert.equal(outcome(await sendMail(p.smtpPort, { mail: next.raw })).code, 250);
		assert.equal((await p.found(next.id)).final_disposition, "NONE");
	});
}

// What a next hop may do at each step, and the class of the answer to our client.
const steps = ["mail", "rcpt", "data", "end"];
const troubles = {
	"4xx": [() => "450 4.2.0 Not now", 4],
	"421": [() => "421 4.3.2 Going down", 4],
	"5xx": [() => "550 5.7.1 Never", 5],
	silence: [() => null, 4],
};

for (const [trouble, [behaviour, expected]] of Object.entries(troubles)) {
	test(`a next hop's ${trouble} at any step becomes ${expected}xx, and mail flows after it`, async () => {
		for (const step of steps) {
			const mail = plain();
			p.sink.behave = { [step]: behaviour };
			const { code, text } = outcome(await sendMail(p.smtpPort, { mail: mail.raw }));
			p.sink.behave = {};
			assert.equal(Math.floor(code / 100), expected, `${step}: ${code} ${text}`);
			assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250, step);
			assert.equal(p.sink.mails.filter((m) => m.raw.includes(mail.id)).length, 1, step);
			assert.deepEqual((await p.find(mail.id)).map((m) => m.is_quarantined), [false], step);
		}
	});
}

const isLater = (attempt) => Math.floor(attempt.code / 100) === 4;

test("a next hop that is stopped under load gives 4xx only, and goes on where it was", async () => {
	const dir = mkdtempSync(path.join(os.tmpdir(), "postern-sink-"));
	const port = await freePort();
	const hop = spawn(BINARY, ["sink", "--listen", `127.0.0.1:${port}`, "--dir", dir], { stdio: "ignore" });
	p.addDomain({ name: "stopped.test", transport: `127.0.0.1:${port}` });
	const to = "user@stopped.test";
	const mta = new Mta(p.smtpPort, (n) => ({ ...plain({ to }), from: `stop-${n}@example.net`, to }), 8);
	try {
		await until(() => mta.mails.filter((m) => m.code === 250).length > 20, "mail flows");
		const later = () => mta.mails.flatMap((m) => m.attempts).filter(isLater).length;
		const before = later();
		hop.kill("SIGSTOP");
		await until(() => later() > before, "some meet the stop");
		hop.kill("SIGCONT");
		const so = mta.mails.length;
		await until(() => mta.mails.filter((m) => m.code === 250).length > so + 20, "mail flows again");
	} finally {
		hop.kill("SIGCONT");
		await mta.end();
		hop.kill("SIGTERM");
		await once(hop, "exit");
	}
	const kept = readdirSync(dir).map((name) => readFileSync(path.join(dir, name), "latin1"));
	rmSync(dir, { recursive: true });
	const early = (a) => a.code === 0 || a.code === 550; // the domain was not known yet
	for (const mail of mta.mails) {
		if (mail.attempts.every(early)) continue;
		assert.equal(mail.code, 250, JSON.stringify(mail.attempts));
		assert.ok(mail.attempts.every((a) => a.code === 250 || isLater(a)), JSON.stringify(mail.attempts));
		const times = kept.filter((text) => text.includes(mail.id)).length;
		// What we called lost while it was stopped may have been taken: then it comes again, as in all SMTP.
		assert.ok(times >= 1 && times <= mail.attempts.filter((a) => a.said).length, `${times} times: ${JSON.stringify(mail.attempts)}`);
	}
});

test("a full disk gives 4xx only, and mail flows when there is room", async (t) => {
	if (process.getuid() !== 0) return t.skip("needs root for a small file system");
	const dir = mkdtempSync(path.join(os.tmpdir(), "postern-full-"));
	chmodSync(dir, 0o755);
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m,mode=755", "tmpfs", dir], { stdio: "pipe" });
	} catch {
		rmSync(dir, { recursive: true });
		return t.skip("may not mount a file system here");
	}
	let mine;
	try {
		mine = await Postern.start({ dir, domains: [{ name: "example.test", drop: "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK" }] });
		const filler = path.join(dir, "filler");
		try {
			writeFileSync(filler, Buffer.alloc(64 << 20));
		} catch (e) {
			assert.equal(e.code, "ENOSPC");
		}
		const codes = [];
		const taken = [];
		for (let i = 0; i < 40; i++) {
			const mail = i % 2 ? lure() : plain();
			const { code } = outcome(await sendMail(mine.smtpPort, { mail: mail.raw }));
			codes.push(code);
			if (code === 250) taken.push(mail);
		}
		assert.ok(codes.some((c) => c >= 400 && c < 500), `${codes}`);
		assert.ok(codes.every((c) => c === 250 || (c >= 400 && c < 500)), `${codes}`);
		rmSync(filler);
		const mail = plain();
		await until(async () => outcome(await sendMail(mine.smtpPort, { mail: mail.raw })).code === 250, "mail flows again");
		for (const { id } of [...taken, mail])
			assert.equal((await mine.found(id)).is_quarantined, !mine.sink.mails.some((m) => m.raw.includes(id)), id);
	} finally {
		await mine?.stop().catch(() => {});
		execFileSync("umount", ["-l", dir]);
		rmSync(dir, { recursive: true, force: true });
	}
});
