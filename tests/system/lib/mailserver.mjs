// A real mail server behind Postern: Postfix takes the mail by SMTP and hands it to Dovecot by LMTP, in whose mailboxes it
// lies, read and changed by IMAP. Private instances in a folder of their own on free ports; both need root, as Debian has them.
//
//	const server = await MailServer.start("open.test", { users: { "ann@open.test": "her password" }, tls: true, postfix: false });
//
//	server.port     Postfix, SMTP. postfix: false leaves it out, where server.deliver() will do
//	server.imap     Dovecot in clear, with STARTTLS where tls is on
//	server.imaps    Dovecot by TLS (tls: true); server.authorities is the PEM of who vouches for its certificate (127.0.0.1)
//	prefix, separator   of folders in it: "INBOX." and "." as some servers have them; options of start
//	MASTER          the master user, who may log in as anybody: user "root@open.test*master", or authorization id and user
//	PASSWORD        of everybody else. With `users` only those have mailboxes, each with the password it names
//
//	await server.deliver("ann@open.test", raw)       by LMTP: it is in the inbox when this is over
//	const imap = await server.login("ann@open.test") as the owner: await imap.command("SELECT INBOX") and so on
//	await server.messages("ann@open.test", "Junk")   [{ uid, flags, date, raw }], flags sorted and without \Recent
//	server.setPassword("ann@open.test", "another")   of one in `users`; null: the mailbox is gone
//	server.doveadm("mailbox", "delete", "-u", …)     whatever else happens to mailboxes
//
// A connection that is cut: Cutter in cutter.mjs, between Postern and a port of this server.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { once } from "node:events";
import { freePort, until } from "./postern.mjs";
import { Client } from "./smtp.mjs";

const POSTFIX_DAEMONS = "/usr/lib/postfix/sbin";
const DOVECOT = "/usr/sbin/dovecot";
const NOBODY = 65534; // whose the mailboxes are

export const MASTER = { user: "master", password: "the master's own" };
export const PASSWORD = "everybody's";

// Why there can be none here, or "".
export function missing() {
	if (process.getuid() !== 0) return "needs root";
	if (!existsSync(`${POSTFIX_DAEMONS}/master`)) return "needs the package postfix";
	return ["imap", "lmtp"].every((name) => existsSync(`/usr/lib/dovecot/${name}`)) && existsSync(DOVECOT) ? "" : "needs dovecot-imapd and dovecot-lmtpd";
}

// The owner's mail program, in a few lines: one command at a time.
class Imap {
	static async connect(port) {
		const imap = new Imap();
		imap.text = "";
		imap.tag = 0;
		imap.socket = net.connect(port, "127.0.0.1");
		imap.socket.on("data", (bytes) => { imap.text += bytes.toString("latin1"); });
		await once(imap.socket, "connect");
		return imap;
	}

	// All that the server says before it ends the command; throws when that is not OK.
	async command(words) {
		const tag = `a${++this.tag}`;
		this.text = "";
		this.socket.write(`${tag} ${words}\r\n`);
		const end = new RegExp(`(^|\\r\\n)${tag} (OK|NO|BAD)[^\\r\\n]*\\r\\n$`);
		const [, , status] = await until(() => end.exec(this.text), `IMAP: ${words}`);
		if (status !== "OK") throw new Error(`IMAP: ${words}: ${this.text}`);
		return this.text;
	}

	end() {
		this.socket.destroy();
	}
}

export class MailServer {
	// domain: whose mail it takes, for any user. milter: where it asks what to do with it, as main.cf has it; settings: more of
	// main.cf; chroot: smtpd is locked up in its queue directory, as on Debian.
	static async start(domain, { users, tls = false, postfix = true, prefix = "", separator = "/", milter, settings = {}, chroot = false } = {}) {
		const server = new MailServer();
		server.namespace = { prefix, separator };
		server.users = users && { ...users };
		server.chroot = chroot;
		server.dir = mkdtempSync(path.join(os.tmpdir(), "postern-mailserver-"));
		chmodSync(server.dir, 0o755);
		[server.port, server.lmtp, server.imap, server.imaps] = [await freePort(), await freePort(), await freePort(), await freePort()];
		try {
			if (tls) server.makeCertificate();
			await server.startDovecot();
			if (milter) settings = { smtpd_milters: milter, milter_default_action: "tempfail", milter_protocol: "6", ...settings };
			if (postfix) await server.startPostfix(domain, settings);
		} catch (error) {
			await server.stop();
			throw error;
		}
		return server;
	}

