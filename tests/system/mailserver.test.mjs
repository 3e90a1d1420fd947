// With a mail server that people use behind us: what is held is listed, previewed, released through the vendor's clients, and lies in
// the mailbox with not a byte of it changed.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { MailServer, missing } from "./lib/mailserver.mjs";
import { Sdk, load } from "./lib/sdk.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";
import { addedHeaders } from "./lib/sink.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { lure, plain } from "./lib/mail.mjs";

const USER = "user@held.test";
const skip = missing() || false;

let server, p;
before(async () => {
	if (skip) return;
	server = await MailServer.start("held.test");
	p = await Postern.start({ domains: [{ name: "held.test", drop: "MALICIOUS", transport: `[127.0.0.1]:${server.port}` }] });
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

// With what could get lost on such a way: dots at the start of lines, letters of eight bits, white space at their end.
function make() {
	const mail = lure({ to: USER });
	mail.raw = Buffer.concat([mail.raw, Buffer.from("epilogue \t\r\n.\r\n..two\r\n.grüße\r\n\r\n")]);
	return mail;
}

const inMailbox = (mail) => until(async () => (await server.inbox(USER)).filter((raw) => raw.includes(mail.id)).at(0), "the mail in its mailbox");

for (const [name, form, nulls] of [["cloudflare", "uuid", false], ["cloudflare-integer", "integer", true]])
	test(`${name}: listed, previewed, released, and found in the mailbox as it came`, { skip }, async (t) => {
		const kind = await load(name, { nulls });
		if (!kind) return t.skip(`npm package ${name} is not installed`);
		const token = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", form, form);
		const sdk = new Sdk(kind, { apiToken: token, baseURL: p.base });
		const account = { account_id: p.account };
		const mail = make();
		assert.equal(outcome(await sendMail(p.smtpPort, { from: "boss@example.org", to: [USER], mail: mail.raw })).code, 250);
		const held = (await sdk.all("investigate.list", { ...account, delivery_status: "quarantined" })).filter((m) => m.message_id === mail.id);
		assert.equal(held.length, 1);
		const [{ postfix_id }] = held;
		const id = held[0].id ?? postfix_id;
		assert.match((await sdk.call("investigate.preview.get", form === "uuid" ? id : postfix_id, account)).screenshot, /^iVBOR/);
		const body = form === "uuid" ? { ids: [id] } : { body: [postfix_id] };
		const { result: [item] } = await sdk.call("investigate.release.bulk", { ...account, ...body });
		assert.deepEqual([item.delivered, item.failed, item.undelivered], [[USER], [], []]);
		const got = await inMailbox(mail);
		const added = addedHeaders(got, mail.raw);
		assert.ok(added !== null, `the end of this is not what was sent:\n${got.toString("latin1")}`);
		assert.match(added, /^Return-Path: <boss@example.org>/m);
		const now = await sdk.call("investigate.get", postfix_id, account);
		assert.equal(now.is_quarantined, false);
		assert.deepEqual(now.delivery_status, ["delivered"]);
		assert.equal((await server.inbox(USER)).filter((raw) => raw.includes(mail.id)).length, 1);
	});

test("what passes is there, too, with our header fields in front", { skip }, async () => {
	const mail = plain({ to: USER });
	assert.equal(outcome(await sendMail(p.smtpPort, { to: [USER], mail: mail.raw })).code, 250);
	assert.match(addedHeaders(await inMailbox(mail), mail.raw) ?? "", /^X-Postern-Processed: /m);
});
