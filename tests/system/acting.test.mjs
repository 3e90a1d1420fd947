// Acting on a message, in one piece: a phish is held, looked at, let go into a mailbox that people use, and said to be what it
// is; that is reported, learnt, and unlearnt again. By each of the vendor's clients.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { MailServer, missing } from "./lib/mailserver.mjs";
import { Sdk, load } from "./lib/sdk.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";
import { addedHeaders } from "./lib/sink.mjs";
import { Picture } from "./lib/png.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const USER = "user@held.test";
const BAND = [241, 243, 246];
const skip = missing() || false;

let server, p;
before(async () => {
	if (skip) return;
	server = await MailServer.start("held.test");
	p = await Postern.start({ domains: [{ name: "held.test", drop: "MALICIOUS,SUSPICIOUS,SPOOF", transport: `[127.0.0.1]:${server.port}` }] });
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

const PACKAGES = [
	{ name: "cloudflare", form: "uuid", words: "our office has finished the yearly review of parking permits and wants every holder to confirm the\n" +
		"vehicle that belongs to each permit before the garage barrier is replaced next month" },
	{ name: "cloudflare-integer", form: "integer", nulls: true, words: "some letters that were sent to you could not be handed over by the old server, as the room for\n" +
		"them has run out; it is cleaned on Friday, and what nobody has asked for until then will be lost" },
];

// One of a campaign. With what could get lost on the way: dots at the start of lines, letters of eight bits, white space at
// their end.
function phish(from, words) {
	const mail = plain({
		from: `Service <${from}>`, to: USER, subject: "Verify your password", headers: "Reply-To: collect@mailbox.example.info\n",
		body: `Dear colleague,\n\n${words}, ticket ${Math.floor(Math.random() * 9e6)}.\n\n` +
			"Verify your password, or your account will be suspended: http://permits.example.org/login\n",
	});
	mail.raw = Buffer.concat([mail.raw, Buffer.from("end \t\r\n.\r\n..two\r\n.grüße\r\n\r\n")]);
	return mail;
}

const inMailbox = async (mail) => (await server.inbox(USER)).filter((raw) => raw.includes(mail.id));

for (const { name, form, words, ...how } of PACKAGES)
	test(`${name}: held, seen, released, reclassified, reported, learnt and unlearnt`, { skip }, async (t) => {
		const kind = await load(name, how);
		if (!kind) return t.skip(`npm package ${name} is not installed`);
		const who = `token:${form}`;
		const token = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", form, form);
		const sdk = new Sdk(kind, { apiToken: token, baseURL: p.base });
		const account = { account_id: p.account };
		const from = `service@${form}.example`;
		const ours = (method, where) => p.ask(method, `/accounts/${p.account}/postern/${where}`);
		const idOf = (message) => form === "uuid" ? message.id : message.postfix_id;
		const now = (message) => sdk.call("investigate.get", idOf(message), account);
		const becomes = (message, disposition) => until(async () => {
			const one = await now(message);
			return one.final_disposition === disposition && one;
		}, `${message.postfix_id} to be ${disposition}`, 30);
		const send = async (mail) => {
			assert.equal(outcome(await sendMail(p.smtpPort, { from, to: [USER], mail: mail.raw })).code, 250);
			const [message] = await until(async () => {
				const held = await sdk.all("investigate.list", { ...account, delivery_status: "quarantined", message_id: mail.id });
				return held.length === 1 && held;
			}, "it is listed");
			assert.equal(message.is_quarantined, true);
			assert.deepEqual(await inMailbox(mail), []);
			return message;
		};
		const learnt = (message) => message.findings.filter((f) => f.name === "campaign.confirmed");

		const mail = phish(from, words);
		const message = await send(mail);
		const first = message.final_disposition;
		assert.ok(["SUSPICIOUS", "SPOOF"].includes(first), `${first}: ${message.findings.map((f) => `${f.name} ${f.score}`)}`);
		assert.deepEqual(learnt(message), []);

		const { screenshot } = await sdk.call("investigate.preview.get", idOf(message), account);
		const picture = new Picture(Buffer.from(screenshot, "base64"));
		assert.equal(picture.width, 800);
		assert.ok(picture.count(BAND, 0, 60) > picture.width * 30, "the band is at its head");

		const { result: [item] } = await sdk.call("investigate.release.bulk", { ...account, ...(form === "uuid" ? { ids: [message.id] } : { body: [message.postfix_id] }) });
		assert.deepEqual([item.delivered, item.failed, item.undelivered], [[USER], [], []]);
		const [got, ...more] = await until(async () => {
			const found = await inMailbox(mail);
			return found.length > 0 && found;
		}, "it is in the mailbox");
		assert.equal(more.length, 0);
		const added = addedHeaders(got, mail.raw);
		assert.ok(added !== null, `the end of this is not what was sent:\n${got.toString("latin1")}`);
		assert.match(added, new RegExp(`^Return-Path: <${from}>`, "m"));
		const released = await now(message);
		assert.deepEqual([released.is_quarantined, released.delivery_status], [false, ["delivered"]]);

		await sdk.call("investigate.reclassify.create", idOf(message), { ...account, expected_disposition: "MALICIOUS" });
		await becomes(message, "MALICIOUS");
		const [submission, ...others] = await until(async () => {
			const all = await sdk.all("submissions.list", { ...account, query: message.postfix_id });
			return all[0]?.outcome && all;
		}, "its submission has an outcome", 30);
		assert.equal(others.length, 0);
		assert.deepEqual([submission.type, submission.requested_by, submission.original_disposition, submission.requested_disposition, submission.outcome_disposition, submission.outcome],
			["Team", who, first, "MALICIOUS", "MALICIOUS", "confirmed"]);
		const correction = await until(async () => (await ours("GET", `corrections?submission_id=${submission.submission_id}`)).body.result[0], "the correction", 30);
		assert.deepEqual([correction.postfix_id, correction.original_disposition, correction.disposition, correction.created_by], [message.postfix_id, first, "MALICIOUS", who]);
		const reports = async () => sdk.has("phishguard.reports.list") ? await sdk.all("phishguard.reports.list", account) : (await p.get("phishguard/reports")).result;
		const report = await until(async () => (await reports()).find((r) => r.fields.postfix_id === message.postfix_id), "the report", 40);
		assert.deepEqual(report.tags.filter((one) => one.category === "cause").map((one) => one.value), ["confirmed_submission"]);
		assert.deepEqual([report.disposition, report.fields.from, report.fields.to], ["MALICIOUS", from, [USER]]);

		const sibling = await send(phish(from, words));
		assert.equal(sibling.final_disposition, "MALICIOUS");
		assert.match(learnt(sibling)[0].detail, new RegExp(`^correction ${correction.id}: `));

		assert.deepEqual((await ours("DELETE", `corrections/${correction.id}`)).body.result, { id: correction.id, messages: 2, released: 0 });
		await becomes(message, first);
		await becomes(sibling, first);
		const last = await send(phish(from, words));
		assert.equal(last.final_disposition, first);
		assert.deepEqual(learnt(last), []);

		// Who did what, in the order in which it was done.
		const log = async (one) => (await now(one)).action_log.map((e) => [e.operation, e.properties.requested_by]);
		assert.deepEqual(await log(message), [["PREVIEW", who], ["QUARANTINE_RELEASE", who], ["SUBMISSION", who], ["RECLASSIFY", who], ["RECLASSIFY", "token:tests"]]);
		assert.deepEqual(await log(sibling), [["RECLASSIFY", "token:tests"]]);
		const trace = async (one) => {
			const { inbound, outbound } = await sdk.call("investigate.trace.get", idOf(one), account);
			assert.deepEqual([inbound.pending, outbound.pending], [false, false]);
			return [inbound, outbound].map(({ lines }) => lines.map((l) => l.message));
		};
		const [came, went] = await trace(message);
		assert.match(came[0], /^received from /);
		assert.deepEqual(came.slice(2), ["held in quarantine for 1 of 1 recipients", `reclassified by ${who}: MALICIOUS`,
			`reclassified from MALICIOUS to ${first} as the correction was undone`]);
		assert.equal(went.length, 1);
		assert.match(went[0], new RegExp(`^released to \\[127\\.0\\.0\\.1\\]:${server.port} for ${USER}: 250 `));
		assert.equal((await trace(sibling))[0].at(-1), came.at(-1));
		await trace(last);
		assert.equal((await p.get(`investigate/${submission.submission_id}/trace`)).result.outbound.pending, false);
	});