	file(...names) {
		return path.join(this.dir, ...names);
	}

	makeCertificate() {
		execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=mail.test",
			"-addext", "subjectAltName=IP:127.0.0.1", "-keyout", this.file("key.pem"), "-out", this.file("certificate.pem")], { stdio: "ignore" });
		this.authorities = readFileSync(this.file("certificate.pem"), "latin1");
	}

	// passwd-file rows: name, password, and for those who have a mailbox whose it is and where.
	writeUsers() {
		const row = (name, password, rest = "") => `${name}:{PLAIN}${password}:${rest}\n`;
		const rows = Object.entries(this.users ?? {}).map(([name, password]) => row(name, password, `${NOBODY}:${NOBODY}::${this.file("mail", name)}::`));
		writeFileSync(this.file("users"), rows.join(""));
		writeFileSync(this.file("masters"), row(MASTER.user, MASTER.password));
	}

	setPassword(user, password) {
		if (password === null) delete this.users[user];
		else this.users[user] = password;
		this.writeUsers();
		this.doveadm("reload");
	}

	async startDovecot() {
		mkdirSync(this.file("mail"));
		chownSync(this.file("mail"), NOBODY, NOBODY);
		this.writeUsers();
		const users = this.users
			? { pass: ["passwd-file", `username_format=%u ${this.file("users")}`], user: ["passwd-file", `username_format=%u ${this.file("users")}`] }
			: { pass: ["static", `password=${PASSWORD}`], user: ["static", `uid=${NOBODY} gid=${NOBODY} home=${this.file("mail")}/%u allow_all_users=yes`] };
		writeFileSync(this.file("dovecot.conf"), `
base_dir = ${this.file("dovecot")}
log_path = ${this.file("dovecot.log")}
protocols = imap lmtp
listen = 127.0.0.1
${this.authorities ? `ssl = yes\nssl_cert = <${this.file("certificate.pem")}\nssl_key = <${this.file("key.pem")}` : "ssl = no"}
disable_plaintext_auth = no
auth_master_user_separator = *
auth_failure_delay = 0
auth_cache_size = 0
first_valid_uid = 1
mail_location = maildir:~
namespace inbox {
  inbox = yes
  prefix = ${this.namespace.prefix}
  separator = ${this.namespace.separator}
  mailbox Spam {
    special_use = \\Junk
  }
}
passdb {
  driver = passwd-file
  args = ${this.file("masters")}
  master = yes
  result_success = continue
}
passdb {
  driver = ${users.pass[0]}
  args = ${users.pass[1]}
}
userdb {
  driver = ${users.user[0]}
  args = ${users.user[1]}
}
service imap-login {
  inet_listener imap {
    port = ${this.imap}
  }
  inet_listener imaps {
    port = ${this.authorities ? this.imaps : 0}
    ssl = yes
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${this.lmtp}
  }
}
`);
		this.dovecot = spawn(DOVECOT, ["-F", "-c", this.file("dovecot.conf")], { stdio: ["ignore", "inherit", "inherit"] });
		await until(() => Imap.connect(this.imap).then((imap) => imap.end() ?? true, () => false), "Dovecot answers");
	}

	doveadm(...words) {
		return execFileSync("doveadm", ["-c", this.file("dovecot.conf"), ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
	}

	async startPostfix(domain, more) {
		for (const name of ["etc", "queue", "data"]) mkdirSync(this.file("postfix", name), { recursive: true });
		const [, , uid] = /^postfix:(.*?):(\d+):/m.exec(readFileSync("/etc/passwd", "latin1"));
		chownSync(this.file("postfix/data"), Number(uid), 0);
		const settings = {
			compatibility_level: "3.6", queue_directory: this.file("postfix/queue"), data_directory: this.file("postfix/data"),
			command_directory: "/usr/sbin", daemon_directory: POSTFIX_DAEMONS, mail_owner: "postfix", setgid_group: "postdrop",
			myhostname: `mail.${domain}`, mydestination: "", inet_interfaces: "127.0.0.1", inet_protocols: "ipv4", mynetworks: "127.0.0.0/8",
			relay_domains: domain, relay_transport: `lmtp:inet:[127.0.0.1]:${this.lmtp}`, smtpd_relay_restrictions: "permit_mynetworks, reject",
			local_recipient_maps: "", alias_maps: "", alias_database: "", smtp_dns_support_level: "disabled", smtpd_peername_lookup: "no",
			local_header_rewrite_clients: "", // whoever hands it over: not a byte of it is Postfix's to change
			maillog_file_prefixes: this.dir, maillog_file: this.file("postfix.log"), ...more,
		};
		const rows = [`127.0.0.1:${this.port} inet n - ${this.chroot ? "y" : "n"} - - smtpd`, "postlog unix-dgram n - n - 1 postlogd", "pickup unix n - n 60 1 pickup",
			"cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr", "rewrite unix - - n - - trivial-rewrite", "lmtp unix - - n - - lmtp",
			"bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce", "flush unix n - n 1000? 0 flush",
			"error unix - - n - - error", "retry unix - - n - - error", "proxymap unix - - n - - proxymap", "anvil unix - - n - 1 anvil",
			"scache unix - - n - 1 scache", "verify unix - - n - 1 verify", "tlsmgr unix - - n 1000? 1 tlsmgr"];
		writeFileSync(this.file("postfix/etc/main.cf"), Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`).join(""));
		writeFileSync(this.file("postfix/etc/master.cf"), rows.join("\n") + "\n");
		execFileSync("postfix", ["-c", this.file("postfix/etc"), "start"], { stdio: "ignore" });
		this.postfix = true;
	}

	// By LMTP (RFC 2033), to one user.
	async deliver(user, raw) {
		const client = await Client.connect(this.lmtp);
		const say = async (words, code) => {
			client.write(`${words}\r\n`);
			const reply = await client.reply();
			if (reply.code !== code) throw new Error(`LMTP: ${words.slice(0, 80)}: ${reply.code} ${reply.text}`);
		};
		await say("LHLO test", 250);
		await say("MAIL FROM:<sender@elsewhere.test>", 250);
		await say(`RCPT TO:<${user}>`, 250);
		await say("DATA", 354);
		await say(`${raw.toString("latin1").replace(/^\./gm, "..").replace(/(?<!\r\n)$/, "\r\n")}.`, 250);
		client.socket.destroy();
	}

	async login(user) {
		const imap = await Imap.connect(this.imap);
		await imap.command(`LOGIN "${user}" "${this.users?.[user] ?? PASSWORD}"`);
		return imap;
	}

	// What lies in a folder, in order.
	async messages(user, folder = "INBOX") {
		const imap = await this.login(user);
		try {
			await imap.command(`EXAMINE "${folder}"`);
			if (!/\* SEARCH \d/.test(await imap.command("SEARCH ALL"))) return [];
			const text = await imap.command("FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])");
			const messages = [];
			const head = /\* \d+ FETCH \(UID (\d+) FLAGS \(([^)]*)\) INTERNALDATE "([^"]+)" BODY\[\] \{(\d+)\}\r\n/g;
			for (let found; (found = head.exec(text)); ) {
				const [, uid, flags, date, size] = found;
				const end = (head.lastIndex += Number(size));
				messages.push({ uid: Number(uid), date, raw: Buffer.from(text.slice(end - Number(size), end), "latin1"),
					flags: flags.split(" ").filter((flag) => flag && flag !== "\\Recent").sort() });
			}
			return messages;
		} finally {
			imap.end();
		}
	}

	// Whole mails in a user's inbox, in order, as Buffers.
	async inbox(user) {
		return (await this.messages(user)).map(({ raw }) => raw);
	}

	async stop() {
		if (this.postfix) execFileSync("postfix", ["-c", this.file("postfix/etc"), "stop"], { stdio: "ignore" });
		if (this.dovecot?.exitCode === null) {
			this.dovecot.kill("SIGTERM");
			await once(this.dovecot, "exit");
		}
		rmSync(this.dir, { recursive: true, force: true });
	}
}
