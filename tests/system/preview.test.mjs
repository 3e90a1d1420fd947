// Pictures of mails, from outside: their pixels, their words, and that no mail breaks out or takes long.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { once } from "node:events";
import { test, before, after } from "node:test";
import { lure, plain } from "./lib/mail.mjs";
import { BINARY, Postern, SLOW, until, wait } from "./lib/postern.mjs";
import { Picture, encode, solid } from "./lib/png.mjs";
import { sendMail } from "./lib/smtp.mjs";

const PROGRAM = path.join(path.dirname(BINARY), "postern-preview");
const skip = existsSync(PROGRAM) ? false : "postern-preview is not built here";
const JPEG = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQABgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5yooor8PP5vCiiigD/9k=";
const GIF = "R0lGODdhGAAQAIEAAAAA/wAAAAAAAAAAACwAAAAAGAAQAEAIIgABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatxoMCAAOw==";
const RED = [255, 0, 0], BLANK = [255, 255, 255];

let dir;
before(() => { dir = mkdtempSync(path.join(os.tmpdir(), "postern-preview-")); });
after(() => rmSync(dir, { recursive: true, force: true }));

const HEAD = "From: Ann Example <ann@example.org>\r\nTo: Bob <bob@home.test>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n";
const html = (body, { subject = "A fixture", type = "text/html; charset=utf-8", head = HEAD } = {}) =>
	Buffer.concat([Buffer.from(`${head}Subject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`), Buffer.from(body)]);
const related = (body, parts) => Buffer.from(`${HEAD}Subject: Pictures\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${body}\r\n` +
	parts.map(([id, type, base64]) => `--b\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64.replace(/.{76}/g, "$&\r\n")}\r\n`).join("") + "--b--\r\n");

function facts(line) {
	const out = Object.fromEntries([...line.matchAll(/(\w+)=(\w+)/g)].map(([, k, v]) => [k, /^\d+$/.test(v) ? Number(v) : v]));
	return out;
}

// Draws all mails in one run of the command; gives { name: { facts, bytes, picture } }.
function draw(mails, ...options) {
	const files = Object.entries(mails).map(([name, mail]) => {
		const file = path.join(dir, name);
		writeFileSync(file, mail);
		return file;
	});
	const run = spawnSync(BINARY, ["preview", ...files, "--dir", dir, ...options], { encoding: "utf8", timeout: 300000 * SLOW });
	assert.equal(run.status, 0, run.stderr);
	const lines = run.stdout.trim().split("\n");
	return Object.fromEntries(Object.keys(mails).map((name, i) => {
		const bytes = readFileSync(path.join(dir, `${name}.png`));
		return [name, { facts: facts(lines[i]), bytes, picture: new Picture(bytes), stderr: run.stderr }];
	}));
}
const drawOne = (mail, ...options) => draw({ one: mail }, ...options).one;

// What can be read of it.
function words(picture, language = "eng") {
	const file = path.join(dir, "ocr.png");
	writeFileSync(file, picture.doubled(2000));
	const run = spawnSync("tesseract", [file, "-", "-l", language, "--psm", "6"], { encoding: "utf8", env: { ...process.env, OMP_THREAD_LIMIT: "1" } });
	assert.equal(run.status, 0, run.stderr);
	return run.stdout.toLowerCase();
}
const noOcr = spawnSync("tesseract", ["--version"]).status === 0 ? false : "tesseract is not installed";

test("a picture that cannot be written is told of by the error alone", { skip }, () => {
	const file = path.join(dir, "unwritten");
	writeFileSync(file, "Subject: a\r\n\r\nHello\r\n");
	for (const to of [path.join(dir, "nowhere", "a.png"), "/dev/full"]) {
		const run = spawnSync(BINARY, ["preview", file, "--out", to], { encoding: "utf8", timeout: 60000 * SLOW });
		assert.equal(run.status, 1);
		assert.equal(run.stdout, "");
		assert.match(run.stderr, new RegExp(`^postern preview: ${to}: `));
	}
});

