// Courier and API killed again and again while bulk jobs are made, worked off, cancelled and read. Afterwards every row of
// every job has its end, once; counters say what the rows say at every moment; and what a row says is what happened.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { select } from "./lib/database.mjs";
import { addsUp, ask, kill } from "./lib/deaths.mjs";
import { Postern, SLOW, until, wait } from "./lib/postern.mjs";
import { lure } from "./lib/mail.mjs";
import { sendMail } from "./lib/smtp.mjs";

const KILLS = process.env.FULL ? 100 : 20;
const ROLES = ["courier", "api", "courier"];
const JOBS = process.env.FULL ? 12 : 4;
const MAILS = 60; // of each job; every seventh recipient is told "later" the first time
const THREADS = 8; // releases of bulk jobs that a courier works off at once: no death doubles more
const ON_ITS_WAY_MS = 1000 * SLOW; // what a courier sent before its death is taken after it
const RECORDED_MS = 3000 * SLOW; // from the next hop's answer to the record of it, at most

let p;
before(async () => {
	p = await Postern.start({ domains: [{ name: "held.test", drop: "MALICIOUS" }] });
});
after(() => p?.stop());

function slowNextHop() {
	const asked = new Set();
	p.sink.behave = {
		delayMs: 15, // so that deaths fall into it, and
		afterMs: 15, // between what was done and the word of it
		rcpt: (to) => {
			if (!to.includes("-later") || asked.has(to)) return "250 2.1.5 Ok";
			asked.add(to);
			return "450 4.2.0 later";
		},
		end: (mail) => {
			mail.at = Date.now();
			return "250 2.0.0 Ok";
		},
	};
}

async function hold(word) {
	const mails = Array.from({ length: MAILS }, (_, i) => {
		const to = `${word}-${i}${i % 7 ? "" : "-later"}@held.test`;
		return { ...lure({ to, subject: `URGENT: verify your password now ${word}` }), to };
	});
	for (let i = 0; i < MAILS; i += 6)
		await Promise.all(mails.slice(i, i + 6).map((mail) => sendMail(p.smtpPort, { from: "boss@example.org", to: [mail.to], mail: mail.raw })));
	return { word, mails };
}

const listed = async () => (await ask(p, "GET", "investigate/bulk", { query: { per_page: "1000" } })).body.result.map(addsUp);
const get = async (id) => addsUp((await ask(p, "GET", `investigate/bulk/${id}`)).body.result);

// Whoever makes a job and hears nothing makes another one, so the API lives meanwhile.
async function create(word, deaths) {
	deaths.spareApi = true;
	await deaths.last;
	await until(() => p.isReady(), "the API is back");
	const answer = await p.request("POST", "investigate/bulk", { body: { action: "RELEASE", search_params: { subject: word } } });
	deaths.spareApi = false;
	assert.equal(answer.status, 201, answer.text);
	return answer.body.result.job_id;
}

async function checkJob({ word, mails }, id, cancelled) {
	const job = await get(id);
	assert.equal(job.status, cancelled ? "CANCELLED" : "COMPLETED");
	const rows = (await ask(p, "GET", `investigate/bulk/${id}/messages`, { query: { per_page: "1000" } })).body.result;
	const of = (status) => rows.filter((r) => r.status === status);
	assert.deepEqual([job.messages_pending, job.messages_successful, job.messages_failed, job.messages_skipped, job.messages_cancelled],
		[0, ...["COMPLETED", "FAILED", "SKIPPED", "CANCELLED"].map((s) => of(s).length)]);
	assert.equal(rows.length, new Set(rows.map((r) => r.postfix_id)).size, "no message twice");
	if (!cancelled) assert.equal(rows.length, MAILS, `${word}: all messages`);
	assert.equal(of("FAILED").length + of("SKIPPED").length, 0, JSON.stringify([...of("FAILED"), ...of("SKIPPED")].map((r) => r.status_message)));
	for (const row of rows) {
		const mail = mails.find((m) => m.id === row.email_message_id);
		const released = row.message.delivery_status.includes("delivered");
		assert.equal(row.status, released ? "COMPLETED" : "CANCELLED", mail.to);
		// One that was cancelled behind the death of its courier came to its end; else nobody got it.
		assert.equal(p.sink.mails.some((m) => m.to.includes(mail.to)), released, mail.to);
	}
}

// How many came twice: only where a courier died between the next hop's answer and the record of it.
function countTwice(batches, deaths) {
	const couriers = deaths.filter((d) => d.role === "courier");
	let twice = 0;
	for (const mail of batches.flatMap((b) => b.mails)) {
		const got = p.sink.mails.filter((m) => m.to.includes(mail.to));
		for (const copy of got) assert.ok(copy.raw.equals(mail.raw), `${mail.id}: the bytes`);
		for (let i = 1; i < got.length; i++) {
			const [first, next] = [got[i - 1].at, got[i].at];
			assert.ok(couriers.some((d) => d.at >= first - ON_ITS_WAY_MS && d.at <= first + RECORDED_MS && d.at <= next), `${mail.to} at ${first} and ${next}`);
			twice++;
		}
	}
	assert.ok(twice <= THREADS * couriers.length, `${twice} came twice at ${couriers.length} deaths of couriers`);
	return twice;
}

test(`${KILLS} deaths during bulk jobs`, async (t) => {
	const batches = [];
	for (let i = 0; i < JOBS; i++) batches.push(await hold(`harvest${i}x`));
	await until(async () => (await p.get("investigate", { query: "harvest*", per_page: "1000" })).result.length === JOBS * MAILS, "all are held", 60);
	slowNextHop();
	const deaths = [], ids = [];
	const cancelled = (i) => i % 4 === 3;
	const working = (async () => {
		for (let i = 0; i < JOBS; i++) {
			ids.push(await create(batches[i].word, deaths));
			if (cancelled(i)) {
				await until(async () => (await get(ids[i])).messages_successful > 2, "some of it is done", 120);
				assert.equal((await ask(p, "POST", `investigate/bulk/${ids[i]}/cancel`)).body.result.status, "CANCELLED");
			}
			await until(async () => (await listed()).length === i + 1, "each is there once", 15);
			await until(() => deaths.length >= (i + 1) * KILLS / JOBS, "its share of deaths", 120);
		}
	})();
	for (let i = 0; i < KILLS; i++) {
		await wait(30 + (i * 97) % 330);
		deaths.last = kill(p, deaths.spareApi ? "courier" : ROLES[i % ROLES.length], deaths);
		await deaths.last;
	}
	await working;
	await until(async () => (await listed()).every((job) => job.completed_at && job.messages_pending === 0), "the end of all", 180);
	await until(() => select(p, "SELECT count(*) FROM job WHERE state = 'open' AND kind IN ('release', 'bulk')")[0][0] === 0, "no job is left", 60);
	assert.equal(select(p, "SELECT count(*) FROM bulk_message WHERE child IS NOT NULL")[0][0], 0);
	for (let i = 0; i < JOBS; i++) await checkJob(batches[i], ids[i], cancelled(i));
	const twice = countTwice(batches, deaths);
	t.diagnostic(`${JOBS} jobs of ${MAILS} messages, ${twice} came twice`);
});
