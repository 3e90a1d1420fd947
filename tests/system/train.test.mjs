// A site teaches the server its own words: from folders and from what people confirmed, sees what it does, uses it, and goes back.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync, readdirSync, truncateSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { Postern, until } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";

let p;
before(async () => { p = await Postern.start(); });
after(() => p?.stop());

// Letters of the house, and ones that nobody there wants, in words that no other site would mind. Always the same ones.
let seed = 7;
const draw = (list) => list[(seed = (seed * 1103515245 + 12345) % 2147483648) % list.length];
const HOUSE = "boiler valve gasket inspection pressure gauge welding flange maintenance rota shift manual spare bearing".split(" ");
const PEST = "bassoon oboe viola cello trombone timpani clarinet rehearsal conductor fugue sonata quartet choir libretto".split(" ");
const words = (list) => Array.from({ length: 40 }, (_, i) => (i % 2 ? draw(["the", "for", "our", "with", "and", "of"]) : draw(list))).join(" ");
const letter = (list) => plain({ subject: `${draw(list)} ${draw(list)} ${seed}`, body: `Hello,\n\n${words(list)}.\n\nAnn\n` });

function folder(name, list, n) {
	const dir = path.join(p.dir, name);
	mkdirSync(dir);
	for (let i = 0; i < n; i++) writeFileSync(path.join(dir, `${i}.eml`), letter(list).raw);
	return dir;
}
async function judged(mail) {
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250);
	return await p.found(mail.id);
}
const weight = (message) => message.findings.find((f) => f.name === "text_words.unwanted")?.score ?? 0;
// Of a few such letters: one alone may hit upon words of another kind.
async function average(list) {
	let sum = 0;
	for (let i = 0; i < 6; i++) sum += weight(await judged(letter(list)));
	return sum / 6;
}
// A reload is over when a mail is judged by the model wanted.
async function reload(probe, what) {
	p.process.kill("SIGHUP");
	// A connection may meet the old server on its way out.
	await until(() => probe().catch(() => false), what, 30);
}
const models = () => { try { return readdirSync(path.join(p.data, "models")).sort(); } catch { return []; } };

test("a model of the site's own mail is tried, made, used and taken back", async () => {
	const ham = folder("ham", HOUSE, 150), spam = folder("spam", PEST, 150);
	const before = await average(PEST);

	const tried = p.cli("train", "--try", `ham=${ham}`, `spam=${spam}`);
	// Of the 150 mails, those in the band of 0.5 %.
	const row = (when, label) => Number(new RegExp(`^ +${when} +${label} +150 +\\d+ .*? %.*? %  +(\\d+)`, "m").exec(tried)?.[1]);
	assert.ok(row("before", "spam") < 50 && row("after", "spam") > 100 && row("after", "ham") < 3, tried);
	assert.deepEqual(models(), []);

	assert.match(p.cli("train", `ham=${ham}`, `spam=${spam}`), /^This is model 1\./m);
	assert.deepEqual(models(), ["1.model"]);
	await reload(async () => await average(PEST) > before + 0.15, "the new model to be used");
	const bad = await judged(letter(PEST)), good = await judged(letter(HOUSE));
	assert.ok(weight(bad) > 0.5 && weight(good) < 0.2, `${weight(bad)} ${weight(good)}`);
	const finding = bad.findings.find((f) => f.name === "text_words.unwanted");
	assert.ok(PEST.some((word) => finding.detail.includes(`"${word}"`)), finding.detail);

	// It is part of a backup, and of a scan that is asked to go by the account.
	const copy = path.join(p.dir, "copy"), one = path.join(p.dir, "one.eml");
	p.cli("backup", copy);
	assert.deepEqual(readdirSync(path.join(copy, "models")), ["1.model"]);
	writeFileSync(one, letter(PEST).raw);
	const scanned = (...more) => JSON.parse(p.cli("scan", "--json", ...more, one)).message;
	assert.ok(weight(scanned("--account", p.account)) > weight(scanned()));
	assert.ok(weight(scanned("--model", path.join(copy, "models/1.model"))) > weight(scanned()));

	assert.match(p.cli("train", "--undo"), /^Model 1 is taken back/);
	assert.deepEqual(models(), ["1.undone"]);
	await reload(async () => await average(PEST) < before + 0.1, "the shipped model to be used");
	assert.match(p.tryCli("train", "--undo").stderr, /there is no model but the one that is shipped/);
});

test("a model that is damaged stops no server", async () => {
	const ham = path.join(p.dir, "ham"), spam = path.join(p.dir, "spam");
	p.cli("train", `ham=${ham}`, `spam=${spam}`);
	truncateSync(path.join(p.data, "models/1.model"), 1000);
	p.process.kill("SIGHUP");
	await until(() => /event=reload_failed.*1\.model/.test(p.log), "the reload to fail");
	p.complaints = p.complaints.filter((line) => !line.includes("reload_failed"));
	assert.match(p.tryCli("check-config").stderr, /1\.model: the model is/);
	assert.ok(await judged(letter(HOUSE)));
	p.cli("train", "--undo");
});

test("what people confirmed is learnt from", async () => {
	assert.match(p.tryCli("train", "--confirmed").stderr, /0 wanted and 0 unwanted mails are too few/);
	const say = async (message, expected_disposition) =>
		assert.equal((await p.request("POST", `investigate/${message.id}/reclassify`, { body: { expected_disposition } })).status, 202);
	for (let i = 0; i < 3; i++) await say(await judged(letter(PEST)), "SPAM");
	await until(async () => (await p.ask("GET", `/accounts/${p.account}/postern/corrections`)).body.result.length === 3, "the corrections", 30);
	const said = p.cli("train", "--confirmed", "--try", `ham=${path.join(p.dir, "ham")}`, `spam=${path.join(p.dir, "spam")}`);
	assert.match(said, /^3 mails that people confirmed; 0 more are no longer kept\.$/m);
	assert.match(said, /after +spam +153/);
	assert.match(p.cli("train", "--confirmed", "--account", p.account, "--try", `ham=${path.join(p.dir, "ham")}`, `spam=${path.join(p.dir, "spam")}`), /^3 mails/m);
});

test("what is not understood is said", () => {
	for (const [args, why] of [
		[[], /either LABEL=PATH/],
		[["--undo", "ham=x"], /either LABEL=PATH/],
		[["--test", "/nope"], /either LABEL=PATH/],
		[["eggs=x"], /begins with none of/],
		[["ham=/nope"], /No such file/],
		[["--from", "thin-air", "ham=x"], /current, shipped or nothing/],
		[["--test", "/nope", "ham=x"], /\/nope: No such file/],
	]) {
		const done = p.tryCli("train", ...args);
		assert.notEqual(done.status, 0);
		assert.match(done.stderr, why, args.join(" "));
	}
});
