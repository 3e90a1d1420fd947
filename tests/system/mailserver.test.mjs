// With a mail server that people use behind us: what passes lies in the mailbox with not a byte of it changed.
// What is held stands in acting.test.mjs.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { MailServer, missing } from "./lib/mailserver.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";
import { addedHeaders } from "./lib/sink.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const USER = "user@open.test";
const skip = missing() || false;

let server, p;
before(async () => {
	if (skip) return;
	server = await MailServer.start("open.test");
	p = await Postern.start({ domains: [{ name: "open.test", transport: `[127.0.0.1]:${server.port}` }] });
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

test("what passes is there, with our header fields in front", { skip }, async () => {
	const mail = plain({ to: USER });
	assert.equal(outcome(await sendMail(p.smtpPort, { to: [USER], mail: mail.raw })).code, 250);
	const got = await until(async () => (await server.inbox(USER)).find((raw) => raw.includes(mail.id)), "the mail in its mailbox");
	assert.match(addedHeaders(got, mail.raw) ?? "", /^X-Postern-Processed: /m);
});
