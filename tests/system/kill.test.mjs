// Every process killed under load, again and again. What was answered 250 must be at the next hop or in quarantine,
// and nothing may reach the next hop twice unless its sender heard no answer.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { Mta, unanswered } from "./lib/mta.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";
import { Postern, SLOW, until, wait } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

const KILLS = process.env.FULL ? 54 : 12;
const ROLES = ["intake", "zygote", "scan", "api", "courier", "supervisor"]; // scan is a worker
const SESSIONS = 8;
const READY_MS = 3000 * SLOW; // from the death to the next answer
const HOLD = "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK";
let p;
before(async () => {
	p = await Postern.start({ domains: [{ name: "example.test" }, { name: "held.test", drop: HOLD }] });
	p.sink.behave = { delayMs: 10 }; // so that deaths fall into it
});
after(() => p?.stop());

// A third is to be held; some are too large for memory files.
function make(n) {
	const to = n % 3 === 0 ? "user@held.test" : "user@example.test";
	const body = n % 20 === 1 ? "a long line of a long mail, seventy characters or so of it, no more\n".repeat(18_000) : undefined;
	return { ...(n % 3 === 0 ? lure({ to }) : plain(body ? { body } : {})), from: `mail-${n}@example.net`, to };
}

// The worker that works most: the pool takes the one used last.
function busiest(pids) {
	const used = (pid) => Number(p.stat(pid)?.[13] ?? 0) + Number(p.stat(pid)?.[14] ?? 0);
	return pids.sort((a, b) => used(b) - used(a))[0];
}

async function kill(role) {
	const pids = p.roles()[role] ?? [];
	const pid = role === "scan" ? busiest(pids) : pids[0];
	assert.ok(pid, `there is a process ${role}`);
	const begin = Date.now();
	process.kill(pid, "SIGKILL");
	if (role === "supervisor") await p.restart();
	const probe = async () => await p.isReady() && outcome(await sendMail(p.smtpPort, { mail: plain().raw })).code === 250;
	await until(() => probe().catch(() => false), `mail is taken after the death of ${role}`);
	return Date.now() - begin;
}

// Each mail's end: how often the next hop got it, and whether it is held with all of its bytes.
async function account(mails) {
	const arrived = new Map();
	for (const got of p.sink.mails) arrived.set(got.from, (arrived.get(got.from) ?? 0) + 1);
	const count = { relayed: 0, held: 0, again: 0, twice: 0 };
	for (const mail of mails) {
		assert.equal(mail.code, 250, `${mail.from}: ${JSON.stringify(mail.attempts)}`);
		const times = arrived.get(mail.from) ?? 0;
		const message = await p.found(mail.id);
		assert.equal((await p.find(mail.id)).length, 1, `${mail.id} is one message`);
		assert.equal(message.is_quarantined, times === 0, `${mail.id}: held, or ${times} times at the next hop`);
		assert.ok(times <= 1 + unanswered(mail), `${mail.id} came ${times} times: ${JSON.stringify(mail.attempts)}`);
		if (message.is_quarantined) {
			const { raw } = (await p.get(`investigate/${encodeURIComponent(message.postfix_id)}/raw`)).result;
			assert.ok(Buffer.from(raw, "latin1").equals(mail.raw), `${mail.id}: the bytes that are held`);
		}
		count[times ? "relayed" : "held"]++;
		if (mail.attempts.length > 1) count.again++;
		if (times > 1) count.twice++;
	}
	return count;
}

test(`${KILLS} deaths under load`, async (t) => {
	const mta = new Mta(p.smtpPort, make, SESSIONS);
	const slowest = {};
	let mails;
	try {
		for (let i = 0; i < KILLS; i++) {
			const role = ROLES[i % ROLES.length];
			await wait(200 + (i * 97) % 400);
			slowest[role] = Math.max(slowest[role] ?? 0, await kill(role));
		}
		await wait(200);
	} finally {
		mails = await mta.end();
	}
	for (const [role, ms] of Object.entries(slowest)) assert.ok(ms <= READY_MS, `${role}: ready again after ${ms} ms`);
	const count = await account(mails);
	assert.ok(count.held > 0 && count.relayed > 0 && count.again > 0, JSON.stringify(count));
	t.diagnostic(`${mails.length} mails: ${count.relayed} relayed, ${count.held} held; ${count.again} were sent again, ` +
		`${count.twice} came twice; ready again after at most ${JSON.stringify(slowest)} ms`);
});
