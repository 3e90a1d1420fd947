// Courier, API and intake killed while held mail comes in and is released, again and again. Each recipient gets each mail at
// least once, whole, and a second time only where a courier died between the next hop's answer and the record of it.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { select } from "./lib/database.mjs";
import { kill } from "./lib/deaths.mjs";
import { Mta } from "./lib/mta.mjs";
import { Postern, SLOW, until, wait } from "./lib/postern.mjs";
import { lure } from "./lib/mail.mjs";

const KILLS = process.env.FULL ? 100 : 12;
const ROLES = ["courier", "api", "courier", "intake"];
const RELEASERS = 6;
const AT_ONCE = 8; // releases to one next hop that a courier works off at once: no death doubles more
const ON_ITS_WAY_MS = 1000 * SLOW; // what a courier sent before its death is taken after it
const RECORDED_MS = 3000 * SLOW; // from the next hop's answer to the record of it, at most
const PATIENCE_MS = 1500; // of who releases: then he asks again

let p;
before(async () => {
	p = await Postern.start({ domains: [{ name: "held.test", drop: "MALICIOUS" }] });
});
after(() => p?.stop());

// Recipients of every third mail are told "later" the first time.
const make = (n) => ({ ...lure({ to: `a${n}@held.test` }), from: `mail-${n}@example.net`,
	to: ["a", "b", "c"].map((who) => `${who}${n}${n % 3 ? "" : "-later"}@held.test`) });

function slowNextHop() {
	const asked = new Set();
	p.sink.behave = {
		delayMs: 10, // so that deaths fall into it, and
		afterMs: 10, // between what was done and the word of it
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

const isHeld = async (mail) => (await p.get(`investigate/${mail.message.postfix_id}`)).result.is_quarantined;

// An answer, or null: whoever waits for an API that dies may wait for ever, for fetch (Node 20) does not always tell of it.
const soon = (asked) => Promise.race([asked, wait(PATIENCE_MS * SLOW).then(() => null)]);

// Until it is released: whoever gets no answer asks again, as people do.
async function release(mail) {
	for (const end = Date.now() + 120_000 * SLOW; ; await wait(50)) {
		assert.ok(Date.now() < end, `${mail.id} is released`);
		try {
			mail.message ??= (await soon(p.find(mail.id)))[0];
			await soon(p.request("POST", "investigate/release", { body: { ids: [mail.message.id] } }).catch(() => null));
			if (await soon(isHeld(mail)) === false) return;
		} catch {
			// The API has died: again.
		}
	}
}

async function releaseAll(mta, state) {
	for (;;) {
		const mail = mta.mails.find((m) => m.code === 250 && !m.taken);
		if (mail) {
			mail.taken = true;
			await release(mail);
		} else if (state.over) return;
		else await wait(10);
	}
}

async function account(mails, deaths) {
	const couriers = deaths.filter((d) => d.role === "courier");
	let twice = 0;
	for (const mail of mails) {
		const got = p.sink.mails.filter((m) => m.from === mail.from);
		for (const copy of got) assert.ok(copy.raw.equals(mail.raw), `${mail.id}: the bytes`);
		for (const to of mail.to) {
			const times = got.filter((m) => m.to.includes(to)).map((m) => m.at);
			assert.ok(times.length >= 1, `${to} got ${mail.id}`);
			for (let i = 1; i < times.length; i++) {
				const death = couriers.some((d) => d.at >= times[i - 1] - ON_ITS_WAY_MS && d.at <= times[i - 1] + RECORDED_MS && d.at <= times[i]);
				assert.ok(death, `${to} got ${mail.id} at ${times}, and couriers died at ${couriers.map((d) => d.at)}`);
			}
		}
		twice += got.length - new Set(got.map((m) => m.to.join())).size;
		assert.equal((await p.find(mail.id)).length, 1, `${mail.id} is one message`);
		const message = (await p.get(`investigate/${mail.message.postfix_id}`)).result;
		assert.equal(message.is_quarantined, false);
		assert.deepEqual(message.delivery_status, ["delivered"]);
		assert.deepEqual(message.post_delivery_operations, ["QUARANTINE_RELEASE"]);
		const actions = (await p.get(`investigate/${mail.message.postfix_id}/action_log`)).result;
		assert.ok(actions.some((a) => a.operation === "QUARANTINE_RELEASE" && a.success && a.properties.requested_by === "token:tests"), JSON.stringify(actions));
		const { outbound, inbound } = (await p.get(`investigate/${mail.message.postfix_id}/trace`)).result;
		assert.equal(outbound.pending || inbound.pending, false, `${mail.id}: nothing is to come`);
	}
	if (deaths.length >= 100) assert.ok(twice > 0, "some deaths fell between a mail and the word of it");
	assert.ok(twice <= AT_ONCE * couriers.length, `${twice} came twice at ${couriers.length} deaths of couriers`);
	return twice;
}

test(`${KILLS} deaths during releases`, async (t) => {
	slowNextHop();
	const mta = new Mta(p.smtpPort, make, 2, 100 * SLOW);
	const state = { over: false }, deaths = [];
	const released = Promise.all(Array.from({ length: RELEASERS }, () => releaseAll(mta, state)));
	let mails;
	try {
		for (let i = 0; i < KILLS; i++) {
			await wait(50 + (i * 97) % 350);
			await kill(p, ROLES[i % ROLES.length], deaths);
		}
	} finally {
		mails = await mta.end();
		state.over = true;
	}
	for (const mail of mails) assert.equal(mail.code, 250, `${mail.from}: ${JSON.stringify(mail.attempts)}`);
	await released;
	await until(() => select(p, "SELECT count(*) FROM job WHERE state = 'open'")[0][0] === 0, "all jobs have ended", 60);
	const twice = await account(mails, deaths);
	const ends = select(p, "SELECT state, count(*) FROM job GROUP BY state");
	assert.deepEqual(ends.map(([name]) => name), ["done"], JSON.stringify(ends));
	t.diagnostic(`${mails.length} mails for ${mails.length * 3} recipients, ${twice} came twice`);
});
