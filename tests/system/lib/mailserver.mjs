// A real mail server behind Postern: Postfix takes the mail by SMTP and hands it to Dovecot by LMTP, from whose mailboxes it
// is read by IMAP. Private instances in a folder of their own on free ports; both need root, as Debian has them.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { once } from "node:events";
import { freePort, until } from "./postern.mjs";

const POSTFIX_DAEMONS = "/usr/lib/postfix/sbin";
const DOVECOT = "/usr/sbin/dovecot";
const NOBODY = 65534; // whose the mailboxes are

// Why there can be none here, or "".
export function missing() {
	if (process.getuid() !== 0) return "needs root";
	if (!existsSync(`${POSTFIX_DAEMONS}/master`)) return "needs the package postfix";
	return ["imap", "lmtp"].every((name) => existsSync(`/usr/lib/dovecot/${name}`)) && existsSync(DOVECOT) ? "" : "needs dovecot-imapd and dovecot-lmtpd";
}

// A client for reading, no more: one command at a time.
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
	// domain: whose mail it takes, for any user
	static async start(domain) {
		const server = new MailServer();
		server.dir = mkdtempSync(path.join(os.tmpdir(), "postern-mailserver-"));
		chmodSync(server.dir, 0o755);
		[server.port, server.lmtp, server.imap] = [await freePort(), await freePort(), await freePort()];
		try {
			await server.startDovecot();
			await server.startPostfix(domain);
		} catch (error) {
			await server.stop();
			throw error;
		}
		return server;
	}

	file(...names) {
		return path.join(this.dir, ...names);
	}

	async startDovecot() {
		mkdirSync(this.file("mail"));
		chownSync(this.file("mail"), NOBODY, NOBODY);
		writeFileSync(this.file("dovecot.conf"), `
base_dir = ${this.file("dovecot")}
log_path = ${this.file("dovecot.log")}
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${this.file("mail")}/%u allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    port = ${this.imap}
  }
  inet_listener imaps {
    port = 0
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

	async startPostfix(domain) {
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
			maillog_file_prefixes: this.dir, maillog_file: this.file("postfix.log"),
		};
		const rows = [`127.0.0.1:${this.port} inet n - n - - smtpd`, "postlog unix-dgram n - n - 1 postlogd", "pickup unix n - n 60 1 pickup",
			"cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr", "rewrite unix - - n - - trivial-rewrite", "lmtp unix - - n - - lmtp",
			"bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce", "flush unix n - n 1000? 0 flush",
			"error unix - - n - - error", "retry unix - - n - - error", "proxymap unix - - n - - proxymap", "anvil unix - - n - 1 anvil",
			"scache unix - - n - 1 scache", "verify unix - - n - 1 verify", "tlsmgr unix - - n 1000? 1 tlsmgr"];
		writeFileSync(this.file("postfix/etc/main.cf"), Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`).join(""));
		writeFileSync(this.file("postfix/etc/master.cf"), rows.join("\n") + "\n");
		execFileSync("postfix", ["-c", this.file("postfix/etc"), "start"], { stdio: "ignore" });
		this.postfix = true;
	}

	// Whole mails in a user's inbox, in order, as Buffers.
	async inbox(user) {
		const imap = await Imap.connect(this.imap);
		try {
			await imap.command(`LOGIN ${user} x`);
			await imap.command("SELECT INBOX");
			if (!/\* SEARCH \d/.test(await imap.command("SEARCH ALL"))) return [];
			const text = await imap.command("FETCH 1:* BODY.PEEK[]");
			const mails = [];
			for (let at = 0, found; (found = /\{(\d+)\}\r\n/.exec(text.slice(at))); ) {
				const begin = at + found.index + found[0].length;
				at = begin + Number(found[1]);
				mails.push(Buffer.from(text.slice(begin, at), "latin1"));
			}
			return mails;
		} finally {
			imap.end();
		}
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
