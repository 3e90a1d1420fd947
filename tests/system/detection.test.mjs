// What the scan of an account's mail looks for: set through the API or the command, obeyed by the very next mail.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { Postern, until } from "./lib/postern.mjs";
import { lure, plain } from "./lib/mail.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";

const PATH = "detection_settings";
const OFF = "detection_settings.disabled_detectors";
// Where text_scam is switched off it leaves the words to this one.
const WEIGHS_THE_SAME = "text_words";
let p;
before(async () => {
	const mine = ["v=spf1 ip4:127.0.0.1 -all"];
	p = await Postern.start({ records: { "known.example TXT": mine, "nike.com TXT": mine } });
});
after(() => p?.stop());

const ask = (method, body, more) => p.ask(method, `/accounts/${p.account}/postern/${PATH}`, { body, ...more });
async function set(body, method = "PATCH") {
	const answer = await ask(method, body);
	assert.equal(answer.status, 200, answer.text);
	return answer.body.result;
}
const reset = () => set({}, "PUT");

// Sends a mail and gives its message; it must be taken.
async function judged(mail, from = "ann@example.net") {
	assert.equal(outcome(await sendMail(p.smtpPort, { from, mail: mail.raw })).code, 250);
	return await p.found(mail.id);
}
const verdict = async (mail, from) => (await judged(mail, from)).final_disposition;

const sentence = ({ without, final_disposition: becomes }) =>
	`Without ${[without.slice(0, -1).join(", "), without.at(-1)].filter(Boolean).join(" and ")} this mail would be ${becomes}.`;

const page = () => plain({
	headers: 'Content-Type: multipart/mixed; boundary="x"\n',
	body: '--x\nContent-Type: text/plain\n\nThe minutes are attached.\n--x\nContent-Type: text/html; name="minutes.html"\nContent-Disposition: attachment; filename="minutes.html"\n\n<p>All agreed.</p>\n--x--\n',
});
const payroll = () => plain({ from: "Ann <ann.other@gmail.com>", body: "Hi,\n\nI changed banks and would like to update my direct deposit before the next pay date.\n\nAnn\n" });
const advertising = () => plain({ body: "Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click here.\n" });

test("each additional detection is off until it is set, and the next mail obeys", async () => {
	await reset();
	for (const [name, mail] of [["blank_email", () => plain({ body: " \n" })], ["html_attachment", page], ["ach_change_free_mail", payroll]]) {
		const otherwise = await verdict(mail());
		for (const value of ["OFF", "SUSPICIOUS", "MALICIOUS", "OFF"]) {
			await set({ [name]: value });
			const message = await judged(mail());
			const found = message.findings.find((f) => f.name === `additional_detection.${name}`);
			assert.equal(message.final_disposition, value === "OFF" ? otherwise : value, `${name} ${value}`);
			assert.equal(!!found, value !== "OFF");
			if (found) assert.ok(found.reason && found.detail && found.score === 1, JSON.stringify(found));
		}
	}
});

test("young domains: of unknown age nobody is judged, by first mail only who asked for it", async () => {
	await reset();
	const known = () => plain({ from: "Ann <ann@known.example>" });
	const otherwise = await verdict(known(), "ann@known.example");
	await set({ malicious_domain_age: 7, suspicious_domain_age: 30 });
	assert.equal(await verdict(known(), "ann@known.example"), otherwise);
	await set({ first_seen_is_age: true });
	const young = await judged(known(), "ann@known.example");
	assert.equal(young.final_disposition, "MALICIOUS");
	assert.equal(young.findings[0].name, "additional_detection.young_domain");
	await set({ malicious_domain_age: 0 });
	assert.equal(await verdict(known(), "ann@known.example"), "SUSPICIOUS");
	await reset();
	assert.equal(await verdict(known(), "ann@known.example"), otherwise);
});

test("what a switched-off detector finds does not count, and is told", async () => {
	await reset();
	const before = await judged(lure());
	assert.equal(before.final_disposition, "MALICIOUS");
	const detectors = [...new Set([...before.findings.map((f) => f.name.split(".")[0]), WEIGHS_THE_SAME])];
	await set({ disabled_detectors: detectors });
	const after = await judged(lure());
	assert.equal(after.final_disposition, "NONE");
	assert.ok(after.findings.some((f) => f.name === "attachment_risk.double_ending"));
	for (const f of after.findings) assert.equal(f.suppressed_by, OFF, f.name);
	assert.deepEqual(after.detection_reasons, []);
	await set({ disabled_detectors: [] });
	assert.equal(await verdict(lure()), "MALICIOUS");
});

