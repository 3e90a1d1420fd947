"""The servers that are measured, each as a private instance: Postern, Postfix, Postfix with rspamd, and the sink behind them."""
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

import machine

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
POSTERN = os.environ.get("POSTERN", os.path.join(ROOT, "build/postern"))
POSTFIX_DAEMONS = "/usr/lib/postfix/sbin"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def as_root():
    return os.geteuid() == 0


class Sink:
    """Postfix's smtp-sink, which counts."""

    def __init__(self, pause_s=0):
        """pause_s: how long it takes for each mail."""
        self.port = machine.free_port()
        user = ["-u", "nobody"] if as_root() else []
        pause = ["-w", str(pause_s)] if pause_s else []
        self.process = subprocess.Popen(["smtp-sink", "-c", *user, *pause, f"127.0.0.1:{self.port}", "1000"],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.count = self.count_before = 0
        threading.Thread(target=self._read, daemon=True).start()
        machine.wait_for_port(self.port)

    def _read(self):
        text = b""
        while chunk := self.process.stdout.read1(65536):
            text = (text + chunk)[-200:]
            found = re.findall(rb"mesg=(\d+)", text)
            if found:
                self.count = max(self.count, int(found[-1]))

    def wait_for(self, count, seconds=120):
        end = time.monotonic() + seconds
        while self.count < count:
            if time.monotonic() > end:
                raise SystemExit(f"only {self.count} of {count} mails arrived at the sink")
            time.sleep(0.005)

    def stop(self):
        self.process.kill()
        self.process.wait()


class NoDns:
    """Answers every question with NXDOMAIN at once, so that nobody waits for the network."""

    SOA = b"\xc0\x0c\x00\x06\x00\x01\x00\x00\x0e\x10\x00\x16\x00\x00" + b"\x00\x00\x00\x01" * 5

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(None)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            query, peer = self.socket.recvfrom(2000)
            end = query.index(b"\0", 12) + 5
            # The authority is what makes the answer worth caching (RFC 2308 §5).
            self.socket.sendto(query[:2] + b"\x81\x83\x00\x01\x00\x00\x00\x01\x00\x00" + query[12:end] + self.SOA, peer)


DNS = NoDns()


class Postern:
    NEEDS = "needs build/postern"
    RELEASES = 8  # that the courier works off at once for one next hop (src/courier/lanes.h)

    @staticmethod
    def possible():
        return os.path.exists(POSTERN)

    milter = ""  # the path of its socket

    def __init__(self, folder, next_hop, scope="read", milter=False):
        self.folder = os.path.join(folder, "postern")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.milter = os.path.join(self.folder, "milter.sock") if milter else ""
        self._configure(os.path.join(self.folder, "data"))
        self.account = self._operate("account", "add", "Bench")
        self.token = self._operate("token", "add", "--account", self.account, "--scope", scope, "bench")
        self._operate("domain", "add", "--account", self.account, "dst.example", "--transport", f"[127.0.0.1]:{next_hop}")
        self._start()

    def _configure(self, data):
        self.port, self.http = machine.free_port(), machine.free_port()
        config = os.path.join(self.folder, "postern.conf")
        write(config, f'''hostname = "gw.dst.example";
log: {{ level = "warn"; }};
smtp: {{ listen = "127.0.0.1:{self.port}"; connections_per_address = 1000; }};
mailboxes: {{ allow_private = true; }};
http: {{ listen = "127.0.0.1:{self.http}"; rate_requests = 0; rate_address_requests = 0; connections_per_address = 1000; }};
dns: {{ servers = "127.0.0.1@{DNS.port}"; }};
milter: {{ listen = "{'unix:' + self.milter if self.milter else ''}"; }};
retention: {{ detections_days = 36500; clean_days = 36500; metadata_days = 36500; audit_days = 36500; }};
''')
        os.chmod(self.folder, 0o755)
        self.common = ["--config", config, "--data", data]

    def _start(self):
        begin = time.monotonic()
        self.process = subprocess.Popen([POSTERN, "serve", *self.common])
        self.pid = self.process.pid
        machine.wait_for_port(self.port)
        self._wait_healthy()
        self.ready_seconds = time.monotonic() - begin

    def _lines(self, *words):
        out = subprocess.run([POSTERN, *words, *self.common], check=True, stdout=subprocess.PIPE, text=True).stdout
        return out.strip().split("\n")

    def _operate(self, *words):
        return self._lines(*words)[-1]

    def _wait_healthy(self):
        end = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.http}/healthz", timeout=2).close()
                return
            except OSError:
                if time.monotonic() > end:
                    raise SystemExit("postern does not become ready") from None
                time.sleep(0.005)

    def _result(self, path, body=None, method=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        ask = urllib.request.Request(f"{self._base()}/{path}".replace("/email-security/..", ""), headers=headers, method=method,
                                     data=json.dumps(body).encode() if body else None)
        with urllib.request.urlopen(ask, timeout=60) as answer:
            return json.load(answer)["result"]

    def block(self, domain):
        """From now on its mail is held."""
        self._result("settings/block_senders", {"pattern": domain, "pattern_type": "DOMAIN", "is_regex": False})

    def _ours(self, path, body=None, method=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        ask = urllib.request.Request(f"http://127.0.0.1:{self.http}/client/v4/accounts/{self.account}/{path}", headers=headers,
                                     data=json.dumps(body).encode() if body else None, method=method)
        with urllib.request.urlopen(ask, timeout=60) as answer:
            return json.load(answer)["result"]

    def scan_back(self, domain, days, seconds=1200):
        """A retro scan to its end; gives it."""
        scan, end = self._ours("postern/retro_scans", {"domain": domain, "days": days}), time.monotonic() + seconds
        while scan["state"] not in ("COMPLETED", "FAILED", "CANCELLED"):
            if time.monotonic() > end:
                raise SystemExit(f"the retro scan is not over after {seconds} s: {scan}")
            time.sleep(0.1)
            scan = self._ours(f"postern/retro_scans/{scan['id']}")
        return scan

    def held(self, count):
        """Ids of so many held messages, page by page."""
        ids = []
        while len(ids) < count:
            found = self._result(f"investigate?delivery_status=quarantined&per_page=1000&page={len(ids) // 1000 + 1}")
            if not found:
                raise SystemExit(f"only {len(ids)} of {count} mails are held")
            ids += [message["id"] for message in found]
        return ids

    def release(self, ids):
        for begin in range(0, len(ids), 1000):
            self._result("investigate/release", {"ids": ids[begin:begin + 1000]})

    def bulk_release(self):
        """Of all that is held; the id of the job."""
        return self._result("investigate/bulk", {"action": "RELEASE", "search_params": {"delivery_status": "quarantined"}})["job_id"]

    def bulk_move(self, destination):
        """Of all that was delivered; the id of the job."""
        return self._result("investigate/bulk", {"action": "MOVE", "destination": destination, "search_params": {"detections_only": False}})["job_id"]

    def integrate(self, port, user, secret, mailboxes=()):
        """Mailboxes of dst.example are reached by IMAP there, these by name. Takes scope admin."""
        made = self._ours("postern/integrations", {
            "name": "mailboxes", "provider": "imap", "server": f"127.0.0.1:{port}", "security": "PLAINTEXT", "user": user, "secret": secret,
            "mailboxes": [{"address": address} for address in mailboxes]})
        self._result(f"settings/domains/{self._result('settings/domains')[0]['id']}", {"integration_id": made["id"]}, "PATCH")

    def bulk_job(self, job):
        return self._result(f"investigate/bulk/{job}")

    def wait_for_releases(self, seconds=300):
        """Until nothing is held."""
        end = time.monotonic() + seconds
        while self._result("investigate?delivery_status=quarantined&per_page=1"):
            if time.monotonic() > end:
                raise SystemExit(f"mail is held still after {seconds} s")
            time.sleep(0.02)

    def _base(self):
        return f"http://127.0.0.1:{self.http}/client/v4/accounts/{self.account}/email-security"

    def url_of_domain(self):
        return f"{self._base()}/settings/domains/{self._result('settings/domains')[0]['id']}"

    def url_of_message(self):
        """Of the newest one."""
        for _ in range(200):
            found = self._result("investigate?detections_only=false&per_page=1")
            if found:
                return f"{self._base()}/investigate/{found[0]['postfix_id']}"
            time.sleep(0.02)
        raise SystemExit("the mail is not found through the API")

    def cpu(self):
        return machine.cpu_seconds(self.pid)

    def cpu_of_workers(self):
        """Of the sealed processes that judge mail; those that ended are counted with the one that made them."""
        return machine.cpu_seconds(self.pid_of("postern-zygote"))

    def pid_of(self, name):
        for pid in machine.tree(self.pid):
            with open(f"/proc/{pid}/comm", encoding="ascii") as comm:
                if comm.read().strip() == name:
                    return pid
        raise SystemExit(f"there is no process {name}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class PosternOver(Postern):
    """Over a store of bench_fill, whose first account is called "large"."""

    def __init__(self, folder, data):
        self.folder = os.path.join(folder, "over")
        self._configure(data)
        self.account = next(line.split()[0] for line in self._lines("account", "list") if line.endswith("large"))
        self.token = "bench-search-large-token"
        self._start()

    def url_of_list(self):
        return f"{self._base()}/settings/allow_policies?per_page=1000"

    def url_of_policy(self):
        return f"{self._base()}/settings/allow_policies/{self._result('settings/allow_policies?per_page=1')[0]['id']}"


class Postfix:
    NEEDS = "needs root and the package postfix"
    MILTER = ""

    @classmethod
    def possible(cls):
        return as_root() and os.path.exists(f"{POSTFIX_DAEMONS}/master")

    def __init__(self, folder, next_hop):
        self.folder = os.path.join(folder, "postfix")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.port = machine.free_port()
        for name in ("etc", "queue", "data"):
            os.makedirs(os.path.join(self.folder, name))
        os.chown(os.path.join(self.folder, "data"), pwd.getpwnam("postfix").pw_uid, 0)
        write(f"{self.folder}/etc/main.cf", self._main(next_hop))
        write(f"{self.folder}/etc/master.cf", self._master())
        subprocess.run(["postfix", "-c", f"{self.folder}/etc", "start"], check=True, stderr=subprocess.DEVNULL)
        machine.wait_for_port(self.port)
        with open(f"{self.folder}/queue/pid/master.pid", encoding="ascii") as pid:
            self.pids = [int(pid.read())]

    def _main(self, next_hop):
        settings = {
            "compatibility_level": "3.6", "queue_directory": f"{self.folder}/queue", "data_directory": f"{self.folder}/data",
            "command_directory": "/usr/sbin", "daemon_directory": POSTFIX_DAEMONS, "mail_owner": "postfix", "setgid_group": "postdrop",
            "myhostname": "gw.dst.example", "mydestination": "", "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4",
            "relay_domains": "dst.example", "relayhost": f"[127.0.0.1]:{next_hop}", "mynetworks": "127.0.0.0/8",
            "smtpd_relay_restrictions": "permit_mynetworks, reject", "local_recipient_maps": "", "alias_maps": "", "alias_database": "",
            # Nobody asks DNS: the next hop and the peer are addresses.
            "smtp_dns_support_level": "disabled", "smtp_host_lookup": "native", "smtpd_peername_lookup": "no",
            # Mail that is held is asked for and taken back: Postfix counts it as arrived and never as delivered, and then lets
            # each next mail wait a second.
            "in_flow_delay": "0",
            # Room for 16 sessions and more towards the one next hop.
            "smtpd_client_connection_count_limit": "0", "default_process_limit": "60", "default_destination_concurrency_limit": "50",
            "initial_destination_concurrency": "20", "maillog_file_prefixes": self.folder, "maillog_file": f"{self.folder}/log",
        }
        if self.MILTER:
            settings |= {"smtpd_milters": self.MILTER.format(self=self), "milter_default_action": "tempfail", "milter_protocol": "6"}
        return "".join(f"{name} = {value}\n" for name, value in settings.items())

    def _master(self):
        rows = [f"127.0.0.1:{self.port} inet n - n - 60 smtpd", "postlog unix-dgram n - n - 1 postlogd", "pickup unix n - n 60 1 pickup",
                "qmgr unix n - n 300 1 qmgr", "flush unix n - n 1000? 0 flush", "relay unix - - n - 50 smtp"]
        for service, program in {"cleanup": "cleanup", "bounce": "bounce", "defer": "bounce", "trace": "bounce"}.items():
            rows.append(f"{service} unix n - n - 0 {program}")
        for service in ("rewrite:trivial-rewrite", "smtp:smtp", "proxymap", "error", "retry:error", "discard", "verify", "anvil", "scache", "tlsmgr"):
            name, _, program = service.partition(":")
            rows.append(f"{name} unix - - n - {'50' if name == 'smtp' else '-'} {program or name}")
        return "\n".join(rows) + "\n"

    def cpu(self):
        return sum(machine.cpu_seconds(pid) for pid in self.pids)

    def stop(self):
        subprocess.run(["postfix", "-c", f"{self.folder}/etc", "stop"], check=False, stderr=subprocess.DEVNULL)


class PostfixEnd(Postfix):
    """A next hop: makes each mail durable in its queue, answers, and throws it away behind that."""

    def __init__(self, folder):
        own = tempfile.mkdtemp(prefix="end-", dir=folder)
        os.chmod(own, 0o755)
        super().__init__(own, 0)

    def _main(self, next_hop):
        return super()._main(next_hop) + "relay_transport = discard:\n"


class Rspamd:
    """With one scanner for each CPU, as it would choose: behind a milter's proxy that scans by itself, or asked by HTTP."""

    NEEDS = "needs root and the package rspamd"
    # What asks the network.
    OFF = ("rbl surbl spf dkim dkim_signing dmarc arc asn mx_check hfilter once_received whitelist greylist fuzzy_check phishing "
           "rspamd_update history_redis ratelimit replies reputation neural").split()

    @staticmethod
    def possible():
        return as_root() and shutil.which("rspamd") is not None

    def __init__(self, folder, milter=False, off=OFF, files=None):
        """files: of its configuration, by name, instead of those that are installed."""
        self.folder = os.path.join(folder, "rspamd")
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree("/etc/rspamd", f"{self.folder}/etc")
        self.milter = f"{self.folder}/run/milter.sock"
        self.port, self.controller = machine.free_port(), machine.free_port()
        self._configure(milter, off, files or {})
        for name in ("db", "run", "log"):
            os.makedirs(f"{self.folder}/{name}")
        for path, _, names in os.walk(self.folder):
            for name in ["", *names]:
                shutil.chown(os.path.join(path, name), "_rspamd", "_rspamd")
        self._start(milter)

    def _configure(self, milter, off, files):
        local = f"{self.folder}/etc/local.d"
        write(f"{local}/options.inc", f'dns {{ nameserver = ["127.0.0.1:{DNS.port}"]; timeout = 0.2s; retransmits = 1; }}\n')
        write(f"{local}/logging.inc", 'level = "warning";\n')
        write(f"{local}/worker-normal.inc", f'bind_socket = "127.0.0.1:{self.port}";\ncount = {1 if milter else os.cpu_count()};\n')
        write(f"{local}/worker-controller.inc", f'bind_socket = "127.0.0.1:{self.controller}";\n')
        write(f"{local}/worker-proxy.inc",
              f'bind_socket = "{self.milter} mode=0666";\nmilter = yes;\ncount = {os.cpu_count() if milter else 1};\ntimeout = 60s;\n'
              'upstream "local" { default = yes; self_scan = yes; hosts = "127.0.0.1"; }\n')
        for module in off:
            write(f"{local}/{module}.conf", "enabled = false;\n")
        for name, text in files.items():
            write(f"{self.folder}/etc/{name}", text)

    def _start(self, milter):
        self.process = subprocess.Popen(
            ["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", "-c", f"{self.folder}/etc/rspamd.conf", f"--var=CONFDIR={self.folder}/etc",
             f"--var=LOCAL_CONFDIR={self.folder}/etc", f"--var=DBDIR={self.folder}/db", f"--var=RUNDIR={self.folder}/run",
             f"--var=LOGDIR={self.folder}/log"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid
        end = time.monotonic() + 60
        while not os.path.exists(self.milter):
            if time.monotonic() > end or self.process.poll() is not None:
                self.stop()
                raise SystemExit("rspamd does not start")
            time.sleep(0.05)
        if not milter:
            machine.wait_for_port(self.port)
        # Its expressions are compiled in the background after the start.
        time.sleep(10)

    def cpu(self):
        return machine.cpu_seconds(self.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class PostfixPostern(Postfix):
    NEEDS = Postfix.NEEDS
    MILTER = "unix:{self.postern.milter}"

    def __init__(self, folder, next_hop):
        self.postern = Postern(folder, next_hop, milter=True)
        try:
            super().__init__(folder, next_hop)
        except BaseException:
            self.postern.stop()
            raise
        self.pids.append(self.postern.pid)

    def stop(self):
        super().stop()
        self.postern.stop()


class PostfixRspamd(Postfix):
    NEEDS = "needs root and the packages postfix and rspamd"
    MILTER = "unix:{self.rspamd.milter}"

    @classmethod
    def possible(cls):
        return super().possible() and Rspamd.possible()

    def __init__(self, folder, next_hop):
        self.rspamd = Rspamd(folder, milter=True)
        try:
            super().__init__(folder, next_hop)
        except BaseException:
            self.rspamd.stop()
            raise
        self.pids.append(self.rspamd.pid)

    def stop(self):
        super().stop()
        self.rspamd.stop()
