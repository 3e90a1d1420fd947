/* The detection settings of an account: one object, so there is nothing to tell it apart by. */
#include "model/detection_settings.h"

#include "resource/resource.h"

static void defaults(const struct resource_env *env, void *obj)
{
	(void)env;
	detection_settings_complete(obj);
}

/* What each field may be is in its row, and each goes with each other. */
static void check(const struct resource_env *env, void *obj, struct faults *faults)
{
	(void)env;
	(void)obj;
	(void)faults;
}

const struct resource resource_detection_settings = {
	.table = "detection_settings",
	.noun = "the detection settings",
	RESOURCE_TAIL(detection_settings),
	.flags = RESOURCE_CLOSED | RESOURCE_CLOSED_CHANGES | RESOURCE_SINGLE,
	.most = 1,
	.defaults = defaults,
	.check = check,
	.key = resource_single_key,
	.key_fields = "account",
};