test("the shipped list of acceptable senders, where it is switched on and the sender proved", async () => {
	await reset();
	const news = (domain) => plain({
		from: `News <news@${domain}>`,
		headers: "List-Unsubscribe: <https://www.nike.com/leave>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nX-Campaign: 7\n",
		body: "This is the news of the week from all of us here at the shop, with nine new things to see and try.\nIf you no longer wish to hear from us, you can unsubscribe.\n",
	});
	const send = async (domain) => await judged(news(domain), `news@${domain}`);
	assert.equal((await send("nike.com")).final_disposition, "BULK");
	await set({ managed_acceptable_senders: true });
	const accepted = await send("nike.com");
	assert.equal(accepted.final_disposition, "NONE");
	assert.deepEqual([accepted.properties.allowlisted_pattern_type, accepted.properties.allowlisted_pattern], ["managed_acceptable_sender", "nike.com"]);
	for (const f of accepted.findings.filter((one) => one.detection === "BULK")) assert.equal(f.suppressed_by, "managed_acceptable_sender nike.com");
	assert.equal((await send("adidas.com")).final_disposition, "BULK", "it is not proved");
	await reset();
});

test("thresholds say where the levels lie", async () => {
	await reset();
	assert.equal(await verdict(advertising()), "SPAM");
	await set({ spam_threshold: 10 });
	assert.equal(await verdict(advertising()), "NONE");
	await set({ spam_threshold: 1 });
	assert.equal(await verdict(advertising()), "SPAM");
	await set({ malicious_threshold: 10, suspicious_threshold: 10 });
	assert.equal(await verdict(lure()), "MALICIOUS", "a hard finding decides alone");
	await reset();
});

test("the detections of a message say what would have made it another verdict", async () => {
	await reset();
	const explained = async (mail) => (await p.get(`investigate/${(await judged(mail)).id}/detections`)).result;
	const spam = await explained(advertising());
	const names = spam.findings.map((f) => f.name);
	assert.equal(spam.final_disposition, "SPAM");
	const { smallest_change: change, elapsed_us: elapsed } = spam.explanation;
	assert.ok(change.without.every((name) => names.includes(name)), JSON.stringify(change));
	assert.equal(change.final_disposition, "NONE");
	assert.equal(change.reason, sentence(change));
	assert.deepEqual(Object.keys(elapsed), ["parse", "text", "sender", "policies", "detectors", "model", "assemble"]);
	assert.ok(Object.values(elapsed).every((us) => us >= 0) && elapsed.detectors > 0, JSON.stringify(elapsed));
	assert.deepEqual([spam.explanation.disabled_detectors, spam.explanation.if_nothing_set_aside], [[], null]);

	// What it says is so: without these it is what it said.
	await set({ disabled_detectors: [...new Set([...change.without.map((name) => name.split(".")[0]), WEIGHS_THE_SAME])], malicious_threshold: 2 });
	assert.equal(await verdict(advertising()), "NONE");
	const lured = await explained(lure());
	assert.deepEqual(lured.explanation.disabled_detectors, (await ask("GET")).body.result.disabled_detectors);
	assert.equal(lured.explanation.thresholds.malicious, 2);
	await reset();

	// A verdict that is somebody's word has no sum behind it.
	const { id } = await judged(advertising());
	assert.equal((await p.request("POST", `investigate/${id}/reclassify`, { body: { expected_disposition: "MALICIOUS" } })).status, 202);
	const corrected = await until(async () => {
		const { result } = await p.get(`investigate/${id}/detections`);
		return result.final_disposition === "MALICIOUS" && result;
	}, "the correction", 30);
	assert.equal(corrected.explanation.smallest_change, null);
});

test("many changes at once: none is lost, even the first", async () => {
	const other = p.cli("account", "add", "Fresh").trim().split("\n").at(-1);
	const token = p.secret("token", "add", "--account", other, "--scope", "write", "fresh");
	const of_other = (method, body) => p.ask(method, `/accounts/${other}/postern/${PATH}`, { body, token });
	const names = ["malicious_threshold", "suspicious_threshold", "spoof_threshold", "spam_threshold", "bulk_threshold"];
	const answers = await Promise.all(names.map((name, i) => of_other("PATCH", { [name]: 2 + i })));
	assert.deepEqual(answers.map((a) => a.status), names.map(() => 200));
	const { result } = (await of_other("GET")).body;
	assert.deepEqual(names.map((name) => result[name]), [2, 3, 4, 5, 6]);
	assert.equal((await ask("GET")).body.result.spam_threshold, 1, "another account is none of its business");
	p.cli("account", "delete", other);
});

