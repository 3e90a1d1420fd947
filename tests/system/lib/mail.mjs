// Mails for tests, made here. Line ends are CRLF.
import { randomBytes } from "node:crypto";

export const crlf = (text) => Buffer.from(text, "latin1").toString("latin1").replace(/\r?\n/g, "\r\n");

// A plain mail: { id, raw }. Nothing in it is suspicious.
export function plain({ from = "Ann Other <ann@example.net>", to = "user@example.test", subject = "Minutes of Tuesday", headers = "", body = "Hello,\n\nthe minutes are below.\n\nAnn\n" } = {}) {
	const id = `<${randomBytes(9).toString("hex")}@example.net>`;
	const raw = crlf(`From: ${from}\nTo: ${to}\nSubject: ${subject}\nMessage-ID: ${id}\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n` +
		`MIME-Version: 1.0\n${/^content-type:/im.test(headers) ? "" : "Content-Type: text/plain; charset=utf-8\n"}${headers}\n${body}`);
	return { id, raw: Buffer.from(raw, "latin1") };
}

// A mail that looks like a lure: the shown link is not where it leads, an executable is attached, replies go elsewhere.
export function lure(options = {}) {
	const mark = randomBytes(9).toString("hex");
	const html = `<html><body><p>Your account is suspended. Verify your password within 24 hours:</p>` +
		`<p><a href="http://203.0.113.7/login.php?u=${mark}">https://www.example.com/secure</a></p></body></html>`;
	const payload = Buffer.concat([Buffer.from("MZ\x90\0", "latin1"), randomBytes(300)]).toString("base64").replace(/(.{76})/g, "$1\n");
	return plain({
		from: '"Example Security" <security@login.example.org>',
		subject: "URGENT: verify your password now",
		headers: `Reply-To: collect@mailbox.example.info\nContent-Type: multipart/mixed; boundary="b${mark}"\n`,
		body: `--b${mark}\nContent-Type: text/html; charset=utf-8\n\n${html}\n--b${mark}\n` +
			`Content-Type: application/octet-stream; name="invoice.pdf.exe"\nContent-Transfer-Encoding: base64\n` +
			`Content-Disposition: attachment; filename="invoice.pdf.exe"\n\n${payload}\n--b${mark}--\n`,
		...options,
	});
}
