/* The zygote process: warm up, give up rights, load the policies, then fork workers on request (zygote.h). */
#include <fcntl.h>

#include "classifier/classifier.h"
#include "daemon/role.h"
#include "daemon/warmup.h"
#include "daemon/zygote.h"
#include "detect/outside.h"
#include "scan/scan.h"

int role_zygote(struct role *r)
{
	struct sandbox worker;
	struct errbuf eb;

	struct classifier classifier = *classifier_shipped();
	struct outside outside;
	enum err e = warmup(scan_run, &eb);
	int statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	/* The workers' user is already ours when they are forked. */
	if (e == OK)
		e = sandbox_prepare(SANDBOX_WORKER, r->user, r->config->data, &r->log, &worker, &eb);
	if (e == OK && r->model.n > 0)
		e = classifier_read(r->model, &classifier, &eb);
	if (e == OK)
		e = outside_of(r->arena, r->config, &r->outside, &outside, &eb);
	if (e != OK) {
		log_error(&r->log, "zygote_not_started", KV_C("why", eb.text));
		return ROLE_EXIT_REFUSED;
	}
	/* Before the policies: reading and compiling what tenants wrote needs no rights. */
	if (!role_confine(r, SANDBOX_ZYGOTE))
		return ROLE_EXIT_REFUSED;
	struct snapshot *policies = snapshot_new(r->policies, SNAPSHOT_BYTES, &r->log);
	struct zygote_options o = {
		.supervisor = r->channel,
		.worker = { scan_run, policies, &classifier, &outside },
		.worker_sandbox = &worker,
		.statm_fd = statm_fd,
		.log = &r->log,
	};
	role_ready(r);
	int status = zygote_run(&o);
	snapshot_free(&policies);
	outside_free(&outside);
	sandbox_end(&worker);
	return status;
}