test("the walls of a helper stand", { skip }, () => {
	// What is sealed cannot be searched for leaks.
	const run = spawnSync(PROGRAM, ["self-test"], { encoding: "utf8", env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" } });
	assert.equal(run.status, 0, run.stdout + run.stderr);
	assert.equal(run.stdout.match(/^ok /gm).length, 7);
});

test("colours stand where the mail puts them", { skip }, () => {
	const { facts: f, picture } = drawOne(html(`<body style="margin:0"><table cellspacing=0 cellpadding=0 width=400><tr>
		<td width=200 height=50 bgcolor="#ff0000"></td><td width=200 bgcolor="#00ff00"></td></tr></table>
		<div style="width:100px;height:30px;border:5px solid #0000ff;background:#ffff00"></div>
		<a href="http://x.test/" style="display:inline-block;background:linear-gradient(90deg,#123456,#fff);color:#fff;padding:10px">Go on</a>`));
	assert.equal(picture.width, 800);
	assert.equal(picture.height, f.height);
	assert.deepEqual(picture.at(100, f.top + 25), RED);
	assert.deepEqual(picture.at(300, f.top + 25), [0, 255, 0]);
	assert.deepEqual(picture.at(2, f.top + 60), [0, 0, 255]);
	assert.deepEqual(picture.at(50, f.top + 70), [255, 255, 0]);
	assert.ok(picture.count([0x12, 0x34, 0x56]) > 200, "a gradient is its first colour");
});

test("people read the subject, the sender and the text", { skip: skip || noOcr }, () => {
	const { picture, facts: f } = drawOne(html(`<h1>Wonderful holidays</h1><p>Please confirm your reservation before Sunday.</p>
		<form><input placeholder="Username"><input type=submit value="Continue"></form>`, { subject: "Reservation expires tomorrow" }));
	const text = words(picture);
	for (const word of ["reservation", "expires", "tomorrow", "ann@example.org", "wonderful", "holidays", "confirm", "sunday"])
		assert.ok(text.includes(word), `${word} in ${text}`);
	assert.ok(text.indexOf("tomorrow") < text.indexOf("wonderful"), "the band comes first");
	assert.ok(picture.count([238, 238, 238], f.top, f.bottom) > 1000, "a field is a grey box");
	assert.ok(picture.count([221, 221, 221], f.top, f.bottom) > 500, "a button, too");
});

// How much of a text is in another in the same order, letters and digits alone: 1 = all.
function share(text, read) {
	const [a, b] = [text, read].map((s) => [...s.normalize("NFKC").toLowerCase()].filter((c) => /[\p{L}\p{M}\p{N}]/u.test(c)));
	let row = new Array(b.length + 1).fill(0);
	for (const c of a) {
		const next = [0];
		for (let i = 0; i < b.length; i++) next.push(c === b[i] ? row[i] + 1 : Math.max(row[i + 1], next[i]));
		row = next;
	}
	return row[b.length] / a.length;
}

const SCRIPTS = {
	eng: ["ltr", "Your account was locked because of unusual activity. Please confirm your password before Sunday, or all your data will be lost."],
	rus: ["ltr", "Ваша учётная запись заблокирована из-за необычной активности. Подтвердите пароль до воскресенья, иначе все данные будут удалены."],
	chi_sim: ["ltr", "由于异常活动，您的账户已被锁定。请在星期日之前确认您的密码，否则您的所有数据将会丢失。感谢您使用我们的银行服务。"],
	jpn: ["ltr", "異常な活動のため、お客様の口座は停止されました。日曜日までに暗証番号を確認してください。確認がない場合、すべての情報が失われます。"],
	ara: ["rtl", "تم إغلاق حسابك بسبب نشاط غير عادي. يرجى تأكيد كلمة المرور قبل يوم الأحد وإلا سوف تفقد جميع بياناتك في البنك."],
	heb: ["rtl", "החשבון שלך ננעל בגלל פעילות חריגה. אנא אשר את הסיסמה שלך לפני יום ראשון, אחרת כל הנתונים שלך יימחקו מהבנק."],
	tha: ["ltr", "บัญชีของคุณถูกระงับเนื่องจากมีกิจกรรมที่ผิดปกติ กรุณายืนยันรหัสผ่านของคุณก่อนวันอาทิตย์ มิฉะนั้นข้อมูลทั้งหมดจะสูญหาย"],
};

test("people read mail in their own script, as a page, as text, and in the subject", { skip: skip || noOcr, timeout: 300000 * SLOW }, () => {
	const page = (text, dir) => html(`<body style="margin:0"><div dir=${dir} style="font-size:22px;padding:10px;line-height:1.6">${text}</div>`, { subject: "x" });
	const drawn = draw(Object.fromEntries(Object.entries(SCRIPTS).flatMap(([language, [dir, text]]) => [
		[language, page(text, dir)], [`${language}-text`, html(text, { subject: "x", type: "text/plain; charset=utf-8" })], [`${language}-subject`, html("x", { subject: text })],
		// What would not pass: boxes, and letters or words in another order.
		[`${language}-boxes`, page([...text].map((c) => (c === " " ? c : "\ue123")).join(""), dir)],
		[`${language}-turned`, page([...text].reverse().join(""), dir)], [`${language}-moved`, page(text.split(" ").reverse().join(" "), dir)],
	])));
	for (const [language, [, text]] of Object.entries(SCRIPTS)) {
		for (const as of ["", "-text", "-subject", "-boxes", "-turned", ...(text.includes(" ") ? ["-moved"] : [])]) {
			const part = share(text, words(drawn[language + as].picture, language));
			assert.ok(/boxes|turned|moved/.test(as) ? part < 0.7 : part >= 0.9, `${language}${as}: ${part}`);
		}
	}
});

test("words of real mail are read again", { skip: skip || noOcr }, (t) => {
	const samples = path.join(process.env.POSTERN_CORPORA ?? "/nonexistent", "modern-mix.tar.zst");
	if (!existsSync(samples)) return t.skip("POSTERN_CORPORA is not there");
	const list = spawnSync("sh", ["-c", `zstd -dc --long=27 '${samples}' | tar x -C '${dir}' modern-mix/ham modern-mix/bulk/foff-milter`]);
	assert.equal(list.status, 0);
	const folder = path.join(dir, "modern-mix/ham/foff-milter");
	const mails = Object.fromEntries(readdirSync(folder).sort().slice(0, 4).map((name) => [name, readFileSync(path.join(folder, name))]));
	const drawn = draw(mails), plain = draw(mails, "--step", "text");
	let found = 0, all = 0;
	for (const name of Object.keys(mails)) {
		const { picture } = drawn[name], seen = words(picture);
		const wanted = new Set(words(plain[name].picture).match(/[a-z]{5,}/g).slice(0, 150));
		for (const word of wanted) found += seen.includes(word);
		all += wanted.size;
	}
	assert.ok(found / all >= 0.85, `${found} of ${all}`);
});

test("a line that is written from right to left goes that way, and cells stay where they are", { skip }, () => {
	const word = (color, text) => `<font color="${color}">${text}</font>`;
	const line = `${word("#ff0000", "שלום")} ${word("#00ff00", "My Id")} ${word("#0000ff", "עולם")}`;
	const { rtl, cells } = draw({
		rtl: html(`<p dir=rtl style="font:bold 40px serif">${line}</p>`),
		cells: html(`<table style="font:bold 40px serif"><tr><td style="padding:0 20px">${word("#ff0000", "שלום")}<td style="padding:0 20px">${word("#00ff00", "עולם")}</table>`),
	});
	const [first, second, third] = [RED, [0, 255, 0], [0, 0, 255]].map((color) => rtl.picture.box(color));
	assert.ok(first.left > second.right && second.left > third.right, JSON.stringify([first, second, third]));
	assert.ok(cells.picture.box(RED).right < cells.picture.box([0, 255, 0]).left);
});

test("scripts without spaces find their line ends, those from right to left their side, and letters that join are joined", { skip }, () => {
	const page = (text, dir = "ltr") => html(`<div dir=${dir} style="font-size:20px;color:#ff0000">${text}</div>`);
	const long = { thai: repeat("ยินดีต้อนรับสู่ธนาคารของคุณ", 8), korean: repeat("안녕하세요고객님", 12), japanese: repeat("こんにちは世界", 15), chinese: repeat("你好世界", 30) };
	const right = { hebrew: "שלום עולם, זהו מכתב ניסיון", arabic: "مرحبا بكم في البنك" };
	const drawn = draw({
		...Object.fromEntries(Object.entries(long).map(([name, text]) => [name, page(text)])), ...Object.fromEntries(Object.entries(right).map(([name, text]) => [name, page(text, "rtl")])),
		joined: page("مرحبا"), apart: page([..."مرحبا"].join("\u200c")),
	});
	const box = (name) => drawn[name].picture.box(RED);
	for (const name of Object.keys(long)) {
		const { left, right, top, bottom } = box(name);
		assert.ok(left >= 6 && left < 20 && right > 700 && right <= 794 && bottom - top > 40, `${name}: ${JSON.stringify(box(name))}`);
	}
	for (const name of Object.keys(right)) assert.ok(box(name).right > 780 && box(name).left > 400, `${name}: ${JSON.stringify(box(name))}`);
	const width = (name) => box(name).right - box(name).left;
	assert.ok(width("joined") < width("apart"), `${width("joined")} of ${width("apart")}`);
});

test("lines end between words, in scripts that have no spaces, too", { skip }, () => {
	const scripts = {
		thai: "ยินดี|ต้อนรับ|สู่|ธนาคาร|ของ|คุณ", lao: "ຍິນດີ|ຕ້ອນຮັບ|ສູ່|ທະນາຄານ|ຂອງ|ທ່ານ", khmer: "មកកាន់|ធនាគារ|របស់|អ្នក", burmese: "ဘဏ်|မှ|ကြိုဆို|ပါသည်",
		chinese: "银|行|通|知：|《账|户》|已|冻|结。", japanese: "「カー|ド」|の|ご|確|認。", said: "long&#8203;|word&#8203;|parted",
	};
	const page = (width, text) => html(`<div style="width:${width}px;font-size:24px">${text}</div>`);
	const drawn = draw(Object.fromEntries(Object.entries(scripts).flatMap(([name, text]) => [[name, page(1, text.replaceAll("|", ""))], [`${name}-lines`, page(700, text.replaceAll("&#8203;", "").split("|").map((word) => `<span style="white-space:nowrap">${word}</span>`).join("<br>"))]])));
	for (const name of Object.keys(scripts)) assert.ok(drawn[name].bytes.equals(drawn[`${name}-lines`].bytes), name);
	// Text mail, too: Pango alone finds no words of Thai in a sealed process.
	const { text, marked } = draw(Object.fromEntries(["", "\u200b"].map((mark, i) => [i ? "marked" : "text", html(repeat(`ธนาคาร${mark}`, 90), { type: "text/plain; charset=utf-8" })])));
	assert.ok(text.bytes.equals(marked.bytes));
});

test("what is hidden between letters is not seen, and what is turned is read as it looks", { skip: skip || noOcr }, () => {
	const junk = (style) => `<span style="${style}">Jupiter </span>`;
	const hide = "display:inline-block;width:0;height:0;overflow:hidden;white-space:nowrap";
	const size = (n) => `font-size:0.00000000000000000${n}`;
	const turned = [...".drowssap ruoy mrifnoC"].join("");
	const mails = {
		sizes: html(`<h1>Con${junk(size("97vw"))}firm yo${junk(size("4em"))}ur pass${junk("font-size:1e-9px")}word.</h1>`),
		turned: html(`<h1>\u202e${turned.slice(0, 5)}${junk(hide)}${turned.slice(5, 12)}<u style="${hide}">Jupiter</u>${turned.slice(12)}</h1><h1>Afterwards</h1>`),
		bdo: html(`<h1><bdo dir="rtl">${turned}</bdo></h1>`),
	};
	for (const [name, { picture }] of Object.entries(draw(mails))) {
		const text = words(picture);
		assert.match(text, /confirm your password/, name);
		assert.doesNotMatch(text, /jupiter/, name);
		if (name === "turned") assert.match(text, /afterwards/);
	}
});

test("a picture that a sheet puts behind a cell is drawn, whatever its attribute says", { skip }, () => {
	const url = `data:image/png;base64,${solid(24, 16, RED).toString("base64")}`;
	const long = `data:image/png;base64,${solid(1500, 1000, RED).toString("base64")}`;
	const { sheet, style } = draw({
		sheet: html(`<style>.x{background-image:url('${url}');width:100px;height:50px}</style><table><tr><td class=x background="http://x.test/a">`),
		style: html(`<div style="width:100px;height:50px;background:url(${long})"></div>`),
	});
	assert.ok(sheet.picture.count(RED) >= 100 * 50);
	assert.equal(style.picture.count(RED), 100 * 50);
});

test("a block of some greatest width stands in the middle, by its margins or by what it is in", { skip }, () => {
	const block = (style) => `<p style="max-width:260px;${style}"><a style="display:block;background:#ff0000;padding:10px">&nbsp;</a></p>`;
	const inner = '<table width=260 cellspacing=0 cellpadding=0><tr><td bgcolor="#ff0000">&nbsp;</table>';
	const cell = (align, style = "") => html(`<body style="margin:0"><table width=100% cellspacing=0 cellpadding=0><tr><td ${align}>${block(style)}</table>`);
	const drawn = draw({
		margins: html(`<body style="margin:0">${block("margin:0 auto")}`), cell: cell("align=center", "margin:40px 0"),
		table: html(`<body style="margin:0"><table align=center width=100% style="max-width:260px" cellspacing=0 cellpadding=0><tr><td bgcolor="#ff0000">&nbsp;</table>`),
		row: html(`<body style="margin:0"><table width=100% cellspacing=0 cellpadding=0><tr align=center><td>${inner}</table>`),
		body: html(`<body align=center style="margin:0">${inner}`),
		left: cell(""), right: cell("align=right"),
	});
	for (const [name, { picture }] of Object.entries(drawn)) {
		const { left, right } = picture.box(RED);
		if (name === "left" || name === "right") assert.equal(left, 0, name);
		else assert.ok(Math.abs(left + right - 800) <= 4 && Math.abs(right - left - 260) <= 4, `${name}: ${left} to ${right}`);
	}
});

test("a page is as wide as what is in it, and blocks of images and tables stay in it", { skip }, () => {
	const image = '<td style="padding:0"><div align="center"><img src="http://x.test/a" alt="" width=120 height=20 style="display:block"></div>';
	const inside = (rows) => html(`<body style="margin:0"><table align=center width=600 bgcolor="#ff0000" cellspacing=0 cellpadding=0><tr><td>${rows}</table>`);
	const drawn = draw({
		images: inside(`<table>${image.repeat(4)}</table>`),
		words: inside(`<table width=100%><tr><td style="border:1px solid"><table><tr>${'<td style="padding:9px 0 9px 40px">Solidarity, subversion and transcendence in music'.repeat(3)}</table></table>`),
		width: html('<body style="margin:0"><table align=center cellspacing=0 cellpadding=0><tr><td align=center><table width=600 bgcolor="#ff0000"><tr><td>Words</table></table>'),
		sheet: html('<style>table{margin:0}</style><body style="margin:0"><table width=100%><tr><td align=center><table width=600 bgcolor="#ff0000"><tr><td>Words</table></table>'),
		columns: html(`<body style="margin:0"><table align=center width=600 cellspacing=0 cellpadding=0 bgcolor="#ff0000"><tr>${'<td width="50%"><table cellspacing=0 cellpadding=0><tr><td style="width:600px"><img src="http://x.test/a" width=600 style="width:100%;max-width:100%;height:20px;display:block"></table>'.repeat(2)}<tr><td colspan=2>&nbsp;</table>`),
		shown: html('<body style="margin:0"><div align=center><div style="display:table;width:600px;background:#ff0000">Words</div></div>'),
	});
	for (const [name, { picture }] of Object.entries(drawn)) {
		const { left, right } = picture.box(RED);
		assert.equal(picture.width, 800, name);
		assert.ok(Math.abs(left + right - 800) <= 6 && Math.abs(right - left - 600) <= 6, `${name}: ${left} to ${right}`);
	}
});

test("what stands in a cell makes it higher, and columns stand side by side", { skip }, () => {
	const column = (color) => `<div style="width:100%;max-width:300px;display:inline-block"><table width=100% style="max-width:540px;width:100%"><tr><td bgcolor="${color}">Words that need room</table></div>`;
	const { cell, columns } = draw({
		cell: html('<table cellspacing=0 cellpadding=0><tr><td style="height:20px"><div style="height:50px;background:#ff0000">&nbsp;</div><tr><td bgcolor="#00ff00" height=10><div style="height:30px;width:50px"></div></table>'),
		columns: html(`<table align=center width=700 style="max-width:700px"><tr><td align=center><div style="text-align:center">${column("#ff0000")} ${column("#00ff00")}</div></table>`),
	});
	const of = ({ picture }) => [RED, [0, 255, 0]].map((color) => picture.box(color));
	let [first, second] = of(cell);
	assert.ok(second.top > first.bottom && second.bottom - second.top >= 29, JSON.stringify([first, second]));
	[first, second] = of(columns);
	assert.ok(Math.abs(first.top - second.top) < 3 && second.left > first.right && first.right - first.left > 280, JSON.stringify([first, second]));
});

test("margins that meet are one, and lines with nothing in them are lines", { skip }, () => {
	const mark = (color) => `<div style="height:10px;background:${color}"></div>`;
	const between = (inside) => html(`<body style="margin:0">${mark("#ff0000")}${inside}${mark("#00ff00")}`);
	const gaps = {
		nothing: ["", 0], paragraph: ["<p>Words</p>", 32 + 19], two: ["<p>Words</p><p>Words</p>", 48 + 38],
		boxed: ["<div><p>Words</p></div> <div> <div><p>Words</p></div></div>", 48 + 38], empty: ["<p>Words</p><p> </p><p></p><p>Words</p>", 48 + 38],
		line: ["<div>Words</div><div><br></div><div>Words</div>", 3 * 19], lines: ["<div>Words<br><br>Words<br></div>", 3 * 19],
		last: ["<div>Words<br><br></div>", 2 * 19], alone: ["<p>Words</p><br><p>Words</p>", 64 + 3 * 19], first: ["<div><br>Words</div>", 2 * 19],
	};
	for (const [name, { picture }] of Object.entries(draw(Object.fromEntries(Object.entries(gaps).map(([name, [inside]]) => [name, between(inside)]))))) {
		const gap = picture.box([0, 255, 0]).top - picture.box(RED).bottom - 1;
		assert.ok(Math.abs(gap - gaps[name][1]) <= 3, `${name}: ${gap}, not ${gaps[name][1]}`);
	}
});

test("a button is one box around its words", { skip }, () => {
	const { picture } = drawOne(html('<body style="margin:0"><table><tr><td><a href="http://x.test/" style="padding:10px 40px;background:#ff0000"><span>Words of a button</span></a></table>'));
	const { left, right, top, bottom } = picture.box(RED);
	assert.ok(right - left > 150 && right - left < 230 && bottom - top > 30 && bottom - top < 46, JSON.stringify(picture.box(RED)));
});

test("marks that nobody sees are not drawn", { skip }, () => {
	const { marked, plain } = draw({ marked: html("Your \u034fa\u034fc\u2060count \ufeffwaits\u00ad"), plain: html("Your account waits") });
	assert.ok(marked.bytes.equals(plain.bytes));
});

test("the face of a font is the one that is named", { skip }, () => {
	const { attribute, style, none } = draw({ attribute: html('<font face="Arial">Words</font>'), style: html('<span style="font-family:Arial">Words</span>'), none: html("Words") });
	assert.ok(attribute.bytes.equals(style.bytes));
	assert.ok(!attribute.bytes.equals(none.bytes));
});

test("a font of emoji draws those and nothing else", { skip }, () => {
	const line = (family) => html(`<p style="font-family:${family}">Room 2026, 14 \u{1f600}</p>`);
	const { plain, with_emoji, first, serif } = draw({ plain: line("Arial"), with_emoji: line("Arial, sans-serif, 'Apple Color Emoji', 'Noto Color Emoji'"), first: line("'Segoe UI Emoji', Noto Color Emoji"), serif: line("serif") });
	assert.ok(plain.bytes.equals(with_emoji.bytes));
	assert.ok(first.bytes.equals(serif.bytes));
});

test("weights in numbers are as bold as they say", { skip }, () => {
	const { light, bold, number } = draw({ light: html("<p>Heavy words</p>"), bold: html("<p><b>Heavy words</b></p>"), number: html('<p><span style="font-weight:700">Heavy words</span></p>') });
	assert.ok(bold.bytes.equals(number.bytes));
	assert.ok(!light.bytes.equals(number.bytes));
});

test("nothing in a mail reaches the band", { skip }, () => {
	const over = (style) => html(`<p>Text</p><div style="${style};width:780px;height:2000px;background:#ff0000;color:#f00">From: bank@bank.test</div>`);
	const mails = {
		none: html("<p>Text</p>"), fixed: over("position:fixed;top:0;left:0"), absolute: over("position:absolute;top:-500px;left:-50px"),
		margin: over("margin-top:-900px"), relative: over("position:relative;top:-700px;z-index:9999"),
	};
	const drawn = draw(mails), { top } = drawn.none.facts;
	for (const name of Object.keys(mails)) {
		assert.equal(drawn[name].facts.top, top, name);
		assert.ok(drawn[name].picture.rows(0, top).equals(drawn.none.picture.rows(0, top)), name);
	}
	assert.ok(drawn.fixed.picture.count(RED) > 10000, "and yet it is drawn");
});

test("names that turn the direction of writing, and what is invisible, are spelled out", { skip: skip || noOcr }, () => {
	const head = 'From: "\u202egro.knab\u202c\u200bBank" <evil@attacker.example>\r\nReply-To: other@collect.example\r\nTo: bob@home.test\r\n';
	const text = words(drawOne(html("<p>x</p>", { head, subject: "a\u202eb" })).picture);
	assert.match(text, /\[u\+202e\]/);
	assert.match(text, /\[u\+200b\]/);
	assert.match(text, /evil@attacker\.example/);
	assert.match(text, /reply-to.*other@collect\.example/);
});

test("an image that is not in the mail is a box of its size, and is counted", { skip }, () => {
	const { picture, facts: f } = drawOne(html(`<body style="margin:0"><img src="http://t.test/a.png" width=300 height=120 alt="">
		<img src="https://t.test/pixel.gif" width=1 height=1><div style="background:url(//t.test/b.png)">x</div>`));
	assert.equal(f.not_loaded, 3);
	assert.equal(f.unseen, 1);
	assert.deepEqual(picture.at(150, f.top + 60), [241, 242, 244]);
	assert.deepEqual(picture.at(150, f.top + 130), BLANK);
	assert.deepEqual(picture.at(310, f.top + 60), BLANK);
});

test("images in the mail are drawn: by Content-ID and in URLs, PNG, JPEG and GIF, whatever they are called", { skip }, () => {
	const png = solid(24, 16, RED).toString("base64");
	const img = (src) => `<img src="${src}" width=60 height=40>`;
	const { picture, facts: f } = drawOne(related(`<body style="margin:0">${["cid:p", "cid:j", "cid:g", `data:image/png;base64,${png}`, "cid:none"].map(img).join("<br>")}`,
		[["p", "image/jpeg", png], ["j", "application/octet-stream", JPEG], ["g", "image/png", GIF]]));
	assert.equal(f.failed, 1);
	assert.equal(f.not_loaded, 0);
	assert.equal(picture.count(RED), 2 * 60 * 40);
	assert.equal(picture.count([0, 128, 0]), 60 * 40);
	assert.equal(picture.count([0, 0, 255]), 60 * 40);
});

test("scripts, frames and objects are not there", { skip }, () => {
	const { one, other } = draw({
		one: html("<p>Before</p><p>After</p>"),
		other: html(`<p onclick="x()">Before</p><script>document.write("<h1>no</h1>")</script><iframe src="file:///etc/passwd"></iframe>
			<object data="x"></object><embed src="x"><svg><text>no</text></svg><template>no</template><link rel=stylesheet href="http://x.test/"><p>After</p>`),
	});
	assert.ok(one.bytes.equals(other.bytes));
});

test("nobody is asked for anything that a mail names", { skip }, async () => {
	let calls = 0;
	const server = net.createServer((s) => { calls++; s.destroy(); }).listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${server.address().port}/x`;
	const child = spawn(BINARY, ["preview", path.join(dir, "asks"), "--out", path.join(dir, "asks.png")]);
	writeFileSync(path.join(dir, "asks"), html(`<link rel=stylesheet href="${url}"><style>@import "${url}"; @font-face{font-family:x;src:url(${url})} p{background:url(${url})}</style>
		<img src="${url}"><iframe src="${url}"></iframe><p style="font-family:x">x</p><img src="file:///etc/passwd">`));
	const [status] = await once(child, "exit");
	server.close();
	assert.equal(status, 0);
	assert.equal(calls, 0);
});

test("where links lead is told, and which deceive", { skip: skip || noOcr }, () => {
	const { facts: f, picture } = drawOne(html(`<a href="http://phish.attacker.example/login">https://www.example.com/login</a>
		<a href="https://example.com/help">Help</a>`));
	assert.equal(f.links, 2);
	assert.equal(f.deceptive, 1);
	const text = words(picture);
	assert.match(text, /deceptive.*www\.example\.com.*phish\.attacker\.example/);
});

test("charsets, right or wrong or not named, give the same picture", { skip }, () => {
	const cases = [["koi8-r", "Привет, мир"], ["windows-1256", "مرحبا بالعالم"], ["iso-8859-1", "Grüße aus Köln"], ["gb2312", "你好世界"], ["big5", "歡迎光臨"],
		["shift_jis", "こんにちは世界"], ["windows-1255", "שלום עולם"]];
	const mails = {};
	for (const [charset, text] of cases) {
		const page = `<p>${text} ${text}</p>`;
		const encoded = spawnSync("iconv", ["-f", "utf-8", "-t", charset], { input: page }).stdout;
		assert.ok(encoded.length > 8, charset);
		mails[`${charset}-utf8`] = html(page);
		mails[charset] = html(encoded, { type: `text/html; charset="${charset}"` });
		mails[`${charset}-meta`] = html(Buffer.concat([Buffer.from(`<meta charset=${charset}>`), encoded]), { type: "text/html" });
	}
	mails["none-utf8"] = html("<p>Grüße</p>", { type: "text/html" });
	mails["none-latin"] = html(Buffer.from("<p>Grüße</p>", "latin1"), { type: "text/html; charset=default" });
	const drawn = draw(mails);
	for (const [charset] of cases) {
		assert.ok(drawn[charset].bytes.equals(drawn[`${charset}-utf8`].bytes), charset);
		assert.ok(drawn[`${charset}-meta`].bytes.equals(drawn[`${charset}-utf8`].bytes), `${charset} by meta`);
	}
	assert.ok(drawn["none-utf8"].bytes.equals(drawn["none-latin"].bytes));
});

test("the same mail is the same picture", { skip }, () => {
	const mail = html(`<h1>Once</h1><p style="font-family:Verdana">and again \u{1F600} 漢字 שלום</p><table border=1><tr><td>1<td>2</table>`);
	const drawn = draw({ a: mail, b: mail });
	assert.ok(drawn.a.bytes.equals(drawn.b.bytes));
});

test("a long mail is drawn in strips: whole, with lines and pictures across their edges, and in little memory", { skip }, () => {
	const url = `data:image/png;base64,${solid(24, 16, RED).toString("base64")}`;
	const right = `<p dir=rtl style="font:24px serif;margin:0">${repeat("שלום <big>My Id</big> עולם ", 3)}</p>`;
	const { short, long, much, noise } = draw({
		short: html("<p>x</p>"),
		long: html(`<body style="margin:0"><img src="${url}" width=50 height=3900 style="display:block"><div style="height:1500px;width:50px;background:#ff0000"></div>`),
		much: html(repeat(right, 300)),
		noise: related('<body style="margin:0"><img src="cid:noise" style="display:block">', [["noise", "image/png", encode(800, 1900, () => randomBytes(2400)).toString("base64")]]),
	});
	assert.equal(long.picture.count(RED), 50 * 5400);
	assert.ok(much.facts.shortened === 1 && much.facts.height > 6000, JSON.stringify(much.facts));
	// Each line is the same, wherever a strip ends in it.
	const row = (y) => Array.from({ length: 800 }, (_, x) => much.picture.at(x, y)[0]);
	const high = (() => { for (let n = 20; n < 60; n++) if ([0, 7, 13].every((k) => row(much.facts.top + 200 + k).join() === row(much.facts.top + 200 + n + k).join())) return n; return 0; })();
	assert.ok(high > 20, String(high));
	for (let y = much.facts.top + 100; y < much.facts.bottom - 100; y += 1) assert.deepEqual(row(y), row(y - high), `row ${y}`);
	if (SLOW === 1) assert.ok(much.facts.peak_kb < short.facts.peak_kb + 12000, `${much.facts.peak_kb} kB, and ${short.facts.peak_kb} for a line`);
	assert.ok(noise.facts.shortened === 1 && noise.facts.height > 900 && noise.facts.height < 1100 && noise.picture.height === noise.facts.height, JSON.stringify(noise.facts));
	assert.deepEqual(noise.picture.at(790, noise.facts.bottom - 12), [64, 84, 115], "the line that says so");
});

test("text mail is text, and attachments have names", { skip: skip || noOcr }, () => {
	const mail = `${HEAD}Subject: Minutes\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nPlain words here\r\n> quoted words\r\n` +
		"--b\r\nContent-Type: application/pdf; name=\"invoice.pdf\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n";
	const { facts: f, picture } = drawOne(Buffer.from(mail));
	const text = words(picture);
	assert.equal(f.attachments, 1);
	for (const word of ["plain words here", "quoted words", "invoice.pdf"]) assert.ok(text.replace("invoice. pdf", "invoice.pdf").includes(word), `${word} in ${text}`);
});

test("each way to draw gives a picture with the words in it", { skip: skip || noOcr }, () => {
	const mail = html("<table><tr><td><div style='float:right'>Something wonderful</div></td></tr></table>");
	for (const step of ["full", "flat", "text"]) {
		const { facts: f, picture } = drawOne(mail, "--step", step);
		assert.equal(f.step, step);
		assert.match(words(picture), /something wonderful/, step);
	}
});

const repeat = (text, n) => Array(n).fill(text).join("");
const HOSTILE = {
	"nested tables": repeat("<table><tr><td>", 5000) + "deep",
	"closed nested tables": repeat("<table><tr><td>", 200) + "deep" + repeat("</td></tr></table>", 200),
	"trees of tables": repeat(repeat("<table><tr><td>a<td>", 7) + "deep" + repeat("</td></tr></table>", 7), 100),
	floats: repeat("<div style='float:left'>x</div>", 6000),
	"floats by a sheet": "<style>div{float:left}</style>" + repeat("<div>x</div>", 5500),
	"long selectors": `<style>${repeat("div ", 200)}{color:red}</style>` + repeat("<div>", 150) + "x",
	"many selectors": `<style>${repeat("div div div div div div div .c{color:red}", 3000)}</style>` + repeat(repeat("<div class=c>", 70) + "x" + repeat("</div>", 70), 60),
	"nested elements": repeat("<div>", 20000) + "x",
	"nested inline elements": repeat("<span>", 20000) + "x",
	attributes: `<p${Array.from({ length: 100000 }, (_, i) => ` a${i}=b`).join("")}>x`,
	"wide cells": "<table><tr><td colspan=1000000000 rowspan=1000000000>x</table>",
	"wide boxes": "<div style='width:2000000000px;height:2000000000px;background:red'>x</div><table width=2000000000><tr><td>x</table>",
	"a row of cells": "<table><tr>" + repeat("<td>x", 5900) + "</table>",
	"many rows": "<table>" + repeat("<tr><td>row of text<td>y</td></tr>", 150000) + "</table>",
	"much text": repeat("lorem ipsum dolor ", 280000),
	"one word": repeat("x", 5000000),
	"no spaces": repeat("中文", 400000),
	"an open quote": '<a href="' + repeat("x", 1000000),
	"an open comment": "<!--" + repeat("x", 1000000),
	brackets: repeat("<", 1000000),
	"formatting that comes again": Array.from({ length: 500 }, (_, i) => `<b id=${i}>`).join("") + repeat("<p>x", 3000),
	"many fonts": Array.from({ length: 5000 }, (_, i) => `<font style="font-family:F${i};font-size:${i % 300 + 2}px">x</font>`).join(""),
	"sizes upon sizes": repeat("<div style='font-size:99em;padding:9999px;margin:-9999px;width:9999%'>", 70) + "x",
	"a large sheet": `<style>${Array.from({ length: 60000 }, (_, i) => `.b${i},.c${i}>p{color:red}`).join("")}</style><p class=b1>x`,
	"a repeated picture": repeat("<table background='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' width=1100 height=5000><tr><td>x</table>", 50),
	"a picture that says to be huge": `<img src="data:image/png;base64,${solid(10, 10, RED, { saidWidth: 30000, saidHeight: 30000 }).toString("base64")}">`,
	"many large pictures": repeat(`<img width=10 src="data:image/png;base64,${solid(1000, 1000, RED).toString("base64")}">`, 200),
	"a picture that is cut": `<img src="data:image/png;base64,${solid(300, 300, RED).subarray(0, 300).toString("base64")}">`,
	drawings: repeat("<svg>", 5000) + "<p>after",
	forms: repeat("<form><input><select><option>a<textarea>x</textarea>", 3000),
	"marks upon a letter": "a" + repeat("\u0301", 300000),
	"a JPEG that is cut": `<img src="data:image/jpeg;base64,${JPEG.slice(0, -40)}" width=300 height=200>`,
	"a JPEG of nothing": `<img src="data:image/jpeg;base64,${Buffer.from([0xff, 0xd8, 0xff, 0xc2, 0, 17, 8, 0x1f, 0, 0x1f, 0, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1, 0, 0]).toString("base64")}" width=300 height=200>`,
	"a GIF that says to be huge": `<img src="data:image/gif;base64,${Buffer.from("4749463839616060606080000000000000ffffff2c000000006060606000", "hex").toString("base64")}">`,
	"pictures in a sheet": `<style>${Array.from({ length: 3000 }, (_, i) => `.b${i}{background:url(data:image/gif;base64,${GIF})}`).join("")}</style><p class=b1>x`,
	"sheets that ask for sheets": `<style>${repeat("@import 'x';@media screen{", 20000)}`,
	"turned text": repeat("<bdo dir=rtl>abc <b>", 3000) + repeat("\u202eabc \u202d\u202c", 50000),
	"bytes that are no text": Buffer.concat(Array(20000).fill(Buffer.from([0x3c, 0x70, 0x3e, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xff, 0xfe, 0xf4, 0x90, 0x80, 0x80]))),
	"bytes that are nothing": "\0\x01\x02\ufffe\uffff".repeat(1000),
};

// Processor time of the step that drew it, warming up included; the wall, for whatever hangs.
const CPU_MS = { full: 3000, flat: 2000, text: 2000 }, WALL_MS = 28000;
function bounded(f, name) {
	assert.ok(f.cpu_ms <= CPU_MS[f.step] + 500 * SLOW, `${name}: ${f.cpu_ms} ms of a processor`);
	assert.ok(f.ms <= WALL_MS + 1000, `${name}: ${f.ms} ms`);
	if (SLOW === 1) assert.ok(f.peak_kb <= 256 * 1024, `${name}: ${f.peak_kb} kB`);
}

test("hostile mail takes no longer than is allowed, and is drawn all the same", { skip, timeout: 600000 * SLOW }, () => {
	const drawn = draw(Object.fromEntries(Object.entries(HOSTILE).map(([name, page]) => [name, html(page)])));
	for (const [name, { facts: f, picture }] of Object.entries(drawn)) {
		bounded(f, name);
		assert.ok(f.bytes <= 4 << 20, name);
		assert.ok(picture.width <= 1200 && picture.height <= 8000, name);
		assert.ok(picture.count([241, 243, 246], 0, f.top) > 10000, `${name}: the band is there`);
	}
	assert.notEqual(drawn["a picture that says to be huge"].facts.failed, 0);
});

// What costs by its kind is known beforehand: nothing runs to the end of its time first.
test("tables made by styles and selectors that count are cut before they cost", { skip, timeout: 120000 * SLOW }, () => {
	const drawn = draw(Object.fromEntries(Object.entries({
		tables: repeat('<div style="display:table"><div style="display:table-row"><div style="display:table-cell">', 30) + "deep",
		cells: repeat('<div style="display:table-cell">', 80) + repeat('<span style="display:table-row">x</span>', 1500),
		inline: repeat('<table style="display:inline-table">', 200) + "deep",
		sheet: "<style>div{display:table}</style>" + repeat("<div>", 70) + "deep",
		counting: `<style>${Array.from({ length: 3000 }, (_, i) => `p:nth-child(${i}n+1):last-of-type:first-child{color:red}`).join("")}</style>${repeat("<p>x</p>", 5000)}`,
	}).map(([name, page]) => [name, html(page)])));
	for (const [name, { facts: f }] of Object.entries(drawn)) {
		assert.equal(f.step, name === "counting" ? "full" : "flat", name);
		assert.ok(f.cpu_ms < 2500 * SLOW, `${name}: ${f.cpu_ms} ms of a processor`);
	}
	const fair = draw({ page: html(repeat('<div style="display:table"><div style="display:table-cell">', 5) + "x") });
	assert.equal(fair.page.facts.step, "full");
});

test("what takes too long to lay out is drawn without its layout, and else as text", { skip, timeout: 120000 * SLOW }, () => {
	const boxes = (style) => html("<div style='height:5900px'>x</div>" + repeat(`<div style="${style};width:5000px;height:5900px;border-radius:900px;background:rgba(250,0,0,.01)">x</div>`, 5500));
	const drawn = draw({ placed: boxes("position:absolute;top:0;left:0"), piled: boxes("margin-top:-5900px") });
	assert.equal(drawn.placed.facts.step, "flat");
	assert.equal(drawn.piled.facts.step, "text");
	for (const [name, { facts: f }] of Object.entries(drawn)) bounded(f, name);
});

const below = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ").filter(Boolean).map(Number);
const ticks = (pid) => readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ").slice(11, 13).reduce((sum, n) => sum + Number(n), 0);

// Draws one mail that takes its time, and calls back with the helper at work.
async function disturb(name, page, meanwhile) {
	const file = path.join(dir, name);
	writeFileSync(file, html(page));
	const child = spawn(BINARY, ["preview", file, "--out", path.join(dir, `${name}.png`)]);
	let out = "", keeper, helpers, busy;
	child.stdout.on("data", (data) => { out += data; });
	const closed = once(child, "close");
	// Warming up takes some hundredths of a second; the one that goes on after that draws.
	await until(() => {
		[keeper] = below(child.pid);
		helpers = keeper ? below(keeper) : [];
		busy = helpers.find((pid) => ticks(pid) >= 30 * Math.min(SLOW, 2));
		return busy !== undefined;
	}, "a helper at work");
	assert.ok(helpers.length >= 2, "some wait, one draws");
	await meanwhile(busy);
	const [status] = await closed;
	assert.equal(status, 0);
	for (const pid of [keeper, ...helpers]) assert.ok(!existsSync(`/proc/${pid}`), `${pid} is gone`);
	return facts(out);
}
const ENDLESS = repeat("<div style='position:absolute;top:0;left:0;width:5000px;height:5000px;border-radius:900px;background:rgba(250,0,0,.01)'>x</div>", 5500);

test("a helper that is killed under way is followed by another, and none is left behind", { skip, timeout: 60000 * SLOW }, async () => {
	const f = await disturb("killed", ENDLESS, (pid) => process.kill(pid, "SIGKILL"));
	assert.notEqual(f.step, "full");
});

test("time without a processor is not held against a mail, unless it never comes to an end", { skip, timeout: 120000 * SLOW }, async () => {
	const stop = (pid) => process.kill(pid, "SIGSTOP");
	const [late, stuck] = await Promise.all([
		disturb("late", HOSTILE["many rows"], async (pid) => { stop(pid); await wait(5500); process.kill(pid, "SIGCONT"); }),
		disturb("stuck", HOSTILE["many rows"], stop),
	]);
	assert.equal(late.step, "full");
	assert.ok(late.ms >= 5500);
	assert.equal(stuck.step, "flat");
	assert.ok(stuck.ms <= WALL_MS + 1000, `${stuck.ms} ms`);
});

test("what cannot be done is said", { skip }, () => {
	const run = (...words) => spawnSync(BINARY, ["preview", ...words], { encoding: "utf8" });
	assert.equal(run("/nonexistent", "--out", path.join(dir, "x")).status, 1);
	assert.match(run("/nonexistent", "--out", path.join(dir, "x")).stderr, /No such file/);
	assert.equal(run("/dev/null").status, 2);
	assert.match(run("/dev/null", "--out", "x", "--step", "half").stderr, /"half" is none of full flat text/);
	assert.equal(spawnSync(PROGRAM, [], { encoding: "utf8" }).status, 2);
});

test("the API gives the picture of a message with a detection, and writes it down", { skip, timeout: 120000 * SLOW }, async () => {
	const p = await Postern.start({ domains: [{ name: "example.test", drop: "MALICIOUS" }] });
	try {
		const bad = lure(), good = plain();
		await sendMail(p.smtpPort, { mail: bad.raw });
		await sendMail(p.smtpPort, { mail: good.raw });
		const found = await p.found(bad.id), clean = await p.found(good.id);
		const preview = (id) => p.request("GET", `investigate/${id}/preview`);

		const answer = await preview(found.id);
		assert.equal(answer.status, 200, answer.text);
		const bytes = Buffer.from(answer.body.result.screenshot, "base64");
		const picture = new Picture(bytes);
		assert.ok(picture.count([0, 0, 238]) > 100, "the link is drawn");
		assert.ok(draw({ bad: p.cli("quarantine", "show", found.id) }).bad.bytes.equals(bytes), "as the command draws it");
		assert.equal((await preview(found.postfix_id)).status, 200);

		const log = (await p.get(`investigate/${found.id}/action_log`)).result;
		assert.deepEqual(log.map((line) => [line.operation, line.success, line.properties.requested_by]),
			[["PREVIEW", true, "token:tests"], ["PREVIEW", true, "token:tests"]]);
		assert.deepEqual((await p.get(`investigate/${found.id}`)).result.post_delivery_operations, ["PREVIEW"]);
		await until(async () => (await p.get("investigate", { message_action: "PREVIEW" })).result.length === 1, "the message by what was done with it");

		assert.equal((await preview(clean.id)).status, 404);
		assert.equal((await preview("4Njp3P0STMz2c05T")).status, 404);

		// Any message by what the body names, in the words of both clients.
		const any = (body) => p.request("POST", "investigate/preview", { body });
		for (const body of [{ id: clean.id }, { postfix_id: clean.postfix_id }, { id: clean.postfix_id, postfix_id: clean.id, more: 1 }]) {
			const drawn = await any(body);
			assert.equal(drawn.status, 200, drawn.text);
			assert.ok(draw({ good: good.raw }).good.picture.rows(200, 300).equals(new Picture(Buffer.from(drawn.body.result.screenshot, "base64")).rows(200, 300)));
		}
		assert.ok(Buffer.from((await any({ id: found.alert_id })).body.result.screenshot, "base64").equals(bytes), "as operation 4 draws it");
		const lines = (await p.get(`investigate/${clean.id}/action_log`)).result;
		assert.deepEqual(lines.map((line) => [line.operation, line.success, line.properties.requested_by]), Array(3).fill(["PREVIEW", true, "token:tests"]));
		assert.ok(lines[0].started_at <= lines[0].completed_at);
		assert.deepEqual((await p.get(`investigate/${clean.id}`)).result.post_delivery_operations, ["PREVIEW"]);
		await until(async () => (await p.get("investigate", { message_action: "PREVIEW", detections_only: "false" })).result.length === 2, "both by what was done with them");

		// Whoever draws may die: the next one is asked a moment later.
		const keeper = readFileSync(`/proc/${p.process.pid}/task/${p.process.pid}/children`, "latin1").trim().split(" ").map(Number)
			.find((pid) => readFileSync(`/proc/${pid}/comm`, "latin1") === "postern-preview\n");
		process.kill(keeper, "SIGKILL");
		assert.equal((await preview(found.id)).status, 200);

		// When its source has gone there is nothing to draw, and nothing is written down.
		rmSync(path.join(p.dir, "data/raw"), { recursive: true });
		for (const drawn of [await any({ id: clean.id }), await preview(found.id)]) {
			assert.equal(drawn.status, 404, drawn.text);
			assert.match(drawn.body.errors[0].message, /source is no longer kept/);
		}
		assert.equal((await p.get(`investigate/${clean.id}/action_log`)).result.length, 3);
	} finally {
		await p.stop();
	}
});