test("the command shows and sets the same, and postern scan obeys", async () => {
	await reset();
	const set_by = (...words) => p.tryCli("detection", "set", "--account", p.account, ...words);
	const shown = () => p.cli("detection", "show", "--account", p.account).trim().split("\n");
	const fresh = shown();
	assert.ok(fresh.includes("blank_email=OFF") && fresh.includes("spam_threshold=1") && fresh.includes("disabled_detectors="), fresh.join());
	const change = ["blank_email=malicious", "managed_acceptable_senders=yes", "disabled_detectors=link_lure,text_scam", "spam_threshold=1.5", "malicious_domain_age=7"];
	assert.deepEqual([set_by(...change).status, set_by(...change).stderr], [0, ""]);
	const { result } = (await ask("GET")).body;
	assert.deepEqual([result.blank_email, result.managed_acceptable_senders, result.disabled_detectors, result.spam_threshold, result.malicious_domain_age],
		["MALICIOUS", true, ["link_lure", "text_scam"], 1.5, 7]);
	assert.equal(set_by(...shown()).status, 0, "what is shown is taken");
	assert.deepEqual((await ask("GET")).body.result, result);

	const file = path.join(p.dir, "blank.eml");
	writeFileSync(file, plain({ body: "\n" }).raw);
	const scan = (...words) => p.cli("scan", ...words, file);
	assert.match(scan("--account", p.account), /: MALICIOUS\n[^]*additional_detection\.blank_email/);

	assert.match(scan("--account", p.account), /\n  off      in this account: link_lure, text_scam\n/);
	writeFileSync(file, lure().raw);
	assert.match(scan(), /\n  change   Without [a-z_., ]+ this mail would be [A-Z]+\.\n/);
	assert.doesNotMatch(scan(), /\n {2}times /);
	assert.match(scan("--explain"), /\n  times    parse \d+\.\d\d, text \d+\.\d\d, sender \d+\.\d\d, policies \d+\.\d\d, detectors \d+\.\d\d, model \d+\.\d\d, assemble \d+\.\d\d ms; slowest: [a-z_]+ \d/);
	const { explanation } = JSON.parse(scan("--json")).detections;
	assert.equal(explanation.smallest_change.reason, sentence(explanation.smallest_change));

	for (const [word, says] of [
		["blank_email=SPAM", "blank_email must be one of OFF, SUSPICIOUS, MALICIOUS"],
		["spam_threshold=11", "spam_threshold must be 0.25 to 10"],
		["spam_threshold=1,2", "spam_threshold must be a number"],
		["malicious_domain_age=200", "malicious_domain_age must be 0 to 100"],
		["managed_acceptable_senders=maybe", "managed_acceptable_senders must be true or false"],
		["nothing=1", '"nothing=1" is no NAME=VALUE; `postern detection show` prints all of them'],
		["id=1", '"id=1" is no NAME=VALUE; `postern detection show` prints all of them'],
		["blank_email", '"blank_email" is no NAME=VALUE; `postern detection show` prints all of them'],
	]) {
		const refused = set_by(word);
		assert.deepEqual([refused.status, refused.stderr], [1, `postern detection set: ${says}\n`]);
	}
	assert.match(set_by("disabled_detectors=link_lure,nobody").stderr, /disabled_detectors must be one of [a-z_, ]*link_lure, /);
	const empty = [...Object.keys(Object.fromEntries(fresh.map((line) => line.split("="))))].map((name) => `${name}=`);
	assert.equal(set_by(...empty).stderr, "");
	assert.deepEqual(shown(), fresh, "an empty value is that of the beginning");
});

test("scopes: who may read sees them, who may write sets them", async () => {
	const reader = p.secret("token", "add", "--account", p.account, "--scope", "read", "reader");
	assert.equal((await ask("GET", undefined, { token: reader })).status, 200);
	for (const method of ["PATCH", "PUT"]) assert.equal((await ask(method, {}, { token: reader })).status, 403);
});
